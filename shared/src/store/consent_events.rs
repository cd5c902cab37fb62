//! Consent events, in the partition of their end user, sorted by time. The user's
//! own item has the ids of the user's latest events about each consent type. The list
//! of the project has an entry for each request that reported events.
//!
//! `DynamoDB` removes all of them some time after they have expired, so whatever
//! refers to an event that is gone is left out.

use crate::{
    domain::{
        DomainError, FieldError, RequestContext, ResourceKind, Tenant, Timestamp,
        audit::{Actor, Subject},
        consent_catalog::{ConsentType, ConsentTypeVersion, Placement, VersionNumber},
        consent_event::{ConsentEvent, ConsentTypeName, EventDraft, EventUser, require_valid_state},
        consent_record::Retention,
    },
    store::{
        AuditTrails, ConsentCatalog, Database, Error, Page, PageRequest, Projects, SiteUser, SiteUsers, UnitOfWork,
        database::Removal,
        key::Key,
        listing::{Entry, Listing},
        site_users::{EventItem, ReportItem, UserItem, of_project},
        stored_responses,
    },
};
use futures_util::future::try_join;
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    fmt,
};
use uuid::Uuid;

/// The consent events.
#[derive(Clone)]
pub struct ConsentEvents {
    database: Database,
    table: String,
    projects: Projects,
    users: SiteUsers,
    trails: AuditTrails,
}

/// A period, including its first and last moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Period {
    /// The first moment; by default there is no limit.
    pub start: Option<Timestamp>,
    /// The last moment; by default there is no limit.
    pub end: Option<Timestamp>,
}

/// Consent events that a request reports about one user.
#[derive(Clone, Copy, Debug)]
pub struct ReportedEvents<'a> {
    /// The project of the user.
    pub project: Uuid,
    /// The user, and the origin of the events.
    pub user: &'a EventUser,
    /// The events.
    pub drafts: &'a [EventDraft],
    /// How long they are kept after their consents have expired.
    pub retention: Retention,
    /// Whether the response is stored under an idempotency key.
    pub stores_response: bool,
}

/// The consent types of whose earlier versions one request may be the first use. Its
/// transaction also writes each of these types.
const EARLIER_TYPES: usize = 20;
/// The most consent types about which a user can ever have had events, so that the user's
/// own item has room for the latest ones.
const TYPES: usize = 4_000;
/// How many listed events a page examines to find those that still exist.
const EXAMINED: usize = 500;

impl ConsentEvents {
    /// The table that `CONSENT_EVENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("CONSENT_EVENTS_TABLE"),
            projects: Projects::new(database),
            users: SiteUsers::new(database),
            trails: AuditTrails::new(database),
        }
    }

    /// Records all of the events or none. Fails if the user was erased. An event
    /// refers to the version that its draft names, or to the one that was the newest at
    /// most five seconds ago. The first event for a version marks it as used, which ends
    /// its edits. Later events do not write the version, so that the visitors of a busy
    /// site do not contend for one item. If the response is stored, a data key of the user
    /// is ensured, under which the response is sealed.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        reported: &ReportedEvents<'_>,
        catalog: &ConsentCatalog,
    ) -> Result<Vec<ConsentEvent>, Error> {
        let ReportedEvents { project, user, drafts, retention, stores_response } = *reported;
        let tenant = actor.tenant;
        let types = named_types(catalog, tenant, drafts, unit.context()).await?;
        let versions = named_versions(catalog, tenant, drafts, &types).await?;
        let mut errors = Vec::new();
        let mut events = Vec::with_capacity(drafts.len());
        for ((position, draft), id) in drafts.iter().enumerate().zip(sorted_ids(drafts.len(), unit.context())) {
            let Some(consent_type) = types.get(&draft.consent_type) else {
                errors.push(absent(position, &draft.consent_type));
                continue;
            };
            let version = draft.version.unwrap_or(consent_type.latest_version);
            if !versions.existing.contains(&(consent_type.id, version)) {
                let field = format!("items[{position}].version");
                errors.push(FieldError::new(field, "names a version that the consent type does not have"));
            }
            match require_valid_state(position, draft.consent_state, consent_type) {
                Ok(()) => events.push(event(id, project, draft, (consent_type, version), user, unit.context().now)),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            errors = too_many_first_uses(&events, &versions.unused);
        }
        if !errors.is_empty() {
            // What was cached may lack something that exists by now, so what is stored decides on an error.
            if !unit.context().is_begun_again() {
                return Err(Error::Stale);
            }
            return Err(DomainError::UnknownConsent(errors).into());
        }
        let user = SiteUser { tenant, project, concord_id: user.concord_id };
        let own = self.users.own(user).await?;
        let errors = too_many_types(&own, &events);
        if !errors.is_empty() {
            return Err(DomainError::UnknownConsent(errors).into());
        }
        catalog.mark_used(unit, actor, &versions.unused)?;
        let now = unit.context().now;
        let kept_until = |event: &ConsentEvent| retention.until(Some(event.expiration_date), now);
        if let Some(end) = events.iter().map(kept_until).max() {
            self.users.make_latest(unit, user, &own, newer(&own, &events), end)?;
        }
        self.list_report(unit, user, &events, kept_until).await?;
        if !stores_response {
            return Ok(events);
        }
        // Only stored responses are sealed under it, so it is kept as long as they are.
        let subject = Subject::end_user(project, user.concord_id);
        let subject_key = self.trails.ensure_key(unit, tenant, subject, stored_responses::kept_until(now)).await?;
        unit.seal_response_under(subject_key);
        Ok(events)
    }

    /// Stores the events of a request, in ascending order of their ids, and lists them.
    async fn list_report(
        &self,
        unit: &mut UnitOfWork,
        user: SiteUser,
        events: &[ConsentEvent],
        kept_until: impl Fn(&ConsentEvent) -> Timestamp,
    ) -> Result<(), Error> {
        let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
        let (Some(last), Some(end)) = (ids.last(), events.iter().map(&kept_until).max()) else { return Ok(()) };
        let listed = last.to_string();
        let project = user.project.to_string();
        let name = of_project(&project);
        let entry = Listing::of_tenant(&self.database, &self.table, user.tenant, &name).await?.key(&listed);
        let report = ReportItem { concord_id: user.concord_id, events: ids, removal: Removal::after(end) };
        unit.create_new(&self.table, &entry, &report)?;
        for event in events {
            let removal = Removal::after(kept_until(event));
            let item = EventItem { event: event.clone(), listed: listed.clone(), removal };
            unit.create_new(&self.table, &user.event(event.id), &item)?;
        }
        Ok(())
    }

    /// What was read for a user, unless the user's project was deleted more than five
    /// seconds ago: the user's sessions have ended with it.
    async fn in_project<T>(
        &self,
        user: SiteUser,
        context: &RequestContext,
        read: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        try_join(self.projects.recent(user.tenant, user.project, context), read).await.map(|(_, read)| read)
    }

    /// A page of a user's events within a period, newest first.
    pub async fn list(
        &self,
        user: SiteUser,
        period: Period,
        page: &PageRequest,
        context: &RequestContext,
    ) -> Result<Page<ConsentEvent>, Error> {
        self.in_project(user, context, Box::pin(self.of_user(user, period, page))).await
    }

    /// A page of the events of all users of a project within a period, or of one user,
    /// newest first. The project may be deleted.
    pub async fn list_of_project(
        &self,
        tenant: Tenant,
        project: Uuid,
        concord_id: Option<Uuid>,
        period: Period,
        page: &PageRequest,
    ) -> Result<Page<ConsentEvent>, Error> {
        let read = async {
            match concord_id {
                Some(concord_id) => self.of_user(SiteUser { tenant, project, concord_id }, period, page).await,
                None => self.of_all_users(tenant, project, period, page).await,
            }
        };
        try_join(self.projects.get_or_deleted(tenant, project), Box::pin(read)).await.map(|(_, page)| page)
    }

    async fn of_all_users(
        &self,
        tenant: Tenant,
        project: Uuid,
        period: Period,
        page: &PageRequest,
    ) -> Result<Page<ConsentEvent>, Error> {
        let (name, lowest) = (project.to_string(), period.start.map(|start| id_text(beginning(start))));
        let (name, lowest) = (of_project(&name), lowest.unwrap_or_default());
        let reports = Listing::of_tenant(&self.database, &self.table, tenant, &name).await?.down_to(&lowest);
        let mut seen = page.after.as_deref().map(Position::read).transpose()?;
        let last = period.end.map(|end| id_text(beginning(end) | WITHIN_MOMENT));
        let (mut items, mut examined) = (Vec::new(), 0);
        loop {
            // The last report that was seen may have more events, so it is read again, and one report more.
            let after = seen.as_ref().map(|seen| &seen.report).or(last.as_ref()).map(|position| format!("{position}~"));
            let left = page.limit - items.len();
            let request = PageRequest { limit: left + 1, after };
            let Page { items: entries, next } = reports.read::<ReportItem>(&self.database, &request).await?;
            let mut unseen = entries.into_iter().flat_map(positions).filter(|(position, _)| {
                seen.as_ref().is_none_or(|seen| position.report != seen.report || position.event < seen.event)
            });
            let read: Vec<(Position, Uuid)> = unseen.by_ref().take(left).collect();
            let more = next.is_some() || unseen.next().is_some();
            let user = |concord_id| SiteUser { tenant, project, concord_id };
            let keys: Vec<Key> =
                read.iter().map(|(position, concord_id)| user(*concord_id).event(position.event)).collect();
            let found: Vec<ConsentEvent> = self.database.get_all(&self.table, &keys).await?;
            let mut found: HashMap<Uuid, ConsentEvent> = found.into_iter().map(|event| (event.id, event)).collect();
            items.extend(read.iter().filter_map(|(position, _)| found.remove(&position.event)));
            examined += read.len();
            seen = read.into_iter().last().map(|(position, _)| position).or(seen);
            if !more || items.len() == page.limit || examined >= EXAMINED {
                return Ok(Page { items, next: seen.filter(|_| more).map(|seen| seen.to_string()) });
            }
        }
    }

    async fn of_user(&self, user: SiteUser, period: Period, page: &PageRequest) -> Result<Page<ConsentEvent>, Error> {
        let first = period.start.map_or(0, beginning);
        let end = period.end.map_or(u128::MAX, |end| beginning(end) | WITHIN_MOMENT);
        let Some(last) = below(page, end)?.filter(|last| *last >= first) else { return Ok(empty_page()) };
        let (low, high) = (user.event(Uuid::from_u128(first)), user.event(Uuid::from_u128(last)));
        let (items, more): (Vec<ConsentEvent>, bool) =
            self.database.query_between(&self.table, &low, &high, page.limit).await?;
        let next = items.last().filter(|_| more).map(|event| event.id.to_string());
        Ok(Page { items, next })
    }

    /// One of a user's events.
    pub async fn get(&self, user: SiteUser, id: Uuid, context: &RequestContext) -> Result<ConsentEvent, Error> {
        let key = user.event(id);
        let event = self.in_project(user, context, Box::pin(self.database.get(&self.table, &key))).await?;
        event.ok_or_else(|| DomainError::NotFound(ResourceKind::ConsentEvent).into())
    }

    /// A page of a user's latest events about each consent type, in descending
    /// order of the types' ids.
    pub async fn state(
        &self,
        user: SiteUser,
        page: &PageRequest,
        context: &RequestContext,
    ) -> Result<Page<ConsentEvent>, Error> {
        self.in_project(user, context, Box::pin(self.state_of(user, page))).await
    }

    async fn state_of(&self, user: SiteUser, page: &PageRequest) -> Result<Page<ConsentEvent>, Error> {
        let Some(last) = below(page, u128::MAX)? else { return Ok(empty_page()) };
        let latest = self.users.own(user).await?.latest;
        let mut states: Vec<(Uuid, Uuid)> = latest.into_iter().filter(|(kind, _)| kind.as_u128() <= last).collect();
        states.sort_unstable_by_key(|(consent_type, _)| Reverse(*consent_type));
        let more = states.len() > page.limit;
        states.truncate(page.limit);
        let next = states.last().filter(|_| more).map(|(consent_type, _)| consent_type.to_string());
        let keys: Vec<Key> = states.iter().map(|(_, event)| user.event(*event)).collect();
        let mut items: Vec<ConsentEvent> = self.database.get_all(&self.table, &keys).await?;
        items.sort_unstable_by_key(|event| Reverse(event.consent_type));
        Ok(Page { items, next })
    }
}

/// The latest of these events about each consent type, without the types about which a
/// later event is already stored.
fn newer<'a>(own: &UserItem, events: &'a [ConsentEvent]) -> impl Iterator<Item = &'a ConsentEvent> {
    let mut newest: HashMap<Uuid, &ConsentEvent> = HashMap::new();
    for event in events {
        let latest = newest.entry(event.consent_type).or_insert(event);
        if event.id > latest.id {
            *latest = event;
        }
    }
    newest.retain(|consent_type, event| own.latest.get(consent_type).is_none_or(|stored| *stored < event.id));
    newest.into_values()
}

/// A position in a project's list: an event of a report.
struct Position {
    report: String,
    event: Uuid,
}

impl Position {
    fn read(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('/').and_then(|(report, event)| Some((report, Uuid::try_parse(event).ok()?)));
        let (report, event) = parts.ok_or_else(|| Error::Internal("a cursor does not hold a position".to_owned()))?;
        Ok(Self { report: report.to_owned(), event })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.report, self.event)
    }
}

/// The events of a report, newest first, each with its user.
fn positions(Entry { position, item }: Entry<ReportItem>) -> impl Iterator<Item = (Position, Uuid)> {
    let ReportItem { concord_id, events, .. } = item;
    events.into_iter().rev().map(move |event| (Position { report: position.clone(), event }, concord_id))
}

/// An event's id as positions have it.
fn id_text(id: u128) -> String {
    Uuid::from_u128(id).to_string()
}

/// The bits of an event's id after those of its time.
const WITHIN_MOMENT: u128 = (1 << 80) - 1;

/// The lowest number that the id of an event of this moment can have.
fn beginning(moment: Timestamp) -> u128 {
    u128::try_from(moment.milliseconds()).unwrap_or_default() << 80
}

/// The highest id that the page may begin with: `most`, or the id below the last
/// one seen. `None` if there is no id below that.
fn below(page: &PageRequest, most: u128) -> Result<Option<u128>, Error> {
    let Some(seen) = &page.after else { return Ok(Some(most)) };
    let seen = Uuid::try_parse(seen).map_err(|_| Error::Internal("a cursor does not hold an id".to_owned()))?;
    Ok(seen.as_u128().checked_sub(1).map(|below| below.min(most)))
}

fn empty_page() -> Page<ConsentEvent> {
    Page { items: Vec::new(), next: None }
}

/// The versions that drafts name.
struct NamedVersions {
    /// Those that exist, each by its type's id and its number.
    existing: HashSet<(Uuid, VersionNumber)>,
    /// Those of them that were not used yet.
    unused: Vec<ConsentTypeVersion>,
}

/// The versions that the drafts name, and the newest versions of the types of those
/// that name none.
async fn named_versions(
    catalog: &ConsentCatalog,
    tenant: Tenant,
    drafts: &[EventDraft],
    types: &HashMap<ConsentTypeName, ConsentType>,
) -> Result<NamedVersions, Error> {
    let (mut newest, mut named) = (HashSet::new(), HashSet::new());
    for draft in drafts {
        let Some(consent_type) = types.get(&draft.consent_type) else { continue };
        match draft.version {
            Some(version) => named.insert((consent_type.id, version)),
            None => newest.insert((consent_type.id, consent_type.latest_version)),
        };
    }
    let wanted = newest.union(&named).copied();
    let (used, unknown): (HashSet<_>, HashSet<_>) =
        wanted.partition(|(id, version)| catalog.is_used(tenant, *id, *version));
    let read = catalog.versions(tenant, unknown).await?;
    let key = |version: &ConsentTypeVersion| (version.consent_catalog_id, version.version);
    // The item of a used version is not read, so its type alone says that it is the newest.
    let is_newest = |wanted| used.contains(wanted) || read.iter().any(|it| it.is_latest && key(it) == *wanted);
    if !newest.iter().all(is_newest) {
        return Err(Error::Stale);
    }
    let existing = used.iter().copied().chain(read.iter().map(key)).collect();
    Ok(NamedVersions { existing, unused: read.into_iter().filter(|version| !version.is_used).collect() })
}

/// The errors of the events, in the order of their items, that are the user's first ones
/// about their consent types, if these are too many.
fn too_many_types(own: &UserItem, events: &[ConsentEvent]) -> Vec<FieldError> {
    let is_new = |event: &ConsentEvent| !own.latest.contains_key(&event.consent_type);
    let new: HashSet<Uuid> = events.iter().filter(|event| is_new(event)).map(|event| event.consent_type).collect();
    if own.latest.len() + new.len() <= TYPES {
        return Vec::new();
    }
    let positions = events.iter().enumerate().filter(|(_, event)| is_new(event)).map(|(position, _)| position);
    let message =
        format!("is about one more consent type than the {TYPES} about which a user can ever have had events");
    positions.map(|position| FieldError::new(format!("items[{position}]"), message.clone())).collect()
}

/// The errors of the events, in the order of their items, that are first uses of earlier versions, if these are of
/// more types than one transaction can mark.
fn too_many_first_uses(events: &[ConsentEvent], unused: &[ConsentTypeVersion]) -> Vec<FieldError> {
    let earlier: HashSet<(Uuid, VersionNumber)> = unused
        .iter()
        .filter(|version| !version.is_latest)
        .map(|version| (version.consent_catalog_id, version.version))
        .collect();
    let types: HashSet<Uuid> = earlier.iter().map(|(consent_type, _)| *consent_type).collect();
    if types.len() <= EARLIER_TYPES {
        return Vec::new();
    }
    let of_earlier = |event: &ConsentEvent| earlier.contains(&(event.consent_type, event.version));
    let positions = events.iter().enumerate().filter(|(_, event)| of_earlier(event)).map(|(position, _)| position);
    let message = format!(
        "is an earlier version that nobody has consented to yet; one call may have such of {EARLIER_TYPES} consent types"
    );
    positions.map(|position| FieldError::new(format!("items[{position}].version"), message.clone())).collect()
}

/// The consent types that the drafts name, as they were at most five seconds ago.
async fn named_types(
    catalog: &ConsentCatalog,
    tenant: Tenant,
    drafts: &[EventDraft],
    context: &RequestContext,
) -> Result<HashMap<ConsentTypeName, ConsentType>, Error> {
    let names: HashSet<&ConsentTypeName> = drafts.iter().map(|draft| &draft.consent_type).collect();
    let mut placements: Vec<Placement> = Vec::new();
    let mut ids: HashSet<Uuid> = HashSet::new();
    for name in names {
        match name {
            ConsentTypeName::Id(id) => {
                ids.insert(*id);
            }
            ConsentTypeName::Placement(placement) => placements.push(placement.clone()),
        }
    }
    let placed = catalog.recent_placed(tenant, placements, context).await?;
    ids.extend(placed.iter().map(|(_, id)| *id));
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut types = HashMap::new();
    for consent_type in catalog.recent_types(tenant, &ids, context).await? {
        for (placement, _) in placed.iter().filter(|(_, id)| *id == consent_type.id) {
            types.insert(ConsentTypeName::Placement(placement.clone()), consent_type.clone());
        }
        types.insert(ConsentTypeName::Id(consent_type.id), consent_type);
    }
    Ok(types)
}

/// Ids of one moment, in ascending order.
fn sorted_ids(count: usize, context: &RequestContext) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = (0..count).map(|_| context.sortable_uuid()).collect();
    ids.sort_unstable();
    ids
}

fn absent(position: usize, name: &ConsentTypeName) -> FieldError {
    match name {
        ConsentTypeName::Id(_) => {
            FieldError::new(format!("items[{position}].consentType"), "names a consent type that does not exist")
        }
        ConsentTypeName::Placement(_) => FieldError::new(
            format!("items[{position}].label"),
            "no consent type has this category, subcategory and label",
        ),
    }
}

fn event(
    id: Uuid,
    project: Uuid,
    draft: &EventDraft,
    (consent_type, version): (&ConsentType, VersionNumber),
    user: &EventUser,
    now: Timestamp,
) -> ConsentEvent {
    ConsentEvent {
        id,
        concord_id: user.concord_id,
        project,
        consent_type: consent_type.id,
        placement: consent_type.placement.clone(),
        version,
        consent_state: draft.consent_state,
        consent_action: draft.consent_action,
        consent_date: now,
        expiration_date: consent_type.consent_duration.after(now),
        session: user.session.clone(),
        submitter: user.submitter,
    }
}

//! Consent events, in the partition of their end user, sorted by time. The
//! partition also has an item for each consent type, with the id of the user's
//! latest event about it.

use crate::{
    domain::{
        DomainError, FieldError, RequestContext, ResourceKind, Tenant, Timestamp,
        audit::{Actor, Subject},
        consent_catalog::{ConsentType, ConsentTypeVersion, Placement},
        consent_event::{ConsentEvent, ConsentTypeName, EventDraft, EventUser, require_valid_state},
    },
    store::{
        AuditTrails, ConsentCatalog, Database, Error, Page, PageRequest, SiteUser, SiteUsers, UnitOfWork,
        change::Change, key::Key, stored_responses::kept_until,
    },
};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};
use uuid::Uuid;

/// The consent events.
#[derive(Clone)]
pub struct ConsentEvents {
    database: Database,
    table: String,
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
    /// Whether the response is stored under an idempotency key.
    pub stores_response: bool,
}

/// The id of a user's latest event about a consent type.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StateItem {
    consent_type: Uuid,
    event: Uuid,
}

/// The attribute for the id of the latest event.
const EVENT: &str = "event";

impl ConsentEvents {
    /// The table that `CONSENT_EVENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("CONSENT_EVENTS_TABLE"),
            users: SiteUsers::new(database),
            trails: AuditTrails::new(database),
        }
    }

    /// Records all of the events or none. Fails if the user was erased. Each event
    /// refers to the newest version of its consent type. The first event for a
    /// version marks it as used, which ends its edits. Later events do not write
    /// the version, so that the visitors of a busy site do not contend for one
    /// item. If the response is stored, a data key of the user is ensured, under
    /// which the response is sealed.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        reported: &ReportedEvents<'_>,
        catalog: &ConsentCatalog,
    ) -> Result<Vec<ConsentEvent>, Error> {
        let ReportedEvents { project, user, drafts, stores_response } = *reported;
        let tenant = actor.tenant;
        let types = named_types(catalog, tenant, drafts).await?;
        let mut errors = Vec::new();
        let mut events = Vec::with_capacity(drafts.len());
        for ((position, draft), id) in drafts.iter().enumerate().zip(sorted_ids(drafts.len(), unit.context())) {
            let Some(consent_type) = types.get(&draft.consent_type) else {
                errors.push(absent(position, &draft.consent_type));
                continue;
            };
            match require_valid_state(position, draft.consent_state, consent_type) {
                Ok(()) => events.push(event(id, project, draft, consent_type, user, unit.context().now)),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(DomainError::UnknownConsent(errors).into());
        }
        let user = SiteUser { tenant, project, concord_id: user.concord_id };
        self.users.require_not_erased(unit, user)?;
        for version in unused(catalog, tenant, &types).await? {
            catalog.mark_used(unit, actor, &version)?;
        }
        for event in &events {
            unit.create_new(&self.table, &user.event(event.id), event)?;
        }
        for (consent_type, event) in self.newer(user, &events).await? {
            let latest = Change::of_any(user.state(consent_type))
                .when_new_or_below(EVENT, &event)?
                .set("consentType", &consent_type)?
                .set(EVENT, &event)?;
            unit.update(&self.table, latest, Error::Stale);
        }
        if !stores_response {
            return Ok(events);
        }
        // Only stored responses are sealed under it, so it is kept as long as they are.
        let (subject, kept_until) = (Subject::end_user(project, user.concord_id), kept_until(unit.context().now));
        let subject_key = self.trails.ensure_key(unit, tenant, subject, kept_until).await?;
        unit.seal_response_under(subject_key);
        Ok(events)
    }

    /// The latest of these events for each consent type, by the type's id, without
    /// the types for which a later event is already stored.
    async fn newer(&self, user: SiteUser, events: &[ConsentEvent]) -> Result<HashMap<Uuid, Uuid>, Error> {
        let mut newest: HashMap<Uuid, Uuid> = HashMap::new();
        for event in events {
            let latest = newest.entry(event.consent_type).or_insert(event.id);
            *latest = event.id.max(*latest);
        }
        let keys: Vec<Key> = newest.keys().map(|consent_type| user.state(*consent_type)).collect();
        for state in self.database.get_all::<StateItem>(&self.table, &keys).await? {
            if newest.get(&state.consent_type).is_some_and(|event| *event < state.event) {
                newest.remove(&state.consent_type);
            }
        }
        Ok(newest)
    }

    /// A page of a user's events within a period, newest first.
    pub async fn list(&self, user: SiteUser, period: Period, page: &PageRequest) -> Result<Page<ConsentEvent>, Error> {
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
    pub async fn get(&self, user: SiteUser, id: Uuid) -> Result<ConsentEvent, Error> {
        let event = self.database.get(&self.table, &user.event(id)).await?;
        event.ok_or_else(|| DomainError::NotFound(ResourceKind::ConsentEvent).into())
    }

    /// A page of a user's latest events about each consent type, in descending
    /// order of the types' ids.
    pub async fn state(&self, user: SiteUser, page: &PageRequest) -> Result<Page<ConsentEvent>, Error> {
        let Some(last) = below(page, u128::MAX)? else { return Ok(empty_page()) };
        let (low, high) = (user.state(Uuid::nil()), user.state(Uuid::from_u128(last)));
        let (states, more): (Vec<StateItem>, bool) =
            self.database.query_between(&self.table, &low, &high, page.limit).await?;
        let next = states.last().filter(|_| more).map(|state| state.consent_type.to_string());
        let keys: Vec<Key> = states.iter().map(|state| user.event(state.event)).collect();
        let mut items: Vec<ConsentEvent> = self.database.get_all(&self.table, &keys).await?;
        items.sort_unstable_by_key(|event| Reverse(event.consent_type));
        Ok(Page { items, next })
    }
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

/// The newest versions of these types that nobody has consented to yet.
async fn unused(
    catalog: &ConsentCatalog,
    tenant: Tenant,
    types: &HashMap<ConsentTypeName, ConsentType>,
) -> Result<Vec<ConsentTypeVersion>, Error> {
    // Two names can mean the same type, and a transaction may write an item only once.
    let different: HashMap<Uuid, ConsentType> =
        types.values().map(|consent_type| (consent_type.id, consent_type.clone())).collect();
    let different: Vec<ConsentType> = different.into_values().collect();
    let versions = catalog.latest(tenant, &different).await?;
    if versions.iter().any(|version| !version.is_latest) {
        return Err(Error::Stale);
    }
    Ok(versions.into_iter().filter(|version| !version.is_used).collect())
}

/// The consent types that the drafts name.
async fn named_types(
    catalog: &ConsentCatalog,
    tenant: Tenant,
    drafts: &[EventDraft],
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
    let placed = catalog.placed(tenant, &placements).await?;
    ids.extend(placed.iter().map(|(_, id)| *id));
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut types = HashMap::new();
    for consent_type in catalog.types(tenant, &ids).await? {
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
    consent_type: &ConsentType,
    user: &EventUser,
    now: Timestamp,
) -> ConsentEvent {
    ConsentEvent {
        id,
        concord_id: user.concord_id,
        project,
        consent_type: consent_type.id,
        placement: consent_type.placement.clone(),
        version: consent_type.latest_version,
        consent_state: draft.consent_state,
        consent_action: draft.consent_action,
        consent_date: now,
        expiration_date: consent_type.consent_duration.after(now),
        session: user.session.clone(),
        submitter: user.submitter,
    }
}

//! The end users of sites: the organisation's own ids for them, and whether they
//! were erased. They share a table with their consent events.
//!
//! Each user has an item of their own, in the list of their concord id. It says whether
//! the user was erased, and has the ids of the latest events about each consent type.
//! Every event writes it, because no event may be stored after an erasure. An item for
//! each consent type would cost two more units. Ten types fit into 1 KB, and 6,000 into
//! the largest item.
//!
//! If the organisation has an id of its own for the user, the list of that id has an
//! entry for the user, and the user's partition has an item that refers to the entry.
//! So an erasure finds the user by either id, and removes both. Then the user's own item
//! stays until an erasure; otherwise it ends with the events.
//!
//! The project's list has an entry for each request that reported events of the
//! user, which an erasure deletes with the events.

use crate::{
    domain::{
        DomainError, RequestContext, Tenant, Timestamp,
        audit::Subject,
        consent_event::{ConsentEvent, ErasedEvent},
        erasure::ErasureCounts,
        identifiers::PrincipalId,
        progress::Progress,
        site_session::{LIFETIME, UserId},
    },
    store::{
        AuditTrails, Database, Error, PageRequest, UnitOfWork,
        change::Change,
        database::{Item, REMOVABLE_AT, Removal, from_item},
        key::{Key, SORT},
        listing::{Entry, Listing, of_person, of_principal},
        write::until_current,
    },
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The attribute for the progress of a user's erasure.
const ERASURE: &str = "erasure";
/// The attribute that a user's own item has if the organisation has an id for the user.
const HAS_USER_ID: &str = "hasUserId";
/// The kinds of items in a user's partition, with which their sort keys begin: the
/// references to list entries for the user, and the events. An erasure handles them in
/// descending order, so that the lists refer to the user until no event is left.
const CALLED: &str = "called";
const EVENT: &str = "event";
/// How many of a user's items one step of an erasure handles, with up to three changes
/// each.
const ERASED_AT_ONCE: usize = 26;

/// The end users of sites.
#[derive(Clone)]
pub struct SiteUsers {
    database: Database,
    table: String,
    trails: AuditTrails,
}

/// An end user of a project's site.
#[derive(Clone, Copy, Debug)]
pub struct SiteUser {
    /// The organisation.
    pub tenant: Tenant,
    /// The project.
    pub project: Uuid,
    /// The user.
    pub concord_id: Uuid,
}

/// A user's own item, or an entry for the user in the list of another id, which has only the
/// first two attributes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserItem {
    pub(super) project: Uuid,
    pub(super) concord_id: Uuid,
    /// The progress of the erasure.
    #[serde(default)]
    pub(super) erasure: Option<Progress>,
    /// Whether the organisation has an id for the user.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_user_id: bool,
    /// `DynamoDB` removes the item some time after this second, if it has events.
    #[serde(default)]
    removable_at: Option<i64>,
    /// The ids of the latest events, by their consent types. Each is an attribute of its own, so
    /// that an event sets its own one only.
    #[serde(flatten)]
    pub(crate) latest: HashMap<Uuid, Uuid>,
}

/// An event of a user.
#[derive(Serialize, Deserialize)]
pub(crate) struct EventItem {
    #[serde(flatten)]
    pub(crate) event: ConsentEvent,
    /// The position of its request in the project's list.
    pub(crate) listed: String,
    #[serde(flatten)]
    pub(crate) removal: Removal,
}

/// An entry of a project's list: the events that one request reported.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportItem {
    pub(crate) concord_id: Uuid,
    pub(crate) events: Vec<Uuid>,
    #[serde(flatten)]
    pub(crate) removal: Removal,
}

/// An event of an erased user.
#[derive(Serialize)]
struct ErasedItem {
    #[serde(flatten)]
    event: ErasedEvent,
    #[serde(flatten)]
    removal: Removal,
}

/// A reference to an entry for the user.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CalledItem {
    pub(super) user_id: UserId,
    pub(super) position: String,
}

impl SiteUsers {
    /// The table that `CONSENT_EVENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("CONSENT_EVENTS_TABLE"),
            trails: AuditTrails::new(database),
        }
    }

    /// The concord id of a user. This is `given`, if the request names one. Otherwise it
    /// is the id of the user whom the organisation knows by `user_id` in the project,
    /// which is created if it does not exist. With neither, it is a new id. Fails if
    /// the user was erased.
    pub async fn identify(
        &self,
        tenant: Tenant,
        project: Uuid,
        given: Option<Uuid>,
        user_id: Option<&UserId>,
        context: &RequestContext,
    ) -> Result<Uuid, Error> {
        if let Some(concord_id) = given {
            let user = SiteUser { tenant, project, concord_id };
            if self.erasure(user).await?.is_some() {
                return Err(DomainError::SiteUserErased.into());
            }
        }
        let Some(user_id) = user_id else { return Ok(given.unwrap_or_else(|| context.uuid())) };
        until_current(|| self.called(tenant, project, given, user_id, context)).await
    }

    async fn called(
        &self,
        tenant: Tenant,
        project: Uuid,
        given: Option<Uuid>,
        user_id: &UserId,
        context: &RequestContext,
    ) -> Result<Uuid, Error> {
        let position = match given {
            Some(concord_id) => format!("user/{project}/{concord_id}"),
            None => format!("user/{project}"),
        };
        let entry = self.entry(tenant, user_id.as_str(), &position);
        if let Some(found) = self.database.get::<UserItem>(&self.table, &entry).await? {
            return Ok(found.concord_id);
        }
        let concord_id = given.unwrap_or_else(|| context.uuid());
        let user = SiteUser { tenant, project, concord_id };
        let called = CalledItem { user_id: user_id.clone(), position };
        let mut unit = UnitOfWork::new(context);
        let known = self.change(user)?.when_absent(ERASURE).set(HAS_USER_ID, &true)?.remove(REMOVABLE_AT);
        unit.update(&self.table, known, DomainError::SiteUserErased);
        unit.create(&self.table, &entry, &UserItem::of(user, None), Error::Stale)?.create_new(
            &self.table,
            &user.key(CALLED, &context.ulid().to_string()),
            &called,
        )?;
        unit.commit(&self.database).await?;
        Ok(concord_id)
    }

    /// A user's own item as it is now, or as it will begin.
    pub(crate) async fn own(&self, user: SiteUser) -> Result<UserItem, Error> {
        let item: Option<UserItem> = self.database.get(&self.table, &self.key(user)).await?;
        Ok(item.unwrap_or_else(|| UserItem::of(user, None)))
    }

    /// Makes events the latest ones about their consent types, on condition that no later ones are
    /// stored and that the user is not erased when the unit of work is committed. `own` is the user's
    /// item as it was read. `end` is the end of the retention of the request's events.
    pub(crate) fn make_latest<'a>(
        &self,
        unit: &mut UnitOfWork,
        user: SiteUser,
        own: &UserItem,
        events: impl Iterator<Item = &'a ConsentEvent>,
        end: Timestamp,
    ) -> Result<(), Error> {
        if own.erasure.is_some() {
            return Err(DomainError::SiteUserErased.into());
        }
        let mut change = self.change(user)?.when_absent(ERASURE);
        for event in events {
            let name = event.consent_type.simple().to_string();
            change = change.when_absent_or_below(&name, &event.id)?.set(&name, &event.id)?;
        }
        if !own.has_user_id && own.removable_at.is_none_or(|before| before < end.seconds()) {
            // The item is kept as long as the event that is kept longest.
            let unnamed = change.when_absent(HAS_USER_ID);
            change = unnamed.when_absent_or_below(REMOVABLE_AT, &end.seconds())?.set_removal(end)?;
        }
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    /// Erases a user with this id, or this concord id, from some of their events and
    /// counts these. `None` if no user has the id. The first step only marks the user as
    /// erased, after which no new event is stored.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        principal_id: &PrincipalId,
    ) -> Result<Option<ErasureCounts>, Error> {
        let named = of_principal(principal_id);
        let unerased = |entries: Vec<Entry<UserItem>>| async move {
            let left = |item: &UserItem| item.erasure != Some(Progress::Completed);
            Ok(entries.into_iter().map(|entry| Some(entry.item).filter(left)).collect())
        };
        let page = PageRequest { limit: 1, after: None };
        let found = Listing::of_one(&self.table, tenant, &named).select(&self.database, &page, unerased).await?.items;
        let Some(UserItem { project, concord_id, .. }) = found.into_iter().next() else { return Ok(None) };
        let user = SiteUser { tenant, project, concord_id };
        if self.erasure(user).await?.is_some() {
            return self.sweep(unit, user).await.map(Some);
        }
        // Without the latest events, and with no time of removal until the erasure is completed.
        let begun = UserItem::of(user, Some(Progress::InProgress));
        unit.replace(&self.table, Change::of_any(self.key(user)).when_absent(ERASURE), &begun, Error::Stale)?;
        Ok(Some(ErasureCounts::default()))
    }

    /// A step of the erasure of a user who is marked as erased. The last step deletes
    /// the data key of the user's stored responses.
    async fn sweep(&self, unit: &mut UnitOfWork, user: SiteUser) -> Result<ErasureCounts, Error> {
        let most = i32::try_from(ERASED_AT_ONCE).unwrap_or(i32::MAX);
        let (items, whole) = self.database.query_below(&self.table, &user.beyond(), most).await?;
        let mut counts = ErasureCounts::default();
        let mut reports: HashSet<String> = HashSet::new();
        for item in items {
            let (kind, name) = named(&item)?;
            let existing = Change::of(user.key(&kind, &name));
            unit.delete(&self.table, existing, Error::Stale);
            if kind == EVENT {
                let EventItem { event, listed, removal } = from_item(item)?;
                let erased = ErasedItem { event: event.erased(), removal };
                reports.insert(listed);
                let partition = [&*user.project.to_string(), "erased", &name];
                let key = Key::of_tenant(user.tenant, &partition, &[EVENT]);
                unit.create(&self.table, &key, &erased, Error::Stale)?;
                counts.site_events_redacted += 1;
            } else if kind == CALLED {
                let CalledItem { user_id, position } = from_item(item)?;
                let entry = Change::of_any(self.entry(user.tenant, user_id.as_str(), &position));
                unit.delete(&self.table, entry, Error::Stale);
            }
        }
        let project = user.project.to_string();
        let listing = of_project(&project);
        let listing = Listing::of_tenant(&self.database, &self.table, user.tenant, &listing).await?;
        for position in reports {
            // Another step of the erasure may have deleted it with other events of the same request.
            unit.delete(&self.table, Change::of_any(listing.key(&position)), Error::Stale);
        }
        if whole {
            // After this time no session of the user is valid, so the mark is not needed.
            let last = unit.context().now.plus_seconds(*LIFETIME.end());
            let done = self.change(user)?.set(ERASURE, &Progress::Completed)?.set_removal(last)?;
            let subject = Subject::end_user(user.project, user.concord_id);
            self.trails.delete_key(unit, user.tenant, &subject);
            unit.update(&self.table, done, Error::Stale);
        }
        Ok(counts)
    }

    /// The progress of a user's erasure; `None` before it begins.
    async fn erasure(&self, user: SiteUser) -> Result<Option<Progress>, Error> {
        Ok(self.own(user).await?.erasure)
    }

    /// A change of the user's own item, which is created if it does not exist.
    fn change(&self, user: SiteUser) -> Result<Change, Error> {
        Change::of_any(self.key(user)).set("project", &user.project)?.set("concordId", &user.concord_id)
    }

    /// The key of the user's own item.
    pub(super) fn key(&self, user: SiteUser) -> Key {
        self.entry(user.tenant, &user.concord_id.to_string(), &format!("concord/{}", user.project))
    }

    /// The key of the entry at a position in the list of this id.
    pub(super) fn entry(&self, tenant: Tenant, name: &str, position: &str) -> Key {
        Listing::of_one(&self.table, tenant, &of_person(name)).key(position)
    }
}

impl UserItem {
    /// Without events.
    fn of(SiteUser { project, concord_id, .. }: SiteUser, erasure: Option<Progress>) -> Self {
        Self { project, concord_id, erasure, has_user_id: false, removable_at: None, latest: HashMap::new() }
    }
}

impl SiteUser {
    /// The key of one of the user's events.
    pub(crate) fn event(self, id: Uuid) -> Key {
        self.key(EVENT, &id.to_string())
    }

    fn key(self, kind: &str, name: &str) -> Key {
        self.sorted(&[kind, name])
    }

    /// A key above all keys of the user's items.
    fn beyond(self) -> Key {
        self.sorted(&["~"])
    }

    fn sorted(self, sort: &[&str]) -> Key {
        Key::of_tenant(self.tenant, &[&self.project.to_string(), &self.concord_id.to_string()], sort)
    }
}

/// The name of the list of what was reported for a project.
pub(crate) fn of_project(project: &str) -> [&str; 2] {
    ["events", project]
}

/// The kind of a user's item, and its name within the kind.
fn named(item: &Item) -> Result<(String, String), Error> {
    let sort = item.get(SORT).and_then(|sort| sort.as_s().ok());
    let parts = sort.and_then(|sort| sort.split_once('#'));
    let (kind, name) = parts.ok_or_else(|| Error::Internal("the key of a user's item is not valid".to_owned()))?;
    Ok((kind.to_owned(), name.to_owned()))
}

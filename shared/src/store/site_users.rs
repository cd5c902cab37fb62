//! The end users of sites, beside their consent events: which of them an
//! organisation calls by which id, and whether they have been erased.
//!
//! Each user has an item of their own, in the list of whoever is called by
//! their concord id. A user whom the organisation calls by an id of its own
//! also has an entry in the list of that id, and beside their events a event of
//! that entry. So an erasure finds them by either id, and leaves neither.

use crate::{
    domain::{
        DomainError, RequestContext, Tenant,
        audit::Subject,
        consent_event::ConsentEvent,
        erasure::{ErasureCounts, ErasureStatus},
        identifiers::PrincipalId,
        site_session::{LIFETIME, UserId},
    },
    store::{
        AuditTrails, Database, Error, PageRequest, UnitOfWork,
        change::Change,
        database::{Item, from_item},
        key::{Key, SORT},
        listing::{Entry, Listing, of_person, of_principal},
        write::until_current,
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far a user's erasure has come, within their item.
const ERASURE: &str = "erasure";
/// What a user's items begin with, each kind: the lists that lead to the user,
/// their events, and which of these is the latest about a consent type. An
/// erasure takes the last of these first: until no event is left, the lists
/// still lead to the user.
const CALLED: &str = "called";
const EVENT: &str = "event";
const STATE: &str = "state";
/// How many of a user's items one step of an erasure takes: two changes each
/// at the most.
const ERASED_AT_ONCE: usize = 40;

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

/// A user's own item, or an entry that leads to the user.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserItem {
    project: Uuid,
    concord_id: Uuid,
    /// In the user's own item, once they are to be erased.
    #[serde(default)]
    erasure: Option<ErasureStatus>,
}

/// Where an entry stands that leads to the user.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CalledItem {
    user_id: UserId,
    position: String,
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

    /// The concord id of the user whom an organisation means: the given one, of
    /// a user who has not been erased; else the one of whom it calls by this id
    /// in this project, the same every time until their erasure; else a new one.
    pub async fn identify(
        &self,
        (tenant, project): (Tenant, Uuid),
        (given, user_id): (Option<Uuid>, Option<&UserId>),
        context: &RequestContext,
    ) -> Result<Uuid, Error> {
        if let Some(concord_id) = given {
            let user = SiteUser { tenant, project, concord_id };
            if self.erasure(user).await?.is_some() {
                return Err(DomainError::SiteUserErased.into());
            }
        }
        let Some(user_id) = user_id else { return Ok(given.unwrap_or_else(|| context.uuid())) };
        until_current(|| self.called((tenant, project), (given, user_id), context)).await
    }

    async fn called(
        &self,
        (tenant, project): (Tenant, Uuid),
        (given, user_id): (Option<Uuid>, &UserId),
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
        self.require_not_erased(&mut unit, user)?;
        unit.create(&self.table, &entry, &UserItem { project, concord_id, erasure: None }, Error::Stale)?.create_new(
            &self.table,
            &user.key(CALLED, &context.ulid().to_string()),
            &called,
        )?;
        unit.commit(&self.database).await?;
        Ok(concord_id)
    }

    /// Requires that a user has not been erased when the unit of work is
    /// committed, and makes the user's own item if there is none.
    pub(crate) fn require_not_erased(&self, unit: &mut UnitOfWork, user: SiteUser) -> Result<(), Error> {
        let known = self.change(user)?.when_absent(ERASURE);
        unit.update(&self.table, known, DomainError::SiteUserErased);
        Ok(())
    }

    /// Takes a user who is called by this id, or whose concord id it is, out of
    /// some of their events, and counts these; `None` where
    /// there is no such user. First it is written that the user is erased: no
    /// event comes up behind after that.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        principal_id: &PrincipalId,
    ) -> Result<Option<ErasureCounts>, Error> {
        let named = of_principal(principal_id);
        let unerased = |entries: Vec<Entry<UserItem>>| async move {
            let left = |item: &UserItem| item.erasure != Some(ErasureStatus::Completed);
            Ok(entries.into_iter().map(|entry| Some(entry.item).filter(left)).collect())
        };
        let page = PageRequest { limit: 1, after: None };
        let found = Listing::of_one(&self.table, tenant, &named).select(&self.database, &page, unerased).await?.items;
        let Some(UserItem { project, concord_id, .. }) = found.into_iter().next() else { return Ok(None) };
        let user = SiteUser { tenant, project, concord_id };
        if self.erasure(user).await?.is_some() {
            return self.sweep(unit, user).await.map(Some);
        }
        let begun = self.change(user)?.when_absent(ERASURE).set(ERASURE, &ErasureStatus::InProgress)?;
        unit.update(&self.table, begun, Error::Stale);
        Ok(Some(ErasureCounts::default()))
    }

    /// A step of the erasure of a user to whom nothing is added any more. The
    /// last one deletes the key of their answers.
    async fn sweep(&self, unit: &mut UnitOfWork, user: SiteUser) -> Result<ErasureCounts, Error> {
        let most = i32::try_from(ERASED_AT_ONCE).unwrap_or(i32::MAX);
        let (items, whole) = self.database.query_below(&self.table, &user.beyond(), most).await?;
        let mut counts = ErasureCounts::default();
        for item in items {
            let (kind, name) = named(&item)?;
            let there = Change::of(user.key(&kind, &name));
            unit.delete(&self.table, there, Error::Stale);
            if kind == EVENT {
                let erased = from_item::<ConsentEvent>(item)?.erased();
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
        if whole {
            // No session of theirs is good any longer than that.
            let removable_at = unit.context().now.plus_seconds(*LIFETIME.end()).seconds();
            let done = self.change(user)?.set(ERASURE, &ErasureStatus::Completed)?.set("removableAt", &removable_at)?;
            let subject = Subject::end_user(user.project, user.concord_id);
            self.trails.delete_key(unit, user.tenant, &subject);
            unit.update(&self.table, done, Error::Stale);
        }
        Ok(counts)
    }

    /// How far the erasure of a user has come; `None` before it begins.
    async fn erasure(&self, user: SiteUser) -> Result<Option<ErasureStatus>, Error> {
        let item: Option<UserItem> = self.database.get(&self.table, &self.key(user)).await?;
        Ok(item.and_then(|item| item.erasure))
    }

    /// A change of the user's own item, which is made if it is not there.
    fn change(&self, user: SiteUser) -> Result<Change, Error> {
        Change::of_any(self.key(user)).set("project", &user.project)?.set("concordId", &user.concord_id)
    }

    /// The user's own item.
    fn key(&self, user: SiteUser) -> Key {
        self.entry(user.tenant, &user.concord_id.to_string(), &format!("concord/{}", user.project))
    }

    /// The entry at a position in the list of whoever is called this.
    fn entry(&self, tenant: Tenant, name: &str, position: &str) -> Key {
        Listing::of_one(&self.table, tenant, &of_person(name)).key(position)
    }
}

impl SiteUser {
    /// One of the user's events.
    pub(crate) fn event(self, id: Uuid) -> Key {
        self.key(EVENT, &id.to_string())
    }

    /// Which event is the user's latest about a consent type.
    pub(crate) fn state(self, consent_type: Uuid) -> Key {
        self.key(STATE, &consent_type.to_string())
    }

    fn key(self, kind: &str, name: &str) -> Key {
        self.sorted(&[kind, name])
    }

    /// Every key of the user's sorts below this one.
    fn beyond(self) -> Key {
        self.sorted(&["~"])
    }

    fn sorted(self, sort: &[&str]) -> Key {
        Key::of_tenant(self.tenant, &[&self.project.to_string(), &self.concord_id.to_string()], sort)
    }
}

/// What kind of a user's items it is, and its name among them.
fn named(item: &Item) -> Result<(String, String), Error> {
    let sort = item.get(SORT).and_then(|sort| sort.as_s().ok());
    let parts = sort.and_then(|sort| sort.split_once('#'));
    let (kind, name) = parts.ok_or_else(|| Error::Internal("a user's item has another key".to_owned()))?;
    Ok((kind.to_owned(), name.to_owned()))
}

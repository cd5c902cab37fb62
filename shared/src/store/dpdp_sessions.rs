//! DPDP sessions, each an item of its own, kept as JSON text: metadata may nest
//! deeper, and hold other numbers, than an item's attributes can.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing,
        dpdp_session::{Session, SessionPatch},
        identifiers::PrincipalId,
        state_tag::{ExpectedState, StateTag, Tagged},
    },
    store::{
        Database, Effect, Error, Page,
        database::table,
        key::Key,
        listing::{Entry, Listing, of_principal},
        transaction::{Change, Transaction},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many sessions one step of an erasure takes: two changes each.
const ERASED_AT_ONCE: usize = 10;

/// The DPDP sessions.
#[derive(Clone)]
pub struct DpdpSessions {
    database: Database,
    table: String,
}

#[derive(Serialize, Deserialize)]
struct SessionItem {
    /// The session as JSON text.
    session: String,
    /// Counts the changes: a change is made of the revision it was read as.
    revision: u64,
}

/// Which session an entry of a person's list leads to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionPointer {
    session_id: Uuid,
}

impl DpdpSessions {
    /// The table that `DPDP_SESSIONS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("DPDP_SESSIONS_TABLE", "DpdpSessionsTable") }
    }

    /// Begins a session.
    pub fn create<'call>(
        &self,
        tenant: Tenant,
        session: Session,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Tagged<Session>>, Error> {
        let item = SessionItem { session: text_of(&session)?, revision: 0 };
        let key = key(tenant, session.session_id);
        let mut transaction = Transaction::new(occasion).create_fresh(&self.table, &key, &item)?;
        if let Some(principal_id) = &session.data_principal_id {
            let named = of_principal(principal_id);
            let entry = Listing::of_one(&self.table, tenant, &named).key(&occasion.ulid().to_string());
            let pointer = SessionPointer { session_id: session.session_id };
            transaction = transaction.create_fresh(&self.table, &entry, &pointer)?;
        }
        Ok(transaction.to(tagged(session, item.revision)))
    }

    /// A session as it is now.
    pub async fn get(&self, tenant: Tenant, session_id: Uuid) -> Result<Tagged<Session>, Error> {
        self.read(tenant, session_id).await.map(|(session, revision)| tagged(session, revision))
    }

    /// Changes a session that is not closed and is as expected. A patch that
    /// says nothing new writes nothing.
    pub async fn update<'call>(
        &self,
        tenant: Tenant,
        session_id: Uuid,
        (patch, expected): (&SessionPatch, &ExpectedState),
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Tagged<Session>>, Error> {
        let transaction = Transaction::new(occasion);
        let (session, revision) = self.read(tenant, session_id).await?;
        expected.require(&StateTag::new(revision))?;
        let next = session.patched(patch, occasion.now)?;
        if next == session {
            return Ok(transaction.to(tagged(next, revision)));
        }
        let change = Change::of(key(tenant, session_id))
            .when("revision", &revision)?
            .set("revision", &(revision + 1))?
            .set("session", &text_of(&next)?)?;
        Ok(transaction.update(&self.table, change, |_| Error::Stale).to(tagged(next, revision + 1)))
    }

    /// Takes a person out of some of their sessions, in a transaction; `None`
    /// where no session names them.
    pub(crate) async fn erase_some<'call>(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        occasion: Occasion<'call>,
    ) -> Result<Option<Transaction<'call>>, Error> {
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let page = Page { limit: ERASED_AT_ONCE, after: None };
        let entries: Vec<Entry<SessionPointer>> = listing.read(&self.database, &page).await?.things;
        let mut transaction = Transaction::new(occasion);
        for Entry { place, thing } in &entries {
            let (session, revision) = self.read(tenant, thing.session_id).await?;
            let next = Session { data_principal_id: None, updated_at: occasion.now, ..session };
            let erased = Change::of(key(tenant, thing.session_id))
                .when("revision", &revision)?
                .set("revision", &(revision + 1))?
                .set("session", &text_of(&next)?)?;
            let entry = Change::of(listing.key(place));
            transaction =
                transaction.update(&self.table, erased, |_| Error::Stale).delete(&self.table, entry, |_| Error::Stale);
        }
        Ok(Some(transaction).filter(|_| !entries.is_empty()))
    }

    async fn read(&self, tenant: Tenant, session_id: Uuid) -> Result<(Session, u64), Error> {
        let item: SessionItem =
            self.database.get(&self.table, &key(tenant, session_id)).await?.ok_or(Refusal::NotFound(Thing::Session))?;
        serde_json::from_str(&item.session)
            .map(|session| (session, item.revision))
            .map_err(|error| Error::Fault(error.to_string()))
    }
}

fn tagged(session: Session, revision: u64) -> Tagged<Session> {
    Tagged { thing: session, tag: StateTag::new(revision) }
}

fn text_of(session: &Session) -> Result<String, Error> {
    serde_json::to_string(session).map_err(|error| Error::Fault(error.to_string()))
}

fn key(tenant: Tenant, session_id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&session_id.to_string()], &["session"])
}

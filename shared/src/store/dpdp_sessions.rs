//! DPDP sessions, each an item of its own, kept as JSON text: metadata may nest
//! deeper, and hold other numbers, than an item's attributes can.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing,
        dpdp_session::{Session, SessionPatch},
    },
    store::{
        Database, Error,
        database::table,
        key::Key,
        transaction::{Change, Transaction, until_current},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

impl DpdpSessions {
    /// The table that `DPDP_SESSIONS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("DPDP_SESSIONS_TABLE", "DpdpSessionsTable") }
    }

    /// Begins a session.
    pub async fn create(&self, tenant: Tenant, session: &Session, occasion: Occasion<'_>) -> Result<(), Error> {
        let item = SessionItem { session: text_of(session)?, revision: 0 };
        Transaction::new(occasion)
            .create_fresh(&self.table, &key(tenant, session.session_id), &item)?
            .commit(&self.database)
            .await
    }

    /// A session as it is now.
    pub async fn get(&self, tenant: Tenant, session_id: Uuid) -> Result<Session, Error> {
        self.read(tenant, session_id).await.map(|(session, _)| session)
    }

    /// Changes a session that is not closed. A patch that says nothing new
    /// writes nothing.
    pub async fn update(
        &self,
        tenant: Tenant,
        session_id: Uuid,
        patch: &SessionPatch,
        occasion: Occasion<'_>,
    ) -> Result<Session, Error> {
        until_current(async || {
            let (session, revision) = self.read(tenant, session_id).await?;
            let next = session.patched(patch, occasion.now)?;
            if next == session {
                return Ok(next);
            }
            let change = Change::of(key(tenant, session_id))
                .when("revision", &revision)?
                .set("revision", &(revision + 1))?
                .set("session", &text_of(&next)?)?;
            Transaction::new(occasion).update(&self.table, change, |_| Error::Stale).commit(&self.database).await?;
            Ok(next)
        })
        .await
    }

    async fn read(&self, tenant: Tenant, session_id: Uuid) -> Result<(Session, u64), Error> {
        let item: SessionItem =
            self.database.get(&self.table, &key(tenant, session_id)).await?.ok_or(Refusal::NotFound(Thing::Session))?;
        serde_json::from_str(&item.session)
            .map(|session| (session, item.revision))
            .map_err(|error| Error::Fault(error.to_string()))
    }
}

fn text_of(session: &Session) -> Result<String, Error> {
    serde_json::to_string(session).map_err(|error| Error::Fault(error.to_string()))
}

fn key(tenant: Tenant, session_id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&session_id.to_string()], &["session"])
}

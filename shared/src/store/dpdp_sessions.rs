//! DPDP sessions, each an item of its own, kept as JSON text: metadata may nest
//! deeper, and hold other numbers, than an item's attributes can.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing,
        audit::{Actor, Chain, Note, Subject},
        dpdp_session::{Session, SessionPatch},
        erasure::ErasureCounts,
        identifiers::PrincipalId,
        state_tag::{ExpectedState, StateTag, Tagged},
    },
    store::{
        AuditTrails, Database, Effect, Error, Page, Sealing,
        audit_trails::Appending,
        database::table,
        key::Key,
        listing::{Entry, Listing, of_principal},
        transaction::{Change, Transaction},
    },
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many sessions one step of an erasure takes: four changes each, and what
/// they hold is rewritten.
const ERASED_AT_ONCE: usize = 10;

/// The DPDP sessions.
#[derive(Clone)]
pub struct DpdpSessions {
    database: Database,
    table: String,
    trails: AuditTrails,
}

#[derive(Serialize, Deserialize)]
struct SessionItem {
    /// The session as JSON text.
    session: String,
    /// Counts the changes: a change is made of the revision it was read as.
    revision: u64,
    /// Its audit trail's.
    chain: Chain,
    /// Whether the person was taken out of it: nothing is put into it after that.
    #[serde(default)]
    erased: bool,
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
        Self {
            database: database.clone(),
            table: table("DPDP_SESSIONS_TABLE", "DpdpSessionsTable"),
            trails: AuditTrails::new(database),
        }
    }

    /// Begins a session.
    pub fn create<'call>(
        &self,
        actor: Actor,
        session: Session,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Tagged<Session>>, Error> {
        let tenant = actor.tenant;
        let begun = (actor, Subject::session(session.session_id), None);
        let (transaction, chain, sealing) = self.trails.begin(Transaction::new(occasion), begun, &session.created())?;
        let item = SessionItem { session: text_of(&session)?, revision: 0, chain, erased: false };
        let mut transaction = transaction.create_fresh(&self.table, &key(tenant, session.session_id), &item)?;
        if let Some(principal_id) = &session.data_principal_id {
            let named = of_principal(principal_id);
            let entry = Listing::of_one(&self.table, tenant, &named).key(&occasion.ulid().to_string());
            let pointer = SessionPointer { session_id: session.session_id };
            transaction = transaction.create_fresh(&self.table, &entry, &pointer)?;
        }
        Ok(transaction.to(tagged(session, item.revision)).sealed(sealing))
    }

    /// A session as it is now.
    pub async fn get(&self, tenant: Tenant, session_id: Uuid) -> Result<Tagged<Session>, Error> {
        self.read(tenant, session_id).await.map(|(session, item)| tagged(session, item.revision))
    }

    /// Changes a session that is neither erased nor closed and is as expected. A patch that
    /// says nothing new writes nothing.
    pub async fn update<'call>(
        &self,
        actor: Actor,
        session_id: Uuid,
        (patch, expected): (&SessionPatch, &ExpectedState),
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Tagged<Session>>, Error> {
        let sealing = self.trails.sealing(actor.tenant, Subject::session(session_id));
        let ((session, item), sealing) = try_join(self.read(actor.tenant, session_id), sealing).await?;
        expected.require(&StateTag::new(item.revision))?;
        if item.erased {
            return Err(Refusal::AlreadyErased.into());
        }
        let next = session.patched(patch, occasion.now)?;
        if next == session {
            return Ok(Effect::nothing(tagged(next, item.revision), occasion).sealed(sealing));
        }
        let notes = session.changed(&next);
        let (transaction, change) =
            self.change(Transaction::new(occasion), actor, (&next, &item), (&sealing, &notes))?;
        let transaction = transaction.update(&self.table, change, |_| Error::Stale);
        Ok(transaction.to(tagged(next, item.revision + 1)).sealed(sealing))
    }

    /// What a session is to be next, if it is still as it was read; what its
    /// trail tells of that is added to the transaction.
    fn change<'call>(
        &self,
        transaction: Transaction<'call>,
        actor: Actor,
        (next, item): (&Session, &SessionItem),
        (sealing, notes): (&Sealing, &[Note]),
    ) -> Result<(Transaction<'call>, Change), Error> {
        let appending = Appending { actor, sealing, chain: &item.chain, kept_until: None };
        let (transaction, chain) = self.trails.append(transaction, &appending, notes)?;
        let change = Change::of(key(actor.tenant, next.session_id))
            .when("revision", &item.revision)?
            .set("revision", &(item.revision + 1))?
            .set("chain", &chain)?
            .set("session", &text_of(next)?)?;
        Ok((transaction, change))
    }

    /// Takes a person out of some of their sessions, in a transaction, and
    /// counts them; `None` where no session names them.
    pub(crate) async fn erase_some<'call>(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        occasion: Occasion<'call>,
    ) -> Result<Option<(Transaction<'call>, ErasureCounts)>, Error> {
        let tenant = actor.tenant;
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let page = Page { limit: ERASED_AT_ONCE, after: None };
        let entries: Vec<Entry<SessionPointer>> = listing.read(&self.database, &page).await?.things;
        let mut transaction = Transaction::new(occasion);
        for Entry { place, thing } in &entries {
            let (session, item) = self.read(tenant, thing.session_id).await?;
            let erased = session.erased(occasion.now);
            let sealing = Sealing { subject: Subject::session(thing.session_id), key: None };
            let notes = [Note::new("session.erased")];
            let (with_entry, change) = self.change(transaction, actor, (&erased, &item), (&sealing, &notes))?;
            let entry = Change::of(listing.key(place));
            transaction = self
                .trails
                .forget(with_entry, tenant, &sealing.subject)
                .update(&self.table, change.set("erased", &true)?, |_| Error::Stale)
                .delete(&self.table, entry, |_| Error::Stale);
        }
        let sessions_redacted = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { sessions_redacted, ..ErasureCounts::default() };
        Ok(Some((transaction, counts)).filter(|_| !entries.is_empty()))
    }

    async fn read(&self, tenant: Tenant, session_id: Uuid) -> Result<(Session, SessionItem), Error> {
        let item: SessionItem =
            self.database.get(&self.table, &key(tenant, session_id)).await?.ok_or(Refusal::NotFound(Thing::Session))?;
        serde_json::from_str(&item.session)
            .map(|session| (session, item))
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

//! DPDP sessions, each in an item of its own. The session is stored as JSON text,
//! because metadata may have deeper nesting and other numbers than attributes can.

use crate::{
    domain::{
        DomainError, RequestContext, ResourceKind, Tenant,
        audit::{Actor, AuditEvent, Chain, Subject, SubjectKey},
        dpdp_session::{Session, SessionPatch, SessionPurpose},
        erasure::ErasureCounts,
        event::{Event, EventType},
        identifiers::PrincipalId,
        state_tag::{ExpectedState, StateTag, Tagged},
    },
    store::{
        AuditTrails, Database, Error, Events, NewEvent, PageRequest, UnitOfWork,
        audit_trails::{AuditAppend, KeyOwner},
        change::Change,
        key::Key,
        listing::{Entry, Listing, of_principal},
    },
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many sessions one step of an erasure handles, with four changes each. Each
/// session's text is written again.
const ERASED_AT_ONCE: usize = 10;

/// The DPDP sessions.
#[derive(Clone)]
pub struct DpdpSessions {
    database: Database,
    table: String,
    trails: AuditTrails,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SessionItem {
    /// The session as JSON text.
    pub(super) session: String,
    /// The number of changes. A change is written only if this number is still the one that was read.
    revision: u64,
    /// Its audit trail.
    pub(super) chain: Chain,
    /// Whether the person was erased from it. After that it does not change.
    #[serde(default)]
    pub(super) erased: bool,
}

/// An entry of a person's list: the id of a session.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionPointer {
    pub(super) session_id: Uuid,
}

impl DpdpSessions {
    /// The table that `DPDP_SESSIONS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("DPDP_SESSIONS_TABLE"),
            trails: AuditTrails::new(database),
        }
    }

    /// Begins a session.
    pub fn create(&self, unit: &mut UnitOfWork, actor: Actor, session: Session) -> Result<Tagged<Session>, Error> {
        let tenant = actor.tenant;
        let owner = KeyOwner { subject: Subject::session(session.session_id), kept_until: None };
        let (chain, subject_key) = self.trails.begin(unit, actor, owner, &session.created())?;
        let item = SessionItem { session: text_of(&session)?, revision: 0, chain, erased: false };
        unit.create_new(&self.table, &key(tenant, session.session_id), &item)?;
        if let Some(principal_id) = &session.data_principal_id {
            let named = of_principal(principal_id);
            let entry = Listing::of_one(&self.table, tenant, &named).key(&unit.context().ulid().to_string());
            let pointer = SessionPointer { session_id: session.session_id };
            unit.create_new(&self.table, &entry, &pointer)?;
        }
        unit.seal_response_under(subject_key);
        Ok(tagged(session, item.revision))
    }

    /// A session as it is now.
    pub async fn get(&self, tenant: Tenant, session_id: Uuid) -> Result<Tagged<Session>, Error> {
        self.read(tenant, session_id).await.map(|(session, item)| tagged(session, item.revision))
    }

    /// Changes a session that is in an expected state and neither erased nor closed. A
    /// patch that changes nothing writes nothing.
    pub async fn update(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        session_id: Uuid,
        patch: &SessionPatch,
        expected: &ExpectedState,
        feeds: &Events,
    ) -> Result<Tagged<Session>, Error> {
        let subject_key = self.trails.subject_key(actor.tenant, Subject::session(session_id));
        let ((session, item), subject_key) = try_join(self.read(actor.tenant, session_id), subject_key).await?;
        expected.require(&StateTag::new(item.revision))?;
        if item.erased {
            return Err(DomainError::AlreadyErased.into());
        }
        let next = session.patched(patch, unit.context().now)?;
        if next == session {
            return Ok(tagged(next, item.revision));
        }
        let told = changed_purposes(&session, &next, &item, unit.context());
        let events = session.changed(&next, told.as_ref().map(|event| event.id));
        if let Some(event) = told {
            let feed = feeds.feed(actor.tenant).await?;
            feed.add(unit, NewEvent { event, principal: None, kept_until: None })?;
        }
        let change = self.change(unit, actor, &next, &item, &subject_key, &events)?;
        unit.update(&self.table, change, Error::Stale);
        unit.seal_response_under(subject_key);
        Ok(tagged(next, item.revision + 1))
    }

    /// The change from the session that was read to the next, on condition that it
    /// has not changed meanwhile. The events are appended to its trail.
    fn change(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        next: &Session,
        item: &SessionItem,
        subject_key: &SubjectKey,
        events: &[AuditEvent],
    ) -> Result<Change, Error> {
        let append = AuditAppend { actor, subject_key, chain: &item.chain, kept_until: None };
        let chain = self.trails.append(unit, &append, events)?;
        let change = Change::of(key(actor.tenant, next.session_id))
            .when("revision", &item.revision)?
            .set("revision", &(item.revision + 1))?
            .set("chain", &chain)?
            .set("session", &text_of(next)?)?;
        Ok(change)
    }

    /// Erases a person from some of their sessions and counts these. `None` if no
    /// session names the person.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        principal_id: &PrincipalId,
    ) -> Result<Option<ErasureCounts>, Error> {
        let tenant = actor.tenant;
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let page = PageRequest { limit: ERASED_AT_ONCE, after: None };
        let entries: Vec<Entry<SessionPointer>> = listing.read(&self.database, &page).await?.items;
        for entry in &entries {
            let (session, item) = self.read(tenant, entry.item.session_id).await?;
            let erased = session.erased(unit.context().now);
            let subject_key = SubjectKey { subject: Subject::session(session.session_id), key: None };
            let events = [AuditEvent::new("session.erased")];
            let change = self.change(unit, actor, &erased, &item, &subject_key, &events)?;
            self.trails.delete_key(unit, tenant, &subject_key.subject);
            unit.update(&self.table, change.set("erased", &true)?, Error::Stale).delete(
                &self.table,
                Change::of(listing.key(&entry.position)),
                Error::Stale,
            );
        }
        let sessions_redacted = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { sessions_redacted, ..ErasureCounts::default() };
        Ok(Some(counts).filter(|_| !entries.is_empty()))
    }

    async fn read(&self, tenant: Tenant, session_id: Uuid) -> Result<(Session, SessionItem), Error> {
        let item: SessionItem = self
            .database
            .get(&self.table, &key(tenant, session_id))
            .await?
            .ok_or(DomainError::NotFound(ResourceKind::Session))?;
        serde_json::from_str(&item.session)
            .map(|session| (session, item))
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

/// The event of a change of the session's purposes, which the next entry of its trail names.
fn changed_purposes(session: &Session, next: &Session, item: &SessionItem, context: &RequestContext) -> Option<Event> {
    let names = |purposes: Vec<SessionPurpose>| purposes.iter().map(ToString::to_string).collect();
    let event = Event {
        session_id: Some(session.session_id),
        purposes: names(session.purposes_beyond(next)),
        added_purposes: names(next.purposes_beyond(session)),
        subject_sequence: Some(item.chain.length + 1),
        ..Event::new(EventType::SessionConsentChanged, context)
    };
    (!event.purposes.is_empty() || !event.added_purposes.is_empty()).then_some(event)
}

fn tagged(session: Session, revision: u64) -> Tagged<Session> {
    Tagged { resource: session, tag: StateTag::new(revision) }
}

fn text_of(session: &Session) -> Result<String, Error> {
    serde_json::to_string(session).map_err(|error| Error::Internal(error.to_string()))
}

pub(super) fn key(tenant: Tenant, session_id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&session_id.to_string()], &["session"])
}

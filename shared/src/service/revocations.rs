//! Revoking a grant, which ends what is granted by the records beneath it: those that name the
//! grant or one of its descendants.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant, Timestamp,
        audit::{Actor, AuditEvent},
        consent_record::PurposeState,
        event::{Event, EventRecord},
        grant::{Grant, GrantSummary},
        identifiers::{GrantId, RecordId},
        state_tag::ExpectedState,
    },
    store::{ConsentRecords, Database, Error, Events, Grants, NewEvent, REVOKED, UnitOfWork},
};
use futures_util::future::try_join;
use std::collections::HashSet;

/// How many purposes of records an event names, so that it fits an item however much is granted beneath. Whoever must
/// know all of them reads them again.
pub(super) const NAMED: usize = 1_000;

/// Revokes grants.
pub struct Revocations {
    grants: Grants,
    records: ConsentRecords,
    events: Events,
}

impl Revocations {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { grants: Grants::new(database), records: ConsentRecords::new(database), events: Events::new(database) }
    }

    /// Revokes a grant that is in an expected state, and thereby all its descendants.
    /// A grant that was revoked before keeps the time of its first revocation.
    pub async fn revoke(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        grant_id: GrantId,
        expected: &ExpectedState,
    ) -> Result<(), Error> {
        let tenant = actor.tenant;
        let found = self.grants.find(tenant, grant_id).await?.ok_or(DomainError::NotFound(ResourceKind::Grant))?;
        expected.require(&found.tag(unit.context().now))?;
        self.revoke_found(unit, actor, &found.grant, None).await?;
        // A concurrent revocation of an ancestor changes the state, which then is not
        // the expected one.
        if *expected != ExpectedState::Any && found.revoked_at.is_none() {
            self.grants.require_unrevoked_ancestors(unit, tenant, &found.grant);
        }
        Ok(())
    }

    /// Revokes the grant of a record together with the withdrawal of the record, unless it is already revoked.
    pub(super) async fn revoke_with_record(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        grant_id: GrantId,
        record_id: RecordId,
    ) -> Result<(), Error> {
        let grant = self.grants.of_record(actor.tenant, grant_id).await?;
        self.revoke_found(unit, actor, &grant, Some(record_id)).await
    }

    async fn revoke_found(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        grant: &Grant,
        withdrawn: Option<RecordId>,
    ) -> Result<(), Error> {
        if grant.revoked_at.is_some() {
            return Ok(());
        }
        let feed = self.events.feed(actor.tenant).await?;
        let mut beneath = match self.beneath(actor.tenant, grant, unit.context().now).await {
            // A revocation is not refused because a person has so many records.
            Err(Error::Domain(DomainError::TooManyOfPerson)) => Vec::new(),
            beneath => beneath?,
        };
        // What is withdrawn at the same time has an event of its own.
        beneath.retain(|record| Some(record.record_id) != withdrawn);
        let mut named = 0;
        beneath.retain(|record| {
            named += record.purposes.len();
            named <= NAMED
        });
        let event = Event::of_grant(grant, beneath, unit.context());
        let entry = AuditEvent::new(REVOKED).with_some("recordId", withdrawn).with("eventId", event.id);
        self.grants.revoke(unit, actor, grant, &entry)?;
        feed.add(unit, NewEvent { event, principal: None, kept_until: None })
    }

    /// What is granted beneath a grant, record by record. This is read again when recipients are told of a revocation,
    /// because a record can be written in the same moment. What was revoked beneath by itself is told by itself.
    pub(crate) async fn beneath(
        &self,
        tenant: Tenant,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<Vec<EventRecord>, Error> {
        let Some(principal_id) = &grant.principal_id else { return Ok(Vec::new()) };
        // The futures of database calls are large.
        let grants = self.grants.summaries(tenant, principal_id);
        let records = Box::pin(self.records.summaries(tenant, principal_id));
        let (grants, records) = try_join(Box::pin(grants), records).await?;
        let revoked: HashSet<GrantId> =
            grants.iter().filter(|summary| summary.revoked_at.is_some()).map(|summary| summary.grant_id).collect();
        let within = |summary: &&GrantSummary| {
            let path = summary.ancestors.iter().chain([&summary.grant_id]);
            let mut path = path.skip_while(|id| **id != grant.grant_id);
            path.next().is_some() && path.all(|id| !revoked.contains(id))
        };
        let within: HashSet<GrantId> = grants.iter().filter(within).map(|summary| summary.grant_id).collect();
        let live = records.into_iter().filter_map(|summary| {
            let granted = summary.purposes.iter().filter(|purpose| purpose.state == PurposeState::Granted);
            let purposes: Vec<String> = granted.map(|purpose| purpose.code.to_string()).collect();
            let beneath = summary.grant_id.is_some_and(|id| within.contains(&id));
            let live = beneath && !summary.has_expired(now) && !purposes.is_empty();
            live.then_some(EventRecord { record_id: summary.record_id, purposes, subject_sequence: None })
        });
        Ok(live.collect())
    }
}

//! Requests for erasure, each in an item of its own that does not name the person.
//! A further item under a pseudonym of the person has the id of the person's last
//! request. The pseudonym is an HMAC of the person's id with a secret of the
//! deployment.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Subject, SubjectKey},
        erasure::ErasureRequest,
        identifiers::{ErasureRequestId, PrincipalId},
    },
    store::{AuditTrails, Database, Error, UnitOfWork, audit_trails::AuditAppend, change::Change, key::Key},
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

const REQUEST_ID: &str = "requestId";
const REVISION: &str = "revision";

/// The requests for erasure.
#[derive(Clone)]
pub struct ErasureRequests {
    database: Database,
    table: String,
    trails: AuditTrails,
}

/// Makes the pseudonyms of persons.
pub struct Pseudonyms(Hmac<Sha256>);

/// The key of the item that has the id of a person's last request.
pub(crate) struct LastRequestKey(Key);

impl LastRequestKey {
    /// Its partition key, which is not another person's.
    pub(crate) fn partition(&self) -> &str {
        self.0.partition_text()
    }
}

/// A person's last request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LastRequest {
    pub(super) request_id: ErasureRequestId,
}

impl Pseudonyms {
    /// With this secret, of any length.
    pub fn new(secret: &str) -> Result<Self, Error> {
        Hmac::new_from_slice(secret.as_bytes()).map(Self).map_err(|error| Error::Internal(error.to_string()))
    }

    /// With the environment's `PSEUDONYM_SECRET`.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        let secret = database.environment().variable("PSEUDONYM_SECRET");
        Self::new(&secret.ok_or_else(|| Error::Internal("PSEUDONYM_SECRET is not set".to_owned()))?)
    }

    /// The key of the item that has the id of a person's last request.
    pub(crate) fn last_request(&self, tenant: Tenant, principal_id: &PrincipalId) -> LastRequestKey {
        let pseudonym = self.pseudonym("", tenant, principal_id);
        LastRequestKey(Key::of_tenant(tenant, &["pseudonym", &pseudonym], &["last"]))
    }

    /// The name of a person in the log of consent checks.
    pub(crate) fn in_check_log(&self, tenant: Tenant, principal_id: &PrincipalId) -> String {
        self.pseudonym("consent-check", tenant, principal_id)
    }

    /// The name of a person in the keys of withdrawals that are in progress.
    pub(crate) fn in_withdrawals(&self, tenant: Tenant, principal_id: &PrincipalId) -> String {
        self.pseudonym("withdrawal", tenant, principal_id)
    }

    /// Pseudonyms for different uses cannot be matched.
    fn pseudonym(&self, usage: &str, tenant: Tenant, principal_id: &PrincipalId) -> String {
        let mut code = self.0.clone();
        code.update(usage.as_bytes());
        code.update(tenant.to_string().as_bytes());
        code.update(principal_id.as_str().as_bytes());
        hex::encode(code.finalize().into_bytes())
    }
}

impl ErasureRequests {
    /// The table that `ERASURE_REQUESTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("ERASURE_REQUESTS_TABLE"),
            trails: AuditTrails::new(database),
        }
    }

    /// A request as it is now.
    pub async fn get(&self, tenant: Tenant, request_id: ErasureRequestId) -> Result<ErasureRequest, Error> {
        self.database
            .get(&self.table, &key(tenant, request_id))
            .await?
            .ok_or_else(|| DomainError::NotFound(ResourceKind::ErasureRequest).into())
    }

    /// The last request for a person, if there was one.
    pub(crate) async fn last(&self, tenant: Tenant, last: &LastRequestKey) -> Result<Option<ErasureRequest>, Error> {
        match self.database.get::<LastRequest>(&self.table, &last.0).await? {
            Some(last) => self.get(tenant, last.request_id).await.map(Some),
            None => Ok(None),
        }
    }

    /// A person's last request, if it was made at this moment or later.
    pub async fn requested_since(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        pseudonyms: &Pseudonyms,
        moment: Timestamp,
    ) -> Result<Option<ErasureRequestId>, Error> {
        let last = pseudonyms.last_request(tenant, principal_id);
        let last: Option<LastRequest> = self.database.get(&self.table, &last.0).await?;
        let request = last.map(|last| last.request_id);
        Ok(request.filter(|request| request.moment().is_some_and(|made| made >= moment)))
    }

    /// Stores a new request as the last one for its person, on condition that
    /// `earlier` was the last one before. `last` is the key of the person's last
    /// request.
    pub(crate) fn create(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        last: &LastRequestKey,
        earlier: Option<&ErasureRequest>,
        request: &ErasureRequest,
    ) -> Result<ErasureRequest, Error> {
        let request = self.with_event(unit, actor, request, &AuditEvent::new("erasure.requested"))?;
        unit.create_new(&self.table, &key(actor.tenant, request.request_id), &request)?;
        match earlier {
            None => {
                let item = LastRequest { request_id: request.request_id };
                unit.create(&self.table, &last.0, &item, Error::Stale)?;
            }
            Some(earlier) => {
                let change = Change::of(last.0.clone())
                    .when(REQUEST_ID, &earlier.request_id)?
                    .set(REQUEST_ID, &request.request_id)?;
                unit.update(&self.table, change, Error::Stale);
            }
        }
        Ok(request)
    }

    /// Completes a request.
    pub(crate) fn complete(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        request: &ErasureRequest,
    ) -> Result<ErasureRequest, Error> {
        let next = request.completed(unit.context().now);
        let event = AuditEvent::new("erasure.completed").with("counts", next.counts);
        let next = self.with_event(unit, actor, &next, &event)?;
        self.advance(unit, actor.tenant, request, &next)?;
        Ok(next)
    }

    /// Changes a request from the state that was read to the next.
    pub(crate) fn advance(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        request: &ErasureRequest,
        next: &ErasureRequest,
    ) -> Result<(), Error> {
        let mut change = Change::of(key(tenant, request.request_id))
            .when(REVISION, &request.revision)?
            .set(REVISION, &next.revision)?
            .set("status", &next.status)?
            .set("counts", &next.counts)?
            .set("chain", &next.chain)?;
        if let Some(completed_at) = next.completed_at {
            change = change.set("completedAt", &completed_at)?;
        }
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    /// Appends an event to a request's trail and returns the request with the new
    /// chain. The trail has no personal data, because a request names no person.
    fn with_event(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        request: &ErasureRequest,
        event: &AuditEvent,
    ) -> Result<ErasureRequest, Error> {
        let subject_key = SubjectKey { subject: Subject::erasure(request.request_id), key: None };
        let append = AuditAppend { actor, subject_key: &subject_key, chain: &request.chain, kept_until: None };
        let chain = self.trails.append(unit, &append, std::slice::from_ref(event))?;
        Ok(ErasureRequest { chain, ..request.clone() })
    }
}

pub(super) fn key(tenant: Tenant, request_id: ErasureRequestId) -> Key {
    Key::of_tenant(tenant, &[&request_id.to_string()], &["request"])
}

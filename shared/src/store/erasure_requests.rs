//! Requests for erasure, each an item of its own that does not name the person.
//! Whose the last one was is told by a pseudonym: a code that only the
//! deployment's secret makes of a person's id.
//!
//! An erasure is made of steps, each a transaction that takes something away
//! and counts it on the request. Wherever it stops, what was taken away is
//! counted, and the same call takes away the rest.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing,
        audit::{Actor, Note, Subject},
        erasure::{ErasureCounts, ErasureRequest, ErasureStatus},
        identifiers::{ErasureRequestId, PrincipalId},
    },
    store::{
        AuditTrails, ConsentRecords, Database, DpdpSessions, Effect, Error, Exports, Grants, Grievances, Sealing,
        SiteUsers,
        audit_trails::Appending,
        database::table,
        key::Key,
        transaction::{Change, Transaction, until_current},
    },
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

const REQUEST_ID: &str = "requestId";
const REVISION: &str = "revision";
/// How many steps one call takes: what is left then waits for the next call.
const STEPS: usize = 60;
/// After how many milliseconds a call takes no further step: well below the
/// functions' own 10 seconds.
const LONG_ENOUGH: i64 = 5_000;

/// The requests for erasure.
#[derive(Clone)]
pub struct ErasureRequests {
    database: Database,
    table: String,
    trails: AuditTrails,
}

/// All that a person may be in, and what tells their requests.
pub struct Traces {
    pseudonyms: Hmac<Sha256>,
    records: ConsentRecords,
    grants: Grants,
    sessions: DpdpSessions,
    grievances: Grievances,
    exports: Exports,
    site_users: SiteUsers,
}

/// A person's last request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LastRequest {
    request_id: ErasureRequestId,
}

impl Traces {
    /// With the secret that makes pseudonyms, of any length.
    pub fn new(database: &Database, secret: &str) -> Result<Self, Error> {
        Ok(Self {
            pseudonyms: Hmac::new_from_slice(secret.as_bytes()).map_err(|error| Error::Fault(error.to_string()))?,
            records: ConsentRecords::new(database),
            grants: Grants::new(database),
            sessions: DpdpSessions::new(database),
            grievances: Grievances::new(database),
            exports: Exports::new(database),
            site_users: SiteUsers::new(database),
        })
    }

    /// The next thing to take away, if anything is left. Grants come first:
    /// without them no new record comes up behind.
    async fn step<'call>(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        request: &ErasureRequest,
        occasion: Occasion<'call>,
    ) -> Result<Option<(Transaction<'call>, ErasureCounts)>, Error> {
        if let Some(step) = self.grants.erase_some(actor, principal_id, request.submitted_at, occasion).await? {
            return Ok(Some(step));
        }
        if let Some(step) = self.records.erase_some(actor, principal_id, occasion).await? {
            return Ok(Some(step));
        }
        if let Some(step) = self.grievances.erase_some(actor, principal_id, occasion).await? {
            return Ok(Some(step));
        }
        if let Some(step) = self.exports.erase_some(actor.tenant, principal_id, occasion).await? {
            return Ok(Some(step));
        }
        if let Some(step) = self.sessions.erase_some(actor, principal_id, occasion).await? {
            return Ok(Some(step));
        }
        self.site_users.erase_some(actor.tenant, principal_id, occasion).await
    }

    fn pseudonym_key(&self, tenant: Tenant, principal_id: &PrincipalId) -> Key {
        let mut code = self.pseudonyms.clone();
        code.update(tenant.to_string().as_bytes());
        code.update(principal_id.as_str().as_bytes());
        Key::of_tenant(tenant, &["pseudonym", &hex::encode(code.finalize().into_bytes())], &["last"])
    }
}

impl ErasureRequests {
    /// The table that `ERASURE_REQUESTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: table("ERASURE_REQUESTS_TABLE", "ErasureRequestsTable"),
            trails: AuditTrails::new(database),
        }
    }

    /// A request.
    pub async fn get(&self, tenant: Tenant, request_id: ErasureRequestId) -> Result<ErasureRequest, Error> {
        self.database
            .get(&self.table, &key(tenant, request_id))
            .await?
            .ok_or_else(|| Refusal::NotFound(Thing::ErasureRequest).into())
    }

    /// Takes a person out of everything, as far as one call gets: by the last
    /// request, unless that is completed and the person has come to be in
    /// something since. The effect completes it, if nothing is left.
    pub async fn erase<'call>(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        traces: &Traces,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, ErasureRequest>, Error> {
        let mut request = until_current(async || self.begun(actor, principal_id, traces, occasion).await).await?;
        for step in 0..STEPS {
            let done = request.status == ErasureStatus::Completed;
            if done || (step > 0 && occasion.age() > LONG_ENOUGH) {
                break;
            }
            let Some((step, counts)) = traces.step(actor, principal_id, &request, occasion).await? else {
                let next = request.completed(occasion.now);
                let note = Note::new("erasure.completed").with("counts", next.counts);
                let (last, next) = self.noted(Transaction::new(occasion), actor, &next, &note)?;
                return Ok(self.advance(last, actor.tenant, &request, &next)?.to(next));
            };
            let next = request.after(counts);
            request = match self.advance(step, actor.tenant, &request, &next)?.commit(&self.database).await {
                Ok(()) => next,
                // Something changed meanwhile, or another call takes its steps too.
                Err(Error::Stale) => self.get(actor.tenant, request.request_id).await?,
                Err(error) => return Err(error),
            };
        }
        Ok(Transaction::new(occasion).to(request))
    }

    /// Refuses a person whom nothing names or ever named.
    pub async fn require_known(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        traces: &Traces,
        occasion: Occasion<'_>,
    ) -> Result<(), Error> {
        let last: Option<LastRequest> =
            self.database.get(&self.table, &traces.pseudonym_key(actor.tenant, principal_id)).await?;
        let request = ErasureRequest::submit(occasion);
        if last.is_some() || traces.step(actor, principal_id, &request, occasion).await?.is_some() {
            return Ok(());
        }
        Err(Refusal::NotFound(Thing::DataPrincipal).into())
    }

    /// The request that is to be driven onward, or was completed.
    async fn begun(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        traces: &Traces,
        occasion: Occasion<'_>,
    ) -> Result<ErasureRequest, Error> {
        let tenant = actor.tenant;
        let pseudonym = traces.pseudonym_key(tenant, principal_id);
        let last: Option<LastRequest> = self.database.get(&self.table, &pseudonym).await?;
        let earlier = match &last {
            Some(last) => Some(self.get(tenant, last.request_id).await?),
            None => None,
        };
        if let Some(earlier) = &earlier
            && earlier.status == ErasureStatus::InProgress
        {
            return Ok(earlier.clone());
        }
        let request = ErasureRequest::submit(occasion);
        if traces.step(actor, principal_id, &request, occasion).await?.is_none() {
            return earlier.ok_or_else(|| Refusal::NotFound(Thing::DataPrincipal).into());
        }
        let note = Note::new("erasure.requested");
        let (transaction, request) = self.noted(Transaction::new(occasion), actor, &request, &note)?;
        let transaction = transaction.create_fresh(&self.table, &key(tenant, request.request_id), &request)?;
        let transaction = match last {
            None => {
                let last = LastRequest { request_id: request.request_id };
                transaction.create_or(&self.table, &pseudonym, &last, Error::Stale)?
            }
            Some(last) => {
                let change =
                    Change::of(pseudonym).when(REQUEST_ID, &last.request_id)?.set(REQUEST_ID, &request.request_id)?;
                transaction.update(&self.table, change, |_| Error::Stale)
            }
        };
        transaction.commit(&self.database).await?;
        Ok(request)
    }

    /// Adds to a transaction what a request's trail tells of it. The person is
    /// not in it: a request names nobody.
    fn noted<'call>(
        &self,
        transaction: Transaction<'call>,
        actor: Actor,
        request: &ErasureRequest,
        note: &Note,
    ) -> Result<(Transaction<'call>, ErasureRequest), Error> {
        let sealing = Sealing { subject: Subject::erasure(request.request_id), key: None };
        let appending = Appending { actor, sealing: &sealing, chain: &request.chain, kept_until: None };
        let (transaction, chain) = self.trails.append(transaction, &appending, std::slice::from_ref(note))?;
        Ok((transaction, ErasureRequest { chain, ..request.clone() }))
    }

    /// Adds to a transaction that the request comes this far by it.
    fn advance<'call>(
        &self,
        transaction: Transaction<'call>,
        tenant: Tenant,
        request: &ErasureRequest,
        next: &ErasureRequest,
    ) -> Result<Transaction<'call>, Error> {
        let mut change = Change::of(key(tenant, request.request_id))
            .when(REVISION, &request.revision)?
            .set(REVISION, &next.revision)?
            .set("status", &next.status)?
            .set("counts", &next.counts)?
            .set("chain", &next.chain)?;
        if let Some(completed_at) = next.completed_at {
            change = change.set("completedAt", &completed_at)?;
        }
        Ok(transaction.update(&self.table, change, |_| Error::Stale))
    }
}

fn key(tenant: Tenant, request_id: ErasureRequestId) -> Key {
    Key::of_tenant(tenant, &[&request_id.to_string()], &["request"])
}

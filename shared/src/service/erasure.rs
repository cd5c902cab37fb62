//! To erase a person.
//!
//! An erasure is made of steps, each a unit of work that takes something away
//! and counts it on the request. Wherever it stops, what was taken away is
//! counted, and the same call takes away the rest.

use crate::{
    domain::{
        DomainError, RequestContext, ResourceKind,
        audit::Actor,
        erasure::{ErasureCounts, ErasureRequest, ErasureStatus},
        identifiers::PrincipalId,
    },
    store::{
        ConsentRecords, Database, DpdpSessions, ErasureRequests, Error, Exports, Grants, Grievances, Pseudonyms,
        SiteUsers, UnitOfWork, until_current,
    },
};

/// How many steps one call takes at the most; the next call takes the rest.
const STEPS: usize = 60;
/// After how many milliseconds a call takes no further step: well below the
/// functions' own 10 seconds.
const LONG_ENOUGH: i64 = 5_000;

/// Erases persons.
pub struct Erasures {
    database: Database,
    requests: ErasureRequests,
    pseudonyms: Pseudonyms,
    records: ConsentRecords,
    grants: Grants,
    sessions: DpdpSessions,
    grievances: Grievances,
    exports: Exports,
    site_users: SiteUsers,
}

impl Erasures {
    /// With the tables that the environment names, and its `PSEUDONYM_SECRET`.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        let secret = database.environment().variable("PSEUDONYM_SECRET");
        let secret = secret.ok_or_else(|| Error::Internal("PSEUDONYM_SECRET is not set".to_owned()))?;
        Ok(Self {
            database: database.clone(),
            requests: ErasureRequests::new(database),
            pseudonyms: Pseudonyms::new(&secret)?,
            records: ConsentRecords::new(database),
            grants: Grants::new(database),
            sessions: DpdpSessions::new(database),
            grievances: Grievances::new(database),
            exports: Exports::new(database),
            site_users: SiteUsers::new(database),
        })
    }

    /// Takes a person out of everything, as far as one call gets: by the last
    /// request, unless that is completed and something names the person again.
    /// Every step but the last is committed here. The last one, which completes
    /// the request, is left to `unit`.
    pub async fn erase(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        principal_id: &PrincipalId,
    ) -> Result<ErasureRequest, Error> {
        let context = unit.context().clone();
        let mut request = until_current(|| self.begin(&context, actor, principal_id)).await?;
        for step in 0..STEPS {
            let completed = request.status == ErasureStatus::Completed;
            if completed || (step > 0 && context.age() > LONG_ENOUGH) {
                break;
            }
            let mut step = UnitOfWork::new(&context);
            let Some(counts) = self.step(&mut step, actor, principal_id, &request).await? else {
                return self.requests.complete(unit, actor, &request);
            };
            let next = request.after(counts);
            self.requests.advance(&mut step, actor.tenant, &request, &next)?;
            request = match step.commit(&self.database).await {
                Ok(()) => next,
                // Something changed meanwhile, or another call takes its steps too.
                Err(Error::Stale) => self.requests.get(actor.tenant, request.request_id).await?,
                Err(error) => return Err(error),
            };
        }
        Ok(request)
    }

    /// Fails where nothing names the person, or ever did.
    pub async fn require_known(
        &self,
        context: &RequestContext,
        actor: Actor,
        principal_id: &PrincipalId,
    ) -> Result<(), Error> {
        let last = self.pseudonyms.last_request(actor.tenant, principal_id);
        if self.requests.last(actor.tenant, &last).await?.is_some() {
            return Ok(());
        }
        let request = ErasureRequest::submit(context);
        let mut step = UnitOfWork::new(context);
        match self.step(&mut step, actor, principal_id, &request).await? {
            Some(_) => Ok(()),
            None => Err(DomainError::NotFound(ResourceKind::DataPrincipal).into()),
        }
    }

    /// The request that is to be driven onward, or was completed; a new one,
    /// where something names the person again.
    async fn begin(
        &self,
        context: &RequestContext,
        actor: Actor,
        principal_id: &PrincipalId,
    ) -> Result<ErasureRequest, Error> {
        let last = self.pseudonyms.last_request(actor.tenant, principal_id);
        let earlier = self.requests.last(actor.tenant, &last).await?;
        if let Some(earlier) = &earlier
            && earlier.status == ErasureStatus::InProgress
        {
            return Ok(earlier.clone());
        }
        let request = ErasureRequest::submit(context);
        let mut first_step = UnitOfWork::new(context);
        if self.step(&mut first_step, actor, principal_id, &request).await?.is_none() {
            return earlier.ok_or_else(|| DomainError::NotFound(ResourceKind::DataPrincipal).into());
        }
        let mut begun = UnitOfWork::new(context);
        let request = self.requests.create(&mut begun, actor, (&last, earlier.as_ref()), &request)?;
        begun.commit(&self.database).await?;
        Ok(request)
    }

    /// The next step, and what it takes away; `None` where nothing is left.
    /// Grants come first: without them no new record can be made behind it.
    async fn step(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        principal_id: &PrincipalId,
        request: &ErasureRequest,
    ) -> Result<Option<ErasureCounts>, Error> {
        if let Some(counts) = self.grants.erase_some(unit, actor, principal_id, request.submitted_at).await? {
            return Ok(Some(counts));
        }
        if let Some(counts) = self.records.erase_some(unit, actor, principal_id).await? {
            return Ok(Some(counts));
        }
        if let Some(counts) = self.grievances.erase_some(unit, actor, principal_id).await? {
            return Ok(Some(counts));
        }
        if let Some(counts) = self.exports.erase_some(unit, actor.tenant, principal_id).await? {
            return Ok(Some(counts));
        }
        if let Some(counts) = self.sessions.erase_some(unit, actor, principal_id).await? {
            return Ok(Some(counts));
        }
        self.site_users.erase_some(unit, actor.tenant, principal_id).await
    }
}

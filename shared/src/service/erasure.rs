//! Erasing a person.
//!
//! An erasure consists of steps. Each step is a unit of work that erases some data
//! and counts it in the erasure request. If an erasure stops before its end, the
//! counts are correct, and the same call again continues it.

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

/// The most steps of one call. The next call continues.
const STEPS: usize = 60;
/// The age of a request, in milliseconds, after which it begins no further step:
/// well below the functions' time limit of 10 seconds.
const LATEST_STEP: i64 = 5_000;

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

    /// Erases a person, as far as one call can. It continues the person's last
    /// erasure request, unless that is completed and new data names the person. All
    /// steps but the last are committed here. The last one, which completes the
    /// request, is added to `unit`.
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
            if completed || (step > 0 && context.age() > LATEST_STEP) {
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
                // The data has changed meanwhile, or a concurrent call has made a step.
                Err(Error::Stale) => self.requests.get(actor.tenant, request.request_id).await?,
                Err(error) => return Err(error),
            };
        }
        Ok(request)
    }

    /// Fails if no data names the person and the person was never erased.
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

    /// The person's last request, or a new one if the last is completed and new data
    /// names the person.
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
        let request = self.requests.create(&mut begun, actor, &last, earlier.as_ref(), &request)?;
        begun.commit(&self.database).await?;
        Ok(request)
    }

    /// Adds the next step to `unit` and returns its counts; `None` if no data is left.
    /// Grants come first: without them no new record can be created meanwhile.
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

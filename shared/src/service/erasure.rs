//! Erasing a person.
//!
//! An erasure consists of [steps](super::steps). Each erases some data and counts it in
//! the erasure request.

use crate::{
    domain::{
        DomainError, RequestContext, ResourceKind, Timestamp,
        audit::Actor,
        erasure::{ErasureCounts, ErasureRequest},
        identifiers::PrincipalId,
        progress::Progress,
    },
    service::steps::{Steps, carry_out},
    store::{
        ConsentRecords, Database, DpdpSessions, ErasureRequests, Error, Events, Exports, Feed, Grants, Grievances,
        Pseudonyms, Repair, SiteUsers, UnitOfWork, until_current,
    },
};
use std::collections::HashMap;

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
    events: Events,
}

impl Erasures {
    /// With the tables that the environment names, and its `PSEUDONYM_SECRET`.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        Ok(Self {
            database: database.clone(),
            requests: ErasureRequests::new(database),
            pseudonyms: Pseudonyms::from_environment(database)?,
            records: ConsentRecords::new(database),
            grants: Grants::new(database),
            sessions: DpdpSessions::new(database),
            grievances: Grievances::new(database),
            exports: Exports::new(database),
            site_users: SiteUsers::new(database),
            events: Events::new(database),
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
        let feed = &self.events.feed(actor.tenant).await?;
        let request = until_current(|| self.begin(&context, actor, principal_id, feed)).await?;
        let steps = ErasureSteps { erasures: self, actor, principal_id, feed };
        carry_out(&steps, &self.database, unit, request).await
    }

    /// Erases again who was erased since a moment, or was being erased, and came back because tables were restored.
    /// It finds them by their pseudonyms among the persons whom lists name.
    pub async fn replay(&self, since: Timestamp, context: impl Fn() -> RequestContext) -> Result<Replayed, Error> {
        let repair = Repair::new(&self.database, context());
        let mut erased: HashMap<String, ErasureRequest> = HashMap::new();
        for (key, request) in repair.last_requests().await? {
            if request.status == Progress::InProgress || request.completed_at.is_some_and(|at| at >= since) {
                erased.insert(key.partition, request);
            }
        }
        let mut replayed = Replayed { erased: erased.len(), again: 0 };
        let each = async |tenant, person: PrincipalId| {
            let last = self.pseudonyms.last_request(tenant, &person);
            let Some(earlier) = erased.get(last.partition()) else { return Ok(()) };
            let actor = Actor::system(tenant);
            let request = loop {
                let context = context();
                let request = Box::pin(until_current(|| async {
                    let mut unit = UnitOfWork::new(&context);
                    let request = self.erase(&mut unit, actor, &person).await?;
                    unit.commit(&self.database).await?;
                    Ok(request)
                }));
                let request = request.await?;
                if request.status == Progress::Completed {
                    break request;
                }
            };
            // A list of the person may have been left empty by what came before.
            if request.revision != earlier.revision || request.request_id != earlier.request_id {
                erased.insert(last.partition().to_owned(), request);
                replayed.again += 1;
            }
            Ok(())
        };
        repair.persons(each).await?;
        Ok(replayed)
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
        let feed = &self.events.feed(actor.tenant).await?;
        match self.step(&mut step, actor, principal_id, &request, feed).await? {
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
        feed: &Feed<'_>,
    ) -> Result<ErasureRequest, Error> {
        let last = self.pseudonyms.last_request(actor.tenant, principal_id);
        let earlier = self.requests.last(actor.tenant, &last).await?;
        if let Some(earlier) = &earlier
            && earlier.status == Progress::InProgress
        {
            return Ok(earlier.clone());
        }
        let request = ErasureRequest::submit(context);
        let mut first_step = UnitOfWork::new(context);
        if self.step(&mut first_step, actor, principal_id, &request, feed).await?.is_none() {
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
        feed: &Feed<'_>,
    ) -> Result<Option<ErasureCounts>, Error> {
        if let Some(counts) = self.grants.erase_some(unit, actor, principal_id, request.submitted_at, feed).await? {
            return Ok(Some(counts));
        }
        if let Some(counts) = self.records.erase_some(unit, actor, principal_id, feed).await? {
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

/// Erasures that were done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// How many persons were erased since the moment, or were being erased.
    pub erased: usize,
    /// How many of them were erased again.
    pub again: usize,
}

/// The steps of the erasure of a person.
struct ErasureSteps<'a> {
    erasures: &'a Erasures,
    actor: Actor,
    principal_id: &'a PrincipalId,
    feed: &'a Feed<'a>,
}

impl Steps for ErasureSteps<'_> {
    type Request = ErasureRequest;

    fn progress(request: &ErasureRequest) -> Progress {
        request.status
    }

    async fn next(&self, unit: &mut UnitOfWork, request: &ErasureRequest) -> Result<Option<ErasureRequest>, Error> {
        let Some(counts) = self.erasures.step(unit, self.actor, self.principal_id, request, self.feed).await? else {
            return Ok(None);
        };
        let next = request.after(counts);
        self.erasures.requests.advance(unit, self.actor.tenant, request, &next)?;
        Ok(Some(next))
    }

    fn complete(&self, unit: &mut UnitOfWork, request: &ErasureRequest) -> Result<ErasureRequest, Error> {
        self.erasures.requests.complete(unit, self.actor, request)
    }

    async fn current(&self, request: &ErasureRequest) -> Result<ErasureRequest, Error> {
        self.erasures.requests.get(self.actor.tenant, request.request_id).await
    }
}

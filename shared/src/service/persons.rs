//! Whom a delivery is about. Neither an event nor a delivery names the person: the id is read
//! from the consent itself when somebody has to be told.

use crate::{
    domain::{
        DomainError, Tenant,
        audit::Subject,
        delivery::Delivery,
        identifiers::{EventId, PrincipalId},
    },
    store::{AuditTrails, ConsentRecords, Database, DpdpSessions, Error, Events, Grants, StoredEvent},
};

/// Finds persons.
pub struct Persons {
    events: Events,
    records: ConsentRecords,
    grants: Grants,
    sessions: DpdpSessions,
    trails: AuditTrails,
}

/// A person, as far as anything still says who it is.
#[derive(Default)]
pub struct Person {
    /// The id.
    pub id: Option<PrincipalId>,
    /// The commitment to the id, as in the proof of the consent.
    pub commitment: Option<String>,
}

impl Persons {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self {
            events: Events::new(database),
            records: ConsentRecords::new(database),
            grants: Grants::new(database),
            sessions: DpdpSessions::new(database),
            trails: AuditTrails::new(database),
        }
    }

    /// The person that a delivery is about. One who was erased meanwhile is not named, except to say just that.
    pub async fn of(&self, tenant: Tenant, delivery: &Delivery) -> Result<Person, Error> {
        let gone = |error| match error {
            Error::Domain(DomainError::NotFound(_)) => Ok(Person::default()),
            error => Err(error),
        };
        let of_record = match delivery.record_id {
            None => Person::default(),
            Some(record_id) => self.records.whole(tenant, record_id).await.map_or_else(gone, |whole| {
                Ok(Person {
                    id: whole.record.data_principal_id,
                    commitment: Some(whole.details.data_principal_commitment),
                })
            })?,
        };
        if of_record.id.is_some() {
            return Ok(of_record);
        }
        let Some(StoredEvent { event, sealed_principal_id, .. }) = self.events.find(tenant, delivery.event_id).await?
        else {
            return Ok(of_record);
        };
        let id = if let Some(sealed) = sealed_principal_id {
            self.unsealed(tenant, event.id, &sealed).await?
        } else if let Some(grant_id) = event.grant_id {
            self.grants.find(tenant, grant_id).await?.and_then(|found| found.grant.principal_id)
        } else if let Some(session_id) = event.session_id {
            match self.sessions.get(tenant, session_id).await {
                Ok(session) => session.resource.data_principal_id,
                Err(Error::Domain(DomainError::NotFound(_))) => None,
                Err(error) => return Err(error),
            }
        } else {
            None
        };
        Ok(Person { id, ..of_record })
    }

    async fn unsealed(&self, tenant: Tenant, event: EventId, sealed: &str) -> Result<Option<PrincipalId>, Error> {
        let subject = Subject::event(event);
        let purpose = subject.as_str().to_owned();
        let Some(key) = self.trails.subject_key(tenant, subject).await?.key else { return Ok(None) };
        let opened = key.open(sealed, purpose.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
        let opened = opened.and_then(|text| PrincipalId::parse(&text).ok());
        opened.map(Some).ok_or_else(|| Error::Internal("a sealed id cannot be opened".to_owned()))
    }
}

//! A person's consents, and the trail of each record.

use super::{Visit, moment, named};
use crate::{
    api::{Error, Response, operations},
    domain::{
        ResourceKind, Timestamp,
        consent_notice::PurposeCode,
        identifiers::{PrincipalId, RecordId},
    },
    portal::{PersonConsents, date},
    service::Cessations,
    store::{ConsentRecords, Database},
};
use assent_pages::{
    Locale, Text,
    console::{self as pages, Consent, Entry, Person, Recipient, Record},
};
use serde_json::Value;

/// How many entries of a trail the page shows.
const SHOWN: usize = 200;

/// Shows persons.
pub struct ConsolePersons {
    consents: PersonConsents,
}

impl ConsolePersons {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { consents: PersonConsents::new(database) }
    }

    /// The page of a person, or of the form that asks for one.
    pub async fn page(&self, visit: &Visit<'_>, named: Option<&String>) -> Result<Response, Error> {
        let id = named.map(|id| PrincipalId::parse(id)).transpose();
        let id = id.map_err(|invalid| Error::BadRequest(format!("id {}", invalid.0)))?;
        let (decided, shortened) = match &id {
            Some(id) => {
                let (tenant, now) = (visit.request.tenant(), visit.request.context().now);
                self.consents.decided(tenant, id, Locale::En, now).await?
            }
            None => (Vec::new(), None),
        };
        let consents = decided.iter().map(|it| Consent {
            description: Text { text: &it.description, language: &it.language },
            purpose: it.purpose.as_str(),
            notice: it.edition.notice_id.as_str(),
            version: it.edition.version.as_str(),
            state: it.state,
            since: date(it.since),
            until: it.until.map(date),
            record: &it.record,
        });
        let view = Person {
            id: id.as_ref().map(PrincipalId::as_str),
            consents: consents.collect(),
            shortened,
            can_see_records: visit.may(&operations::SHOW_CONSOLE_RECORD),
        };
        Ok(Response::page(200, &pages::person(&visit.frame(), &view)))
    }
}

/// Shows records.
pub struct ConsoleRecords {
    records: ConsentRecords,
    cessations: Cessations,
}

impl ConsoleRecords {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { records: ConsentRecords::new(database), cessations: Cessations::new(database) }
    }

    /// The page of a record: its trail, which is verified, and who had to stop.
    pub async fn page(&self, visit: &Visit<'_>, id: Option<&String>) -> Result<Response, Error> {
        let (tenant, context) = (visit.request.tenant(), visit.request.context());
        let id = id.and_then(|id| RecordId::parse(id).ok()).ok_or(Error::NotFound(ResourceKind::ConsentRecord))?;
        let record = self.records.get(tenant, id).await?;
        // The futures of database calls are large.
        let trail = Box::pin(self.records.trail(tenant, &record)).await?;
        let cessation = Box::pin(self.cessations.unsigned(context, tenant, id)).await?;
        let (name, status) = (id.to_string(), named(record.status(context.now)));
        let codes = |codes: Vec<&PurposeCode>| -> Vec<String> { codes.into_iter().map(ToString::to_string).collect() };
        let (granted, denied) = (codes(record.granted_codes()), codes(record.denied_codes()));
        let recipients = cessation.recipients.iter().map(|recipient| Recipient {
            name: &recipient.name,
            kind: recipient.kind.name(),
            purposes: &recipient.purposes,
            told: recipient.told.map(moment),
            confirmed: recipient.confirmed.map(moment),
            outcome: recipient.outcome.map(named),
            due: recipient.due_at.map(moment),
            overdue: recipient.overdue,
        });
        let view = Record {
            id: &name,
            status: &status,
            notice: record.consent_notice_id.as_str(),
            version: record.consent_notice_version.as_str(),
            granted: &granted,
            denied: &denied,
            first_invalid: trail.first_invalid,
            anonymized: trail.anonymized,
            entries: trail.entries.iter().take(SHOWN).map(entry).collect(),
            left_out: trail.entries.len().saturating_sub(SHOWN),
            recipients: recipients.collect(),
        };
        Ok(Response::page(200, &pages::record(&visit.frame(), &view)))
    }
}

/// What a page shows of an entry of a trail. Whoever can write the table can store any JSON there.
fn entry(entry: &Value) -> Entry<'_> {
    let member = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let members = ["details", "personal"].into_iter().filter_map(|name| entry.get(name)?.as_object()).flatten();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Entry {
        at: Timestamp::parse(member("occurredAt")).ok().map(moment),
        action: member("action"),
        actor: member("actor"),
        details: members.filter(|(_, value)| !value.is_null()).map(|(name, it)| (name.clone(), text(it))).collect(),
    }
}

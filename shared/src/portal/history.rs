//! What happened to a person's consents, and who was told of it.

use super::{CHANNEL, REASON, Visit, date, text};
use crate::{
    api::{Error, Response},
    domain::{
        Timestamp,
        consent_record::{self, WholeRecord},
        delivery::Outcome,
        identifiers::RecordId,
    },
    service::{Cessation, Cessations},
    store::{ConsentRecords, Database, PageRequest},
};
use assent_pages::{
    self as pages, HistoryEntry, HistoryKind, Receipt, RecordHistory, Text, ToldRecipient, ToldRecord, ToldState,
};
use serde_json::Value;

/// How many records a page shows.
const AT_ONCE: usize = 10;

/// Shows what happened to persons' consents.
pub struct PersonHistory {
    records: ConsentRecords,
}

impl PersonHistory {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { records: ConsentRecords::new(database) }
    }

    /// The page of the history, newest record first, from the record after `cursor` on.
    pub async fn page(&self, visit: &Visit<'_>, cursor: Option<&String>) -> Result<Response, Error> {
        let (tenant, now) = (visit.request.tenant(), visit.request.context().now);
        let after = cursor.map(|cursor| RecordId::parse(cursor)).transpose();
        let after = after.map_err(|invalid| Error::BadRequest(format!("cursor {invalid}")))?;
        let page = PageRequest { limit: AT_ONCE, after: after.map(|after| after.to_string()) };
        let page = self.records.list(tenant, Some(visit.principal_id()), None, &page, now).await?;
        let mut trails = Vec::new();
        for whole in &page.items {
            trails.push((whole.record.record_id.to_string(), self.records.trail(tenant, &whole.record).await?));
        }
        let shown = page.items.iter().zip(&trails).map(|(whole, (record, trail))| RecordHistory {
            purposes: purposes(whole),
            record,
            entries: trail.entries.iter().filter_map(entry).collect(),
            verified: trail.first_invalid.is_none(),
        });
        let older = page.next.as_deref();
        let view = pages::History { records: shown.collect(), older };
        let here = cursor.map_or("history".to_owned(), |cursor| format!("history?cursor={cursor}"));
        Ok(Response::page(200, &pages::history(&visit.frame(&here), &view)))
    }

    /// The page from which a person takes a copy of their data.
    pub async fn copy(&self, visit: &Visit<'_>) -> Result<Response, Error> {
        let (tenant, now) = (visit.request.tenant(), visit.request.context().now);
        let page = PageRequest { limit: AT_ONCE, after: None };
        let page = self.records.list(tenant, Some(visit.principal_id()), None, &page, now).await?;
        let ids: Vec<String> = page.items.iter().map(|whole| whole.record.record_id.to_string()).collect();
        let receipts = page.items.iter().zip(&ids).map(|(whole, record)| Receipt {
            record,
            purposes: purposes(whole),
            made: date(whole.record.created_at),
        });
        let view = pages::Copy { receipts: receipts.collect() };
        Ok(Response::page(200, &pages::copy(&visit.frame("copy"), &view)))
    }
}

/// The descriptions of a record's purposes.
fn purposes(whole: &WholeRecord) -> Vec<Text<'_>> {
    let language = &whole.record.consent_notice_language;
    whole.details.purpose_descriptions.iter().map(|description| text(description.as_str(), language)).collect()
}

/// What a page shows of an entry of a trail.
fn entry(entry: &Value) -> Option<HistoryEntry> {
    let at = Timestamp::parse(entry.get("occurredAt")?.as_str()?).ok()?;
    let kind = match entry.get("action")?.as_str()? {
        consent_record::CREATED => HistoryKind::Given,
        consent_record::WITHDRAWN => HistoryKind::Withdrawn,
        consent_record::PURPOSES_WITHDRAWN => HistoryKind::PartWithdrawn,
        consent_record::RENEWED => HistoryKind::Renewed,
        "record.erased" => HistoryKind::Erased,
        _ => HistoryKind::Other,
    };
    let personal = |name: &str| entry.get("personal").and_then(|personal| personal.get(name)).and_then(Value::as_str);
    let by_person = personal("channel") == Some(CHANNEL) || personal("reason") == Some(REASON);
    let time = at.to_string().get(11..16).map(|time| format!("{time} UTC")).unwrap_or_default();
    Some(HistoryEntry { at: date(at), time, kind, by_person })
}

/// Shows who was told that persons withdrew.
pub struct ToldAbout {
    records: ConsentRecords,
    cessations: Cessations,
}

impl ToldAbout {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { records: ConsentRecords::new(database), cessations: Cessations::new(database) }
    }

    /// The page of the newest records, as far as anybody had to stop.
    pub async fn page(&self, visit: &Visit<'_>) -> Result<Response, Error> {
        let (tenant, context) = (visit.request.tenant(), visit.request.context());
        let page = PageRequest { limit: AT_ONCE, after: None };
        let records = self.records.list(tenant, Some(visit.principal_id()), None, &page, context.now).await?.items;
        let mut told: Vec<(&WholeRecord, Cessation)> = Vec::new();
        for whole in &records {
            // The futures of database calls are large.
            let cessation = Box::pin(self.cessations.unsigned(context, tenant, whole.record.record_id)).await?;
            told.push((whole, cessation));
        }
        let shown = told.iter().filter(|(_, cessation)| !cessation.recipients.is_empty());
        let shown = shown.map(|(whole, cessation)| {
            let recipients = cessation.recipients.iter().map(|recipient| ToldRecipient {
                name: &recipient.name,
                told: recipient.told.map(date),
                state: match (recipient.confirmed.zip(recipient.outcome), recipient.due_at) {
                    (Some((on, outcome)), _) => ToldState::Confirmed { on: date(on), outcome: shown_outcome(outcome) },
                    (None, Some(due_at)) if recipient.overdue => ToldState::Overdue { since: date(due_at) },
                    _ => ToldState::Waiting,
                },
            });
            // What the person refused was never given to anybody.
            let granted = whole.record.purposes.iter().map(|purpose| !purpose.is_denied());
            let purposes =
                purposes(whole).into_iter().zip(granted).filter_map(|(text, granted)| granted.then_some(text));
            ToldRecord { purposes: purposes.collect(), recipients: recipients.collect() }
        });
        let view = pages::Told { records: shown.collect() };
        Ok(Response::page(200, &pages::told(&visit.frame("told"), &view)))
    }
}

fn shown_outcome(outcome: Outcome) -> pages::Outcome {
    match outcome {
        Outcome::Ceased => pages::Outcome::Ceased,
        Outcome::Erased => pages::Outcome::Erased,
        Outcome::NotHeld => pages::Outcome::NotHeld,
        Outcome::RetainedByLaw => pages::Outcome::RetainedByLaw,
        Outcome::Refused => pages::Outcome::Refused,
    }
}

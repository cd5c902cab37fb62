//! Audit trails, read directly from the database and not through the functions.

use assent_shared::domain::Tenant;
use assent_shared::domain::audit::{Chain, ChainName, Flaw, Subject, verify};
use assent_shared::domain::consent_catalog::VersionNumber;
use assent_shared::domain::identifiers::{ErasureRequestId, GrantId, GrievanceId, RecordId};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use uuid::Uuid;

use crate::contents::{Item, ItemKey, Items};

/// The table of the audit entries.
pub const ENTRIES_TABLE: &str = "AuditEntriesTable";
/// The table of the data keys.
pub const KEYS_TABLE: &str = "PersonalDataKeysTable";

/// The entries of a subject, and the chain that the subject's item stores.
pub struct Trail {
    /// The keys of the entries.
    pub keys: Vec<ItemKey>,
    /// The entries, in their order.
    pub entries: Vec<Value>,
    /// Whether the subject's data key exists.
    pub has_key: bool,
    tenant: Uuid,
    subject: Subject,
    chain: Chain,
}

impl Trail {
    /// The trail of a consent record.
    pub fn of_record(items: &Items, tenant: Uuid, record_id: &str) -> Self {
        let subject = Subject::record(RecordId::parse(record_id).expect("a record's id"));
        Self::of(items, tenant, subject, items.at("ConsentRecordsTable", &format!("{tenant}#{record_id}"), "record"))
    }

    /// The trail of a grant.
    pub fn of_grant(items: &Items, tenant: Uuid, grant_id: &str) -> Self {
        let subject = Subject::grant(GrantId::parse(grant_id).expect("a grant's id"));
        Self::of(items, tenant, subject, items.at("GrantsTable", &format!("{tenant}#{grant_id}"), "grant"))
    }

    /// The trail of a DPDP session.
    pub fn of_session(items: &Items, tenant: Uuid, session_id: &str) -> Self {
        let subject = Subject::session(session_id.parse().expect("a session's id"));
        Self::of(items, tenant, subject, items.at("DpdpSessionsTable", &format!("{tenant}#{session_id}"), "session"))
    }

    /// The trail of a grievance.
    pub fn of_grievance(items: &Items, tenant: Uuid, grievance_id: &str) -> Self {
        let subject = Subject::grievance(GrievanceId::parse(grievance_id).expect("a grievance's id"));
        let partition = format!("{tenant}#{grievance_id}");
        Self::of(items, tenant, subject, items.at("GrievancesTable", &partition, "grievance"))
    }

    /// The trail of an erasure request.
    pub fn of_erasure(items: &Items, tenant: Uuid, request_id: &str) -> Self {
        let subject = Subject::erasure(ErasureRequestId::parse(request_id).expect("a request's id"));
        let partition = format!("{tenant}#{request_id}");
        Self::of(items, tenant, subject, items.at("ErasureRequestsTable", &partition, "request"))
    }

    /// The trail of a version of a consent type. The entry of the version's first use is in the version's own item.
    pub fn of_version(items: &Items, tenant: Uuid, id: &str, version: &str) -> Self {
        let number = VersionNumber::parse(version).expect("a version");
        let subject = Subject::catalog_version(id.parse().expect("a consent type's id"), number);
        let item = items.at("ConsentCatalogTable", &format!("{tenant}#{id}#version#{number}"), "version");
        let mut trail = Self::of(items, tenant, subject, item);
        let last = item.and_then(|item| item.get("lastEntry")?.as_s().ok());
        trail.entries.extend(last.and_then(|last| serde_json::from_str::<Value>(last).ok()));
        trail
    }

    fn of(items: &Items, tenant: Uuid, subject: Subject, item: Option<&Item>) -> Self {
        let partition = format!("{tenant}#{subject}");
        let entries = items.in_table(ENTRIES_TABLE).filter(|(key, _)| key.partition == partition);
        let (keys, entries) = entries.map(|(key, item)| (key.clone(), entry(item))).unzip();
        let has_key = items.in_table(KEYS_TABLE).any(|(key, _)| key.partition == partition);
        Self { keys, entries, has_key, tenant, subject, chain: item.map(chain).unwrap_or_default() }
    }

    /// The result of the verification.
    pub fn verified(&self) -> Result<(), Flaw> {
        let name = ChainName { tenant: Tenant(self.tenant), subject: &self.subject };
        verify(name, &self.entries, &self.chain)
    }

    /// The actions of the entries; asserts that the chain is valid.
    #[track_caller]
    pub fn actions(&self) -> Vec<&str> {
        assert_eq!(self.verified(), Ok(()), "{}: {:#?}", self.subject, self.entries);
        self.entries.iter().map(|entry| entry["action"].as_str().expect("an action")).collect()
    }

    /// How many entries have this action.
    #[track_caller]
    pub fn count(&self, action: &str) -> usize {
        self.actions().into_iter().filter(|happened| *happened == action).count()
    }
}

fn entry(item: &Item) -> Value {
    let text = item.get("entry").and_then(|entry| entry.as_s().ok()).map(String::as_str).unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}

fn chain(item: &Item) -> Chain {
    let chain = item.get("chain").and_then(|chain| chain.as_m().ok()).expect("a chain");
    let length = chain.get("length").and_then(|length| length.as_n().ok()?.parse().ok());
    let head = chain.get("head").and_then(|head| head.as_s().ok()).cloned();
    Chain { length: length.expect("a length"), head }
}

/// The attribute in which an item stores the length and the head of its chain.
pub fn chain_attribute(length: u64, head: &str) -> AttributeValue {
    AttributeValue::M(
        [
            ("length".to_owned(), AttributeValue::N(length.to_string())),
            ("head".to_owned(), AttributeValue::S(head.to_owned())),
        ]
        .into(),
    )
}

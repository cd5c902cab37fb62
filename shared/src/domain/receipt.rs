//! Receipts: evidence of a consent and its later events, which can be given to
//! the person. A receipt has some of the fields of ISO/IEC TS 27560:2023, in the
//! sections and by the names of that document.

use crate::domain::{
    Tenant, Timestamp,
    consent_notice::{Language, NoticeId, NoticeVersion, PurposeCode, PurposeDescription},
    consent_record::ConsentRecord,
    decision::Decision,
    grant::GrantScope,
    identifiers::{GrantId, RecordId},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// This is not the name of the ISO document: a receipt that claims to conform to it must have all its fields.
const SCHEMA: &str = "urn:assent:receipt-subset:1";

/// A receipt of a consent at a moment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt<'a> {
    receipt_metadata: Metadata,
    record_header: Header<'a>,
    pii_processing: Processing<'a>,
    party_identification: [Party<'a>; 1],
    events: Vec<Event>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    schema_version: &'static str,
    issued_at: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Header<'a> {
    schema_version: &'static str,
    record_id: RecordId,
    /// The commitment to the person: the receipt itself names nobody.
    pii_principal_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Processing<'a> {
    privacy_notice: Notice<'a>,
    purposes: Vec<Purpose<'a>>,
    pii_information: Vec<Information<'a>>,
    pii_controllers: [Tenant; 1],
    grant_id: Option<GrantId>,
    processing_expires_at: Option<Timestamp>,
    retention_until: Timestamp,
    withdrawal_method: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notice<'a> {
    notice_id: &'a NoticeId,
    version: &'a NoticeVersion,
    language: &'a Language,
    content_hash: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Purpose<'a> {
    purpose: &'a PurposeCode,
    description: &'a PurposeDescription,
    lawful_basis: &'static str,
    /// The decision, if the request stated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
    /// When the purpose ended by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Timestamp>,
}

/// A kind of data that the grant gives access to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Information<'a> {
    pii_type: &'a GrantScope,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Party<'a> {
    party_id: Tenant,
    party_name: &'a str,
    party_role: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_time: Timestamp,
    event_type: &'static str,
    event_state: &'static str,
    /// For the event of giving consent: when the consent expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
}

impl<'a> Receipt<'a> {
    /// The receipt of this record, which belongs to this tenant.
    pub fn of(record: &'a ConsentRecord, tenant: Tenant, now: Timestamp) -> Self {
        Self {
            receipt_metadata: Metadata { schema_version: SCHEMA, issued_at: now },
            record_header: Header {
                schema_version: SCHEMA,
                record_id: record.record_id,
                pii_principal_id: &record.data_principal_commitment,
            },
            pii_processing: Processing {
                privacy_notice: Notice {
                    notice_id: &record.consent_notice_id,
                    version: &record.consent_notice_version,
                    language: &record.consent_notice_language,
                    content_hash: &record.consent_notice_hash,
                },
                purposes: record
                    .purposes
                    .iter()
                    .map(|purpose| Purpose {
                        purpose: &purpose.code,
                        description: &purpose.description,
                        lawful_basis: "consent",
                        decision: purpose.decision,
                        withdrawn_at: purpose.withdrawn_at,
                    })
                    .collect(),
                pii_information: record.scopes.iter().map(|pii_type| Information { pii_type }).collect(),
                pii_controllers: [tenant],
                grant_id: record.grant_id,
                processing_expires_at: record.processing_expires_at,
                retention_until: record.retention_until,
                withdrawal_method: format!("POST /v1/dpdp/consent-records/{}/withdraw", record.record_id),
            },
            party_identification: [Party {
                party_id: tenant,
                party_name: &record.data_fiduciary_name,
                party_role: "data fiduciary",
            }],
            events: events(record),
        }
    }
}

/// The events of a consent, in the order of time.
fn events(record: &ConsentRecord) -> Vec<Event> {
    let later = |event_time: Option<Timestamp>, event_type, event_state| {
        event_time.map(|event_time| Event { event_time, event_type, event_state, valid_until: None })
    };
    let denied = record.denied_codes().len() == record.purposes.len();
    let given = Event {
        event_time: record.created_at,
        event_type: "record.created",
        event_state: if denied { "denied" } else { "given" },
        valid_until: record.processing_expires_at,
    };
    let ended: BTreeSet<Timestamp> = record.purposes.iter().filter_map(|purpose| purpose.withdrawn_at).collect();
    // The last of them ended the whole record.
    let ended = ended.into_iter().filter(|at| record.withdrawn_at != Some(*at));
    let whole = [
        later(record.renewed_at, "record.renewed", "renewed"),
        later(record.withdrawn_at, "record.withdrawn", "withdrawn"),
        later(record.erased_at, "record.erased", "erased"),
    ];
    [given]
        .into_iter()
        .chain(ended.filter_map(|at| later(Some(at), "record.purposes_withdrawn", "partly_withdrawn")))
        .chain(whole.into_iter().flatten())
        .collect()
}

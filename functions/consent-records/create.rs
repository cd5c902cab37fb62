//! `POST /v1/dpdp/consent-records`: record that a person consented, by which
//! notice, to which of its purposes, and under which grant.
//!
//! 400 `INVALID_GRANT` (absent, revoked, expired, another principal's),
//! `INVALID_NOTICE`, `INVALID_PURPOSE` (a code the notice does not have).
//! Without a key to sign the proof with it is a 503, and nothing is recorded.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Timestamp,
        consent_notice::{Language, NoticeId, NoticeVersion, PURPOSES, PurposeDescription},
        consent_record::{ConsentDraft, ConsentRecord, RecordStatus, Retention},
        identifiers::{GrantId, PrincipalId, RecordId, Reference},
        proof::ConsentProof,
        scope::Area,
    },
    store::{ConsentNotices, ConsentRecords, Database, Grants, Signer},
};
use serde::Serialize;
use std::env;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/dpdp/consent-records", Area::Records).reading_at_once(2);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Recorded<'a> {
    record_id: RecordId,
    grant_id: GrantId,
    data_principal_id: Option<&'a PrincipalId>,
    consent_notice_id: &'a NoticeId,
    consent_notice_version: &'a NoticeVersion,
    consent_notice_language: &'a Language,
    consent_notice_hash: &'a str,
    consent_proof: &'a ConsentProof,
    processing_expires_at: Timestamp,
    retention_until: Timestamp,
    status: RecordStatus,
    created_at: Timestamp,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let records = ConsentRecords::new(&database);
    let notices = ConsentNotices::new(&database);
    let grants = Grants::new(&database);
    let signer = Signer::from_environment(&database);
    let retention = retention()?;
    api::serve(ENDPOINT, &database, async |call| create(call, retention, &records, (&notices, &grants), &signer).await)
        .await
}

/// How long records are kept, as the environment says.
fn retention() -> Result<Retention, api::RuntimeError> {
    let days_after_processing = match env::var("RETENTION_DAYS_AFTER_PROCESSING") {
        Ok(days) => days.parse()?,
        Err(_) => 30,
    };
    Ok(Retention { days_after_processing })
}

async fn create(
    call: Call<'_>,
    retention: Retention,
    records: &ConsentRecords,
    named: (&ConsentNotices, &Grants),
    signer: &Signer,
) -> Result<Answer, Error> {
    let draft = call.body(|fields| consent(fields, call.occasion.now))?;
    let fiduciary = (call.actor(), call.caller().tenant_name.as_str());
    let (occasion, jwks_uri) = (call.occasion, call.jwks_uri());
    let signing = (signer, jwks_uri.as_str());
    call.effect(
        async || records.create(fiduciary, &draft, retention, named, signing, occasion).await,
        |record| recorded(record, occasion.now),
    )
    .await
}

fn recorded(record: &ConsentRecord, now: Timestamp) -> Answer {
    Answer::created(&Recorded {
        record_id: record.record_id,
        grant_id: record.grant_id,
        data_principal_id: record.data_principal_id.as_ref(),
        consent_notice_id: &record.consent_notice_id,
        consent_notice_version: &record.consent_notice_version,
        consent_notice_language: &record.consent_notice_language,
        consent_notice_hash: &record.consent_notice_hash,
        consent_proof: &record.consent_proof,
        processing_expires_at: record.processing_expires_at,
        retention_until: record.retention_until,
        status: record.status(now),
        created_at: record.created_at,
    })
    .at(format!("/v1/dpdp/consent-records/{}", record.record_id))
    .tagged(&record.tag(now))
    .personal()
}

fn consent(fields: &mut Fields, now: Timestamp) -> Parsed<ConsentDraft> {
    let grant = fields.text("grantId", Reference::parse);
    let data_principal_id = fields.text("dataPrincipalId", PrincipalId::parse);
    let purposes = fields.objects("purposes", PURPOSES, |purpose| {
        let code = purpose.unique_text("code", Reference::parse);
        // What is stored is the notice's own description.
        purpose.text("description", PurposeDescription::parse)?;
        code
    });
    let notice = fields.text("consentNoticeId", Reference::parse);
    let notice_version = fields.optional_text("consentNoticeVersion", Reference::parse);
    let notice_language = fields.optional_text("consentNoticeLanguage", Language::parse);
    let processing_expires_at = fields.text("processingExpiresAt", |value| Timestamp::parse_ahead(value, now));
    Ok(ConsentDraft {
        grant: grant?,
        data_principal_id: data_principal_id?,
        purposes: purposes?,
        notice: notice?,
        notice_version: notice_version?,
        notice_language: notice_language?,
        processing_expires_at: processing_expires_at?,
    })
}

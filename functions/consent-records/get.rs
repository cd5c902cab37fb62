//! `GET /v1/dpdp/consent-records/{recordId}`: a consent record, all of it. The
//! access is counted on the record, this one included.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{
        Thing, Timestamp,
        consent_notice::{Language, NoticeId, NoticeVersion, Purpose},
        consent_record::{RecordStatus, WithdrawalReason},
        grant::GrantScope,
        identifiers::{GrantId, PrincipalId, RecordId},
        scope::Area,
    },
    store::{ConsentRecords, Database},
};
use serde::Serialize;

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/dpdp/consent-records/{recordId}", Area::Records);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    record_id: RecordId,
    grant_id: GrantId,
    data_principal_id: PrincipalId,
    data_fiduciary_name: String,
    purposes: Vec<Purpose>,
    scopes: Vec<GrantScope>,
    consent_notice_id: NoticeId,
    consent_notice_version: NoticeVersion,
    consent_notice_language: Language,
    consent_notice_hash: String,
    processing_expires_at: Timestamp,
    retention_until: Timestamp,
    status: RecordStatus,
    consent_given_at: Timestamp,
    created_at: Timestamp,
    access_count: u64,
    last_accessed_at: Option<Timestamp>,
    withdrawn_at: Option<Timestamp>,
    withdrawn_reason: Option<WithdrawalReason>,
    /// Erasure is not built yet, so no record has been erased.
    erased_at: Option<Timestamp>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let records = ConsentRecords::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &records).await).await
}

async fn get(call: Call<'_>, records: &ConsentRecords) -> Result<Answer, Error> {
    let record_id = call.path("recordId", RecordId::parse, Thing::ConsentRecord)?;
    let record = records.access(call.tenant(), record_id, call.occasion).await?;
    let status = record.status(call.occasion.now);
    Ok(Answer::ok(&Record {
        record_id: record.record_id,
        grant_id: record.grant_id,
        data_principal_id: record.data_principal_id,
        data_fiduciary_name: record.data_fiduciary_name,
        purposes: record.purposes,
        scopes: record.scopes,
        consent_notice_id: record.consent_notice_id,
        consent_notice_version: record.consent_notice_version,
        consent_notice_language: record.consent_notice_language,
        consent_notice_hash: record.consent_notice_hash,
        processing_expires_at: record.processing_expires_at,
        retention_until: record.retention_until,
        status,
        consent_given_at: record.created_at,
        created_at: record.created_at,
        access_count: record.access_count,
        last_accessed_at: record.last_accessed_at,
        withdrawn_at: record.withdrawn_at,
        withdrawn_reason: record.withdrawn_reason,
        erased_at: None,
    }))
}

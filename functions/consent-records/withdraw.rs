//! ★ `POST /v1/dpdp/consent-records/{recordId}/withdraw`: a person takes a
//! consent back, as easily as it was given (DPDP Act s.6(4), GDPR art. 7(3)).
//!
//! Once: everyone after the first gets 409 `ALREADY_WITHDRAWN`. An expired
//! consent can still be withdrawn. The flags of the answer tell what is true,
//! not what was asked.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Thing, Timestamp,
        consent_record::{RecordStatus, WithdrawalReason},
        identifiers::RecordId,
        scope::Area,
    },
    store::{ConsentRecords, Database, Grants, WithdrawalOrder},
};
use serde::Serialize;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Post, "/v1/dpdp/consent-records/{recordId}/withdraw", Area::Records).reading_at_once(2);

struct Request {
    reason: WithdrawalReason,
    revoke_grant: bool,
    delete_processed_data: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Withdrawn {
    record_id: RecordId,
    status: RecordStatus,
    withdrawn_at: Timestamp,
    grant_revoked: bool,
    data_deleted: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let records = ConsentRecords::new(&database);
    let grants = Grants::new(&database);
    api::serve(ENDPOINT, &database, async |call| withdraw(call, &records, &grants).await).await
}

async fn withdraw(call: Call<'_>, records: &ConsentRecords, grants: &Grants) -> Result<Answer, Error> {
    let request = call.body(request)?;
    let record_id = call.path("recordId", RecordId::parse, Thing::ConsentRecord)?;
    let order = WithdrawalOrder {
        record_id,
        reason: request.reason,
        revoke_grant: request.revoke_grant,
        delete_processed_data: request.delete_processed_data,
    };
    call.effect(
        async || records.withdraw(call.actor(), &order, grants, call.occasion).await,
        |withdrawal| {
            Answer::ok(&Withdrawn {
                record_id,
                status: RecordStatus::Withdrawn,
                withdrawn_at: withdrawal.withdrawn_at,
                grant_revoked: withdrawal.grant_revoked,
                data_deleted: withdrawal.data_deleted,
            })
        },
    )
    .await
}

fn request(fields: &mut Fields) -> Parsed<Request> {
    let reason = fields.text("reason", WithdrawalReason::parse);
    let revoke_grant = fields.optional_flag("revokeGrant");
    let delete_processed_data = fields.optional_flag("deleteProcessedData");
    Ok(Request {
        reason: reason?,
        revoke_grant: revoke_grant?.unwrap_or(false),
        delete_processed_data: delete_processed_data?.unwrap_or(false),
    })
}

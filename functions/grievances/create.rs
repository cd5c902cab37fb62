//! `POST /v1/dpdp/grievances`: take in what a person complains of (DPDP Act
//! s.13). It is dealt with later: 202.
//!
//! A consent record that it names is the person's own: 400 `INVALID_RECORD`.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Invalid, Timestamp,
        grievance::{
            Evidence, Grievance, GrievanceDescription, GrievanceDraft, GrievanceStatus, GrievanceType, RESPONSE_DAYS,
            USUAL_RESPONSE_DAYS,
        },
        identifiers::{GrievanceId, PrincipalId, Reference},
        scope::Area,
    },
    store::{ConsentRecords, Database, Grievances},
};
use serde::Serialize;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/dpdp/grievances", Area::Grievances);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Accepted<'a> {
    grievance_id: GrievanceId,
    reference_number: &'a str,
    #[serde(rename = "type")]
    kind: &'a GrievanceType,
    status: GrievanceStatus,
    expected_resolution_by: Timestamp,
    created_at: Timestamp,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grievances = Grievances::new(&database);
    let records = ConsentRecords::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &grievances, &records).await).await
}

async fn create(call: Call<'_>, grievances: &Grievances, records: &ConsentRecords) -> Result<Answer, Error> {
    let draft = call.body(draft)?;
    call.effect(async || grievances.create(call.actor(), &draft, records, call.occasion).await, accepted).await
}

fn accepted(grievance: &Grievance) -> Answer {
    let summary = &grievance.summary;
    Answer::accepted(&Accepted {
        grievance_id: summary.grievance_id,
        reference_number: &summary.reference_number,
        kind: &summary.kind,
        status: summary.status,
        expected_resolution_by: summary.expected_resolution_by,
        created_at: summary.created_at,
    })
    .at(format!("/v1/dpdp/grievances/{}", summary.grievance_id))
}

fn draft(fields: &mut Fields) -> Parsed<GrievanceDraft> {
    let data_principal_id = fields.text("dataPrincipalId", PrincipalId::parse);
    let kind = fields.text("type", GrievanceType::parse);
    let description = fields.text("description", GrievanceDescription::parse);
    let record = fields.optional_text("recordId", Reference::parse);
    let evidence = fields.optional_map("evidence").and_then(|evidence| {
        let evidence = evidence.map(Evidence::new).transpose();
        evidence.map_err(|invalid| fields.fault("evidence", invalid.0))
    });
    let response_days = fields.optional_whole("responsePeriodDays", response_days);
    Ok(GrievanceDraft {
        data_principal_id: data_principal_id?,
        kind: kind?,
        description: description?,
        record: record?,
        evidence: evidence?,
        response_days: response_days?.unwrap_or(USUAL_RESPONSE_DAYS),
    })
}

fn response_days(days: u64) -> Result<u32, Invalid> {
    let (least, most) = (RESPONSE_DAYS.start(), RESPONSE_DAYS.end());
    let days = u32::try_from(days).ok().filter(|days| RESPONSE_DAYS.contains(days));
    days.ok_or_else(|| Invalid::new(format!("must be a whole number from {least} to {most}")))
}

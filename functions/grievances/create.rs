//! `POST /v1/dpdp/grievances`: submit a person's grievance (DPDP Act s.13). The
//! response is a 202, because the grievance is handled later.
//!
//! It is a 400 `INVALID_RECORD` if it names a consent record that does not exist or
//! belongs to another person.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        Invalid, Timestamp,
        grievance::{
            Evidence, Grievance, GrievanceDescription, GrievanceDraft, GrievanceStatus, GrievanceType, RESPONSE_DAYS,
            USUAL_RESPONSE_DAYS,
        },
        identifiers::{GrievanceId, PrincipalId, Reference},
    },
    environment::Environment,
    store::{ConsentRecords, Database, Grievances},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AcceptedResponse<'a> {
    grievance_id: GrievanceId,
    reference_number: &'a str,
    #[serde(rename = "type")]
    kind: &'a GrievanceType,
    status: GrievanceStatus,
    expected_resolution_by: Timestamp,
    created_at: Timestamp,
}

struct State {
    grievances: Grievances,
    records: ConsentRecords,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { grievances: Grievances::new(&database), records: ConsentRecords::new(&database) };
    Endpoint::write(&operations::CREATE_GRIEVANCE, &database, state, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(state: &State, request: &Request) -> Result<Committed, Error> {
    let draft = request.body(draft)?;
    let mut unit = request.unit_of_work();
    let created = state.grievances.create(&mut unit, request.actor(), &draft, &state.records).await?;
    request.commit(unit, accepted(&created)).await
}

fn accepted(grievance: &Grievance) -> Response {
    let summary = &grievance.summary;
    Response::accepted(&AcceptedResponse {
        grievance_id: summary.grievance_id,
        reference_number: &summary.reference_number,
        kind: &summary.kind,
        status: summary.status,
        expected_resolution_by: summary.expected_resolution_by,
        created_at: summary.created_at,
    })
    .location(format!("/v1/dpdp/grievances/{}", summary.grievance_id))
}

fn draft(fields: &mut Fields) -> Validated<GrievanceDraft> {
    let data_principal_id = fields.text("dataPrincipalId", PrincipalId::parse);
    let kind = fields.text("type", GrievanceType::parse);
    let description = fields.text("description", GrievanceDescription::parse);
    let record = fields.optional_text("recordId", Reference::parse);
    let evidence = fields.optional_map("evidence").and_then(|evidence| {
        let evidence = evidence.map(Evidence::new).transpose();
        evidence.map_err(|invalid| fields.error("evidence", invalid.0))
    });
    let response_days = fields.optional_integer("responsePeriodDays", response_days);
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

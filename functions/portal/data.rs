//! `GET /p/data`: the copy of the person's data as a file: their consent records with the proofs, and their complaints
//! (DPDP Act s.11(1), GDPR art. 15). The file says in `next` where the older records are, if it does not hold all.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::RecordResponse},
    domain::{
        Timestamp,
        grievance::GrievanceSummary,
        identifiers::{PrincipalId, RecordId},
    },
    environment::Environment,
    portal::{Visit, error_page},
    store::{ConsentRecords, Database, Grievances, PageRequest},
};
use serde::Serialize;

/// How many records or complaints a file has.
const AT_ONCE: usize = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CopyOfData<'a> {
    data_principal_id: &'a PrincipalId,
    data_fiduciary_name: &'a str,
    as_of: Timestamp,
    records: Vec<RecordResponse>,
    grievances: Vec<GrievanceSummary>,
    next: Option<String>,
}

struct State {
    records: ConsentRecords,
    grievances: Grievances,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { records: ConsentRecords::new(&database), grievances: Grievances::new(&database) };
    Ok(Endpoint::read(&operations::GET_PORTAL_DATA, &database, state, data).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn data(state: &State, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["cursor"])?;
    let (tenant, principal_id, now) = (request.tenant(), visit.principal_id(), request.context().now);
    let cursor = parameters.get("cursor").map(|cursor| RecordId::parse(cursor)).transpose();
    let cursor = cursor.map_err(|invalid| Error::BadRequest(format!("cursor {invalid}")))?;
    let page = PageRequest { limit: AT_ONCE, after: cursor.map(|after| after.to_string()) };
    let records = state.records.list(tenant, Some(principal_id), None, &page, now).await?;
    let page = PageRequest { limit: AT_ONCE, after: None };
    let grievances = match cursor {
        None => state.grievances.list(tenant, Some(principal_id), None, &page).await?.items,
        Some(_) => Vec::new(),
    };
    let copy = CopyOfData {
        data_principal_id: principal_id,
        data_fiduciary_name: &request.caller().tenant_name,
        as_of: now,
        records: records.items.into_iter().map(|record| RecordResponse::of(record, now)).collect(),
        grievances,
        next: records.next.map(|after| format!("data?cursor={after}")),
    };
    Ok(Response::ok(&copy).download("my-data.json"))
}

//! `GET /v1/dpdp/grievances?dataPrincipalId=&status=`: list grievances, newest
//! first, without their descriptions and evidence.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{
        grievance::{GrievanceStatus, GrievanceSummary},
        identifiers::PrincipalId,
    },
    environment::Environment,
    store::{Database, Grievances},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GrievancesResponse {
    grievances: Vec<GrievanceSummary>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grievances = Grievances::new(&database);
    Ok(Endpoint::read(&operations::LIST_GRIEVANCES, &database, grievances, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(grievances: &Grievances, request: &Request) -> Result<Response, Error> {
    let list = request.list(|fields| {
        let data_principal_id = fields.optional_text("dataPrincipalId", PrincipalId::parse);
        let status = fields.optional_text("status", GrievanceStatus::parse);
        Ok((data_principal_id?, status?))
    })?;
    let (data_principal_id, status) = &list.filters;
    let page = grievances.list(request.tenant(), data_principal_id.as_ref(), *status, &list.page).await?;
    let next_cursor = list.next(&page);
    Ok(Response::ok(&GrievancesResponse { grievances: page.items, next_cursor }))
}

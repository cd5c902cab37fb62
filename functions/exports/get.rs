//! `GET /v1/dpdp/exports/{exportId}`: read a page of an export, newest record first.
//!
//! The records are as they are now. They do not count this as an access.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::ExportResponse},
    domain::{ResourceKind, identifiers::ExportId},
    environment::Environment,
    store::{ConsentRecords, Database, Exports},
};

struct State {
    exports: Exports,
    records: ConsentRecords,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { exports: Exports::new(&database), records: ConsentRecords::new(&database) };
    Ok(Endpoint::read(&operations::GET_EXPORT, &database, state, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(state: &State, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let export_id = request.path("exportId", ExportId::parse, ResourceKind::Export)?;
    let (tenant, now) = (request.tenant(), request.context().now);
    let export = state.exports.get(tenant, export_id, now).await?;
    let page = state.records.exported(tenant, &export, &list.page).await?;
    let next_cursor = list.next(&page);
    Ok(Response::ok(&ExportResponse::of(tenant, &export, page.items, next_cursor, now)))
}

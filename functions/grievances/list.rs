//! `GET /v1/dpdp/grievances`: the grievances, or one person's, newest first,
//! without their descriptions and evidence.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{
        grievance::{GrievanceStatus, GrievanceSummary},
        identifiers::PrincipalId,
        scope::Area,
    },
    store::{Database, Grievances, SHARDS},
};
use serde::Serialize;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/v1/dpdp/grievances", Area::Grievances).with_query().reading_at_once(SHARDS);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    grievances: Vec<GrievanceSummary>,
    next_cursor: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grievances = Grievances::new(&database);
    api::serve(ENDPOINT, &database, async |call| list(call, &grievances).await).await
}

async fn list(call: Call<'_>, grievances: &Grievances) -> Result<Answer, Error> {
    let list = call.list(|fields| {
        let data_principal_id = fields.optional_text("dataPrincipalId", PrincipalId::parse);
        let status = fields.optional_text("status", GrievanceStatus::parse);
        Ok((data_principal_id?, status?))
    })?;
    let (data_principal_id, status) = &list.filters;
    let filters = (data_principal_id.as_ref(), *status);
    let part = grievances.list(call.tenant(), filters, &list.page).await?;
    let next_cursor = list.next(&part);
    Ok(Answer::ok(&Listed { grievances: part.things, next_cursor }))
}

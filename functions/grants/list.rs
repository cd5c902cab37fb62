//! `GET /v1/grants?principalId=&status=`: grants, newest first. One whose
//! ancestor was revoked is revoked.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownGrant},
    domain::{grant::GrantStatus, identifiers::PrincipalId, scope::Area},
    store::{Database, Grants, SHARDS},
};
use serde::Serialize;

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/grants", Area::Grants).with_query().reading_at_once(SHARDS);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    grants: Vec<ShownGrant>,
    next_cursor: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grants = Grants::new(&database);
    api::serve(ENDPOINT, &database, async |call| list(call, &grants).await).await
}

async fn list(call: Call<'_>, grants: &Grants) -> Result<Answer, Error> {
    let list = call.list(|query| {
        let principal_id = query.optional_text("principalId", PrincipalId::parse);
        let status = query.optional_text("status", GrantStatus::parse);
        Ok((principal_id?, status?))
    })?;
    let (principal_id, status) = &list.filters;
    let now = call.occasion.now;
    let part = grants.list(call.tenant(), (principal_id.as_ref(), *status), &list.page, now).await?;
    let next_cursor = list.next(&part);
    let grants = part.things.iter().map(|lineage| ShownGrant::of(lineage, now)).collect();
    Ok(Answer::ok(&Listed { grants, next_cursor }))
}

//! `GET /v1/grants/{grantId}`: a grant as it is now. One whose ancestor was
//! revoked is revoked, since the first such moment.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownGrant},
    domain::{Thing, identifiers::GrantId, scope::Area},
    store::{Database, Grants},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/grants/{grantId}", Area::Grants);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grants = Grants::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &grants).await).await
}

async fn get(call: Call<'_>, grants: &Grants) -> Result<Answer, Error> {
    let absent = Thing::Grant;
    let grant_id = call.path("grantId", GrantId::parse, absent)?;
    let lineage = grants.find(call.tenant(), grant_id).await?;
    let lineage = lineage.ok_or(Error::NotFound(absent))?;
    let now = call.occasion.now;
    Ok(Answer::ok(&ShownGrant::of(&lineage, now)).tagged(&lineage.tag(now)))
}

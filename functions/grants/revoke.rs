//! `DELETE /v1/grants/{grantId}`: revoke a grant and with it every descendant.
//! 204, and 204 again.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{Thing, identifiers::GrantId, scope::Area},
    store::{Database, Grants},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Delete, "/v1/grants/{grantId}", Area::Grants);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grants = Grants::new(&database);
    api::serve(ENDPOINT, &database, async |call| revoke(call, &grants).await).await
}

async fn revoke(call: Call<'_>, grants: &Grants) -> Result<Answer, Error> {
    let expected = call.if_match()?;
    let grant_id = call.path("grantId", GrantId::parse, Thing::Grant)?;
    call.effect(
        async || grants.revoke(call.actor(), grant_id, &expected, call.occasion).await,
        |()| Answer::no_content(),
    )
    .await
}

//! `POST /v1/grants`: make a grant, or delegate a part of one to a child.
//!
//! A child's scopes are among its parent's, it is for the same principal, it
//! ends no later (without an expiry of its own it takes its parent's), and no
//! grant is more than 10 deep: 400 `INVALID_GRANT`.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownGrant},
    domain::{
        Timestamp,
        grant::{GrantDraft, GrantScope, SCOPES},
        identifiers::{PrincipalId, Reference},
        scope::Area,
    },
    store::{Database, Grants},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/grants", Area::Grants);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grants = Grants::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &grants).await).await
}

async fn create(call: Call<'_>, grants: &Grants) -> Result<Answer, Error> {
    let draft = call.body(|fields| grant(fields, call.occasion.now))?;
    call.effect(
        async || grants.create(call.actor(), &draft, call.occasion).await,
        |lineage| {
            let location = format!("/v1/grants/{}", lineage.grant.grant_id);
            Answer::created(&ShownGrant::of(lineage, call.occasion.now))
                .at(location)
                .tagged(&lineage.tag(call.occasion.now))
                .personal()
        },
    )
    .await
}

fn grant(fields: &mut Fields, now: Timestamp) -> Parsed<GrantDraft> {
    let principal_id = fields.text("principalId", PrincipalId::parse);
    let scopes = fields.texts("scopes", SCOPES, GrantScope::parse);
    let expires_at = fields.optional_text("expiresAt", |value| Timestamp::parse_ahead(value, now));
    let parent_grant = fields.optional_text("parentGrantId", Reference::parse);
    Ok(GrantDraft {
        principal_id: principal_id?,
        scopes: scopes?,
        expires_at: expires_at?,
        parent_grant: parent_grant?,
    })
}

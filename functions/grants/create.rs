//! `POST /v1/grants`: make a grant, or delegate a page of one to a child.
//!
//! A child's scopes are among its parent's, it is for the same principal, it
//! ends no later (without an expiry of its own it takes its parent's), and no
//! grant is more than 10 deep: 400 `INVALID_GRANT`.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::GrantResponse,
    },
    domain::{
        Timestamp,
        grant::{GrantDraft, GrantScope, SCOPES},
        identifiers::{PrincipalId, Reference},
    },
    environment::Environment,
    store::{Database, Grants},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grants = Grants::new(&database);
    Endpoint::write(&operations::CREATE_GRANT, &database, grants, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(grants: &Grants, request: &Request) -> Result<Committed, Error> {
    let draft = request.body(|fields| grant(fields, request.context().now))?;
    let mut unit = request.unit_of_work();
    let lineage = &grants.create(&mut unit, request.actor(), &draft).await?;
    let location = format!("/v1/grants/{}", lineage.grant.grant_id);
    request
        .commit(
            unit,
            Response::created(&GrantResponse::of(lineage, request.context().now))
                .location(location)
                .etag(&lineage.tag(request.context().now))
                .personal(),
        )
        .await
}

fn grant(fields: &mut Fields, now: Timestamp) -> Validated<GrantDraft> {
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

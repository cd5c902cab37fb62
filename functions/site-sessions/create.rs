//! `POST /site-v1/{projectId}/sessions`: issue a site session for an end user. The
//! user's browser sends its token as `X-Session`.
//!
//! The session is not stored: the token holds it, encrypted. A repeat under an
//! idempotency key therefore issues another session. The `concordId` of each
//! `userId` is stored, until that user is erased.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, SiteToken, SiteTokens, Validated,
        operations,
    },
    domain::{
        ResourceKind, Timestamp,
        identifiers::parse_uuid,
        project::Domain,
        site_session::{Geography, SiteSession, USUAL_LIFETIME, UserId, lifetime},
    },
    environment::Environment,
    store::{Database, Projects, SiteUsers},
};
use serde::Serialize;
use uuid::Uuid;

struct State {
    projects: Projects,
    users: SiteUsers,
    tokens: SiteTokens,
}

struct Draft {
    concord_id: Option<Uuid>,
    user_id: Option<UserId>,
    domain: Option<Domain>,
    geography: Option<Geography>,
    lifetime: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionResponse {
    session_id: Uuid,
    session_token: String,
    concord_id: Uuid,
    expires_at: Timestamp,
}

/// The endpoint, with the tables and the secret that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        projects: Projects::new(&database),
        users: SiteUsers::new(&database),
        tokens: SiteTokens::from_environment(environment)?,
    };
    Endpoint::write(&operations::CREATE_SITE_SESSION, &database, state, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(state: &State, request: &Request) -> Result<Committed, Error> {
    let draft = request.body(draft)?;
    let project_id = request.path("projectId", parse_uuid, ResourceKind::Project)?;
    let project = state.projects.recent(request.tenant(), project_id, request.context()).await?;
    if request.reuses_key() {
        return Err(Error::IdempotencyKeyReused);
    }
    let (context, user_id) = (request.context(), draft.user_id.as_ref());
    let session = SiteSession {
        session_id: context.uuid(),
        project_id,
        concord_id: state.users.identify(request.tenant(), project_id, draft.concord_id, user_id, context).await?,
        domain: draft.domain.or_else(|| project.domain().cloned()),
        geography: draft.geography,
    };
    let end = context.now.plus_seconds(draft.lifetime);
    // A session does not outlive the key that issues it.
    let expires_at = request.caller().expires_at.map_or(end, |expiry| expiry.min(end));
    let (session_id, concord_id) = (session.session_id, session.concord_id);
    let token = SiteToken { tenant_id: request.tenant(), key: request.key_hash()?, expires_at, session };
    let session_token = state.tokens.seal(&token, context)?;
    // The session is not stored, so the unit of work is empty.
    let response = SessionResponse { session_id, session_token, concord_id, expires_at };
    request.commit(request.unit_of_work(), Response::created(&response)).await
}

fn draft(fields: &mut Fields) -> Validated<Draft> {
    let concord_id = fields.optional_text("concordId", parse_uuid);
    let user_id = fields.optional_text("userId", UserId::parse);
    let domain = fields.optional_text("domain", Domain::parse);
    let geography = fields.optional_text("geography", Geography::parse);
    let lifetime = fields.optional_integer("ttlSeconds", lifetime);
    Ok(Draft {
        concord_id: concord_id?,
        user_id: user_id?,
        domain: domain?,
        geography: geography?,
        lifetime: lifetime?.unwrap_or(USUAL_LIFETIME),
    })
}

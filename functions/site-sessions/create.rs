//! `POST /site-v1/{projectId}/sessions`: issue an end user a site session,
//! which a browser then sends as `X-Session`.
//!
//! The session is not stored: the token carries all there is, sealed. So there
//! is also nothing that an idempotency key could give again; a repeat issues
//! another session. What is stored, once, is which user of the site a `userId`
//! calls, until that user's erasure.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, SiteToken, SiteTokens},
    domain::{
        Thing, Timestamp,
        identifiers::parse_uuid,
        project::Domain,
        scope::Area,
        site_session::{Geography, SiteSession, USUAL_LIFETIME, UserId, lifetime},
    },
    store::{Database, Projects, SiteUsers},
};
use serde::Serialize;
use uuid::Uuid;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/site-v1/{projectId}/sessions", Area::Events).for_keys();

struct Draft {
    concord_id: Option<Uuid>,
    user_id: Option<UserId>,
    domain: Option<Domain>,
    geography: Option<Geography>,
    lifetime: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    session_id: Uuid,
    session_token: String,
    concord_id: Uuid,
    expires_at: Timestamp,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let projects = Projects::new(&database);
    let users = SiteUsers::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &projects, &users).await).await
}

async fn create(call: Call<'_>, projects: &Projects, users: &SiteUsers) -> Result<Answer, Error> {
    let draft = call.body(draft)?;
    let project_id = call.path("projectId", parse_uuid, Thing::Project)?;
    let project = projects.get(call.tenant(), project_id).await?;
    if call.reuses_key() {
        return Err(Error::IdempotencyKeyReused);
    }
    let named = (draft.concord_id, draft.user_id.as_ref());
    let session = SiteSession {
        session_id: call.occasion.uuid(),
        project_id,
        concord_id: users.identify((call.tenant(), project_id), named, call.occasion).await?,
        domain: draft.domain.or(project.domain),
        geography: draft.geography,
    };
    let end = call.occasion.now.plus_seconds(draft.lifetime);
    // A session does not outlive the key that issues it.
    let expires_at = call.caller().expires_at.map_or(end, |expiry| expiry.min(end));
    let (session_id, concord_id) = (session.session_id, session.concord_id);
    let token = SiteToken { tenant_id: call.tenant(), key: call.key_hash()?, expires_at, session };
    let session_token = SiteTokens::from_environment()?.seal(&token, call.occasion)?;
    Ok(Answer::created(&Created { session_id, session_token, concord_id, expires_at }))
}

fn draft(fields: &mut Fields) -> Parsed<Draft> {
    let concord_id = fields.optional_text("concordId", parse_uuid);
    let user_id = fields.optional_text("userId", UserId::parse);
    let domain = fields.optional_text("domain", Domain::parse);
    let geography = fields.optional_text("geography", Geography::parse);
    let lifetime = fields.optional_whole("ttlSeconds", lifetime);
    Ok(Draft {
        concord_id: concord_id?,
        user_id: user_id?,
        domain: domain?,
        geography: geography?,
        lifetime: lifetime?.unwrap_or(USUAL_LIFETIME),
    })
}

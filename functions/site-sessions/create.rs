//! `POST /site-v1/{projectId}/sessions`: issue an end user a site session,
//! which a browser then sends as `X-Session`.
//!
//! Nothing is stored: the token carries all there is, sealed. So there is also
//! nothing that an idempotency key could give again; a repeat issues another
//! session.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, SiteToken, SiteTokens},
    domain::{
        Thing, Timestamp,
        identifiers::parse_uuid,
        project::Domain,
        scope::Area,
        site_session::{Geography, SessionUser, SiteSession, USUAL_LIFETIME, UserId, lifetime},
    },
    store::{Database, Effect, Projects},
};
use serde::Serialize;
use uuid::Uuid;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/site-v1/{projectId}/sessions", Area::Events).for_keys();

struct Draft {
    user: SessionUser,
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
    api::serve(ENDPOINT, &database, async |call| create(call, &projects).await).await
}

async fn create(call: Call<'_>, projects: &Projects) -> Result<Answer, Error> {
    let draft = call.body(draft)?;
    let project_id = call.path("projectId", parse_uuid, Thing::Project)?;
    let project = projects.get(call.tenant(), project_id).await?;
    let tokens = SiteTokens::from_environment()?;
    let session = SiteSession {
        session_id: call.occasion.uuid(),
        project_id,
        concord_id: match draft.user {
            SessionUser::Known(id) => id,
            SessionUser::Named(user_id) => tokens.concord_id(call.tenant(), project_id, &user_id),
            SessionUser::Anonymous => call.occasion.uuid(),
        },
        domain: draft.domain.or(project.domain),
        geography: draft.geography,
    };
    let end = call.occasion.now.plus_seconds(draft.lifetime);
    // A session does not outlive the key that issues it.
    let expires_at = call.caller().expires_at.map_or(end, |expiry| expiry.min(end));
    let (session_id, concord_id) = (session.session_id, session.concord_id);
    let token = SiteToken { tenant_id: call.tenant(), key: call.key_hash()?, expires_at, session };
    let session_token = tokens.seal(&token, call.occasion)?;
    let created = Answer::created(&Created { session_id, session_token, concord_id, expires_at });
    call.effect(async || Ok(Effect::nothing((), call.occasion)), |()| created.clone()).await
}

fn draft(fields: &mut Fields) -> Parsed<Draft> {
    let concord_id = fields.optional_text("concordId", parse_uuid);
    let user_id = fields.optional_text("userId", UserId::parse);
    let domain = fields.optional_text("domain", Domain::parse);
    let geography = fields.optional_text("geography", Geography::parse);
    let lifetime = fields.optional_whole("ttlSeconds", lifetime);
    Ok(Draft {
        user: match (concord_id?, user_id?) {
            (Some(id), _) => SessionUser::Known(id),
            (None, Some(user_id)) => SessionUser::Named(user_id),
            (None, None) => SessionUser::Anonymous,
        },
        domain: domain?,
        geography: geography?,
        lifetime: lifetime?.unwrap_or(USUAL_LIFETIME),
    })
}

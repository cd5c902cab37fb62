//! ★ `PATCH /api/v1/compliance/dpdp/session`: change what a person consents
//! to, or close the session.
//!
//! What is absent stays as it is; `consentedPurposes` replaces the list;
//! `metadata` is merged (RFC 7396). A closed session stays closed: 409
//! `SESSION_CLOSED`; one that `If-Match` does not name, as it is: 412.
//! `closureReason` goes with `closed`, and is kept only when
//! that is true.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        dpdp_session::{ClosureReason, PURPOSES, SessionPatch, SessionPurpose},
        identifiers::parse_uuid,
        scope::Area,
    },
    store::{Database, DpdpSessions},
};
use uuid::Uuid;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Patch, "/api/v1/compliance/dpdp/session", Area::Sessions).reading_at_once(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let sessions = DpdpSessions::new(&database);
    api::serve(ENDPOINT, &database, async |call| update(call, &sessions).await).await
}

async fn update(call: Call<'_>, sessions: &DpdpSessions) -> Result<Answer, Error> {
    let (expected, (session_id, patch)) = call.conditional_body(patch)?;
    call.effect(
        async || sessions.update(call.actor(), session_id, (&patch, &expected), call.occasion).await,
        |session| Answer::ok(&session.thing).tagged(&session.tag).personal(),
    )
    .await
}

fn patch(fields: &mut Fields) -> Parsed<(Uuid, SessionPatch)> {
    let session_id = fields.text("sessionId", parse_uuid);
    let purposes = fields.optional_texts("consentedPurposes", PURPOSES, SessionPurpose::parse);
    let is_child = fields.optional_flag("isChild");
    let metadata = fields.optional_map("metadata");
    let closed = fields.optional_flag("closed");
    let closure_reason = fields.optional_text("closureReason", ClosureReason::parse);
    if let (Ok(Some(_)), Ok(None)) = (&closure_reason, &closed) {
        fields.fault("closureReason", "goes together with closed");
    }
    let patch = SessionPatch {
        consented_purposes: purposes?,
        is_child: is_child?,
        metadata: metadata?,
        closed: closed?,
        closure_reason: closure_reason?,
    };
    if patch == SessionPatch::default() {
        return Err(fields.fault("sessionId", "stands alone: name a field to change"));
    }
    Ok((session_id?, patch))
}

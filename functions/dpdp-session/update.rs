//! ★ `PATCH /api/v1/compliance/dpdp/session`: change what a person consents
//! to, or close the session.
//!
//! What is absent stays as it is; `consentedPurposes` replaces the list;
//! `metadata` is merged (RFC 7396). A closed session stays closed: 409
//! `SESSION_CLOSED`; one that `If-Match` does not name, as it is: 412.
//! `closureReason` goes with `closed`, and is kept only when
//! that is true.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        dpdp_session::{ClosureReason, PURPOSES, SessionPatch, SessionPurpose},
        identifiers::parse_uuid,
    },
    environment::Environment,
    store::{Database, DpdpSessions},
};
use uuid::Uuid;

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let sessions = DpdpSessions::new(&database);
    Ok(Endpoint::write(&operations::UPDATE_DPDP_SESSION, &database, sessions, update)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update(sessions: &DpdpSessions, request: &Request) -> Result<Committed, Error> {
    let (expected, (session_id, patch)) = request.conditional_body(patch)?;
    let mut unit = request.unit_of_work();
    let session = &sessions.update(&mut unit, request.actor(), session_id, &patch, &expected).await?;
    request.commit(unit, Response::ok(&session.resource).etag(&session.tag).personal()).await
}

fn patch(fields: &mut Fields) -> Validated<(Uuid, SessionPatch)> {
    let session_id = fields.text("sessionId", parse_uuid);
    let purposes = fields.optional_texts("consentedPurposes", PURPOSES, SessionPurpose::parse);
    let is_child = fields.optional_flag("isChild");
    let metadata = fields.optional_map("metadata");
    let closed = fields.optional_flag("closed");
    let closure_reason = fields.optional_text("closureReason", ClosureReason::parse);
    if let (Ok(Some(_)), Ok(None)) = (&closure_reason, &closed) {
        fields.error("closureReason", "goes together with closed");
    }
    let patch = SessionPatch {
        consented_purposes: purposes?,
        is_child: is_child?,
        metadata: metadata?,
        closed: closed?,
        closure_reason: closure_reason?,
    };
    if patch == SessionPatch::default() {
        return Err(fields.error("sessionId", "stands alone: name a field to change"));
    }
    Ok((session_id?, patch))
}

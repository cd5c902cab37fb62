//! ★ `PATCH /api/v1/compliance/dpdp/session`: change a session, or close
//! it.
//!
//! Absent fields stay unchanged. `consentedPurposes` replaces the list, and
//! `metadata` is merged (RFC 7396). `closureReason` requires `closed`, and is
//! stored only if `closed` is true. A closed session cannot be changed (409
//! `SESSION_CLOSED`), nor a session whose state `If-Match` does not name (412).

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        dpdp_session::{ClosureReason, PURPOSES, SessionPatch, SessionPurpose},
        identifiers::parse_uuid,
    },
    environment::Environment,
    store::{Database, DpdpSessions, Events},
};
use uuid::Uuid;

struct State {
    sessions: DpdpSessions,
    events: Events,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { sessions: DpdpSessions::new(&database), events: Events::new(&database) };
    Ok(Endpoint::write(&operations::UPDATE_DPDP_SESSION, &database, state, update)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update(state: &State, request: &Request) -> Result<Committed, Error> {
    let (expected, (session_id, patch)) = request.conditional_body(patch)?;
    let mut unit = request.unit_of_work();
    let State { sessions, events } = state;
    let session = &sessions.update(&mut unit, request.actor(), session_id, &patch, &expected, events).await?;
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
        fields.error("closureReason", "requires the field closed");
    }
    let patch = SessionPatch {
        consented_purposes: purposes?,
        is_child: is_child?,
        metadata: metadata?,
        closed: closed?,
        closure_reason: closure_reason?,
    };
    if patch == SessionPatch::default() {
        return Err(fields.error("sessionId", "is not enough: give at least one field to change"));
    }
    Ok((session_id?, patch))
}

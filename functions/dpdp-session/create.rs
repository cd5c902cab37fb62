//! `POST /api/v1/compliance/dpdp/session`: create a session.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        dpdp_session::{Metadata, PURPOSES, Session, SessionDraft, SessionPurpose},
        identifiers::PrincipalId,
    },
    environment::Environment,
    store::{Database, DpdpSessions},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let sessions = DpdpSessions::new(&database);
    Endpoint::write(&operations::CREATE_DPDP_SESSION, &database, sessions, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(sessions: &DpdpSessions, request: &Request) -> Result<Committed, Error> {
    let draft = request.body(draft)?;
    let session = Session::begin(draft, request.context().uuid(), request.context().now);
    let location = format!("/api/v1/compliance/dpdp/session/{}", session.session_id);
    let mut unit = request.unit_of_work();
    let session = &sessions.create(&mut unit, request.actor(), session.clone())?;
    request
        .commit(unit, Response::created(&session.resource).etag(&session.tag).location(location.clone()).personal())
        .await
}

fn draft(fields: &mut Fields) -> Validated<SessionDraft> {
    let purposes = fields.optional_texts("consentedPurposes", PURPOSES, SessionPurpose::parse);
    let is_child = fields.optional_flag("isChild");
    let metadata = fields.optional_map("metadata").and_then(|metadata| {
        let metadata = Metadata::new(metadata.unwrap_or_default());
        metadata.map_err(|invalid| fields.error("metadata", invalid.0))
    });
    let data_principal_id = fields.optional_text("dataPrincipalId", PrincipalId::parse);
    Ok(SessionDraft {
        consented_purposes: purposes?.unwrap_or_default(),
        is_child: is_child?.unwrap_or(false),
        metadata: metadata?,
        data_principal_id: data_principal_id?,
    })
}

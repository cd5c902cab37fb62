//! `POST /api/v1/compliance/dpdp/session`: begin a session.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        dpdp_session::{Metadata, PURPOSES, Session, SessionDraft, SessionPurpose},
        identifiers::PrincipalId,
        scope::Area,
    },
    store::{Database, DpdpSessions},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/api/v1/compliance/dpdp/session", Area::Sessions);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let sessions = DpdpSessions::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &sessions).await).await
}

async fn create(call: Call<'_>, sessions: &DpdpSessions) -> Result<Answer, Error> {
    let draft = call.body(draft)?;
    let session = Session::begin(draft, call.occasion.uuid(), call.occasion.now);
    let location = format!("/api/v1/compliance/dpdp/session/{}", session.session_id);
    call.effect(
        async || sessions.create(call.actor(), session.clone(), call.occasion),
        |session| Answer::created(&session.thing).tagged(&session.tag).at(location.clone()).personal(),
    )
    .await
}

fn draft(fields: &mut Fields) -> Parsed<SessionDraft> {
    let purposes = fields.optional_texts("consentedPurposes", PURPOSES, SessionPurpose::parse);
    let is_child = fields.optional_flag("isChild");
    let metadata = fields.optional_map("metadata").and_then(|metadata| {
        let metadata = Metadata::new(metadata.unwrap_or_default());
        metadata.map_err(|invalid| fields.fault("metadata", invalid.0))
    });
    let data_principal_id = fields.optional_text("dataPrincipalId", PrincipalId::parse);
    Ok(SessionDraft {
        consented_purposes: purposes?.unwrap_or_default(),
        is_child: is_child?.unwrap_or(false),
        metadata: metadata?,
        data_principal_id: data_principal_id?,
    })
}

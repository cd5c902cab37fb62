//! ★ `POST /site-v1/{projectId}/consent-events`: record what the current user
//! did about 1 to 25 consent types, all of it or nothing.
//!
//! The current user is the site session's; called with an API key, a new,
//! anonymous one, whose `concordId` is in the answer. 404 for an unknown project; 422 for a consent
//! type that does not exist or does not take the state.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownEvent},
    domain::{
        Thing,
        consent_catalog::ConsentState,
        consent_event::{ConsentAction, ConsentTypeName, EventDraft, EventSession, EventUser, ITEMS},
        identifiers::parse_uuid,
        project::Project,
        scope::Area,
        site_session::SiteSession,
    },
    store::{ConsentCatalog, ConsentEvents, Database, Projects},
};
use serde::Serialize;
use std::net::IpAddr;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/site-v1/{projectId}/consent-events", Area::Events);

/// How much of a `User-Agent` is kept, in characters.
const USER_AGENT: usize = 512;

#[derive(Serialize)]
struct Created {
    count: usize,
    items: Vec<ShownEvent>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let projects = Projects::new(&database);
    let catalog = ConsentCatalog::new(&database);
    let events = ConsentEvents::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &projects, &catalog, &events).await).await
}

async fn create(
    call: Call<'_>,
    projects: &Projects,
    catalog: &ConsentCatalog,
    events: &ConsentEvents,
) -> Result<Answer, Error> {
    let drafts = call.body(|fields| fields.objects("items", ITEMS, item))?;
    let project_id = call.path("projectId", parse_uuid, Thing::Project)?;
    let project = projects.get(call.tenant(), project_id).await?;
    let user = user(&call, project);
    let scene = (call.actor(), project_id);
    call.effect(
        async || events.create(scene, (&drafts, call.is_remembered()), &user, catalog, call.occasion).await,
        |events| {
            let items: Vec<ShownEvent> = events.iter().map(|event| ShownEvent::of(event, call.tenant())).collect();
            Answer::created(&Created { count: items.len(), items }).personal()
        },
    )
    .await
}

fn item(item: &mut Fields) -> Parsed<EventDraft> {
    let consent_type = consent_type(item);
    let consent_state = item.text("consentState", ConsentState::parse);
    let consent_action = item.text("consentAction", ConsentAction::parse);
    Ok(EventDraft { consent_type: consent_type?, consent_state: consent_state?, consent_action: consent_action? })
}

fn consent_type(item: &mut Fields) -> Parsed<ConsentTypeName> {
    let id = item.optional_text("consentType", parse_uuid);
    let placement = api::placement(item);
    match (id?, placement?) {
        (Some(id), None) => Ok(ConsentTypeName::Id(id)),
        (None, Some(placement)) => Ok(ConsentTypeName::Placement(placement)),
        (Some(_), Some(_)) => Err(item.fault("consentType", "stands alone, without category, subcategory and label")),
        (None, None) => Err(item.fault("consentType", "is required, or category, subcategory and label")),
    }
}

/// The end user of the site session, or a new one, whom a key speaks for.
fn user(call: &Call<'_>, project: Project) -> EventUser {
    let ip_address = match call.source_ip() {
        Some(IpAddr::V4(address)) => Some(address),
        _ => None,
    };
    let user_agent = call.user_agent().map(|agent| agent.chars().take(USER_AGENT).collect());
    match call.site_session().cloned() {
        Some(SiteSession { session_id, project_id: _, concord_id, domain, geography }) => EventUser {
            concord_id,
            submitter: concord_id,
            session: EventSession {
                id: session_id,
                ip_address,
                domain: domain.map(|domain| domain.to_string()),
                geography: geography.map(|geography| geography.to_string()),
                user_agent,
            },
        },
        None => EventUser {
            concord_id: call.occasion.uuid(),
            submitter: call.caller().key_id,
            session: EventSession {
                id: call.occasion.uuid(),
                ip_address,
                domain: project.domain.map(|domain| domain.to_string()),
                geography: None,
                user_agent,
            },
        },
    }
}

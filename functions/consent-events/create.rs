//! ★ `POST /site-v1/{projectId}/consent-events`: record the current user's
//! choices about 1 to 25 consent types, all of them or none.
//!
//! The current user is the user of the site session. With an API key it is a new,
//! anonymous user, whose `concordId` is in the response. It is a 404 if the project
//! does not exist, and a 422 if a consent type or its version does not exist, or if
//! the type does not allow the state.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::EventResponse,
    },
    domain::{
        ResourceKind,
        consent_catalog::{ConsentState, VersionNumber},
        consent_event::{ConsentAction, ConsentTypeName, EventDraft, EventSession, EventUser, ITEMS},
        consent_record::Retention,
        identifiers::parse_uuid,
        project::Project,
        site_session::SiteSession,
    },
    environment::Environment,
    store::{ConsentCatalog, ConsentEvents, Database, Projects, ReportedEvents},
};
use serde::Serialize;
use std::net::IpAddr;

/// The length to which a `User-Agent` is cut, in characters.
const MAX_USER_AGENT: usize = 512;

#[derive(Serialize)]
struct CreatedResponse {
    count: usize,
    items: Vec<EventResponse>,
}

struct State {
    projects: Projects,
    catalog: ConsentCatalog,
    events: ConsentEvents,
    retention: Retention,
}

/// The endpoint, with the tables and the retention that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        projects: Projects::new(&database),
        catalog: ConsentCatalog::new(&database),
        events: ConsentEvents::new(&database),
        retention: retention(environment)?,
    };
    Endpoint::write(&operations::CREATE_CONSENT_EVENTS, &database, state, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

/// The retention of events after their consents have expired, a year by default.
fn retention(environment: &Environment) -> Result<Retention, RuntimeError> {
    let days_after_processing = match environment.variable("EVENT_RETENTION_DAYS") {
        Some(days) => days.parse()?,
        None => 365,
    };
    Ok(Retention { days_after_processing })
}

async fn create(state: &State, request: &Request) -> Result<Committed, Error> {
    let drafts = request.body(|fields| fields.objects("items", ITEMS, item))?;
    let project_id = request.path("projectId", parse_uuid, ResourceKind::Project)?;
    let project = state.projects.recent(request.tenant(), project_id, request.context()).await?;
    let user = user(request, &project);
    let reported = ReportedEvents {
        project: project_id,
        user: &user,
        drafts: &drafts,
        retention: state.retention,
        stores_response: request.stores_response(),
    };
    let mut unit = request.unit_of_work();
    let events = &state.events.create(&mut unit, request.actor(), &reported, &state.catalog).await?;
    let items: Vec<EventResponse> = events.iter().map(|event| EventResponse::of(event, request.tenant())).collect();
    request.commit(unit, Response::created(&CreatedResponse { count: items.len(), items }).personal()).await
}

fn item(item: &mut Fields) -> Validated<EventDraft> {
    let consent_type = consent_type(item);
    let version = item.optional_integer("version", VersionNumber::of);
    let consent_state = item.text("consentState", ConsentState::parse);
    let consent_action = item.text("consentAction", ConsentAction::parse);
    Ok(EventDraft {
        consent_type: consent_type?,
        version: version?,
        consent_state: consent_state?,
        consent_action: consent_action?,
    })
}

fn consent_type(item: &mut Fields) -> Validated<ConsentTypeName> {
    let id = item.optional_text("consentType", parse_uuid);
    let placement = api::placement(item);
    match (id?, placement?) {
        (Some(id), None) => Ok(ConsentTypeName::Id(id)),
        (None, Some(placement)) => Ok(ConsentTypeName::Placement(placement)),
        (Some(_), Some(_)) => Err(item.error("consentType", "must be given without category, subcategory and label")),
        (None, None) => Err(item.error("consentType", "is required, or category, subcategory and label")),
    }
}

/// The end user of the site session, or a new user if the caller has an API key.
fn user(request: &Request, project: &Project) -> EventUser {
    let ip_address = match request.source_ip() {
        Some(IpAddr::V4(address)) => Some(address),
        _ => None,
    };
    let user_agent = request.user_agent().map(|agent| agent.chars().take(MAX_USER_AGENT).collect());
    match request.site_session().cloned() {
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
            concord_id: request.context().uuid(),
            submitter: request.caller().key_id,
            session: EventSession {
                id: request.context().uuid(),
                ip_address,
                domain: project.domain().map(ToString::to_string),
                geography: None,
                user_agent,
            },
        },
    }
}

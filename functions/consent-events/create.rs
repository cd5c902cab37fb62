//! ★ `POST /site-v1/{projectId}/consent-events`: record what the current user
//! did about 1 to 25 consent types, all of it or nothing.
//!
//! Called with an API key, the current user is a new, anonymous one, whose
//! `concordId` is in the answer. 404 for an unknown project; 422 for a consent
//! type that does not exist or does not take the state.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Tenant, Thing, Timestamp,
        consent_catalog::{Category, ConsentState, Label, Placement},
        consent_event::{ConsentAction, ConsentEvent, ConsentTypeName, EventDraft, EventSession, EventUser, ITEMS},
        identifiers::parse_uuid,
        project::Project,
        scope::Area,
    },
    store::{ConsentCatalog, ConsentEvents, Database, Projects},
};
use serde::Serialize;
use std::net::IpAddr;
use uuid::Uuid;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/site-v1/{projectId}/consent-events", Area::Events);

/// How much of a `User-Agent` is kept, in characters.
const USER_AGENT: usize = 512;

#[derive(Serialize)]
struct Created {
    count: usize,
    items: Vec<Event>,
}

/// The seed gives each moment under two names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    id: Uuid,
    concord_id: Uuid,
    consent_action: ConsentAction,
    consent_state: ConsentState,
    consent_date: Timestamp,
    expiration_date: Timestamp,
    date_created: Timestamp,
    date_updated: Timestamp,
    created_at: Timestamp,
    updated_at: Timestamp,
    consent_type: Uuid,
    organization: Tenant,
    project: Uuid,
    session: EventSession,
    submitter: Uuid,
    category: Option<Category>,
    subcategory: Option<Category>,
    label: Option<Label>,
    version: u32,
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
    let user = new_user(&call, project);
    let scene = (call.tenant(), project_id);
    let recorded = events.create(scene, &drafts, &user, catalog, call.occasion).await?;
    let items: Vec<Event> = recorded.into_iter().map(|event| shown(event, call.tenant())).collect();
    Ok(Answer::created(&Created { count: items.len(), items }))
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

fn new_user(call: &Call<'_>, project: Project) -> EventUser {
    EventUser {
        concord_id: call.occasion.uuid(),
        submitter: call.caller().key_id,
        session: EventSession {
            id: call.occasion.uuid(),
            ip_address: match call.source_ip() {
                Some(IpAddr::V4(address)) => Some(address),
                _ => None,
            },
            domain: project.domain.map(|domain| domain.to_string()),
            geography: None,
            user_agent: call.user_agent().map(|agent| agent.chars().take(USER_AGENT).collect()),
        },
    }
}

fn shown(event: ConsentEvent, organization: Tenant) -> Event {
    let (category, subcategory, label) = match event.placement {
        Some(Placement { category, subcategory, label }) => (Some(category), Some(subcategory), Some(label)),
        None => (None, None, None),
    };
    Event {
        id: event.id,
        concord_id: event.concord_id,
        consent_action: event.consent_action,
        consent_state: event.consent_state,
        consent_date: event.consent_date,
        expiration_date: event.expiration_date,
        date_created: event.consent_date,
        date_updated: event.consent_date,
        created_at: event.consent_date,
        updated_at: event.consent_date,
        consent_type: event.consent_type,
        organization,
        project: event.project,
        session: event.session,
        submitter: event.submitter,
        category,
        subcategory,
        label,
        version: event.version.number(),
    }
}

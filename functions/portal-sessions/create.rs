//! `POST /v1/portal-sessions`: create a link that opens a page of a person's own, once.
//!
//! The page may do no more than the scopes of the key allow. It ends with the key, and when the person is erased. With
//! `flow: consent` it asks the person whether they consent to a notice: a 400 `INVALID_NOTICE` or `INVALID_GRANT` if that
//! could not be recorded.

use assent_pages::Locale;
use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        Invalid, Timestamp,
        consent_notice::Link,
        identifiers::{PrincipalId, Reference},
        page_session::{LinkDelivery, PageHolder, PageSession, PersonOfPage, Question},
    },
    environment::Environment,
    portal::{Askable, Asked},
    store::{Database, PageSessions},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinkResponse {
    url: String,
    expires_at: Timestamp,
}

struct State {
    sessions: PageSessions,
    askable: Askable,
}

struct Draft {
    principal_id: PrincipalId,
    locale: Option<Locale>,
    asked: Option<Asked>,
    return_url: Option<Link>,
    delivery: LinkDelivery,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { sessions: PageSessions::new(&database), askable: Askable::new(&database) };
    Endpoint::write(&operations::CREATE_PORTAL_SESSION, &database, state, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(state: &State, request: &Request) -> Result<Committed, Error> {
    let (context, tenant) = (request.context(), request.tenant());
    let draft = request.body(|fields| draft(fields, context.now))?;
    if request.reuses_key() {
        return Err(Error::IdempotencyKeyReused);
    }
    let question: Option<Question> = match &draft.asked {
        Some(asked) => Some(state.askable.question(tenant, asked, &draft.principal_id, context).await?),
        None => None,
    };
    let end = context.now.plus_seconds(draft.delivery.seconds());
    // A link does not outlive the key that creates it.
    let expires_at = request.caller().expires_at.map_or(end, |expiry| expiry.min(end));
    let person = PersonOfPage {
        principal_id: draft.principal_id,
        locale: draft.locale.map(|locale| locale.tag().to_owned()),
        question,
        return_url: draft.return_url.map(|url| url.as_str().to_owned()),
        delivery: draft.delivery,
    };
    let session = PageSession {
        tenant_id: tenant,
        organisation: request.caller().tenant_name.clone(),
        key: request.key_hash()?,
        holder: PageHolder::Person(person),
        created_at: context.now,
        expires_at,
    };
    let token = state.sessions.create_link(&session, context).await?;
    let url = request.url(&format!("{}?link={}", operations::OPEN_PORTAL.route, token.reveal()));
    // The response is not stored, because it is a secret, so the unit of work is empty.
    request.commit(request.unit_of_work(), Response::created(&LinkResponse { url, expires_at })).await
}

fn draft(fields: &mut Fields, now: Timestamp) -> Validated<Draft> {
    let principal_id = fields.text("dataPrincipalId", PrincipalId::parse);
    let locale = fields.optional_text("locale", |tag| {
        Locale::parse(tag)
            .ok_or_else(|| Invalid::new("must be English or a language of the Eighth Schedule, such as hi"))
    });
    let asks = fields.optional_text("flow", |flow| match flow {
        "home" => Ok(false),
        "consent" => Ok(true),
        _ => Err(Invalid::new("must be home or consent")),
    });
    let asked = fields.optional_object("consent", |fields| asked(fields, now));
    let return_url = fields.optional_text("returnUrl", Link::parse);
    let delivery = fields.optional_text("delivery", |delivery| match delivery {
        "redirect" => Ok(LinkDelivery::Redirect),
        "message" => Ok(LinkDelivery::Message),
        _ => Err(Invalid::new("must be redirect or message")),
    });
    let (asks, asked) = (asks?.unwrap_or_default(), asked?);
    let asked = match (asks, asked.is_some()) {
        (true, false) => Err(fields.error("consent", "is required where flow is consent")),
        (false, true) => Err(fields.error("consent", "goes together with the flow consent")),
        _ => Ok(asked),
    };
    Ok(Draft {
        principal_id: principal_id?,
        locale: locale?,
        asked: asked?,
        return_url: return_url?,
        delivery: delivery?.unwrap_or_default(),
    })
}

fn asked(fields: &mut Fields, now: Timestamp) -> Validated<Asked> {
    let notice = fields.text("noticeId", Reference::parse);
    let version = fields.optional_text("version", Reference::parse);
    let grant = fields.text("grantId", Reference::parse);
    let processing_expires_at = fields.text("processingExpiresAt", |value: &str| Timestamp::parse_ahead(value, now));
    Ok(Asked { notice: notice?, version: version?, grant: grant?, processing_expires_at: processing_expires_at? })
}

//! `POST /p/answer`: the person answers the question, with a decision about each purpose. It makes a consent record with
//! its proof, once, however often the button is pressed.

use assent_pages::Banner;
use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, RuntimeError, operations},
    domain::{DomainError, consent_record::Retention},
    environment::Environment,
    portal::{Answers, PersonConsents, Questions, Shown, Visit, error_page},
    service::{ConsentToGive, Consents},
    store::{self, Database, PageSessions, Signer},
};

struct State {
    questions: Questions,
    consents: Consents,
    signer: Signer,
    sessions: PageSessions,
    home: PersonConsents,
    retention: Retention,
}

/// The endpoint, with the tables, the secret and the retention that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        questions: Questions::new(&database),
        consents: Consents::new(&database),
        signer: Signer::from_environment(&database),
        sessions: PageSessions::new(&database),
        home: PersonConsents::new(&database),
        retention: environment.retention()?,
    };
    let endpoint = Endpoint::form(&operations::ANSWER_PORTAL_QUESTION, &database, state, answer);
    Ok(endpoint.with_error_page(error_page).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn answer(state: &State, request: &Request) -> Result<Committed, Error> {
    let (visit, mut form, nonce) = Visit::of_form(request)?;
    let shown = Shown::read(&visit, form.take("shown").as_deref())?;
    let answers = Answers::read(form.take_all("purpose."))?;
    form.finish()?;
    let notice = state.questions.notice(&visit, Some(&shown.language)).await?;
    let mut unit = request.unit_of_work();
    if !answers.are_complete(&notice)? {
        let page = state.questions.page(&visit, &notice, Some(&answers)).await?;
        return Ok(request.commit(unit, page.clone()).await?.showing(page));
    }
    state.sessions.take_form(&mut unit, request.tenant(), &nonce)?;
    let draft = state.questions.consent(&visit, &notice, &shown, &answers).await?;
    let consent = ConsentToGive {
        draft: &draft,
        data_fiduciary_name: &request.caller().tenant_name,
        retention: state.retention,
        jwks_uri: &request.jwks_uri(),
    };
    let whole = match state.consents.give(&mut unit, request.actor(), &consent, &state.signer).await {
        // The grant has ended since the organisation asked.
        Err(store::Error::Domain(DomainError::InvalidGrant(_))) => {
            return Err(store::Error::Domain(DomainError::NotActive).into());
        }
        given => given?,
    };
    match request.commit(unit, Questions::answered(&visit, &notice, &whole)).await {
        Err(Error::Store(store::Error::Domain(DomainError::FormTaken))) => {
            let page = state.home.home(&visit, Some(Banner::AnsweredBefore)).await?;
            Ok(request.commit(request.unit_of_work(), page.clone()).await?.showing(page))
        }
        committed => committed,
    }
}

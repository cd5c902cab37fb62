//! ★★ `POST /v1/dpdp/consent-checks`: ask whether the data of persons may be processed
//! for purposes, before doing so (DPDP Act s.6(1), s.6(6)).
//!
//! The answer is strong: a check that begins after a withdrawal was answered says no.
//! A 503 means no. Nothing is written, unless the caller asks for the check to be logged.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        Timestamp,
        consent_check::{Answer, QUESTIONS, Question},
        identifiers::{CheckId, PrincipalId, Reference},
    },
    environment::Environment,
    service::ConsentChecks,
    store::Database,
};
use serde::Serialize;

struct Order {
    questions: Vec<Question>,
    log: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChecksResponse {
    checked_at: Timestamp,
    /// The name of the log's item, if the check is logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_id: Option<CheckId>,
    items: Vec<Answer>,
}

/// The endpoint, with the tables and the secret that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let checks = ConsentChecks::from_environment(&database)?;
    Ok(Endpoint::write(&operations::CHECK_CONSENTS, &database, checks, check)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn check(checks: &ConsentChecks, request: &Request) -> Result<Committed, Error> {
    let Order { questions, log } = request.body(order)?;
    let checked_at = request.context().now;
    let items = checks.answer(request.tenant(), &questions, checked_at).await?;
    let mut unit = request.unit_of_work();
    let decision_id = if log { Some(checks.log(&mut unit, request.actor(), &questions, &items)?) } else { None };
    request.commit(unit, Response::ok(&ChecksResponse { checked_at, decision_id, items })).await
}

fn order(fields: &mut Fields) -> Validated<Order> {
    let questions = fields.objects("items", QUESTIONS, |item| {
        let data_principal_id = item.text("dataPrincipalId", PrincipalId::parse);
        let purpose = item.text("purpose", Reference::parse);
        let notice_id = item.optional_text("noticeId", Reference::parse);
        let grant_id = item.optional_text("grantId", Reference::parse);
        let scope = item.optional_text("scope", Reference::parse);
        Ok(Question {
            data_principal_id: data_principal_id?,
            purpose: purpose?,
            notice_id: notice_id?,
            grant_id: grant_id?,
            scope: scope?,
        })
    });
    let log = fields.optional_flag("log");
    Ok(Order { questions: questions?, log: log?.unwrap_or(false) })
}

//! `POST /v1/dpdp/exports`: create an export of the consents of a period.
//!
//! The query is stored with its time. The response has the first page, and the
//! other pages are read at `Location`. A repeat under an idempotency key reads the
//! same export again, so that people who were erased since are not in it.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::ExportResponse,
    },
    domain::{
        DomainError, Timestamp,
        export::{ExportFormat, ExportQuestion, ExportType},
        identifiers::{ExportId, PrincipalId},
    },
    environment::Environment,
    store::{self, ConsentRecords, Database, Exports, PageRequest},
};
use serde::{Deserialize, Serialize};

/// The greatest number of records on the first page of an export.
const FIRST_PAGE_LIMIT: usize = 50;

struct State {
    exports: Exports,
    records: ConsentRecords,
}

/// The part of the response that is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredExport {
    export_id: ExportId,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { exports: Exports::new(&database), records: ConsentRecords::new(&database) };
    let endpoint = Endpoint::write(&operations::CREATE_EXPORT, &database, state, create)?;
    Ok(endpoint.rendering_replays())
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(state: &State, request: &Request) -> Result<Committed, Error> {
    let question = request.body(question)?;
    let committed = if let Some(replayed) = request.replayed() {
        replayed
    } else {
        let mut unit = request.unit_of_work();
        let export = state.exports.create(&mut unit, request.tenant(), &question)?;
        let location = format!("/v1/dpdp/exports/{}", export.export_id);
        let response = Response::created(&StoredExport { export_id: export.export_id }).location(location);
        request.commit(unit, response).await?
    };
    let (tenant, now) = (request.tenant(), request.context().now);
    let StoredExport { export_id } = committed.read_body()?;
    let export = match state.exports.get(tenant, export_id, now).await {
        // The export has been erased since it was created, together with its person.
        Err(store::Error::Domain(DomainError::NotFound(_))) => return Err(Error::ResponseErased),
        export => export?,
    };
    let page = PageRequest { limit: FIRST_PAGE_LIMIT, after: None };
    let page = state.records.exported(tenant, &export, &page).await?;
    let next_cursor = request.cursors()?.next(tenant, &format!("/v1/dpdp/exports/{export_id}"), &page);
    Ok(committed.with_body(&ExportResponse::of(tenant, &export, page.items, next_cursor, now)))
}

fn question(fields: &mut Fields) -> Validated<ExportQuestion> {
    let kind = fields.text("type", ExportType::parse);
    let format = fields.optional_text("format", ExportFormat::parse);
    let date_from = fields.text("dateFrom", Timestamp::parse_day_or_moment);
    let date_to = fields.text("dateTo", Timestamp::parse_day_or_moment);
    let include_action_log = fields.optional_flag("includeActionLog");
    let include_consent_records = fields.optional_flag("includeConsentRecords");
    let data_principal_id = fields.optional_text("dataPrincipalId", PrincipalId::parse);
    if let (Ok(date_from), Ok(date_to)) = (&date_from, &date_to)
        && date_from > date_to
    {
        fields.error("dateFrom", "must not be after dateTo");
    }
    if let (Ok(kind), Ok(None)) = (&kind, &data_principal_id)
        && kind.is_personal()
    {
        fields.error("dataPrincipalId", "is required for gdpr-article-15");
    }
    Ok(ExportQuestion {
        kind: kind?,
        format: format?.unwrap_or_default(),
        date_from: date_from?,
        date_to: date_to?,
        include_action_log: include_action_log?.unwrap_or(true),
        include_consent_records: include_consent_records?.unwrap_or(true),
        data_principal_id: data_principal_id?,
    })
}

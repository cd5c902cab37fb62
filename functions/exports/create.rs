//! `POST /v1/dpdp/exports`: ask for the consents of a period. The question is
//! kept with its moment, and its first page answered at once; the rest is read
//! from where `Location` says. A repeat under an idempotency key is answered
//! by reading the same export again: nobody who was erased since is in it.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownExport},
    domain::{
        Refusal, Timestamp,
        export::{ExportFormat, ExportQuestion, ExportType},
        identifiers::{ExportId, PrincipalId},
        scope::Area,
    },
    store::{self, ConsentRecords, Database, Exports, Page, SHARDS},
};
use serde::{Deserialize, Serialize};

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/dpdp/exports", Area::Exports).reading_at_once(SHARDS);
/// How many records an export's first page holds, at the most.
const FIRST_RECORDS: usize = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let exports = Exports::new(&database);
    let records = ConsentRecords::new(&database);
    let read_first = async |call: &Call<'_>, answer| first_page(call, answer, &exports, &records).await;
    api::serve_finished(ENDPOINT, &database, async |call| create(call, &exports).await, read_first).await
}

/// What is kept of the answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    export_id: ExportId,
}

async fn create(call: Call<'_>, exports: &Exports) -> Result<Answer, Error> {
    let question = call.body(question)?;
    call.effect(
        async || exports.create(call.tenant(), &question, call.occasion),
        |export| {
            let location = format!("/v1/dpdp/exports/{}", export.export_id);
            Answer::created(&Created { export_id: export.export_id }).at(location)
        },
    )
    .await
}

async fn first_page(
    call: &Call<'_>,
    answer: Answer,
    exports: &Exports,
    records: &ConsentRecords,
) -> Result<Answer, Error> {
    let (tenant, now) = (call.tenant(), call.occasion.now);
    let Created { export_id } = answer.read_body()?;
    let export = match exports.get(tenant, export_id, now).await {
        // It was made, and has been erased since with the person that it was about.
        Err(store::Error::Refused(Refusal::NotFound(_))) => return Err(Error::AnswerGone),
        export => export?,
    };
    let page = Page { limit: FIRST_RECORDS, after: None };
    let part = records.exported(tenant, &export, &page).await?;
    let next_cursor = call.cursors()?.next(tenant, &format!("/v1/dpdp/exports/{export_id}"), &part);
    Ok(answer.with_body(&ShownExport::of(tenant, &export, part.things, next_cursor, now)))
}

fn question(fields: &mut Fields) -> Parsed<ExportQuestion> {
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
        fields.fault("dateFrom", "must not be after dateTo");
    }
    if let (Ok(kind), Ok(None)) = (&kind, &data_principal_id)
        && kind.is_personal()
    {
        fields.fault("dataPrincipalId", "is required for gdpr-article-15");
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

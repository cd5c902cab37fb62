//! `POST /v1/dpdp/exports`: ask for the consents of a period. The question is
//! kept with its moment, and its first page answered at once; the rest is read
//! from where `Location` says.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownExport},
    domain::{
        Timestamp,
        export::{ExportFormat, ExportQuestion, ExportType},
        identifiers::PrincipalId,
        scope::Area,
    },
    store::{ConsentRecords, Database, Exports},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/dpdp/exports", Area::Exports);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let exports = Exports::new(&database);
    let records = ConsentRecords::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &exports, &records).await).await
}

async fn create(call: Call<'_>, exports: &Exports, records: &ConsentRecords) -> Result<Answer, Error> {
    let question = call.body(question)?;
    let (tenant, now, cursors) = (call.tenant(), call.occasion.now, call.cursors()?);
    call.effect(
        async || exports.create(tenant, &question, records, call.occasion).await,
        |(export, part)| {
            let path = format!("/v1/dpdp/exports/{}", export.export_id);
            let next_cursor = cursors.next(tenant, &path, part);
            Answer::created(&ShownExport::of(export, part.things.clone(), next_cursor, now)).at(path)
        },
    )
    .await
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

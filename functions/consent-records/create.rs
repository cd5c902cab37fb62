//! `POST /v1/dpdp/consent-records`: record what a person decided about purposes of a
//! notice, under a grant.
//!
//! Each purpose is granted, or denied. A denial also ends the purpose in the records
//! of the same person and notice that grant it. A record can renew another one.
//!
//! It is a 400 if the grant does not exist, is revoked, has expired or is for
//! another principal (`INVALID_GRANT`), if the notice does not exist
//! (`INVALID_NOTICE`), or if the notice does not have one of the purposes
//! (`INVALID_PURPOSE`), or if the record to renew is not the person's
//! (`INVALID_RENEWAL`); and a 409 if that record has ended (`NOT_ACTIVE`). It is a 503, and nothing is recorded, if there is no key to
//! sign the proof.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::PurposeResponse,
    },
    domain::{
        Timestamp,
        consent_notice::{Language, NoticeId, NoticeVersion, PURPOSES, PurposeDescription},
        consent_record::{ConsentDraft, PurposeDraft, RecordStatus, Retention, WholeRecord},
        decision::{
            Channel, Circumstances, Decider, DeciderRole, Decision, DecisionMethod, Verification, VerificationMethod,
        },
        identifiers::{GrantId, PrincipalId, RecordId, Reference},
        proof::ConsentProof,
    },
    environment::Environment,
    service::{ConsentToGive, Consents},
    store::{Database, Signer},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordedResponse<'a> {
    record_id: RecordId,
    grant_id: Option<GrantId>,
    data_principal_id: Option<&'a PrincipalId>,
    consent_notice_id: &'a NoticeId,
    consent_notice_version: &'a NoticeVersion,
    consent_notice_language: &'a Language,
    consent_notice_hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_hash: Option<&'a str>,
    /// Where the request stated a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    purposes: Option<Vec<PurposeResponse>>,
    #[serde(flatten)]
    circumstances: &'a Circumstances,
    consent_proof: &'a ConsentProof,
    processing_expires_at: Option<Timestamp>,
    retention_until: Timestamp,
    status: RecordStatus,
    created_at: Timestamp,
}

struct State {
    consents: Consents,
    signer: Signer,
    retention: Retention,
}

/// The endpoint, with the tables, the secret and the retention that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        consents: Consents::new(&database),
        signer: Signer::from_environment(&database),
        retention: environment.retention()?,
    };
    Ok(Endpoint::write(&operations::CREATE_CONSENT_RECORD, &database, state, create)?.with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(state: &State, request: &Request) -> Result<Committed, Error> {
    let now = request.context().now;
    let draft = request.body(|fields| consent(fields, now))?;
    let consent = ConsentToGive {
        draft: &draft,
        data_fiduciary_name: &request.caller().tenant_name,
        retention: state.retention,
        jwks_uri: &request.jwks_uri(),
    };
    let mut unit = request.unit_of_work();
    let whole = state.consents.give(&mut unit, request.actor(), &consent, &state.signer).await?;
    request.commit(unit, recorded(&whole, now)).await
}

fn recorded(WholeRecord { record, details, .. }: &WholeRecord, now: Timestamp) -> Response {
    let states_decisions = record.purposes.iter().any(|purpose| purpose.decision.is_some());
    Response::created(&RecordedResponse {
        record_id: record.record_id,
        grant_id: record.grant_id,
        data_principal_id: record.data_principal_id.as_ref(),
        consent_notice_id: &record.consent_notice_id,
        consent_notice_version: &record.consent_notice_version,
        consent_notice_language: &record.consent_notice_language,
        consent_notice_hash: &details.consent_notice_hash,
        document_hash: details.document_hash.as_deref(),
        purposes: states_decisions.then(|| PurposeResponse::of(record, details)),
        circumstances: &record.circumstances,
        consent_proof: &details.consent_proof,
        processing_expires_at: record.processing_expires_at,
        retention_until: record.retention_until,
        status: record.status(now),
        created_at: record.created_at,
    })
    .location(format!("/v1/dpdp/consent-records/{}", record.record_id))
    .etag(&record.tag(now))
    .personal()
}

fn consent(fields: &mut Fields, now: Timestamp) -> Validated<ConsentDraft> {
    let data_principal_id = fields.text("dataPrincipalId", PrincipalId::parse);
    let purposes = fields.objects("purposes", PURPOSES, |purpose| {
        let code = purpose.unique_text("code", Reference::parse);
        let decision = purpose.optional_text("decision", Decision::parse);
        // The description is required, but the record stores the notice's own.
        purpose.text("description", PurposeDescription::parse)?;
        Ok(PurposeDraft { code: code?, decision: decision? })
    });
    // Only a record that grants something needs a grant and an end.
    let grants_nothing =
        purposes.as_ref().is_ok_and(|purposes| purposes.iter().all(|it| it.decision == Some(Decision::Denied)));
    let ahead = |value: &str| Timestamp::parse_ahead(value, now);
    let (grant, processing_expires_at) = if grants_nothing {
        (fields.optional_text("grantId", Reference::parse), fields.optional_text("processingExpiresAt", ahead))
    } else {
        let grant = fields.text("grantId", Reference::parse);
        (grant.map(Some), fields.text("processingExpiresAt", ahead).map(Some))
    };
    let notice = fields.text("consentNoticeId", Reference::parse);
    let notice_version = fields.optional_text("consentNoticeVersion", Reference::parse);
    let notice_language = fields.optional_text("consentNoticeLanguage", Language::parse);
    let renews = fields.optional_text("renews", Reference::parse);
    let circumstances = circumstances(fields, now);
    Ok(ConsentDraft {
        grant: grant?,
        data_principal_id: data_principal_id?,
        purposes: purposes?,
        notice: notice?,
        notice_version: notice_version?,
        notice_language: notice_language?,
        processing_expires_at: processing_expires_at?,
        renews: renews?,
        circumstances: circumstances?,
    })
}

fn circumstances(fields: &mut Fields, now: Timestamp) -> Validated<Circumstances> {
    let past = |value: &str| Timestamp::parse_past(value, now);
    let method = fields.optional_text("method", DecisionMethod::parse);
    let shown_at = fields.optional_text("shownAt", past);
    let channel = fields.optional_text("channel", Channel::parse);
    let actor = fields.optional_object("actor", |actor| {
        let role = actor.text("type", DeciderRole::parse);
        let id = actor.optional_text("id", PrincipalId::parse);
        let verification = actor.optional_object("verification", |verification| {
            let method = verification.text("method", VerificationMethod::parse);
            let reference = verification.text("reference", Reference::parse);
            let at = verification.text("at", past);
            Ok(Verification { method: method?, reference: Some(reference?), at: at? })
        });
        Ok(Decider { role: role?, id: id?, verification: verification? })
    });
    Ok(Circumstances { method: method?, shown_at: shown_at?, channel: channel?, actor: actor?, renews: None })
}

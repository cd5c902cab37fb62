//! What more than one endpoint shows in the same form.

use crate::{
    api::ShownTrail,
    domain::{
        Tenant, Timestamp,
        consent_catalog::{
            Category, ConsentDescription, ConsentDuration, ConsentState, ConsentTitle, ConsentType, ConsentTypeKind,
            ConsentTypeVersion, Label, Placement, PolicyUrl,
        },
        consent_event::{ConsentAction, ConsentEvent, EventSession},
        consent_notice::{Language, NoticeId, NoticeVersion, Purpose},
        consent_record::{ConsentRecord, RecordStatus, WithdrawalReason},
        erasure::{ErasureCounts, ErasureRequest, ErasureStatus},
        export::{Export, ExportFormat, ExportType},
        grant::{GrantScope, GrantStatus, Lineage},
        identifiers::{ErasureRequestId, ExportId, GrantId, PrincipalId, RecordId},
        project::{Domain, Project, ProjectName},
        proof::{CommitmentSalt, ConsentProof},
    },
    store::Exported,
};
use serde::Serialize;
use uuid::Uuid;

/// A grant, as all of `/v1/grants` shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownGrant {
    grant_id: GrantId,
    principal_id: Option<PrincipalId>,
    scopes: Vec<GrantScope>,
    status: GrantStatus,
    parent_grant_id: Option<GrantId>,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl ShownGrant {
    /// A grant at a moment, with what its ancestors make of it.
    pub fn of(lineage: &Lineage, now: Timestamp) -> Self {
        let grant = &lineage.grant;
        Self {
            grant_id: grant.grant_id,
            principal_id: grant.principal_id.clone(),
            scopes: grant.scopes.clone(),
            status: lineage.status(now),
            parent_grant_id: grant.ancestors.last().copied(),
            expires_at: grant.expires_at,
            created_at: grant.created_at,
            revoked_at: lineage.revoked_at,
        }
    }
}

/// A consent record, all of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownRecord {
    record_id: RecordId,
    grant_id: GrantId,
    data_principal_id: Option<PrincipalId>,
    data_fiduciary_name: String,
    purposes: Vec<Purpose>,
    scopes: Vec<GrantScope>,
    consent_notice_id: NoticeId,
    consent_notice_version: NoticeVersion,
    consent_notice_language: Language,
    consent_notice_hash: String,
    consent_proof: ConsentProof,
    commitment_salt: Option<CommitmentSalt>,
    processing_expires_at: Timestamp,
    retention_until: Timestamp,
    status: RecordStatus,
    consent_given_at: Timestamp,
    created_at: Timestamp,
    access_count: u64,
    last_accessed_at: Option<Timestamp>,
    withdrawn_at: Option<Timestamp>,
    withdrawn_reason: Option<WithdrawalReason>,
    erased_at: Option<Timestamp>,
}

impl ShownRecord {
    /// A record at a moment.
    pub fn of(record: ConsentRecord, now: Timestamp) -> Self {
        Self {
            status: record.status(now),
            record_id: record.record_id,
            grant_id: record.grant_id,
            data_principal_id: record.data_principal_id,
            data_fiduciary_name: record.data_fiduciary_name,
            purposes: record.purposes,
            scopes: record.scopes,
            consent_notice_id: record.consent_notice_id,
            consent_notice_version: record.consent_notice_version,
            consent_notice_language: record.consent_notice_language,
            consent_notice_hash: record.consent_notice_hash,
            consent_proof: record.consent_proof,
            commitment_salt: record.commitment_salt,
            processing_expires_at: record.processing_expires_at,
            retention_until: record.retention_until,
            consent_given_at: record.created_at,
            created_at: record.created_at,
            access_count: record.access_count,
            last_accessed_at: record.last_accessed_at,
            withdrawn_at: record.withdrawn_at,
            withdrawn_reason: record.withdrawn_reason,
            erased_at: record.erased_at,
        }
    }
}

/// A part of an export.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownExport {
    export_id: ExportId,
    #[serde(rename = "type")]
    kind: ExportType,
    format: ExportFormat,
    /// Of this part.
    record_count: usize,
    truncated: bool,
    data: ExportData,
    next_cursor: Option<String>,
    expires_at: Timestamp,
    created_at: Timestamp,
}

/// What is there of that which an export asks for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExportData {
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_records: Option<Vec<ShownRecord>>,
    /// The audit trails of the same records.
    #[serde(skip_serializing_if = "Option::is_none")]
    action_log: Option<Vec<ShownTrail>>,
}

impl ShownExport {
    /// A part of what one of this tenant's exports asks for, at a moment, and
    /// where it goes on.
    pub fn of(
        tenant: Tenant,
        export: &Export,
        exported: Vec<Exported>,
        next_cursor: Option<String>,
        now: Timestamp,
    ) -> Self {
        let question = &export.question;
        let (mut records, mut trails) = (Vec::new(), Vec::new());
        for Exported { record, trail } in exported {
            trails.extend(trail.map(|trail| ShownTrail::of(tenant, record.record_id, trail)));
            if question.include_consent_records {
                records.push(ShownRecord::of(record, now));
            }
        }
        Self {
            export_id: export.export_id,
            kind: question.kind,
            format: question.format,
            record_count: records.len(),
            truncated: next_cursor.is_some(),
            data: ExportData {
                consent_records: question.include_consent_records.then_some(records),
                action_log: question.include_action_log.then_some(trails),
            },
            next_cursor,
            expires_at: export.expires_at,
            created_at: export.created_at,
        }
    }
}

/// A project.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownProject {
    id: Uuid,
    organization: Tenant,
    name: ProjectName,
    domain: Option<Domain>,
    created_at: Timestamp,
}

impl ShownProject {
    /// One of this tenant's projects.
    pub fn of(project: &Project, organization: Tenant) -> Self {
        Self {
            id: project.id,
            organization,
            name: project.name.clone(),
            domain: project.domain.clone(),
            created_at: project.created_at,
        }
    }
}

/// A consent type of the catalog.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownConsentType<'a> {
    company_id: Tenant,
    id: Uuid,
    title: &'a ConsentTitle,
    description: Option<&'a ConsentDescription>,
    #[serde(rename = "type")]
    kind: ConsentTypeKind,
    category: Option<&'a Category>,
    subcategory: Option<&'a Category>,
    label: Option<&'a Label>,
    valid_states: &'a [ConsentState],
    consent_duration: &'a ConsentDuration,
    latest_version: String,
    /// Seconds since 1970 began, as everywhere in the consent catalog.
    created_at: i64,
}

impl<'a> ShownConsentType<'a> {
    /// One of this tenant's consent types.
    pub fn of(consent_type: &'a ConsentType, company_id: Tenant) -> Self {
        let placement = consent_type.placement.as_ref();
        Self {
            company_id,
            id: consent_type.id,
            title: &consent_type.title,
            description: consent_type.description.as_ref(),
            kind: consent_type.kind,
            category: placement.map(|placement| &placement.category),
            subcategory: placement.map(|placement| &placement.subcategory),
            label: placement.map(|placement| &placement.label),
            valid_states: &consent_type.valid_states,
            consent_duration: &consent_type.consent_duration,
            latest_version: consent_type.latest_version.to_string(),
            created_at: consent_type.created_at.seconds(),
        }
    }
}

/// A version of a consent type, as the consent catalog's seed shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownVersion {
    company_id: Tenant,
    consent_catalog_id: Uuid,
    version: String,
    #[serde(rename = "type")]
    kind: ConsentTypeKind,
    /// Seconds since 1970 began, as everywhere in the consent catalog.
    created_at: i64,
    url: PolicyUrl,
    description: Option<ConsentDescription>,
    is_used: bool,
}

impl ShownVersion {
    /// A version of one of this tenant's consent types.
    pub fn of(version: &ConsentTypeVersion, company_id: Tenant) -> Self {
        Self {
            company_id,
            consent_catalog_id: version.consent_catalog_id,
            version: version.version.to_string(),
            kind: version.kind,
            created_at: version.created_at.seconds(),
            url: version.url.clone(),
            description: version.description.clone(),
            is_used: version.is_used,
        }
    }
}

/// A consent event, as all of `/site-v1` shows it. The seed gives each moment
/// under several names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownEvent {
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

impl ShownEvent {
    /// One of this tenant's events.
    pub fn of(event: &ConsentEvent, organization: Tenant) -> Self {
        let (category, subcategory, label) = match event.placement.clone() {
            Some(Placement { category, subcategory, label }) => (Some(category), Some(subcategory), Some(label)),
            None => (None, None, None),
        };
        Self {
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
            session: event.session.clone(),
            submitter: event.submitter,
            category,
            subcategory,
            label,
            version: event.version.number(),
        }
    }
}

/// A part of an end user's events.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownEvents {
    count: usize,
    items: Vec<ShownEvent>,
    next_cursor: Option<String>,
}

impl ShownEvents {
    /// A part of some of this tenant's events, and where it goes on.
    pub fn of(events: &[ConsentEvent], next_cursor: Option<String>, organization: Tenant) -> Self {
        let items: Vec<ShownEvent> = events.iter().map(|event| ShownEvent::of(event, organization)).collect();
        Self { count: items.len(), items, next_cursor }
    }
}

/// A request for erasure, without the person it is about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownErasure {
    request_id: ErasureRequestId,
    status: ErasureStatus,
    #[serde(flatten)]
    counts: ErasureCounts,
    retained: Vec<Retained>,
    submitted_at: Timestamp,
    completed_at: Option<Timestamp>,
    expected_completion_by: Timestamp,
}

/// What is kept all the same, and why.
#[derive(Serialize)]
struct Retained {
    category: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

impl ShownErasure {
    /// A request as far as it has come.
    pub fn of(request: &ErasureRequest) -> Self {
        let counts = &request.counts;
        let retained = [
            (
                "consent_records",
                "Kept without the person, as proof of consent (DPDP Act s.6(10))",
                Some(counts.records_erased),
            ),
            ("grants", "Kept without the person, revoked, as what the consent records rest on", None),
            (
                "grievances",
                "Kept without the person and their words, as proof of how grievances were dealt with (DPDP Act s.13)",
                Some(counts.grievances_redacted),
            ),
            ("sessions", "Kept without the person, as proof of what was consented to", Some(counts.sessions_redacted)),
            (
                "site_events",
                "Kept without the user, their address, program and part of the world, as proof of what sites were told",
                Some(counts.site_events_redacted),
            ),
            (
                "site_users",
                "For about a day, by their concordId: that a site's user was erased, so that no session that still \
                 lasts brings them back, and which answers were sealed under their key, which is deleted",
                None,
            ),
            (
                "audit_entries",
                "Kept without the person: what was personal in them was sealed under keys that are deleted",
                None,
            ),
            (
                "erasure_requests",
                "This request is kept, and a code of the person's id that only this deployment can make, by which a \
                 repeat is known",
                None,
            ),
            ("backups", "Point-in-time recovery keeps what was deleted for 35 days at the most", None),
        ]
        .into_iter()
        .map(|(category, reason, count)| Retained { category, reason, count })
        .collect();
        Self {
            request_id: request.request_id,
            status: request.status,
            counts: request.counts,
            retained,
            submitted_at: request.submitted_at,
            completed_at: request.completed_at,
            expected_completion_by: request.expected_completion_by,
        }
    }
}

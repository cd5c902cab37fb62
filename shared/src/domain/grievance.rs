//! Grievances: a person's complaints to the organisation that holds their data,
//! and the decisions on them (DPDP Act s.13).

use crate::domain::{
    DomainError, Invalid, RequestContext, Timestamp,
    audit::AuditEvent,
    identifiers::{GrievanceId, PrincipalId, RecordId, Reference},
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// The most bytes of compact JSON that a grievance's evidence may have.
pub const EVIDENCE_BYTES: usize = 32 * 1024;
/// The days within which a grievance must be resolved, as a request may set them.
pub const RESPONSE_DAYS: RangeInclusive<u32> = 1..=90;
/// The days within which a grievance must be resolved if the request does not set them.
pub const USUAL_RESPONSE_DAYS: u32 = 7;

text_type! {
    /// The type of a grievance, in the organisation's own words: 1–128 characters.
    GrievanceType = |value| plain_text(value, 128)
}
text_type! {
    /// The person's complaint: 1–10000 characters.
    GrievanceDescription = |value| plain_text(value, 10_000)
}
text_type! {
    /// The decision and its reasons: 1–10000 characters.
    Resolution = |value| plain_text(value, 10_000)
}

/// A JSON object that supports a grievance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Evidence(Map<String, Value>);

impl Evidence {
    /// Accepts an object of at most [`EVIDENCE_BYTES`].
    pub fn new(object: Map<String, Value>) -> Result<Self, Invalid> {
        let length = serde_json::to_string(&object).map_or(usize::MAX, |text| text.len());
        if length > EVIDENCE_BYTES {
            return Err(Invalid::new(format!("must be at most {EVIDENCE_BYTES} bytes of JSON, but has {length}")));
        }
        Ok(Self(object))
    }

    /// Its JSON text. The trail holds it as text because canonical JSON cannot
    /// represent all of its numbers.
    fn text(&self) -> Option<String> {
        serde_json::to_string(&self.0).ok()
    }
}

/// The status of a grievance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrievanceStatus {
    /// No one has reviewed it yet.
    Submitted,
    /// It is being reviewed.
    InReview,
    /// It was decided in the person's favour.
    Resolved,
    /// It was decided against the person.
    Rejected,
    /// The person was erased before a decision.
    Erased,
}

impl GrievanceStatus {
    /// `submitted`, `in_review`, `resolved`, `rejected` or `erased`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "submitted" => Ok(Self::Submitted),
            "in_review" => Ok(Self::InReview),
            "resolved" => Ok(Self::Resolved),
            "rejected" => Ok(Self::Rejected),
            "erased" => Ok(Self::Erased),
            _ => Err(Invalid::new("must be submitted, in_review, resolved, rejected or erased")),
        }
    }

    /// Whether it is a decision, after which the status does not change.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Resolved | Self::Rejected)
    }
}

/// A grievance that is to be submitted.
#[derive(Clone, Debug, PartialEq)]
pub struct GrievanceDraft {
    /// The person who complains.
    pub data_principal_id: PrincipalId,
    /// Its type.
    pub kind: GrievanceType,
    /// The complaint.
    pub description: GrievanceDescription,
    /// The consent record that it is about, if any. The reference may name no record.
    pub record: Option<Reference>,
    /// The evidence.
    pub evidence: Option<Evidence>,
    /// The days within which it must be resolved.
    pub response_days: u32,
}

/// A grievance without its description and evidence, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GrievanceSummary {
    /// Its id.
    pub grievance_id: GrievanceId,
    /// Its reference number for people: `GRV-`, the year, and the id's ULID.
    pub reference_number: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: GrievanceType,
    /// Its status.
    pub status: GrievanceStatus,
    /// The person who complains; `None` after erasure.
    pub data_principal_id: Option<PrincipalId>,
    /// The consent record that it is about, if any.
    pub record_id: Option<RecordId>,
    /// When it must be resolved.
    pub expected_resolution_by: Timestamp,
    /// The decision and its reasons.
    pub resolution: Option<Resolution>,
    /// When it was decided.
    pub resolved_at: Option<Timestamp>,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A grievance, stored and shown in the same form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grievance {
    /// All fields but the description and evidence.
    #[serde(flatten)]
    pub summary: GrievanceSummary,
    /// The complaint; `None` after erasure.
    pub description: Option<GrievanceDescription>,
    /// The evidence.
    pub evidence: Option<Evidence>,
}

/// A change of a grievance's status. A decision has a resolution; other steps
/// have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    status: GrievanceStatus,
    resolution: Option<Resolution>,
}

impl Step {
    /// A step to this status. An error is about the resolution.
    pub fn new(status: GrievanceStatus, resolution: Option<Resolution>) -> Result<Self, Invalid> {
        match (status.is_final(), &resolution) {
            (true, None) => Err(Invalid::new("is required where the status is resolved or rejected")),
            (false, Some(_)) => Err(Invalid::new("goes together with the status resolved or rejected")),
            _ => Ok(Self { status, resolution }),
        }
    }
}

impl Grievance {
    /// A grievance that is submitted now, about this record if any.
    pub fn submit(draft: &GrievanceDraft, record_id: Option<RecordId>, context: &RequestContext) -> Self {
        let (grievance_id, now) = (GrievanceId::fresh(context), context.now);
        let summary = GrievanceSummary {
            grievance_id,
            reference_number: format!("GRV-{}-{}", now.year(), grievance_id.ulid()),
            kind: draft.kind.clone(),
            status: GrievanceStatus::Submitted,
            data_principal_id: Some(draft.data_principal_id.clone()),
            record_id,
            expected_resolution_by: now.plus_days(draft.response_days),
            resolution: None,
            resolved_at: None,
            created_at: now,
            updated_at: now,
        };
        Self { summary, description: Some(draft.description.clone()), evidence: draft.evidence.clone() }
    }

    /// The grievance without the person and without text by or about them. If it
    /// is undecided, its status becomes `erased`.
    #[must_use]
    pub fn redacted(&self, now: Timestamp) -> Self {
        let mut redacted = Self { description: None, evidence: None, ..self.clone() };
        if !self.summary.status.is_final() {
            redacted.summary.status = GrievanceStatus::Erased;
        }
        redacted.summary.data_principal_id = None;
        redacted.summary.resolution = None;
        redacted.summary.updated_at = now;
        redacted
    }

    /// The first event of its trail.
    pub fn submitted(&self) -> AuditEvent {
        AuditEvent::new("grievance.submitted")
            .with("type", &self.summary.kind)
            .with("recordId", self.summary.record_id)
            .with("expectedResolutionBy", self.summary.expected_resolution_by)
            .personal("dataPrincipalId", &self.summary.data_principal_id)
            .personal("description", &self.description)
            .personal("evidence", self.evidence.as_ref().and_then(Evidence::text))
    }

    /// The event of the step to its present status.
    pub fn step_taken(&self) -> AuditEvent {
        let action = match self.summary.status {
            GrievanceStatus::Submitted => "grievance.submitted",
            GrievanceStatus::InReview => "grievance.review_started",
            GrievanceStatus::Resolved => "grievance.resolved",
            GrievanceStatus::Rejected => "grievance.rejected",
            GrievanceStatus::Erased => "grievance.erased",
        };
        AuditEvent::new(action).personal("resolution", &self.summary.resolution)
    }

    /// The grievance after a step. Fails if its status does not allow the step.
    pub fn after(&self, step: &Step, now: Timestamp) -> Result<Self, DomainError> {
        if self.summary.data_principal_id.is_none() {
            return Err(DomainError::AlreadyErased);
        }
        let next = match self.summary.status {
            GrievanceStatus::Submitted => step.status == GrievanceStatus::InReview,
            GrievanceStatus::InReview => step.status.is_final(),
            GrievanceStatus::Resolved | GrievanceStatus::Rejected | GrievanceStatus::Erased => false,
        };
        if !next {
            return Err(DomainError::InvalidTransition);
        }
        let mut after = self.clone();
        after.summary.status = step.status;
        after.summary.resolution.clone_from(&step.resolution);
        after.summary.resolved_at = step.status.is_final().then_some(now);
        after.summary.updated_at = now;
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use crate::domain::{Clock, Random};
    use GrievanceStatus::{Erased, InReview, Rejected, Resolved, Submitted};

    fn context() -> RequestContext {
        let clock = Clock::new(|| Timestamp::parse("2026-12-31T23:00:00Z").unwrap());
        RequestContext::new(&clock, &Random::new(|bytes| bytes.fill(7)))
    }

    fn submitted() -> Grievance {
        let draft = GrievanceDraft {
            data_principal_id: PrincipalId::parse("user-1").unwrap(),
            kind: GrievanceType::parse("access").unwrap(),
            description: GrievanceDescription::parse("No response").unwrap(),
            record: None,
            evidence: None,
            response_days: 7,
        };
        Grievance::submit(&draft, None, &context())
    }

    fn step(status: GrievanceStatus) -> Step {
        let resolution = status.is_final().then(|| Resolution::parse("Done").unwrap());
        Step::new(status, resolution).unwrap()
    }

    #[test]
    fn the_reference_number_has_the_year_and_the_ids_ulid() {
        let summary = submitted().summary;
        let ulid = summary.grievance_id.to_string().replace("grv_", "");
        assert_eq!(summary.reference_number, format!("GRV-2026-{ulid}"));
        assert_eq!(summary.expected_resolution_by.to_string(), "2027-01-07T23:00:00.000Z");
    }

    #[test]
    fn steps_follow_one_order() {
        let all = [Submitted, InReview, Resolved, Rejected, Erased];
        let now = context().now;
        for (before, allowed) in [
            (vec![], vec![InReview]),
            (vec![InReview], vec![Resolved, Rejected]),
            (vec![InReview, Resolved], vec![]),
            (vec![InReview, Rejected], vec![]),
        ] {
            let grievance =
                before.iter().fold(submitted(), |grievance, status| grievance.after(&step(*status), now).unwrap());
            for status in all {
                let after = grievance.after(&step(status), now).map(|after| after.summary.status);
                let expected = if allowed.contains(&status) { Ok(status) } else { Err(DomainError::InvalidTransition) };
                assert_eq!(after, expected, "{before:?}, then {status:?}");
            }
        }
    }

    #[test]
    fn an_erased_grievance_keeps_its_decision_and_takes_no_step() {
        let now = context().now;
        for (before, left) in [
            (vec![], Erased),
            (vec![InReview], Erased),
            (vec![InReview, Resolved], Resolved),
            (vec![InReview, Rejected], Rejected),
        ] {
            let grievance =
                before.iter().fold(submitted(), |grievance, status| grievance.after(&step(*status), now).unwrap());
            let redacted = grievance.redacted(now);
            assert_eq!(redacted.summary.status, left);
            for status in [Submitted, InReview, Resolved, Rejected, Erased] {
                assert_eq!(redacted.after(&step(status), now), Err(DomainError::AlreadyErased), "{before:?}");
            }
        }
    }

    #[test]
    fn only_decisions_have_a_resolution() {
        let resolution = || Some(Resolution::parse("Done").unwrap());
        for status in [Submitted, InReview] {
            assert!(Step::new(status, None).is_ok() && Step::new(status, resolution()).is_err());
        }
        for status in [Resolved, Rejected] {
            assert!(Step::new(status, None).is_err() && Step::new(status, resolution()).is_ok());
        }
    }
}

//! Exports: each is a query for the consents of a period, made at a moment. An
//! export does not store the result. The result is read from the records on each
//! request, so that it shows withdrawals and no erased person.

use crate::domain::{
    Invalid, RequestContext, Timestamp,
    identifiers::{ExportId, PrincipalId},
};
use serde::{Deserialize, Serialize};

/// For how many days an export can be read.
const READABLE_DAYS: u32 = 7;
/// For how many days after that the export is kept, to say that it has expired.
const KEPT_AFTER_EXPIRY_DAYS: u32 = 30;

/// The use of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportType {
    /// An audit under the DPDP Act.
    DpdpAudit,
    /// A person's right of access (GDPR Article 15).
    #[serde(rename = "gdpr-article-15")]
    GdprArticle15,
    /// The conformity of an AI system (EU AI Act).
    EuAiActConformance,
}

impl ExportType {
    /// `dpdp-audit`, `gdpr-article-15` or `eu-ai-act-conformance`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "dpdp-audit" => Ok(Self::DpdpAudit),
            "gdpr-article-15" => Ok(Self::GdprArticle15),
            "eu-ai-act-conformance" => Ok(Self::EuAiActConformance),
            _ => Err(Invalid::new("must be dpdp-audit, gdpr-article-15 or eu-ai-act-conformance")),
        }
    }

    /// Whether such an export is always about one person.
    pub fn is_personal(self) -> bool {
        self == Self::GdprArticle15
    }
}

/// The format of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// JSON.
    #[default]
    Json,
}

impl ExportFormat {
    /// `json`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        if value == "json" { Ok(Self::Json) } else { Err(Invalid::new("must be json")) }
    }
}

/// The query of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportQuestion {
    /// Its use.
    #[serde(rename = "type")]
    pub kind: ExportType,
    /// Its format.
    pub format: ExportFormat,
    /// The first moment of the period.
    pub date_from: Timestamp,
    /// The last moment of the period.
    pub date_to: Timestamp,
    /// Whether the result includes the audit trails.
    pub include_action_log: bool,
    /// Whether the result includes the consent records.
    pub include_consent_records: bool,
    /// The person, if the export is about one person.
    pub data_principal_id: Option<PrincipalId>,
}

/// A stored export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    /// Its id.
    pub export_id: ExportId,
    /// Its query.
    #[serde(flatten)]
    pub question: ExportQuestion,
    /// When it was created. The result includes nothing later.
    pub created_at: Timestamp,
    /// When it expires: it can be read before then.
    pub expires_at: Timestamp,
}

impl Export {
    /// An export with this query, created now.
    pub fn ask(question: &ExportQuestion, context: &RequestContext) -> Self {
        Self {
            export_id: ExportId::fresh(context),
            question: question.clone(),
            created_at: context.now,
            expires_at: context.now.plus_days(READABLE_DAYS),
        }
    }

    /// The first and the last moment of the result. `None` if the whole period
    /// was still in the future when the export was created.
    pub fn period(&self) -> Option<(Timestamp, Timestamp)> {
        let (first, last) = (self.question.date_from, self.question.date_to.min(self.created_at));
        (first <= last).then_some((first, last))
    }

    /// Whether it has expired at this moment.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// When the stored export can be removed.
    pub fn removable_at(&self) -> Timestamp {
        self.expires_at.plus_days(KEPT_AFTER_EXPIRY_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use crate::domain::{Clock, Random};

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse_day_or_moment(text).unwrap()
    }

    fn asked(date_from: &str, date_to: &str) -> Export {
        let question = ExportQuestion {
            kind: ExportType::DpdpAudit,
            format: ExportFormat::Json,
            date_from: moment(date_from),
            date_to: moment(date_to),
            include_action_log: true,
            include_consent_records: true,
            data_principal_id: None,
        };
        Export::ask(
            &question,
            &RequestContext::new(&Clock::new(|| moment("2026-04-05T12:00:00Z")), &Random::new(|_| {})),
        )
    }

    #[test]
    fn the_period_ends_when_the_export_is_created() {
        let (first, now) = (moment("2026-01-01"), moment("2026-04-05T12:00:00Z"));
        assert_eq!(asked("2026-01-01", "2026-02-01").period(), Some((first, moment("2026-02-01"))));
        assert_eq!(asked("2026-01-01", "2027-01-01").period(), Some((first, now)));
        assert_eq!(asked("2026-01-01", "2026-01-01").period(), Some((first, first)));
        assert_eq!(asked("2026-04-05T12:00:00.001Z", "2027-01-01").period(), None);
    }

    #[test]
    fn an_export_can_be_read_for_seven_days() {
        let export = asked("2026-01-01", "2026-02-01");
        assert_eq!(export.expires_at, moment("2026-04-12T12:00:00Z"));
        assert!(!export.has_expired(moment("2026-04-12T11:59:59.999Z")));
        assert!(export.has_expired(moment("2026-04-12T12:00:00Z")));
        assert_eq!(export.removable_at(), moment("2026-05-12T12:00:00Z"));
    }

    #[test]
    fn a_type_is_stored_as_it_is_written() {
        for written in ["dpdp-audit", "gdpr-article-15", "eu-ai-act-conformance"] {
            let kind = ExportType::parse(written).unwrap();
            assert_eq!(serde_json::to_value(kind).unwrap(), serde_json::json!(written));
        }
    }
}

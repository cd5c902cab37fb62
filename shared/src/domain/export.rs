//! Exports: questions about the consents of a period, each asked at a moment.
//! An export holds no answer: that is read from the records whenever it is
//! asked for, so that a withdrawal shows in it and an erased person does not.

use crate::domain::{
    Invalid, RequestContext, Timestamp,
    identifiers::{ExportId, PrincipalId},
};
use serde::{Deserialize, Serialize};

/// For how many days an export can be read.
const READABLE_DAYS: u32 = 7;
/// For how many days after that it is remembered that there was one.
const REMEMBERED_DAYS: u32 = 30;

/// What an export is for.
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

    /// Whether it is always about one person.
    pub fn is_personal(self) -> bool {
        self == Self::GdprArticle15
    }
}

/// In what form an export is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// The only one.
    #[default]
    Json,
}

impl ExportFormat {
    /// `json`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        if value == "json" { Ok(Self::Json) } else { Err(Invalid::new("must be json")) }
    }
}

/// What an export asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportQuestion {
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: ExportType,
    /// In what form.
    pub format: ExportFormat,
    /// The first moment that it is about.
    pub date_from: Timestamp,
    /// The last one.
    pub date_to: Timestamp,
    /// Whether it asks for the action log.
    pub include_action_log: bool,
    /// Whether it asks for the consent records.
    pub include_consent_records: bool,
    /// Whom it is about, where that is one person.
    pub data_principal_id: Option<PrincipalId>,
}

/// An export as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    /// Its own name.
    pub export_id: ExportId,
    /// What it asks for.
    #[serde(flatten)]
    pub question: ExportQuestion,
    /// When it was asked. What came later is not in it.
    pub created_at: Timestamp,
    /// Until when it can be read.
    pub expires_at: Timestamp,
}

impl Export {
    /// This question, asked now.
    pub fn ask(question: &ExportQuestion, context: &RequestContext) -> Self {
        Self {
            export_id: ExportId::fresh(context),
            question: question.clone(),
            created_at: context.now,
            expires_at: context.now.plus_days(READABLE_DAYS),
        }
    }

    /// The first and the last moment of what is in it; `None` where that is
    /// nothing because all of it still lay ahead.
    pub fn period(&self) -> Option<(Timestamp, Timestamp)> {
        let (first, last) = (self.question.date_from, self.question.date_to.min(self.created_at));
        (first <= last).then_some((first, last))
    }

    /// Whether it can no longer be read at this moment.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// When nothing needs to be known of it any more.
    pub fn forgettable_at(&self) -> Timestamp {
        self.expires_at.plus_days(REMEMBERED_DAYS)
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
    fn what_comes_after_the_question_is_not_in_the_answer() {
        let (first, now) = (moment("2026-01-01"), moment("2026-04-05T12:00:00Z"));
        assert_eq!(asked("2026-01-01", "2026-02-01").period(), Some((first, moment("2026-02-01"))));
        assert_eq!(asked("2026-01-01", "2027-01-01").period(), Some((first, now)));
        assert_eq!(asked("2026-01-01", "2026-01-01").period(), Some((first, first)));
        assert_eq!(asked("2026-04-05T12:00:00.001Z", "2027-01-01").period(), None);
    }

    #[test]
    fn it_can_be_read_for_seven_days() {
        let export = asked("2026-01-01", "2026-02-01");
        assert_eq!(export.expires_at, moment("2026-04-12T12:00:00Z"));
        assert!(!export.has_expired(moment("2026-04-12T11:59:59.999Z")));
        assert!(export.has_expired(moment("2026-04-12T12:00:00Z")));
        assert_eq!(export.forgettable_at(), moment("2026-05-12T12:00:00Z"));
    }

    #[test]
    fn a_type_is_stored_as_it_is_written() {
        for written in ["dpdp-audit", "gdpr-article-15", "eu-ai-act-conformance"] {
            let kind = ExportType::parse(written).unwrap();
            assert_eq!(serde_json::to_value(kind).unwrap(), serde_json::json!(written));
        }
    }
}

//! The question of an organisation, and the person's answers (`flow: consent`).

use super::{
    CHANNEL, Visit,
    consents::{languages, notice_view, purpose_view},
    date, description,
};
use crate::{
    api::{Error, Response, operations},
    domain::{
        Invalid, ResourceKind, Timestamp,
        consent_notice::{Language, PurposeCode, RegisteredNotice},
        consent_record::{ConsentDraft, PurposeDraft, PurposeState, WholeRecord},
        decision::{Channel, Circumstances, Decider, DeciderRole, Decision, DecisionMethod},
        identifiers::Reference,
        page_session::Question,
    },
    store::{ConsentNotices, ConsentRecords, Database},
};
use assent_pages::{self as pages, Answered, Choice};
use std::collections::BTreeMap;

/// Asks persons.
pub struct Questions {
    records: ConsentRecords,
    notices: ConsentNotices,
}

/// In which language the question was shown, and when. The page carries it, signed, to the answer.
pub struct Shown {
    /// The language.
    pub language: Language,
    /// When.
    pub at: Timestamp,
}

impl Shown {
    fn to_text(&self) -> String {
        format!("{} {}", self.at, self.language)
    }

    /// Reads what a page of this session carried.
    pub fn read(visit: &Visit<'_>, signed: Option<&str>) -> Result<Self, Error> {
        let foreign = || Error::BadRequest("The form does not say what was shown".to_owned());
        let text = visit.visitor().token.verified(signed.unwrap_or_default()).ok_or_else(foreign)?;
        let (at, language) = text.split_once(' ').ok_or_else(foreign)?;
        let language = Language::parse(language).map_err(|_| foreign())?;
        Ok(Self { language, at: Timestamp::parse(at).map_err(|_| foreign())? })
    }
}

/// The answer to each purpose, by its code.
pub struct Answers(BTreeMap<String, Decision>);

impl Answers {
    /// Reads the fields of the form. Fails on what no page has.
    pub fn read(fields: BTreeMap<String, String>) -> Result<Self, Error> {
        let answers = fields.into_iter().map(|(code, answer)| Ok((code, Decision::parse(&answer)?)));
        let answers: Result<_, Invalid> = answers.collect();
        answers.map(Self).map_err(|invalid| Error::BadRequest(format!("An answer {invalid}")))
    }

    fn to(&self, code: &PurposeCode) -> Option<Decision> {
        self.0.get(code.as_str()).copied()
    }

    /// Whether every purpose of the notice has an answer, and nothing else has one.
    pub fn are_complete(&self, notice: &RegisteredNotice) -> Result<bool, Error> {
        let known = |code: &String| notice.purposes.iter().any(|purpose| purpose.code.as_str() == code);
        if !self.0.keys().all(known) {
            return Err(Error::BadRequest("An answer is to no purpose of the notice".to_owned()));
        }
        Ok(self.0.len() == notice.purposes.len())
    }
}

impl Questions {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { records: ConsentRecords::new(database), notices: ConsentNotices::new(database) }
    }

    /// The question of the session.
    pub fn asked<'a>(visit: &Visit<'a>) -> Result<&'a Question, Error> {
        visit.person().question.as_ref().ok_or(Error::NotFound(ResourceKind::ConsentNotice))
    }

    /// The notice of a question, in this language or else in the first that the version was published in.
    pub async fn notice(&self, visit: &Visit<'_>, language: Option<&Language>) -> Result<RegisteredNotice, Error> {
        let (tenant, question) = (visit.request.tenant(), Self::asked(visit)?);
        let (notice_id, version) = (&question.notice_id, Some(&question.version));
        let context = visit.request.context();
        let first = Box::pin(self.notices.named(tenant, notice_id, version, language, context)).await?;
        if language.is_some() {
            return Ok(first);
        }
        let languages = languages(visit.locale);
        let translated = self.notices.in_first_of(tenant, &first.notice_id, &first.version, &languages).await?;
        Ok(translated.unwrap_or(first))
    }

    /// The page of the question. `answers` are those that were sent, when some are missing.
    pub async fn page(
        &self,
        visit: &Visit<'_>,
        notice: &RegisteredNotice,
        answers: Option<&Answers>,
    ) -> Result<Response, Error> {
        let question = Self::asked(visit)?;
        let document = self.notices.published(notice.id).await?;
        let shown = Shown { language: notice.language.clone(), at: visit.request.context().now };
        let shown = visit.visitor().token.signed(&shown.to_text());
        let choice = |code| Choice {
            code: PurposeCode::as_str(code),
            purpose: purpose_view(notice, code),
            granted: answers.and_then(|answers| answers.to(code)).map(|answer| answer == Decision::Granted),
        };
        let view = pages::Question {
            notice: notice_view(&document.0, &document.1),
            choices: notice.purposes.iter().map(|purpose| choice(&purpose.code)).collect(),
            until: Some(date(question.processing_expires_at)),
            shown: &shown,
            unanswered: answers.is_some(),
        };
        let status = if answers.is_some() { 400 } else { 200 };
        Ok(Response::page(status, &pages::question(&visit.frame("question"), &view)))
    }

    /// The consent that the answers are. It renews the newest one to the same notice, if one is in force.
    pub async fn consent(
        &self,
        visit: &Visit<'_>,
        notice: &RegisteredNotice,
        shown: &Shown,
        answers: &Answers,
    ) -> Result<ConsentDraft, Error> {
        let (question, now) = (Self::asked(visit)?, visit.request.context().now);
        let summaries = self.records.summaries(visit.request.tenant(), visit.principal_id()).await?;
        let renewed = summaries.iter().rev().find(|summary| {
            summary.consent_notice_id == notice.notice_id
                && !summary.has_expired(now)
                && summary.purposes.iter().any(|purpose| purpose.state == PurposeState::Granted)
        });
        let invalid = |invalid: Invalid| Error::Internal(invalid.0);
        let renews = renewed.map(|summary| Reference::parse(&summary.record_id.to_string())).transpose();
        let purposes = notice.purposes.iter().map(|purpose| {
            let code = Reference::parse(purpose.code.as_str())?;
            Ok(PurposeDraft { code, decision: answers.to(&purpose.code) })
        });
        let grants = notice.purposes.iter().any(|purpose| answers.to(&purpose.code) == Some(Decision::Granted));
        Ok(ConsentDraft {
            grant: grants.then(|| question.grant_id.clone()),
            data_principal_id: visit.principal_id().clone(),
            purposes: purposes.collect::<Result<_, _>>().map_err(invalid)?,
            notice: question.notice_id.clone(),
            notice_version: Some(question.version.clone()),
            notice_language: Some(shown.language.clone()),
            processing_expires_at: grants.then_some(question.processing_expires_at),
            renews: renews.map_err(invalid)?,
            circumstances: Circumstances {
                method: Some(DecisionMethod::Click),
                shown_at: Some(shown.at),
                channel: Some(Channel::parse(CHANNEL).map_err(invalid)?),
                actor: Some(Decider { role: DeciderRole::Principal, id: None, verification: None }),
                renews: None,
            },
        })
    }

    /// The page that says what was answered.
    pub fn answered(visit: &Visit<'_>, notice: &RegisteredNotice, whole: &WholeRecord) -> Response {
        let of = |codes: Vec<&PurposeCode>| {
            let codes = notice.purposes.iter().filter(|purpose| codes.contains(&&purpose.code));
            codes.map(|purpose| description(notice, &purpose.code)).collect()
        };
        let record = whole.record.record_id.to_string();
        let view = Answered {
            agreed: of(whole.record.granted_codes()),
            refused: of(whole.record.denied_codes()),
            record: &record,
            receipt: visit.may(&operations::GET_PORTAL_RECEIPT),
            return_url: visit.person().return_url.as_deref(),
        };
        Response::page(200, &pages::answered(&visit.frame("home"), &view))
    }
}

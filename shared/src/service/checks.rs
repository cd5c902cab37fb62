//! Answering whether the data of persons may be processed.
//!
//! Two consistent queries of a person's own lists decide. They are no snapshot, but what
//! a record grants, and what a grant allows, only ever ends. So a yes was true when the
//! record was read. A no could be wrong only if something was granted anew, and then
//! something older ended, between the reads:
//!
//! - Records are read oldest first. Who sees the end of the older one sees the newer one.
//! - A record that names another record or a grant that was not read shows that it was
//!   written between the reads. Then both lists are read again.
//! - If a revoked grant is the reason of a no, the records are read again after the
//!   grants. A new consent from before the revocation is then among them.

use crate::{
    domain::{
        Tenant, Timestamp,
        audit::Actor,
        consent_check::{Answer, Decisions, Question, Reconsent},
        consent_record::RecordSummary,
        identifiers::{CheckId, PrincipalId, RecordId},
    },
    store::{CheckLog, ConsentNotices, ConsentRecords, Database, Error, Grants, UnitOfWork},
};
use futures_util::{StreamExt, TryStreamExt, future::try_join, stream};
use std::collections::HashMap;

/// How many persons' lists are read at the same time.
const PERSONS: usize = 16;
/// How often a person's lists are read again.
const READ_AGAIN: u32 = 2;

/// Answers questions about consents.
pub struct ConsentChecks {
    records: ConsentRecords,
    grants: Grants,
    notices: ConsentNotices,
    log: CheckLog,
}

impl ConsentChecks {
    /// With the tables that the environment names, and its `PSEUDONYM_SECRET`.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        Ok(Self {
            records: ConsentRecords::new(database),
            grants: Grants::new(database),
            notices: ConsentNotices::new(database),
            log: CheckLog::from_environment(database)?,
        })
    }

    /// The answers to these questions, in their order.
    pub async fn answer(&self, tenant: Tenant, questions: &[Question], now: Timestamp) -> Result<Vec<Answer>, Error> {
        let mut persons: HashMap<&PrincipalId, Vec<(usize, &Question)>> = HashMap::new();
        for (position, question) in questions.iter().enumerate() {
            persons.entry(&question.data_principal_id).or_default().push((position, question));
        }
        let answers: Vec<_> =
            persons.into_iter().map(|(person, questions)| self.about(tenant, person, questions, now)).collect();
        let mut answers: Vec<(usize, Answer)> = stream::iter(answers).buffer_unordered(PERSONS).try_concat().await?;
        answers.sort_by_key(|(position, _)| *position);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    /// The answers to questions about one person, each with its position.
    async fn about(
        &self,
        tenant: Tenant,
        person: &PrincipalId,
        questions: Vec<(usize, &Question)>,
        now: Timestamp,
    ) -> Result<Vec<(usize, Answer)>, Error> {
        // The futures of database calls are large.
        let records = Box::pin(self.records.summaries(tenant, person));
        let (records, grants) = try_join(records, self.grants.summaries(tenant, person)).await?;
        let mut decisions = Decisions::new(records, grants);
        let all_granted = questions.iter().all(|(_, question)| decisions.granting(question, now).next().is_some());
        let mut read_again = !all_granted && (decisions.have_revoked_grant() || !decisions.are_complete());
        for _ in 0..READ_AGAIN {
            if !read_again {
                break;
            }
            let grants = self.grants.summaries(tenant, person).await?;
            decisions = Decisions::new(self.records.summaries(tenant, person).await?, grants);
            read_again = !decisions.are_complete();
        }
        let mut due: HashMap<RecordId, Reconsent> = HashMap::new();
        for record in questions.iter().flat_map(|(_, question)| decisions.granting(question, now)) {
            due.extend(self.reconsent(tenant, record, now).await?.map(|reconsent| (record.record_id, reconsent)));
        }
        let reconsent = |record: &RecordSummary| due.get(&record.record_id).copied();
        let answered = |(position, question)| (position, decisions.answer(question, reconsent, now));
        Ok(questions.into_iter().map(answered).collect())
    }

    /// Whether a consent is to be given again, as it was at most five seconds ago.
    async fn reconsent(
        &self,
        tenant: Tenant,
        record: &RecordSummary,
        now: Timestamp,
    ) -> Result<Option<Reconsent>, Error> {
        let (notice_id, version) = (&record.consent_notice_id, &record.consent_notice_version);
        match self.notices.latest_version(tenant, notice_id, now).await? {
            Some(latest) if latest != *version => {
                let versions = self.notices.published_versions(tenant, notice_id, &latest).await?;
                Ok(Reconsent::of(&versions, version))
            }
            _ => Ok(None),
        }
    }

    /// Logs questions with their answers, which are in the same order.
    pub fn log(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        questions: &[Question],
        answers: &[Answer],
    ) -> Result<CheckId, Error> {
        self.log.add(unit, actor, questions, answers)
    }
}

//! Answers that were given under an idempotency key, each written in the
//! transaction of the effect that it tells of, and kept for a day.

use crate::{
    domain::{Tenant, Timestamp},
    store::{Database, Error, database::table, key::Key, transaction::Change},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long an answer is given again, in seconds.
const KEPT: u32 = 24 * 60 * 60;
/// `DynamoDB` removes an item some time after the second that this names.
const EXPIRES_AT: &str = "expiresAt";

/// The answers given under idempotency keys.
#[derive(Clone)]
pub struct IdempotentAnswers {
    database: Database,
    table: String,
}

/// Which call an answer belongs to: one caller's, under the caller's own key.
#[derive(Clone, Copy, Debug)]
pub struct CallName<'a> {
    /// The caller's organisation.
    pub tenant: Tenant,
    /// The API key that called.
    pub key_id: Uuid,
    /// The end user who called by a site session, within which project.
    pub end_user: Option<(Uuid, Uuid)>,
    /// The idempotency key it gave.
    pub idempotency_key: &'a str,
}

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptAnswer {
    /// Stands for the request: its method, path and body.
    pub fingerprint: String,
    /// The answer, as text.
    pub answer: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerItem {
    #[serde(flatten)]
    kept: KeptAnswer,
    expires_at: i64,
}

/// An answer that is to be remembered with the effect it tells of.
pub struct Memory<'a> {
    answers: &'a IdempotentAnswers,
    call: CallName<'a>,
    kept: KeptAnswer,
}

impl IdempotentAnswers {
    /// The table that `IDEMPOTENT_ANSWERS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("IDEMPOTENT_ANSWERS_TABLE", "IdempotentAnswersTable") }
    }

    /// The answer that the call was given before, if that is not a day ago.
    pub async fn find(&self, call: CallName<'_>, now: Timestamp) -> Result<Option<KeptAnswer>, Error> {
        let item: Option<AnswerItem> = self.database.get(&self.table, &key(call)).await?;
        Ok(item.filter(|item| item.expires_at > now.seconds()).map(|item| item.kept))
    }

    /// An answer to remember.
    pub fn memory<'a>(&'a self, call: CallName<'a>, kept: KeptAnswer) -> Memory<'a> {
        Memory { answers: self, call, kept }
    }
}

impl Memory<'_> {
    /// The table, and the change that remembers the answer unless one is
    /// remembered already.
    pub(crate) fn change(&self, now: Timestamp) -> Result<(String, Change), Error> {
        let change = Change::of_any(key(self.call))
            .when_new_or_below(EXPIRES_AT, &(now.seconds() + 1))?
            .set(EXPIRES_AT, &now.plus_seconds(KEPT).seconds())?
            .set("fingerprint", &self.kept.fingerprint)?
            .set("answer", &self.kept.answer)?;
        Ok((self.answers.table.clone(), change))
    }
}

fn key(call: CallName<'_>) -> Key {
    match call.end_user {
        None => Key::of_tenant(call.tenant, &[&call.key_id.to_string(), call.idempotency_key], &["answer"]),
        // An end user stays the same whichever key issued the session.
        Some((project, concord_id)) => {
            let user = ["user", &project.to_string(), &concord_id.to_string(), call.idempotency_key];
            Key::of_tenant(call.tenant, &user, &["answer"])
        }
    }
}

//! Answers that were given under an idempotency key, each written in the
//! transaction of the effect that it tells of, and kept for a day. Of the
//! caller, its key and its request only codes stand here, which nobody makes
//! without the deployment's secret, and what is personal is sealed: whoever
//! reads the table, or guesses that a key was `erase-` and a name, learns of nobody.

use crate::{
    domain::{Occasion, Tenant, Timestamp, audit::Subject, code},
    store::{
        AuditTrails, Database, Error, Sealing,
        database::{table, variable},
        key::Key,
        transaction::Change,
    },
};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
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
    trails: AuditTrails,
    code: Hmac<Sha256>,
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

/// What is known of a call under an idempotency key.
pub enum KeptAnswer {
    /// It was given this answer, as text.
    Given(String),
    /// It was given an answer, and the key that this was sealed under is gone.
    Gone,
    /// The idempotency key was used for another call.
    OfAnotherCall,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerItem {
    fingerprint: String,
    /// The answer, or the answer sealed.
    answer: String,
    /// What it is sealed under the data key of.
    sealed_under: Option<String>,
    expires_at: i64,
}

/// An answer that is to be remembered with the effect it tells of.
pub struct Memory<'a> {
    answers: &'a IdempotentAnswers,
    call: CallName<'a>,
    fingerprint: &'a str,
    answer: String,
    sealed_under: Option<&'a Subject>,
}

impl IdempotentAnswers {
    /// The table that `IDEMPOTENT_ANSWERS_TABLE` names, with the secret that
    /// `PSEUDONYM_SECRET` holds.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        let secret = variable("PSEUDONYM_SECRET").ok_or_else(|| Error::Fault("no pseudonym secret".to_owned()))?;
        Ok(Self {
            database: database.clone(),
            table: table("IDEMPOTENT_ANSWERS_TABLE", "IdempotentAnswersTable"),
            trails: AuditTrails::new(database),
            code: code(&secret)?,
        })
    }

    /// The answer that the call of this fingerprint was given before, if that
    /// is not a day ago. Another call's is not opened: its function may read
    /// data keys that this one may not.
    pub async fn find(
        &self,
        (call, fingerprint): (CallName<'_>, &str),
        now: Timestamp,
    ) -> Result<Option<KeptAnswer>, Error> {
        let item: Option<AnswerItem> = self.database.get(&self.table, &key(&self.code, call)).await?;
        let Some(item) = item.filter(|item| item.expires_at > now.seconds()) else { return Ok(None) };
        if item.fingerprint != fingerprint {
            return Ok(Some(KeptAnswer::OfAnotherCall));
        }
        let answer = match &item.sealed_under {
            None => Some(item.answer),
            Some(subject) => {
                let sealing = self.trails.sealing(call.tenant, Subject::named(subject)).await?;
                let opened = sealing.key.and_then(|key| key.open(&item.answer, fingerprint.as_bytes()));
                opened.and_then(|answer| String::from_utf8(answer).ok())
            }
        };
        Ok(Some(answer.map_or(KeptAnswer::Gone, KeptAnswer::Given)))
    }

    /// An answer to remember, sealed if it is to be.
    pub fn memory<'a>(
        &'a self,
        (call, fingerprint): (CallName<'a>, &'a str),
        answer: String,
        sealing: Option<&'a Sealing>,
        occasion: Occasion<'_>,
    ) -> Result<Memory<'a>, Error> {
        let Some(Sealing { subject, key }) = sealing else {
            return Ok(Memory { answers: self, call, fingerprint, answer, sealed_under: None });
        };
        let answer = match key {
            Some(key) => key.seal(answer.as_bytes(), fingerprint.as_bytes(), occasion),
            // There is nothing to seal it under any more, so it cannot be kept.
            None => Some(String::new()),
        };
        let answer = answer.ok_or_else(|| Error::Fault("an answer could not be sealed".to_owned()))?;
        Ok(Memory { answers: self, call, fingerprint, answer, sealed_under: Some(subject) })
    }

    /// Stands for a request's method, path and body under this call's name.
    pub fn fingerprint(&self, call: CallName<'_>, request: [&[u8]; 3]) -> String {
        fingerprint(&self.code, call, request)
    }
}

impl Memory<'_> {
    /// The table, and the change that remembers the answer unless one is
    /// remembered already.
    pub(crate) fn change(&self, now: Timestamp) -> Result<(String, Change), Error> {
        let change = Change::of_any(key(&self.answers.code, self.call))
            .when_new_or_below(EXPIRES_AT, &(now.seconds() + 1))?
            .set(EXPIRES_AT, &kept_until(now).seconds())?
            .set("fingerprint", &self.fingerprint)?
            .set("answer", &self.answer)?;
        let change = match self.sealed_under {
            Some(subject) => change.set("sealedUnder", &subject.as_str())?,
            None => change.remove("sealedUnder"),
        };
        Ok((self.answers.table.clone(), change))
    }
}

fn code(secret: &str) -> Result<Hmac<Sha256>, Error> {
    Hmac::new_from_slice(secret.as_bytes()).map_err(|error| Error::Fault(error.to_string()))
}

/// Until when an answer of this moment is given again.
pub(crate) fn kept_until(now: Timestamp) -> Timestamp {
    now.plus_seconds(KEPT)
}

fn key(code: &Hmac<Sha256>, call: CallName<'_>) -> Key {
    Key::of_tenant(call.tenant, &[&name(code, call)], &["answer"])
}

/// Stands for a call's caller and idempotency key.
fn name(code: &Hmac<Sha256>, call: CallName<'_>) -> String {
    let (tenant, key) = (call.tenant.0.as_bytes().as_slice(), call.idempotency_key.as_bytes());
    match call.end_user {
        None => code_of(code, "idempotency key", &[tenant, call.key_id.as_bytes(), key]),
        // An end user stays the same whichever key issued the session.
        Some((project, user)) => {
            code_of(code, "idempotency key of an end user", &[tenant, project.as_bytes(), user.as_bytes(), key])
        }
    }
}

fn fingerprint(code: &Hmac<Sha256>, call: CallName<'_>, [method, path, body]: [&[u8]; 3]) -> String {
    code_of(code, "idempotent request", &[name(code, call).as_bytes(), method, path, body])
}

/// The code of some parts for a use. The secret makes pseudonyms too, of texts that begin with no length.
fn code_of(code: &Hmac<Sha256>, usage: &str, parts: &[&[u8]]) -> String {
    let parts = [&[usage.as_bytes()], parts].concat();
    hex::encode(code::of_parts(code, &parts).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn call(idempotency_key: &str) -> CallName<'_> {
        CallName { tenant: Tenant(Uuid::nil()), key_id: Uuid::nil(), end_user: None, idempotency_key }
    }

    fn print(idempotency_key: &str, (method, path, body): (&str, &str, &str)) -> String {
        let request = [method.as_bytes(), path.as_bytes(), body.as_bytes()];
        fingerprint(&code("secret").unwrap(), call(idempotency_key), request)
    }

    #[test]
    fn a_call_has_a_name_of_its_own_under_each_secret() {
        let (secret, another) = (code("secret").unwrap(), code("another").unwrap());
        let one = call("key");
        let user = |project, user| Some((Uuid::from_u128(project), Uuid::from_u128(user)));
        let names = [
            name(&secret, one),
            name(&another, one),
            name(&secret, call("kez")),
            name(&secret, CallName { tenant: Tenant(Uuid::from_u128(1)), ..one }),
            name(&secret, CallName { key_id: Uuid::from_u128(1), ..one }),
            name(&secret, CallName { end_user: user(0, 0), ..one }),
            name(&secret, CallName { end_user: user(0, 1), ..one }),
            name(&secret, CallName { end_user: user(1, 0), ..one }),
        ];
        for (place, name) in names.iter().enumerate() {
            assert!(!names[..place].contains(name), "{place}");
        }
        let of_user = |key_id| CallName { end_user: user(0, 1), key_id: Uuid::from_u128(key_id), ..one };
        assert_eq!(name(&secret, of_user(1)), name(&secret, of_user(2)));
        let request: [&[u8]; 3] = [b"POST", b"/", b""];
        assert_ne!(fingerprint(&secret, one, request), fingerprint(&another, one, request));
    }

    proptest! {
        #[test]
        fn different_requests_have_different_fingerprints(
            left in ("[A-Z]{0,2}", "[/a]{0,2}", "[{a]{0,2}"),
            right in ("[A-Z]{0,2}", "[/a]{0,2}", "[{a]{0,2}"),
        ) {
            let of = |key, (method, path, body): &(String, String, String)| print(key, (method, path, body));
            prop_assert_eq!(left == right, of("k", &left) == of("k", &right));
            prop_assert_ne!(of("k", &left), of("l", &left));
        }
    }
}

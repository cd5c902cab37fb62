//! Calls that are made once however often they are sent, by the
//! `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header).

use crate::{
    api::{Answer, Error, Event},
    domain::{FieldFault, Occasion, api_key::Caller, site_session::SiteSession},
    store::{CallName, IdempotentAnswers, KeptAnswer, Memory},
};
use sha2::{Digest, Sha256};

/// The header, and the name of its faults.
const HEADER: &str = "Idempotency-Key";
/// How long a key may be.
const CHARACTERS: std::ops::RangeInclusive<usize> = 1..=255;

/// A call under an idempotency key.
pub(crate) struct Idempotency<'a> {
    answers: &'a IdempotentAnswers,
    call: CallName<'a>,
    fingerprint: String,
    /// Whether the key was used for another call before.
    pub(crate) reused: bool,
}

/// What the idempotency key of a request makes of it.
pub(crate) enum Standing<'a> {
    /// A call to make: without a key, or under one.
    New(Option<Idempotency<'a>>),
    /// A call that was made and answered.
    Answered(Answer),
}

impl<'a> Standing<'a> {
    /// Looks the key up. A key that was used for another call is no answer
    /// yet: what else is wrong with the request is told first.
    pub(crate) async fn of(
        event: &'a Event,
        caller: &Caller,
        site_session: Option<&SiteSession>,
        answers: &'a IdempotentAnswers,
        occasion: Occasion<'_>,
    ) -> Result<Self, Error> {
        let Some(idempotency_key) = event.header(HEADER) else { return Ok(Self::New(None)) };
        let printable = idempotency_key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !printable || !CHARACTERS.contains(&idempotency_key.len()) {
            return Err(Error::Faults(vec![FieldFault::new(HEADER, "must be 1 to 255 printable ASCII characters")]));
        }
        let end_user = site_session.map(|session| (session.project_id, session.concord_id));
        let call = CallName { tenant: caller.tenant_id, key_id: caller.key_id, end_user, idempotency_key };
        let mut idempotency = Idempotency { answers, call, fingerprint: fingerprint(event), reused: false };
        match idempotency.earlier(occasion).await {
            Ok(Some(answer)) => Ok(Self::Answered(answer)),
            Ok(None) => Ok(Self::New(Some(idempotency))),
            Err(Error::IdempotencyKeyReused) => {
                idempotency.reused = true;
                Ok(Self::New(Some(idempotency)))
            }
            Err(error) => Err(error),
        }
    }
}

impl Idempotency<'_> {
    /// The answer that this call was given before; an error where the key was
    /// used for another call.
    pub(crate) async fn earlier(&self, occasion: Occasion<'_>) -> Result<Option<Answer>, Error> {
        match self.answers.find(self.call, occasion.now).await? {
            None => Ok(None),
            Some(kept) if kept.fingerprint == self.fingerprint => Answer::replayed(&kept.answer).map(Some),
            Some(_) => Err(Error::IdempotencyKeyReused),
        }
    }

    /// What is to be remembered of this answer.
    pub(crate) fn memory(&self, answer: &Answer) -> Memory<'_> {
        let kept = KeptAnswer { fingerprint: self.fingerprint.clone(), answer: answer.kept() };
        self.answers.memory(self.call, kept)
    }
}

/// Stands for a request's method, path and body, each with its length before
/// it, so that none runs into the next.
fn fingerprint(event: &Event) -> String {
    let body = event.body().unwrap_or_default();
    let mut digest = Sha256::new();
    for part in [event.method().as_bytes(), event.path().as_bytes(), &body] {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn print(method: &str, path: &str, body: &str) -> String {
        let event = json!({ "httpMethod": method, "path": path, "body": body });
        fingerprint(&serde_json::from_value(event).unwrap())
    }

    proptest! {
        #[test]
        fn different_requests_have_different_fingerprints(
            left in ("[A-Z]{0,2}", "[/a]{0,2}", "[{a]{0,2}"),
            right in ("[A-Z]{0,2}", "[/a]{0,2}", "[{a]{0,2}"),
        ) {
            let same = print(&left.0, &left.1, &left.2) == print(&right.0, &right.1, &right.2);
            prop_assert_eq!(left == right, same);
        }
    }
}

//! Calls that are made once however often they are sent, by the
//! `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header).

use crate::{
    api::{Answer, Error, Event},
    domain::{FieldFault, Occasion, api_key::Caller, site_session::SiteSession},
    store::{self, CallName, IdempotentAnswers, KeptAnswer, Memory, Sealing},
};

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
        let body = event.body()?.unwrap_or_default();
        let fingerprint = answers.fingerprint(call, [event.method().as_bytes(), event.path().as_bytes(), &body]);
        let mut idempotency = Idempotency { answers, call, fingerprint, reused: false };
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
        match self.answers.find((self.call, &self.fingerprint), occasion.now).await? {
            None => Ok(None),
            Some(KeptAnswer::Given(answer)) => Answer::replayed(&answer).map(Some),
            Some(KeptAnswer::Gone) => Err(Error::AnswerGone),
            Some(KeptAnswer::OfAnotherCall) => Err(Error::IdempotencyKeyReused),
        }
    }

    /// What is to be remembered of this answer: sealed, where it is personal.
    pub(crate) fn memory<'b>(
        &'b self,
        answer: &Answer,
        sealing: Option<&'b Sealing>,
        occasion: Occasion<'_>,
    ) -> Result<Memory<'b>, store::Error> {
        let sealing = match (answer.is_personal(), sealing) {
            (false, _) => None,
            (true, Some(sealing)) => Some(sealing),
            (true, None) => return Err(store::Error::Fault("a personal answer has no sealing".to_owned())),
        };
        self.answers.memory((self.call, &self.fingerprint), answer.kept(), sealing, occasion)
    }
}

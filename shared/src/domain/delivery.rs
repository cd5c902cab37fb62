//! Deliveries: what one recipient is told of one event, and what it has confirmed. These
//! are two states apart: that a message was received says nothing about obedience. A
//! confirmation is due some time after the event, not after its delivery, so a recipient
//! that was never reached is overdue as well.

use crate::domain::{
    DomainError, FieldError, Invalid, Timestamp,
    audit::{AuditEvent, Chain},
    event::{Event, EventType},
    identifiers::{DeliveryId, EventId, RecipientId, RecordId},
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};

/// For how many seconds an attempt may take, before another may begin: longer than any takes.
const LEASE: u32 = 60;

/// The audit events of a delivery.
pub const SENT: &str = "delivery.sent";
/// The last attempt has failed.
pub const FAILED: &str = "delivery.failed";
/// The recipient has confirmed or refused.
pub const ACKNOWLEDGED: &str = "delivery.acknowledged";
/// The recipient has not confirmed in time.
pub const OVERDUE: &str = "delivery.overdue";

text_type! {
    /// The legal basis on which a recipient keeps data: 1–500 characters.
    LegalBasis = |value| plain_text(value, 500)
}
text_type! {
    /// Where the evidence of a confirmation is: 1–2000 characters.
    EvidenceUri = |value| plain_text(value, 2000)
}
text_type! {
    /// The SHA-256 of that evidence: 64 lowercase hexadecimal digits.
    EvidenceHash = |value| {
        let is_hash = value.len() == 64 && value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_hash { Ok(value.to_owned()) } else { Err(Invalid::new("must be 64 lowercase hexadecimal digits")) }
    }
}

/// How the recipient learns of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By a webhook.
    Webhook,
    /// It asks.
    Pull,
    /// The organisation tells it.
    Manual,
}

/// Whether the recipient has received the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryStatus {
    /// Not yet.
    Pending,
    /// It has.
    Delivered,
    /// No further attempt will be made.
    Failed,
}

impl DeliveryStatus {
    /// `pending`, `delivered` or `failed`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "pending" => Ok(Self::Pending),
            "delivered" => Ok(Self::Delivered),
            "failed" => Ok(Self::Failed),
            _ => Err(Invalid::new("must be pending, delivered or failed")),
        }
    }
}

/// What a recipient says that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has stopped processing.
    Ceased,
    /// It has stopped, and has erased the data.
    Erased,
    /// It had no such data.
    NotHeld,
    /// A law requires it to keep the data for some time.
    RetainedByLaw,
    /// It does not stop.
    Refused,
}

impl Outcome {
    /// `ceased`, `erased`, `not_held`, `retained_by_law` or `refused`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "ceased" => Ok(Self::Ceased),
            "erased" => Ok(Self::Erased),
            "not_held" => Ok(Self::NotHeld),
            "retained_by_law" => Ok(Self::RetainedByLaw),
            "refused" => Ok(Self::Refused),
            _ => Err(Invalid::new("must be ceased, erased, not_held, retained_by_law or refused")),
        }
    }

    /// Whether another outcome may follow: what was kept or refused can still end.
    fn is_open(self) -> bool {
        matches!(self, Self::RetainedByLaw | Self::Refused)
    }
}

/// What proves an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Where it is.
    pub uri: EvidenceUri,
    /// Its hash.
    pub sha256: EvidenceHash,
}

/// What a recipient, or the organisation for it, says about an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The outcome.
    pub outcome: Outcome,
    /// When it happened; now if nothing is said.
    pub at: Option<Timestamp>,
    /// The law by which data is kept.
    pub basis: Option<LegalBasis>,
    /// Until when data is kept.
    pub until: Option<Timestamp>,
    /// What proves it.
    pub evidence: Option<Evidence>,
}

impl Statement {
    /// That it was this outcome, and nothing else.
    pub fn of(outcome: Outcome) -> Self {
        Self { outcome, at: None, basis: None, until: None, evidence: None }
    }

    /// All that is wrong with it: data that is kept by law is kept by some law, and until some moment.
    pub fn errors(&self) -> Vec<FieldError> {
        let kept = self.outcome == Outcome::RetainedByLaw;
        let of = |field: &str, is_given: bool| match (kept, is_given) {
            (true, false) => Some(FieldError::new(field, "is required with retained_by_law")),
            (false, true) => Some(FieldError::new(field, "is only allowed with retained_by_law")),
            _ => None,
        };
        [of("basis", self.basis.is_some()), of("until", self.until.is_some())].into_iter().flatten().collect()
    }
}

/// How far a recipient has confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AcknowledgementStatus {
    /// It still has time.
    Awaited,
    /// It says that it has stopped.
    Confirmed,
    /// It says that it has not.
    Refused,
    /// It has not said anything in time.
    Overdue,
}

/// What a recipient owes, and what it has said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// How far it has confirmed.
    pub status: AcknowledgementStatus,
    /// Until when it has time.
    pub due_at: Timestamp,
    /// When the outcome happened, as the recipient says.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// When it said so.
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// Whether it said so after it was due.
    #[serde(default)]
    pub late: bool,
    /// What it did.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The law by which it keeps data.
    #[serde(default)]
    pub basis: Option<LegalBasis>,
    /// Until when it keeps data.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Option<Evidence>,
}

/// Why an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// The kind of failure, such as `timed_out`; `status` if the recipient responded with one that is not 2xx.
    pub reason: String,
    /// The status of the response, if there was one.
    #[serde(default)]
    pub status_code: Option<u16>,
}

/// Which of the two streams of attempts a message takes: a recipient that fails must not delay others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// That of recipients which respond.
    Fast,
    /// That of recipients whose last attempt failed.
    Slow,
}

/// The delivery of an event to a recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Its id, which is that of the message in every attempt.
    pub id: DeliveryId,
    /// The recipient.
    pub recipient_id: RecipientId,
    /// The event.
    pub event_id: EventId,
    /// The event's kind.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// The record that it is about, if it is about one.
    #[serde(default)]
    pub record_id: Option<RecordId>,
    /// The purposes of the event for which it is a recipient.
    pub purposes: Vec<String>,
    /// Those of a session's added purposes for which it is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added_purposes: Vec<String>,
    /// When the event happened.
    pub occurred_at: Timestamp,
    /// The event's number in the trail of the subject.
    #[serde(default)]
    pub subject_sequence: Option<u64>,
    /// How the recipient learns of it.
    pub channel: Channel,
    /// Whether it has received it.
    pub status: DeliveryStatus,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When the next attempt may begin. While one is made, this is the time after which it counts as lost.
    #[serde(default)]
    pub next_attempt_at: Option<Timestamp>,
    /// When it was received.
    #[serde(default)]
    pub delivered_at: Option<Timestamp>,
    /// Why the last attempt failed, if it did.
    #[serde(default)]
    pub last_failure: Option<Failure>,
    /// What the recipient owes and has said; `None` if the event does not ask to cease.
    #[serde(default)]
    pub acknowledgement: Option<Acknowledgement>,
    /// The stream from which the next attempt is taken; `None` if the sweep makes it.
    #[serde(default)]
    pub lane: Option<Lane>,
    /// Its audit trail.
    #[serde(default)]
    pub chain: Chain,
}

impl Delivery {
    /// What a recipient is told of an event, and of one record if the event is about several. `ack_within` is in
    /// seconds.
    pub fn of(event: &Event, id: DeliveryId, purposes: Vec<String>, channel: Channel, ack_within: u32) -> Self {
        let record = event.records.iter().find(|record| Some(record.record_id) == id.record_id);
        // To some recipients, a session may have only added purposes.
        let acknowledgement = (event.asks_to_cease() && !purposes.is_empty()).then(|| Acknowledgement {
            status: AcknowledgementStatus::Awaited,
            due_at: event.occurred_at.plus_seconds(ack_within),
            at: None,
            received_at: None,
            late: false,
            outcome: None,
            basis: None,
            until: None,
            evidence: None,
        });
        let is_sent = channel == Channel::Webhook;
        Self {
            id,
            recipient_id: id.recipient_id,
            event_id: event.id,
            kind: event.kind,
            record_id: id.record_id.or(event.record_id),
            purposes,
            added_purposes: Vec::new(),
            occurred_at: event.occurred_at,
            subject_sequence: record.map_or(event.subject_sequence, |record| record.subject_sequence),
            channel,
            status: DeliveryStatus::Pending,
            attempts: 0,
            next_attempt_at: is_sent.then_some(event.occurred_at),
            delivered_at: None,
            last_failure: None,
            acknowledgement,
            lane: is_sent.then_some(Lane::Fast),
            chain: Chain::default(),
        }
    }

    /// Until when the recipient has time to confirm, if it has not yet and is not overdue.
    pub fn confirmation_due(&self) -> Option<Timestamp> {
        let awaited = self.acknowledgement.as_ref();
        awaited.filter(|it| it.status == AcknowledgementStatus::Awaited).map(|it| it.due_at)
    }

    /// Whether an attempt may begin now.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.status == DeliveryStatus::Pending && self.next_attempt_at.is_some_and(|at| at <= now)
    }

    /// Whether the recipient has said that it has stopped.
    pub fn is_confirmed(&self) -> bool {
        self.acknowledgement.as_ref().is_none_or(|it| it.status == AcknowledgementStatus::Confirmed)
    }

    /// It after the beginning of an attempt. No other begins until this one counts as lost.
    #[must_use]
    pub fn attempted(&self, now: Timestamp) -> Self {
        Self {
            attempts: self.attempts.saturating_add(1),
            next_attempt_at: Some(now.plus_seconds(LEASE)),
            lane: None,
            ..self.clone()
        }
    }

    /// It after the recipient has received it, with the entry of its trail.
    #[must_use]
    pub fn delivered(&self, now: Timestamp) -> (Self, AuditEvent) {
        let next = Self {
            status: DeliveryStatus::Delivered,
            next_attempt_at: None,
            delivered_at: Some(now),
            last_failure: None,
            lane: None,
            ..self.clone()
        };
        (next, AuditEvent::new(SENT).with("attempts", self.attempts).with("channel", self.channel))
    }

    /// It after an attempt that failed, and before the next one, if there is one. Without one it has failed, which is
    /// an entry of its trail.
    #[must_use]
    pub fn failed(&self, failure: Failure, next_attempt_at: Option<Timestamp>) -> (Self, Option<AuditEvent>) {
        let event = next_attempt_at
            .is_none()
            .then(|| AuditEvent::new(FAILED).with("attempts", self.attempts).with("reason", &failure.reason));
        let status = if next_attempt_at.is_none() { DeliveryStatus::Failed } else { DeliveryStatus::Pending };
        (Self { status, next_attempt_at, last_failure: Some(failure), lane: None, ..self.clone() }, event)
    }

    /// It without further attempts, because its recipient takes no webhooks now. It is still owed.
    #[must_use]
    pub fn suspended(&self) -> Self {
        Self { next_attempt_at: None, lane: None, ..self.clone() }
    }

    /// It with its next attempt at a later moment, because its recipient does not respond now.
    #[must_use]
    pub fn postponed(&self, until: Timestamp) -> Self {
        Self { next_attempt_at: Some(until), lane: None, ..self.clone() }
    }

    /// It, announced in this lane.
    #[must_use]
    pub fn in_lane(self, lane: Lane) -> Self {
        Self { lane: self.lane.map(|_| lane), ..self }
    }

    /// It with an attempt at once, and with all later ones again.
    #[must_use]
    pub fn retried(&self, lane: Lane, now: Timestamp) -> Self {
        Self {
            status: DeliveryStatus::Pending,
            attempts: 0,
            next_attempt_at: Some(now),
            lane: Some(lane),
            ..self.clone()
        }
    }

    /// It after what the recipient said about an outcome, with the entries of its trail; `None` if it has said the same
    /// before. Whoever confirms has been told.
    pub fn acknowledged(
        &self,
        said: &Statement,
        now: Timestamp,
    ) -> Result<Option<(Self, Vec<AuditEvent>)>, DomainError> {
        let owed = self.acknowledgement.as_ref().ok_or(DomainError::NothingToAcknowledge)?;
        if let Some(earlier) = owed.outcome {
            let same = earlier == said.outcome
                && owed.basis == said.basis
                && owed.until == said.until
                && (said.evidence.is_none() || owed.evidence == said.evidence);
            if same {
                return Ok(None);
            }
            if !earlier.is_open() {
                return Err(DomainError::AcknowledgementContradicts);
            }
        }
        let refused = said.outcome == Outcome::Refused;
        let late = owed.late || now >= owed.due_at;
        let acknowledgement = Acknowledgement {
            status: if refused { AcknowledgementStatus::Refused } else { AcknowledgementStatus::Confirmed },
            due_at: owed.due_at,
            at: Some(said.at.unwrap_or(now)),
            received_at: Some(now),
            late,
            outcome: Some(said.outcome),
            basis: said.basis.clone(),
            until: said.until,
            evidence: said.evidence.clone(),
        };
        let event = AuditEvent::new(ACKNOWLEDGED)
            .with("outcome", said.outcome)
            .with("at", acknowledgement.at)
            .with("late", late)
            .with_some("until", said.until)
            // The basis and the place of the evidence are any text, which may name the person.
            .with_some("evidenceSha256", said.evidence.as_ref().map(|evidence| &evidence.sha256));
        let (told, mut events) = match self.status {
            DeliveryStatus::Delivered => (self.clone(), Vec::new()),
            DeliveryStatus::Pending | DeliveryStatus::Failed => {
                let (told, sent) = self.delivered(now);
                (told, vec![sent])
            }
        };
        events.push(event);
        Ok(Some((Self { acknowledgement: Some(acknowledgement), ..told }, events)))
    }

    /// It after the time in which the recipient should have confirmed; `None` if that has not passed, or if it has
    /// confirmed.
    pub fn overdue(&self, now: Timestamp) -> Option<(Self, AuditEvent)> {
        self.confirmation_due().filter(|due| *due <= now)?;
        let acknowledgement =
            self.acknowledgement.clone().map(|owed| Acknowledgement { status: AcknowledgementStatus::Overdue, ..owed });
        let event = AuditEvent::new(OVERDUE).with("status", self.status);
        Some((Self { acknowledgement, ..self.clone() }, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use proptest::prelude::*;

    const WITHIN: u32 = 100;

    fn at(second: u32) -> Timestamp {
        Timestamp::from_milliseconds(0).unwrap().plus_seconds(second)
    }

    fn delivery(kind: EventType, channel: Channel) -> Delivery {
        let context = RequestContext::system();
        let event = Event { occurred_at: at(0), purposes: vec!["orders".to_owned()], ..Event::new(kind, &context) };
        let id = DeliveryId { event_id: event.id, recipient_id: RecipientId::fresh(&context), record_id: None };
        Delivery::of(&event, id, event.purposes.clone(), channel, WITHIN)
    }

    fn withdrawal() -> Delivery {
        delivery(EventType::ConsentWithdrawn, Channel::Webhook)
    }

    fn failure(second: u32) -> Failure {
        Failure { at: at(second), reason: "timed_out".to_owned(), status_code: None }
    }

    fn status(delivery: &Delivery) -> AcknowledgementStatus {
        delivery.acknowledgement.as_ref().unwrap().status
    }

    #[test]
    fn receipt_is_no_confirmation() {
        let (delivered, _) = withdrawal().attempted(at(1)).delivered(at(2));
        assert_eq!((delivered.status, status(&delivered)), (DeliveryStatus::Delivered, AcknowledgementStatus::Awaited));
        assert!(!delivered.is_confirmed());
        assert_eq!(delivered.overdue(at(WITHIN - 1)), None);
        let (overdue, _) = delivered.overdue(at(WITHIN)).unwrap();
        assert_eq!(status(&overdue), AcknowledgementStatus::Overdue);
        assert_eq!(overdue.overdue(at(WITHIN + 1)), None);
    }

    #[test]
    fn one_that_was_never_reached_is_overdue_too() {
        for channel in [Channel::Webhook, Channel::Pull, Channel::Manual] {
            let (overdue, _) = delivery(EventType::ConsentErased, channel).overdue(at(WITHIN)).unwrap();
            assert_eq!((overdue.status, status(&overdue)), (DeliveryStatus::Pending, AcknowledgementStatus::Overdue));
        }
    }

    #[test]
    fn a_late_confirmation_is_taken_and_marked() {
        let (overdue, _) = withdrawal().overdue(at(WITHIN)).unwrap();
        let (confirmed, entries) =
            overdue.acknowledged(&Statement::of(Outcome::Ceased), at(WITHIN + 1)).unwrap().unwrap();
        assert_eq!(status(&confirmed), AcknowledgementStatus::Confirmed);
        assert!(confirmed.acknowledgement.as_ref().unwrap().late && confirmed.is_confirmed());
        // It had not been delivered, but who confirms has been told.
        assert_eq!((confirmed.status, entries.len()), (DeliveryStatus::Delivered, 2));
        assert!(!confirmed.is_due(at(WITHIN + 1)));
    }

    #[test]
    fn a_final_outcome_is_not_contradicted() {
        let retained = Statement {
            basis: Some(LegalBasis::parse("Companies Act").unwrap()),
            until: Some(at(9_999)),
            ..Statement::of(Outcome::RetainedByLaw)
        };
        let said = |delivery: &Delivery, said: &Statement| delivery.acknowledged(said, at(1)).unwrap();
        let (retained_by_law, _) = said(&withdrawal(), &retained).unwrap();
        assert_eq!(said(&retained_by_law, &retained), None, "the same again");
        let (erased, _) = said(&retained_by_law, &Statement::of(Outcome::Erased)).unwrap();
        assert_eq!(said(&erased, &Statement::of(Outcome::Erased)), None);
        let contradicted = erased.acknowledged(&Statement::of(Outcome::Refused), at(2));
        assert_eq!(contradicted, Err(DomainError::AcknowledgementContradicts));
        let (refused, _) = said(&withdrawal(), &Statement::of(Outcome::Refused)).unwrap();
        assert_eq!((status(&refused), refused.is_confirmed()), (AcknowledgementStatus::Refused, false));
        assert!(said(&refused, &Statement::of(Outcome::Ceased)).is_some());
    }

    #[test]
    fn only_what_is_kept_by_law_has_a_basis_and_an_end() {
        let fields = |said: &Statement| said.errors().into_iter().map(|error| error.field).collect::<Vec<_>>();
        assert_eq!(fields(&Statement::of(Outcome::RetainedByLaw)), ["basis", "until"]);
        assert!(fields(&Statement::of(Outcome::Ceased)).is_empty());
        assert_eq!(fields(&Statement { until: Some(at(1)), ..Statement::of(Outcome::Ceased) }), ["until"]);
    }

    #[test]
    fn what_does_not_ask_to_cease_owes_nothing() {
        let given = delivery(EventType::ConsentGiven, Channel::Webhook);
        let said = given.acknowledged(&Statement::of(Outcome::Ceased), at(1));
        assert_eq!(said, Err(DomainError::NothingToAcknowledge));
        assert_eq!((given.overdue(at(9_999)), given.confirmation_due(), given.is_confirmed()), (None, None, true));
    }

    proptest! {
        /// However attempts end, no second one begins within the lease, and none after the message was received.
        #[test]
        fn attempts_do_not_overlap(steps in prop::collection::vec((0_u32..200, 0..4), 1..40)) {
            let (mut delivery, mut now, mut begun) = (withdrawal(), 0, None);
            for (pause, step) in steps {
                now += pause;
                match step {
                    0 if delivery.is_due(at(now)) => {
                        prop_assert!(begun.is_none_or(|begun: u32| now >= begun + LEASE));
                        prop_assert!(delivery.status == DeliveryStatus::Pending);
                        delivery = delivery.attempted(at(now));
                        begun = Some(now);
                    }
                    1 if begun.is_some() => {
                        delivery = delivery.failed(failure(now), Some(at(now + 5))).0;
                        begun = None;
                    }
                    2 if begun.is_some() => {
                        delivery = delivery.delivered(at(now)).0;
                        prop_assert!(!delivery.is_due(at(now + 9_999)));
                        begun = None;
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(delivery.confirmation_due(), Some(at(WITHIN)), "no attempt says anything about obedience");
        }
    }
}

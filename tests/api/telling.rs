//! Whether everyone who is owed is told, whatever happens meanwhile. From a seed, a history of changes, of recipients and
//! their responses, and of faults runs on the real functions and workers. The test computes who was owed what from what
//! it did, and compares that at the end with what the system says.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use assent_local::triggers::Unreliable;
use assent_shared::domain::Timestamp;
use assent_tests::ceilings::seeded_random;
use assent_tests::client::{Request, Response};
use assent_tests::fault_proxy::{Moment, scrambled};
use assent_tests::fixtures::{
    FEED, GRANTS, NOTICES, RECIPIENTS, RECORDS, decisions, erasure_path, grant, notice, recipient_path, record, text,
    with,
};
use assent_tests::pages::Page;
use assent_tests::receiver::{Received, Receiver, Reply};
use assent_tests::system::System;
use assent_tests::telling::{DELIVERIES, Telling, delivery_path};
use futures_util::{StreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};
use tokio::sync::Mutex;

crate::trials![everyone_owed_is_told_whatever_happens, in_many_more_histories_everyone_owed_is_told];

const HISTORIES: u64 = 30;
const HISTORIES_OF_THE_LONG_RUN: u64 = 105;
const STEPS: usize = 40;
/// How many histories run side by side.
const SIDE_BY_SIDE: usize = 4;
const PURPOSES: [&str; 2] = ["analytics", "personalization"];
/// The calls of the database among which a function crashes or is halted.
const CALLS: usize = 16;
/// The same of writes.
const WRITES: usize = 8;
/// How far the sweep's clock is ahead at most, in seconds.
const AHEAD: u32 = 5;
/// What the clock of one function may be ahead of another's, and rounding, in milliseconds.
const SKEW: i64 = 6_000;
/// The shortest time between two attempts in seconds, rounded down: the first delay of the schedule.
const SHORTEST_DELAY: i64 = 4;
/// The pauses in which all is finished, in seconds: longer than the delays between attempts, and than any recipient has
/// for its confirmation.
const PAUSES: [u64; 9] = [61, 61, 300, 1_800, 7_200, 18_000, 40_000, 61, 61];

async fn everyone_owed_is_told_whatever_happens(_: &'static System) {
    histories(0..HISTORIES).await;
}

async fn in_many_more_histories_everyone_owed_is_told(_: &'static System) {
    histories(HISTORIES..HISTORIES_OF_THE_LONG_RUN).await;
}

async fn histories(seeds: std::ops::Range<u64>) {
    let histories: Vec<History> = stream::iter(seeds).map(History::of).buffered(SIDE_BY_SIDE).collect().await;
    let wrong: Vec<&History> = histories.iter().filter(|history| !history.faults.is_empty()).collect();
    let first = wrong.first().map(|first| (first.seed, &first.faults, &first.log));
    assert!(wrong.is_empty(), "{} of {} histories, first: {first:#?}", wrong.len(), histories.len());
    let mut seen = BTreeMap::<&str, usize>::new();
    for history in &histories {
        for (name, count) in &history.seen {
            *seen.entry(name).or_default() += count;
        }
    }
    // If one of them never came, the test has not tried it.
    for name in [
        "consent.given",
        "consent.withdrawn",
        "consent.expired",
        "consent.erased",
        "grant.revoked",
        "delivery.overdue",
        "recipient.disabled",
        "crash",
        "meeting",
        "slow change",
        "slow registration",
        "acknowledgement",
        "retry",
        "confirming response",
    ] {
        assert!(seen.contains_key(name), "{name}: {seen:?}");
    }
}

/// Numbers that follow from a seed.
struct Dice(Cell<u64>);

impl Dice {
    fn below(&self, limit: usize) -> usize {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        usize::try_from(scrambled(self.0.get()) % u64::try_from(limit).expect("few")).expect("few")
    }

    fn one_of<'a, T>(&self, some: &'a [T]) -> Option<&'a T> {
        (!some.is_empty()).then(|| &some[self.below(some.len())])
    }
}

/// A recipient, as the test knows it.
struct Party {
    registered: Value,
    receiver: Option<Receiver>,
    /// Whether it is of the organisation itself, which learns of overdue confirmations too.
    own: bool,
    /// The events that it wants, if not all.
    events: Option<&'static [&'static str]>,
    /// How many seconds it has for a confirmation.
    within: u32,
    /// Its purposes from each moment on; none after its end.
    purposes: Vec<(Timestamp, Option<&'static [&'static str]>)>,
}

impl Party {
    fn id(&self) -> String {
        text(&self.registered, "id")
    }

    /// For which of these purposes it was a recipient at a moment; `None` if it was none.
    fn own_of(&self, purposes: &BTreeSet<String>, at: Timestamp) -> Option<BTreeSet<String>> {
        let (_, own) = self.purposes.iter().rfind(|(from, _)| *from <= at)?;
        let own = (*own)?;
        Some(purposes.iter().filter(|name| own == ["*"] || own.contains(&name.as_str())).cloned().collect())
    }

    fn is_current(&self) -> bool {
        self.purposes.last().is_some_and(|(_, purposes)| purposes.is_some())
    }

    fn has_refused(&self) -> bool {
        self.receiver.as_ref().is_some_and(|it| it.received().iter().any(|message| message.reply.status == 410))
    }
}

/// A consent, as the test knows it.
struct Consent {
    record: Value,
    person: usize,
    given: BTreeSet<String>,
    /// The purposes that have ended by a withdrawal, and when.
    ended: BTreeMap<String, Timestamp>,
    expires_at: Timestamp,
    erased_at: Option<Timestamp>,
    revoked: bool,
}

impl Consent {
    fn granted(&self) -> BTreeSet<String> {
        self.given.iter().filter(|name| !self.ended.contains_key(*name)).cloned().collect()
    }

    /// What was granted at a moment, whether it had expired or not.
    fn granted_at(&self, at: i64) -> BTreeSet<String> {
        if self.erased_at.is_some_and(|erased| erased.milliseconds() <= at) {
            return BTreeSet::new();
        }
        let ended = |name: &String| self.ended.get(name).is_some_and(|ended| ended.milliseconds() <= at);
        self.given.iter().filter(|name| !ended(name)).cloned().collect()
    }
}

/// A change that is asked for.
enum Change {
    Give { person: usize, grant: Value, purposes: Vec<&'static str>, expires_at: Timestamp },
    Withdraw { consent: usize, purposes: BTreeSet<String> },
    Revoke { grant_id: String },
    Erase { person: usize },
}

/// What everyone who is owed must be told: the kind of an event, its subject, and the purposes.
type Said = (String, String, BTreeSet<String>);

/// A history and its faults.
struct History {
    seed: u64,
    dice: Dice,
    telling: Rc<Telling>,
    streams: Rc<Mutex<Unreliable>>,
    notice: Value,
    parties: Vec<Party>,
    /// The names of persons; an erased one gets another.
    persons: Vec<String>,
    consents: Vec<Consent>,
    /// What was done, between two moments.
    done: Vec<(Said, Timestamp, Timestamp)>,
    /// What recipients have said by calls, and the system has taken.
    acknowledged: BTreeMap<String, &'static str>,
    /// The deliveries of which another attempt was asked for.
    retried: BTreeSet<String>,
    read: Vec<Value>,
    cursor: Option<String>,
    seen: BTreeMap<&'static str, usize>,
    log: Vec<String>,
    faults: Vec<String>,
}

impl History {
    /// Runs the history of this seed.
    async fn of(seed: u64) -> Self {
        let telling = Rc::new(Telling::start_with(seeded_random(seed << 32)).await);
        let mut body = notice();
        body["noticeId"] = json!("notice");
        let notice = telling.post("create-consent-notice", NOTICES, &body).await.expect(201);
        let mut history = Self {
            seed,
            dice: Dice(Cell::new(scrambled(seed + 1))),
            telling,
            streams: Rc::new(Mutex::new(Unreliable::new(seed))),
            notice,
            parties: Vec::new(),
            persons: (0..3).map(|number| format!("person-{number}")).collect(),
            consents: Vec::new(),
            done: Vec::new(),
            acknowledged: BTreeMap::new(),
            retried: BTreeSet::new(),
            read: Vec::new(),
            cursor: None,
            seen: BTreeMap::new(),
            log: Vec::new(),
            faults: Vec::new(),
        };
        history.come(true).await;
        history.come(false).await;
        for _ in 0..STEPS {
            history.step().await;
        }
        history.finish().await;
        history.judge().await;
        history
    }

    fn now(&self) -> Timestamp {
        self.telling.now()
    }

    fn note(&mut self, what: &'static str, more: &str) {
        *self.seen.entry(what).or_default() += 1;
        self.log.push(format!("{} {what} {more}", self.now()));
    }

    fn require(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    fn pass(&self, longest: usize) {
        let time = 1 + self.dice.below(longest);
        self.telling.clock.pass(Duration::from_millis(time.try_into().expect("a short time")));
    }

    /// One step. No two things happen in the same moment, unless the step says so.
    async fn step(&mut self) {
        self.pass([10, 3_000, 90_000, 400_000][self.dice.below(4)]);
        match self.dice.below(20) {
            0..6 => {
                if let Some(change) = self.some_change(None).await {
                    self.change(change).await;
                }
            }
            6 => self.slow_change().await,
            7 => self.recipients().await,
            8 | 9 => self.respond(),
            10 => self.acknowledge().await,
            11 => self.retry().await,
            12 => self.read_feed(1 + self.dice.below(50)).await,
            13..17 => self.work(true).await,
            _ => self.work(false).await,
        }
    }

    /// A change that is possible now, of another person than this one.
    async fn some_change(&self, other: Option<usize>) -> Option<Change> {
        let person = (self.dice.below(3) + 1 + other.unwrap_or_default()) % 3;
        if Some(person) == other {
            return None;
        }
        let own: Vec<usize> = (0..self.consents.len()).filter(|it| self.consents[*it].person == person).collect();
        let own: Vec<usize> = own.into_iter().filter(|it| self.consents[*it].erased_at.is_none()).collect();
        let live: Vec<usize> = own.iter().copied().filter(|it| !self.consents[*it].granted().is_empty()).collect();
        let usable: Vec<usize> = own.iter().copied().filter(|it| !self.consents[*it].revoked).collect();
        Some(match self.dice.below(12) {
            0..4 => {
                let granted = match self.dice.one_of(&usable) {
                    Some(consent) if self.dice.below(2) == 0 => self.consents[*consent].record.clone(),
                    _ => self.telling.post("create-grant", GRANTS, &grant(&self.persons[person])).await.expect(201),
                };
                let purposes = [&PURPOSES[..], &PURPOSES[..1], &PURPOSES[1..]][self.dice.below(3)].to_vec();
                let seconds = [300, 1_800, 86_400 * 100][self.dice.below(3)];
                Change::Give { person, grant: granted, purposes, expires_at: self.now().plus_seconds(seconds) }
            }
            4..9 => {
                let consent = *self.dice.one_of(&live)?;
                let mut purposes = self.consents[consent].granted();
                if self.dice.below(2) == 0 {
                    purposes.pop_last().filter(|_| !purposes.is_empty())?;
                }
                Change::Withdraw { consent, purposes }
            }
            9 | 10 => Change::Revoke { grant_id: text(&self.consents[*self.dice.one_of(&usable)?].record, "grantId") },
            _ => {
                self.dice.one_of(&own)?;
                Change::Erase { person }
            }
        })
    }

    fn call_of(&self, change: &Change) -> (&'static str, Request) {
        match change {
            Change::Give { person, grant, purposes, expires_at } => {
                let decided: Vec<_> = purposes.iter().map(|purpose| (*purpose, "granted")).collect();
                let body =
                    with(&record(grant, &self.notice, &self.persons[*person]), "purposes", Some(decisions(&decided)));
                let body = with(&body, "processingExpiresAt", Some(json!(expires_at)));
                ("create-consent-record", Request::new(Method::POST, RECORDS).json(&body))
            }
            Change::Withdraw { consent, purposes } => {
                let consent = &self.consents[*consent];
                let path = format!("{RECORDS}/{}/withdraw", text(&consent.record, "recordId"));
                let body = json!({"reason": "x", "purposes": purposes});
                ("withdraw-consent-record", Request::new(Method::POST, path).json(&body))
            }
            Change::Revoke { grant_id } => {
                ("revoke-grant", Request::new(Method::DELETE, format!("{GRANTS}/{grant_id}")))
            }
            Change::Erase { person } => {
                ("erase-data-principal", Request::new(Method::POST, erasure_path(&self.persons[*person])))
            }
        }
    }

    async fn change(&mut self, change: Change) {
        let (function, request) = self.call_of(&change);
        let from = self.now();
        let response = self.telling.call(function, request).await;
        self.changed(change, &response, from).await;
    }

    /// Notes what has changed, and who must be told what.
    async fn changed(&mut self, change: Change, response: &Response, from: Timestamp) {
        let now = self.now();
        let mut done = Vec::new();
        match change {
            Change::Give { person, grant, purposes, expires_at } => {
                let record = with(&response.expect(201), "grantId", Some(grant["grantId"].clone()));
                let given: BTreeSet<String> = purposes.into_iter().map(ToOwned::to_owned).collect();
                done.push(("consent.given", text(&record, "recordId"), given.clone()));
                let ended = BTreeMap::new();
                self.consents.push(Consent {
                    record,
                    person,
                    given,
                    ended,
                    expires_at,
                    erased_at: None,
                    revoked: false,
                });
            }
            Change::Withdraw { consent, purposes } => {
                response.expect(200);
                let consent = &mut self.consents[consent];
                done.push(("consent.withdrawn", text(&consent.record, "recordId"), purposes.clone()));
                consent.ended.extend(purposes.into_iter().map(|name| (name, now)));
            }
            Change::Revoke { grant_id } => {
                response.expect_no_content();
                let mut told = BTreeSet::new();
                for consent in self.consents.iter_mut().filter(|it| it.record["grantId"] == grant_id.as_str()) {
                    consent.revoked = true;
                    if consent.expires_at > from && consent.erased_at.is_none() {
                        told.extend(consent.granted());
                    }
                }
                done.push(("grant.revoked", grant_id, told));
            }
            Change::Erase { person } => {
                let mut erased = response.expect(201);
                while erased["status"] != "completed" {
                    let again = Request::new(Method::POST, erasure_path(&self.persons[person]));
                    erased = self.telling.call("erase-data-principal", again).await.expect(201);
                }
                let mut grants = BTreeSet::new();
                for consent in self.consents.iter_mut().filter(|it| it.person == person && it.erased_at.is_none()) {
                    if !consent.revoked {
                        grants.insert(text(&consent.record, "grantId"));
                    }
                    consent.erased_at = Some(now);
                    done.push(("consent.erased", text(&consent.record, "recordId"), consent.given.clone()));
                }
                // Nothing is beneath them any more.
                done.extend(grants.into_iter().map(|grant_id| ("grant.revoked", grant_id, BTreeSet::new())));
                self.persons[person] = format!("{}x", self.persons[person]);
            }
        }
        for (kind, subject, purposes) in done {
            self.note(kind, &format!("{subject} {purposes:?}"));
            self.done.push(((kind.to_owned(), subject, purposes), from, now));
        }
    }

    /// A change whose function is halted at a call of the database, while others are quick.
    async fn slow_change(&mut self) {
        let Some(change) = self.some_change(None).await else { return };
        let person = match &change {
            Change::Give { person, .. } | Change::Erase { person } => *person,
            Change::Withdraw { consent, .. } => self.consents[*consent].person,
            Change::Revoke { grant_id } => {
                let own = self.consents.iter().find(|it| it.record["grantId"] == grant_id.as_str());
                own.expect("a consent").person
            }
        };
        let (function, request) = self.call_of(&change);
        let (telling, from) = (Rc::clone(&self.telling), self.now());
        let mut halt = telling.system.recorder.halt(self.dice.below(CALLS), false, self.moment());
        let mut calling = pin!(telling.call(function, request));
        let response = tokio::select! {
            biased;
            response = &mut calling => response,
            () = halt.struck() => {
                self.note("slow change", function);
                for _ in 0..3 {
                    self.pass(2_500);
                    if self.dice.below(2) == 0 {
                        self.read_feed(1 + self.dice.below(50)).await;
                    } else if let Some(other) = self.some_change(Some(person)).await {
                        self.change(other).await;
                    }
                }
                halt.release();
                calling.await
            }
        };
        telling.system.recorder.halt_none();
        self.changed(change, &response, from).await;
    }

    fn moment(&self) -> Moment {
        if self.dice.below(2) == 0 { Moment::Before } else { Moment::After }
    }

    /// A recipient comes, changes or goes.
    async fn recipients(&mut self) {
        let current: Vec<usize> =
            (0..self.parties.len()).filter(|it| self.parties[*it].is_current() && !self.parties[*it].own).collect();
        let Some(party) = self.dice.one_of(&current).copied().filter(|_| self.dice.below(3) > 0) else {
            self.come(false).await;
            return;
        };
        let path = recipient_path(&self.parties[party].registered);
        let purposes = if self.dice.below(3) == 0 {
            let gone = self.telling.call("end-recipient", Request::new(Method::DELETE, path)).await;
            assert_eq!(gone.status(), 204);
            None
        } else {
            let purposes = self.some_purposes();
            let patch = Request::new(Method::PATCH, path).json(&json!({"purposes": purposes}));
            self.telling.call("update-recipient", patch).await.expect(200);
            Some(purposes)
        };
        let now = self.now();
        self.parties[party].purposes.push((now, purposes));
        self.note("recipient", &format!("{} {purposes:?}", self.parties[party].id()));
    }

    fn some_purposes(&self) -> &'static [&'static str] {
        const SOME: [&[&str]; 5] = [&["*"], &PURPOSES, &["analytics"], &["personalization"], &["elsewhere"]];
        SOME[self.dice.below(SOME.len())]
    }

    async fn come(&mut self, own: bool) {
        let receiver = match self.dice.below(5) {
            0 if !own => None,
            _ => Some(Receiver::start(Reply::status(200)).await),
        };
        let other = ["manual", "pull"][self.dice.below(2)];
        let delivery = match &receiver {
            Some(receiver) => json!({"kind": "webhook", "url": receiver.url()}),
            None => json!({"kind": other}),
        };
        let purposes = if own { &["*"] } else { self.some_purposes() };
        let events: Option<&'static [&'static str]> =
            (!own && self.dice.below(4) == 0).then_some(&["consent.withdrawn", "grant.revoked"]);
        let (within, seconds) = [("PT5M", 300), ("PT20M", 1_200), ("PT12H", 43_200)][self.dice.below(3)];
        let mut body = json!({
            "name": "Mail", "role": if own { "own_system" } else { "processor" }, "purposes": purposes,
            "delivery": delivery, "ackWithin": within,
        });
        if let Some(events) = events {
            body["events"] = json!(events);
        }
        let registered = self.register(&body).await;
        self.note("recipient", &format!("{registered}"));
        let purposes = vec![(moment(&text(&registered, "since")), Some(purposes))];
        self.parties.push(Party { registered, receiver, own, events, within: seconds, purposes });
    }

    /// Registers a recipient. What happens while the function is halted may be relayed before the register says so.
    async fn register(&mut self, body: &Value) -> Value {
        let telling = Rc::clone(&self.telling);
        let mut registering = pin!(telling.post("create-recipient", RECIPIENTS, body));
        if self.parties.is_empty() || self.dice.below(2) == 0 {
            return registering.await.expect(201);
        }
        let mut halt = telling.system.recorder.halt(0, true, self.moment());
        tokio::select! {
            biased;
            response = &mut registering => return response.expect(201),
            () = halt.struck() => {}
        }
        self.note("slow registration", "");
        for _ in 0..3 {
            self.pass(2_500);
            if let Some(change) = self.some_change(None).await {
                self.change(change).await;
            }
        }
        telling.pass_on().await;
        halt.release();
        let registered = registering.await.expect(201);
        telling.system.recorder.halt_none();
        registered
    }

    /// A recipient responds otherwise from now on.
    fn respond(&mut self) {
        let reply = match self.dice.below(8) {
            0 | 1 => Reply::status(200),
            2 | 3 => Reply::confirming("not_held"),
            4 | 5 => Reply::status(500),
            6 => Reply::none(),
            _ => Reply::status(410),
        };
        let party = self.dice.below(self.parties.len());
        // Otherwise nobody is told that others are gone.
        if self.parties[party].own && reply.status == 410 {
            return;
        }
        let name = format!("{} {} {}", self.parties[party].id(), reply.status, reply.body);
        if let Some(receiver) = &self.parties[party].receiver {
            receiver.respond(reply);
            self.note("response", &name);
        }
    }

    /// The messages that each recipient has received, by their deliveries.
    fn received(&self) -> Vec<Vec<String>> {
        let of_one = |party: &Party| party.receiver.as_ref().map(Receiver::received).unwrap_or_default();
        let id = |message: &Received| message.header("webhook-id").to_owned();
        self.parties.iter().map(|party| of_one(party).iter().map(id).collect()).collect()
    }

    /// Says that a delivery is obeyed: mostly one whose message was received last by somebody.
    async fn acknowledge(&mut self) {
        let last: Vec<String> = self.received().into_iter().filter_map(|mut ids| ids.pop()).collect();
        let last = self.dice.one_of(&last).filter(|_| self.dice.below(3) > 0);
        if let Some(id) = last {
            self.acknowledge_one(id.clone()).await;
        } else {
            let deliveries = self.telling.deliveries("").await;
            if let Some(delivery) = self.dice.one_of(&deliveries) {
                self.acknowledge_one(text(delivery, "id")).await;
            }
        }
    }

    async fn acknowledge_one(&mut self, id: String) {
        let outcome = ["ceased", "erased"][self.dice.below(2)];
        let path = format!("{DELIVERIES}/{id}/acknowledgement");
        let response = self.telling.post("acknowledge-delivery", &path, &json!({"outcome": outcome})).await;
        if response.status() == 200 {
            self.note("acknowledgement", &format!("{id} {outcome}"));
            self.acknowledged.insert(id, outcome);
        } else {
            assert_eq!(response.status(), 409, "{response}");
        }
    }

    /// Asks for another attempt at once, mostly of a delivery that waits for its next one.
    async fn retry(&mut self) {
        let pending = self.telling.deliveries("status=pending").await;
        let Some(delivery) = self.dice.one_of(&pending) else { return };
        let (id, path) = (text(delivery, "id"), format!("{}/retry", delivery_path(delivery)));
        let response = self.telling.call("retry-delivery", Request::new(Method::POST, path)).await;
        if response.status() == 200 {
            self.note("retry", &id);
            self.retried.insert(id);
        } else {
            assert_eq!(response.status(), 409, "{response}");
        }
    }

    async fn read_feed(&mut self, limit: usize) {
        let cursor = self.cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let request = Request::new(Method::GET, format!("{FEED}?limit={limit}{cursor}"));
        let page = Page::of(&self.telling.call("list-events", request).await, "events");
        self.read.extend(page.items);
        self.cursor = page.next.or(self.cursor.take());
    }

    /// Lets the workers of streams run, or the sweep. They may crash, or be halted while something else happens.
    async fn work(&mut self, streams: bool) {
        let (telling, all) = (Rc::clone(&self.telling), Rc::clone(&self.streams));
        let ahead = self.dice.below(usize::try_from(2 * AHEAD).expect("few"));
        let ahead = u32::try_from(ahead).expect("few");
        let name = if streams { "streams" } else { "sweep" };
        let before = self.received();
        let working = Rc::clone(&telling);
        let mut working = pin!(async move {
            if streams {
                // Within another run, nothing is lost.
                let mut all = all.try_lock();
                working.system.pass_on(all.as_deref_mut().ok()).await;
            } else {
                sweep(&working, ahead).await;
            }
        });
        let recorder = &telling.system.recorder;
        let fate = self.dice.below(5);
        if fate < 2 {
            self.note(name, "");
            working.await;
        } else {
            // Before and after a write, and at reads among the first.
            let is_write = self.dice.below(3) > 0;
            let passing = self.dice.below(if is_write { WRITES } else { CALLS });
            let moment = self.moment();
            let mut halt = recorder.halt(passing, is_write, moment);
            let halted = tokio::select! {
                biased;
                () = &mut working => false,
                () = halt.struck() => true,
            };
            recorder.halt_none();
            if halted && fate == 2 {
                halt.crash();
                self.note("crash", &format!("{name} {passing} {is_write} {moment:?}"));
            } else if halted {
                self.note("meeting", &format!("{name} {passing} {is_write} {moment:?}"));
                self.pass(4_000);
                self.meet(&before).await;
                halt.release();
                working.await;
            }
        }
        // What the sweep has written is not in the future of what follows.
        telling.clock.pass(Duration::from_secs(AHEAD.into()));
    }

    /// What happens while a worker is halted that began when these messages had been received.
    async fn meet(&mut self, before: &[Vec<String>]) {
        match self.dice.below(6) {
            0..3 => {
                // Among them are those of which the worker has not yet written how their attempt ended.
                let received = self.received().into_iter().enumerate();
                let new = received.flat_map(|(party, ids)| ids.into_iter().skip(before.get(party).map_or(0, Vec::len)));
                for id in new.collect::<Vec<_>>() {
                    self.acknowledge_one(id).await;
                }
            }
            3 => self.telling.system.pass_on(None).await,
            4 => sweep(&self.telling, 0).await,
            _ => {
                if let Some(change) = self.some_change(None).await {
                    self.change(change).await;
                }
            }
        }
    }

    /// Lets all be finished without faults.
    async fn finish(&mut self) {
        for party in &self.parties {
            if let Some(receiver) = &party.receiver {
                receiver.respond(Reply::status(200));
            }
        }
        let mut began = json!({"since": "2020-01-01T00:00:00.000Z"});
        for (number, pause) in PAUSES.into_iter().enumerate() {
            self.telling.pass_on().await;
            self.telling.sweep_after(Duration::from_secs(pause)).await;
            if number == 2 {
                began["since"] = json!(self.done.first().map_or(self.now(), |(_, from, _)| *from));
                for party in self.parties.iter().filter(|it| it.has_refused()) {
                    let path = format!("{}/replay", recipient_path(&party.registered));
                    self.telling.post("replay-to-recipient", &path, &began).await.expect(200);
                }
            }
        }
        self.telling.pass_on().await;
        self.telling.clock.pass(Duration::from_mins(1));
        loop {
            let before = self.read.len();
            self.read_feed(50).await;
            if self.read.len() == before {
                break;
            }
        }
    }

    /// Compares what was done with what the system says.
    async fn judge(&mut self) {
        let events = self.all("list-events", FEED, "events").await;
        let deliveries = self.all("list-deliveries", DELIVERIES, "deliveries").await;
        let ids = |events: &[Value]| events.iter().map(|event| text(event, "id")).collect::<Vec<_>>();
        let (read, all) = (ids(&self.read), ids(&events));
        self.require(read == all, || format!("a reader of the feed saw {read:#?}\nof {all:#?}"));
        let deliveries: BTreeMap<String, Value> =
            deliveries.into_iter().map(|delivery| (text(&delivery, "id"), delivery)).collect();
        self.judge_events(&events, &deliveries);
        self.judge_recipients(&events, &deliveries);
        self.judge_messages(&deliveries);
        for delivery in deliveries.values() {
            let read = self.telling.get("get-delivery", &delivery_path(delivery)).await;
            self.require(read["trail"]["chain"]["valid"] == true, || format!("a trail: {read}"));
        }
    }

    async fn all(&self, function: &str, path: &str, member: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let request = Request::new(Method::GET, format!("{path}?limit=200{cursor}"));
            let page = Page::of(&self.telling.call(function, request).await, member);
            let is_last = page.items.is_empty() || page.next.is_none();
            all.extend(page.items);
            if is_last {
                return all;
            }
            cursor = format!("&cursor={}", page.next.expect("a cursor"));
        }
    }

    /// Each change has its event, each end by itself and each silence has one, and there are no others.
    fn judge_events(&mut self, events: &[Value], deliveries: &BTreeMap<String, Value>) {
        let mut said = BTreeMap::<Said, Vec<Timestamp>>::new();
        for (kind, subject, purposes, at) in events.iter().flat_map(said_by) {
            said.entry((kind, subject, purposes)).or_default().push(at);
        }
        for (done, from, until) in std::mem::take(&mut self.done) {
            let found = said.remove(&done).unwrap_or_default();
            let right = found.len() == 1 && from <= found[0] && found[0] <= until;
            self.require(right, || format!("{done:?} between {from} and {until} has events at {found:?}"));
        }
        // Of what only time brings about, the moment is the system's.
        let mut of_kind = |kind: &str, subject: &str| {
            let found: Vec<Said> = said.keys().filter(|it| it.0 == kind && it.1 == subject).cloned().collect();
            let found = found.into_iter().flat_map(|said_so| {
                let at = said.remove(&said_so).unwrap_or_default();
                at.into_iter().map(move |at| (said_so.2.clone(), at))
            });
            found.collect::<Vec<_>>()
        };
        let mut faults = Vec::new();
        for consent in &self.consents {
            let found = of_kind("consent.expired", &text(&consent.record, "recordId"));
            let expires_at = consent.expires_at;
            let has_passed = expires_at <= self.telling.now();
            let before = consent.granted_at(expires_at.milliseconds() - SKEW);
            let after = consent.granted_at(self.telling.now().milliseconds());
            let right = match found.as_slice() {
                [] => !has_passed || after.is_empty(),
                [(purposes, at)] => {
                    has_passed && *at >= expires_at && !before.is_empty() && {
                        let granted = [0, SKEW].map(|skew| consent.granted_at(at.milliseconds() - skew));
                        granted.contains(purposes)
                    }
                }
                _ => false,
            };
            if !right {
                faults.push(format!("{} expires at {expires_at} with {before:?}: {found:?}", consent.record));
            }
            *self.seen.entry("consent.expired").or_default() += found.len();
        }
        for (id, delivery) in deliveries {
            let found = of_kind("delivery.overdue", id);
            let owed = &delivery["acknowledgement"];
            let silent = owed["status"] == "overdue";
            let right = match (owed["dueAt"].as_str(), owed["receivedAt"].as_str()) {
                (None, _) => found.is_empty(),
                (Some(_), None) => silent && found.len() == 1,
                (Some(due), Some(confirmed)) => {
                    let on_time = moment(confirmed).milliseconds() < moment(due).milliseconds() - SKEW;
                    found.len() <= usize::from(!on_time) && owed["late"] == (moment(confirmed) >= moment(due))
                }
            };
            if !right {
                faults.push(format!("silence: {delivery} {found:?}"));
            }
            *self.seen.entry("delivery.overdue").or_default() += found.len();
        }
        for party in &self.parties {
            let found = of_kind("recipient.disabled", &party.id());
            let received = party.receiver.as_ref().map(Receiver::received).unwrap_or_default();
            let refusals = received.iter().filter(|message| message.reply.status == 410).count();
            if found.len() > refusals {
                faults.push(format!("{} was disabled {found:?} after {refusals} refusals", party.id()));
            }
            *self.seen.entry("recipient.disabled").or_default() += found.len();
        }
        if !said.is_empty() {
            faults.push(format!("nothing happened that these say: {said:#?}"));
        }
        self.faults.append(&mut faults);
    }

    /// Of each event, everyone who was owed it has one delivery, and nobody else.
    fn judge_recipients(&mut self, events: &[Value], deliveries: &BTreeMap<String, Value>) {
        let mut owed = BTreeMap::new();
        for event in events {
            let (kind, event_id) = (text(event, "type"), text(event, "id"));
            let of_system = kind == "delivery.overdue" || kind == "recipient.disabled";
            for (_, subject, purposes, at) in said_by(event) {
                let wants = |party: &&Party| {
                    (party.own || !of_system) && party.events.is_none_or(|events| events.contains(&kind.as_str()))
                };
                for party in self.parties.iter().filter(wants) {
                    let Some(own) = party.own_of(&purposes, at) else { continue };
                    if of_system || !own.is_empty() {
                        let of_record = if kind == "grant.revoked" || of_system { None } else { Some(subject.clone()) };
                        let own = if of_system { BTreeSet::new() } else { own };
                        let due = CEASING.contains(&kind.as_str()).then(|| at.plus_seconds(party.within).to_string());
                        owed.insert((event_id.clone(), party.id(), of_record), (own, due));
                    }
                }
            }
        }
        let stored: BTreeMap<_, _> = deliveries
            .values()
            .map(|it| {
                let of_record = if CEASING.contains(&text(it, "type").as_str()) || it["type"] == "consent.given" {
                    it["recordId"].as_str().map(ToOwned::to_owned)
                } else {
                    None
                };
                let due = it["acknowledgement"]["dueAt"].as_str().map(ToOwned::to_owned);
                ((text(it, "eventId"), text(it, "recipientId"), of_record), (texts(&it["purposes"]), due))
            })
            .collect();
        self.require(stored.len() == deliveries.len(), || "two deliveries of one event to one recipient".to_owned());
        for (key, what) in &owed {
            self.require(stored.get(key) == Some(what), || {
                format!("owed: {key:?} {what:?}, stored: {:?}", stored.get(key))
            });
        }
        for (key, what) in stored.iter().filter(|(key, _)| !owed.contains_key(*key)) {
            self.require(false, || format!("nobody is owed {key:?} {what:?}"));
        }
    }

    /// What was received is delivered, what was confirmed is, and no attempt begins before the one before it has ended.
    fn judge_messages(&mut self, deliveries: &BTreeMap<String, Value>) {
        let mut messages = BTreeMap::<String, Vec<(i64, Reply)>>::new();
        let mut faults = Vec::new();
        for party in &self.parties {
            for message in party.receiver.as_ref().map(Receiver::received).unwrap_or_default() {
                let id = message.header("webhook-id").to_owned();
                if deliveries.get(&id).is_none_or(|delivery| delivery["recipientId"] != party.registered["id"]) {
                    faults.push(format!("{} received {id}", party.id()));
                }
                let at = message.header("webhook-timestamp").parse().expect("seconds");
                messages.entry(id).or_default().push((at, message.reply));
            }
        }
        for (id, delivery) in deliveries {
            let party = self.parties.iter().find(|it| delivery["recipientId"] == it.registered["id"]).expect("a party");
            let received = messages.remove(id).unwrap_or_default();
            let gaps = received.windows(2).map(|two| two[1].0 - two[0].0).min();
            if gaps.is_some_and(|gap| gap < SHORTEST_DELAY) && !self.retried.contains(id) {
                faults.push(format!("attempts at once: {delivery} {received:?}"));
            }
            let acknowledged = self.acknowledged.get(id);
            let is_delivered = party.receiver.is_some() || acknowledged.is_some();
            if (delivery["status"] == "delivered") != is_delivered {
                faults.push(format!("{delivery} {received:?}"));
            }
            let owed = &delivery["acknowledgement"];
            if owed.is_null() {
                continue;
            }
            let confirms = |reply: &Reply| reply.status == 200 && !reply.body.is_empty();
            let last = received.last().is_some_and(|(_, reply)| confirms(reply)) && !party.has_refused();
            let ever = received.iter().any(|(_, reply)| confirms(reply));
            let outcome = owed["outcome"].as_str();
            let right = match acknowledged {
                Some(said) => outcome == Some(*said),
                // Its response may have been lost in a crash, but the last one was not.
                None if last => outcome == Some("not_held"),
                None => outcome.is_none() || (ever && outcome == Some("not_held")),
            };
            if !right {
                faults.push(format!("said {acknowledged:?} {received:?}: {delivery}"));
            }
            *self.seen.entry("confirming response").or_default() += usize::from(ever);
        }
        self.faults.append(&mut faults);
    }
}

/// The kinds of events that ask to cease.
const CEASING: [&str; 4] = ["consent.withdrawn", "consent.expired", "consent.erased", "grant.revoked"];

/// Lets the sweep run with a clock that differs from the others': so many seconds ahead of half of them, or behind.
async fn sweep(telling: &Telling, ahead: u32) {
    let now = telling.now().milliseconds() + (i64::from(ahead) - i64::from(AHEAD)) * 1_000;
    telling.system.run_schedule("sweep", Timestamp::from_milliseconds(now).expect("a time")).await;
}

/// What an event says, of each of its subjects.
fn said_by(event: &Value) -> Vec<(String, String, BTreeSet<String>, Timestamp)> {
    let (kind, at) = (text(event, "type"), moment(&text(event, "occurredAt")));
    let said = |subject: &Value, purposes: &Value| {
        (kind.clone(), subject.as_str().expect("an id").to_owned(), texts(purposes), at)
    };
    match kind.as_str() {
        "consent.erased" => {
            let records = event["records"].as_array().expect("records").iter();
            records.map(|record| said(&record["recordId"], &record["purposes"])).collect()
        }
        "grant.revoked" => vec![said(&event["grantId"], &event["purposes"])],
        "delivery.overdue" => vec![said(&event["deliveryId"], &event["purposes"])],
        "recipient.disabled" => vec![said(&event["recipientId"], &event["purposes"])],
        _ => vec![said(&event["recordId"], &event["purposes"])],
    }
}

fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().expect("texts").iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

//! Consent checks among concurrent changes. Every answer must be one that was true at some moment between the start and
//! the end of its call: the test knows when each change began and ended, so it knows from when to when each record may
//! have granted a purpose, and from when to when it must have.

use std::time::{Duration, Instant};

use assent_tests::fault_proxy::{Matching, scrambled};
use assent_tests::fixtures::{CHECKS, RECORDS, Tenant, erasure_path, grant_path, record, text, unique, with};
use assent_tests::system::System;
use futures_util::future::{join_all, join3};
use futures_util::{StreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    the_oracle_finds_a_stale_list_entry;
    on each engine:
    every_answer_was_true_at_some_moment_of_its_call,
];

const ROUNDS: u64 = 24;
/// How many rounds run side by side, each with persons of its own.
const SIDE_BY_SIDE: usize = 3;
const PERSONS: usize = 2;
/// How many changes and how many checks a round has for each person, beside the record with which it begins.
const CHANGES: u64 = 7;
const CHECKS_OF_EACH: u64 = 8;
/// The longest random delay of a call, and of a database call.
const LONGEST_START: u64 = 60;
const LONGEST_WAIT: Duration = Duration::from_millis(8);
const PURPOSES: [&str; 2] = ["analytics", "personalization"];

/// When a call began and ended.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: Instant,
    end: Instant,
}

/// What a call that succeeded changed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    /// A new record under a grant, of these purposes.
    Created {
        record: String,
        grant: String,
        purposes: Vec<&'static str>,
    },
    /// A record that denies this purpose.
    Denied {
        purpose: &'static str,
    },
    /// The end of these purposes in a record.
    Withdrawn {
        record: String,
        purposes: Vec<&'static str>,
    },
    Revoked {
        grant: String,
    },
    Erased,
}

/// A check and its answers about all purposes.
#[derive(Debug)]
struct Check {
    span: Span,
    answers: Vec<Value>,
}

/// The changes and checks of one person.
#[derive(Debug, Default)]
struct History {
    changes: Vec<(Span, Change)>,
    checks: Vec<Check>,
}

impl History {
    /// The id of the first record.
    fn record(&self) -> String {
        let mut created = self.changes.iter().filter_map(|(_, change)| match change {
            Change::Created { record, .. } => Some(record.clone()),
            _ => None,
        });
        created.next().expect("a record")
    }

    /// From when to when a record may have granted the purpose, and from when to when it must have. `None` if it never did.
    fn granting(&self, span: Span, created: &Change, purpose: &str) -> Option<(Span, Option<Span>)> {
        let Change::Created { record, grant, purposes } = created else { return None };
        if !purposes.contains(&purpose) {
            return None;
        }
        let mut may_end = Vec::new();
        let mut must_end = Vec::new();
        for (ending, change) in &self.changes {
            let ends = match change {
                Change::Created { .. } => false,
                // Of a consent and a denial at the same time, either may be the later one.
                Change::Denied { purpose: denied } => *denied == purpose && ending.end > span.start,
                Change::Withdrawn { record: withdrawn, purposes } => withdrawn == record && purposes.contains(&purpose),
                Change::Revoked { grant: revoked } => revoked == grant,
                Change::Erased => ending.end > span.start,
            };
            if ends {
                may_end.push(ending.start);
                if ending.start > span.end || matches!(change, Change::Withdrawn { .. } | Change::Revoked { .. }) {
                    must_end.push(ending.end);
                }
            }
        }
        let far = span.end + Duration::from_hours(24);
        let may = Span { start: span.start, end: must_end.into_iter().min().unwrap_or(far) };
        let surely = Span { start: span.end, end: may_end.into_iter().min().unwrap_or(far) };
        Some((may, Some(surely).filter(|surely| surely.start < surely.end)))
    }

    /// Why an answer cannot have been true at any moment of its call; `None` if it can.
    fn fault_of(&self, check: Span, purpose: &str, answer: &Value) -> Option<String> {
        let granting: Vec<(String, Span, Option<Span>)> = self
            .changes
            .iter()
            .filter_map(|(span, change)| {
                let Change::Created { record, .. } = change else { return None };
                let (may, surely) = self.granting(*span, change, purpose)?;
                Some((record.clone(), may, surely))
            })
            .collect();
        let began = |wanted: &dyn Fn(&Change) -> bool| {
            self.changes.iter().any(|(span, change)| wanted(change) && span.start <= check.end)
        };
        if answer["allowed"] == true {
            let record = text(answer, "recordId");
            let granted = granting.iter().find(|(granting, ..)| *granting == record);
            let possible = granted.is_some_and(|(_, may, _)| may.start <= check.end && may.end >= check.start);
            return (!possible).then(|| format!("{record} granted {purpose} at no moment of the check"));
        }
        // A moment at which no record surely granted it: the start of the check, or the end of a record.
        let ends = granting.iter().filter_map(|(_, _, surely)| surely.map(|surely| surely.end));
        let mut moments = [check.start].into_iter().chain(ends).filter(|at| check.start <= *at && *at <= check.end);
        let surely = |at: Instant| granting.iter().any(|(_, _, it)| it.is_some_and(|it| it.start < at && at < it.end));
        if moments.all(surely) {
            return Some(format!("something granted {purpose} throughout the check"));
        }
        let mentions = |change: &Change| match change {
            Change::Created { purposes, .. } => purposes.contains(&purpose),
            Change::Denied { purpose: denied } => *denied == purpose,
            _ => false,
        };
        let erased = began(&|change| *change == Change::Erased);
        let explained = match answer["code"].as_str().unwrap_or_default() {
            "DENIED" => began(&|change| matches!(change, Change::Denied { purpose: denied } if *denied == purpose)),
            "WITHDRAWN" => began(&|change| match change {
                Change::Withdrawn { purposes, .. } => purposes.contains(&purpose),
                Change::Denied { purpose: denied } => *denied == purpose,
                _ => false,
            }),
            "GRANT_REVOKED" => erased || began(&|change| matches!(change, Change::Revoked { .. })),
            "NEVER_GIVEN" => {
                erased || !self.changes.iter().any(|(span, change)| mentions(change) && span.end < check.start)
            }
            _ => false,
        };
        (!explained).then(|| format!("nothing explains {answer}"))
    }

    /// The faults of all answers.
    fn faults(&self) -> Vec<String> {
        let answers = self.checks.iter().flat_map(|check| {
            PURPOSES
                .iter()
                .zip(&check.answers)
                .filter_map(|(purpose, answer)| self.fault_of(check.span, purpose, answer))
        });
        answers.collect()
    }
}

/// A person with two grants.
struct Person<'a> {
    tenant: &'a Tenant,
    notice: &'a Value,
    name: String,
    grants: Vec<Value>,
}

async fn timed<T>(call: impl Future<Output = T>) -> (Span, T) {
    let start = Instant::now();
    let outcome = call.await;
    (Span { start, end: Instant::now() }, outcome)
}

impl<'a> Person<'a> {
    async fn new(tenant: &'a Tenant, notice: &'a Value) -> Self {
        let name = unique("person");
        let grants = vec![tenant.create_grant(&name).await, tenant.create_grant(&name).await];
        Self { tenant, notice, name, grants }
    }

    async fn create(&self, grant: usize, purposes: &[&'static str]) -> Option<(Span, Change)> {
        let given: Vec<Value> = purposes.iter().map(|code| json!({"code": code, "description": "x"})).collect();
        let body = with(&record(&self.grants[grant], self.notice, &self.name), "purposes", Some(json!(given)));
        let (span, response) = timed(self.tenant.post(RECORDS, &body)).await;
        (response.status() == 201).then(|| {
            let (record, grant) = (text(&response.body(), "recordId"), text(&self.grants[grant], "grantId"));
            (span, Change::Created { record, grant, purposes: purposes.to_vec() })
        })
    }

    async fn deny(&self, purpose: &'static str) -> Option<(Span, Change)> {
        let body = json!({
            "dataPrincipalId": self.name, "consentNoticeId": self.notice["noticeId"],
            "purposes": [{"code": purpose, "description": "x", "decision": "denied"}],
        });
        let (span, response) = timed(self.tenant.post(RECORDS, &body)).await;
        response.expect(201);
        Some((span, Change::Denied { purpose }))
    }

    async fn withdraw(&self, record: &str, purpose: Option<&'static str>) -> Option<(Span, Change)> {
        let body = json!({"reason": "x", "purposes": purpose.map(|purpose| [purpose])});
        let path = format!("{RECORDS}/{record}/withdraw");
        let (span, response) = timed(self.tenant.post(path, &body)).await;
        let purposes = purpose.map_or(PURPOSES.to_vec(), |purpose| vec![purpose]);
        (response.status() == 200).then(|| (span, Change::Withdrawn { record: record.to_owned(), purposes }))
    }

    async fn revoke(&self, grant: usize) -> Option<(Span, Change)> {
        let (span, response) = timed(self.tenant.delete(grant_path(&self.grants[grant]))).await;
        response.expect_no_content();
        Some((span, Change::Revoked { grant: text(&self.grants[grant], "grantId") }))
    }

    async fn erase(&self) -> Option<(Span, Change)> {
        let erasing = async {
            let mut response = self.tenant.send(self.tenant.request(Method::POST, erasure_path(&self.name))).await;
            while response.status() == 201 && response.body()["status"] == "in_progress" {
                response = self.tenant.send(self.tenant.request(Method::POST, erasure_path(&self.name))).await;
            }
            response.expect(201);
        };
        let (span, ()) = timed(erasing).await;
        Some((span, Change::Erased))
    }

    async fn check(&self) -> Check {
        let items = PURPOSES.map(|purpose| json!({"dataPrincipalId": self.name, "purpose": purpose}));
        let (span, response) = timed(self.tenant.post(CHECKS, &json!({"items": items}))).await;
        Check { span, answers: response.expect(200)["items"].as_array().expect("answers").clone() }
    }

    /// The change with this number in a round of this seed.
    async fn change(&self, dice: u64, record: &str, may_erase: bool) -> Option<(Span, Change)> {
        let die = |sides: usize, salt: u64| usize::try_from(scrambled(dice ^ salt)).unwrap_or_default() % sides;
        wait(scrambled(dice ^ 1)).await;
        let purpose = PURPOSES[die(2, 2)];
        match die(10, 3) {
            0 | 1 => self.create(die(2, 4), if die(2, 5) == 0 { &PURPOSES } else { &PURPOSES[..1] }).await,
            2 | 3 => self.deny(purpose).await,
            4 => self.withdraw(record, Some(purpose)).await,
            5 => self.withdraw(record, None).await,
            6 | 7 if may_erase => self.erase().await,
            _ => self.revoke(die(2, 4)).await,
        }
    }

    /// A record, and then changes and checks at once.
    async fn history(&self, seed: u64) -> History {
        let mut history = History::default();
        history.changes.extend(self.create(0, &PURPOSES).await);
        let first = history.record();
        let changes = (0..CHANGES).map(|number| self.change(scrambled(seed * 1_000 + number), &first, number == 0));
        let checks = (0..CHECKS_OF_EACH).map(async |number| {
            wait(scrambled(seed * 1_000 + 500 + number)).await;
            self.check().await
        });
        // A new consent, then the end of an older one: a check that sees the end must see the new one too.
        let successor = async {
            wait(scrambled(seed * 1_000 + 900)).await;
            let created = self.create(1, &PURPOSES[..1]).await?;
            let Change::Created { record, .. } = &created.1 else { return None };
            let withdrawn = self.withdraw(&first, Some(PURPOSES[0])).await;
            let ended = self.withdraw(record, Some(PURPOSES[0])).await;
            Some([Some(created), withdrawn, ended])
        };
        let (changes, checks, successor) = join3(join_all(changes), join_all(checks), successor).await;
        history.changes.extend(changes.into_iter().flatten());
        history.changes.extend(successor.into_iter().flatten().flatten());
        history.checks = checks;
        // A check after everything.
        history.checks.push(self.check().await);
        history
    }
}

async fn wait(dice: u64) {
    tokio::time::sleep(Duration::from_millis(dice % LONGEST_START)).await;
}

async fn every_answer_was_true_at_some_moment_of_its_call(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let _meeting = system.faults.delay(Matching::every(&tenant.id), LONGEST_WAIT, 1);
    let rounds = stream::iter(0..ROUNDS).map(async |seed| {
        let persons = join_all((0..PERSONS).map(|_| Person::new(&tenant, &notice))).await;
        let seeds = (0_u64..).map(|number| seed * 10 + number);
        join_all(persons.iter().zip(seeds).map(|(person, seed)| person.history(seed))).await
    });
    let histories: Vec<Vec<History>> = rounds.buffered(SIDE_BY_SIDE).collect().await;
    let mut said = std::collections::BTreeMap::<String, usize>::new();
    for (seed, history) in (0_u64..).zip(&histories).flat_map(|(seed, round)| round.iter().map(move |it| (seed, it))) {
        let faults = history.faults();
        assert!(faults.is_empty(), "round {seed}: {faults:#?}\n{history:#?}");
        for answer in history.checks.iter().flat_map(|check| &check.answers) {
            *said.entry(text(answer, "code")).or_default() += 1;
        }
    }
    // If one of them never came, the test has not tried it.
    for code in ["ALLOWED", "DENIED", "WITHDRAWN", "GRANT_REVOKED", "NEVER_GIVEN"] {
        assert!(said.contains_key(code), "{code}: {said:?}");
    }
}

/// An eventually consistent read returns an entry as it was before a change that has ended. The local engines never do
/// that, so the test puts the entry back itself.
async fn the_oracle_finds_a_stale_list_entry(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for ending in 0..4 {
        let person = Person::new(&tenant, &notice).await;
        let mut history = History::default();
        history.changes.extend(person.create(0, &PURPOSES).await);
        let record = history.record();
        let before = system.contents.of(tenant.id).await;
        history.changes.extend(match ending {
            0 => person.withdraw(&record, None).await,
            1 => person.withdraw(&record, Some(PURPOSES[0])).await,
            2 => person.deny(PURPOSES[0]).await,
            _ => person.revoke(0).await,
        });
        history.checks.push(person.check().await);
        assert_eq!(history.faults(), [""; 0], "{history:#?}");

        let after = system.contents.of(tenant.id).await;
        for table in ["ConsentRecordsTable", "GrantsTable"] {
            for (key, item) in before.in_table(table).filter(|(_, item)| item.contains_key("summary")) {
                if after.at(table, &key.partition, &key.sort) != Some(item) {
                    system.contents.put(table, vec![item.clone()]).await;
                }
            }
            // A new entry is not there yet.
            for (key, _) in after.in_table(table).filter(|(_, item)| item.contains_key("summary")) {
                if before.at(table, &key.partition, &key.sort).is_none() {
                    system.contents.delete(key).await;
                }
            }
        }
        history.checks.push(person.check().await);
        let faults = history.faults();
        assert!(!faults.is_empty(), "the oracle did not find the stale entry after ending {ending}: {history:#?}");
        assert!(faults.iter().all(|fault| fault.contains("at no moment")), "{faults:?}");
    }
}

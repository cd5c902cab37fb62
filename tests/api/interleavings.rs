//! Small sets of concurrent calls on one grant, compared with a simple model: their responses and the stored state must
//! be those of some sequential order of the calls. An erasure consists of several steps, and other calls may run
//! between them.

use std::collections::BTreeMap;
use std::time::Duration;

use assent_tests::client::Response;
use assent_tests::contents::Items;
use assent_tests::fault_proxy::{Matching, scrambled};
use assent_tests::fixtures::{GRANTS, RECORDS, Tenant, erasure_path, grant, grant_path, record, text, unique, with};
use assent_tests::system::System;
use assent_tests::trail::Trail;
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

crate::trials![
    on each engine:
    concurrent_calls_have_the_result_of_some_sequential_order,
];

const ROUNDS: u64 = 80;
/// How many rounds run side by side, each on a grant of its own.
const SIDE_BY_SIDE: usize = 4;
/// The longest random delay of a database call, so that calls reach the database in many orders.
const LONGEST_WAIT: Duration = Duration::from_millis(12);
/// A record that was created by operation n has the number 10 + n.
const MADE: usize = 10;

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Withdraw { record: usize, revoke: bool, delete: bool },
    CreateRecord,
    CreateChild,
    Revoke,
    Erase,
}

/// The part of a response that depends on the other calls.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Withdrawn {
        revoked: bool,
        deleted: bool,
    },
    Made,
    Revoked,
    Erased {
        records: u64,
        grants: u64,
        /// None if it depends on which of two calls began first, which the order of their ends does not show.
        delegated: Option<u64>,
    },
    Refused(String),
}

impl Said {
    fn is_explained_by(&self, expected: &Self) -> bool {
        match (self, expected) {
            (
                Self::Erased { records, grants, .. },
                Self::Erased { records: of_model, grants: too, delegated: None },
            ) => (records, grants) == (of_model, too),
            _ => self == expected,
        }
    }
}

/// The stored state: the actions in the trail of each grant and record.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    grant: Vec<String>,
    /// By the number of the operation that created them.
    children: BTreeMap<usize, Vec<String>>,
    /// Those that existed before, and those that were created, by the number of the operation.
    records: BTreeMap<usize, Record>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    actions: Vec<String>,
    has_key: bool,
}

fn is_last(actions: &[String], action: &str) -> bool {
    actions.last().is_some_and(|last| last == action)
}

/// Revokes a grant unless it is revoked; returns whether it did.
fn revoke(grant: &mut Vec<String>) -> bool {
    let first = grant.len() == 1;
    if first {
        grant.push("grant.revoked".to_owned());
    }
    first
}

impl State {
    fn new(records: usize) -> Self {
        let record = Record { actions: vec!["record.created".to_owned()], has_key: true };
        Self {
            grant: vec!["grant.created".to_owned()],
            children: BTreeMap::new(),
            records: (0..records).map(|number| (number, record.clone())).collect(),
        }
    }

    fn is_revoked(&self) -> bool {
        self.grant.len() > 1
    }

    /// Runs the next step of an operation; returns the response if it was the last step.
    fn step(&mut self, number: usize, operation: Operation, progress: &mut Progress) -> Option<Said> {
        let refused = |code: &str| Some(Said::Refused(code.to_owned()));
        match operation {
            Operation::Withdraw { record, revoke: revoking, delete } => {
                let record = self.records.get_mut(&record).expect("a record");
                if is_last(&record.actions, "record.withdrawn") {
                    return refused("ALREADY_WITHDRAWN");
                }
                if is_last(&record.actions, "record.erased") {
                    return refused("ALREADY_ERASED");
                }
                record.actions.push("record.withdrawn".to_owned());
                record.has_key &= !delete;
                if revoking {
                    revoke(&mut self.grant);
                }
                Some(Said::Withdrawn { revoked: revoking, deleted: delete })
            }
            Operation::CreateRecord | Operation::CreateChild if self.is_revoked() => refused("INVALID_GRANT"),
            Operation::CreateRecord => {
                let record = Record { actions: vec!["record.created".to_owned()], has_key: true };
                self.records.insert(MADE + number, record);
                Some(Said::Made)
            }
            Operation::CreateChild => {
                self.children.insert(number, vec!["grant.created".to_owned()]);
                Some(Said::Made)
            }
            Operation::Revoke => {
                revoke(&mut self.grant);
                Some(Said::Revoked)
            }
            // First all grants are revoked, so that no record can be created under them.
            Operation::Erase if !progress.grants_erased => {
                progress.grants_erased = true;
                progress.grants = u64::from(revoke(&mut self.grant));
                self.grant.push("grant.erased".to_owned());
                for child in self.children.values_mut() {
                    revoke(child);
                    child.push("grant.erased".to_owned());
                }
                let delegated = u64::try_from(self.children.len()).expect("few");
                progress.delegated = (progress.grants == 1 || delegated == 0).then_some(delegated);
                None
            }
            Operation::Erase => {
                for record in self.records.values_mut() {
                    record.actions.push("record.erased".to_owned());
                    record.has_key = false;
                }
                let records = u64::try_from(self.records.len()).expect("few");
                Some(Said::Erased { records, grants: progress.grants, delegated: progress.delegated })
            }
        }
    }
}

/// The progress of an operation.
#[derive(Clone, Debug, Default)]
struct Progress {
    done: bool,
    grants_erased: bool,
    grants: u64,
    delegated: Option<u64>,
}

/// Whether some order of the operations gives these responses and this state.
fn is_explained(state: &State, progress: &[Progress], operations: &[Operation], said: &[Said], left: &State) -> bool {
    if progress.iter().all(|progress| progress.done) {
        return state == left;
    }
    (0..operations.len()).filter(|number| !progress[*number].done).any(|number| {
        let (mut state, mut progress) = (state.clone(), progress.to_vec());
        match state.step(number, operations[number], &mut progress[number]) {
            Some(expected) if !said[number].is_explained_by(&expected) => return false,
            Some(_) => progress[number].done = true,
            None => {}
        }
        is_explained(&state, &progress, operations, said, left)
    })
}

/// Pseudorandom numbers from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scrambled(self.0) % limit
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// One to two records, and three to five operations; one of them at most is an erasure.
fn scenario(seed: u64) -> (usize, Vec<Operation>) {
    let mut dice = Dice(seed << 32);
    let records = if dice.coin() { 1 } else { 2 };
    let count = 3 + dice.below(3);
    let mut operations = Vec::new();
    for _ in 0..count {
        let operation = match dice.below(10) {
            0..4 => Operation::Withdraw {
                record: usize::from(records == 2 && dice.coin()),
                revoke: dice.coin(),
                delete: dice.coin(),
            },
            4 | 5 => Operation::CreateRecord,
            6 => Operation::CreateChild,
            7 => Operation::Revoke,
            _ if operations.contains(&Operation::Erase) => Operation::CreateRecord,
            _ => Operation::Erase,
        };
        operations.push(operation);
    }
    (records, operations)
}

/// The result of a round.
struct Round {
    seed: u64,
    operations: Vec<Operation>,
    responses: Vec<Response>,
    grant: String,
    records: Vec<String>,
}

async fn concurrent_calls_have_the_result_of_some_sequential_order(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let rounds: Vec<Round> = {
        let _meeting = system.faults.delay(Matching::every(&tenant.id), LONGEST_WAIT, 1);
        stream::iter(0..ROUNDS).map(|seed| round(&tenant, &notice, seed)).buffered(SIDE_BY_SIDE).collect().await
    };
    let left = system.contents.of(tenant.id).await;
    for round in &rounds {
        round.expect_explained(tenant.id, &left);
    }
    // If no call ever got an error, the calls did not overlap.
    let refused = |round: &&Round| round.responses.iter().any(|response| response.status() >= 400);
    let refused = rounds.iter().filter(refused).count();
    assert!(refused > rounds.len() / 4 && refused < rounds.len(), "{refused} of {} rounds had errors", rounds.len());
}

async fn round(tenant: &Tenant, notice: &Value, seed: u64) -> Round {
    let (records, operations) = scenario(seed);
    let person = unique("person");
    let root = tenant.create_grant(&person).await;
    let body = record(&root, notice, &person);
    let made = join_all((0..records).map(|_| tenant.post(RECORDS, &body))).await;
    let records: Vec<String> = made.iter().map(|response| text(&response.expect(201), "recordId")).collect();
    let child = with(&grant(&person), "parentGrantId", Some(root["grantId"].clone()));
    let erasing = || tenant.request(Method::POST, erasure_path(&person));
    let requests = operations.iter().enumerate().map(|(number, operation)| match operation {
        Operation::Withdraw { record, revoke, delete } => tenant.posting(
            format!("{RECORDS}/{}/withdraw", records[*record]),
            &json!({"reason": number.to_string(), "revokeGrant": revoke, "deleteProcessedData": delete}),
        ),
        Operation::CreateRecord => tenant.posting(RECORDS, &body),
        Operation::CreateChild => tenant.posting(GRANTS, &child),
        Operation::Revoke => tenant.request(Method::DELETE, grant_path(&root)),
        Operation::Erase => erasing(),
    });
    let responses = join_all(requests.map(async |request| {
        let mut response = tenant.send(request).await;
        // On a busy machine an erasure may take more than one call.
        while response.status() == 201 && response.body().get("status") == Some(&json!("in_progress")) {
            response = tenant.send(erasing()).await;
        }
        response
    }))
    .await;
    Round { seed, operations, responses, grant: text(&root, "grantId"), records }
}

impl Round {
    fn said(&self) -> Vec<Said> {
        let said = self.operations.iter().zip(&self.responses).map(|(operation, response)| match response.status() {
            204 => Said::Revoked,
            200 | 201 => {
                let body = response.body();
                let count = |name: &str| body[name].as_u64().unwrap_or_default();
                match operation {
                    Operation::Withdraw { .. } => {
                        Said::Withdrawn { revoked: body["grantRevoked"] == true, deleted: body["dataDeleted"] == true }
                    }
                    Operation::Erase => Said::Erased {
                        records: count("recordsErased"),
                        grants: count("grantsRevoked"),
                        delegated: Some(count("delegatedGrantsRevoked")),
                    },
                    _ => Said::Made,
                }
            }
            _ => Said::Refused(response.body()["code"].as_str().unwrap_or_default().to_owned()),
        });
        said.collect()
    }

    /// The ids of the created resources, by the number of the operation.
    fn made(&self, wanted: Operation, name: &str) -> BTreeMap<usize, String> {
        let operations = self.operations.iter().zip(&self.responses).enumerate();
        let made = operations.filter(|(_, (operation, response))| **operation == wanted && response.status() == 201);
        made.map(|(number, (_, response))| (number, text(&response.body(), name))).collect()
    }

    fn left(&self, tenant: Uuid, items: &Items) -> State {
        let owned = |actions: Vec<&str>| actions.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>();
        let grant = |id: &str| owned(Trail::of_grant(items, tenant, id).actions());
        let record = |id: &str| {
            let trail = Trail::of_record(items, tenant, id);
            let actions = owned(trail.actions());
            // The state of the record must agree with its trail.
            let item = items.at("ConsentRecordsTable", &format!("{tenant}#{id}"), "record").expect("a record");
            let state = item.get("state").and_then(|state| state.as_s().ok()).expect("a state");
            let state = if state == "active" { "created" } else { state.as_str() };
            assert!(is_last(&actions, &format!("record.{state}")), "{id} is {state}: {actions:?}");
            assert_eq!(item.contains_key("dataPrincipalId"), state != "erased", "{id}");
            Record { actions, has_key: trail.has_key }
        };
        let children = self.made(Operation::CreateChild, "grantId");
        let records = self.records.iter().cloned().enumerate();
        let made = self.made(Operation::CreateRecord, "recordId").into_iter().map(|(number, id)| (MADE + number, id));
        State {
            grant: grant(&self.grant),
            children: children.into_iter().map(|(number, id)| (number, grant(&id))).collect(),
            records: records.chain(made).map(|(number, id)| (number, record(&id))).collect(),
        }
    }

    fn expect_explained(&self, tenant: Uuid, items: &Items) {
        let (said, left) = (self.said(), self.left(tenant, items));
        let before = State::new(self.records.len());
        let progress = vec![Progress::default(); self.operations.len()];
        let responses = || self.responses.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ");
        assert!(
            is_explained(&before, &progress, &self.operations, &said, &left),
            "no order explains round {}: {:#?}\ngot the responses\n  {}\nand left the state {left:#?}",
            self.seed,
            self.operations,
            responses(),
        );
    }
}

//! How many calls of an endpoint a tenant can make in a second before one partition key of the database throttles. A
//! partition takes 1,000 write units and 3,000 read units a second
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>), however large its
//! table is. So the keys that the calls of many persons share set the limit.
//!
//! Each endpoint is called once for each of many persons of one tenant. The clock stands still and the randomness is the
//! same in each run, and so are the figures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use assent_shared::domain::{Clock, Random, RequestContext, Timestamp};
use assent_shared::store::{Shards, TENANT_LISTS};
use assent_simulation::{Call, Owner, Step, Touch};
use hyper::Method;
use serde_json::{Value, json};

use crate::capacity::Halves;
use crate::client::Request;
use crate::contents::ItemKey;
use crate::fault_proxy::scrambled;
use crate::fixtures::{
    CATALOG, CHECKS, GRANTS, GRIEVANCES, NOTICES, PROJECTS, RECORDS, SESSION, accepted, consent_type,
    consent_type_path, events_path, grant, grant_path, grievance, grievance_path, key_header, notice, public_path,
    record, record_path, records_path, session_path, sha256, state_path, text, visitors_path, withdraw_path,
};
use crate::lone_system::LoneSystem;
use crate::moved_clock::MovedClock;
use crate::recorder::Recorded;

/// How many persons there are, beside the one whose calls fill the caches of the functions.
const PERSONS: usize = 40;
/// Over how many shards each list of the tenant is spread.
const SHARDS: u16 = 64;
/// The units of a partition key in a second.
const WRITES: f64 = 1_000.0;
const READS: f64 = 3_000.0;

/// The ceiling of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Ceiling {
    /// The function, and the special case where the call is one; or what several functions do together.
    pub call: String,
    /// The table and the hottest partition key that calls for several persons share; empty if they share none.
    pub hottest: String,
    /// The share of the calls that reach this key.
    pub share: f64,
    /// How many calls the key takes in a second; infinite if the calls share none.
    pub per_second: f64,
}

/// The ceilings, in the order in which the calls are made below: the hottest shared key, its share of the calls, and
/// how many calls it takes in a second.
pub const EXPECTED: &[(&str, &str, f64, f64)] = &[
    ("authorizer, a key", "ApiKeysTable {hash of the API key}", 1.0, 3000.0),
    ("jwks", "SigningKeysTable keys", 1.0, 3000.0),
    ("create-consent-notice", "ConsentNoticesTable {tenant}#list#notices#{epoch}#{shard}", 0.015_625, 32000.0),
    ("list-consent-notices", "ConsentNoticesTable {tenant}#list#notices#{epoch}#{shard}", 1.0, 1500.0),
    ("get-consent-notice", "ConsentNoticesTable {tenant}#{notice}", 1.0, 1500.0),
    ("get-public-notice", "", 0.0, f64::INFINITY),
    ("create-grant", "GrantsTable {tenant}#list#grants#{epoch}#{shard}", 0.015_625, 32000.0),
    ("get-grant", "", 0.0, f64::INFINITY),
    ("list-grants", "GrantsTable {tenant}#{grant}", 1.0, 3000.0),
    ("create-consent-record", "ConsentRecordsTable {tenant}#list#records#{epoch}#{shard}", 0.015_625, 32000.0),
    ("get-consent-record", "", 0.0, f64::INFINITY),
    ("get-consent-record-audit", "", 0.0, f64::INFINITY),
    ("get-consent-receipt", "OrganisationsTable {tenant}#organisation", 1.0, 3000.0),
    ("list-consent-records", "ConsentRecordsTable {tenant}#{record}", 1.0, 3000.0),
    ("list-data-principal-records", "", 0.0, f64::INFINITY),
    ("check-consents", "", 0.0, f64::INFINITY),
    ("withdraw-consent-record", "EventsTable {tenant}#list#feed#{epoch}#{shard}", 0.015_625, 32000.0),
    ("revoke-grant", "EventsTable {tenant}#list#feed#{epoch}#{shard}", 0.015_625, 32000.0),
    ("create-dpdp-session", "", 0.0, f64::INFINITY),
    ("get-dpdp-session", "", 0.0, f64::INFINITY),
    ("update-dpdp-session", "", 0.0, f64::INFINITY),
    ("create-grievance", "GrievancesTable {tenant}#list#grievances#{epoch}#{shard}", 0.015_625, 32000.0),
    ("get-grievance", "", 0.0, f64::INFINITY),
    ("list-grievances", "GrievancesTable {tenant}#list#grievances#0#0", 1.0, 3000.0),
    ("update-grievance", "GrievancesTable {tenant}#list#grievances#{epoch}#{shard}", 0.015_625, 32000.0),
    ("create-project", "ProjectsTable {tenant}#list#projects#{epoch}#{shard}", 0.015_625, 32000.0),
    ("create-consent-type", "ConsentCatalogTable {tenant}#list#types#{epoch}#{shard}", 0.015_625, 32000.0),
    ("get-consent-type", "ConsentCatalogTable {tenant}#{type}", 1.0, 3000.0),
    ("authorizer, a key of a site", "", 0.0, f64::INFINITY),
    ("create-site-session", "", 0.0, f64::INFINITY),
    ("authorizer, a site session", "", 0.0, f64::INFINITY),
    ("site-preflight", "", 0.0, f64::INFINITY),
    ("get-consent-state", "", 0.0, f64::INFINITY),
    ("create-consent-events", "ConsentEventsTable {tenant}#list#events#{project}#{epoch}#{shard}", 0.015_625, 32000.0),
    ("authorizer, the three calls of a visit", "", 0.0, f64::INFINITY),
    (
        "a visit: a session, the state, an event",
        "ConsentEventsTable {tenant}#list#events#{project}#{epoch}#{shard}",
        0.015_625,
        32000.0,
    ),
];

/// The calls of the database of each call of an endpoint.
type Calls = Vec<Vec<Recorded>>;

struct Campaign {
    system: LoneSystem,
    /// The authorizer's context of each person's calls.
    contexts: Vec<Value>,
    /// How the ids that the calls share are shown.
    names: Vec<(String, &'static str)>,
    calls: Vec<(String, Calls)>,
}

impl Campaign {
    /// A tenant in a database of its own.
    async fn start() -> Self {
        // The clock stands still, so that nothing in a cache becomes old. Its time is always the same, as ids contain it
        // and lead to shards.
        let (clock, random) = (MovedClock::at(1_770_000_000_000).clock(), seeded_random(1));
        let system = LoneSystem::start(clock.clone(), random.clone()).await;
        let names = vec![(system.tenant.0.to_string(), "{tenant}"), (sha256(&system.key), "{hash of the API key}")];
        spread(&system, &clock, &random).await;
        system.recorder.take();
        Self { system, contexts: Vec::new(), names, calls: Vec::new() }
    }

    /// Calls a function once for each person, and returns the bodies.
    async fn each(&mut self, function: &str, status: u16, request: impl Fn(usize) -> Request) -> Vec<Value> {
        let (mut bodies, mut calls) = (Vec::new(), Vec::new());
        for person in 0..=PERSONS {
            let response = self.system.call(function, &request(person), &self.contexts[person]).await;
            assert_eq!(response.status(), status, "{function}: {response}");
            bodies.push(if status == 204 { Value::Null } else { response.body() });
            calls.push(self.system.recorder.take());
        }
        self.keep(function, calls);
        bodies
    }

    /// Calls the authorizer once for each person, and uses its contexts in the calls that follow.
    async fn authorize(&mut self, call: &str, name: &str, value: impl Fn(usize) -> String) {
        let (mut contexts, mut calls) = (Vec::new(), Vec::new());
        for person in 0..=PERSONS {
            contexts.push(self.system.authorized(name, &value(person)).await);
            calls.push(self.system.recorder.take());
        }
        self.contexts = contexts;
        self.keep(call, calls);
    }

    fn keep(&mut self, call: &str, mut calls: Calls) {
        calls.remove(0);
        self.calls.push((call.to_owned(), calls));
    }

    /// Adds what each person's calls of these functions consume together.
    fn together(&mut self, call: &str, parts: &[&str]) {
        let mut together = vec![Vec::new(); PERSONS];
        for part in parts {
            let (_, calls) = self.calls.iter().find(|(call, _)| call == part).expect("calls of this name");
            together.iter_mut().zip(calls).for_each(|(sum, made)| sum.extend(made.iter().cloned()));
        }
        self.calls.push((call.to_owned(), together));
    }

    async fn all(&mut self) {
        let (name, value) = key_header(NOTICES, &self.system.key);
        self.authorize("authorizer, a key", name, |_| value.clone()).await;
        self.each("jwks", 200, |_| get("/.well-known/jwks.json")).await;
        let notices = self.each("create-consent-notice", 201, |_| post(NOTICES, &notice())).await;
        let shared = &notices[0];
        self.names.push((text(shared, "noticeId"), "{notice}"));
        self.names.push((text(shared, "id"), "{notice}"));
        self.each("list-consent-notices", 200, |_| get(NOTICES)).await;
        self.each("get-consent-notice", 200, |_| get(format!("{NOTICES}/{}", text(shared, "noticeId")))).await;
        self.each("get-public-notice", 200, |_| get(public_path(shared))).await;
        let grants = self.each("create-grant", 201, |i| post(GRANTS, &grant(&person(i)))).await;
        self.each("get-grant", 200, |i| get(grant_path(&grants[i]))).await;
        self.each("list-grants", 200, |_| get(GRANTS)).await;
        self.records(shared, &grants).await;
        self.each("revoke-grant", 204, |i| Request::new(Method::DELETE, grant_path(&grants[i]))).await;
        self.sessions_and_grievances().await;
        self.site().await;
    }

    async fn records(&mut self, notice: &Value, grants: &[Value]) {
        let body = |i: usize| record(&grants[i], notice, &person(i));
        let records = self.each("create-consent-record", 201, |i| post(RECORDS, &body(i))).await;
        self.each("get-consent-record", 200, |i| get(record_path(&records[i]))).await;
        self.each("get-consent-record-audit", 200, |i| get(format!("{}/audit", record_path(&records[i])))).await;
        self.each("get-consent-receipt", 200, |i| get(format!("{}/receipt", record_path(&records[i])))).await;
        self.each("list-consent-records", 200, |_| get(RECORDS)).await;
        self.each("list-data-principal-records", 200, |i| get(records_path(&person(i)))).await;
        let question = |i: usize| json!({"items": [{"dataPrincipalId": person(i), "purpose": "analytics"}]});
        self.each("check-consents", 200, |i| post(CHECKS, &question(i))).await;
        self.each("withdraw-consent-record", 200, |i| post(withdraw_path(&records[i]), &json!({"reason": "x"}))).await;
    }

    async fn sessions_and_grievances(&mut self) {
        let sessions = self.each("create-dpdp-session", 201, |_| post(SESSION, &json!({}))).await;
        self.each("get-dpdp-session", 200, |i| get(session_path(&sessions[i]))).await;
        let change = |i: usize| json!({"sessionId": text(&sessions[i], "sessionId"), "metadata": {"name": "x"}});
        self.each("update-dpdp-session", 200, |i| patch(SESSION, &change(i))).await;
        let grievances = self.each("create-grievance", 202, |i| post(GRIEVANCES, &grievance(&person(i)))).await;
        self.each("get-grievance", 200, |i| get(grievance_path(&grievances[i]))).await;
        self.each("list-grievances", 200, |_| get(GRIEVANCES)).await;
        let step = json!({"status": "in_review"});
        self.each("update-grievance", 200, |i| patch(grievance_path(&grievances[i]), &step)).await;
    }

    async fn site(&mut self) {
        let shop = |_| post(PROJECTS, &json!({"name": "Shop", "domain": "shop.example"}));
        let project = text(&self.each("create-project", 201, shop).await[0], "id");
        let kind = text(&self.each("create-consent-type", 201, |_| post(CATALOG, &consent_type())).await[0], "id");
        self.names.extend([(project.clone(), "{project}"), (kind.clone(), "{type}")]);
        self.each("get-consent-type", 200, |_| get(consent_type_path(&kind))).await;
        let (name, value) = key_header(&visitors_path(&project), &self.system.key);
        self.authorize("authorizer, a key of a site", name, |_| value.clone()).await;
        let visit = |_| post(visitors_path(&project), &json!({})).header(name, &value);
        let sessions = self.each("create-site-session", 201, visit).await;
        let token = |i: usize| text(&sessions[i], "sessionToken");
        self.authorize("authorizer, a site session", "x-session", token).await;
        let preflight =
            |_| Request::new(Method::OPTIONS, format!("/site-v1/{project}")).header("Origin", "https://shop.example");
        self.each("site-preflight", 204, preflight).await;
        self.each("get-consent-state", 200, |_| get(state_path(&project))).await;
        self.each("create-consent-events", 201, |_| post(events_path(&project), &accepted(&kind))).await;
        let authorizers = ["authorizer, a key of a site", "authorizer, a site session", "authorizer, a site session"];
        self.together("authorizer, the three calls of a visit", &authorizers);
        let calls =
            ["create-site-session", "site-preflight", "get-consent-state", "site-preflight", "create-consent-events"];
        let visit = [&authorizers[..], &calls].concat();
        self.together("a visit: a session, the state, an event", &visit);
    }

    fn ceilings(&self) -> Vec<Ceiling> {
        self.calls.iter().map(|(call, calls)| self.ceiling(call, calls)).collect()
    }

    /// The ceiling that the hottest of the shared keys sets.
    fn ceiling(&self, call: &str, calls: &Calls) -> Ceiling {
        let mut ceiling =
            Ceiling { call: call.to_owned(), hottest: String::new(), share: 0.0, per_second: f64::INFINITY };
        for ((table, group), keys) in groups(calls) {
            let reached = keys.values().flat_map(|load| &load.calls).collect::<BTreeSet<_>>().len();
            if reached < 2 {
                continue;
            }
            let spread = keys.len() > 1 && keys.values().map(|load| load.calls.len()).sum::<usize>() == reached;
            let loads = keys.values().map(|load| (load.calls.len(), load.halves));
            // Each call reaches one shard, by chance; or each call reaches all, and the fullest counts.
            let (share, halves) = if spread {
                // The shards are equally full: see the tests of store/shards.rs.
                let fullest = 1.0 / f64::from(SHARDS);
                let sum = loads.fold(Halves::default(), |mut sum, (_, halves)| {
                    sum.add(halves);
                    sum
                });
                (
                    fullest * number(reached) / number(calls.len()),
                    [sum.write, sum.read].map(|sum| fullest * number(sum)),
                )
            } else {
                let (reached, halves) = loads.max_by(|(_, a), (_, b)| taken(*a).total_cmp(&taken(*b))).expect("a key");
                (number(reached) / number(calls.len()), [halves.write, halves.read].map(number))
            };
            let [write, read] = halves.map(|halves| halves / 2.0 / number(calls.len()));
            let per_second = (WRITES / write).min(READS / read).round();
            if per_second < ceiling.per_second {
                let hottest = format!("{table} {}", self.named(&group));
                ceiling = Ceiling { hottest, share, per_second, ..ceiling };
            }
        }
        ceiling
    }

    /// The partition key as it is shown.
    fn named(&self, key: &str) -> String {
        without_ids(&self.names.iter().fold(key.to_owned(), |key, (id, name)| key.replace(id, name)))
    }

    /// What one of the persons called, in the form in which it can be made for others. Pages of lists are left out,
    /// because they read of all persons.
    fn recordings(&self) -> Vec<Call> {
        let (mut keys, mut items) = (BTreeMap::new(), BTreeMap::new());
        let single = self.calls.iter().filter(|(call, _)| !call.starts_with("list-"));
        let recorded = |(name, calls): &(String, Calls)| {
            let shared = shared(calls);
            let mut touch = |key: &ItemKey, halves: Halves| {
                let partition = (key.table.clone(), key.partition.clone());
                let (owner, partition) = match list_of(&key.partition) {
                    Some(list) => (Owner::List, self.named(&list)),
                    None if shared.contains(&partition) => (Owner::Tenant, self.named(&key.partition)),
                    None => (Owner::Person, format!("{{person {}}}", numbered(&mut keys, partition))),
                };
                let item = numbered(&mut items, key.clone());
                Touch {
                    table: key.table.clone(),
                    partition,
                    owner,
                    item,
                    read_halves: halves.read,
                    write_halves: halves.write,
                }
            };
            let steps = calls[PERSONS / 2].iter().map(|call| Step {
                transaction: call.operation == "TransactWriteItems",
                writes: call.writes(),
                touches: call.touched.iter().map(|touched| touch(&touched.key, touched.halves)).collect(),
            });
            Call { name: name.clone(), steps: steps.collect() }
        };
        single.map(recorded).collect()
    }
}

/// The partition keys that the calls of several persons use.
fn shared(calls: &Calls) -> BTreeSet<(String, String)> {
    let keys = calls.iter().flat_map(|made| {
        let keys = made.iter().flat_map(|call| &call.touched);
        keys.map(|touched| (touched.key.table.clone(), touched.key.partition.clone())).collect::<BTreeSet<_>>()
    });
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_insert(0) += 1);
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(key, _)| key).collect()
}

/// The number of a key, by when it first occurred.
fn numbered<K: Ord>(numbers: &mut BTreeMap<K, u64>, key: K) -> u64 {
    let next = u64::try_from(numbers.len()).expect("few");
    *numbers.entry(key).or_insert(next)
}

/// What the shards of a list of the tenant have in common, if the partition is one of them.
fn list_of(partition: &str) -> Option<String> {
    match partition.rsplitn(3, '#').collect::<Vec<_>>()[..] {
        [_, epoch, list] if list.contains("#list#") && epoch != "0" => Some(format!("{list}#{{epoch}}#{{shard}}")),
        _ => None,
    }
}

/// What reached a partition key.
#[derive(Default)]
struct Load {
    calls: BTreeSet<usize>,
    halves: Halves,
}

/// The loads of the partition keys, by their table and what the shards of one list have in common.
fn groups(calls: &Calls) -> BTreeMap<(String, String), BTreeMap<String, Load>> {
    let mut groups = BTreeMap::<_, BTreeMap<String, Load>>::new();
    let touched = calls.iter().enumerate();
    for (call, touched) in touched.flat_map(|(call, made)| {
        made.iter().flat_map(move |one| one.touched.iter().map(move |touched| (call, touched)))
    }) {
        let partition = &touched.key.partition;
        let group = list_of(partition).unwrap_or_else(|| partition.clone());
        let keys = groups.entry((touched.key.table.clone(), group)).or_default();
        let load = keys.entry(partition.clone()).or_default();
        load.calls.insert(call);
        load.halves.add(touched.halves);
    }
    groups
}

/// The key with the kinds of records and grants in place of their ids, which differ in each run.
fn without_ids(key: &str) -> String {
    let segments = key.split('#').map(|segment| match segment.split_once('_') {
        Some(("grnt", _)) => "{grant}",
        Some(("cr", _)) => "{record}",
        _ => segment,
    });
    segments.collect::<Vec<_>>().join("#")
}

/// How much of the limits of a partition key these are.
fn taken(halves: Halves) -> f64 {
    (number(halves.write) / WRITES).max(number(halves.read) / READS)
}

/// Spreads all lists of the tenant over [`SHARDS`] shards, as an operator did some time ago.
async fn spread(system: &LoneSystem, clock: &Clock, random: &Random) {
    let hour_ago = Timestamp::from_milliseconds(clock.now().milliseconds() - 3_600_000).expect("a time");
    let context = RequestContext::new(&Clock::new(move || hour_ago), random);
    for (list, table) in TENANT_LISTS {
        let shards = Shards::new(SHARDS).expect("a power of two");
        let changed = system.database.change_shards(table, system.tenant, list, shards, &context).await;
        changed.expect("a change").expect("a valid number");
    }
}

/// The same bytes in each run with this seed.
pub fn seeded_random(seed: u64) -> Random {
    let drawn = AtomicU64::new(seed);
    Random::new(move |bytes| {
        for chunk in bytes.chunks_mut(8) {
            let number = drawn.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&scrambled(number).to_le_bytes()[..chunk.len()]);
        }
    })
}

fn number(number: impl TryInto<u32>) -> f64 {
    f64::from(number.try_into().ok().expect("few"))
}

fn person(person: usize) -> String {
    format!("person-{person}")
}

fn get(path: impl Into<String>) -> Request {
    Request::new(Method::GET, path)
}

fn post(path: impl Into<String>, body: &Value) -> Request {
    Request::new(Method::POST, path).json(body)
}

fn patch(path: impl Into<String>, body: &Value) -> Request {
    Request::new(Method::PATCH, path).json(body)
}

/// Calls the endpoints in a tenant of its own, and returns their ceilings.
///
/// # Panics
/// If what was computed of a call of the database is not what the database counted.
pub async fn of_endpoints() -> Vec<Ceiling> {
    let mut campaign = Campaign::start().await;
    campaign.all().await;
    campaign.ceilings()
}

/// Calls the endpoints in a tenant of its own, and returns the calls of one of the persons.
pub async fn recordings() -> Vec<Call> {
    let mut campaign = Campaign::start().await;
    campaign.all().await;
    campaign.recordings()
}

//! The replay of a scenario's calls.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use assent_shared::store::{THROTTLED_TRIES, THROTTLED_WAIT, wait_after_conflict};

use crate::bucket::{Amount, BURST, Bucket, PARTITION};
use crate::calls::{Call, Owner, Step};
use crate::random::{Random, mixed};
use crate::scenario::{Scenario, shards_of_runbook};

/// Microseconds.
type Time = u64;

const MILLISECOND: Time = 1_000;
/// What a function itself takes for a call.
const OWN: Time = 2 * MILLISECOND;
/// What the database takes for a read, a single write, and a refusal.
const ANSWER: Time = 5 * MILLISECOND;
/// What it takes for a transaction, unless it holds its items for longer.
const TRANSACTION: Time = 10 * MILLISECOND;
/// The longest time until a call is sent a second time.
const DOUBLED: u64 = 100 * MILLISECOND;
/// For how many seconds a run at most waits for the first throttled call.
const PATIENCE: f64 = 900.0;
/// The partitions of a new table, which takes 4,000 writes and 12,000 reads a second.
const NEW: u32 = 4;
/// How many times as much as is asked for a table is prepared for.
const PREPARED: f64 = 2.0;

// Dollars, as in docs/deploy.md.
const READ_UNIT: f64 = 0.125e-6;
const WRITE_UNIT: f64 = 0.625e-6;
const GATEWAY: f64 = 3.5e-6;
const INVOCATION: f64 = 0.2e-6;
const FUNCTION_MILLISECOND: f64 = 0.0033e-6;
/// A kilobyte of log lines.
const LOGS: f64 = 0.5e-6;

/// Where the keys of a table are: the two bounds of what `DynamoDB` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// They are spread by their hashes over the partitions that the table has at first, and stay there.
    NoSplit,
    /// Each key has a partition of its own, and only the table limits all of them together.
    IdealSplit,
}

/// How a scenario is replayed.
#[derive(Clone, Debug)]
pub struct Run {
    /// Over how many shards the lists are spread; `None` if it is as many as the runbook says for each tenant.
    pub shards: Option<u16>,
    /// Where the keys are.
    pub place: Place,
    /// Whether tables were prepared for twice of what is asked of them, as the runbook says, or are new.
    pub prepared: bool,
    /// Whether partitions have saved 300 seconds of their limits, or nothing beyond a second.
    pub burst: bool,
    /// For how many milliseconds a transaction holds its items.
    pub lock: u32,
    /// Whether it ends when something is throttled, or after a quarter of an hour; else it lasts as long as the
    /// scenario.
    pub until_throttled: bool,
    /// Other arrivals, and for [`Place::NoSplit`] other places of the keys.
    pub seed: u64,
}

impl Run {
    /// As the runbook says, with each key alone on its partition.
    pub const USUAL: Self = Self {
        shards: None,
        place: Place::IdealSplit,
        prepared: true,
        burst: false,
        lock: 10,
        until_throttled: false,
        seed: 1,
    };
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The persons who came.
    pub persons: u64,
    /// The calls of the API, without those of the authorizer.
    pub calls: u64,
    /// The calls that ended with a 503 because the database throttled them, and because of conflicts.
    pub refused: (u64, u64),
    /// The tries of calls of the database, and how many were throttled.
    pub tries: (u64, u64),
    /// The tries of writes, and how many conflicted with a transaction.
    pub writes: (u64, u64),
    /// When something was throttled first, in seconds, and where.
    pub first_throttled: Option<(f64, String)>,
    /// What was asked of a partition in its fullest second, as a part of its limit, and of which partition.
    pub fullest: (f64, String),
    /// The most instances at once, and the mean.
    pub instances: (u64, f64),
    /// The dollars of a million calls.
    pub dollars: f64,
    /// The shards of each list of the largest tenant.
    pub shards: u16,
    /// The partitions of each table.
    pub partitions: BTreeMap<String, u32>,
}

/// What is consumed of a partition key.
struct Load {
    table: usize,
    key: u64,
    name: usize,
    owner: Owner,
    amount: Amount,
}

/// A call of the database.
struct Prepared {
    transaction: bool,
    writes: bool,
    loads: Vec<Load>,
    /// The items, and whether each belongs to the tenant and not to a person.
    items: Vec<(u64, bool)>,
    dollars: f64,
}

/// A stage of the journey.
struct Prepare {
    of_authorizer: bool,
    after: Time,
    share: f64,
    steps: Vec<Prepared>,
}

/// A call that an instance is busy with, or that will be made.
#[derive(Clone, Copy)]
struct Active {
    stage: usize,
    person: u64,
    tenant: usize,
    step: usize,
    throttled: u32,
    conflicts: u32,
    doubled: bool,
    began: Time,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrival,
    Begin(usize),
    Step(usize),
}

/// The hashes are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| mixed(hash ^ u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

type Hashed<T> = HashMap<u64, T, BuildHasherDefault<Same>>;

/// The partitions.
struct Partitions {
    place: Place,
    seed: u64,
    kept: f64,
    names: Vec<String>,
    tables: Vec<String>,
    /// How many each table has.
    counts: Vec<u32>,
    /// Where those of each table begin.
    begins: Vec<usize>,
    buckets: Vec<Bucket>,
    labels: Vec<String>,
    /// Those of keys that have one of their own.
    own: Hashed<usize>,
}

struct Replay<'a> {
    scenario: &'a Scenario,
    run: &'a Run,
    stages: Vec<Prepare>,
    shards: Vec<u16>,
    partitions: Partitions,
    random: Random,
    /// Until when an item is held.
    held: Hashed<Time>,
    events: BinaryHeap<Reverse<(Time, u64, Event)>>,
    scheduled: u64,
    active: Vec<Active>,
    free: Vec<usize>,
    busy: u64,
    busy_time: Time,
    dollars: f64,
    outcome: Outcome,
}

/// Replays a scenario, in which these calls were recorded.
///
/// # Errors
/// If a call of the journey was not recorded.
pub fn replay(scenario: &Scenario, calls: &[Call], run: &Run) -> Result<Outcome, String> {
    let mut names = Names::default();
    let stages = scenario.journey.iter().map(|stage| {
        let call = calls.iter().find(|call| call.name == stage.call);
        let call = call.ok_or_else(|| format!("no call {} was recorded", stage.call))?;
        Ok(Prepare {
            of_authorizer: call.is_of_authorizer(),
            after: Time::from(stage.after) * MILLISECOND,
            share: stage.share,
            steps: call.steps.iter().map(|step| names.prepared(step)).collect(),
        })
    });
    let stages: Vec<Prepare> = stages.collect::<Result<_, String>>()?;
    let shards = scenario.persons_of_tenants().into_iter();
    let shards: Vec<u16> = shards.map(|persons| run.shards.unwrap_or_else(|| shards_of_runbook(persons))).collect();
    let partitions = Partitions::new(scenario, run, &stages, names);
    let outcome = Outcome {
        shards: shards.first().copied().unwrap_or(1),
        partitions: partitions.tables.iter().cloned().zip(partitions.counts.iter().copied()).collect(),
        ..Outcome::default()
    };
    let replay = Replay {
        scenario,
        run,
        stages,
        shards,
        partitions,
        random: Random::new(run.seed),
        held: Hashed::default(),
        events: BinaryHeap::new(),
        scheduled: 0,
        active: Vec::new(),
        free: Vec::new(),
        busy: 0,
        busy_time: 0,
        dollars: 0.0,
        outcome,
    };
    Ok(replay.all())
}

/// The tables and keys that occur.
#[derive(Default)]
struct Names {
    tables: Vec<String>,
    keys: Vec<String>,
}

impl Names {
    fn prepared(&mut self, step: &Step) -> Prepared {
        let mut loads: Vec<Load> = Vec::new();
        let mut amounts = Amount::default();
        for touch in &step.touches {
            let (table, name) = (position(&mut self.tables, &touch.table), position(&mut self.keys, &touch.partition));
            let amount = Amount { write: float(touch.write_halves), read: float(touch.read_halves) };
            amounts = sum(amounts, amount);
            match loads.iter_mut().find(|load| (load.table, load.name, load.owner) == (table, name, touch.owner)) {
                Some(load) => load.amount = sum(load.amount, amount),
                None => loads.push(Load {
                    table,
                    key: mixed(number_of(table) << 32 | number_of(name)),
                    name,
                    owner: touch.owner,
                    amount,
                }),
            }
        }
        Prepared {
            transaction: step.transaction,
            writes: step.writes,
            loads,
            items: step.touches.iter().map(|touch| (mixed(touch.item), touch.owner == Owner::Tenant)).collect(),
            dollars: amounts.write / 2.0 * WRITE_UNIT + amounts.read / 2.0 * READ_UNIT,
        }
    }
}

fn sum(one: Amount, other: Amount) -> Amount {
    Amount { write: one.write + other.write, read: one.read + other.read }
}

fn position(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

impl Partitions {
    fn new(scenario: &Scenario, run: &Run, stages: &[Prepare], names: Names) -> Self {
        let persons = scenario.persons_per_second() * (1.0 + scenario.doubled);
        let mut asked = vec![Amount::default(); names.tables.len()];
        for stage in stages {
            for load in stage.steps.iter().flat_map(|step| &step.loads) {
                let times = persons * stage.share;
                let more = Amount { write: load.amount.write * times, read: load.amount.read * times };
                asked[load.table] = sum(asked[load.table], more);
            }
        }
        let counts: Vec<u32> = asked
            .iter()
            .map(|asked| {
                let needed = (asked.write / PARTITION.write).max(asked.read / PARTITION.read);
                if run.prepared { up(needed * PREPARED).max(NEW) } else { NEW }
            })
            .collect();
        let kept = if run.burst { BURST } else { 1.0 };
        let (mut buckets, mut labels, mut begins) = (Vec::new(), Vec::new(), Vec::new());
        for (table, count) in names.tables.iter().zip(&counts) {
            begins.push(buckets.len());
            match run.place {
                Place::NoSplit => {
                    for number in 1..=*count {
                        buckets.push(Bucket::new(PARTITION, kept));
                        labels.push(format!("{table}, partition {number} of {count}"));
                    }
                }
                Place::IdealSplit => {
                    let times = f64::from(*count);
                    let limit = Amount { write: PARTITION.write * times, read: PARTITION.read * times };
                    buckets.push(Bucket::new(limit, kept));
                    labels.push(format!("{table}, as a whole"));
                }
            }
        }
        let own = Hashed::default();
        let (tables, names, place, seed) = (names.tables, names.keys, run.place, mixed(run.seed));
        Self { place, seed, kept, names, tables, counts, begins, buckets, labels, own }
    }

    /// The buckets from which a load takes.
    fn of(&mut self, load: &Load, active: &Active, shards: u16) -> [Option<usize>; 2] {
        let tenant = mixed(number_of(active.tenant));
        let (owner, shard) = match load.owner {
            Owner::Person => (active.person, 0),
            Owner::Tenant => (tenant, 0),
            Owner::List => (tenant, mixed(active.person ^ load.key) % u64::from(shards)),
        };
        let hash = mixed(mixed(load.key ^ owner ^ self.seed).wrapping_add(shard));
        let begin = self.begins[load.table];
        match self.place {
            Place::NoSplit => {
                let number = hash % u64::from(self.counts[load.table]);
                [Some(begin + index(number)), None]
            }
            // All calls of a person take less than a hundredth of what a partition takes in a second.
            Place::IdealSplit if load.owner == Owner::Person => [None, Some(begin)],
            Place::IdealSplit => {
                let next = self.buckets.len();
                let bucket = *self.own.entry(hash).or_insert(next);
                if bucket == next {
                    self.buckets.push(Bucket::new(PARTITION, self.kept));
                    let shard = if load.owner == Owner::List { format!(", shard {shard}") } else { String::new() };
                    let name = &self.names[load.name];
                    self.labels.push(format!(
                        "{} {name}{shard}, tenant {}",
                        self.tables[load.table],
                        active.tenant + 1
                    ));
                }
                [Some(bucket), Some(begin)]
            }
        }
    }
}

impl Replay<'_> {
    fn all(mut self) -> Outcome {
        let sizes = self.scenario.sizes();
        let rate = self.scenario.persons_per_second();
        let last = if self.run.until_throttled { PATIENCE } else { self.scenario.seconds };
        let mut arrival = self.random.gap(rate);
        let mut swept = 0;
        self.schedule(microseconds(arrival), Event::Arrival);
        let mut now = 0;
        while let Some(Reverse((time, _, event))) = self.events.pop() {
            now = time;
            if now / 1_000_000 > swept {
                swept = now / 1_000_000;
                self.held.retain(|_, until| *until > now);
            }
            match event {
                Event::Arrival => {
                    self.outcome.persons += 1;
                    let person = mixed(self.run.seed ^ self.outcome.persons << 20);
                    let tenant = sizes.draw(&mut self.random);
                    self.next(person, tenant, 0, now);
                    arrival += self.random.gap(rate);
                    if arrival < last {
                        self.schedule(microseconds(arrival), Event::Arrival);
                    }
                }
                Event::Begin(call) => self.begin(call, now),
                Event::Step(call) => self.step(call, now),
            }
            if self.run.until_throttled && self.outcome.first_throttled.is_some() {
                break;
            }
        }
        self.finished(seconds(now))
    }

    fn finished(mut self, end: f64) -> Outcome {
        let fullest = self.partitions.buckets.iter().zip(&self.partitions.labels);
        let fullest = fullest.max_by(|(one, _), (other, _)| one.fullest().total_cmp(&other.fullest()));
        self.outcome.fullest = fullest.map(|(bucket, label)| (bucket.fullest(), label.clone())).unwrap_or_default();
        self.outcome.instances.1 = seconds(self.busy_time) / end.min(self.scenario.seconds);
        self.outcome.dollars = self.dollars / float(self.outcome.calls.max(1)) * 1e6;
        self.outcome
    }

    fn schedule(&mut self, at: Time, event: Event) {
        // Of events at the same time, the one that was scheduled first comes first.
        self.scheduled += 1;
        self.events.push(Reverse((at, self.scheduled, event)));
    }

    /// Schedules the next call of a person, from this stage on.
    fn next(&mut self, person: u64, tenant: usize, from: usize, now: Time) {
        for stage in from..self.stages.len() {
            let share = self.stages[stage].share;
            if share >= 1.0 || self.random.fraction() < share {
                let at = now + self.stages[stage].after;
                self.place(Active {
                    stage,
                    person,
                    tenant,
                    step: 0,
                    throttled: 0,
                    conflicts: 0,
                    doubled: false,
                    began: at,
                });
                return;
            }
        }
    }

    fn place(&mut self, active: Active) {
        let call = self.free.pop().unwrap_or(self.active.len());
        if call == self.active.len() {
            self.active.push(active);
        } else {
            self.active[call] = active;
        }
        self.schedule(active.began, Event::Begin(call));
    }

    fn begin(&mut self, call: usize, now: Time) {
        let active = self.active[call];
        self.busy += 1;
        self.outcome.instances.0 = self.outcome.instances.0.max(self.busy);
        self.dollars += INVOCATION;
        if !self.stages[active.stage].of_authorizer {
            self.outcome.calls += 1;
            self.dollars += GATEWAY + LOGS;
            if !active.doubled && self.random.fraction() < self.scenario.doubled {
                let began = now + self.random.number() % DOUBLED;
                self.place(Active { doubled: true, began, ..active });
            }
        }
        self.schedule(now + OWN, Event::Step(call));
    }

    /// The instance has ended a call.
    fn end(&mut self, call: usize, now: Time, refused: bool) {
        let active = self.active[call];
        self.busy -= 1;
        self.busy_time += now - active.began;
        self.dollars += seconds(now - active.began) * 1e3 * FUNCTION_MILLISECOND;
        self.free.push(call);
        if !refused && !active.doubled {
            self.next(active.person, active.tenant, active.stage + 1, now);
        }
    }

    /// The next call of the database.
    fn step(&mut self, call: usize, now: Time) {
        let mut active = self.active[call];
        let stages = std::mem::take(&mut self.stages);
        let step = stages[active.stage].steps.get(active.step);
        let outcome = step.map(|step| self.attempt(step, &mut active, now));
        self.stages = stages;
        self.active[call] = active;
        match outcome {
            None => self.end(call, now, false),
            Some(Some(at)) => self.schedule(at, Event::Step(call)),
            Some(None) => self.end(call, now + ANSWER, true),
        }
    }

    /// Makes a call of the database, and returns when the next is made; `None` if the function gives up.
    fn attempt(&mut self, step: &Prepared, active: &mut Active, now: Time) -> Option<Time> {
        self.outcome.tries.0 += 1;
        if !self.admitted(step, active, seconds(now)) {
            self.outcome.tries.1 += 1;
            active.throttled += 1;
            if active.throttled >= THROTTLED_TRIES {
                self.outcome.refused.0 += 1;
                return None;
            }
            // As the SDK does it.
            let wait = THROTTLED_WAIT.as_secs_f64() * self.random.fraction();
            return Some(now + ANSWER + microseconds(wait));
        }
        // A call that conflicts is charged too.
        self.dollars += step.dollars;
        active.throttled = 0;
        if step.writes {
            self.outcome.writes.0 += 1;
            let tenant = mixed(number_of(active.tenant));
            let items =
                step.items.iter().map(|(item, shared)| mixed(item ^ if *shared { tenant } else { active.person }));
            let items: Vec<u64> = items.collect();
            if items.iter().any(|item| self.held.get(item).is_some_and(|until| *until > now)) {
                self.outcome.writes.1 += 1;
                active.conflicts += 1;
                let Some(wait) = wait_after_conflict(active.conflicts, self.random.byte()) else {
                    self.outcome.refused.1 += 1;
                    return None;
                };
                return Some(now + ANSWER + microseconds(wait.as_secs_f64()));
            }
            if step.transaction {
                let until = now + Time::from(self.run.lock) * MILLISECOND;
                self.held.extend(items.into_iter().map(|item| (item, until)));
            }
        }
        active.conflicts = 0;
        active.step += 1;
        let lock = Time::from(self.run.lock) * MILLISECOND;
        Some(now + if step.transaction { TRANSACTION.max(lock) } else { ANSWER })
    }

    /// Takes the units of a call from its partitions, or notes which one has too few.
    fn admitted(&mut self, step: &Prepared, active: &Active, now: f64) -> bool {
        let shards = self.shards[active.tenant];
        let is_first = active.throttled == 0 && active.conflicts == 0;
        let mut throttles = None;
        let mut found = Vec::with_capacity(step.loads.len());
        for load in &step.loads {
            for bucket in self.partitions.of(load, active, shards).into_iter().flatten() {
                let partition = &mut self.partitions.buckets[bucket];
                if is_first {
                    partition.ask(now, load.amount);
                }
                if !partition.has(now, load.amount) {
                    throttles = Some(bucket);
                }
                found.push((bucket, load.amount));
            }
        }
        if let Some(bucket) = throttles {
            let label = &self.partitions.labels[bucket];
            self.outcome.first_throttled.get_or_insert_with(|| (now, label.clone()));
            return false;
        }
        for (bucket, amount) in found {
            self.partitions.buckets[bucket].take(amount);
        }
        true
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2 to the power of 52")]
fn float(number: u64) -> f64 {
    number as f64
}

fn number_of(index: usize) -> u64 {
    u64::try_from(index).unwrap_or_default()
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

fn seconds(time: Time) -> f64 {
    float(time) / 1e6
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some minutes")]
fn microseconds(seconds: f64) -> Time {
    (seconds * 1e6).round() as Time
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
fn up(number: f64) -> u32 {
    number.ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Touch;

    /// A call with one write of a unit.
    fn call(owner: Owner, transaction: bool) -> Vec<Call> {
        let touch = Touch {
            table: "Table".to_owned(),
            partition: "key".to_owned(),
            owner,
            item: 1,
            read_halves: 0,
            write_halves: if transaction { 4 } else { 2 },
        };
        let step = Step { transaction, writes: true, touches: vec![touch] };
        vec![Call { name: "write".to_owned(), steps: vec![step] }]
    }

    fn scenario(persons_per_second: u32, doubled: f64) -> Scenario {
        Scenario {
            name: String::new(),
            about: String::new(),
            tenants: 1,
            zipf: 0.0,
            persons_per_day: f64::from(persons_per_second) * 3_600.0,
            fullest_hour: 1.0,
            peak: 1.0,
            seconds: 20.0,
            doubled,
            journey: vec![crate::scenario::Stage { call: "write".to_owned(), after: 0, share: 1.0 }],
        }
    }

    const RUN: Run = Run { shards: Some(1), ..Run::USUAL };

    fn replayed(persons_per_second: u32, owner: Owner, transaction: bool, run: &Run) -> Outcome {
        replay(&scenario(persons_per_second, 0.0), &call(owner, transaction), run).unwrap()
    }

    #[test]
    fn a_key_takes_1_000_writes_a_second_and_its_shards_as_many_each() {
        let calm = replayed(900, Owner::List, false, &RUN);
        assert_eq!((calm.first_throttled, calm.refused), (None, (0, 0)));

        let busy = replayed(2_000, Owner::List, false, &RUN);
        let (at, key) = busy.first_throttled.unwrap();
        assert!((0.2..2.0).contains(&at) && key.contains("key, shard 0"), "{at} {key}");
        // A thousand a second are taken, and two tries are made of each of the others.
        let written = float(busy.calls - busy.refused.0);
        assert!((19_000.0..22_500.0).contains(&written), "{written}");
        assert!((1.8..2.2).contains(&busy.fullest.0), "{:?}", busy.fullest);

        let spread = replayed(2_000, Owner::List, false, &Run { shards: Some(4), ..RUN });
        assert_eq!(spread.first_throttled, None);
        let own = replayed(2_000, Owner::Person, false, &RUN);
        assert_eq!(own.first_throttled, None);
    }

    #[test]
    fn what_was_saved_for_a_burst_ends() {
        let run = Run { burst: true, until_throttled: true, ..RUN };
        let long = scenario(31_000, 0.0);
        let outcome = replay(&long, &call(Owner::Tenant, false), &run).unwrap();
        // 300,000 units, of which 30,000 more are asked for in a second than come back.
        let (at, _) = outcome.first_throttled.unwrap();
        assert!((9.5..10.5).contains(&at), "{at}");
    }

    #[test]
    fn a_new_table_takes_4_000_writes_a_second() {
        for place in [Place::NoSplit, Place::IdealSplit] {
            let run = Run { prepared: false, place, ..RUN };
            assert_eq!(replayed(2_500, Owner::Person, false, &run).first_throttled, None, "{place:?}");
            assert!(replayed(5_000, Owner::Person, false, &run).refused.0 > 0, "{place:?}");
            let prepared = Run { place, ..RUN };
            assert_eq!(replayed(5_000, Owner::Person, false, &prepared).first_throttled, None, "{place:?}");
        }
    }

    #[test]
    fn transactions_on_one_item_conflict_and_wait_and_some_give_up() {
        let conflicts = |persons, lock| replayed(persons, Owner::Tenant, true, &Run { lock, ..RUN });
        // 0.2 of the time the item is held.
        let few = conflicts(20, 10);
        assert!((0.1..0.3).contains(&(float(few.writes.1) / float(few.writes.0))), "{few:?}");
        assert_eq!(few.refused, (0, 0));
        // More come than it can take, and what they all try is charged, until their partition throttles too.
        let many = conflicts(100, 30);
        assert!(many.refused.1 > 0 && many.refused.0 > 0, "{many:?}");
        assert!(many.instances.0 > few.instances.0 * 4, "{many:?}");
        // Single writes of one item do not conflict with each other.
        assert_eq!(replayed(100, Owner::Tenant, false, &RUN).writes.1, 0);
        // Nor do those of different persons, but one double click of ten does: within 10 of 100 ms.
        assert_eq!(replayed(100, Owner::Person, true, &RUN).writes.1, 0);
        let doubled = replay(&scenario(100, 1.0), &call(Owner::Person, true), &RUN).unwrap();
        assert!((0.04..0.06).contains(&(float(doubled.writes.1) / float(doubled.writes.0))), "{doubled:?}");
    }

    #[test]
    fn an_instance_is_busy_for_the_time_of_its_call_and_costs_it() {
        let outcome = replayed(1_000, Owner::Person, true, &RUN);
        // 2 ms and 10 ms.
        assert!((11.5..12.5).contains(&outcome.instances.1), "{outcome:?}");
        // The gateway, the call, its time, the log and two write units.
        let dollars = 3.5 + 0.2 + 12.0 * 0.0033 + 0.5 + 2.0 * 0.625;
        assert!((outcome.dollars - dollars).abs() < 0.01, "{} {dollars}", outcome.dollars);
    }

    #[test]
    fn a_seed_gives_the_same_outcome() {
        let outcome = |seed| replayed(2_000, Owner::List, true, &Run { seed, ..RUN });
        assert_eq!(outcome(1), outcome(1));
        assert_ne!(outcome(1), outcome(2));
    }

    #[test]
    fn a_call_that_was_not_recorded_is_an_error() {
        assert!(replay(&scenario(1, 0.0), &[], &RUN).is_err());
    }
}

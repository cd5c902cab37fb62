//! A stream that behaves worse than AWS's ever does, for tests.

use std::collections::BTreeMap;

use serde_json::Value;

/// Passes records on in another order, some of them twice or late, and others not at all.
#[derive(Debug, Clone)]
pub struct Unreliable {
    /// The state of the generator.
    state: u64,
    /// The records for each worker that come once more, with its next ones.
    late: BTreeMap<String, Vec<Value>>,
}

impl Unreliable {
    /// What happens to the records depends on the seed and on their order.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, late: BTreeMap::new() }
    }

    /// The records that get through to a worker.
    pub fn pass(&mut self, worker: &str, records: Vec<Value>) -> Vec<Value> {
        let mut passed = self.late.remove(worker).unwrap_or_default();
        let mut late = Vec::new();
        for record in records {
            match self.below(8) {
                0 => continue,
                1 => passed.push(record.clone()),
                2 => late.push(record.clone()),
                3 => {
                    late.push(record);
                    continue;
                }
                _ => {}
            }
            passed.push(record);
        }
        self.late.insert(worker.to_owned(), late);
        for end in (1..passed.len()).rev() {
            let other = self.below(end + 1);
            passed.swap(end, other);
        }
        passed
    }

    /// A number below `limit`, by the generator `SplitMix64`.
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        usize::try_from((mixed ^ (mixed >> 31)) % limit).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_lost_doubled_late_and_in_another_order() {
        let records: Vec<Value> = (0..1000).map(Value::from).collect();
        let run = |seed| {
            let mut unreliable = Unreliable::new(seed);
            let passed = unreliable.pass("deliver", records.clone());
            assert!(unreliable.pass("relay", Vec::new()).is_empty());
            (passed, unreliable.pass("deliver", Vec::new()))
        };
        let (passed, late) = run(7);
        assert_eq!(run(7), (passed.clone(), late.clone()));
        assert_ne!(run(8), (passed.clone(), late.clone()));
        assert_ne!(passed.iter().map(Value::as_u64).max(), passed.last().map(Value::as_u64));
        let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
        for record in passed.iter().chain(&late).filter_map(Value::as_u64) {
            *counts.entry(record).or_default() += 1;
        }
        let with_count = |wanted| (0..1000).filter(|record| counts.get(record).copied().unwrap_or(0) == wanted).count();
        let (lost, once, twice) = (with_count(0), with_count(1), with_count(2));
        assert!(lost > 50 && once > 400 && twice > 100, "{lost} {once} {twice}");
        assert_eq!(lost + once + twice, 1000);
        let only_late = late.iter().filter(|record| !passed.contains(record)).count();
        assert!(only_late > 50, "{only_late}");
    }
}

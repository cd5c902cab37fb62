//! Scenarios: who calls what, and how often.

use serde::Deserialize;

use crate::random::Zipf;

/// A scenario, as its file says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// Its name, from which the names of plots are made.
    pub name: String,
    /// What it stands for.
    pub about: String,
    /// The number of tenants.
    pub tenants: u32,
    /// The exponent by which they differ in size; 0 if they do not.
    pub zipf: f64,
    /// How many persons come in a day.
    pub persons_per_day: f64,
    /// The part of them that comes in the fullest hour.
    pub fullest_hour: f64,
    /// How many times as many come in the simulated part of this hour as in the hour in general.
    pub peak: f64,
    /// The simulated seconds.
    pub seconds: f64,
    /// The part of the calls that are sent a second time, less than 100 ms later, as by a double click.
    pub doubled: f64,
    /// What each person calls, one after the other.
    pub journey: Vec<Stage>,
}

/// A call of a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stage {
    /// The recorded call.
    pub call: String,
    /// The milliseconds from the end of the call before.
    #[serde(default)]
    pub after: u32,
    /// The part of the persons who make it.
    #[serde(default = "all")]
    pub share: f64,
}

fn all() -> f64 {
    1.0
}

impl Scenario {
    /// Reads a scenario's file.
    pub fn of(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// How many persons come in a second.
    pub fn persons_per_second(&self) -> f64 {
        self.persons_per_day * self.fullest_hour / 3_600.0 * self.peak
    }

    /// How many persons of each tenant come in a second.
    pub fn persons_of_tenants(&self) -> Vec<f64> {
        let all = self.persons_per_second();
        self.sizes().shares().map(|share| share * all).collect()
    }

    pub(crate) fn sizes(&self) -> Zipf {
        Zipf::new(self.tenants, self.zipf)
    }
}

/// Up to how many creations in a second a list needs so many shards, as docs/deploy.md says.
const RUNBOOK: [(f64, u16); 5] = [(60.0, 1), (250.0, 4), (1_000.0, 16), (4_000.0, 64), (16_000.0, 256)];

/// Over how many shards a list is to be spread, if at most so many of its entries are created in a second. No list has
/// more than 256.
pub fn shards_of_runbook(creations_per_second: f64) -> u16 {
    RUNBOOK.into_iter().find(|(most, _)| creations_per_second <= *most).map_or(256, |(_, shards)| shards)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shards_are_those_of_the_runbook() {
        let runbook = include_str!("../../docs/deploy.md");
        let table = runbook.lines().skip_while(|line| !line.starts_with("| the most creations a second")).skip(2);
        let mut rows = Vec::new();
        for row in table.take_while(|line| line.starts_with('|')) {
            let cells: Vec<u32> =
                row.split('|').filter_map(|cell| cell.trim().replace(',', "").parse().ok()).take(2).collect();
            let [creations, shards] = cells[..] else { panic!("{row}") };
            rows.push((f64::from(creations), u16::try_from(shards).unwrap()));
        }
        assert_eq!(rows, RUNBOOK);
        assert_eq!([0.0, 60.0, 60.5, 16_000.0, 1e6].map(shards_of_runbook), [1, 1, 4, 256, 256]);
    }

    #[test]
    fn a_peak_is_a_part_of_a_day() {
        let scenario = Scenario::of(
            r#"{"name": "x", "about": "x", "tenants": 2, "zipf": 1, "personsPerDay": 7200000, "fullestHour": 0.1,
                "peak": 1.5, "seconds": 1, "doubled": 0, "journey": [{"call": "jwks"}]}"#,
        );
        let rates = scenario.unwrap().persons_of_tenants();
        assert!((rates[0] - 200.0).abs() < 1e-6 && (rates[1] - 100.0).abs() < 1e-6, "{rates:?}");
    }
}

//! The replay of recorded calls finds where a partition throttles, and none does with the number of shards that
//! docs/deploy.md says. docs/performance.md has the results of whole scenarios.

use assent_simulation::{Outcome, Place, Run, Scenario, replay};
use assent_tests::ceilings::recordings;
use assent_tests::system::System;

crate::trials![one_shard_throttles_and_those_of_the_runbook_do_not];

const SCENARIO: &str = r#"{
    "name": "small", "about": "1,000 persons a second", "tenants": 1, "zipf": 0,
    "personsPerDay": 36000000, "fullestHour": 0.1, "peak": 1, "seconds": 5, "doubled": 0.02,
    "journey": [
        { "call": "create-grant" },
        { "call": "create-consent-record" },
        { "call": "create-consent-events" },
        { "call": "withdraw-consent-record", "share": 0.5 }
    ]
}"#;

async fn one_shard_throttles_and_those_of_the_runbook_do_not(_: &'static System) {
    let (calls, scenario) = (recordings().await, Scenario::of(SCENARIO).expect("a scenario"));
    let replay = |scenario: &Scenario, run: Run| -> Outcome { replay(scenario, &calls, &run).expect("recorded calls") };
    let replayed = |place, shards, prepared| replay(&scenario, Run { shards, place, prepared, ..Run::USUAL });
    for place in [Place::IdealSplit, Place::NoSplit] {
        let one = replayed(place, Some(1), true);
        let (_, key) = one.first_throttled.as_ref().expect("a throttled partition");
        assert!(place == Place::NoSplit || key.contains("{tenant}#list#feed#{epoch}#{shard}"), "{key}");
        assert!(one.refused.0 * 3 > one.persons, "{one:?}");

        let more = replayed(place, None, true);
        assert_eq!((&more.first_throttled, more.refused, more.shards), (&None, (0, 0), 16), "{place:?}");
        assert!(more.persons > 4_500 && more.calls > 2 * more.persons, "{more:?}");
    }
    // Nobody's writes conflict with those of others, however long transactions take.
    let apart = Scenario { doubled: 0.0, ..scenario.clone() };
    let outcome = replay(&apart, Run { lock: 1_000, ..Run::USUAL });
    assert!(outcome.writes.0 > 4_500 && outcome.writes.1 == 0, "{outcome:?}");
    // Tables that were not prepared for it.
    assert!(replayed(Place::NoSplit, None, false).tries.1 > 0);
}

//! How many calls of each endpoint one partition key of the database takes in a second. docs/performance.md shows the
//! table.

use assent_tests::ceilings::{EXPECTED, of_endpoints};
use assent_tests::system::System;

crate::trials![every_ceiling_is_as_expected];

const DOCUMENT: &str = include_str!("../../docs/performance.md");

async fn every_ceiling_is_as_expected(_: &'static System) {
    let found = of_endpoints().await;
    let line = |call: &str, key: &str, share: f64, ceiling: f64| {
        let ceiling = if ceiling.is_finite() { format!("{ceiling:?}") } else { "f64::INFINITY".to_owned() };
        format!("    ({call:?}, {key:?}, {share:?}, {ceiling}),\n")
    };
    let found: String =
        found.iter().map(|found| line(&found.call, &found.hottest, found.share, found.per_second)).collect();
    let expected: String =
        EXPECTED.iter().map(|(call, key, share, ceiling)| line(call, key, *share, *ceiling)).collect();
    assert!(found == expected, "tests/support/ceilings.rs must say:\n{found}\nand says:\n{expected}");
    let rows: String = EXPECTED.iter().map(row).collect();
    assert!(DOCUMENT.contains(&rows), "docs/performance.md must say:\n{rows}");
}

fn row((call, key, share, ceiling): &(&str, &str, f64, f64)) -> String {
    if key.is_empty() {
        return format!("| {call} | none is shared | | |\n");
    }
    format!("| {call} | `{key}` | {:.1} % | {ceiling} |\n", share * 100.0)
}

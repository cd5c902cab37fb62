//! How often purposes were given, denied and withdrawn, by day.

use super::Visit;
use crate::{
    api::{Error, Response},
    domain::Timestamp,
    portal::date,
    store::{CountsOfPurpose, Database, DecisionCount, DecisionCounts},
};
use assent_pages::console::{self as pages, Chart, Charts, Day};

/// The days of a chart, today's included.
const DAYS: i64 = 30;
/// How many charts the page shows.
const SHOWN: usize = 20;
/// The milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Shows decisions over time.
pub struct ConsoleCharts {
    counts: DecisionCounts,
}

impl ConsoleCharts {
    /// With the table that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { counts: DecisionCounts::new(database) }
    }

    /// The page of the last days.
    pub async fn page(&self, visit: &Visit<'_>) -> Result<Response, Error> {
        let now = visit.request.context().now;
        let ago = |days: i64| Timestamp::from_milliseconds(now.milliseconds() - days * DAY).unwrap_or(now);
        let days: Vec<Timestamp> = (0..DAYS).rev().map(ago).collect();
        let mut counts = self.counts.of_days(visit.request.tenant(), &ago(DAYS - 1).day(), &now.day()).await?;
        let total = |(_, days): &CountsOfPurpose| -> u64 {
            days.values().map(|count| count.given + count.denied + count.withdrawn).sum()
        };
        // Those beyond the limit of names come last.
        counts.sort_by_key(|counted| (counted.0.is_none(), std::cmp::Reverse(total(counted))));
        let charts = counts.iter().take(SHOWN).map(|(purpose, counted)| {
            let day = |day: &Timestamp| {
                let DecisionCount { given, denied, withdrawn } = counted.get(&day.day()).copied().unwrap_or_default();
                Day { date: date(*day), given, denied, withdrawn }
            };
            Chart { purpose: purpose.as_deref(), days: days.iter().map(day).collect() }
        });
        let view = Charts { charts: charts.collect(), days: days.len(), shortened: counts.len() > SHOWN };
        Ok(Response::page(200, &pages::charts(&visit.frame(), &view)))
    }
}

//! Calls that are made again, and what was measured, told: as a table, as JSON and as plots.

pub mod calls;
pub mod plot;
pub mod report;

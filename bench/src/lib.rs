//! What was measured, told: as a table, as JSON and as plots.

pub mod plot;
pub mod report;

//! Reports the measurements: as a table, as JSON and as plots.

pub mod plot;
pub mod report;

//! Recorded calls, and the report of the measurements: as a table, as JSON and as plots.

pub mod calls;
pub mod plot;
pub mod report;

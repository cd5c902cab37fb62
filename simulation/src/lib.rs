//! Replays calls that were recorded of the endpoints for many persons, against what `DynamoDB` documents of its
//! partitions: how much one takes in a second, what it saves for a burst, and that a transaction fails while another
//! one holds an item. Time advances from event to event, and randomness is seeded, so a run always has the same result.
//!
//! docs/performance.md has the results, and says what the simulation does not know.
#![expect(clippy::indexing_slicing, reason = "part of a measurement: a panic ends it with its message")]

mod bucket;
mod calls;
mod random;
mod replay;
mod scenario;

pub use calls::{Call, Owner, Step, Touch};
pub use replay::{Outcome, Place, Run, replay};
pub use scenario::{Scenario, Stage, shards_of_runbook};

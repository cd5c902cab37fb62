//! The ids of traces, by which the lines of one call are found in the logs of all functions.

use assent_shared::domain::{Random, Timestamp};

/// A new id, as API Gateway and Lambda make it
/// (<https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>).
pub(crate) fn trace_id(now: Timestamp, random: &Random) -> String {
    format!("Root=1-{:08x}-{:024x}", now.seconds(), u128::from_be_bytes(random.bytes()) >> 32)
}

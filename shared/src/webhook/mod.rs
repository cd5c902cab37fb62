//! One webhook to one recipient, as Standard Webhooks 1.0.0 has it: how it is signed, when it is tried again, and the
//! HTTP client that sends it to the public internet and nowhere else.
//!
//! It knows no store and no tenant.

mod client;
mod network;
mod schedule;
mod signature;

pub use client::{Reply, SendError, WebhookClient};
pub use schedule::{RetryAfter, next_attempt};
pub use signature::signed_headers;

#[cfg(test)]
mod tests;

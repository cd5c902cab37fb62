//! The pages, as a browser gets them.

#![forbid(unsafe_code)]
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests: a panic is how they fail"
)]

mod catalogues;
mod console;
mod documents;
mod examples;
mod hostile;
mod locales;
mod policy;
mod size;
mod snapshots;

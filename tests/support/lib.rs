//! The support code of the end-to-end tests: the system under test, a client that checks the rules of every response,
//! and a proxy before the database that causes races and faults.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "this is part of tests: a panic is how they fail"
)]

pub mod alarms;
pub mod capacity;
pub mod cargo_lambda;
pub mod ceilings;
pub mod client;
pub mod contents;
pub mod costs;
pub mod fault_proxy;
pub mod fixtures;
mod guarded;
pub mod jose;
pub mod like;
pub mod lone_database;
pub mod lone_function;
pub mod lone_system;
pub mod moto;
pub mod moved_clock;
pub mod operations;
pub mod pages;
pub mod portal;
pub mod race;
pub mod receipts;
pub mod receiver;
pub mod recorder;
pub mod server;
pub mod stored_items;
pub mod strictness;
pub mod system;
pub mod telling;
pub mod tls;
pub mod trail;
pub mod verifier;
pub mod writes;

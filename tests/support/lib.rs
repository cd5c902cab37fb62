//! What the end-to-end tests stand on: the system they run against, a client that checks what is
//! common to every answer, and a proxy before the database that makes races and faults happen.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "this is part of tests: a panic is how they fail"
)]

pub mod cargo_lambda;
pub mod client;
pub mod contents;
pub mod costs;
pub mod fault_proxy;
pub mod fixtures;
pub mod jose;
pub mod like;
pub mod lone_database;
pub mod lone_function;
pub mod operations;
pub mod pages;
pub mod race;
pub mod strictness;
pub mod system;
pub mod tls;
pub mod trail;
pub mod verifier;
pub mod writes;

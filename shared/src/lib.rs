//! What every function of Assent links.
//!
//! Dependencies point one way: [`api`] (the edge) uses [`store`] (`DynamoDB`),
//! which uses [`domain`] (what a consent is). The domain knows no HTTP, no
//! AWS and no I/O.

#![forbid(unsafe_code)]

pub mod api;
pub mod domain;
pub mod environment;
pub mod service;
pub mod store;

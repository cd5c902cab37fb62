//! The code that all functions of Assent share.
//!
//! Dependencies point one way: [`api`] (the edge) uses [`store`] (`DynamoDB`),
//! which uses [`domain`] (the types and rules of consent). [`service`] joins
//! several tables in one operation. [`webhook`] sends one message to one
//! recipient. The domain knows no HTTP, no AWS and no I/O.

#![forbid(unsafe_code)]

pub mod api;
pub mod console;
pub mod domain;
pub mod environment;
pub mod log;
pub mod portal;
pub mod service;
pub mod store;
pub mod webhook;

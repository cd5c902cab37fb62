//! Assent on one machine: an embedded DynamoDB, the Lambda functions, and a gateway that behaves like API Gateway.
//!
//! Everything is read from `template.yaml` and its stacks: the tables, the routes with their functions and authorizers, and the
//! gateway's own responses. Nothing exists here that the template does not declare. `dev` is for whoever develops or tries
//! Assent, `serve` for an organisation that one machine serves.

pub mod backup;
pub mod copy;
pub mod database;
pub mod dev;
pub mod functions;
pub mod gateway;
pub mod hosted;
pub mod keys;
pub mod logging;
pub mod process;
pub mod repair;
pub mod roll_back;
pub mod serve;
pub mod shards;
pub mod signing_keys;
pub mod template;
pub mod triggers;
pub mod usage_plans;

mod client;
mod data;
mod demo;
mod error;
mod private_file;
mod secrets;
mod server;
mod shop;
mod stack;
mod trace;

pub use error::Error;

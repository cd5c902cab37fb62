//! Assent on one machine: an embedded DynamoDB, the Lambda functions and API Gateway's part of the work.
//!
//! Everything is read from `template.yaml`: the tables, the routes, which function and which authorizer serve each
//! of them, and the answers the gateway makes by itself. What the template lacks does not exist here.

pub mod database;
pub mod dev;
pub mod functions;
pub mod gateway;
pub mod keys;
pub mod process;
pub mod signing_keys;
pub mod template;
pub mod usage_plans;

mod client;
mod data;
mod demo;
mod error;
mod server;
mod stack;

pub use error::Error;

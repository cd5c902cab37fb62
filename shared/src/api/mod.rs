//! The edge: how a request becomes a typed call, and how what comes of it
//! becomes an answer. Everything two endpoints need alike is here.

mod answer;
mod authentication;
mod call;
mod consent_catalog;
mod endpoint;
mod error;
mod event;
mod fields;
mod shown;

pub use answer::Answer;
pub use authentication::{Authorization, authorize};
pub use call::Call;
pub use consent_catalog::{placement, version_text};
pub use endpoint::{Endpoint, Method, RuntimeError, serve, serve_everyone, start_logging};
pub use error::Error;
pub use event::Event;
pub use fields::{Faulted, Fields, Parsed};
pub use shown::{ShownGrant, ShownVersion};

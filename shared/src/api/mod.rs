//! The edge: how a request becomes a typed call, and how what comes of it
//! becomes an answer. Everything two endpoints need alike is here.

mod answer;
mod authentication;
mod call;
mod consent_catalog;
mod cors;
mod cursor;
mod endpoint;
mod error;
mod etag;
mod event;
mod fields;
mod idempotency;
mod list;
pub mod operation;
pub mod operations;
mod query;
mod shown;
mod shown_trail;
mod site_tokens;

pub use answer::Answer;
pub use authentication::{AuthenticationError, Authenticator, Authorization};
pub use call::Call;
pub use consent_catalog::{placement, version_text};
pub use cors::serve_preflight;
pub use cursor::Cursors;
pub use endpoint::{Endpoint, Method, RuntimeError, serve, serve_everyone, serve_finished, start_logging};
pub use error::Error;
pub use event::Event;
pub use fields::{Faulted, Fields, Parsed};
pub use list::List;
pub use shown::{
    ShownConsentType, ShownErasure, ShownEvent, ShownEvents, ShownExport, ShownGrant, ShownProject, ShownRecord,
    ShownVersion,
};
pub use shown_trail::ShownTrail;
pub use site_tokens::{SiteToken, SiteTokens};

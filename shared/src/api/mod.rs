//! The HTTP layer: it turns a request into typed values, and a result or an
//! error into a response. Code that several endpoints share is here.

mod accept;
mod authentication;
mod consent_catalog;
mod consent_notices;
mod cors;
mod cursor;
mod endpoint;
mod error;
mod etag;
mod fields;
mod forms;
mod http_request;
mod idempotency;
mod list;
mod operation;
pub mod operations;
mod projects;
mod query;
mod receipts;
mod recipients;
mod request;
mod response;
pub mod responses;
mod site_tokens;
mod worker;

pub use authentication::{AuthenticationError, Authenticator, Authorization, Visitor, is_of_page};
pub use consent_catalog::{placement, version_text};
pub use consent_notices::{edition, notice_text};
pub use cors::{SITE_PREFLIGHT, Sites, preflight};
pub use cursor::Cursors;
pub use endpoint::{
    AsyncHandler, Endpoint, ErrorPage, Failure, RuntimeError, block_on, rest_response, run, start_logging,
};
pub use error::Error;
pub use fields::{Fields, Validated, ValidationError};
pub use forms::Form;
pub use http_request::{Event, HttpRequest, take_headers};
pub use list::List;
pub use operation::{Audience, Input, Method, Operation};
pub use projects::domains;
pub use recipients::{delivery, recipient_events, recipient_purposes};
pub use request::{Committed, Request};
pub use response::Response;
pub use site_tokens::{SiteToken, SiteTokens};
pub use worker::{AsyncRecordHandler, StreamRecord, Worker, run_worker};

//! The types and rules of consent. A type cannot hold an invalid value. No I/O,
//! no HTTP, no AWS.

pub mod api_key;
pub mod audit;
pub(crate) mod code;
pub mod consent_catalog;
pub mod consent_check;
pub mod consent_event;
pub mod consent_notice;
pub mod consent_record;
pub mod decision;
pub mod dpdp_session;
pub mod edit;
pub mod erasure;
pub mod error;
pub mod export;
pub mod grant;
pub mod grievance;
pub mod history;
pub mod identifiers;
pub mod json;
pub mod notice_gate;
pub mod organisation;
pub mod progress;
pub mod project;
pub mod proof;
pub mod receipt;
pub mod recipient;
pub mod request_context;
pub mod scope;
pub mod seal;
pub mod site_session;
pub mod state_tag;
pub mod text;
pub mod timestamp;
pub mod trail;
pub mod withdrawal;

pub use error::{DomainError, FieldError, ResourceKind};
pub use identifiers::Tenant;
pub use request_context::{Clock, Random, RequestContext};
pub use text::Invalid;
pub use timestamp::Timestamp;

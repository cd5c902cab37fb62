//! Storage in `DynamoDB`: one file per table, with its keys, its items and the
//! conditions of its writes. No other module uses `DynamoDB`.

mod api_keys;
mod audit_trails;
mod change;
mod connection;
mod consent_catalog;
mod consent_events;
mod consent_notices;
mod consent_records;
mod database;
mod dpdp_sessions;
mod erasure_requests;
mod exports;
mod grants;
mod grievances;
mod key;
mod listing;
mod projects;
mod signing_keys;
mod site_users;
mod stored_responses;
mod throttling;
mod unit_of_work;
mod unknown_keys;
mod write;

pub use api_keys::{ApiKeys, IssuedKey, KeyOrder, KnownKey};
pub use audit_trails::AuditTrails;
pub use consent_catalog::ConsentCatalog;
pub use consent_events::{ConsentEvents, Period, ReportedEvents};
pub use consent_notices::ConsentNotices;
pub use consent_records::{ConsentRecords, Exported};
pub use database::{Database, Error};
pub use dpdp_sessions::DpdpSessions;
pub use erasure_requests::{ErasureRequests, Pseudonyms};
pub use exports::Exports;
pub use grants::Grants;
pub use grievances::Grievances;
pub use listing::{PAGE_BYTES, Page, PageRequest, SHARDS};
pub use projects::Projects;
pub use signing_keys::{Signer, SigningKeys, SigningSecret};
pub use site_users::{SiteUser, SiteUsers};
pub use stored_responses::{EndUser, IdempotencyScope, IdempotentCall, StoredResponse, StoredResponses};
pub use unit_of_work::UnitOfWork;
pub use write::until_current;
pub(crate) use {audit_trails::KeyOwner, consent_records::record_append, write::stale_too_often};

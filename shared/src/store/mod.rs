//! Where things are kept: one file per table, with its keys, its items and
//! the conditions of its writes. The only place that names `DynamoDB`.

mod api_keys;
mod audit_trails;
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
mod idempotent_answers;
mod key;
mod listing;
mod projects;
mod signing_keys;
mod site_users;
mod throttling;
mod transaction;
mod unknown_keys;

pub use api_keys::{ApiKeys, IssuedKey, KeyOrder, KnownKey};
pub use audit_trails::{AuditTrails, Sealing};
pub use consent_catalog::ConsentCatalog;
pub use consent_events::{ConsentEvents, Period};
pub use consent_notices::ConsentNotices;
pub use consent_records::{ConsentRecords, Exported, Withdrawal, WithdrawalOrder};
pub use database::{Database, Error};
pub use dpdp_sessions::DpdpSessions;
pub use erasure_requests::{ErasureRequests, Traces};
pub use exports::Exports;
pub use grants::Grants;
pub use grievances::Grievances;
pub use idempotent_answers::{CallName, IdempotentAnswers, KeptAnswer, Memory};
pub use listing::{PAGE_BYTES, Page, Part, SHARDS};
pub use projects::Projects;
pub use signing_keys::{Signer, SigningKeys, SigningSecret};
pub use site_users::{SiteUser, SiteUsers};
pub use transaction::{Effect, until_current};

//! Storage in `DynamoDB`: one file per table, with its keys, its items and the
//! conditions of its writes. No other module uses `DynamoDB`.

mod api_keys;
mod audit_trails;
mod cache;
mod change;
mod check_log;
mod connection;
mod consent_catalog;
mod consent_events;
mod consent_notices;
mod consent_records;
mod database;
mod decision_counts;
mod deliveries;
mod dpdp_sessions;
mod due;
mod erasure_requests;
mod events;
mod exports;
mod grants;
mod grievances;
mod key;
mod latest_decisions;
mod listing;
mod organisations;
mod page_sessions;
mod projects;
mod recipients;
mod repair;
mod schema;
mod shards;
mod signing_keys;
mod site_users;
mod stored_responses;
mod throttling;
mod unit_of_work;
mod webhook_secrets;
mod withdrawals;
mod write;

pub use api_keys::{ApiKeys, IssuedKey, KeyOrder, KnownKey};
pub use audit_trails::AuditTrails;
pub use check_log::CheckLog;
pub use consent_catalog::ConsentCatalog;
pub use consent_events::{ConsentEvents, Period, ReportedEvents};
pub use consent_notices::ConsentNotices;
pub use consent_records::{ConsentRecords, Exported};
pub use database::{Database, Error};
pub use decision_counts::{CountsOfPurpose, DecisionCount, DecisionCounts};
pub use deliveries::{Deliveries, DeliveryFilter, Health};
pub use dpdp_sessions::DpdpSessions;
pub use due::ItemKey;
pub use erasure_requests::{ErasureRequests, Pseudonyms};
pub use events::Events;
pub use exports::Exports;
pub use grants::Grants;
pub use grievances::Grievances;
pub use listing::{PAGE_BYTES, Page, PageRequest};
pub use organisations::Organisations;
pub use page_sessions::PageSessions;
pub use projects::{Projects, Site};
pub use recipients::Recipients;
pub use repair::{Gap, Outcome, Repair};
pub use shards::{Epoch, Epochs, Shards, TENANT_LISTS};
pub use signing_keys::{Signer, SigningKeys, SigningSecret};
pub use site_users::{SiteUser, SiteUsers};
pub use stored_responses::{EndUser, IdempotencyScope, IdempotentCall, StoredResponse, StoredResponses};
pub use throttling::{THROTTLED_TRIES, THROTTLED_WAIT};
pub use unit_of_work::UnitOfWork;
pub use withdrawals::Withdrawals;
pub use write::{until_current, wait_after_conflict};
pub(crate) use {
    audit_trails::KeyOwner,
    consent_records::record_append,
    decision_counts::Decided,
    due::{Found, PARTITIONS},
    events::{EventWork, Feed, NewEvent, StoredEvent},
    grants::REVOKED,
    write::stale_too_often,
};

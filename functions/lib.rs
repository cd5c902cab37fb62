//! All functions as a library, for a program that hosts them in one process. Each
//! file is also the source of a Lambda binary.
//!
//! Generated from openapi.yaml and stacks/ by `cargo xtask generate`.

#![forbid(unsafe_code)]

use assent_shared::{
    api::{Endpoint, RuntimeError, Worker},
    environment::Environment,
};

pub mod authorizer;
pub mod deliver;
pub mod health;
pub mod jwks;
pub mod openapi;
pub mod relay;
#[path = "site-preflight.rs"]
pub mod site_preflight;
pub mod snippet;
pub mod sweep;

/// `functions/consent-catalog/`.
#[path = "consent-catalog"]
pub mod consent_catalog {
    pub mod create;
    pub mod create_version;
    pub mod delete;
    pub mod get;
    pub mod get_version;
    pub mod list;
    pub mod update;
    pub mod update_version;
}

/// `functions/consent-checks/`.
#[path = "consent-checks"]
pub mod consent_checks {
    pub mod check;
}

/// `functions/consent-events/`.
#[path = "consent-events"]
pub mod consent_events {
    pub mod create;
    pub mod get;
    pub mod list;
}

/// `functions/consent-notices/`.
#[path = "consent-notices"]
pub mod consent_notices {
    pub mod create;
    pub mod delete_draft;
    pub mod get;
    pub mod get_public;
    pub mod list;
    pub mod publish;
    pub mod replace_draft;
}

/// `functions/consent-records/`.
#[path = "consent-records"]
pub mod consent_records {
    pub mod audit;
    pub mod cessation;
    pub mod create;
    pub mod get;
    pub mod list;
    pub mod receipt;
    pub mod withdraw;
}

/// `functions/consent-state/`.
#[path = "consent-state"]
pub mod consent_state {
    pub mod get;
}

/// `functions/consent-types/`.
#[path = "consent-types"]
pub mod consent_types {
    pub mod list;
}

/// `functions/console/`.
#[path = "console"]
pub mod console {
    pub mod charts;
    pub mod decide;
    pub mod deliveries;
    pub mod difference;
    pub mod grievance;
    pub mod grievances;
    pub mod notice;
    pub mod notices;
    pub mod open;
    pub mod person;
    pub mod record;
    pub mod retry;
    pub mod today;
}

/// `functions/console-sessions/`.
#[path = "console-sessions"]
pub mod console_sessions {
    pub mod create;
}

/// `functions/data-principals/`.
#[path = "data-principals"]
pub mod data_principals {
    pub mod decisions;
    pub mod erasure;
    pub mod records;
    pub mod withdrawals;
}

/// `functions/deliveries/`.
#[path = "deliveries"]
pub mod deliveries {
    pub mod acknowledge;
    pub mod get;
    pub mod list;
    pub mod retry;
}

/// `functions/docs/`.
#[path = "docs"]
pub mod docs {
    pub mod index;
    pub mod operation;
}

/// `functions/dpdp-session/`.
#[path = "dpdp-session"]
pub mod dpdp_session {
    pub mod create;
    pub mod get;
    pub mod update;
}

/// `functions/erasure-requests/`.
#[path = "erasure-requests"]
pub mod erasure_requests {
    pub mod get;
}

/// `functions/events/`.
#[path = "events"]
pub mod events {
    pub mod get;
    pub mod list;
}

/// `functions/exports/`.
#[path = "exports"]
pub mod exports {
    pub mod create;
    pub mod get;
}

/// `functions/grants/`.
#[path = "grants"]
pub mod grants {
    pub mod create;
    pub mod get;
    pub mod list;
    pub mod revoke;
}

/// `functions/grievances/`.
#[path = "grievances"]
pub mod grievances {
    pub mod create;
    pub mod get;
    pub mod list;
    pub mod update;
}

/// `functions/organisation/`.
#[path = "organisation"]
pub mod organisation {
    pub mod get;
    pub mod replace;
}

/// `functions/portal/`.
#[path = "portal"]
pub mod portal {
    pub mod answer;
    pub mod complain;
    pub mod copy;
    pub mod data;
    pub mod enter;
    pub mod erase;
    pub mod erasure;
    pub mod font;
    pub mod grievances;
    pub mod history;
    pub mod home;
    pub mod notice;
    pub mod open;
    pub mod question;
    pub mod receipt;
    pub mod told;
    pub mod withdraw;
}

/// `functions/portal-sessions/`.
#[path = "portal-sessions"]
pub mod portal_sessions {
    pub mod create;
}

/// `functions/projects/`.
#[path = "projects"]
pub mod projects {
    pub mod create;
    pub mod delete;
    pub mod get;
    pub mod list;
    pub mod update;
}

/// `functions/recipients/`.
#[path = "recipients"]
pub mod recipients {
    pub mod create;
    pub mod end;
    pub mod get;
    pub mod list;
    pub mod ping;
    pub mod replay;
    pub mod rotate_secret;
    pub mod update;
}

/// `functions/schemas/`.
#[path = "schemas"]
pub mod schemas {
    pub mod consent_receipt;
}

/// `functions/site-sessions/`.
#[path = "site-sessions"]
pub mod site_sessions {
    pub mod create;
}

/// `functions/withdrawals/`.
#[path = "withdrawals"]
pub mod withdrawals {
    pub mod get;
}

/// Creates an endpoint with the tables and secrets that an environment names.
pub type Make = fn(&Environment) -> Result<Endpoint, RuntimeError>;

/// The endpoint of each operation, by its operationId.
pub const ENDPOINTS: &[(&str, Make)] = &[
    ("create-consent-notice", consent_notices::create::endpoint),
    ("list-consent-notices", consent_notices::list::endpoint),
    ("get-consent-notice", consent_notices::get::endpoint),
    ("replace-consent-notice-draft", consent_notices::replace_draft::endpoint),
    ("delete-consent-notice-draft", consent_notices::delete_draft::endpoint),
    ("publish-consent-notice", consent_notices::publish::endpoint),
    ("get-public-notice", consent_notices::get_public::endpoint),
    ("create-consent-record", consent_records::create::endpoint),
    ("list-consent-records", consent_records::list::endpoint),
    ("get-consent-record", consent_records::get::endpoint),
    ("withdraw-consent-record", consent_records::withdraw::endpoint),
    ("get-consent-record-audit", consent_records::audit::endpoint),
    ("get-consent-record-cessation", consent_records::cessation::endpoint),
    ("get-consent-receipt", consent_records::receipt::endpoint),
    ("get-consent-receipt-schema", schemas::consent_receipt::endpoint),
    ("check-consents", consent_checks::check::endpoint),
    ("list-data-principal-records", data_principals::records::endpoint),
    ("erase-data-principal", data_principals::erasure::endpoint),
    ("get-erasure-request", erasure_requests::get::endpoint),
    ("withdraw-data-principal", data_principals::withdrawals::endpoint),
    ("get-withdrawal", withdrawals::get::endpoint),
    ("list-data-principal-decisions", data_principals::decisions::endpoint),
    ("create-grievance", grievances::create::endpoint),
    ("list-grievances", grievances::list::endpoint),
    ("get-grievance", grievances::get::endpoint),
    ("update-grievance", grievances::update::endpoint),
    ("create-export", exports::create::endpoint),
    ("get-export", exports::get::endpoint),
    ("create-grant", grants::create::endpoint),
    ("list-grants", grants::list::endpoint),
    ("get-grant", grants::get::endpoint),
    ("revoke-grant", grants::revoke::endpoint),
    ("create-project", projects::create::endpoint),
    ("list-projects", projects::list::endpoint),
    ("get-project", projects::get::endpoint),
    ("update-project", projects::update::endpoint),
    ("delete-project", projects::delete::endpoint),
    ("get-organisation", organisation::get::endpoint),
    ("replace-organisation", organisation::replace::endpoint),
    ("create-dpdp-session", dpdp_session::create::endpoint),
    ("update-dpdp-session", dpdp_session::update::endpoint),
    ("get-dpdp-session", dpdp_session::get::endpoint),
    ("create-recipient", recipients::create::endpoint),
    ("list-recipients", recipients::list::endpoint),
    ("get-recipient", recipients::get::endpoint),
    ("update-recipient", recipients::update::endpoint),
    ("end-recipient", recipients::end::endpoint),
    ("rotate-recipient-secret", recipients::rotate_secret::endpoint),
    ("ping-recipient", recipients::ping::endpoint),
    ("replay-to-recipient", recipients::replay::endpoint),
    ("list-events", events::list::endpoint),
    ("get-event", events::get::endpoint),
    ("list-deliveries", deliveries::list::endpoint),
    ("get-delivery", deliveries::get::endpoint),
    ("acknowledge-delivery", deliveries::acknowledge::endpoint),
    ("retry-delivery", deliveries::retry::endpoint),
    ("create-consent-type", consent_catalog::create::endpoint),
    ("list-consent-types", consent_catalog::list::endpoint),
    ("get-consent-type", consent_catalog::get::endpoint),
    ("update-consent-type", consent_catalog::update::endpoint),
    ("delete-consent-type", consent_catalog::delete::endpoint),
    ("create-consent-type-version", consent_catalog::create_version::endpoint),
    ("get-consent-type-version", consent_catalog::get_version::endpoint),
    ("update-consent-type-version", consent_catalog::update_version::endpoint),
    ("create-site-session", site_sessions::create::endpoint),
    ("create-consent-events", consent_events::create::endpoint),
    ("list-consent-events", consent_events::list::endpoint),
    ("get-consent-event", consent_events::get::endpoint),
    ("list-site-consent-types", consent_types::list::endpoint),
    ("get-consent-state", consent_state::get::endpoint),
    ("get-snippet", snippet::endpoint),
    ("create-portal-session", portal_sessions::create::endpoint),
    ("open-portal", portal::open::endpoint),
    ("enter-portal", portal::enter::endpoint),
    ("show-portal-home", portal::home::endpoint),
    ("withdraw-on-portal", portal::withdraw::endpoint),
    ("show-portal-notice", portal::notice::endpoint),
    ("show-portal-question", portal::question::endpoint),
    ("answer-portal-question", portal::answer::endpoint),
    ("show-portal-history", portal::history::endpoint),
    ("show-portal-told", portal::told::endpoint),
    ("show-portal-grievances", portal::grievances::endpoint),
    ("complain-on-portal", portal::complain::endpoint),
    ("show-portal-copy", portal::copy::endpoint),
    ("get-portal-data", portal::data::endpoint),
    ("get-portal-receipt", portal::receipt::endpoint),
    ("show-portal-erasure", portal::erasure::endpoint),
    ("erase-on-portal", portal::erase::endpoint),
    ("get-portal-font", portal::font::endpoint),
    ("create-console-session", console_sessions::create::endpoint),
    ("open-console", console::open::endpoint),
    ("show-console-today", console::today::endpoint),
    ("show-console-person", console::person::endpoint),
    ("show-console-record", console::record::endpoint),
    ("show-console-notices", console::notices::endpoint),
    ("show-console-notice", console::notice::endpoint),
    ("show-console-difference", console::difference::endpoint),
    ("show-console-deliveries", console::deliveries::endpoint),
    ("retry-on-console", console::retry::endpoint),
    ("show-console-grievances", console::grievances::endpoint),
    ("show-console-grievance", console::grievance::endpoint),
    ("decide-on-console", console::decide::endpoint),
    ("show-console-charts", console::charts::endpoint),
    ("health", health::endpoint),
    ("openapi", openapi::endpoint),
    ("get-reference", docs::index::endpoint),
    ("get-reference-page", docs::operation::endpoint),
    ("jwks", jwks::endpoint),
];

/// Creates a worker with the tables and secrets that an environment names.
pub type MakeWorker = fn(&Environment) -> Result<Worker, RuntimeError>;

/// The functions that a stream or a schedule invokes, by their binaries.
pub const WORKERS: &[(&str, MakeWorker)] =
    &[("relay", relay::worker), ("deliver", deliver::worker), ("sweep", sweep::worker)];

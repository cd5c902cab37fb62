//! The endpoints as a library, for a program that hosts all of them: each file is a module here and a Lambda binary.
//! Generated from openapi.yaml by `cargo xtask generate`.

#![forbid(unsafe_code)]

use assent_shared::{
    api::{Endpoint, RuntimeError},
    environment::Environment,
};

pub mod authorizer;
pub mod health;
pub mod jwks;
pub mod openapi;
#[path = "site-preflight.rs"]
pub mod site_preflight;

/// `consent-catalog/`
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

/// `consent-events/`
#[path = "consent-events"]
pub mod consent_events {
    pub mod create;
    pub mod get;
    pub mod list;
}

/// `consent-notices/`
#[path = "consent-notices"]
pub mod consent_notices {
    pub mod create;
    pub mod get;
    pub mod list;
}

/// `consent-records/`
#[path = "consent-records"]
pub mod consent_records {
    pub mod audit;
    pub mod create;
    pub mod get;
    pub mod list;
    pub mod receipt;
    pub mod withdraw;
}

/// `consent-state/`
#[path = "consent-state"]
pub mod consent_state {
    pub mod get;
}

/// `data-principals/`
#[path = "data-principals"]
pub mod data_principals {
    pub mod erasure;
    pub mod records;
}

/// `dpdp-session/`
#[path = "dpdp-session"]
pub mod dpdp_session {
    pub mod create;
    pub mod get;
    pub mod update;
}

/// `erasure-requests/`
#[path = "erasure-requests"]
pub mod erasure_requests {
    pub mod get;
}

/// `exports/`
pub mod exports {
    pub mod create;
    pub mod get;
}

/// `grants/`
pub mod grants {
    pub mod create;
    pub mod get;
    pub mod list;
    pub mod revoke;
}

/// `grievances/`
pub mod grievances {
    pub mod create;
    pub mod get;
    pub mod list;
    pub mod update;
}

/// `projects/`
pub mod projects {
    pub mod create;
    pub mod list;
}

/// `site-sessions/`
#[path = "site-sessions"]
pub mod site_sessions {
    pub mod create;
}

/// Makes an endpoint with what an environment names.
pub type Make = fn(&Environment) -> Result<Endpoint, RuntimeError>;

/// The endpoints, by the names of their binaries.
pub const ENDPOINTS: &[(&str, Make)] = &[
    ("openapi", openapi::endpoint),
    ("health", health::endpoint),
    ("jwks", jwks::endpoint),
    ("site-preflight", site_preflight::endpoint),
    ("create-consent-notice", consent_notices::create::endpoint),
    ("list-consent-notices", consent_notices::list::endpoint),
    ("get-consent-notice", consent_notices::get::endpoint),
    ("create-consent-record", consent_records::create::endpoint),
    ("get-consent-record", consent_records::get::endpoint),
    ("withdraw-consent-record", consent_records::withdraw::endpoint),
    ("get-consent-record-audit", consent_records::audit::endpoint),
    ("get-consent-receipt", consent_records::receipt::endpoint),
    ("create-grant", grants::create::endpoint),
    ("get-grant", grants::get::endpoint),
    ("revoke-grant", grants::revoke::endpoint),
    ("create-dpdp-session", dpdp_session::create::endpoint),
    ("get-dpdp-session", dpdp_session::get::endpoint),
    ("update-dpdp-session", dpdp_session::update::endpoint),
    ("create-consent-type", consent_catalog::create::endpoint),
    ("create-consent-type-version", consent_catalog::create_version::endpoint),
    ("get-consent-type-version", consent_catalog::get_version::endpoint),
    ("update-consent-type-version", consent_catalog::update_version::endpoint),
    ("create-project", projects::create::endpoint),
    ("create-site-session", site_sessions::create::endpoint),
    ("create-consent-events", consent_events::create::endpoint),
    ("list-consent-events", consent_events::list::endpoint),
    ("get-consent-event", consent_events::get::endpoint),
    ("get-consent-state", consent_state::get::endpoint),
    ("list-grants", grants::list::endpoint),
    ("list-consent-records", consent_records::list::endpoint),
    ("list-data-principal-records", data_principals::records::endpoint),
    ("list-projects", projects::list::endpoint),
    ("list-consent-types", consent_catalog::list::endpoint),
    ("get-consent-type", consent_catalog::get::endpoint),
    ("update-consent-type", consent_catalog::update::endpoint),
    ("delete-consent-type", consent_catalog::delete::endpoint),
    ("create-grievance", grievances::create::endpoint),
    ("list-grievances", grievances::list::endpoint),
    ("get-grievance", grievances::get::endpoint),
    ("update-grievance", grievances::update::endpoint),
    ("create-export", exports::create::endpoint),
    ("get-export", exports::get::endpoint),
    ("erase-data-principal", data_principals::erasure::endpoint),
    ("get-erasure-request", erasure_requests::get::endpoint),
];

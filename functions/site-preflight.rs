//! `OPTIONS /site-v1/{projectId}/…`: tells a browser whether a web page may call
//! the API for a project. No key is needed, because browsers send none with a
//! preflight.

use assent_shared::{
    api::{self, Endpoint, RuntimeError, SITE_PREFLIGHT, Sites, preflight},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let sites = Sites::from_environment(environment, &database);
    Ok(Endpoint::open(&SITE_PREFLIGHT, Some(&database), sites, preflight))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

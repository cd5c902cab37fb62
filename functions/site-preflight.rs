//! `OPTIONS /site-v1/{projectId}/…`: tells a browser whether a web page may call
//! the API for a project. No key is needed, because browsers send none with a
//! preflight.

use assent_shared::{
    api::{self, Endpoint, RuntimeError, SITE_PREFLIGHT, preflight},
    environment::Environment,
    store::{Database, Projects},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let projects = Projects::new(&database);
    Ok(Endpoint::open(&SITE_PREFLIGHT, Some(&database), projects, preflight))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

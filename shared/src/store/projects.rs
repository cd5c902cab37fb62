//! Projects, each an item of its own.

use crate::{
    domain::{Occasion, Refusal, Tenant, Thing, project::Project},
    store::{Database, Error, database::table, key::Key, transaction::Transaction},
};
use uuid::Uuid;

/// The projects.
#[derive(Clone)]
pub struct Projects {
    database: Database,
    table: String,
}

impl Projects {
    /// The table that `PROJECTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("PROJECTS_TABLE", "ProjectsTable") }
    }

    /// Makes a project.
    pub async fn create(&self, tenant: Tenant, project: &Project, occasion: Occasion<'_>) -> Result<(), Error> {
        Transaction::new(occasion)
            .create_fresh(&self.table, &key(tenant, project.id), project)?
            .commit(&self.database)
            .await
    }

    /// A project.
    pub async fn get(&self, tenant: Tenant, project_id: Uuid) -> Result<Project, Error> {
        self.database
            .get(&self.table, &key(tenant, project_id))
            .await?
            .ok_or_else(|| Refusal::NotFound(Thing::Project).into())
    }
}

fn key(tenant: Tenant, project_id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&project_id.to_string()], &["project"])
}

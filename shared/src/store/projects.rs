//! Projects, each an item of its own. Beside it stands which domain it has, to
//! be found without its tenant: whoever asks that has no key yet.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing,
        project::{Domain, Project},
    },
    store::{
        Database, Effect, Error, Page, Part,
        database::table,
        key::Key,
        listing::{Entry, Listing},
        transaction::Transaction,
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What names the tenant's list. A project never changes, so its entry holds it.
const ALL: &[&str] = &["projects"];

/// The projects.
#[derive(Clone)]
pub struct Projects {
    database: Database,
    table: String,
}

/// What anybody may know of a project.
#[derive(Serialize, Deserialize)]
struct SiteItem {
    domain: Domain,
}

impl Projects {
    /// The table that `PROJECTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("PROJECTS_TABLE", "ProjectsTable") }
    }

    /// Makes a project.
    pub fn create<'call>(
        &self,
        tenant: Tenant,
        project: Project,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Project>, Error> {
        let key = key(tenant, project.id);
        let entry = Listing::of_tenant(&self.table, tenant, ALL).key(&occasion.ulid().to_string());
        let mut transaction = Transaction::new(occasion).create_fresh(&self.table, &key, &project)?.create_fresh(
            &self.table,
            &entry,
            &project,
        )?;
        if let Some(domain) = project.domain.clone() {
            transaction = transaction.create_fresh(&self.table, &site_key(project.id), &SiteItem { domain })?;
        }
        Ok(transaction.to(project))
    }

    /// A part of the tenant's projects, newest first.
    pub async fn list(&self, tenant: Tenant, page: &Page) -> Result<Part<Project>, Error> {
        let part = Listing::of_tenant(&self.table, tenant, ALL).read(&self.database, page).await?;
        Ok(Part { things: part.things.into_iter().map(|entry: Entry<Project>| entry.thing).collect(), next: part.next })
    }

    /// A project.
    pub async fn get(&self, tenant: Tenant, project_id: Uuid) -> Result<Project, Error> {
        self.database
            .get(&self.table, &key(tenant, project_id))
            .await?
            .ok_or_else(|| Refusal::NotFound(Thing::Project).into())
    }

    /// The domain of a project, whosever it is; `None` where it has none, or
    /// where there is no such project.
    pub async fn domain(&self, project_id: Uuid) -> Result<Option<Domain>, Error> {
        let site: Option<SiteItem> = self.database.get(&self.table, &site_key(project_id)).await?;
        Ok(site.map(|site| site.domain))
    }
}

fn key(tenant: Tenant, project_id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&project_id.to_string()], &["project"])
}

fn site_key(project_id: Uuid) -> Key {
    Key::of_no_tenant(&[&project_id.to_string()], &["site"])
}

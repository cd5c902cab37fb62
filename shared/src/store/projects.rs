//! Projects, each in an item of its own. A further item has the project's domain
//! and is found without the tenant, because a preflight request has no API key.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant,
        project::{Domain, Project},
    },
    store::{
        Database, Error, Page, PageRequest, UnitOfWork,
        key::Key,
        listing::{Entry, Listing},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name of the tenant's list. A project never changes, so its entry holds the whole project.
const ALL: &[&str] = &["projects"];

/// The projects.
#[derive(Clone)]
pub struct Projects {
    database: Database,
    table: String,
}

/// The public data of a project.
#[derive(Serialize, Deserialize)]
struct SiteItem {
    domain: Domain,
}

impl Projects {
    /// The table that `PROJECTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("PROJECTS_TABLE") }
    }

    /// Creates a project.
    pub fn create(&self, unit: &mut UnitOfWork, tenant: Tenant, project: Project) -> Result<Project, Error> {
        let key = key(tenant, project.id);
        let entry = Listing::of_tenant(&self.table, tenant, ALL).key(&unit.context().ulid().to_string());
        unit.create_new(&self.table, &key, &project)?.create_new(&self.table, &entry, &project)?;
        if let Some(domain) = project.domain.clone() {
            unit.create_new(&self.table, &site_key(project.id), &SiteItem { domain })?;
        }
        Ok(project)
    }

    /// A page of the tenant's projects, newest first.
    pub async fn list(&self, tenant: Tenant, page: &PageRequest) -> Result<Page<Project>, Error> {
        let page = Listing::of_tenant(&self.table, tenant, ALL).read(&self.database, page).await?;
        Ok(Page { items: page.items.into_iter().map(|entry: Entry<Project>| entry.item).collect(), next: page.next })
    }

    /// A project.
    pub async fn get(&self, tenant: Tenant, project_id: Uuid) -> Result<Project, Error> {
        self.database
            .get(&self.table, &key(tenant, project_id))
            .await?
            .ok_or_else(|| DomainError::NotFound(ResourceKind::Project).into())
    }

    /// The domain of a project of any tenant. `None` if the project has no domain or
    /// does not exist.
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

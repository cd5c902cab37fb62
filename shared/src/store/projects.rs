//! Projects, each in an item of its own, which stays after the project is deleted,
//! because its events do. A further item has what is found without the tenant: a
//! page of the site has no API key.

use crate::{
    domain::{
        DomainError, RequestContext, ResourceKind, Tenant, Timestamp,
        project::{Domain, Project, ProjectPatch},
        state_tag::ExpectedState,
    },
    store::{
        Database, Error, Page, PageRequest, UnitOfWork,
        cache::{RECENT, TimedCache},
        change::Change,
        key::Key,
        listing::{Entry, Listing, weight_of},
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// The name of the tenant's list. An entry holds the whole project.
pub(super) const ALL: &[&str] = &["projects"];
const REVISION: &str = "revision";
/// How many bytes of projects are cached, and how many of sites: a thousand with some domains each.
const CACHED_BYTES: usize = 1 << 20;

/// The projects.
#[derive(Clone)]
pub struct Projects {
    database: Database,
    table: String,
    recent: Arc<TimedCache<Project>>,
    recent_sites: Arc<TimedCache<Site>>,
}

/// What is found of a project without its tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// The organisation.
    pub tenant: Tenant,
    /// The domains whose pages may call the API for the project.
    pub domains: Vec<Domain>,
}

impl Projects {
    /// The table that `PROJECTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("PROJECTS_TABLE"),
            recent: Arc::new(TimedCache::new(CACHED_BYTES, RECENT)),
            recent_sites: Arc::new(TimedCache::new(CACHED_BYTES, RECENT)),
        }
    }

    /// Creates a project.
    pub async fn create(&self, unit: &mut UnitOfWork, tenant: Tenant, project: Project) -> Result<Project, Error> {
        let site = Site { tenant, domains: project.domains.clone() };
        unit.create_new(&self.table, &key(tenant, project.id), &project)?
            .create_new(&self.table, &self.entry(tenant, &project).await?, &project)?
            .create_new(&self.table, &site_key(project.id), &site)?;
        Ok(project)
    }

    /// A page of the tenant's projects, newest first.
    pub async fn list(&self, tenant: Tenant, page: &PageRequest) -> Result<Page<Project>, Error> {
        let page =
            Listing::of_tenant(&self.database, &self.table, tenant, ALL).await?.read(&self.database, page).await?;
        Ok(Page { items: page.items.into_iter().map(|entry: Entry<Project>| entry.item).collect(), next: page.next })
    }

    /// A project that is not deleted.
    pub async fn get(&self, tenant: Tenant, project_id: Uuid) -> Result<Project, Error> {
        let project = self.get_or_deleted(tenant, project_id).await?;
        if project.deleted_at.is_some() {
            return Err(DomainError::NotFound(ResourceKind::Project).into());
        }
        Ok(project)
    }

    /// A project that is not deleted, as it was at most five seconds ago, for the calls of a site's visitors.
    pub async fn recent(&self, tenant: Tenant, project_id: Uuid, context: &RequestContext) -> Result<Project, Error> {
        let key = key(tenant, project_id);
        if let Some(project) = self.recent.get_for(&key, context) {
            return Ok(project);
        }
        let project = self.get(tenant, project_id).await?;
        self.recent.put(key, project.clone(), weight_of(&project), context.now);
        Ok(project)
    }

    /// A project, even if it is deleted.
    pub async fn get_or_deleted(&self, tenant: Tenant, project_id: Uuid) -> Result<Project, Error> {
        let project = self.database.get(&self.table, &key(tenant, project_id)).await?;
        project.ok_or_else(|| DomainError::NotFound(ResourceKind::Project).into())
    }

    /// Edits a project that is in an expected state. A patch that changes nothing
    /// writes nothing.
    pub async fn update(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        project_id: Uuid,
        patch: ProjectPatch,
        expected: &ExpectedState,
    ) -> Result<Project, Error> {
        let project = self.get(tenant, project_id).await?;
        expected.require(&project.tag())?;
        let next = project.patched(patch);
        if next == project {
            return Ok(next);
        }
        let set = |change: Change| -> Result<Change, Error> {
            change.set("name", &next.name)?.set("domains", &next.domains)?.set(REVISION, &next.revision)
        };
        let edited = set(Change::of(key(tenant, project_id)).when(REVISION, &project.revision)?)?;
        let listed = set(Change::of(self.entry(tenant, &project).await?))?;
        let site = Change::of(site_key(project_id)).set("domains", &next.domains)?;
        unit.update(&self.table, edited, Error::Stale).update(&self.table, listed, Error::Stale).update(
            &self.table,
            site,
            Error::Stale,
        );
        Ok(next)
    }

    /// Deletes a project that is in an expected state. From then on nobody but
    /// [`Self::get_or_deleted`] finds it.
    pub async fn delete(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        project_id: Uuid,
        expected: &ExpectedState,
    ) -> Result<(), Error> {
        let project = self.get(tenant, project_id).await?;
        expected.require(&project.tag())?;
        let deleted = Change::of(key(tenant, project_id))
            .when(REVISION, &project.revision)?
            .set(REVISION, &(project.revision + 1))?
            .set("deletedAt", &unit.context().now)?;
        let listed = Change::of(self.entry(tenant, &project).await?);
        let site = Change::of(site_key(project_id));
        unit.update(&self.table, deleted, Error::Stale).delete(&self.table, listed, Error::Stale).delete(
            &self.table,
            site,
            Error::Stale,
        );
        Ok(())
    }

    /// The site of a project of any tenant, if the project exists, is not deleted and has a
    /// site that fits. It is as it was at most five seconds ago, but what did not fit then
    /// is read again.
    pub async fn recent_site(
        &self,
        project_id: Uuid,
        now: Timestamp,
        fits: impl Fn(&Site) -> bool,
    ) -> Result<Option<Site>, Error> {
        let key = site_key(project_id);
        let recent = self.recent_sites.get(&key, now).filter(&fits);
        if recent.is_some() {
            return Ok(recent);
        }
        let found: Option<Site> = self.database.get(&self.table, &key).await?;
        if let Some(site) = &found {
            self.recent_sites.put(key, site.clone(), weight_of(site), now);
        }
        Ok(found.filter(fits))
    }

    /// The key of the project's entry in the tenant's list.
    pub(super) async fn entry(&self, tenant: Tenant, project: &Project) -> Result<Key, Error> {
        Ok(Listing::of_tenant(&self.database, &self.table, tenant, ALL).await?.key(&project.position))
    }
}

pub(super) fn key(tenant: Tenant, project_id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&project_id.to_string()], &["project"])
}

pub(super) fn site_key(project_id: Uuid) -> Key {
    Key::of_no_tenant(&[&project_id.to_string()], &["site"])
}

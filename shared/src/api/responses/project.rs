//! The body of a project.

use crate::domain::{
    Tenant, Timestamp,
    project::{Domain, Project, ProjectName},
};
use serde::Serialize;
use uuid::Uuid;

/// A project.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectResponse {
    id: Uuid,
    organization: Tenant,
    name: ProjectName,
    /// The first of the domains.
    domain: Option<Domain>,
    domains: Vec<Domain>,
    created_at: Timestamp,
}

impl ProjectResponse {
    /// A project of this tenant.
    pub fn of(project: &Project, organization: Tenant) -> Self {
        Self {
            id: project.id,
            organization,
            name: project.name.clone(),
            domain: project.domain().cloned(),
            domains: project.domains.clone(),
            created_at: project.created_at,
        }
    }
}

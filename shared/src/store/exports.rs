//! Exports, each in an item of its own. An export that names a principal also has
//! an entry in the principal's list, so that an erasure finds it. Both are removed
//! some time after the export has expired.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant, Timestamp,
        erasure::ErasureCounts,
        export::{Export, ExportQuestion},
        identifiers::{ExportId, PrincipalId},
    },
    store::{
        Database, Error, PageRequest, UnitOfWork,
        change::Change,
        database::Removal,
        key::Key,
        listing::{Entry, Listing, Pointer, of_principal},
    },
};
use serde::{Deserialize, Serialize};

/// How many exports one step of an erasure handles, with two changes each.
const ERASED_AT_ONCE: usize = 25;

/// The exports.
#[derive(Clone)]
pub struct Exports {
    database: Database,
    table: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportItem {
    #[serde(flatten)]
    pub(super) export: Export,
    #[serde(flatten)]
    pub(super) removal: Removal,
}

impl Exports {
    /// The table that `EXPORTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("EXPORTS_TABLE") }
    }

    /// Creates an export.
    pub fn create(&self, unit: &mut UnitOfWork, tenant: Tenant, question: &ExportQuestion) -> Result<Export, Error> {
        let export = Export::ask(question, unit.context());
        let removal = Removal::after(export.removable_at());
        let item = ExportItem { export: export.clone(), removal };
        unit.create_new(&self.table, &key(tenant, export.export_id), &item)?;
        if let Some(principal_id) = &question.data_principal_id {
            let entry = self.entry(tenant, principal_id, export.export_id);
            unit.create_new(&self.table, &entry, &removal)?;
        }
        Ok(export)
    }

    /// An export that can still be read.
    pub async fn get(&self, tenant: Tenant, export_id: ExportId, now: Timestamp) -> Result<Export, Error> {
        let item: Option<ExportItem> = self.database.get(&self.table, &key(tenant, export_id)).await?;
        let export = item.ok_or(DomainError::NotFound(ResourceKind::Export))?.export;
        if export.has_expired(now) { Err(DomainError::ExportExpired.into()) } else { Ok(export) }
    }

    /// Deletes some of the exports that name a person and counts these. `None` if no
    /// export names the person.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        principal_id: &PrincipalId,
    ) -> Result<Option<ErasureCounts>, Error> {
        let named = of_principal(principal_id);
        let page = PageRequest { limit: ERASED_AT_ONCE, after: None };
        let entries: Vec<Entry<Pointer>> =
            Listing::of_one(&self.table, tenant, &named).read(&self.database, &page).await?.items;
        for Entry { position, .. } in &entries {
            let export_id = ExportId::parse(position).map_err(|invalid| Error::Internal(invalid.0))?;
            let entry = Change::of(self.entry(tenant, principal_id, export_id));
            // An expired export may already have been removed.
            let export = Change::of_any(key(tenant, export_id));
            unit.delete(&self.table, entry, Error::Stale).delete(&self.table, export, Error::Stale);
        }
        let exports_deleted = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { exports_deleted, ..ErasureCounts::default() };
        Ok(Some(counts).filter(|_| !entries.is_empty()))
    }

    /// The key of an export's entry in the list of the principal that it names.
    fn entry(&self, tenant: Tenant, principal_id: &PrincipalId, export_id: ExportId) -> Key {
        Listing::of_one(&self.table, tenant, &of_principal(principal_id)).key(&export_id.to_string())
    }
}

pub(super) fn key(tenant: Tenant, export_id: ExportId) -> Key {
    Key::of_tenant(tenant, &[&export_id.to_string()], &["export"])
}

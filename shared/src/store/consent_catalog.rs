//! The consent catalog. Under a consent type's own partition stand `type` and
//! one `version#N` for each version; a category, subcategory and label that are
//! taken stand under a partition of their own.
//!
//! Whether a version is used, and whether it is the newest, is kept on the
//! version itself: the first consent and an edit then meet on one item, and
//! one conditional write decides between them.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing,
        consent_catalog::{ConsentType, ConsentTypeVersion, Placement, VersionNumber, VersionPatch, VersionText},
    },
    store::{
        Database, Error,
        database::table,
        key::Key,
        transaction::{Change, Transaction, until_current},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const IS_USED: &str = "isUsed";
const IS_LATEST: &str = "isLatest";
const REVISION: &str = "revision";
const LATEST_VERSION: &str = "latestVersion";

/// The consent catalog.
#[derive(Clone)]
pub struct ConsentCatalog {
    database: Database,
    table: String,
}

/// Which consent type stands in a place.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlacementItem {
    id: Uuid,
    #[serde(flatten)]
    placement: Placement,
}

impl ConsentCatalog {
    /// The table that `CONSENT_CATALOG_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("CONSENT_CATALOG_TABLE", "ConsentCatalogTable") }
    }

    /// Makes a consent type with its first version.
    pub async fn create(
        &self,
        tenant: Tenant,
        consent_type: &ConsentType,
        text: VersionText,
        occasion: Occasion<'_>,
    ) -> Result<(), Error> {
        let version = version_of(consent_type, VersionNumber::FIRST, text, occasion);
        let mut transaction = Transaction::new(occasion);
        if let Some(placement) = &consent_type.placement {
            let item = PlacementItem { id: consent_type.id, placement: placement.clone() };
            transaction = transaction
                .create(&self.table, &placement_key(tenant, placement), &item, |_| Refusal::ConsentTypeExists.into())?;
        }
        transaction
            .create_fresh(&self.table, &type_key(tenant, consent_type.id), consent_type)?
            .create_fresh(&self.table, &key_of(tenant, &version), &version)?
            .commit(&self.database)
            .await
    }

    /// Adds a version: the number after the newest.
    pub async fn create_version(
        &self,
        tenant: Tenant,
        id: Uuid,
        text: VersionText,
        occasion: Occasion<'_>,
    ) -> Result<ConsentTypeVersion, Error> {
        until_current(async || {
            let consent_type: ConsentType = self
                .database
                .get(&self.table, &type_key(tenant, id))
                .await?
                .ok_or(Refusal::NotFound(Thing::ConsentType))?;
            let latest = consent_type.latest_version;
            let version = version_of(&consent_type, latest.next(), text.clone(), occasion);
            let renumbered = Change::of(type_key(tenant, id))
                .when(LATEST_VERSION, &latest)?
                .set(LATEST_VERSION, &version.version)?;
            let superseded = Change::of(version_key(tenant, id, latest)).set(IS_LATEST, &false)?;
            Transaction::new(occasion)
                .update(&self.table, renumbered, |_| Error::Stale)
                .update(&self.table, superseded, |_| Error::Stale)
                .create_or(&self.table, &key_of(tenant, &version), &version, Error::Stale)?
                .commit(&self.database)
                .await?;
            Ok(version)
        })
        .await
    }

    /// A version of a consent type.
    pub async fn version(&self, tenant: Tenant, id: Uuid, version: VersionNumber) -> Result<ConsentTypeVersion, Error> {
        self.database
            .get(&self.table, &version_key(tenant, id, version))
            .await?
            .ok_or_else(|| Refusal::NotFound(Thing::ConsentTypeVersion).into())
    }

    /// Changes a version's text, as long as nobody has consented to it: the
    /// check and the change are one conditional write.
    pub async fn update_version(
        &self,
        tenant: Tenant,
        id: Uuid,
        version: VersionNumber,
        patch: &VersionPatch,
        occasion: Occasion<'_>,
    ) -> Result<ConsentTypeVersion, Error> {
        until_current(async || {
            let next = self.version(tenant, id, version).await?.patched(patch)?;
            let mut change = Change::of(version_key(tenant, id, version))
                .when(IS_USED, &false)?
                .when(REVISION, &(next.revision - 1))?
                .set(REVISION, &next.revision)?
                .set("url", &next.url)?;
            if let Some(description) = &next.description {
                change = change.set("description", description)?;
            }
            // Whether it is used by now, or edited, the next reading tells.
            Transaction::new(occasion).update(&self.table, change, |_| Error::Stale).commit(&self.database).await?;
            Ok(next)
        })
        .await
    }

    /// The consent types with these ids, those that exist.
    pub(crate) async fn types(&self, tenant: Tenant, ids: &[Uuid]) -> Result<Vec<ConsentType>, Error> {
        let keys: Vec<Key> = ids.iter().map(|id| type_key(tenant, *id)).collect();
        self.database.get_all(&self.table, &keys).await
    }

    /// The newest versions of these consent types.
    pub(crate) async fn latest(&self, tenant: Tenant, types: &[ConsentType]) -> Result<Vec<ConsentTypeVersion>, Error> {
        let keys: Vec<Key> = types
            .iter()
            .map(|consent_type| version_key(tenant, consent_type.id, consent_type.latest_version))
            .collect();
        self.database.get_all(&self.table, &keys).await
    }

    /// Which consent types stand in these places, those that are taken.
    pub(crate) async fn placed(
        &self,
        tenant: Tenant,
        placements: &[Placement],
    ) -> Result<Vec<(Placement, Uuid)>, Error> {
        let keys: Vec<Key> = placements.iter().map(|placement| placement_key(tenant, placement)).collect();
        let items: Vec<PlacementItem> = self.database.get_all(&self.table, &keys).await?;
        Ok(items.into_iter().map(|item| (item.placement, item.id)).collect())
    }

    /// Adds to a transaction the first use of a version, on condition that it
    /// is still the newest.
    pub(crate) fn use_in<'call>(
        &self,
        transaction: Transaction<'call>,
        tenant: Tenant,
        id: Uuid,
        version: VersionNumber,
    ) -> Result<Transaction<'call>, Error> {
        let used = Change::of(version_key(tenant, id, version)).when(IS_LATEST, &true)?.set(IS_USED, &true)?;
        Ok(transaction.update(&self.table, used, |_| Error::Stale))
    }
}

fn version_of(
    consent_type: &ConsentType,
    version: VersionNumber,
    text: VersionText,
    occasion: Occasion<'_>,
) -> ConsentTypeVersion {
    ConsentTypeVersion {
        consent_catalog_id: consent_type.id,
        version,
        kind: consent_type.kind,
        url: text.url,
        description: text.description,
        is_used: false,
        is_latest: true,
        revision: 0,
        created_at: occasion.now,
    }
}

fn type_key(tenant: Tenant, id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&id.to_string()], &["type"])
}

fn key_of(tenant: Tenant, version: &ConsentTypeVersion) -> Key {
    version_key(tenant, version.consent_catalog_id, version.version)
}

/// The number is padded so that versions sort as numbers do.
fn version_key(tenant: Tenant, id: Uuid, version: VersionNumber) -> Key {
    let number = format!("{:010}", version.number());
    Key::of_tenant(tenant, &[&id.to_string()], &["version", &number])
}

fn placement_key(tenant: Tenant, placement: &Placement) -> Key {
    let Placement { category, subcategory, label } = placement;
    let partition = ["placement", category.as_str(), subcategory.as_str(), label.as_str()];
    Key::of_tenant(tenant, &partition, &["placement"])
}

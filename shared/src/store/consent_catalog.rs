//! The consent catalog. A consent type, each of its versions, and a category,
//! subcategory and label in use have an item in a partition of their own each.
//!
//! The version's own item says whether the version is used and whether it is the
//! newest. So the first consent and an edit write the same item, and its
//! condition decides between them.

use crate::{
    domain::{
        DomainError, RequestContext, ResourceKind, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Chain, Subject, SubjectKey},
        consent_catalog::{
            ConsentType, ConsentTypePatch, ConsentTypeVersion, Placement, VersionNumber, VersionPatch, VersionText,
        },
        state_tag::ExpectedState,
    },
    store::{
        AuditTrails, Database, Error, Page, PageRequest, UnitOfWork,
        audit_trails::{self, AuditAppend},
        cache::{Cache, RECENT, TimedCache},
        change::Change,
        key::Key,
        listing::{Entry, Listing, weight_of},
    },
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

const IS_USED: &str = "isUsed";
const IS_LATEST: &str = "isLatest";
const REVISION: &str = "revision";
/// The attribute for the length and head of a version's audit trail.
const CHAIN: &str = "chain";
/// How many versions one transaction deletes, each with an event in its trail.
const DELETED_AT_ONCE: usize = 45;
const LATEST_VERSION: &str = "latestVersion";
/// The attribute of a consent type of which a version was first consented to after it
/// was superseded. A deletion does not write the oldest versions, so it is conditional
/// on the absence of this attribute instead.
const EARLIER_USED: &str = "earlierVersionUsed";

/// How many bytes of consent types are cached.
const TYPES_BYTES: usize = 1 << 20;
/// How many bytes are cached of which type has a category, subcategory and label, and how many of which versions are used.
const KEYS_BYTES: usize = 1 << 19;

/// The consent catalog.
#[derive(Clone)]
pub struct ConsentCatalog {
    database: Database,
    table: String,
    trails: AuditTrails,
    cached: Arc<Cached>,
}

/// What every event of a site reads.
struct Cached {
    types: TimedCache<ConsentType>,
    placed: TimedCache<Uuid>,
    /// The used versions. No edit and no deletion of them is possible.
    used: Cache<()>,
}

/// An entry of the list: the id of a consent type.
#[derive(Serialize, Deserialize)]
pub(super) struct TypePointer {
    pub(super) id: Uuid,
}

/// The consent type that has a category, subcategory and label.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlacementItem {
    pub(super) id: Uuid,
    #[serde(flatten)]
    pub(super) placement: Placement,
}

impl ConsentCatalog {
    /// The table that `CONSENT_CATALOG_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("CONSENT_CATALOG_TABLE"),
            trails: AuditTrails::new(database),
            cached: Arc::new(Cached {
                types: TimedCache::new(TYPES_BYTES, RECENT),
                placed: TimedCache::new(KEYS_BYTES, RECENT),
                used: Cache::new(KEYS_BYTES),
            }),
        }
    }

    /// Creates a consent type with its first version.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        consent_type: ConsentType,
        text: &VersionText,
    ) -> Result<ConsentType, Error> {
        let tenant = actor.tenant;
        let version = version_of(&consent_type, VersionNumber::FIRST, text, unit.context().now);
        let version = self.with_event(unit, actor, version, "catalog_version.created")?;
        if let Some(placement) = &consent_type.placement {
            let item = PlacementItem { id: consent_type.id, placement: placement.clone() };
            let key = placement_key(tenant, placement);
            unit.create(&self.table, &key, &item, DomainError::ConsentTypeExists)?;
        }
        let pointer = TypePointer { id: consent_type.id };
        unit.create_new(&self.table, &self.listing(tenant).await?.key(&consent_type.position), &pointer)?
            .create_new(&self.table, &type_key(tenant, consent_type.id), &consent_type)?
            .create_new(&self.table, &key_of(tenant, &version), &version)?;
        Ok(consent_type)
    }

    /// A page of the tenant's consent types, newest first.
    pub async fn list(&self, tenant: Tenant, page: &PageRequest) -> Result<Page<ConsentType>, Error> {
        self.listing(tenant)
            .await?
            .select(&self.database, page, |entries: Vec<Entry<TypePointer>>| async move {
                let ids: Vec<Uuid> = entries.iter().map(|entry| entry.item.id).collect();
                let types = self.types(tenant, &ids).await?;
                let mut types: HashMap<Uuid, ConsentType> =
                    types.into_iter().map(|consent_type| (consent_type.id, consent_type)).collect();
                Ok(ids.iter().map(|id| types.remove(id)).collect())
            })
            .await
    }

    /// A page of the tenant's consent types, newest first, each with its newest version.
    pub async fn list_with_latest(
        &self,
        tenant: Tenant,
        page: &PageRequest,
    ) -> Result<Page<(ConsentType, ConsentTypeVersion)>, Error> {
        let Page { items: types, next } = self.list(tenant, page).await?;
        let latest = types.iter().map(|consent_type| (consent_type.id, consent_type.latest_version));
        let versions = self.versions(tenant, latest).await?;
        let mut versions: HashMap<Uuid, ConsentTypeVersion> =
            versions.into_iter().map(|version| (version.consent_catalog_id, version)).collect();
        // A type that was deleted in the meantime has no version.
        let items = types
            .into_iter()
            .filter_map(|consent_type| versions.remove(&consent_type.id).map(|version| (consent_type, version)));
        Ok(Page { items: items.collect(), next })
    }

    /// A consent type.
    pub async fn get(&self, tenant: Tenant, id: Uuid) -> Result<ConsentType, Error> {
        self.database
            .get(&self.table, &type_key(tenant, id))
            .await?
            .ok_or_else(|| DomainError::NotFound(ResourceKind::ConsentType).into())
    }

    /// Edits a consent type that is in an expected state. A patch that changes nothing
    /// writes nothing.
    pub async fn update(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        id: Uuid,
        patch: &ConsentTypePatch,
        expected: &ExpectedState,
    ) -> Result<ConsentType, Error> {
        let consent_type = self.get(tenant, id).await?;
        expected.require(&consent_type.tag())?;
        let next = consent_type.patched(patch);
        if next == consent_type {
            return Ok(next);
        }
        let mut change = Change::of(type_key(tenant, id))
            .when(REVISION, &consent_type.revision)?
            .set(REVISION, &next.revision)?
            .set("title", &next.title)?;
        if let Some(description) = &next.description {
            change = change.set("description", description)?;
        }
        // The response shows the latest version, so that must not have changed.
        let change = change.when(LATEST_VERSION, &consent_type.latest_version)?;
        unit.update(&self.table, change, Error::Stale);
        Ok(next)
    }

    /// Deletes a consent type that no end user has consented to, with its versions
    /// and its category, subcategory and label. If it has more versions than one
    /// transaction can delete, the oldest are left: without the type nothing reads
    /// them.
    pub async fn delete(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        id: Uuid,
        expected: &ExpectedState,
    ) -> Result<(), Error> {
        let tenant = actor.tenant;
        let consent_type = self.get(tenant, id).await?;
        expected.require(&consent_type.tag())?;
        let latest = consent_type.latest_version;
        let unchanged = Change::of(type_key(tenant, id))
            .when(LATEST_VERSION, &latest)?
            .when(REVISION, &consent_type.revision)?
            .when_absent(EARLIER_USED);
        let listed = Change::of(self.listing(tenant).await?.key(&consent_type.position));
        unit.delete(&self.table, unchanged, Error::Stale).delete(&self.table, listed, Error::Stale);
        if let Some(placement) = &consent_type.placement {
            let placed = Change::of(placement_key(tenant, placement));
            unit.delete(&self.table, placed, Error::Stale);
        }
        let versions: Vec<VersionNumber> = latest.and_earlier().collect();
        let (newest, oldest) = versions.split_at_checked(DELETED_AT_ONCE).unwrap_or((&versions, &[]));
        let read = async |versions: &[VersionNumber]| -> Result<Vec<ConsentTypeVersion>, Error> {
            let keys: Vec<Key> = versions.iter().map(|version| version_key(tenant, id, *version)).collect();
            self.database.get_all(&self.table, &keys).await
        };
        let (newest, oldest) = try_join(read(newest), read(oldest)).await?;
        if newest.iter().chain(&oldest).any(|version| version.is_used) {
            return Err(DomainError::ConsentTypeInUse.into());
        }
        for version in newest {
            let unused = Change::of(key_of(tenant, &version)).when(IS_USED, &false)?.when(CHAIN, &version.chain)?;
            unit.delete(&self.table, unused, Error::Stale);
            self.with_event(unit, actor, version, "catalog_version.deleted")?;
        }
        Ok(())
    }

    /// Appends an event to a version's trail and returns the version with the new chain.
    fn with_event(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        version: ConsentTypeVersion,
        action: &'static str,
    ) -> Result<ConsentTypeVersion, Error> {
        let subject_key = subject_key_of(&version);
        let append = AuditAppend { actor, subject_key: &subject_key, chain: &version.chain, kept_until: None };
        let chain = self.trails.append(unit, &append, &[version.written(action)])?;
        Ok(ConsentTypeVersion { chain, ..version })
    }

    /// The list of the tenant's consent types.
    pub(super) async fn listing(&self, tenant: Tenant) -> Result<Listing<'_>, Error> {
        Listing::of_tenant(&self.database, &self.table, tenant, &["types"]).await
    }

    /// Adds a version. Its number follows the newest version's.
    pub async fn create_version(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        id: Uuid,
        text: &VersionText,
    ) -> Result<ConsentTypeVersion, Error> {
        let tenant = actor.tenant;
        let consent_type = self.get(tenant, id).await?;
        let latest = consent_type.latest_version;
        let version = version_of(&consent_type, latest.next(), text, unit.context().now);
        let renumbered =
            Change::of(type_key(tenant, id)).when(LATEST_VERSION, &latest)?.set(LATEST_VERSION, &version.version)?;
        let superseded = Change::of(version_key(tenant, id, latest)).set(IS_LATEST, &false)?;
        let version = self.with_event(unit, actor, version, "catalog_version.created")?;
        unit.update(&self.table, renumbered, Error::Stale).update(&self.table, superseded, Error::Stale).create(
            &self.table,
            &key_of(tenant, &version),
            &version,
            Error::Stale,
        )?;
        Ok(version)
    }

    /// A version of a consent type that exists.
    pub async fn version(&self, tenant: Tenant, id: Uuid, version: VersionNumber) -> Result<ConsentTypeVersion, Error> {
        let (type_key, version_key) = (type_key(tenant, id), version_key(tenant, id, version));
        let consent_type = self.database.get::<ConsentType>(&self.table, &type_key);
        let version = self.database.get(&self.table, &version_key);
        match try_join(consent_type, version).await? {
            (Some(_), Some(version)) => Ok(version),
            _ => Err(DomainError::NotFound(ResourceKind::ConsentTypeVersion).into()),
        }
    }

    /// Changes the text of a version that is in an expected state and that nobody has
    /// consented to. The check and the change are one conditional write.
    pub async fn update_version(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        id: Uuid,
        version: VersionNumber,
        patch: &VersionPatch,
        expected: &ExpectedState,
    ) -> Result<ConsentTypeVersion, Error> {
        let tenant = actor.tenant;
        let next = self.version(tenant, id, version).await?.patched(patch, expected)?;
        let next = self.with_event(unit, actor, next, "catalog_version.updated")?;
        let mut change = Change::of(version_key(tenant, id, version))
            .when(IS_USED, &false)?
            .when(REVISION, &(next.revision - 1))?
            .set(REVISION, &next.revision)?
            .set(CHAIN, &next.chain)?
            .set("url", &next.url)?;
        if let Some(description) = &next.description {
            change = change.set("description", description)?;
        }
        // If the version was used or edited meanwhile, the request starts again and finds that.
        unit.update(&self.table, change, Error::Stale);
        Ok(next)
    }

    /// The existing consent types among these ids.
    async fn types(&self, tenant: Tenant, ids: &[Uuid]) -> Result<Vec<ConsentType>, Error> {
        let keys: Vec<Key> = ids.iter().map(|id| type_key(tenant, *id)).collect();
        self.database.get_all(&self.table, &keys).await
    }

    /// The same, as they were at most five seconds ago.
    pub(crate) async fn recent_types(
        &self,
        tenant: Tenant,
        ids: &[Uuid],
        context: &RequestContext,
    ) -> Result<Vec<ConsentType>, Error> {
        let (mut types, mut unknown) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            match self.cached.types.get_for(&type_key(tenant, *id), context) {
                Some(consent_type) => types.push(consent_type),
                None => unknown.push(*id),
            }
        }
        for consent_type in self.types(tenant, &unknown).await? {
            let (key, size) = (type_key(tenant, consent_type.id), weight_of(&consent_type));
            self.cached.types.put(key, consent_type.clone(), size, context.now);
            types.push(consent_type);
        }
        Ok(types)
    }

    /// Whether a version is known to be used. One that is not known may be used too.
    pub(crate) fn is_used(&self, tenant: Tenant, id: Uuid, version: VersionNumber) -> bool {
        self.cached.used.get(&version_key(tenant, id, version)).is_some()
    }

    /// The existing versions among these, each named by its consent type's id and its
    /// number. No two may be the same.
    pub(crate) async fn versions(
        &self,
        tenant: Tenant,
        versions: impl IntoIterator<Item = (Uuid, VersionNumber)>,
    ) -> Result<Vec<ConsentTypeVersion>, Error> {
        let keys: Vec<Key> = versions.into_iter().map(|(id, version)| version_key(tenant, id, version)).collect();
        let versions: Vec<ConsentTypeVersion> = self.database.get_all(&self.table, &keys).await?;
        for version in versions.iter().filter(|version| version.is_used) {
            self.cached.used.put(key_of(tenant, version), (), 0);
        }
        Ok(versions)
    }

    /// The consent types that had these categories, subcategories and labels at most
    /// five seconds ago.
    pub(crate) async fn recent_placed(
        &self,
        tenant: Tenant,
        placements: Vec<Placement>,
        context: &RequestContext,
    ) -> Result<Vec<(Placement, Uuid)>, Error> {
        let (mut placed, mut unknown) = (Vec::with_capacity(placements.len()), Vec::new());
        for placement in placements {
            let key = placement_key(tenant, &placement);
            match self.cached.placed.get_for(&key, context) {
                Some(id) => placed.push((placement, id)),
                None => unknown.push(key),
            }
        }
        for PlacementItem { id, placement } in self.database.get_all(&self.table, &unknown).await? {
            self.cached.placed.put(placement_key(tenant, &placement), id, 0, context.now);
            placed.push((placement, id));
        }
        Ok(placed)
    }

    /// Marks versions as used, on condition that none has changed since it was read.
    /// The last entry of a version's trail records this and is part of the version's
    /// own item, so that the first uses of 25 versions, their events and a stored
    /// response fit in one transaction.
    pub(crate) fn mark_used(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        versions: &[ConsentTypeVersion],
    ) -> Result<(), Error> {
        let earlier: HashSet<Uuid> =
            versions.iter().filter(|version| !version.is_latest).map(|version| version.consent_catalog_id).collect();
        for id in earlier {
            let used = Change::of(type_key(actor.tenant, id)).set(EARLIER_USED, &true)?;
            unit.update(&self.table, used, Error::Stale);
        }
        versions.iter().try_for_each(|version| self.mark_one_used(unit, actor, version))
    }

    fn mark_one_used(&self, unit: &mut UnitOfWork, actor: Actor, version: &ConsentTypeVersion) -> Result<(), Error> {
        let subject_key = subject_key_of(version);
        let append = AuditAppend { actor, subject_key: &subject_key, chain: &version.chain, kept_until: None };
        let event = AuditEvent::new("catalog_version.first_used");
        let (chain, entry) = audit_trails::next(&append, &event, unit.context())?;
        let used = Change::of(key_of(actor.tenant, version))
            .when(IS_LATEST, &version.is_latest)?
            .when(CHAIN, &version.chain)?
            .set(CHAIN, &chain)?
            .set("lastEntry", &entry.text)?
            .set(IS_USED, &true)?;
        unit.update(&self.table, used, Error::Stale);
        Ok(())
    }
}

/// A version's trail has no personal data, so it needs no data key.
fn subject_key_of(version: &ConsentTypeVersion) -> SubjectKey {
    SubjectKey { subject: Subject::catalog_version(version.consent_catalog_id, version.version), key: None }
}

fn version_of(
    consent_type: &ConsentType,
    version: VersionNumber,
    text: &VersionText,
    now: Timestamp,
) -> ConsentTypeVersion {
    ConsentTypeVersion {
        consent_catalog_id: consent_type.id,
        version,
        kind: consent_type.kind,
        url: text.url.clone(),
        description: text.description.clone(),
        is_used: false,
        is_latest: true,
        revision: 0,
        created_at: now,
        chain: Chain::default(),
    }
}

pub(super) fn type_key(tenant: Tenant, id: Uuid) -> Key {
    Key::of_tenant(tenant, &[&id.to_string()], &["type"])
}

fn key_of(tenant: Tenant, version: &ConsentTypeVersion) -> Key {
    version_key(tenant, version.consent_catalog_id, version.version)
}

pub(super) fn version_key(tenant: Tenant, id: Uuid, version: VersionNumber) -> Key {
    Key::of_tenant(tenant, &[&id.to_string(), "version", &version.to_string()], &["version"])
}

pub(super) fn placement_key(tenant: Tenant, placement: &Placement) -> Key {
    let Placement { category, subcategory, label } = placement;
    let partition = ["placement", category.as_str(), subcategory.as_str(), label.as_str()];
    Key::of_tenant(tenant, &partition, &["placement"])
}

//! Consent events, under the end user they are about, sorted by time.

use crate::{
    domain::{
        FieldFault, Occasion, Tenant, Timestamp,
        consent_catalog::{ConsentType, Placement, VersionNumber},
        consent_event::{ConsentEvent, ConsentTypeName, EventDraft, EventUser, refuse_unknown, require_valid_state},
    },
    store::{
        ConsentCatalog, Database, Error,
        database::table,
        key::Key,
        transaction::{Transaction, until_current},
    },
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The consent events.
#[derive(Clone)]
pub struct ConsentEvents {
    database: Database,
    table: String,
}

impl ConsentEvents {
    /// The table that `CONSENT_EVENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("CONSENT_EVENTS_TABLE", "ConsentEventsTable") }
    }

    /// Records events, all or none. Each binds the newest version of its
    /// consent type. The first event for a version marks it as used, which
    /// ends its edits; the later ones need not touch it, so that the visitors
    /// of a busy site do not meet on one item.
    pub async fn create(
        &self,
        (tenant, project): (Tenant, Uuid),
        drafts: &[EventDraft],
        user: &EventUser,
        catalog: &ConsentCatalog,
        occasion: Occasion<'_>,
    ) -> Result<Vec<ConsentEvent>, Error> {
        until_current(async || {
            let types = named_types(catalog, tenant, drafts).await?;
            let mut faults = Vec::new();
            let mut events = Vec::with_capacity(drafts.len());
            for ((place, draft), id) in drafts.iter().enumerate().zip(sorted_ids(drafts.len(), occasion)) {
                let Some(consent_type) = types.get(&draft.consent_type) else {
                    faults.push(absent(place, &draft.consent_type));
                    continue;
                };
                match require_valid_state(place, draft.consent_state, consent_type) {
                    Ok(()) => events.push(event(id, project, draft, consent_type, user, occasion.now)),
                    Err(fault) => faults.push(fault),
                }
            }
            refuse_unknown(faults)?;
            let mut transaction = Transaction::new(occasion);
            for (id, version) in unused(catalog, tenant, &types).await? {
                transaction = catalog.use_in(transaction, tenant, id, version)?;
            }
            for event in &events {
                transaction = transaction.create_fresh(&self.table, &key(tenant, event), event)?;
            }
            transaction.commit(&self.database).await?;
            Ok(events)
        })
        .await
    }
}

/// The newest versions that nobody has consented to yet.
async fn unused(
    catalog: &ConsentCatalog,
    tenant: Tenant,
    types: &HashMap<ConsentTypeName, ConsentType>,
) -> Result<Vec<(Uuid, VersionNumber)>, Error> {
    // A type may go by two names, and a transaction names an item once.
    let different: HashMap<Uuid, ConsentType> =
        types.values().map(|consent_type| (consent_type.id, consent_type.clone())).collect();
    let different: Vec<ConsentType> = different.into_values().collect();
    let versions = catalog.latest(tenant, &different).await?;
    if versions.iter().any(|version| !version.is_latest) {
        return Err(Error::Stale);
    }
    let unused = versions.into_iter().filter(|version| !version.is_used);
    Ok(unused.map(|version| (version.consent_catalog_id, version.version)).collect())
}

/// The consent types that the drafts name.
async fn named_types(
    catalog: &ConsentCatalog,
    tenant: Tenant,
    drafts: &[EventDraft],
) -> Result<HashMap<ConsentTypeName, ConsentType>, Error> {
    let names: HashSet<&ConsentTypeName> = drafts.iter().map(|draft| &draft.consent_type).collect();
    let mut placements: Vec<Placement> = Vec::new();
    let mut ids: HashSet<Uuid> = HashSet::new();
    for name in names {
        match name {
            ConsentTypeName::Id(id) => {
                ids.insert(*id);
            }
            ConsentTypeName::Placement(placement) => placements.push(placement.clone()),
        }
    }
    let placed = catalog.placed(tenant, &placements).await?;
    ids.extend(placed.iter().map(|(_, id)| *id));
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut types = HashMap::new();
    for consent_type in catalog.types(tenant, &ids).await? {
        for (placement, _) in placed.iter().filter(|(_, id)| *id == consent_type.id) {
            types.insert(ConsentTypeName::Placement(placement.clone()), consent_type.clone());
        }
        types.insert(ConsentTypeName::Id(consent_type.id), consent_type);
    }
    Ok(types)
}

/// Ids of one moment that sort as the items they are for.
fn sorted_ids(count: usize, occasion: Occasion<'_>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = (0..count).map(|_| occasion.sortable_uuid()).collect();
    ids.sort_unstable();
    ids
}

fn absent(place: usize, name: &ConsentTypeName) -> FieldFault {
    match name {
        ConsentTypeName::Id(_) => {
            FieldFault::new(format!("items[{place}].consentType"), "names a consent type that does not exist")
        }
        ConsentTypeName::Placement(_) => {
            FieldFault::new(format!("items[{place}].label"), "no consent type has this category, subcategory and label")
        }
    }
}

fn event(
    id: Uuid,
    project: Uuid,
    draft: &EventDraft,
    consent_type: &ConsentType,
    user: &EventUser,
    now: Timestamp,
) -> ConsentEvent {
    ConsentEvent {
        id,
        concord_id: user.concord_id,
        project,
        consent_type: consent_type.id,
        placement: consent_type.placement.clone(),
        version: consent_type.latest_version,
        consent_state: draft.consent_state,
        consent_action: draft.consent_action,
        consent_date: now,
        expiration_date: consent_type.consent_duration.after(now),
        session: user.session.clone(),
        submitter: user.submitter,
    }
}

fn key(tenant: Tenant, event: &ConsentEvent) -> Key {
    let partition = [event.project.to_string(), event.concord_id.to_string()];
    let partition: Vec<&str> = partition.iter().map(String::as_str).collect();
    Key::of_tenant(tenant, &partition, &["event", &event.id.to_string()])
}

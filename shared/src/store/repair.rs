//! What holds between the items of all tables, and what is done where it does not: after a restore, whose tables are not
//! of exactly the same moment, a transaction may be there by half. Only an operator's command uses it: it scans.
//!
//! These are all invariants. An item that may be removed, because its time has passed, needs nothing.
//!
//! | item | what must be there | if not |
//! |---|---|---|
//! | record, grant, session, grievance, erasure request, version of a consent type, delivery | its trail: as many valid entries as its chain says, the last one being the chain's head | the chain goes to the last entry of a trail that is valid throughout; what entries beyond the chain say of a record or a grant (withdrawn, renewed, revoked) is done to it |
//! | record, grant, session, grievance that names a person | its data key, unless a withdrawal deleted it | named: the person was erased since, so the erasure has to be repeated |
//! | record | its details, its notice, its grant; its entries in the lists of the tenant and of the person, as the record says | the entries are written again, the rest is named |
//! | grant | its ancestors; its entries in both lists | the same |
//! | session, export that names a person | its entry in the person's list | written again |
//! | grievance | its entries in both lists | written again |
//! | consent type | its versions, its place in the catalog, its entry in the list | place and entry are written again |
//! | notice in a language | its version, its content, its address, its entries in both lists | all but version and content are written again |
//! | project that is not deleted | its site, its entry in the list | written again |
//! | recipient | its entry in the register, and its secret if it is called by webhooks; the count of current ones | entry and count are written again |
//! | event of a site's visitor | the latest events in the visitor's own item, and its report | both are written again |
//! | event | the audit entry with its number, of each subject that it names | named |
//! | audit entry | its subject, and the event that it names | named |
//! | delivery | its event, for a year | named |
//! | how many shards a list has | nothing: without it, the list has one | its entries are written again, in that shard; the events are named as missing, for their feed is where they are |
//! | an entry of a list, and what leads from one item to another | the item that it leads to, which names the person of the list | deleted, unless it is all that is left of a project or a recipient |

use crate::{
    domain::{
        RequestContext, Tenant, Timestamp,
        audit::{Chain, ChainName, Subject, SubjectKey, verify},
        consent_catalog::{ConsentType, ConsentTypeVersion},
        consent_notice::{NoticeStatus, NoticeSummary, PurposeCode, RegisteredNotice},
        consent_record::{ConsentRecord, PURPOSES_WITHDRAWN, RENEWED, WITHDRAWN},
        delivery::Delivery,
        dpdp_session::Session,
        erasure::ErasureRequest,
        event::Event,
        grant::Grant,
        grievance::Grievance,
        identifiers::{
            DeliveryId, ErasureRequestId, EventId, ExportId, GrantId, GrievanceId, PrincipalId, RecordId, parse_uuid,
        },
        json,
        project::Project,
        recipient::{DatedRecipient, Recipient},
    },
    store::{
        AuditTrails, ConsentCatalog, ConsentNotices, ConsentRecords, Database, Error, ItemKey, Projects, Recipients,
        SiteUser, SiteUsers, UnitOfWork,
        audit_trails::{self, DAYS_BEYOND, EntryItem},
        change::Change,
        consent_catalog::{self, PlacementItem, TypePointer},
        consent_notices::{self, AddressItem, NoticeItem, VersionEntry},
        consent_records::{self, CHAIN},
        database::{Item, REMOVABLE_AT, Removal, failure, from_item},
        deliveries,
        dpdp_sessions::{self, SessionItem, SessionPointer},
        erasure_requests::{self, LastRequest},
        events::{FEED, StoredEvent},
        exports::{self, ExportItem},
        grants::{self, REVOKED, REVOKED_AT},
        grievances::{self, GrievanceItem},
        key::{Key, SORT},
        listing::{Listing, Pointer, Summarised, of_principal},
        projects, recipients,
        site_users::{CalledItem, EventItem, ReportItem, UserItem, of_project},
        withdrawals::{self, InProgress},
        write::ATTEMPT,
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;

/// The variables that name the tables of which something is required.
const TABLES: [&str; 15] = [
    RECORDS,
    GRANTS,
    SESSIONS,
    GRIEVANCES,
    EXPORTS,
    ERASURES,
    WITHDRAWALS,
    CATALOG,
    NOTICES,
    PROJECTS,
    SITE_EVENTS,
    RECIPIENTS,
    EVENTS,
    DELIVERIES,
    ENTRIES,
];
const RECORDS: &str = "CONSENT_RECORDS_TABLE";
const GRANTS: &str = "GRANTS_TABLE";
const SESSIONS: &str = "DPDP_SESSIONS_TABLE";
const GRIEVANCES: &str = "GRIEVANCES_TABLE";
const EXPORTS: &str = "EXPORTS_TABLE";
const ERASURES: &str = "ERASURE_REQUESTS_TABLE";
const WITHDRAWALS: &str = "WITHDRAWALS_TABLE";
const CATALOG: &str = "CONSENT_CATALOG_TABLE";
const NOTICES: &str = "CONSENT_NOTICES_TABLE";
const PROJECTS: &str = "PROJECTS_TABLE";
const SITE_EVENTS: &str = "CONSENT_EVENTS_TABLE";
const RECIPIENTS: &str = "RECIPIENTS_TABLE";
const EVENTS: &str = "EVENTS_TABLE";
const DELIVERIES: &str = "DELIVERIES_TABLE";
const ENTRIES: &str = "AUDIT_ENTRIES_TABLE";
/// The tables with lists of persons.
const OF_PERSONS: [&str; 6] = [RECORDS, GRANTS, SESSIONS, GRIEVANCES, EXPORTS, SITE_EVENTS];
/// For how many days an event is kept at least.
const EVENT_KEPT: i64 = 365;
const DAY: i64 = 24 * 60 * 60;
/// How often what was found is examined again.
const LOOKS: usize = 3;

/// Examines all items, and mends what can be mended.
pub struct Repair {
    database: Database,
    context: RequestContext,
    trails: AuditTrails,
    records: ConsentRecords,
    catalog: ConsentCatalog,
    notices: ConsentNotices,
    projects: Projects,
    recipients: Recipients,
    users: SiteUsers,
}

/// Something that does not hold. It names no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What it is.
    pub what: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It can be mended.
    Mendable,
    /// It was mended.
    Mended,
    /// It is left: only a person can decide what is true.
    Left,
}

struct Found {
    what: String,
    mend: Option<UnitOfWork>,
}

/// What an entry of a list has, with the time after which it is removed.
#[derive(Serialize)]
struct Kept<T> {
    #[serde(flatten)]
    item: T,
    #[serde(flatten)]
    removal: Option<Removal>,
}

/// A subject of a trail: its item, and the chain in it.
struct Chained<'a> {
    tenant: Tenant,
    subject: Subject,
    table: &'a str,
    key: Key,
    chain: &'a Chain,
    /// The last entry, if the item has it.
    last: Option<Value>,
    /// Whether it names a person.
    names: bool,
}

/// A chain, compared with its trail.
enum Head {
    Fits,
    /// The trail ends before the chain, as this one does.
    Ahead(Chain),
    /// The trail goes on after the chain, up to this one.
    Behind(Chain),
    /// The trail is not valid.
    Flawed(String),
}

/// What an entry of a record's trail says of its end.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ending {
    action: String,
    occurred_at: Timestamp,
    details: EndingDetails,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EndingDetails {
    #[serde(default)]
    purposes: Option<Vec<PurposeCode>>,
    #[serde(default)]
    denied_by: Option<RecordId>,
    #[serde(default)]
    renewed_by: Option<RecordId>,
}

impl Repair {
    /// Of the tables that the environment names, at this moment.
    pub fn new(database: &Database, context: RequestContext) -> Self {
        Self {
            database: database.clone(),
            context,
            trails: AuditTrails::new(database),
            records: ConsentRecords::new(database),
            catalog: ConsentCatalog::new(database),
            notices: ConsentNotices::new(database),
            projects: Projects::new(database),
            recipients: Recipients::new(database),
            users: SiteUsers::new(database),
        }
    }

    /// Examines all items, mends what can be mended if asked to, and reports each gap. What is found is examined some
    /// times more when the rest of the table has been, so that a change that was being made meanwhile is not taken for a
    /// gap.
    pub async fn run(&self, mend: bool, mut report: impl FnMut(Gap)) -> Result<(), Error> {
        for table in TABLES {
            let mut suspicious = Vec::new();
            // The entries of a trail follow each other, and are named once.
            let mut reported = String::new();
            let mut pages = self.pages(table);
            while let Some(page) = pages.next().await? {
                for item in page {
                    if !self.examine(table, &item).await?.is_empty() {
                        suspicious.extend(ItemKey::of(&item));
                    }
                }
            }
            for key in suspicious {
                for found in self.again(table, &key).await? {
                    if found.what != reported {
                        reported.clone_from(&found.what);
                        report(self.settle(found, mend).await?);
                    }
                }
            }
        }
        Ok(())
    }

    /// What is still found of an item.
    async fn again(&self, table: &str, key: &ItemKey) -> Result<Vec<Found>, Error> {
        let mut found = Vec::new();
        for _ in 0..LOOKS {
            let Some(item) = self.item(table, key).await? else { return Ok(Vec::new()) };
            found = self.examine(table, &item).await?;
            if found.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    async fn settle(&self, Found { what, mend }: Found, wanted: bool) -> Result<Gap, Error> {
        let outcome = match mend {
            None => Outcome::Left,
            Some(_) if !wanted => Outcome::Mendable,
            Some(unit) => {
                if unit.commit_if_current(&self.database).await? {
                    Outcome::Mended
                } else {
                    Outcome::Left
                }
            }
        };
        Ok(Gap { what, outcome })
    }

    fn pages(&self, table: &str) -> Pages {
        Pages { database: self.database.clone(), table: self.database.table(table), start: None, ended: false }
    }

    async fn item(&self, table: &str, key: &ItemKey) -> Result<Option<Item>, Error> {
        let text = |text: &String| AttributeValue::S(text.clone());
        let get = self.database.client().get_item().table_name(self.database.table(table)).consistent_read(true);
        let get = get.key(crate::store::key::PARTITION, text(&key.partition)).key(SORT, text(&key.sort));
        Ok(get.send().await.map_err(|error| failure(&error))?.item)
    }

    /// The persons of all lists, each once for each list, as (tenant, id).
    pub(crate) async fn persons(
        &self,
        mut each: impl AsyncFnMut(Tenant, PrincipalId) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for table in OF_PERSONS {
            let (mut pages, mut last) = (self.pages(table), String::new());
            while let Some(page) = pages.next().await? {
                for key in page.iter().filter_map(ItemKey::of) {
                    if key.partition == last {
                        continue;
                    }
                    if let Some((tenant, person)) = person_of(&key.partition) {
                        each(tenant, person).await?;
                    }
                    last = key.partition;
                }
            }
        }
        Ok(())
    }

    /// The items of the table of erasure requests that lead to the last request of a person, with these requests.
    pub(crate) async fn last_requests(&self) -> Result<Vec<(ItemKey, ErasureRequest)>, Error> {
        let (mut pages, mut last) = (self.pages(ERASURES), Vec::new());
        while let Some(page) = pages.next().await? {
            for item in page {
                let Some(key) = ItemKey::of(&item).filter(|key| key.sort == "last") else { continue };
                let Some(tenant) = tenant_of(&key.partition) else { continue };
                let LastRequest { request_id } = from_item(item)?;
                let request_key = erasure_requests::key(tenant, request_id);
                let request = self.database.get(&self.database.table(ERASURES), &request_key).await?;
                last.extend(request.map(|request| (key, request)));
            }
        }
        Ok(last)
    }

    async fn examine(&self, table: &str, item: &Item) -> Result<Vec<Found>, Error> {
        let Some(key) = ItemKey::of(item) else { return Ok(Vec::new()) };
        let removable_at = item.get(REMOVABLE_AT).and_then(|at| at.as_n().ok()?.parse::<i64>().ok());
        // The item of an entry is kept for some days longer than its subject.
        let ahead = if table == ENTRIES { i64::from(DAYS_BEYOND) * DAY } else { 0 };
        if removable_at.is_some_and(|at| at - ahead <= self.context.now.seconds()) {
            return Ok(Vec::new());
        }
        match Box::pin(self.gaps(table, &key, item)).await {
            // Their keys may name persons.
            Err(Error::NewerItem(version)) => {
                let what =
                    format!("{}: an item, or what it needs, is of version {version}", self.database.table(table));
                Ok(vec![Found { what, mend: None }])
            }
            Err(Error::Internal(_)) => {
                let what = format!("{}: an item, or what it needs, cannot be read", self.database.table(table));
                Ok(vec![Found { what, mend: None }])
            }
            found => found,
        }
    }

    async fn gaps(&self, table: &str, key: &ItemKey, item: &Item) -> Result<Vec<Found>, Error> {
        let parts: Vec<&str> = key.partition.split('#').collect();
        let (kind, tenant) = (key.sort.split('#').next().unwrap_or_default(), tenant_of(&key.partition));
        let listed = parts.get(1) == Some(&"list");
        match (table, kind, tenant) {
            (NOTICES, "address", None) => self.address(item, key).await,
            (PROJECTS, "site", None) => self.site(key, item).await,
            (_, position, Some(tenant)) if listed => Box::pin(self.entry(table, tenant, position, key, item)).await,
            (RECORDS, "record", Some(tenant)) => Box::pin(self.record(tenant, &decoded(item)?)).await,
            (RECORDS, "details", Some(tenant)) => {
                let id = RecordId::parse(parts.get(1).copied().unwrap_or_default());
                let record = id.map(|id| consent_records::key(tenant, id));
                self.needs(RECORDS, record.ok(), || "details of a consent record that is not there".to_owned()).await
            }
            (GRANTS, "grant", Some(tenant)) => Box::pin(self.grant(tenant, &decoded(item)?)).await,
            (SESSIONS, "session", Some(tenant)) => Box::pin(self.session(tenant, &decoded(item)?)).await,
            (GRIEVANCES, "grievance", Some(tenant)) => Box::pin(self.grievance(tenant, &decoded(item)?)).await,
            (EXPORTS, "export", Some(tenant)) => self.export(tenant, decoded(item)?).await,
            (ERASURES, "request", Some(tenant)) => self.erasure(tenant, &decoded(item)?).await,
            (ERASURES, "last", Some(tenant)) => {
                let LastRequest { request_id } = decoded(item)?;
                let what = format!("{request_id}: leads from a person to an erasure request that is not there");
                self.leads(ERASURES, &erasure_requests::key(tenant, request_id), key, what).await
            }
            (WITHDRAWALS, "in_progress", Some(tenant)) => {
                let InProgress { withdrawal_id } = decoded(item)?;
                let what = format!("{withdrawal_id}: leads from a person to a withdrawal that is not there");
                self.leads(WITHDRAWALS, &withdrawals::key(tenant, withdrawal_id), key, what).await
            }
            (CATALOG, "type", Some(tenant)) => self.consent_type(tenant, &decoded(item)?).await,
            (CATALOG, "version", Some(tenant)) => self.version(tenant, &decoded(item)?, item).await,
            (CATALOG, "placement", Some(tenant)) => {
                let PlacementItem { id, .. } = decoded(item)?;
                let what = format!("consent type {id}: its place in the catalog is taken, and it is not there");
                self.leads(CATALOG, &consent_catalog::type_key(tenant, id), key, what).await
            }
            (NOTICES, "notice", Some(tenant)) => {
                let NoticeItem { latest_version, first_language } = decoded(item)?;
                let id = unescaped(parts.get(1).copied().unwrap_or_default());
                let translation = crate::domain::consent_notice::NoticeId::parse(&id).ok();
                let key = translation
                    .map(|id| consent_notices::translation_key_of(tenant, &id, &latest_version, &first_language));
                self.needs(NOTICES, key, || format!("notice {id}: its newest version {latest_version} is not there"))
                    .await
            }
            (NOTICES, "translation", Some(tenant)) => Box::pin(self.notice(tenant, &decoded(item)?)).await,
            (PROJECTS, "project", Some(tenant)) => self.project(tenant, &decoded(item)?).await,
            (RECIPIENTS, "recipient", Some(tenant)) => self.recipient(tenant, &decoded(item)?).await,
            (RECIPIENTS, "count", Some(tenant)) => self.count(tenant).await,
            (SITE_EVENTS, "event", Some(tenant)) if key.sort != "event" => {
                self.site_event(tenant, decoded(item)?).await
            }
            (SITE_EVENTS, "called", Some(tenant)) => {
                let CalledItem { user_id, position } = decoded(item)?;
                let entry = self.users.entry(tenant, user_id.as_str(), &position);
                let what = "a site's visitor: the organisation's id for them leads nowhere".to_owned();
                self.leads(SITE_EVENTS, &entry, key, what).await
            }
            (ENTRIES, "entry", Some(tenant)) => self.audit_entry(tenant, &parts, &decoded(item)?).await,
            _ => Ok(Vec::new()),
        }
    }

    async fn record(&self, tenant: Tenant, record: &ConsentRecord) -> Result<Vec<Found>, Error> {
        let (id, table) = (record.record_id, self.database.table(RECORDS));
        let position = id.to_string();
        let details = Some(consent_records::details_key(tenant, id));
        let mut found = self.needs(RECORDS, details, || format!("{id}: its details are not there")).await?;
        if let Some(grant_id) = record.grant_id {
            let grant = Some(grants::key(tenant, grant_id));
            found.extend(self.needs(GRANTS, grant, || format!("{id}: its grant {grant_id} is not there")).await?);
        }
        let notice = consent_notices::translation_key_of(
            tenant,
            &record.consent_notice_id,
            &record.consent_notice_version,
            &record.consent_notice_language,
        );
        let what = || {
            let (notice, version) = (&record.consent_notice_id, &record.consent_notice_version);
            format!("{id}: its notice {notice}, version {version}, is not there")
        };
        found.extend(self.needs(NOTICES, Some(notice), what).await?);
        let removal = Some(Removal::after(record.retention_until));
        let all = Listing::of_tenant(&self.database, &table, tenant, consent_records::ALL).await?.key(&position);
        found.extend(self.listed(&table, &all, Pointer {}, removal, &position).await?);
        if let Some(person) = &record.data_principal_id {
            let entry = Listing::of_one(&table, tenant, &of_principal(person)).key(&position);
            let summary = Summarised { summary: Some(record.summary()) };
            found.extend(self.listed(&table, &entry, summary, removal, &position).await?);
        }
        let (subject, key) = (Subject::record(id), consent_records::key(tenant, id));
        let names = record.data_principal_id.is_some();
        let chained = Chained { tenant, subject, table: &table, key, chain: &record.chain, last: None, names };
        let ends = |unit: &mut UnitOfWork, chain: &Chain, beyond: &[Value]| {
            let after = beyond.iter().try_fold(record.clone(), |record, entry| ended(&record, entry))?;
            self.records.change(unit, tenant, record, &ConsentRecord { chain: chain.clone(), ..after })
        };
        found.extend(self.trail(chained, ends).await?);
        Ok(found)
    }

    async fn grant(&self, tenant: Tenant, grant: &Grant) -> Result<Vec<Found>, Error> {
        let (id, table) = (grant.grant_id, self.database.table(GRANTS));
        let (position, mut found) = (id.to_string(), Vec::new());
        for ancestor in &grant.ancestors {
            let key = Some(grants::key(tenant, *ancestor));
            found.extend(self.needs(GRANTS, key, || format!("{id}: its ancestor {ancestor} is not there")).await?);
        }
        let all = Listing::of_tenant(&self.database, &table, tenant, grants::ALL).await?.key(&position);
        found.extend(self.listed(&table, &all, Pointer {}, None, &position).await?);
        if let Some(person) = &grant.principal_id {
            let entry = Listing::of_one(&table, tenant, &of_principal(person)).key(&position);
            let summary = Summarised { summary: Some(grant.summary()) };
            found.extend(self.listed(&table, &entry, summary, None, &position).await?);
        }
        let (subject, key, names) = (Subject::grant(id), grants::key(tenant, id), grant.principal_id.is_some());
        let chained = Chained { tenant, subject, table: &table, key, chain: &grant.chain, last: None, names };
        let ends = |unit: &mut UnitOfWork, chain: &Chain, beyond: &[Value]| {
            let mut change = rechained(&grants::key(tenant, id), &grant.chain, chain)?;
            let revoked = beyond.iter().filter(|entry| action(entry) == REVOKED);
            let at = revoked.filter_map(|entry| Ending::deserialize(entry).ok()).map(|entry| entry.occurred_at).next();
            if let Some(at) = at.filter(|_| grant.revoked_at.is_none()) {
                change = change.set(REVOKED_AT, &at)?;
                if let Some(person) = &grant.principal_id {
                    let entry = Listing::of_one(&table, tenant, &of_principal(person)).key(&position);
                    let summary = Grant { revoked_at: Some(at), ..grant.clone() }.summary();
                    unit.update(&table, Change::of_any(entry).set("summary", &summary)?, Error::Stale);
                }
            }
            unit.update(&table, change, Error::Stale);
            Ok(())
        };
        found.extend(self.trail(chained, ends).await?);
        Ok(found)
    }

    async fn session(&self, tenant: Tenant, item: &SessionItem) -> Result<Vec<Found>, Error> {
        let session: Session = text(&item.session)?;
        let (id, table, mut found) = (session.session_id, self.database.table(SESSIONS), Vec::new());
        let person = session.data_principal_id.as_ref().filter(|_| !item.erased);
        if let Some(person) = person {
            let named = of_principal(person);
            let list = Listing::of_one(&table, tenant, &named);
            let entries = list.read_all::<SessionPointer>(&self.database).await?;
            if !entries.iter().any(|entry| entry.item.session_id == id) {
                let mut unit = UnitOfWork::new(&self.context);
                let position = list.key(&self.context.ulid().to_string());
                unit.create_new(&table, &position, &SessionPointer { session_id: id })?;
                found.push(Found { what: format!("session {id}: not in its person's list"), mend: Some(unit) });
            }
        }
        let (subject, key) = (Subject::session(id), dpdp_sessions::key(tenant, id));
        let names = person.is_some();
        let chained = Chained { tenant, subject, table: &table, key, chain: &item.chain, last: None, names };
        found.extend(
            self.trail(chained, Self::chain_alone(&table, &dpdp_sessions::key(tenant, id), &item.chain)).await?,
        );
        Ok(found)
    }

    async fn grievance(&self, tenant: Tenant, item: &GrievanceItem) -> Result<Vec<Found>, Error> {
        let Grievance { summary, .. } = text(&item.grievance)?;
        let (id, table) = (summary.grievance_id, self.database.table(GRIEVANCES));
        let (position, names) = (id.to_string(), summary.data_principal_id.is_some());
        let all = Listing::of_tenant(&self.database, &table, tenant, grievances::ALL).await?.key(&position);
        let mut found = self.listed(&table, &all, &summary, None, &position).await?;
        if let Some(person) = &summary.data_principal_id {
            let entry = Listing::of_one(&table, tenant, &of_principal(person)).key(&position);
            found.extend(self.listed(&table, &entry, &summary, None, &position).await?);
        }
        let (subject, key) = (Subject::grievance(id), grievances::key(tenant, id));
        let chained = Chained { tenant, subject, table: &table, key, chain: &item.chain, last: None, names };
        found.extend(self.trail(chained, Self::chain_alone(&table, &grievances::key(tenant, id), &item.chain)).await?);
        Ok(found)
    }

    async fn export(&self, tenant: Tenant, ExportItem { export, removal }: ExportItem) -> Result<Vec<Found>, Error> {
        let Some(person) = &export.question.data_principal_id else { return Ok(Vec::new()) };
        let (table, position) = (self.database.table(EXPORTS), export.export_id.to_string());
        let entry = Listing::of_one(&table, tenant, &of_principal(person)).key(&position);
        self.listed(&table, &entry, Pointer {}, Some(removal), &position).await
    }

    async fn erasure(&self, tenant: Tenant, request: &ErasureRequest) -> Result<Vec<Found>, Error> {
        let (table, key) = (self.database.table(ERASURES), erasure_requests::key(tenant, request.request_id));
        let subject = Subject::erasure(request.request_id);
        let ends = Self::chain_alone(&table, &key, &request.chain);
        let (key, chain) = (key.clone(), &request.chain);
        self.trail(Chained { tenant, subject, table: &table, key, chain, last: None, names: false }, ends).await
    }

    async fn delivery(&self, tenant: Tenant, delivery: &Delivery) -> Result<Vec<Found>, Error> {
        let (table, key) = (self.database.table(DELIVERIES), deliveries::key(tenant, delivery.id));
        let mut found = Vec::new();
        // An event may be removed before its deliveries, but not sooner.
        if delivery.occurred_at.seconds() + EVENT_KEPT * DAY > self.context.now.seconds() {
            let event = self.event_key(tenant, delivery.event_id).await?;
            let what = || format!("{}: its event {} is not there", delivery.id, delivery.event_id);
            found.extend(self.needs(EVENTS, Some(event), what).await?);
        }
        let (subject, ends) = (Subject::delivery(delivery.id), Self::chain_alone(&table, &key, &delivery.chain));
        let (key, chain) = (key.clone(), &delivery.chain);
        let chained = Chained { tenant, subject, table: &table, key, chain, last: None, names: false };
        found.extend(self.trail(chained, ends).await?);
        Ok(found)
    }

    async fn consent_type(&self, tenant: Tenant, consent_type: &ConsentType) -> Result<Vec<Found>, Error> {
        let (id, latest, table) = (consent_type.id, consent_type.latest_version, self.database.table(CATALOG));
        let mut found = Vec::new();
        for version in latest.and_earlier() {
            let key = Some(consent_catalog::version_key(tenant, id, version));
            let what = || format!("consent type {id}: its version {version} is not there");
            found.extend(self.needs(CATALOG, key, what).await?);
        }
        let (name, entry) = (format!("consent type {id}"), self.catalog.listing(tenant).await?);
        found.extend(self.listed(&table, &entry.key(&consent_type.position), TypePointer { id }, None, &name).await?);
        if let Some(placement) = &consent_type.placement {
            let place = PlacementItem { id, placement: placement.clone() };
            found.extend(
                self.listed(&table, &consent_catalog::placement_key(tenant, placement), place, None, &name).await?,
            );
        }
        Ok(found)
    }

    async fn version(&self, tenant: Tenant, version: &ConsentTypeVersion, item: &Item) -> Result<Vec<Found>, Error> {
        let ConsentTypeVersion { consent_catalog_id: id, version: number, chain, .. } = version;
        let (table, key) = (self.database.table(CATALOG), consent_catalog::version_key(tenant, *id, *number));
        // The entry of its first use is in the item itself.
        let last = item.get("lastEntry").and_then(|entry| entry.as_s().ok());
        let last = last.map(|entry| json::parse(entry.as_bytes()).unwrap_or(Value::Null));
        let (subject, ends) = (Subject::catalog_version(*id, number), Self::chain_alone(&table, &key, chain));
        self.trail(Chained { tenant, subject, table: &table, key: key.clone(), chain, last, names: false }, ends).await
    }

    async fn notice(&self, tenant: Tenant, notice: &RegisteredNotice) -> Result<Vec<Found>, Error> {
        let (id, table) = (notice.id, self.database.table(NOTICES));
        let (position, named) = (id.to_string(), ["notice", notice.notice_id.as_str()]);
        let content = Some(consent_notices::content_key(tenant, notice));
        let mut found = self.needs(NOTICES, content, || format!("{id}: its content is not there")).await?;
        let version = Some(consent_notices::version_key(tenant, &notice.notice_id, &notice.version));
        found.extend(self.needs(NOTICES, version, || format!("{id}: its version is not there")).await?);
        if notice.status == NoticeStatus::Published {
            let newest = Some(consent_notices::notice_key(tenant, &notice.notice_id));
            found.extend(
                self.needs(NOTICES, newest, || format!("{id}: which version is the newest is not there")).await?,
            );
        }
        let all = self.notices.summaries(tenant).await?.key(&position);
        found.extend(self.listed(&table, &all, NoticeSummary::of(notice), None, &position).await?);
        let (version, language) = (notice.version.clone(), notice.language.clone());
        let own = consent_notices::versions(&table, tenant, &named).key(&position);
        let entry = VersionEntry { version: version.clone(), language: language.clone() };
        found.extend(self.listed(&table, &own, entry, None, &position).await?);
        let address = AddressItem { tenant, notice_id: notice.notice_id.clone(), version, language };
        found.extend(self.listed(&table, &consent_notices::address_key(id), address, None, &position).await?);
        Ok(found)
    }

    async fn address(&self, item: &Item, key: &ItemKey) -> Result<Vec<Found>, Error> {
        let AddressItem { tenant, notice_id, version, language } = decoded(item)?;
        let notice = consent_notices::translation_key_of(tenant, &notice_id, &version, &language);
        self.leads(NOTICES, &notice, key, format!("{}: the address of a notice that is not there", key.partition)).await
    }

    async fn project(&self, tenant: Tenant, project: &Project) -> Result<Vec<Found>, Error> {
        if project.deleted_at.is_some() {
            return Ok(Vec::new());
        }
        let (table, name) = (self.database.table(PROJECTS), format!("project {}", project.id));
        let entry = self.projects.entry(tenant, project).await?;
        let mut found = self.listed(&table, &entry, project, None, &name).await?;
        let site = projects::Site { tenant, domains: project.domains.clone() };
        found.extend(self.listed(&table, &projects::site_key(project.id), site, None, &name).await?);
        Ok(found)
    }

    async fn site(&self, key: &ItemKey, item: &Item) -> Result<Vec<Found>, Error> {
        let (projects::Site { tenant, .. }, Ok(id)) = (decoded(item)?, parse_uuid(&key.partition)) else {
            return Ok(Vec::new());
        };
        let project: Option<Project> =
            self.database.get(&self.database.table(PROJECTS), &projects::key(tenant, id)).await?;
        if project.is_some_and(|project| project.deleted_at.is_none()) {
            return Ok(Vec::new());
        }
        Ok(vec![self.superfluous(PROJECTS, key, format!("project {id}: its site is there, and it is not"))])
    }

    async fn recipient(&self, tenant: Tenant, dated: &DatedRecipient) -> Result<Vec<Found>, Error> {
        let (recipient, table) = (&dated.recipient, self.database.table(RECIPIENTS));
        let entry = self.recipients.entry(tenant, recipient);
        let mut found = self.listed(&table, &entry, recipient, None, &recipient.id.to_string()).await?;
        if recipient.profile.delivery.is_webhook() && recipient.ended_at.is_none() {
            let secret = Some(recipients::secrets_key(tenant, recipient.id));
            let what = || format!("{}: the secret of its webhooks is not there: rotate it", recipient.id);
            found.extend(self.needs(RECIPIENTS, secret, what).await?);
        }
        if recipient.ended_at.is_none() && !self.has(RECIPIENTS, &recipients::count_key(tenant)).await? {
            found.extend(self.count(tenant).await?);
        }
        Ok(found)
    }

    async fn count(&self, tenant: Tenant) -> Result<Vec<Found>, Error> {
        #[derive(Default, Deserialize)]
        struct Count {
            count: usize,
        }
        let (table, key) = (self.database.table(RECIPIENTS), recipients::count_key(tenant));
        let stored: Option<Count> = self.database.get(&table, &key).await?;
        let current = self.recipients.current(tenant).await?.len();
        if stored.as_ref().map_or(0, |stored| stored.count) == current {
            return Ok(Vec::new());
        }
        let mut unit = UnitOfWork::new(&self.context);
        let change = Change::of_any(key).when_still(recipients::COUNT, stored.as_ref().map(|stored| &stored.count))?;
        unit.update(&table, change.set(recipients::COUNT, &current)?, Error::Stale);
        let what = format!("recipients of tenant {tenant}: {current} are current, and another number is stored");
        Ok(vec![Found { what, mend: Some(unit) }])
    }

    async fn site_event(&self, tenant: Tenant, item: EventItem) -> Result<Vec<Found>, Error> {
        let EventItem { event, listed, removal } = item;
        let user = SiteUser { tenant, project: event.project, concord_id: event.concord_id };
        let own = self.users.own(user).await?;
        // An erasure that has begun is finished by its repeat.
        if own.erasure.is_some() {
            return Ok(Vec::new());
        }
        let (mut found, table) = (Vec::new(), self.database.table(SITE_EVENTS));
        if own.latest.get(&event.consent_type).is_none_or(|latest| *latest < event.id) {
            let mut unit = UnitOfWork::new(&self.context);
            if let Some(end) = Timestamp::from_milliseconds(removal.removable_at * 1_000) {
                self.users.make_latest(&mut unit, user, &own, [&event].into_iter(), end)?;
            }
            let what = format!("consent event {}: the visitor's own item does not have it", event.id);
            found.push(Found { what, mend: Some(unit) });
        }
        let project = event.project.to_string();
        let name = of_project(&project);
        let key = Listing::of_tenant(&self.database, &table, tenant, &name).await?.key(&listed);
        let report: Option<ReportItem> = self.database.get(&table, &key).await?;
        let reported = report.map(|report| report.events).unwrap_or_default();
        if !reported.contains(&event.id) {
            let mut events = reported.clone();
            events.push(event.id);
            events.sort_unstable();
            let mut unit = UnitOfWork::new(&self.context);
            let change =
                Change::of_any(key).when_still("events", Some(&reported).filter(|events| !events.is_empty()))?;
            let change = change.set("events", &events)?.set("concordId", &event.concord_id)?;
            unit.update(&table, change.set(REMOVABLE_AT, &removal.removable_at)?, Error::Stale);
            let what = format!("consent event {}: not in its project's list", event.id);
            found.push(Found { what, mend: Some(unit) });
        }
        Ok(found)
    }

    async fn event(&self, tenant: Tenant, stored: &StoredEvent) -> Result<Vec<Found>, Error> {
        let Event { id, record_id, grant_id, session_id, delivery_id, subject_sequence, records, .. } = &stored.event;
        let subject = record_id
            .map(Subject::record)
            .or(grant_id.map(Subject::grant))
            .or(session_id.map(Subject::session))
            .or(delivery_id.map(Subject::delivery));
        let of_records = records.iter().map(|record| (Subject::record(record.record_id), record.subject_sequence));
        let subjects = subject.map(|subject| (subject, *subject_sequence)).into_iter().chain(of_records);
        let mut found = Vec::new();
        for (subject, sequence) in subjects {
            let Some(sequence) = sequence else { continue };
            let key = audit_trails::entry_key(ChainName { tenant, subject: &subject }, sequence);
            let what = || format!("{id}: entry {sequence} of the trail of {subject}, which it tells of, is not there");
            found.extend(self.needs(ENTRIES, Some(key), what).await?);
        }
        Ok(found)
    }

    async fn audit_entry(&self, tenant: Tenant, parts: &[&str], item: &EntryItem) -> Result<Vec<Found>, Error> {
        let subject = unescaped(parts.get(1).copied().unwrap_or_default());
        let mut found = Vec::new();
        let (kind, id) = subject.split_once('/').unwrap_or((&subject, ""));
        let owner = match kind {
            "record" => RecordId::parse(id).ok().map(|id| (RECORDS, consent_records::key(tenant, id))),
            "grant" => GrantId::parse(id).ok().map(|id| (GRANTS, grants::key(tenant, id))),
            "session" => parse_uuid(id).ok().map(|id| (SESSIONS, dpdp_sessions::key(tenant, id))),
            "grievance" => GrievanceId::parse(id).ok().map(|id| (GRIEVANCES, grievances::key(tenant, id))),
            "erasure" => ErasureRequestId::parse(id).ok().map(|id| (ERASURES, erasure_requests::key(tenant, id))),
            "delivery" => DeliveryId::parse(id).ok().map(|id| (DELIVERIES, deliveries::key(tenant, id))),
            // A version can be deleted, and its trail stays.
            _ => None,
        };
        if let Some((table, key)) = owner {
            found
                .extend(self.needs(table, Some(key), || format!("{subject}: it has a trail, and is not there")).await?);
        }
        let entry = json::parse(item.entry.as_bytes()).unwrap_or(Value::Null);
        let event = entry.pointer("/details/eventId").and_then(Value::as_str).and_then(|id| EventId::parse(id).ok());
        if let Some(event) = event {
            let key = self.event_key(tenant, event).await?;
            let what = || format!("{subject}: the event {event}, which its trail names, is not there");
            found.extend(self.needs(EVENTS, Some(key), what).await?);
        }
        Ok(found)
    }

    async fn event_key(&self, tenant: Tenant, id: EventId) -> Result<Key, Error> {
        let table = self.database.table(EVENTS);
        Ok(Listing::of_tenant(&self.database, &table, tenant, FEED).await?.key(&id.to_string()))
    }

    /// Examines an entry of a list: it must lead to an item, which names the person if it is a person's list. Two
    /// lists are the items themselves.
    async fn entry(
        &self,
        table: &str,
        tenant: Tenant,
        position: &str,
        key: &ItemKey,
        item: &Item,
    ) -> Result<Vec<Found>, Error> {
        let person = person_of(&key.partition).map(|(_, person)| person);
        let names = |named: &Option<PrincipalId>| person.is_none() || *named == person;
        let named = match table {
            EVENTS => return Box::pin(self.event(tenant, &decoded(item)?)).await,
            DELIVERIES => return Box::pin(self.delivery(tenant, &decoded(item)?)).await,
            RECORDS => {
                let record: Option<ConsentRecord> =
                    self.at(table, RecordId::parse(position).ok().map(|id| consent_records::key(tenant, id))).await?;
                record.is_some_and(|record| names(&record.data_principal_id))
            }
            GRANTS => {
                let grant: Option<Grant> =
                    self.at(table, GrantId::parse(position).ok().map(|id| grants::key(tenant, id))).await?;
                grant.is_some_and(|grant| names(&grant.principal_id))
            }
            SESSIONS => {
                let SessionPointer { session_id } = decoded(item)?;
                let session: Option<SessionItem> = self.at(table, Some(dpdp_sessions::key(tenant, session_id))).await?;
                let session = session.map(|item| text::<Session>(&item.session)).transpose()?;
                session.is_some_and(|session| names(&session.data_principal_id))
            }
            GRIEVANCES => {
                let id = GrievanceId::parse(position).ok();
                let item: Option<GrievanceItem> = self.at(table, id.map(|id| grievances::key(tenant, id))).await?;
                let grievance = item.map(|item| text::<Grievance>(&item.grievance)).transpose()?;
                grievance.is_some_and(|grievance| names(&grievance.summary.data_principal_id))
            }
            EXPORTS => {
                let id = ExportId::parse(position).ok();
                let item: Option<ExportItem> = self.at(table, id.map(|id| exports::key(tenant, id))).await?;
                item.is_some_and(|item| names(&item.export.question.data_principal_id))
            }
            CATALOG => {
                let TypePointer { id } = decoded(item)?;
                self.has(table, &consent_catalog::type_key(tenant, id)).await?
            }
            NOTICES => {
                let Edition { id, version, language, notice_id } = decoded(item)?;
                let own = unescaped(key.partition.split('#').nth(3).unwrap_or_default());
                let own = notice_id.or_else(|| crate::domain::consent_notice::NoticeId::parse(&own).ok());
                let notice = own.map(|own| consent_notices::translation_key_of(tenant, &own, &version, &language));
                let notice: Option<RegisteredNotice> = self.at(table, notice).await?;
                notice.is_some_and(|notice| id.is_none_or(|id| id == notice.id))
            }
            PROJECTS => {
                let Project { id, .. } = decoded(item)?;
                let project: Option<Project> = self.at(table, Some(projects::key(tenant, id))).await?;
                project.is_some_and(|project| project.deleted_at.is_none())
            }
            RECIPIENTS => {
                let Recipient { id, ended_at, .. } = decoded(item)?;
                let dated: Option<DatedRecipient> = self.at(table, Some(recipients::key(tenant, id))).await?;
                dated.is_some_and(|dated| dated.recipient.ended_at == ended_at)
            }
            SITE_EVENTS if position.starts_with("user/") => {
                let UserItem { project, concord_id, .. } = decoded(item)?;
                self.has(table, &self.users.key(SiteUser { tenant, project, concord_id })).await?
            }
            _ => true,
        };
        if named {
            return Ok(Vec::new());
        }
        let what = format!("an entry of a list of {}: what it leads to is not there", self.database.table(table));
        let position = if person.is_some() && table == SITE_EVENTS { "" } else { position };
        // These entries are all that is left of it.
        if [PROJECTS, RECIPIENTS].contains(&table) {
            return Ok(vec![Found { what: format!("{position}: {what}"), mend: None }]);
        }
        Ok(vec![self.superfluous(table, key, format!("{position}: {what}"))])
    }

    /// An item in this list, or in a list with a further part of the name, as it was read.
    async fn at<T: DeserializeOwned>(&self, table: &str, key: Option<Key>) -> Result<Option<T>, Error> {
        match key {
            Some(key) => self.database.get(&self.database.table(table), &key).await,
            None => Ok(None),
        }
    }

    async fn has(&self, table: &str, key: &Key) -> Result<bool, Error> {
        Ok(self.database.get::<IgnoredAny>(&self.database.table(table), key).await?.is_some())
    }

    /// What is missing if there is no item with this key. Nobody can write it again.
    async fn needs(&self, table: &str, key: Option<Key>, what: impl FnOnce() -> String) -> Result<Vec<Found>, Error> {
        let has = match key {
            Some(key) => self.has(table, &key).await?,
            None => false,
        };
        Ok(if has { Vec::new() } else { vec![Found { what: what(), mend: None }] })
    }

    /// What is superfluous if an item leads to another that is not there.
    async fn leads(&self, table: &str, to: &Key, from: &ItemKey, what: String) -> Result<Vec<Found>, Error> {
        Ok(if self.has(table, to).await? { Vec::new() } else { vec![self.superfluous(table, from, what)] })
    }

    fn superfluous(&self, table: &str, key: &ItemKey, what: String) -> Found {
        let mut unit = UnitOfWork::new(&self.context);
        unit.delete(&self.database.table(table), Change::of(Key::read(&key.partition, &key.sort)), Error::Stale);
        Found { what, mend: Some(unit) }
    }

    /// What is missing if there is not exactly this item under this key, which follows from another one.
    async fn listed(
        &self,
        table: &str,
        key: &Key,
        item: impl Serialize,
        removal: Option<Removal>,
        name: &str,
    ) -> Result<Vec<Found>, Error> {
        let wanted = Kept { item, removal };
        let wanted = serde_json::to_value(&wanted).map_err(|error| Error::Internal(error.to_string()))?;
        let stored: Option<Value> = self.database.get(table, key).await?;
        let mut unit = UnitOfWork::new(&self.context);
        let what = match stored {
            Some(stored) if said(&stored) == said(&wanted) => return Ok(Vec::new()),
            Some(_) => {
                unit.replace(table, Change::of(key.clone()), &wanted, Error::Stale)?;
                format!("{name}: a list, or what leads to it, does not say what it says")
            }
            None => {
                unit.create(table, key, &wanted, Error::Stale)?;
                format!("{name}: not in a list, or not in all places that lead to it")
            }
        };
        Ok(vec![Found { what, mend: Some(unit) }])
    }

    /// Compares a subject's chain with its trail. `ends` writes another chain into the subject's item, and what the
    /// entries beyond the present one say of it.
    async fn trail(
        &self,
        chained: Chained<'_>,
        ends: impl FnOnce(&mut UnitOfWork, &Chain, &[Value]) -> Result<(), Error>,
    ) -> Result<Vec<Found>, Error> {
        let Chained { tenant, subject, table, key, chain, last, names } = chained;
        let mut found = Vec::new();
        let mut entries = self.trails.stored(ChainName { tenant, subject: &subject }).await?;
        entries.extend(last);
        let mut unit = UnitOfWork::new(&self.context);
        let length = usize::try_from(chain.length).unwrap_or(usize::MAX);
        match head(ChainName { tenant, subject: &subject }, &entries, chain) {
            Head::Fits => {}
            Head::Flawed(flaw) => found.push(Found { what: format!("{subject}: {flaw}"), mend: None }),
            Head::Ahead(reached) => {
                unit.update(table, rechained(&key, chain, &reached)?, Error::Stale);
                let (says, has) = (chain.length, reached.length);
                let what = format!(
                    "{subject}: its chain ends at entry {says}, and its trail at {has}; what the other entries said is lost"
                );
                found.push(Found { what, mend: Some(unit) });
            }
            Head::Behind(reached) => {
                let beyond = entries.get(length..).unwrap_or_default();
                ends(&mut unit, &reached, beyond)?;
                let actions: Vec<&str> = beyond.iter().map(action).collect();
                let (says, has, actions) = (chain.length, reached.length, actions.join(", "));
                let what = format!("{subject}: its chain ends at entry {says}, and its trail at {has}: {actions}");
                found.push(Found { what, mend: Some(unit) });
            }
        }
        let deleted =
            entries.iter().any(|entry| entry.pointer("/details/deleteProcessedData") == Some(&Value::Bool(true)));
        if names && !deleted {
            let SubjectKey { subject, key } = self.trails.subject_key(tenant, subject).await?;
            if key.is_none() {
                let what = format!(
                    "{subject}: it names a person, and its data key is not there: erased since, or the keys were lost"
                );
                found.push(Found { what, mend: None });
            }
        }
        Ok(found)
    }

    /// Writes another chain, and nothing else.
    fn chain_alone<'a>(
        table: &'a str,
        key: &'a Key,
        chain: &'a Chain,
    ) -> impl FnOnce(&mut UnitOfWork, &Chain, &[Value]) -> Result<(), Error> + use<'a> {
        move |unit, reached, _| {
            unit.update(table, rechained(key, chain, reached)?, Error::Stale);
            Ok(())
        }
    }
}

/// An entry of a list of notices: of the tenant's, or of the notice's own, which does not repeat the notice's id.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Edition {
    #[serde(default)]
    id: Option<crate::domain::identifiers::RegisteredNoticeId>,
    #[serde(default)]
    notice_id: Option<crate::domain::consent_notice::NoticeId>,
    version: crate::domain::consent_notice::NoticeVersion,
    language: crate::domain::consent_notice::Language,
}

/// The pages of a scan of a table.
struct Pages {
    database: Database,
    table: String,
    start: Option<Item>,
    ended: bool,
}

impl Pages {
    async fn next(&mut self) -> Result<Option<Vec<Item>>, Error> {
        if self.ended {
            return Ok(None);
        }
        #[expect(clippy::disallowed_methods, reason = "an operator's command examines all items; no request does")]
        let scan = self.database.client().scan().table_name(&self.table).consistent_read(true);
        let scan = scan.set_exclusive_start_key(self.start.take());
        let page = Box::pin(scan.send()).await.map_err(|error| failure(&error))?;
        self.start = page.last_evaluated_key;
        self.ended = self.start.is_none();
        Ok(Some(page.items.unwrap_or_default()))
    }
}

fn decoded<T: DeserializeOwned>(item: &Item) -> Result<T, Error> {
    from_item(item.clone())
}

fn text<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Internal(error.to_string()))
}

fn tenant_of(partition: &str) -> Option<Tenant> {
    let (tenant, _) = partition.split_once('#')?;
    parse_uuid(tenant).ok().map(Tenant)
}

/// The person whose list has this partition.
fn person_of(partition: &str) -> Option<(Tenant, PrincipalId)> {
    let parts: Vec<&str> = partition.split('#').collect();
    match parts.as_slice() {
        [tenant, "list", "principal", person, ..] => {
            Some((Tenant(parse_uuid(tenant).ok()?), PrincipalId::parse(&unescaped(person)).ok()?))
        }
        _ => None,
    }
}

/// A part of a key as it was before it was put into the key.
fn unescaped(part: &str) -> String {
    part.replace("%23", "#").replace("%25", "%")
}

/// What an item says, without what is absent, the time at which it may be removed, and which attempt created it.
fn said(item: &Value) -> Vec<(&String, &Value)> {
    let members = item.as_object().into_iter().flatten();
    let unsaid = [REMOVABLE_AT, ATTEMPT];
    let mut said: Vec<_> =
        members.filter(|(name, value)| !value.is_null() && !unsaid.contains(&name.as_str())).collect();
    said.sort_unstable_by_key(|(name, _)| *name);
    said
}

fn action(entry: &Value) -> &str {
    entry.get("action").and_then(Value::as_str).unwrap_or("an entry")
}

/// The change that gives an item another chain, if it still has this one.
fn rechained(key: &Key, chain: &Chain, reached: &Chain) -> Result<Change, Error> {
    Change::of(key.clone()).when(CHAIN, chain)?.set(CHAIN, reached)
}

/// Compares a chain with the entries that are stored.
fn head(name: ChainName<'_>, entries: &[Value], chain: &Chain) -> Head {
    let Some(whole) = chain_of(entries) else { return Head::Flawed("an entry of its trail cannot be read".to_owned()) };
    if let Err(flaw) = verify(name, entries, &whole) {
        return Head::Flawed(format!("entry {} of its trail {}", flaw.sequence, flaw.what));
    }
    if whole == *chain {
        return Head::Fits;
    }
    if chain.length > whole.length {
        return Head::Ahead(whole);
    }
    let length = usize::try_from(chain.length).unwrap_or(usize::MAX);
    if entries.get(..length).and_then(chain_of).as_ref() == Some(chain) {
        return Head::Behind(whole);
    }
    Head::Flawed(format!("entry {} of its trail is not the one that its chain says", chain.length))
}

/// The chain whose entries these are; `None` if the last one has no hash.
fn chain_of(entries: &[Value]) -> Option<Chain> {
    let head = match entries.last() {
        Some(last) => Some(last.get("hash")?.as_str()?.to_owned()),
        None => None,
    };
    Some(Chain { length: u64::try_from(entries.len()).ok()?, head })
}

/// The record after what an entry of its trail says of its end.
fn ended(record: &ConsentRecord, entry: &Value) -> Result<ConsentRecord, Error> {
    if ![WITHDRAWN, PURPOSES_WITHDRAWN, RENEWED].contains(&action(entry)) {
        return Ok(record.clone());
    }
    let ending = Ending::deserialize(entry).map_err(|error| Error::Internal(error.to_string()))?;
    let Ending { action, occurred_at: at, details: EndingDetails { purposes, denied_by, renewed_by } } = ending;
    Ok(match (action.as_str(), purposes, renewed_by) {
        (RENEWED, _, Some(by)) => record.renewed(by, at).unwrap_or_else(|_| record.clone()),
        (_, Some(purposes), _) => record.without(&purposes, None, denied_by, at),
        _ => record.withdrawn(None, at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_part_of_a_key_can_be_read_again() {
        for part in ["a#b", "100%", "%23", "a%25#"] {
            let tenant = Tenant(Uuid::nil());
            let key = Key::of_tenant(tenant, &["list", "principal", part, "0", "0"], &["x"]);
            let Ok(partition) = key.partition().as_s().cloned() else { unreachable!("a partition key is a text") };
            assert_eq!(person_of(&partition), Some((tenant, PrincipalId::parse(part).unwrap())));
        }
        assert_eq!(person_of("00000000-0000-0000-0000-000000000000#list#records#0#0"), None);
    }
}

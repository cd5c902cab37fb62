//! Consent notices. The partition of a notice has these items:
//!
//! | sort key | holds | changes |
//! |---|---|---|
//! | `notice` | the newest published version, and the first language of that version | with every new version |
//! | `version#V` | the version's last language, and once it is published its first language and purpose codes | with every new language |
//! | `translation#V#L` | the notice in that language, without content | until it is published |
//! | `content#V#L` | its content | until it is published |
//!
//! Two lists refer to them: the tenant's list of summaries, and the notice's own
//! list of versions. An item in a partition of its own leads from a registered
//! notice's id to its tenant, because people read a published notice without a key.

use crate::{
    domain::{
        DomainError, FieldError, RequestContext, ResourceKind, Tenant, Timestamp,
        consent_check::PublishedVersion,
        consent_notice::{
            Edition, Language, NoticeContent, NoticeId, NoticeStatus, NoticeSummary, NoticeText, NoticeVersion,
            PurposeCode, RegisteredNotice,
        },
        identifiers::{Reference, RegisteredNoticeId},
        notice_gate::{LANGUAGES, gaps_of_version},
        state_tag::ExpectedState,
    },
    store::{
        Database, Error, Page, PageRequest, UnitOfWork,
        cache::{Cache, RECENT, TimedCache},
        change::Change,
        key::Key,
        listing::{Entry, Listing, weight_of},
    },
};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::Arc};

/// The attribute for the newest language of a version: the id under which it was registered. A
/// publication depends on it, because it publishes all languages that there are.
const LAST_LANGUAGE: &str = "lastLanguage";
const PURPOSE_CODES: &str = "purposeCodes";
const GATED_AT: &str = "gatedAt";
const REVISION: &str = "revision";
/// How many contents are read at once. Each has at most 256 KiB.
const CONTENTS: usize = 12;

/// How many bytes are cached of published notices, of documents with their contents, of the newest versions, of the
/// first languages, and of the lists of published versions. Each function uses some of these caches only.
const NOTICES_BYTES: usize = 4 << 20;
const DOCUMENTS_BYTES: usize = 8 << 20;
const NEWEST_BYTES: usize = 1 << 20;
const LANGUAGES_BYTES: usize = 1 << 19;
const VERSIONS_BYTES: usize = 1 << 20;

/// The consent notices.
#[derive(Clone)]
pub struct ConsentNotices {
    database: Database,
    table: String,
    cached: Arc<Cached>,
}

/// What the calls for many persons read. Only what is published is here, and drafts are not.
struct Cached {
    /// The items `notice`.
    newest: TimedCache<NoticeItem>,
    /// The first languages of versions.
    first_languages: Cache<Language>,
    /// The items `translation#V#L`.
    notices: Cache<RegisteredNotice>,
    /// Notices with their contents, by their addresses.
    documents: Cache<Arc<(RegisteredNotice, NoticeContent)>>,
    /// The published versions of a notice up to its newest one.
    versions: Cache<Arc<[PublishedVersion]>>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NoticeItem {
    pub(super) latest_version: NoticeVersion,
    pub(super) first_language: Language,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VersionItem {
    /// `None` while no language is published; so are the purpose codes.
    first_language: Option<Language>,
    purpose_codes: Option<Vec<PurposeCode>>,
    /// When the gate first published languages of it.
    gated_at: Option<Timestamp>,
    last_language: Option<RegisteredNoticeId>,
}

/// Leads from a registered notice's id to its place.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddressItem {
    pub(super) tenant: Tenant,
    pub(super) notice_id: NoticeId,
    pub(super) version: NoticeVersion,
    pub(super) language: Language,
}

#[derive(Serialize, Deserialize)]
struct ContentItem {
    id: RegisteredNoticeId,
    content: NoticeContent,
}

/// An entry of a notice's own list: a version in a language.
#[derive(Serialize, Deserialize)]
pub(super) struct VersionEntry {
    pub(super) version: NoticeVersion,
    pub(super) language: Language,
}

impl ConsentNotices {
    /// The table that `CONSENT_NOTICES_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("CONSENT_NOTICES_TABLE"),
            cached: Arc::new(Cached {
                newest: TimedCache::new(NEWEST_BYTES, RECENT),
                first_languages: Cache::new(LANGUAGES_BYTES),
                notices: Cache::new(NOTICES_BYTES),
                documents: Cache::new(DOCUMENTS_BYTES),
                versions: Cache::new(VERSIONS_BYTES),
            }),
        }
    }

    /// Fails if the table cannot be read.
    pub async fn reachable(&self) -> Result<(), Error> {
        let key = Key::of_no_tenant(&["health"], &["health"]);
        self.database.get::<serde::de::IgnoredAny>(&self.table, &key).await.map(|_| ())
    }

    /// Registers a version of a notice, or a translation of a version, as a draft or
    /// published at once. A later language of a version that the gate has published is
    /// always a draft. Fails if the version already exists in that language, or if the
    /// purposes of a published translation differ from those in the version's first
    /// language.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        edition: &Edition,
        text: &NoticeText,
        wanted: NoticeStatus,
    ) -> Result<RegisteredNotice, Error> {
        let version_key = version_key(tenant, &edition.notice_id, &edition.version);
        let version: VersionItem = match wanted {
            NoticeStatus::Draft => VersionItem::default(),
            NoticeStatus::Published => self.database.get(&self.table, &version_key).await?.unwrap_or_default(),
        };
        let status = if version.gated_at.is_some() { NoticeStatus::Draft } else { wanted };
        let (id, now) = (RegisteredNoticeId::fresh(unit.context()), unit.context().now);
        let notice = text.register(edition, id, status, now).ok_or_else(no_json)?;
        self.add(unit, tenant, &notice, &text.content).await?;
        let codes = notice.purpose_codes();
        let added = Change::of_any(version_key).set(LAST_LANGUAGE, &id)?;
        match (status, version.purpose_codes) {
            (NoticeStatus::Draft, _) => {
                unit.update(&self.table, added, Error::Stale);
            }
            (NoticeStatus::Published, None) => {
                let added = added
                    .when_absent(PURPOSE_CODES)
                    .when_absent(GATED_AT)
                    .set("firstLanguage", &notice.language)?
                    .set(PURPOSE_CODES, &codes)?;
                unit.update(&self.table, added, Error::Stale);
                self.set_latest(unit, tenant, &notice)?;
            }
            (NoticeStatus::Published, Some(existing)) if existing == codes => {
                let added = added.when(PURPOSE_CODES, &codes)?.when_absent(GATED_AT);
                unit.update(&self.table, added, Error::Stale);
            }
            // The condition on the language comes first, so its error does too.
            (NoticeStatus::Published, Some(_)) => {
                let same = added.when(PURPOSE_CODES, &codes)?;
                unit.update(&self.table, same, DomainError::PurposesDiffer);
            }
        }
        Ok(notice)
    }

    /// Adds the items of a notice in a new language.
    async fn add(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        notice: &RegisteredNotice,
        content: &NoticeContent,
    ) -> Result<(), Error> {
        let Edition { notice_id, version, language } = notice.edition();
        let (position, named) = (notice.id.to_string(), ["notice", notice_id.as_str()]);
        let content = ContentItem { id: notice.id, content: content.clone() };
        let entry = VersionEntry { version: version.clone(), language: language.clone() };
        let address = AddressItem { tenant, notice_id: notice_id.clone(), version, language };
        unit.create(&self.table, &translation_key(tenant, notice), notice, DomainError::NoticeVersionExists)?
            .create_new(&self.table, &content_key(tenant, notice), &content)?
            .create_new(&self.table, &self.summaries(tenant).await?.key(&position), &NoticeSummary::of(notice))?
            .create_new(&self.table, &versions(&self.table, tenant, &named).key(&position), &entry)?
            .create_new(&self.table, &address_key(notice.id), &address)?;
        Ok(())
    }

    /// Makes the version of this notice the newest, and its language the version's first.
    fn set_latest(&self, unit: &mut UnitOfWork, tenant: Tenant, notice: &RegisteredNotice) -> Result<(), Error> {
        let newest = Change::of_any(notice_key(tenant, &notice.notice_id))
            .set("latestVersion", &notice.version)?
            .set("firstLanguage", &notice.language)?;
        unit.update(&self.table, newest, Error::Stale);
        Ok(())
    }

    /// Replaces the text of a draft that is in an expected state. The same text again
    /// writes nothing.
    pub async fn replace_draft(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        edition: &Edition,
        text: &NoticeText,
        expected: &ExpectedState,
    ) -> Result<RegisteredNotice, Error> {
        let notice = self.draft(tenant, edition, expected).await?;
        let next = notice.replaced(text).ok_or_else(no_json)?;
        if next != notice {
            let content = ContentItem { id: next.id, content: text.content.clone() };
            let summary = self.summaries(tenant).await?.key(&next.id.to_string());
            unit.replace(&self.table, unchanged(tenant, &notice)?, &next, Error::Stale)?
                .replace(&self.table, Change::of(content_key(tenant, &next)), &content, Error::Stale)?
                .replace(&self.table, Change::of(summary), &NoticeSummary::of(&next), Error::Stale)?;
        }
        Ok(next)
    }

    /// Deletes a draft that is in an expected state.
    pub async fn delete_draft(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        edition: &Edition,
        expected: &ExpectedState,
    ) -> Result<(), Error> {
        let notice = self.draft(tenant, edition, expected).await?;
        let (position, named) = (notice.id.to_string(), ["notice", notice.notice_id.as_str()]);
        unit.delete(&self.table, unchanged(tenant, &notice)?, Error::Stale);
        for key in [
            content_key(tenant, &notice),
            self.summaries(tenant).await?.key(&position),
            versions(&self.table, tenant, &named).key(&position),
            address_key(notice.id),
        ] {
            unit.delete(&self.table, Change::of(key), Error::Stale);
        }
        Ok(())
    }

    /// A draft that is in an expected state.
    async fn draft(
        &self,
        tenant: Tenant,
        edition: &Edition,
        expected: &ExpectedState,
    ) -> Result<RegisteredNotice, Error> {
        let key = translation_key_of(tenant, &edition.notice_id, &edition.version, &edition.language);
        let notice: RegisteredNotice = self.database.get(&self.table, &key).await?.ok_or_else(absent)?;
        expected.require(&notice.tag())?;
        notice.require_draft()?;
        Ok(notice)
    }

    /// Publishes all drafts of a version, and returns them in the order in which they
    /// were registered. Fails if there is none, or if the version lacks what the law
    /// asks for or a required language.
    pub async fn publish(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        notice_id: &NoticeId,
        version: &NoticeVersion,
        required: &[Language],
    ) -> Result<Vec<RegisteredNotice>, Error> {
        let (now, version_key) = (unit.context().now, version_key(tenant, notice_id, version));
        // The version is read first: if a language is added later, it is no longer the version's last.
        let item: VersionItem = self.database.get(&self.table, &version_key).await?.ok_or_else(absent)?;
        let (low, high) = (language_key(tenant, notice_id, version, ""), language_key(tenant, notice_id, version, "~"));
        let (notices, more) =
            self.database.query_between::<RegisteredNotice>(&self.table, &low, &high, LANGUAGES).await?;
        if notices.is_empty() {
            return Err(absent());
        }
        if !more && notices.iter().all(|notice| notice.status == NoticeStatus::Published) {
            return Err(DomainError::NoticePublished.into());
        }
        let mut gaps = gaps_of_version(&notices, required);
        if more {
            let message = format!("has more than {LANGUAGES} languages, so they cannot be published together");
            gaps.push(FieldError::new("languages", message));
        }
        if !gaps.is_empty() {
            return Err(DomainError::NoticeIncomplete(gaps).into());
        }
        let summaries = self.summaries(tenant).await?;
        let drafts = notices.into_iter().filter(|notice| notice.status == NoticeStatus::Draft);
        let mut published = Vec::with_capacity(LANGUAGES);
        for draft in drafts {
            let condition = unchanged(tenant, &draft)?;
            let notice = draft.published(now);
            let change = condition
                .set("status", &notice.status)?
                .set(REVISION, &notice.revision)?
                .set(GATED_AT, &notice.gated_at)?;
            let summary = Change::of(summaries.key(&notice.id.to_string())).remove("status");
            unit.update(&self.table, change, Error::Stale).update(&self.table, summary, Error::Stale);
            published.push(notice);
        }
        published.sort_by_key(|notice| notice.id);
        let unchanged = Change::of(version_key).when_still(LAST_LANGUAGE, item.last_language.as_ref())?;
        let mut change = unchanged.set(GATED_AT, &item.gated_at.unwrap_or(now))?;
        if let (None, Some(first)) = (&item.purpose_codes, published.first()) {
            change = change.set("firstLanguage", &first.language)?.set(PURPOSE_CODES, &first.purpose_codes())?;
            self.set_latest(unit, tenant, first)?;
        }
        unit.update(&self.table, change, Error::Stale);
        Ok(published)
    }

    /// The published notice of any tenant that has this id, with its content.
    pub async fn published(&self, id: RegisteredNoticeId) -> Result<Arc<(RegisteredNotice, NoticeContent)>, Error> {
        if let Some(document) = self.cached.documents.get(&address_key(id)) {
            return Ok(document);
        }
        let address: AddressItem = self.database.get(&self.table, &address_key(id)).await?.ok_or_else(absent)?;
        let AddressItem { tenant, notice_id, version, language } = address;
        let key = translation_key_of(tenant, &notice_id, &version, &language);
        let notice: RegisteredNotice = self.database.get(&self.table, &key).await?.ok_or_else(absent)?;
        if notice.id != id || notice.status == NoticeStatus::Draft {
            return Err(absent());
        }
        // The content is read last: that of a draft can still change, that of a published notice cannot.
        let content: Option<ContentItem> = self.database.get(&self.table, &content_key(tenant, &notice)).await?;
        let content = content.ok_or_else(|| Error::Internal("the content of a notice was lost".to_owned()))?;
        let document = Arc::new((notice, content.content));
        self.cached.documents.put(address_key(id), Arc::clone(&document), weight_of(&*document));
        Ok(document)
    }

    /// A published notice, which is never deleted.
    pub async fn shown(&self, tenant: Tenant, shown: &Edition) -> Result<RegisteredNotice, Error> {
        let notice = self.in_language(tenant, &shown.notice_id, &shown.version, &shown.language).await?;
        notice.ok_or_else(|| Error::Internal("the notice of a record was lost".to_owned()))
    }

    /// A published version of a notice in the first of these languages that it has.
    pub(crate) async fn in_first_of(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        version: &NoticeVersion,
        languages: &[Language],
    ) -> Result<Option<RegisteredNotice>, Error> {
        for language in languages {
            let found = self.in_language(tenant, notice_id, version, language).await?;
            if let Some(notice) = found.filter(|notice| notice.status == NoticeStatus::Published) {
                return Ok(Some(notice));
            }
        }
        Ok(None)
    }

    /// A version of a notice in a language, published or not.
    async fn in_language(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        version: &NoticeVersion,
        language: &Language,
    ) -> Result<Option<RegisteredNotice>, Error> {
        let key = translation_key_of(tenant, notice_id, version, language);
        let cached = self.cached.notices.get(&key);
        if cached.is_some() {
            return Ok(cached);
        }
        let found: Option<RegisteredNotice> = self.database.get(&self.table, &key).await?;
        if let Some(notice) = found.as_ref().filter(|notice| notice.status == NoticeStatus::Published) {
            self.cached.notices.put(key, notice.clone(), weight_of(notice));
        }
        Ok(found)
    }

    /// The language in which a version was published first, if it is published.
    async fn first_language(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        version: &NoticeVersion,
    ) -> Result<Option<Language>, Error> {
        let key = version_key(tenant, notice_id, version);
        let cached = self.cached.first_languages.get(&key);
        if cached.is_some() {
            return Ok(cached);
        }
        let found: Option<VersionItem> = self.database.get(&self.table, &key).await?;
        let first = found.and_then(|version| version.first_language);
        if let Some(language) = &first {
            self.cached.first_languages.put(key, language.clone(), 0);
        }
        Ok(first)
    }

    /// The newest published version of a notice, if there is one, or what was found of it before.
    async fn newest(&self, key: Key, cached: Option<NoticeItem>, now: Timestamp) -> Result<Option<NoticeItem>, Error> {
        if cached.is_some() {
            return Ok(cached);
        }
        let found: Option<NoticeItem> = self.database.get(&self.table, &key).await?;
        if let Some(newest) = &found {
            self.cached.newest.put(key, newest.clone(), weight_of(newest), now);
        }
        Ok(found)
    }

    /// A page of the tenant's notices, newest first.
    pub async fn list(&self, tenant: Tenant, page: &PageRequest) -> Result<Page<NoticeSummary>, Error> {
        let page = self.summaries(tenant).await?.read(&self.database, page).await?;
        let Page { items, next } = page;
        Ok(Page { items: items.into_iter().map(|entry: Entry<NoticeSummary>| entry.item).collect(), next })
    }

    /// A page of the tenant's notices, newest first, with what the law asks of them. A draft that was deleted meanwhile
    /// is left out.
    pub async fn newest_editions(&self, tenant: Tenant, page: &PageRequest) -> Result<Page<RegisteredNotice>, Error> {
        let Page { items, next } = self.list(tenant, page).await?;
        let editions = items.iter().map(NoticeSummary::edition);
        let keys: Vec<Key> = editions
            .map(|Edition { notice_id, version, language }| translation_key_of(tenant, &notice_id, &version, &language))
            .collect();
        let mut notices: Vec<RegisteredNotice> = self.database.get_all(&self.table, &keys).await?;
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.id));
        Ok(Page { items: notices, next })
    }

    /// A page of a notice's versions without their contents, newest first. Fails with [`Error::Stale`] if a draft was
    /// deleted between the reads.
    pub async fn editions(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        page: &PageRequest,
    ) -> Result<Page<RegisteredNotice>, Error> {
        let named = ["notice", notice_id.as_str()];
        let listed = versions(&self.table, tenant, &named).read::<VersionEntry>(&self.database, page).await?;
        if listed.items.is_empty() && page.after.is_none() {
            return Err(absent());
        }
        let keys: Vec<Key> = listed
            .items
            .iter()
            .map(|Entry { item, .. }| translation_key_of(tenant, notice_id, &item.version, &item.language))
            .collect();
        let read: Vec<RegisteredNotice> = self.database.get_all(&self.table, &keys).await?;
        let mut notices: HashMap<String, RegisteredNotice> =
            read.into_iter().map(|notice| (notice.id.to_string(), notice)).collect();
        let sorted = listed.items.iter().map(|entry| notices.remove(&entry.position).ok_or(Error::Stale));
        Ok(Page { items: sorted.collect::<Result<_, _>>()?, next: listed.next })
    }

    /// A version of a notice in a language with its content, if it has it. Fails with [`Error::Stale`] if a draft was
    /// changed or deleted between the reads.
    pub async fn edition(
        &self,
        tenant: Tenant,
        edition: &Edition,
    ) -> Result<Option<(RegisteredNotice, NoticeContent)>, Error> {
        let Edition { notice_id, version, language } = edition;
        let Some(notice) = self.in_language(tenant, notice_id, version, language).await? else { return Ok(None) };
        let found: Option<ContentItem> = self.database.get(&self.table, &content_key(tenant, &notice)).await?;
        let content = found.filter(|item| item.content.hash() == notice.content_hash).ok_or(Error::Stale)?.content;
        Ok(Some((notice, content)))
    }

    /// A page of a notice's versions with their contents, newest first. The page ends
    /// at its limit or once it has `bytes` bytes of JSON. Fails with [`Error::Stale`] if a
    /// draft was changed or deleted between the reads.
    pub async fn versions(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        page: &PageRequest,
        bytes: usize,
    ) -> Result<Page<(RegisteredNotice, NoticeContent)>, Error> {
        let listed = self.editions(tenant, notice_id, page).await?;
        let count = listed.items.len();
        let (mut items, mut last, mut measured) = (Vec::with_capacity(count), None, 0);
        let mut notices = listed.items.into_iter().peekable();
        while measured < bytes && notices.peek().is_some() {
            let some: Vec<RegisteredNotice> = notices.by_ref().take(CONTENTS).collect();
            let keys: Vec<Key> = some.iter().map(|notice| content_key(tenant, notice)).collect();
            let read: Vec<ContentItem> = self.database.get_all(&self.table, &keys).await?;
            let mut contents: HashMap<RegisteredNoticeId, NoticeContent> =
                read.into_iter().map(|item| (item.id, item.content)).collect();
            for notice in some {
                let content = contents.remove(&notice.id).ok_or(Error::Stale)?;
                if notice.status == NoticeStatus::Draft && content.hash() != notice.content_hash {
                    return Err(Error::Stale);
                }
                if measured < bytes {
                    measured += weight_of(&(&notice, &content));
                    last = Some(notice.id.to_string());
                    items.push((notice, content));
                }
            }
        }
        let next = if items.len() == count { listed.next } else { last };
        Ok(Page { items, next })
    }

    /// The list of the tenant's notices.
    pub(super) async fn summaries(&self, tenant: Tenant) -> Result<Listing<'_>, Error> {
        Listing::of_tenant(&self.database, &self.table, tenant, &["notices"]).await
    }

    /// The published version of a notice that was the newest at most five seconds ago, if
    /// there was one.
    pub(crate) async fn latest_version(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        now: Timestamp,
    ) -> Result<Option<NoticeVersion>, Error> {
        let key = notice_key(tenant, notice_id);
        let cached = self.cached.newest.get(&key, now);
        Ok(self.newest(key, cached, now).await?.map(|notice| notice.latest_version))
    }

    /// The published versions of a notice, each as it was published first. There are no
    /// others until another than `latest` is the newest one.
    pub(crate) async fn published_versions(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        latest: &NoticeVersion,
    ) -> Result<Arc<[PublishedVersion]>, Error> {
        let key = Key::of_tenant(tenant, &[notice_id.as_str()], &["versions", latest.as_str()]);
        if let Some(versions) = self.cached.versions.get(&key) {
            return Ok(versions);
        }
        let named = ["notice", notice_id.as_str()];
        let entries: Vec<Entry<VersionEntry>> = versions(&self.table, tenant, &named).read_all(&self.database).await?;
        let keys = entries.iter().map(|Entry { item, .. }| (&item.version, &item.language));
        let keys: Vec<Key> =
            keys.map(|(version, language)| translation_key_of(tenant, notice_id, version, language)).collect();
        let notices: Vec<RegisteredNotice> = self.database.get_all(&self.table, &keys).await?;
        let mut first: HashMap<NoticeVersion, PublishedVersion> = HashMap::new();
        for notice in notices {
            let Some(published_at) = notice.published_at() else { continue };
            let earlier = first.get(&notice.version).is_some_and(|first| first.published_at <= published_at);
            if !earlier {
                let (change, reconsent_by) = (notice.change(), notice.particulars.reconsent_by);
                let version = PublishedVersion { version: notice.version, published_at, change, reconsent_by };
                first.insert(version.version.clone(), version);
            }
        }
        let versions: Arc<[PublishedVersion]> = first.into_values().collect();
        self.cached.versions.put(key, Arc::clone(&versions), size_of_val(&*versions));
        Ok(versions)
    }

    /// The notice that the fields of a body name, by default in the version that was the
    /// newest at most five seconds ago, and in that version's first language.
    pub(crate) async fn named(
        &self,
        tenant: Tenant,
        notice: &Reference,
        version: Option<&Reference>,
        language: Option<&Language>,
        context: &RequestContext,
    ) -> Result<RegisteredNotice, Error> {
        let invalid = |field: &str, message: &str| {
            // The id of a version instead of a noticeId is the likely mistake, whichever field is invalid.
            let error = match RegisteredNoticeId::parse(notice.as_str()) {
                Ok(_) => {
                    FieldError::new("consentNoticeId", "takes a notice's noticeId, not the id of one of its versions")
                }
                Err(_) => FieldError::new(field, message),
            };
            Error::Domain(DomainError::InvalidNotice(error))
        };
        let no_notice = || invalid("consentNoticeId", "names a notice that is not registered");
        let no_version = || invalid("consentNoticeVersion", "names a version of the notice that is not registered");
        let notice_id = &NoticeId::parse(notice.as_str()).map_err(|_| no_notice())?;
        let (version, first_language) = if let Some(version) = version {
            (NoticeVersion::parse(version.as_str()).map_err(|_| no_version())?, None)
        } else {
            let key = notice_key(tenant, notice_id);
            let cached = self.cached.newest.get_for(&key, context);
            let newest = self.newest(key, cached, context.now).await?;
            let NoticeItem { latest_version, first_language } = newest.ok_or_else(no_notice)?;
            (latest_version, Some(first_language))
        };
        let language = if let Some(language) = language.cloned().or(first_language) {
            language
        } else {
            self.first_language(tenant, notice_id, &version).await?.ok_or_else(no_version)?
        };
        let notice = self.in_language(tenant, notice_id, &version, &language).await?;
        let notice = notice.ok_or_else(|| {
            invalid("consentNoticeLanguage", "names a version or language of the notice that is not registered")
        })?;
        match notice.status {
            NoticeStatus::Published => Ok(notice),
            NoticeStatus::Draft => Err(invalid("consentNoticeLanguage", "names a draft, which is not published")),
        }
    }
}

/// The list of a notice's versions.
pub(super) fn versions<'a>(table: &'a str, tenant: Tenant, notice: &'a [&'a str]) -> Listing<'a> {
    Listing::of_one(table, tenant, notice)
}

pub(super) fn notice_key(tenant: Tenant, notice_id: &NoticeId) -> Key {
    Key::of_tenant(tenant, &[notice_id.as_str()], &["notice"])
}

pub(super) fn version_key(tenant: Tenant, notice_id: &NoticeId, version: &NoticeVersion) -> Key {
    Key::of_tenant(tenant, &[notice_id.as_str()], &["version", version.as_str()])
}

fn translation_key(tenant: Tenant, notice: &RegisteredNotice) -> Key {
    translation_key_of(tenant, &notice.notice_id, &notice.version, &notice.language)
}

pub(super) fn translation_key_of(
    tenant: Tenant,
    notice_id: &NoticeId,
    version: &NoticeVersion,
    language: &Language,
) -> Key {
    language_key(tenant, notice_id, version, language.as_str())
}

/// The key of a notice in a language. All languages of a version sort between `""` and `"~"`.
fn language_key(tenant: Tenant, notice_id: &NoticeId, version: &NoticeVersion, language: &str) -> Key {
    Key::of_tenant(tenant, &[notice_id.as_str()], &["translation", version.as_str(), language])
}

pub(super) fn content_key(tenant: Tenant, notice: &RegisteredNotice) -> Key {
    let sort = ["content", notice.version.as_str(), notice.language.as_str()];
    Key::of_tenant(tenant, &[notice.notice_id.as_str()], &sort)
}

pub(super) fn address_key(id: RegisteredNoticeId) -> Key {
    Key::of_no_tenant(&[&id.to_string()], &["address"])
}

/// The condition that a draft is as it was read.
fn unchanged(tenant: Tenant, draft: &RegisteredNotice) -> Result<Change, Error> {
    Change::of(translation_key(tenant, draft)).when("id", &draft.id)?.when(REVISION, &draft.revision)
}

fn absent() -> Error {
    DomainError::NotFound(ResourceKind::ConsentNotice).into()
}

fn no_json() -> Error {
    Error::Internal("a notice has no JSON".to_owned())
}

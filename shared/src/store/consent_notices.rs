//! Consent notices. The partition of a notice has these items:
//!
//! | sort key | holds | changes |
//! |---|---|---|
//! | `notice` | the newest version, and the first language of that version | with every new version |
//! | `version#V` | the version's first language and purpose codes | never |
//! | `translation#V#L` | the notice in that language, without content | never |
//! | `content#V#L` | its content | never |
//!
//! Two lists refer to them: the tenant's list of summaries, and the notice's own
//! list of versions.

use crate::{
    domain::{
        DomainError, FieldError, ResourceKind, Tenant,
        consent_notice::{
            Language, NoticeContent, NoticeDraft, NoticeId, NoticeSummary, NoticeVersion, PurposeCode, RegisteredNotice,
        },
        identifiers::{Reference, RegisteredNoticeId},
    },
    store::{
        Database, Error, Page, PageRequest, UnitOfWork,
        change::Change,
        key::Key,
        listing::{Entry, Listing, weight_of},
    },
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How many contents are read at once. Each has at most 256 KiB.
const CONTENTS: usize = 12;

/// The consent notices.
#[derive(Clone)]
pub struct ConsentNotices {
    database: Database,
    table: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NoticeItem {
    latest_version: NoticeVersion,
    first_language: Language,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VersionItem {
    first_language: Language,
    purpose_codes: Vec<PurposeCode>,
}

#[derive(Serialize, Deserialize)]
struct ContentItem {
    id: RegisteredNoticeId,
    content: NoticeContent,
}

/// An entry of a notice's own list: a version in a language.
#[derive(Serialize, Deserialize)]
struct VersionEntry {
    version: NoticeVersion,
    language: Language,
}

impl ConsentNotices {
    /// The table that `CONSENT_NOTICES_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("CONSENT_NOTICES_TABLE") }
    }

    /// Fails if the table cannot be read.
    pub async fn reachable(&self) -> Result<(), Error> {
        let key = Key::of_no_tenant(&["health"], &["health"]);
        self.database.get::<serde::de::IgnoredAny>(&self.table, &key).await.map(|_| ())
    }

    /// Registers a version of a notice, or a translation of a version. Fails if the
    /// version already exists in that language, or if the purposes of a translation
    /// differ from those in the version's first language.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        draft: &NoticeDraft,
    ) -> Result<RegisteredNotice, Error> {
        let notice = draft.register(RegisteredNoticeId::fresh(unit.context()), unit.context().now);
        let version = VersionItem { first_language: notice.language.clone(), purpose_codes: notice.purpose_codes() };
        let version_key = version_key(tenant, &notice.notice_id, &notice.version);
        let content = ContentItem { id: notice.id, content: draft.content.clone() };
        let entry = VersionEntry { version: notice.version.clone(), language: notice.language.clone() };
        let (position, named) = (notice.id.to_string(), ["notice", notice.notice_id.as_str()]);
        unit.create(&self.table, &translation_key(tenant, &notice), &notice, DomainError::NoticeVersionExists)?
            .create_new(&self.table, &content_key(tenant, &notice), &content)?
            .create_new(&self.table, &summaries(&self.table, tenant).key(&position), &NoticeSummary::of(&notice))?
            .create_new(&self.table, &versions(&self.table, tenant, &named).key(&position), &entry)?;
        // A version never changes, so it can be read outside the transaction.
        match self.database.get::<VersionItem>(&self.table, &version_key).await? {
            None => {
                let newest = Change::of_any(notice_key(tenant, &notice.notice_id))
                    .set("latestVersion", &notice.version)?
                    .set("firstLanguage", &notice.language)?;
                unit.create(&self.table, &version_key, &version, Error::Stale)?.update(
                    &self.table,
                    newest,
                    Error::Stale,
                );
            }
            Some(existing) if existing.purpose_codes == version.purpose_codes => {}
            // The condition on the language comes first, so its error does too.
            Some(_) => {
                let same = Change::of(version_key).when("purposeCodes", &version.purpose_codes)?;
                unit.require(&self.table, same, DomainError::PurposesDiffer);
            }
        }
        Ok(notice)
    }

    /// A page of the tenant's notices, newest first.
    pub async fn list(&self, tenant: Tenant, page: &PageRequest) -> Result<Page<NoticeSummary>, Error> {
        let page = summaries(&self.table, tenant).read(&self.database, page).await?;
        let Page { items, next } = page;
        Ok(Page { items: items.into_iter().map(|entry: Entry<NoticeSummary>| entry.item).collect(), next })
    }

    /// A page of a notice's versions with their contents, newest first. The page ends
    /// at its limit or once it has `bytes` bytes of JSON.
    pub async fn versions(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        page: &PageRequest,
        bytes: usize,
    ) -> Result<Page<(RegisteredNotice, NoticeContent)>, Error> {
        let named = ["notice", notice_id.as_str()];
        let listed = versions(&self.table, tenant, &named).read::<VersionEntry>(&self.database, page).await?;
        if listed.items.is_empty() && page.after.is_none() {
            return Err(DomainError::NotFound(ResourceKind::ConsentNotice).into());
        }
        let missing = || Error::Internal("a version of a notice was lost".to_owned());
        let keys: Vec<Key> = listed
            .items
            .iter()
            .map(|Entry { item, .. }| translation_key_of(tenant, notice_id, &item.version, &item.language))
            .collect();
        let read: Vec<RegisteredNotice> = self.database.get_all(&self.table, &keys).await?;
        let mut notices: HashMap<String, RegisteredNotice> =
            read.into_iter().map(|notice| (notice.id.to_string(), notice)).collect();
        let (mut items, mut last, mut measured) = (Vec::with_capacity(keys.len()), None, 0);
        let mut entries = listed.items.iter().peekable();
        while measured < bytes && entries.peek().is_some() {
            let mut some = Vec::with_capacity(CONTENTS);
            for entry in entries.by_ref().take(CONTENTS) {
                some.push((notices.remove(&entry.position).ok_or_else(missing)?, &entry.position));
            }
            let keys: Vec<Key> = some.iter().map(|(notice, _)| content_key(tenant, notice)).collect();
            let read: Vec<ContentItem> = self.database.get_all(&self.table, &keys).await?;
            let mut contents: HashMap<RegisteredNoticeId, NoticeContent> =
                read.into_iter().map(|item| (item.id, item.content)).collect();
            for (notice, position) in some {
                let content = contents.remove(&notice.id).ok_or_else(missing)?;
                if measured < bytes {
                    measured += weight_of(&(&notice, &content));
                    items.push((notice, content));
                    last = Some(position.clone());
                }
            }
        }
        let next = if items.len() == listed.items.len() { listed.next } else { last };
        Ok(Page { items, next })
    }

    /// The notice that the fields of a body name, by default in its newest version
    /// and in that version's first language.
    pub(crate) async fn named(
        &self,
        tenant: Tenant,
        notice: &Reference,
        version: Option<&Reference>,
        language: Option<&Language>,
    ) -> Result<RegisteredNotice, Error> {
        let absent = |field: &str, message: &str| {
            // The id of a version instead of a noticeId is the likely mistake, whichever field is invalid.
            let error = match RegisteredNoticeId::parse(notice.as_str()) {
                Ok(_) => {
                    FieldError::new("consentNoticeId", "takes a notice's noticeId, not the id of one of its versions")
                }
                Err(_) => FieldError::new(field, message),
            };
            Error::Domain(DomainError::InvalidNotice(error))
        };
        let no_notice = || absent("consentNoticeId", "names a notice that is not registered");
        let no_version = || absent("consentNoticeVersion", "names a version of the notice that is not registered");
        let notice_id = &NoticeId::parse(notice.as_str()).map_err(|_| no_notice())?;
        let (version, first_language) = if let Some(version) = version {
            (NoticeVersion::parse(version.as_str()).map_err(|_| no_version())?, None)
        } else {
            let notice = self.database.get(&self.table, &notice_key(tenant, notice_id)).await?;
            let NoticeItem { latest_version, first_language } = notice.ok_or_else(no_notice)?;
            (latest_version, Some(first_language))
        };
        let language = if let Some(language) = language.cloned().or(first_language) {
            language
        } else {
            let version = self.database.get(&self.table, &version_key(tenant, notice_id, &version)).await?;
            version.map(|version: VersionItem| version.first_language).ok_or_else(no_version)?
        };
        self.database.get(&self.table, &translation_key_of(tenant, notice_id, &version, &language)).await?.ok_or_else(
            || absent("consentNoticeLanguage", "names a version or language of the notice that is not registered"),
        )
    }
}

/// The list of the tenant's notices.
fn summaries(table: &str, tenant: Tenant) -> Listing<'_> {
    Listing::of_tenant(table, tenant, &["notices"])
}

/// The list of a notice's versions.
fn versions<'a>(table: &'a str, tenant: Tenant, notice: &'a [&'a str]) -> Listing<'a> {
    Listing::of_one(table, tenant, notice)
}

fn notice_key(tenant: Tenant, notice_id: &NoticeId) -> Key {
    Key::of_tenant(tenant, &[notice_id.as_str()], &["notice"])
}

fn version_key(tenant: Tenant, notice_id: &NoticeId, version: &NoticeVersion) -> Key {
    Key::of_tenant(tenant, &[notice_id.as_str()], &["version", version.as_str()])
}

fn translation_key(tenant: Tenant, notice: &RegisteredNotice) -> Key {
    translation_key_of(tenant, &notice.notice_id, &notice.version, &notice.language)
}

fn translation_key_of(tenant: Tenant, notice_id: &NoticeId, version: &NoticeVersion, language: &Language) -> Key {
    let sort = ["translation", version.as_str(), language.as_str()];
    Key::of_tenant(tenant, &[notice_id.as_str()], &sort)
}

fn content_key(tenant: Tenant, notice: &RegisteredNotice) -> Key {
    let sort = ["content", notice.version.as_str(), notice.language.as_str()];
    Key::of_tenant(tenant, &[notice.notice_id.as_str()], &sort)
}

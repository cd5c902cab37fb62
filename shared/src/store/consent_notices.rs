//! Consent notices. Under a notice's own partition stand:
//!
//! | sort key | holds | changes |
//! |---|---|---|
//! | `notice` | the version first registered last | with every new version |
//! | `version#V` | the version's first language and purpose codes | never |
//! | `translation#V#L` | the notice in that language, without content | never |
//! | `content#V#L` | its content | never |

use crate::{
    domain::{
        FieldFault, Occasion, Refusal, Tenant,
        consent_notice::{Language, NoticeDraft, NoticeId, NoticeVersion, PurposeCode, RegisteredNotice},
        identifiers::{Reference, RegisteredNoticeId},
    },
    store::{
        Database, Error,
        database::{Item, from_item, table},
        key::Key,
        transaction::{Change, Transaction},
    },
};
use serde::{Deserialize, Serialize};

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
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VersionItem {
    first_language: Language,
    purpose_codes: Vec<PurposeCode>,
}

#[derive(Serialize)]
struct ContentItem<'a> {
    content: &'a str,
}

impl ConsentNotices {
    /// The table that `CONSENT_NOTICES_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("CONSENT_NOTICES_TABLE", "ConsentNoticesTable") }
    }

    /// Whether the table answers.
    pub async fn reachable(&self) -> Result<(), Error> {
        let key = Key::of_no_tenant(&["health"], &["health"]);
        self.database.get::<serde::de::IgnoredAny>(&self.table, &key).await.map(|_| ())
    }

    /// Registers a version of a notice, or a translation of one: refused where
    /// that version exists in that language, and where a translation's purposes
    /// are not those of the version's first language.
    pub async fn create(
        &self,
        tenant: Tenant,
        draft: NoticeDraft,
        occasion: Occasion<'_>,
    ) -> Result<RegisteredNotice, Error> {
        let (notice, content) = draft.register(RegisteredNoticeId::fresh(occasion), occasion.now);
        let version = VersionItem { first_language: notice.language.clone(), purpose_codes: notice.purpose_codes() };
        let write = || -> Result<Transaction<'_>, Error> {
            Transaction::new(occasion)
                .create_or(
                    &self.table,
                    &translation_key(tenant, &notice),
                    &notice,
                    Refusal::NoticeVersionExists.into(),
                )?
                .create_fresh(&self.table, &content_key(tenant, &notice), &ContentItem { content: content.as_str() })
        };
        // Most registrations are of new versions, so that is tried at once; the
        // version that is already there comes back with the refusal.
        let wanted = version.purpose_codes.clone();
        let newest = Change::of_any(notice_key(tenant, &notice.notice_id)).set("latestVersion", &notice.version)?;
        let created = write()?
            .create(&self.table, &version_key(tenant, &notice.notice_id, &notice.version), &version, move |existing| {
                translation_of(existing, &wanted)
            })?
            .update(&self.table, newest, |_| Error::Stale)
            .commit(&self.database)
            .await;
        match created {
            // A version never changes, so the translation needs no further condition.
            Err(Error::Stale) => write()?.commit(&self.database).await?,
            created => created?,
        }
        Ok(notice)
    }

    /// The notice that the fields of a body name: of this version, or the
    /// newest; in this language, or the version's first.
    pub(crate) async fn named(
        &self,
        tenant: Tenant,
        notice: &Reference,
        version: Option<&Reference>,
        language: Option<&Language>,
    ) -> Result<RegisteredNotice, Error> {
        let absent =
            |field: &str, message: &str| Error::Refused(Refusal::InvalidNotice(FieldFault::new(field, message)));
        let no_notice = || absent("consentNoticeId", "names a notice that is not registered");
        let no_version = || absent("consentNoticeVersion", "names a version of the notice that is not registered");
        let notice_id = &NoticeId::parse(notice.as_str()).map_err(|_| no_notice())?;
        let version = match version {
            Some(version) => NoticeVersion::parse(version.as_str()).map_err(|_| no_version())?,
            None => self
                .database
                .get::<NoticeItem>(&self.table, &notice_key(tenant, notice_id))
                .await?
                .map(|notice| notice.latest_version)
                .ok_or_else(no_notice)?,
        };
        let language = match language {
            Some(language) => language.clone(),
            None => self
                .database
                .get::<VersionItem>(&self.table, &version_key(tenant, notice_id, &version))
                .await?
                .map(|version| version.first_language)
                .ok_or_else(no_version)?,
        };
        self.database.get(&self.table, &translation_key_of(tenant, notice_id, &version, &language)).await?.ok_or_else(
            || absent("consentNoticeLanguage", "names a version or language of the notice that is not registered"),
        )
    }
}

/// What it means that the version is there already: a translation, if its
/// purposes are the same.
fn translation_of(existing: Option<Item>, wanted: &[PurposeCode]) -> Error {
    let existing = existing.map(from_item::<VersionItem>);
    match existing {
        Some(Ok(version)) if version.purpose_codes == wanted => Error::Stale,
        Some(Ok(_)) => Refusal::PurposesDiffer.into(),
        Some(Err(error)) => error,
        None => Error::Fault("a version was there and not shown".to_owned()),
    }
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

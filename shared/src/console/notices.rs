//! The notices of an organisation: drafts, and what they lack.

use super::Visit;
use crate::{
    api::{Error, Response},
    domain::{
        FieldError, ResourceKind, Tenant,
        consent_notice::{NoticeId, NoticeStatus, NoticeVersion, RegisteredNotice},
        identifiers::RegisteredNoticeId,
        notice_gate::gaps_of_version,
    },
    portal::{date, text},
    store::{ConsentNotices, Database, Page, PageRequest, until_current},
};
use assent_pages::console::{self as pages, Edition, Gap, NoticeVersions, Notices};
use std::collections::{HashMap, HashSet};

/// How many notices, each version in each language, a page examines.
const EXAMINED: usize = 100;

/// Shows the notices of an organisation.
pub struct ConsoleNotices {
    notices: ConsentNotices,
}

/// A version of a notice, in the languages that were read.
pub(super) struct Version {
    notice: NoticeId,
    version: NoticeVersion,
    /// Newest first.
    editions: Vec<RegisteredNotice>,
    gaps: Vec<FieldError>,
}

impl Version {
    /// The versions of these notices, which are sorted by age. Of the oldest ones, languages may be on the next page.
    fn of(notices: Page<RegisteredNotice>) -> (Vec<Self>, Option<String>) {
        let mut positions: HashMap<(NoticeId, NoticeVersion), usize> = HashMap::new();
        let mut grouped: Vec<Vec<RegisteredNotice>> = Vec::new();
        for notice in notices.items {
            let key = (notice.notice_id.clone(), notice.version.clone());
            let position = *positions.entry(key).or_insert(grouped.len());
            match grouped.get_mut(position) {
                Some(editions) => editions.push(notice),
                None => grouped.push(vec![notice]),
            }
        }
        let versions = grouped.into_iter().filter_map(|editions| {
            let first = editions.first()?;
            Some(Self {
                notice: first.notice_id.clone(),
                version: first.version.clone(),
                gaps: gaps_of_version(&editions, &[]),
                editions,
            })
        });
        (versions.collect(), notices.next)
    }

    fn has_draft(&self) -> bool {
        self.editions.iter().any(|edition| edition.status == NoticeStatus::Draft)
    }

    /// What pages show of it.
    pub(super) fn view(&self) -> Option<pages::NoticeVersion<'_>> {
        let first = self.editions.first()?;
        let edition = |edition: &RegisteredNotice| edition.published_at().map(date);
        Some(pages::NoticeVersion {
            notice: self.notice.as_str(),
            version: self.version.as_str(),
            title: text(first.title.as_str(), &first.language),
            editions: self
                .editions
                .iter()
                .map(|it| Edition { language: it.language.as_str(), published: edition(it) })
                .collect(),
            gaps: self.gaps.iter().map(|gap| Gap { field: &gap.field, message: &gap.message }).collect(),
        })
    }
}

impl ConsoleNotices {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { notices: ConsentNotices::new(database) }
    }

    /// Of the newest notices, the versions with drafts, and the newest version of each notice if it has gaps; at most so
    /// many, and whether there may be more. A version that was published before another one takes no work.
    pub(super) async fn unfinished(&self, tenant: Tenant, limit: usize) -> Result<(Vec<Version>, bool), Error> {
        let page = PageRequest { limit: EXAMINED, after: None };
        let (versions, next) = Version::of(self.notices.newest_editions(tenant, &page).await?);
        let mut seen = HashSet::new();
        let mut unfinished: Vec<Version> = versions
            .into_iter()
            .filter(|version| {
                let is_newest = seen.insert(version.notice.clone());
                version.has_draft() || (is_newest && !version.gaps.is_empty())
            })
            .collect();
        let more = next.is_some() || unfinished.len() > limit;
        unfinished.truncate(limit);
        Ok((unfinished, more))
    }

    /// The page of the notices, from the one after `cursor` on.
    pub async fn list(&self, visit: &Visit<'_>, cursor: Option<&String>) -> Result<Response, Error> {
        let after = cursor.map(|cursor| RegisteredNoticeId::parse(cursor)).transpose();
        let after = after.map_err(|invalid| Error::BadRequest(format!("cursor {invalid}")))?;
        let page = PageRequest { limit: EXAMINED, after: after.map(|after| after.to_string()) };
        let notices = self.notices.newest_editions(visit.request.tenant(), &page).await?;
        let (versions, next) = Version::of(notices);
        let view = Notices {
            versions: versions.iter().filter_map(Version::view).collect(),
            next: next.map(|next| format!("notices?cursor={next}")),
        };
        Ok(Response::page(200, &pages::notices(&visit.frame(), &view)))
    }

    /// The page of a notice with its versions.
    pub async fn notice(&self, visit: &Visit<'_>, id: Option<&String>) -> Result<Response, Error> {
        let notice_id = notice_id(id)?;
        let page = PageRequest { limit: EXAMINED, after: None };
        let tenant = visit.request.tenant();
        let (versions, next) = Version::of(until_current(|| self.notices.editions(tenant, &notice_id, &page)).await?);
        let view = NoticeVersions {
            notice: notice_id.as_str(),
            versions: versions.iter().filter_map(Version::view).collect(),
            more: next.is_some(),
        };
        Ok(Response::page(200, &pages::notice(&visit.frame(), &view)))
    }
}

/// The notice that a parameter names.
pub(super) fn notice_id(named: Option<&String>) -> Result<NoticeId, Error> {
    named.and_then(|id| NoticeId::parse(id).ok()).ok_or(Error::NotFound(ResourceKind::ConsentNotice))
}

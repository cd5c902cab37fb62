//! What a person agreed to, by purpose.

use super::{Visit, date, description, text};
use crate::{
    api::{Error, Response, operations},
    domain::{
        Tenant, Timestamp,
        consent_notice::{
            DataItem, Edition, Language, Link, NoticeContent, NoticeId, Phone, PurposeCode, RegisteredNotice, Services,
        },
        consent_record::{DecidedPurpose, PurposeState, RecordSummary},
        identifiers::PrincipalId,
    },
    store::{ConsentNotices, ConsentRecords, Database},
};
use assent_pages::{
    self as pages, Banner, Consent, ConsentState, Home, Links, Locale, Notice, NoticePurpose, Officer, Text,
};
use std::collections::{BTreeMap, HashMap, hash_map::Entry};

/// How many purposes the page shows, those that are granted first.
const SHOWN: usize = 50;

/// Shows what persons agreed to.
pub struct PersonConsents {
    records: ConsentRecords,
    notices: ConsentNotices,
}

/// The latest decision about a purpose of a notice.
struct Latest<'a> {
    summary: &'a RecordSummary,
    purpose: &'a DecidedPurpose,
    state: ConsentState,
}

/// The latest decision about a purpose of a notice, with its description.
pub(crate) struct Decided {
    /// The description, in the notice's language.
    pub(crate) description: String,
    /// That language.
    pub(crate) language: String,
    /// What the decision is now.
    pub(crate) state: ConsentState,
    /// When it became that.
    pub(crate) since: Timestamp,
    /// When the consent ends.
    pub(crate) until: Option<Timestamp>,
    /// The id of the record.
    pub(crate) record: String,
    /// The purpose.
    pub(crate) purpose: PurposeCode,
    /// The notice that the decision is about.
    pub(crate) edition: Edition,
}

impl PersonConsents {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { records: ConsentRecords::new(database), notices: ConsentNotices::new(database) }
    }

    /// The page of the person's consents.
    pub async fn home(&self, visit: &Visit<'_>, banner: Option<Banner>) -> Result<Response, Error> {
        let request = visit.request;
        let decided = self.decided(request.tenant(), visit.principal_id(), visit.locale, request.context().now).await?;
        let (decided, shortened) = decided;
        let has_receipts = visit.may(&operations::GET_PORTAL_RECEIPT);
        let consents = decided.iter().map(|it| Consent {
            description: Text { text: &it.description, language: &it.language },
            state: it.state,
            since: date(it.since),
            until: it.until.map(date),
            record: &it.record,
            purpose: it.purpose.as_str(),
            notice: it.edition.notice_id.as_str(),
            receipt: has_receipts,
        });
        let home = Home {
            banner,
            consents: consents.collect(),
            shortened,
            can_withdraw: visit.may(&operations::WITHDRAW_ON_PORTAL),
        };
        Ok(Response::page(200, &pages::home(&visit.frame("home"), &home)))
    }

    /// The latest decision of a person about each purpose of each notice, those that are granted first; and their number,
    /// if there are more.
    pub(crate) async fn decided(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        locale: Locale,
        now: Timestamp,
    ) -> Result<(Vec<Decided>, Option<usize>), Error> {
        let summaries = self.records.summaries(tenant, principal_id).await?;
        let latest = latest(&summaries, now);
        let shortened = Some(SHOWN).filter(|shown| latest.len() > *shown);
        let mut notices: HashMap<Edition, RegisteredNotice> = HashMap::new();
        let mut decided = Vec::new();
        for Latest { summary, purpose, state } in latest.into_iter().take(SHOWN) {
            let edition = edition(summary);
            let notice = match notices.entry(edition.clone()) {
                Entry::Occupied(occupied) => occupied.into_mut(),
                Entry::Vacant(vacant) => {
                    let notice = self.in_locale(tenant, vacant.key(), locale).await?;
                    vacant.insert(notice)
                }
            };
            let description = description(notice, &purpose.code);
            decided.push(Decided {
                description: description.text.to_owned(),
                language: description.language.to_owned(),
                state,
                since: purpose.since,
                until: summary.processing_expires_at,
                record: summary.record_id.to_string(),
                purpose: purpose.code.clone(),
                edition,
            });
        }
        Ok((decided, shortened))
    }

    /// The page of the notice of a record.
    pub async fn notice(&self, visit: &Visit<'_>, record: Option<&String>) -> Result<Response, Error> {
        let record = visit.record(&self.records, record).await?;
        let notice = self.in_locale(visit.request.tenant(), &record.edition(), visit.locale).await?;
        let document = self.notices.published(notice.id).await?;
        let here = format!("notice?record={}", record.record_id);
        let (notice, content) = &*document;
        Ok(Response::page(200, &pages::notice(&visit.frame(&here), &notice_view(notice, content))))
    }

    /// A published edition of a notice in the language of the page, if it has one, or else in its own.
    async fn in_locale(&self, tenant: Tenant, edition: &Edition, locale: Locale) -> Result<RegisteredNotice, Error> {
        let languages = languages(locale);
        match self.notices.in_first_of(tenant, &edition.notice_id, &edition.version, &languages).await? {
            Some(notice) => Ok(notice),
            None => Ok(self.notices.shown(tenant, edition).await?),
        }
    }
}

/// The languages that a reader of this locale takes, the best first.
pub(super) fn languages(locale: Locale) -> Vec<Language> {
    let tag = locale.tag();
    let primary = tag.split('-').next().unwrap_or(tag);
    let mut languages: Vec<Language> = [tag, primary].into_iter().filter_map(|tag| Language::parse(tag).ok()).collect();
    languages.dedup();
    languages
}

fn edition(summary: &RecordSummary) -> Edition {
    Edition {
        notice_id: summary.consent_notice_id.clone(),
        version: summary.consent_notice_version.clone(),
        language: summary.consent_notice_language.clone(),
    }
}

/// The latest decision about each purpose of each notice, those that are in force first, and of both the newest first. A
/// purpose that any record still grants is granted.
fn latest(summaries: &[RecordSummary], now: Timestamp) -> Vec<Latest<'_>> {
    let mut latest: BTreeMap<(&NoticeId, &PurposeCode), Latest<'_>> = BTreeMap::new();
    for summary in summaries {
        for purpose in &summary.purposes {
            let state = match purpose.state {
                PurposeState::Denied => ConsentState::Denied,
                PurposeState::Withdrawn if summary.renewed_by.is_some() => ConsentState::Renewed,
                PurposeState::Withdrawn => ConsentState::Withdrawn,
                PurposeState::Granted if summary.has_expired(now) => ConsentState::Expired,
                PurposeState::Granted => ConsentState::Granted,
            };
            let key = (&summary.consent_notice_id, &purpose.code);
            // Summaries are sorted by age, and what is granted hides what is not.
            let is_hidden = latest
                .get(&key)
                .is_some_and(|earlier| earlier.state == ConsentState::Granted && state != ConsentState::Granted);
            if !is_hidden {
                latest.insert(key, Latest { summary, purpose, state });
            }
        }
    }
    let mut latest: Vec<Latest<'_>> = latest.into_values().collect();
    latest.sort_by_key(|it| (it.state != ConsentState::Granted, std::cmp::Reverse(it.summary.record_id)));
    latest
}

/// What a page shows of a notice.
pub(super) fn notice_view<'a>(notice: &'a RegisteredNotice, content: &'a NoticeContent) -> Notice<'a> {
    let language = &notice.language;
    let officer = notice.grievance_officer.as_ref().map(|officer| Officer {
        name: officer.name.as_str(),
        email: officer.email.as_str(),
        phone: officer.phone.as_ref().map(Phone::as_str),
    });
    let links = notice.particulars.links.as_ref().map(|links| Links {
        withdraw: links.withdraw.as_ref().map(Link::as_str),
        rights: links.rights.as_ref().map(Link::as_str),
        complaint: links.complaint.as_ref().map(Link::as_str),
    });
    Notice {
        title: text(notice.title.as_str(), language),
        content: text(content.as_str(), language),
        data_items: notice.particulars.data_items.iter().map(|it| text(it.description.as_str(), language)).collect(),
        purposes: notice.purposes.iter().map(|purpose| purpose_view(notice, &purpose.code)).collect(),
        officer,
        links,
    }
}

/// What a page shows of a purpose of a notice.
pub(super) fn purpose_view<'a>(notice: &'a RegisteredNotice, code: &'a PurposeCode) -> NoticePurpose<'a> {
    let purpose = notice.purposes.iter().find(|purpose| purpose.code == *code);
    let needed = |item: &&'a DataItem| purpose.is_some_and(|purpose| purpose.data_items.contains(&item.code));
    NoticePurpose {
        description: description(notice, code),
        services: purpose.and_then(|purpose| purpose.services.as_ref()).map(Services::as_str),
        necessary: purpose.and_then(|purpose| purpose.necessary).unwrap_or_default(),
        data_items: notice
            .particulars
            .data_items
            .iter()
            .filter(needed)
            .map(|item| text(item.description.as_str(), &notice.language))
            .collect(),
    }
}

//! Links to the pages of persons and to the console: what an organisation may ask, and how a link is opened.

use crate::{
    api::{Error, Response},
    domain::{
        Clock, DomainError, FieldError, Random, RequestContext, Tenant, Timestamp,
        consent_record::require_usable,
        identifiers::{PrincipalId, Reference},
        page_session::{PageSession, PageToken, Pages, PersonOfPage, Question, SESSION_SECONDS},
    },
    store::{self, ConsentNotices, Database, Grants, PageSessions},
};
use assent_pages::Locale;

/// What an organisation asks, as a request names it.
pub struct Asked {
    /// The notice.
    pub notice: Reference,
    /// Its version; by default the newest.
    pub version: Option<Reference>,
    /// The grant that a consent authorises.
    pub grant: Reference,
    /// The end of the time in which the data may be processed.
    pub processing_expires_at: Timestamp,
}

/// Checks that a consent could be recorded, before anybody is asked for it.
pub struct Askable {
    notices: ConsentNotices,
    grants: Grants,
}

impl Askable {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { notices: ConsentNotices::new(database), grants: Grants::new(database) }
    }

    /// The question. Fails if the notice is not published, or the person's grant is not usable.
    pub async fn question(
        &self,
        tenant: Tenant,
        asked: &Asked,
        principal_id: &PrincipalId,
        context: &RequestContext,
    ) -> Result<Question, Error> {
        let version = asked.version.as_ref();
        let notice = Box::pin(self.notices.named(tenant, &asked.notice, version, None, context));
        let notice = notice.await.map_err(in_consent)?;
        let grant = self.grants.named(tenant, &asked.grant, "consent.grantId").await?;
        require_usable(&grant, principal_id, context.now).map_err(|error| in_consent(error.into()))?;
        let version = Reference::parse(notice.version.as_str()).map_err(|invalid| Error::Internal(invalid.0))?;
        Ok(Question {
            notice_id: asked.notice.clone(),
            version,
            grant_id: asked.grant.clone(),
            processing_expires_at: asked.processing_expires_at,
        })
    }
}

/// The same error, with the names that the fields have in this request.
fn in_consent(error: store::Error) -> store::Error {
    let renamed = |error: FieldError| FieldError {
        field: match error.field.as_str() {
            "consentNoticeId" => "consent.noticeId".to_owned(),
            "consentNoticeVersion" => "consent.version".to_owned(),
            "grantId" => "consent.grantId".to_owned(),
            _ => error.field,
        },
        ..error
    };
    store::Error::Domain(match error {
        store::Error::Domain(DomainError::InvalidNotice(error)) => DomainError::InvalidNotice(renamed(error)),
        store::Error::Domain(DomainError::InvalidGrant(error)) => DomainError::InvalidGrant(renamed(error)),
        store::Error::Domain(error) => error,
        error => return error,
    })
}

/// Opens links.
pub struct Links {
    sessions: PageSessions,
    clock: Clock,
    random: Random,
}

impl Links {
    /// With the table that the environment names.
    pub fn new(database: &Database) -> Self {
        let environment = database.environment();
        Self { sessions: PageSessions::new(database), clock: environment.clock(), random: environment.random() }
    }

    /// The link of a person with this text, if it can still be opened.
    pub async fn find(&self, text: &str) -> Result<(PageToken, PageSession, PersonOfPage), Error> {
        let (token, session) = self.find_to(Pages::OfPersons, text).await?;
        let person = session.person().cloned().ok_or_else(used)?;
        Ok((token, session, person))
    }

    /// The link to these pages with this text, if it can still be opened. One to the other pages stays as it is.
    async fn find_to(&self, pages: Pages, text: &str) -> Result<(PageToken, PageSession), Error> {
        let token = PageToken::parse(text).ok_or_else(used)?;
        let found = self.sessions.link(&token, self.clock.now()).await?;
        let session = found.filter(|session| session.pages() == pages).ok_or_else(used)?;
        Ok((token, session))
    }

    /// Opens a link to the console: the response begins the session, and leads to its first page.
    pub async fn enter_console(&self, text: &str) -> Result<Response, Error> {
        let (token, session) = self.find_to(Pages::Console, text).await?;
        let context = RequestContext::new(&self.clock, &self.random);
        let cookie = self.sessions.open(&token, &session.opened(context.now), &context).await?;
        Ok(Response::see_other("today".to_owned()).with_console_cookie(&cookie.reveal()))
    }

    /// Opens a link: the response begins the session, and leads to its first page.
    pub async fn enter(
        &self,
        token: &PageToken,
        session: &PageSession,
        person: &PersonOfPage,
        language: Option<&str>,
    ) -> Result<Response, Error> {
        let context = RequestContext::new(&self.clock, &self.random);
        let opened = session.opened(context.now);
        let cookie = self.sessions.open(token, &opened, &context).await?;
        let page = if person.question.is_some() { "question" } else { "home" };
        let language = language.and_then(Locale::parse).map(|locale| format!("?lang={}", locale.tag()));
        let location = format!("{page}{}", language.unwrap_or_default());
        Ok(Response::see_other(location).with_page_cookie(&cookie.reveal(), SESSION_SECONDS))
    }
}

fn used() -> Error {
    Error::Store(DomainError::LinkUsed.into())
}

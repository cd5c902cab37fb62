//! One request of a person to a page of their own.

use crate::{
    api::{Error, Failure, Form, Operation, Request, Response, Visitor, operations},
    domain::{
        ResourceKind, Timestamp,
        consent_record::ConsentRecord,
        identifiers::{PrincipalId, RecordId},
        page_session::{FormNonce, PersonOfPage},
    },
    store::ConsentRecords,
};
use assent_pages::{Date, Frame, Locale, Problem, Section, problem};
use std::collections::BTreeMap;

/// A request of a person, with what every page shows.
pub struct Visit<'a> {
    /// The request.
    pub request: &'a Request,
    /// The language of the page.
    pub locale: Locale,
    visitor: &'a Visitor,
    person: &'a PersonOfPage,
    sections: Vec<Section>,
    token: String,
}

/// The pages in the navigation, with the operation that shows each.
const SECTIONS: [(Section, &Operation); 6] = [
    (Section::Home, &operations::SHOW_PORTAL_HOME),
    (Section::History, &operations::SHOW_PORTAL_HISTORY),
    (Section::Told, &operations::SHOW_PORTAL_TOLD),
    (Section::Grievances, &operations::SHOW_PORTAL_GRIEVANCES),
    (Section::Copy, &operations::SHOW_PORTAL_COPY),
    (Section::Erasure, &operations::SHOW_PORTAL_ERASURE),
];

impl<'a> Visit<'a> {
    /// The visit of a page that takes these parameters beside `lang`, and their values.
    pub fn of_page(request: &'a Request, names: &[&str]) -> Result<(Self, BTreeMap<String, String>), Error> {
        let mut parameters = request.query(&[names, &["lang"]].concat())?;
        let language = parameters.remove("lang");
        Ok((Self::of(request, language.as_deref())?, parameters))
    }

    /// The visit of a form, with its other fields. The form must be from a page of this session.
    pub fn of_form(request: &'a Request) -> Result<(Self, Form, FormNonce), Error> {
        let mut form = request.form()?;
        let nonce = form.take_token(&request.visitor()?.token)?;
        let language = form.take("lang");
        Ok((Self::of(request, language.as_deref())?, form, nonce))
    }

    fn of(request: &'a Request, language: Option<&str>) -> Result<Self, Error> {
        let visitor = request.visitor()?;
        let person = visitor.session.person();
        let person = person.ok_or_else(|| Error::Internal("the visitor is not a person".to_owned()))?;
        let locale = language.or(person.locale.as_deref()).and_then(Locale::parse);
        let locale = locale.unwrap_or_else(|| locale_of(request.header("Accept-Language").unwrap_or_default()));
        let allowed = SECTIONS.into_iter().filter(|(_, operation)| request.may(operation));
        let sections = allowed.map(|(section, _)| section).collect();
        let token = visitor.token.form_token(request.context());
        Ok(Self { request, locale, visitor, person, sections, token })
    }

    /// The person.
    pub fn principal_id(&self) -> &'a PrincipalId {
        &self.person.principal_id
    }

    /// What the session says of the person.
    pub fn person(&self) -> &'a PersonOfPage {
        self.person
    }

    /// The visitor's session and its token.
    pub fn visitor(&self) -> &'a Visitor {
        self.visitor
    }

    /// Whether the person may do what this operation does.
    pub fn may(&self, operation: &Operation) -> bool {
        self.request.may(operation)
    }

    /// What the page that is shown here has around it.
    pub fn frame<'f>(&'f self, here: &'f str) -> Frame<'f> {
        let organisation = &self.request.caller().tenant_name;
        Frame { locale: self.locale, organisation, here, sections: &self.sections, token: &self.token }
    }

    /// The record that a parameter or field names. It must be of this person.
    pub async fn record(&self, records: &ConsentRecords, named: Option<&String>) -> Result<ConsentRecord, Error> {
        let absent = || Error::NotFound(ResourceKind::ConsentRecord);
        let record_id = named.and_then(|id| RecordId::parse(id).ok()).ok_or_else(absent)?;
        let record = records.get(self.request.tenant(), record_id).await?;
        if record.data_principal_id.as_ref() == Some(self.principal_id()) { Ok(record) } else { Err(absent()) }
    }
}

/// The day of a moment, in UTC.
pub fn date(moment: Timestamp) -> Date {
    let day = moment.day();
    let mut parts = day.split('-').map(|part| part.parse::<u16>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    let small = |part: u16| u8::try_from(part).unwrap_or_default();
    Date { year: i32::from(year), month: small(month), day: small(day) }
}

/// The language for these wishes (`Accept-Language`), or else English.
pub fn locale_of(languages: &str) -> Locale {
    Locale::of_accept_language(languages).unwrap_or(Locale::En)
}

/// The page of an error. It says what the person can do, and the number under which the log has the error.
pub fn error_page(failure: &Failure<'_>) -> Response {
    let kind = Problem::of_status(failure.status);
    let is_ours = failure.status >= 500;
    let back = !matches!(failure.status, 401 | 410);
    let number = Some(failure.request_id).filter(|_| is_ours);
    Response::page(failure.status, &problem(locale_of(failure.languages), None, kind, number, back))
}

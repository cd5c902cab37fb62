//! The forms of pages (`application/x-www-form-urlencoded`), read as strictly as bodies.

use crate::{
    api::{Error, HttpRequest},
    domain::page_session::{FormNonce, PageToken},
};
use std::collections::BTreeMap;

/// The media type of forms.
const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// The fields of a form.
pub struct Form {
    fields: BTreeMap<String, String>,
}

impl Form {
    /// Reads the fields of a form that a page of ours sent. The browser says that one of another site sent it
    /// (`Sec-Fetch-Site`, of the W3C's Fetch Metadata); an older browser does not say it, and then the form's token decides.
    pub fn read(request: &HttpRequest) -> Result<Self, Error> {
        if request.header("Sec-Fetch-Site").is_some_and(|site| site != "same-origin") {
            return Err(Error::Forbidden("The form was sent by another site"));
        }
        let body = request.body()?.ok_or_else(|| Error::BadRequest("The body is missing".to_owned()))?;
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body).into_owned() {
            if value.contains('\u{FFFD}') || fields.insert(name, value).is_some() {
                return Err(Error::BadRequest("A field is not UTF-8, or is there twice".to_owned()));
            }
        }
        Ok(Self { fields })
    }

    /// Whether a request has a form's media type.
    pub(super) fn is_in(request: &HttpRequest) -> bool {
        let declared = request.header("Content-Type").unwrap_or_default();
        declared.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(MEDIA_TYPE)
    }

    /// The value of a field, which is there once at most. Browsers write a line break as CR LF.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.fields.remove(name).map(|value| value.replace("\r\n", "\n"))
    }

    /// The fields that begin with this text, by the rest of their names.
    pub fn take_all(&mut self, prefix: &str) -> BTreeMap<String, String> {
        let (taken, left) =
            std::mem::take(&mut self.fields).into_iter().partition(|(name, _)| name.starts_with(prefix));
        self.fields = left;
        let taken: BTreeMap<String, String> = taken;
        taken.into_iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value))).collect()
    }

    /// Takes the field `token`, which must be from a page of this session.
    pub fn take_token(&mut self, session: &PageToken) -> Result<FormNonce, Error> {
        let token = self.take("token").unwrap_or_default();
        let foreign = || Error::BadRequest("The form is not from a page of this session".to_owned());
        session.form_nonce(&token).ok_or_else(foreign)
    }

    /// Fails if a field is left that nobody has taken.
    pub fn finish(self) -> Result<(), Error> {
        if self.fields.is_empty() {
            return Ok(());
        }
        Err(Error::BadRequest("The form has fields that the page does not have".to_owned()))
    }
}

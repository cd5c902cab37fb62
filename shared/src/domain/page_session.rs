//! Page sessions: a person opens a link, and may then see and change their consents on pages
//! of their own; or an operator opens one to the console of their organisation.
//!
//! A link, and the session that it becomes, is known by a random token. Its hash is the key of
//! the item, and its content is sealed under a key that only the token gives. So nobody who reads
//! the database can use a session, or learn whose it is.

use crate::domain::{
    RequestContext, Tenant, Timestamp,
    api_key::ApiKeyHash,
    code,
    identifiers::{PrincipalId, Reference},
    seal::DataKey,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The length of a token, in bytes.
const TOKEN: usize = 16;
/// The length of a form's nonce and of its code, in bytes.
const FORM: usize = 16;
/// The seconds for which a link can be opened that the organisation redirects the person to.
const REDIRECT_SECONDS: u32 = 5 * 60;
/// The seconds for which a link can be opened that the person gets as a message.
const MESSAGE_SECONDS: u32 = 72 * 60 * 60;
/// The seconds for which a person's session lasts after its link was opened.
pub const SESSION_SECONDS: u32 = 30 * 60;
/// The seconds for which an operator's session lasts: a working day. A shorter one would end while a resolution is being
/// written. It ends with its key in any case.
pub const CONSOLE_SECONDS: u32 = 8 * 60 * 60;
/// The seconds for which a link to the console can be opened.
pub const CONSOLE_LINK_SECONDS: u32 = REDIRECT_SECONDS;

/// How a person gets a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkDelivery {
    /// The organisation, where the person is logged in, redirects them to it.
    #[default]
    Redirect,
    /// In a message, which programs may open before the person does.
    Message,
}

impl LinkDelivery {
    /// The seconds for which such a link can be opened.
    pub fn seconds(self) -> u32 {
        match self {
            Self::Redirect => REDIRECT_SECONDS,
            Self::Message => MESSAGE_SECONDS,
        }
    }
}

/// The question that an organisation asks: whether the person consents to a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// The notice.
    pub notice_id: Reference,
    /// Its version.
    pub version: Reference,
    /// The grant that a consent authorises.
    pub grant_id: Reference,
    /// The end of the time in which the data may be processed.
    pub processing_expires_at: Timestamp,
}

/// What a link and its session hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSession {
    /// The organisation.
    pub tenant_id: Tenant,
    /// Its name.
    pub organisation: String,
    /// The hash of the key that created the link. The session may do nothing that this key may not.
    pub key: ApiKeyHash,
    /// Whose it is.
    pub holder: PageHolder,
    /// When the link was created.
    pub created_at: Timestamp,
    /// When the link, or the session after it was opened, ends.
    pub expires_at: Timestamp,
}

/// Whose a page session is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum PageHolder {
    /// A person, on pages of their own.
    Person(PersonOfPage),
    /// Whoever acts for the organisation with the key, on the pages of the console.
    Operator,
}

/// The person of a page session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonOfPage {
    /// The person.
    pub principal_id: PrincipalId,
    /// The BCP 47 tag of the language in which the person reads, if the organisation knows it.
    pub locale: Option<String>,
    /// What the organisation asks, if it asks something.
    pub question: Option<Question>,
    /// Where the person goes on after the answer.
    pub return_url: Option<String>,
    /// How the person got the link.
    pub delivery: LinkDelivery,
}

/// The pages that a session is for. Each kind has a cookie of its own, and a session of one opens no page of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// Those of persons, below `/p/`.
    OfPersons,
    /// The console, below `/console/`.
    Console,
}

impl PageSession {
    /// The session of a link that is opened now.
    #[must_use]
    pub fn opened(&self, now: Timestamp) -> Self {
        let seconds = match self.holder {
            PageHolder::Person(_) => SESSION_SECONDS,
            PageHolder::Operator => CONSOLE_SECONDS,
        };
        Self { expires_at: now.plus_seconds(seconds), ..self.clone() }
    }

    /// The pages that it is for.
    pub fn pages(&self) -> Pages {
        match self.holder {
            PageHolder::Person(_) => Pages::OfPersons,
            PageHolder::Operator => Pages::Console,
        }
    }

    /// The person, if it is a person's.
    pub fn person(&self) -> Option<&PersonOfPage> {
        match &self.holder {
            PageHolder::Person(person) => Some(person),
            PageHolder::Operator => None,
        }
    }

    /// Whether it can still be used.
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// The token of a link or of a session. It is a secret, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct PageToken([u8; TOKEN]);

/// The nonce of a form, which can be sent once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormNonce([u8; FORM]);

impl FormNonce {
    /// Its text.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl PageToken {
    /// A new random token.
    pub fn fresh(context: &RequestContext) -> Self {
        Self(context.random())
    }

    /// Reads the text of a token.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Its text: 22 characters of base64url.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The name under which its content is stored, in hexadecimal.
    pub fn hash(&self) -> String {
        self.code(&[b"name"]).map(|code| hex::encode(code.finalize().into_bytes())).unwrap_or_default()
    }

    /// The key under which its content is sealed.
    pub fn key(&self) -> Option<DataKey> {
        DataKey::from_bytes(&self.code(&[b"content"])?.finalize().into_bytes())
    }

    /// The value that a form of this session's pages carries: a nonce, and a code of it that nobody else can make.
    pub fn form_token(&self, context: &RequestContext) -> String {
        let nonce: [u8; FORM] = context.random();
        URL_SAFE_NO_PAD.encode([&nonce[..], &self.form_code(&nonce)].concat())
    }

    /// The nonce of a form, if the form is from a page of this session.
    pub fn form_nonce(&self, token: &str) -> Option<FormNonce> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (nonce, code) = bytes.split_first_chunk::<FORM>()?;
        let verified = self.code(&[b"form", nonce])?.verify_truncated_left(code);
        (code.len() == FORM && verified.is_ok()).then_some(FormNonce(*nonce))
    }

    /// A text that a page carries to the next request, with a code of it that nobody else can make.
    pub fn signed(&self, text: &str) -> String {
        let code = self.code(&[b"text", text.as_bytes()]).map(|code| code.finalize().into_bytes());
        format!("{}.{text}", URL_SAFE_NO_PAD.encode(code.unwrap_or_default()))
    }

    /// The text that a page of this session carried.
    pub fn verified<'a>(&self, signed: &'a str) -> Option<&'a str> {
        let (code, text) = signed.split_once('.')?;
        let code = URL_SAFE_NO_PAD.decode(code).ok()?;
        self.code(&[b"text", text.as_bytes()])?.verify_slice(&code).is_ok().then_some(text)
    }

    fn form_code(&self, nonce: &[u8]) -> Vec<u8> {
        let code = self.code(&[b"form", nonce]).map(|code| code.finalize().into_bytes());
        code.map(|code| code.iter().copied().take(FORM).collect()).unwrap_or_default()
    }

    /// The code of these parts under the token.
    fn code(&self, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        Hmac::new_from_slice(&self.0).ok().map(|code| code::of_parts(&code, parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_has_one_text_and_its_uses_differ() {
        let token = PageToken::fresh(&RequestContext::system());
        assert_eq!(token.reveal().len(), 22);
        assert!(PageToken::parse(&token.reveal()) == Some(token.clone()));
        assert!(!token.hash().contains(&hex::encode(token.0)));
        assert_ne!(token.hash().as_bytes(), hex::encode(token.key().unwrap().bytes()).as_bytes());
    }

    #[test]
    fn no_bit_of_a_form_can_be_changed_and_no_other_session_has_it() {
        let context = RequestContext::system();
        let (token, other) = (PageToken::fresh(&context), PageToken::fresh(&context));
        let form = token.form_token(&context);
        assert!(token.form_nonce(&form).is_some());
        assert_eq!(other.form_nonce(&form), None);
        let bytes = URL_SAFE_NO_PAD.decode(&form).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut altered = bytes.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(token.form_nonce(&URL_SAFE_NO_PAD.encode(altered)), None, "{bit}");
        }
        for length in 0..bytes.len() {
            assert_eq!(token.form_nonce(&URL_SAFE_NO_PAD.encode(&bytes[..length])), None, "{length}");
        }
    }

    #[test]
    fn a_signed_text_is_read_by_its_session_alone() {
        let context = RequestContext::system();
        let (token, other) = (PageToken::fresh(&context), PageToken::fresh(&context));
        let signed = token.signed("a text. of ours");
        assert_eq!(token.verified(&signed), Some("a text. of ours"));
        assert_eq!(other.verified(&signed), None);
        assert_eq!(token.verified(&signed.replace("ours", "mine")), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let token = PageToken([7; TOKEN]);
            prop_assert_eq!(token.form_nonce(&text), None);
            prop_assert_eq!(token.verified(&text), None);
            if let Some(parsed) = PageToken::parse(&text) {
                prop_assert_eq!(parsed.reveal(), text);
            }
        }
    }
}

//! The signing secrets of webhooks as they are stored: sealed under a key that is
//! derived from a secret of the deployment, so that nobody can sign by reading the
//! database.

use crate::{
    domain::{
        RequestContext, Timestamp,
        audit::{Subject, SubjectKey},
        identifiers::RecipientId,
        seal::DataKey,
        webhook_secret::WebhookSecret,
    },
    environment::Environment,
    store::{Error, change::Change, key::Key},
};
use serde::{Deserialize, Serialize};

/// For how long a secret still signs after the next one was made, in seconds.
const OVERLAP: u32 = 24 * 60 * 60;
/// Under which name stored responses that show a secret are sealed.
const SUBJECT: &str = "webhook_secrets";
const SECRET: &str = "secret";
const PREVIOUS: &str = "previous";

/// The key under which the secrets are sealed, each with its recipient's id as purpose.
#[derive(Clone)]
pub(crate) struct WebhookKey(DataKey);

/// The secrets of a recipient.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookSecrets {
    secret: String,
    #[serde(default)]
    previous: Option<PreviousSecret>,
}

/// The secret before the present one.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PreviousSecret {
    secret: String,
    /// Until when it signs.
    until: Timestamp,
}

impl WebhookKey {
    /// Derived from the secret that `WEBHOOK_SECRET` holds, which may have any length; `None` if there is none.
    pub(crate) fn from_environment(environment: &Environment) -> Option<Self> {
        DataKey::derived(&environment.variable("WEBHOOK_SECRET")?, "webhook secrets").map(Self)
    }

    /// The key for a response that shows a secret.
    pub(crate) fn of_responses(&self) -> SubjectKey {
        SubjectKey { subject: Subject::named(SUBJECT), key: Some(self.0.clone()) }
    }

    /// Whether the responses that are sealed under this name are sealed under this key.
    pub(crate) fn seals(subject: &str) -> bool {
        subject == SUBJECT
    }

    /// The write of a recipient's fresh secret. The one before it, if there is one, signs on for a day. It
    /// depends on the secrets being those that were read.
    pub(crate) fn renewal(
        &self,
        item: Key,
        id: RecipientId,
        read: Option<WebhookSecrets>,
        context: &RequestContext,
    ) -> Result<(WebhookSecret, Change), Error> {
        let fresh = WebhookSecret::fresh(context);
        let sealed = self.0.seal(fresh.reveal().as_bytes(), id.to_string().as_bytes(), context);
        let sealed = sealed.ok_or_else(|| Error::Internal("a signing secret could not be sealed".to_owned()))?;
        let present = read.map(|secrets| secrets.secret);
        let change = Change::of_any(item).when_still(SECRET, present.as_ref())?.set(SECRET, &sealed)?;
        let until = context.now.plus_seconds(OVERLAP);
        let previous = present.map(|secret| PreviousSecret { secret, until });
        Ok((fresh, change.set(PREVIOUS, &previous)?))
    }

    /// The secrets that sign at a moment, the newest first. One that was sealed under another key, before
    /// the deployment's secret was changed, is left out.
    pub(crate) fn open(&self, id: RecipientId, secrets: &WebhookSecrets, now: Timestamp) -> Vec<WebhookSecret> {
        let previous = secrets.previous.as_ref().filter(|previous| now < previous.until);
        let sealed = [Some(&secrets.secret), previous.map(|previous| &previous.secret)];
        let opened = sealed.into_iter().flatten().filter_map(|sealed| {
            let text = String::from_utf8(self.0.open(sealed, id.to_string().as_bytes())?).ok()?;
            WebhookSecret::parse(&text).ok()
        });
        opened.collect()
    }
}

/// The error of a function without the deployment's secret, or with another one than before.
pub(crate) fn unusable() -> Error {
    Error::Unavailable("there is no webhook secret, or it opens no signing secret".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn key(secret: &str) -> Option<WebhookKey> {
        let variables = BTreeMap::from([("WEBHOOK_SECRET".to_owned(), secret.to_owned())]);
        WebhookKey::from_environment(&Environment::given(variables))
    }

    #[test]
    fn a_secret_opens_for_its_recipient_alone_under_its_key_alone() {
        let context = RequestContext::system();
        let (one, other) = (RecipientId::fresh(&context), RecipientId::fresh(&context));
        let (own, another) = (key("secret").unwrap(), key("another").unwrap());
        let sealed = |under: &WebhookKey, secret: &WebhookSecret| {
            under.0.seal(secret.reveal().as_bytes(), one.to_string().as_bytes(), &context).unwrap()
        };
        let (fresh, before) = (WebhookSecret::fresh(&context), WebhookSecret::fresh(&context));
        let until = context.now.plus_seconds(1);
        let previous = Some(PreviousSecret { secret: sealed(&another, &before), until });
        let mut secrets = WebhookSecrets { secret: sealed(&own, &fresh), previous };
        // What was sealed under another key is left out.
        assert!(own.open(one, &secrets, context.now) == [fresh.clone()]);
        secrets.previous = Some(PreviousSecret { secret: sealed(&own, &before), until });
        assert!(own.open(one, &secrets, context.now) == [fresh.clone(), before]);
        assert!(own.open(one, &secrets, until) == [fresh]);
        assert!(own.open(other, &secrets, context.now).is_empty());
        assert!(another.open(one, &secrets, context.now).is_empty());
        assert!(key("").is_none());
    }
}

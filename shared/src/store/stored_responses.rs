//! The responses to requests with an idempotency key. A response is written in the
//! same transaction as the changes of its request, and kept for a day. The caller,
//! the key and the request are stored only as message authentication codes, which
//! need a secret of the deployment, and personal data is sealed. So nobody can learn
//! about a person by reading the table, even by guessing that a key was `erase-` and
//! a name. A signing secret is sealed under the key under which it is stored.

use crate::{
    domain::{
        Tenant, Timestamp,
        audit::{Subject, SubjectKey},
        code,
    },
    store::{AuditTrails, Database, Error, UnitOfWork, change::Change, key::Key, webhook_secrets::WebhookKey},
};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use uuid::Uuid;

/// How long a response is replayed, in seconds.
const KEPT: u32 = 24 * 60 * 60;
/// The attribute after whose time, in seconds, `DynamoDB` removes an item.
const EXPIRES_AT: &str = "expiresAt";

/// The stored responses.
#[derive(Clone)]
pub struct StoredResponses {
    database: Database,
    table: String,
    trails: AuditTrails,
    webhook_key: Option<WebhookKey>,
    code: Hmac<Sha256>,
}

/// The sender and the idempotency key of a request.
#[derive(Clone, Copy, Debug)]
pub struct IdempotencyScope<'a> {
    /// The caller's organisation.
    pub tenant: Tenant,
    /// The API key of the request.
    pub key_id: Uuid,
    /// The end user, if the request is made with a site session.
    pub end_user: Option<EndUser>,
    /// The idempotency key of the request.
    pub idempotency_key: &'a str,
}

/// An end user of a project's site.
#[derive(Clone, Copy, Debug)]
pub struct EndUser {
    /// The project.
    pub project: Uuid,
    /// The user's concord id.
    pub concord_id: Uuid,
}

/// A request with an idempotency key.
#[derive(Clone, Copy, Debug)]
pub struct IdempotentCall<'a> {
    /// Its sender and idempotency key.
    pub scope: IdempotencyScope<'a>,
    /// The code of its method, path and body.
    pub fingerprint: &'a str,
}

/// The response that is stored under the idempotency key of a request.
pub enum StoredResponse {
    /// The response to the same request, as text.
    Kept(String),
    /// The response to the same request, which cannot be opened because its key no longer exists.
    Erased,
    /// The response to another request.
    OfAnotherCall,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseItem {
    fingerprint: String,
    /// The response, or the sealed response.
    response: String,
    /// The subject under whose data key the response is sealed, if it is.
    sealed_under: Option<String>,
    expires_at: i64,
}

impl StoredResponses {
    /// The table that `STORED_RESPONSES_TABLE` names, with the secret that
    /// `PSEUDONYM_SECRET` holds.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        let secret = database.environment().variable("PSEUDONYM_SECRET");
        let secret = secret.ok_or_else(|| Error::Internal("PSEUDONYM_SECRET is not set".to_owned()))?;
        Ok(Self {
            database: database.clone(),
            table: database.table("STORED_RESPONSES_TABLE"),
            trails: AuditTrails::new(database),
            webhook_key: WebhookKey::from_environment(database.environment()),
            code: code(&secret)?,
        })
    }

    /// The response under the idempotency key of a request, if it was stored less than a
    /// day ago. The response to another request is not opened, because the function of
    /// this request may not have permission to read its data key.
    pub async fn find(&self, call: IdempotentCall<'_>, now: Timestamp) -> Result<Option<StoredResponse>, Error> {
        let item: Option<ResponseItem> = self.database.get(&self.table, &key(&self.code, call.scope)).await?;
        let Some(item) = item.filter(|item| item.expires_at > now.seconds()) else { return Ok(None) };
        if item.fingerprint != call.fingerprint {
            return Ok(Some(StoredResponse::OfAnotherCall));
        }
        let response = match &item.sealed_under {
            None => Some(item.response),
            Some(subject) => {
                let key = if WebhookKey::seals(subject) {
                    self.webhook_key.as_ref().and_then(|key| key.of_responses().key)
                } else {
                    self.trails.subject_key(call.scope.tenant, Subject::named(subject)).await?.key
                };
                let opened = key.and_then(|key| key.open(&item.response, call.fingerprint.as_bytes()));
                opened.and_then(|response| String::from_utf8(response).ok())
            }
        };
        Ok(Some(response.map_or(StoredResponse::Erased, StoredResponse::Kept)))
    }

    /// Adds the response to the unit of work of its request. The response is sealed
    /// under this key, if one is given because it shows personal data or a secret.
    pub fn store(
        &self,
        unit: &mut UnitOfWork,
        call: IdempotentCall<'_>,
        response: &str,
        sealed_under: Option<&SubjectKey>,
    ) -> Result<(), Error> {
        let now = unit.context().now;
        let change = Change::of_any(key(&self.code, call.scope))
            .when_new_or_below(EXPIRES_AT, &(now.seconds() + 1))?
            .set(EXPIRES_AT, &kept_until(now).seconds())?
            .set("fingerprint", &call.fingerprint)?;
        let change = match sealed_under {
            None => change.set("response", &response)?.remove("sealedUnder"),
            Some(SubjectKey { subject, key }) => {
                let sealed = match key {
                    Some(key) => key.seal(response.as_bytes(), call.fingerprint.as_bytes(), unit.context()),
                    // The data key was deleted, so the response cannot be sealed and is not stored.
                    None => Some(String::new()),
                };
                let sealed = sealed.ok_or_else(|| Error::Internal("a response could not be sealed".to_owned()))?;
                change.set("response", &sealed)?.set("sealedUnder", &subject.as_str())?
            }
        };
        unit.store_response(&self.table, change);
        Ok(())
    }

    /// The code of a request's method, path and body, within its scope.
    pub fn fingerprint(&self, scope: IdempotencyScope<'_>, request: [&[u8]; 3]) -> String {
        fingerprint(&self.code, scope, request)
    }
}

fn code(secret: &str) -> Result<Hmac<Sha256>, Error> {
    Hmac::new_from_slice(secret.as_bytes()).map_err(|error| Error::Internal(error.to_string()))
}

/// The end of the time in which a response of this moment is replayed.
pub(crate) fn kept_until(now: Timestamp) -> Timestamp {
    now.plus_seconds(KEPT)
}

fn key(code: &Hmac<Sha256>, scope: IdempotencyScope<'_>) -> Key {
    Key::of_tenant(scope.tenant, &[&name(code, scope)], &["response"])
}

/// The code of a request's sender and idempotency key.
fn name(code: &Hmac<Sha256>, scope: IdempotencyScope<'_>) -> String {
    let (tenant, key) = (scope.tenant.0.as_bytes().as_slice(), scope.idempotency_key.as_bytes());
    match scope.end_user {
        None => code_of(code, "idempotency key", &[tenant, scope.key_id.as_bytes(), key]),
        // The API key is left out: sessions of an end user may be issued by different keys.
        Some(EndUser { project, concord_id }) => {
            code_of(code, "idempotency key of an end user", &[tenant, project.as_bytes(), concord_id.as_bytes(), key])
        }
    }
}

fn fingerprint(code: &Hmac<Sha256>, scope: IdempotencyScope<'_>, [method, path, body]: [&[u8]; 3]) -> String {
    code_of(code, "idempotent request", &[name(code, scope).as_bytes(), method, path, body])
}

/// The code of these parts for this use. It differs from all pseudonyms, which have
/// the same secret but are codes of texts that do not begin with a length.
fn code_of(code: &Hmac<Sha256>, usage: &str, parts: &[&[u8]]) -> String {
    let parts = [&[usage.as_bytes()], parts].concat();
    hex::encode(code::of_parts(code, &parts).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scope(idempotency_key: &str) -> IdempotencyScope<'_> {
        IdempotencyScope { tenant: Tenant(Uuid::nil()), key_id: Uuid::nil(), end_user: None, idempotency_key }
    }

    fn fingerprint_of(idempotency_key: &str, (method, path, body): (&str, &str, &str)) -> String {
        let request = [method.as_bytes(), path.as_bytes(), body.as_bytes()];
        fingerprint(&code("secret").unwrap(), scope(idempotency_key), request)
    }

    #[test]
    fn each_scope_has_a_different_name_under_each_secret() {
        let (secret, another) = (code("secret").unwrap(), code("another").unwrap());
        let one = scope("key");
        let user =
            |project, user| Some(EndUser { project: Uuid::from_u128(project), concord_id: Uuid::from_u128(user) });
        let names = [
            name(&secret, one),
            name(&another, one),
            name(&secret, scope("kez")),
            name(&secret, IdempotencyScope { tenant: Tenant(Uuid::from_u128(1)), ..one }),
            name(&secret, IdempotencyScope { key_id: Uuid::from_u128(1), ..one }),
            name(&secret, IdempotencyScope { end_user: user(0, 0), ..one }),
            name(&secret, IdempotencyScope { end_user: user(0, 1), ..one }),
            name(&secret, IdempotencyScope { end_user: user(1, 0), ..one }),
        ];
        for (position, name) in names.iter().enumerate() {
            assert!(!names[..position].contains(name), "{position}");
        }
        let of_user = |key_id| IdempotencyScope { end_user: user(0, 1), key_id: Uuid::from_u128(key_id), ..one };
        assert_eq!(name(&secret, of_user(1)), name(&secret, of_user(2)));
        let request: [&[u8]; 3] = [b"POST", b"/", b""];
        assert_ne!(fingerprint(&secret, one, request), fingerprint(&another, one, request));
    }

    proptest! {
        #[test]
        fn different_requests_have_different_fingerprints(
            left in ("[A-Z]{0,2}", "[/a]{0,2}", "[{a]{0,2}"),
            right in ("[A-Z]{0,2}", "[/a]{0,2}", "[{a]{0,2}"),
        ) {
            let of = |key, (method, path, body): &(String, String, String)| fingerprint_of(key, (method, path, body));
            prop_assert_eq!(left == right, of("k", &left) == of("k", &right));
            prop_assert_ne!(of("k", &left), of("l", &left));
        }
    }
}

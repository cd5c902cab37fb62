//! Requests that have one effect however often they are sent, by the
//! `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header).

use crate::{
    api::{Error, HttpRequest, Response},
    domain::{FieldError, Tenant, Timestamp, api_key::Caller, site_session::SiteSession},
    store::{self, EndUser, IdempotencyScope, IdempotentCall, StoredResponse, StoredResponses, UnitOfWork},
};
use std::sync::Arc;
use uuid::Uuid;

/// The header, and the field that its errors name.
const HEADER: &str = "Idempotency-Key";
/// How many characters a key may have.
const CHARACTERS: std::ops::RangeInclusive<usize> = 1..=255;

/// The idempotency key of a request.
pub(super) struct Idempotency {
    stored: Arc<StoredResponses>,
    tenant: Tenant,
    key_id: Uuid,
    end_user: Option<EndUser>,
    key: String,
    fingerprint: String,
    /// Whether the key was used for another request before.
    pub(super) reused: bool,
}

/// What an idempotency key makes of a request.
pub(super) enum IdempotencyOutcome {
    /// The request is new, or has no key.
    New(Option<Idempotency>),
    /// The request was made before: its response.
    Replayed(Response),
}

impl Idempotency {
    /// Looks the key of a request up. Where the key was used for another request,
    /// that is no outcome yet: what else is wrong with the request is told first.
    pub(super) async fn of(
        request: &HttpRequest,
        caller: &Caller,
        site_session: Option<&SiteSession>,
        stored: &Arc<StoredResponses>,
        now: Timestamp,
    ) -> Result<IdempotencyOutcome, Error> {
        let Some(key) = request.header(HEADER) else { return Ok(IdempotencyOutcome::New(None)) };
        let printable = key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !printable || !CHARACTERS.contains(&key.len()) {
            return Err(Error::Validation(vec![FieldError::new(
                HEADER,
                "must be 1 to 255 printable ASCII characters",
            )]));
        }
        let end_user =
            site_session.map(|session| EndUser { project: session.project_id, concord_id: session.concord_id });
        let mut idempotency = Self {
            stored: Arc::clone(stored),
            tenant: caller.tenant_id,
            key_id: caller.key_id,
            end_user,
            key: key.to_owned(),
            fingerprint: String::new(),
            reused: false,
        };
        let body = request.body()?.unwrap_or_default();
        let parts = [request.method().as_bytes(), request.path().as_bytes(), body];
        idempotency.fingerprint = stored.fingerprint(idempotency.call().scope, parts);
        match idempotency.earlier(now).await {
            Ok(Some(response)) => Ok(IdempotencyOutcome::Replayed(response)),
            Ok(None) => Ok(IdempotencyOutcome::New(Some(idempotency))),
            Err(Error::IdempotencyKeyReused) => {
                idempotency.reused = true;
                Ok(IdempotencyOutcome::New(Some(idempotency)))
            }
            Err(error) => Err(error),
        }
    }

    /// The stored response to this request; an error where the key was used for
    /// another one.
    pub(super) async fn earlier(&self, now: Timestamp) -> Result<Option<Response>, Error> {
        match self.stored.find(self.call(), now).await? {
            None => Ok(None),
            Some(StoredResponse::Kept(response)) => Response::replayed(&response).map(Some),
            Some(StoredResponse::Erased) => Err(Error::ResponseErased),
            Some(StoredResponse::OfAnotherCall) => Err(Error::IdempotencyKeyReused),
        }
    }

    /// Stores the response with the changes that it tells of: sealed, where it
    /// shows personal data. Where nothing changes, there is nothing that a repeat
    /// could do twice, and nothing is stored.
    pub(super) fn store(&self, unit: &mut UnitOfWork, response: &Response) -> Result<(), store::Error> {
        if unit.is_empty() {
            return Ok(());
        }
        let subject_key = match (response.is_personal(), unit.response_key().cloned()) {
            (false, _) => None,
            (true, Some(subject_key)) => Some(subject_key),
            (true, None) => return Err(store::Error::Internal("a personal response has no key".to_owned())),
        };
        self.stored.store(unit, self.call(), &response.to_stored(), subject_key.as_ref())
    }

    fn call(&self) -> IdempotentCall<'_> {
        let scope = IdempotencyScope {
            tenant: self.tenant,
            key_id: self.key_id,
            end_user: self.end_user,
            idempotency_key: &self.key,
        };
        IdempotentCall { scope, fingerprint: &self.fingerprint }
    }
}

//! The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): a
//! request that is sent several times under one key takes effect once.

use crate::{
    api::{Error, HttpRequest, Response},
    domain::{FieldError, Tenant, Timestamp, api_key::Caller, site_session::SiteSession},
    store::{self, EndUser, IdempotencyScope, IdempotentCall, StoredResponse, StoredResponses, UnitOfWork},
};
use std::sync::Arc;
use uuid::Uuid;

/// The header, and the field name of its errors.
const HEADER: &str = "Idempotency-Key";
/// The permitted lengths of a key, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 1..=255;

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

/// The result of looking up the idempotency key of a request.
pub(super) enum IdempotencyOutcome {
    /// The request is new, or has no key.
    New(Option<Idempotency>),
    /// The request was made before. Holds its response.
    Replayed(Response),
}

impl Idempotency {
    /// Looks up the key of a request. A key that was used for another request is
    /// not an error here, because other errors of the request have precedence;
    /// [`Self::reused`] says so.
    pub(super) async fn of(
        request: &HttpRequest,
        caller: &Caller,
        site_session: Option<&SiteSession>,
        stored: &Arc<StoredResponses>,
        now: Timestamp,
    ) -> Result<IdempotencyOutcome, Error> {
        let Some(key) = request.header(HEADER) else { return Ok(IdempotencyOutcome::New(None)) };
        let printable = key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !printable || !LENGTH.contains(&key.len()) {
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

    /// The stored response to this request, if there is one. It is an error if the
    /// key was used for another request.
    pub(super) async fn earlier(&self, now: Timestamp) -> Result<Option<Response>, Error> {
        match self.stored.find(self.call(), now).await? {
            None => Ok(None),
            Some(StoredResponse::Kept(response)) => Response::replayed(&response).map(Some),
            Some(StoredResponse::Erased) => Err(Error::ResponseErased),
            Some(StoredResponse::OfAnotherCall) => Err(Error::IdempotencyKeyReused),
        }
    }

    /// Stores the response together with the changes, encrypted if it holds personal
    /// data or a secret. Nothing is stored if there are no changes, because a repeat of the
    /// request is then harmless.
    pub(super) fn store(&self, unit: &mut UnitOfWork, response: &Response) -> Result<(), store::Error> {
        if unit.is_empty() {
            return Ok(());
        }
        let subject_key = match (response.is_confidential(), unit.response_key().cloned()) {
            (false, _) => None,
            (true, Some(subject_key)) => Some(subject_key),
            (true, None) => return Err(store::Error::Internal("a confidential response has no key".to_owned())),
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

//! A request to an operation, authenticated.

use crate::{
    api::{
        Error, HttpRequest, Operation, Response,
        authentication::{Credential, credential},
        fields::{BodyError, Fields, Validated},
        idempotency::Idempotency,
    },
    domain::{
        Invalid, RequestContext, ResourceKind, Tenant,
        api_key::{ApiKeyHash, Caller},
        audit::Actor,
        json,
        site_session::SiteSession,
    },
    environment::Environment,
    store::{Database, SiteUser, UnitOfWork},
};
use serde::{Serialize, de::DeserializeOwned};
use std::net::IpAddr;

/// A request: who calls, with what, and when.
pub struct Request {
    pub(super) http: HttpRequest,
    pub(super) operation: &'static Operation,
    pub(super) caller: Caller,
    pub(super) site_session: Option<SiteSession>,
    pub(super) database: Database,
    pub(super) idempotency: Option<Idempotency>,
    /// The stored response of an earlier request under the same idempotency key,
    /// where the operation renders such responses itself.
    pub(super) earlier: Option<Response>,
    pub(super) context: RequestContext,
}

/// The response to a change that has been committed. Only a commit makes one, so
/// that no handler can respond to a change and not commit it.
#[derive(Debug)]
pub struct Committed(pub(super) Response);

impl Committed {
    /// What the body says.
    pub fn read_body<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.0.read_body()
    }

    /// The same with a body that shows more than what was stored.
    #[must_use]
    pub fn with_body(self, body: &impl Serialize) -> Self {
        Self(self.0.with_body(body))
    }
}

impl Request {
    /// The moment of the request, and its source of randomness.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The caller's organisation.
    pub fn tenant(&self) -> Tenant {
        self.caller.tenant_id
    }

    /// Who does what this request does.
    pub fn actor(&self) -> Actor {
        Actor { tenant: self.tenant(), key_id: self.caller.key_id }
    }

    /// Whether its response is stored, under an idempotency key.
    pub fn stores_response(&self) -> bool {
        self.idempotency.is_some()
    }

    /// Where the public keys of what this request signs are published.
    pub fn jwks_uri(&self) -> String {
        self.http.jwks_uri(self.operation.route)
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The site session that the caller bears, where it is an end user.
    pub fn site_session(&self) -> Option<&SiteSession> {
        self.site_session.as_ref()
    }

    /// The end user, on an operation that is for end users only.
    pub fn site_user(&self) -> Result<SiteUser, Error> {
        let session = self.site_session().ok_or_else(|| Error::Internal("there is no end user".to_owned()))?;
        Ok(SiteUser { tenant: self.tenant(), project: session.project_id, concord_id: session.concord_id })
    }

    /// The hash of the key that the caller bears, on an operation that is for keys only.
    pub fn key_hash(&self) -> Result<ApiKeyHash, Error> {
        match credential(self.http.headers(), self.operation.route) {
            Ok(Credential::Key(text)) => Ok(text.hash()),
            _ => Err(Error::Internal("a caller with a key sent no key".to_owned())),
        }
    }

    /// The variables that the function is configured by.
    pub fn environment(&self) -> &Environment {
        self.database.environment()
    }

    /// Reads the body, or names all that is wrong with it.
    pub fn body<T>(&self, read: impl FnOnce(&mut Fields) -> Validated<T>) -> Result<T, Error> {
        let body = self.http.body()?.ok_or_else(|| Error::BadRequest("The body is missing".to_owned()))?;
        let value = json::parse(body).map_err(|reason| Error::BadRequest(format!("The body {reason}")))?;
        Fields::read(value, read).map_err(|error| match error {
            BodyError::NotAnObject => Error::BadRequest("The body must be a JSON object".to_owned()),
            BodyError::Fields(errors) => Error::Validation(errors),
        })
    }

    /// Whether its idempotency key was used for another request before. A handler
    /// that writes before it commits its unit of work asks first.
    pub fn reuses_key(&self) -> bool {
        self.idempotency.as_ref().is_some_and(|idempotency| idempotency.reused)
    }

    /// Begins the changes that the request makes.
    pub fn unit_of_work(&self) -> UnitOfWork {
        UnitOfWork::new(&self.context)
    }

    /// Commits the changes, and the response with them, where the request has an
    /// idempotency key. Where something has changed that the changes were made
    /// of, the handler is run again.
    pub async fn commit(&self, mut unit: UnitOfWork, response: Response) -> Result<Committed, Error> {
        if let Some(idempotency) = &self.idempotency {
            idempotency.store(&mut unit, &response)?;
        }
        unit.commit(&self.database).await?;
        Ok(Committed(response))
    }

    /// The stored response of an earlier request under the same idempotency key,
    /// on an operation that [renders such responses itself](crate::api::Endpoint::rendering_replays).
    pub fn replayed(&self) -> Option<Committed> {
        self.earlier.clone().map(Committed)
    }

    /// A parameter of the path; a malformed one names nothing.
    pub fn path<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
        kind: ResourceKind,
    ) -> Result<T, Error> {
        let value = self.http.path_parameter(self.operation.route, name);
        value.and_then(|value| parse(&value).ok()).ok_or(Error::NotFound(kind))
    }

    /// Where the request came from.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.http.source_ip()
    }

    /// The program that sent it.
    pub fn user_agent(&self) -> Option<&str> {
        self.http.header("User-Agent")
    }
}

//! An authenticated request to an operation.

use crate::{
    api::{
        Error, Form, HttpRequest, Operation, Response,
        authentication::{Credential, Visitor, credential},
        fields::{BodyError, Fields, Validated},
        idempotency::Idempotency,
        operations,
    },
    domain::{
        Invalid, RequestContext, ResourceKind, Tenant,
        api_key::{ApiKeyHash, Caller},
        audit::Actor,
        identifiers::RecipientId,
        json,
        site_session::SiteSession,
    },
    environment::Environment,
    store::{Database, SiteUser, UnitOfWork},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, net::IpAddr};

/// An authenticated request.
pub struct Request {
    pub(super) http: HttpRequest,
    pub(super) operation: &'static Operation,
    pub(super) caller: Caller,
    pub(super) site_session: Option<SiteSession>,
    pub(super) visitor: Option<Visitor>,
    pub(super) database: Database,
    pub(super) idempotency: Option<Idempotency>,
    /// The stored response of an earlier request under the same idempotency key, on
    /// an operation that renders replays itself.
    pub(super) earlier: Option<Response>,
    pub(super) context: RequestContext,
}

/// The response to a change that has been committed. Only a commit creates one, so
/// that no handler can respond without committing its change.
#[derive(Debug)]
pub struct Committed(pub(super) Response);

impl Committed {
    /// Shows this response instead: a page of the state that the change has led to.
    #[must_use]
    pub fn showing(self, page: Response) -> Self {
        Self(page)
    }

    /// Parses the body.
    pub fn read_body<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.0.read_body()
    }

    /// The same response with a body that holds more than was stored.
    #[must_use]
    pub fn with_body(self, body: &impl Serialize) -> Self {
        Self(self.0.with_body(body))
    }
}

impl Request {
    /// The time of the request, and its source of randomness.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The caller's organisation.
    pub fn tenant(&self) -> Tenant {
        self.caller.tenant_id
    }

    /// The actor for the audit trail.
    pub fn actor(&self) -> Actor {
        Actor { tenant: self.tenant(), key_id: self.caller.key_id }
    }

    /// Whether the response will be stored, under an idempotency key.
    pub fn stores_response(&self) -> bool {
        self.idempotency.is_some()
    }

    /// The URL of the public keys that verify the signatures of this API.
    pub fn jwks_uri(&self) -> String {
        self.url(operations::JWKS.route)
    }

    /// The URL of a path of this API.
    pub fn url(&self, path: &str) -> String {
        self.http.url(self.operation.route, path)
    }

    /// The caller.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The recipient whose key the caller has, if it is not the organisation's own.
    pub fn recipient(&self) -> Option<RecipientId> {
        self.caller.recipient()
    }

    /// Fails if the caller's key is that of another recipient, for which this resource does not exist.
    pub fn require_recipient(&self, recipient: RecipientId, resource: ResourceKind) -> Result<(), Error> {
        match self.recipient() {
            Some(own) if own != recipient => Err(Error::NotFound(resource)),
            _ => Ok(()),
        }
    }

    /// The site session, if the caller is an end user.
    pub fn site_session(&self) -> Option<&SiteSession> {
        self.site_session.as_ref()
    }

    /// Whether the caller may do what this operation does.
    pub fn may(&self, operation: &Operation) -> bool {
        operation.scope.is_none_or(|scope| self.caller.scopes.allow(scope))
    }

    /// Who visits the page. It is an internal error if the operation is not a page.
    pub fn visitor(&self) -> Result<&Visitor, Error> {
        self.visitor.as_ref().ok_or_else(|| Error::Internal("there is no visitor".to_owned()))
    }

    /// The fields of the form.
    pub fn form(&self) -> Result<Form, Error> {
        Form::read(&self.http)
    }

    /// The value of a parameter of the query; `None` if it is absent. That it is there once at most, and that no other
    /// is there, [`Self::query`] checks.
    pub fn query(&self, names: &[&str]) -> Result<BTreeMap<String, String>, Error> {
        let read = self.http.query();
        if let Some((name, _)) = read.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            return Err(Error::BadRequest(format!("The parameter {name} is unknown")));
        }
        let count = read.len();
        let parameters: BTreeMap<String, String> = read.into_iter().collect();
        if parameters.len() < count {
            return Err(Error::BadRequest("A parameter is given more than once".to_owned()));
        }
        Ok(parameters)
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.http.header(name)
    }

    /// The end user. It is an internal error if the operation is not for end users only.
    pub fn site_user(&self) -> Result<SiteUser, Error> {
        let session = self.site_session().ok_or_else(|| Error::Internal("there is no end user".to_owned()))?;
        Ok(SiteUser { tenant: self.tenant(), project: session.project_id, concord_id: session.concord_id })
    }

    /// The hash of the caller's key. It is an internal error if the operation is not
    /// for API keys only.
    pub fn key_hash(&self) -> Result<ApiKeyHash, Error> {
        match credential(self.http.headers(), self.operation.route) {
            Ok(Credential::Key(text)) => Ok(text.hash()),
            _ => Err(Error::Internal("a caller with a key sent no key".to_owned())),
        }
    }

    /// The environment variables of the function.
    pub fn environment(&self) -> &Environment {
        self.database.environment()
    }

    /// Reads the body. The error names every invalid field.
    pub fn body<T>(&self, read: impl FnOnce(&mut Fields) -> Validated<T>) -> Result<T, Error> {
        let body = self.http.body()?.ok_or_else(|| Error::BadRequest("The body is missing".to_owned()))?;
        let value = json::parse(body).map_err(|reason| Error::BadRequest(format!("The body {reason}")))?;
        Fields::read(value, read).map_err(|error| match error {
            BodyError::NotAnObject => Error::BadRequest("The body must be a JSON object".to_owned()),
            BodyError::Fields(errors) => Error::Validation(errors),
        })
    }

    /// Whether the idempotency key was used for another request before. A handler
    /// that writes before it commits its unit of work has to check this first.
    pub fn reuses_key(&self) -> bool {
        self.idempotency.as_ref().is_some_and(|idempotency| idempotency.reused)
    }

    /// An empty unit of work for the changes of the request.
    pub fn unit_of_work(&self) -> UnitOfWork {
        UnitOfWork::new(&self.context)
    }

    /// Commits the changes. If the request has an idempotency key, the response is
    /// stored with them. If the data from which the changes were made has changed in
    /// the meantime, this is an error, and the endpoint runs the handler again.
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

    /// A parameter of the path. A malformed one is a 404 for this kind of resource.
    pub fn path<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
        kind: ResourceKind,
    ) -> Result<T, Error> {
        let value = self.http.path_parameter(self.operation.route, name);
        value.and_then(|value| parse(&value).ok()).ok_or(Error::NotFound(kind))
    }

    /// The IP address of the client.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.http.source_ip()
    }

    /// The `User-Agent` of the client.
    pub fn user_agent(&self) -> Option<&str> {
        self.http.header("User-Agent")
    }
}

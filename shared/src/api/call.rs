//! One call of an endpoint.

use crate::{
    api::{
        Answer, Error, Event,
        authentication::{self, Credential},
        fields::{BodyFault, Fields, Parsed},
        idempotency::Idempotency,
    },
    domain::{
        Invalid, Occasion, Tenant, Thing,
        api_key::{ApiKeyHash, Caller},
        audit::Actor,
        json,
        site_session::SiteSession,
    },
    store::{self, Database, Effect, SiteUser, until_current},
};
use std::net::IpAddr;

/// An authenticated request: who calls, with what, and when.
pub struct Call<'a> {
    pub(super) event: &'a Event,
    pub(super) route: &'static str,
    pub(super) caller: Caller,
    pub(super) site_session: Option<SiteSession>,
    pub(super) database: &'a Database,
    pub(super) idempotency: Option<Idempotency<'a>>,
    /// When the call came in, and the dice.
    pub occasion: Occasion<'a>,
}

impl<'a> Call<'a> {
    /// The caller's organisation.
    pub fn tenant(&self) -> Tenant {
        self.caller.tenant_id
    }

    /// Who will have done what this call does.
    pub fn actor(&self) -> Actor {
        Actor { tenant: self.tenant(), key_id: self.caller.key_id }
    }

    /// Whether its answer is kept, under an idempotency key.
    pub fn is_remembered(&self) -> bool {
        self.idempotency.is_some()
    }

    /// Where the public keys of what is signed in this call are.
    pub fn jwks_uri(&self) -> String {
        self.event.jwks_uri(self.route)
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The site session that the caller bears, where it is an end user.
    pub fn site_session(&self) -> Option<&SiteSession> {
        self.site_session.as_ref()
    }

    /// The end user, on an endpoint that is for end users only.
    pub fn site_user(&self) -> Result<SiteUser, Error> {
        let session = self.site_session().ok_or_else(|| Error::Fault("there is no end user".to_owned()))?;
        Ok(SiteUser { tenant: self.tenant(), project: session.project_id, concord_id: session.concord_id })
    }

    /// The hash of the key that the caller bears, on an endpoint that is for keys only.
    pub fn key_hash(&self) -> Result<ApiKeyHash, Error> {
        match authentication::credential(self.event, self.route) {
            Ok(Credential::Key(text)) => Ok(text.hash()),
            _ => Err(Error::Fault("a key's caller sent no key".to_owned())),
        }
    }

    /// Reads the body, or names all that is wrong with it.
    pub fn body<T>(&self, read: impl FnOnce(&mut Fields) -> Parsed<T>) -> Result<T, Error> {
        let body = self.event.body()?.ok_or_else(|| Error::Unreadable("The body is missing".to_owned()))?;
        let value = json::parse(&body).map_err(|reason| Error::Unreadable(format!("The body {reason}")))?;
        Fields::read(value, read).map_err(|fault| match fault {
            BodyFault::NotAnObject => Error::Unreadable("The body must be a JSON object".to_owned()),
            BodyFault::Fields(faults) => Error::Faults(faults),
        })
    }

    /// Whether its idempotency key was used for another call before. An endpoint
    /// that writes while it prepares its effect asks first.
    pub fn reuses_key(&self) -> bool {
        self.idempotency.as_ref().is_some_and(|idempotency| idempotency.reused)
    }

    /// Makes an effect happen, once for each idempotency key, and answers. It is
    /// prepared anew for as long as what it was made of changes before it is
    /// written; the answer is remembered in the same transaction.
    pub async fn effect<T>(
        &self,
        prepare: impl AsyncFn() -> Result<Effect<'a, T>, store::Error>,
        answer: impl Fn(&T) -> Answer,
    ) -> Result<Answer, Error> {
        let attempt = async || {
            let mut effect = prepare().await?;
            let (answer, sealing) = (answer(&effect.value), effect.sealing.take());
            let memory = self.idempotency.as_ref().map(|it| it.memory(&answer, sealing.as_ref(), self.occasion));
            effect.happen(self.database, memory.transpose()?).await?;
            Ok(answer)
        };
        if self.reuses_key() {
            // It cannot happen, for the key is taken; but what is faulty or not there is told first.
            return Err(match attempt().await {
                Err(store::Error::Refused(refusal)) if !refusal.is_of_state() => refusal.into(),
                Err(error @ (store::Error::Unavailable(_) | store::Error::Fault(_))) => error.into(),
                _ => Error::IdempotencyKeyReused,
            });
        }
        match (until_current(attempt).await, &self.idempotency) {
            // The same call may have come first and changed what this one met.
            (Err(error @ (store::Error::AnsweredBefore | store::Error::Refused(_))), Some(idempotency)) => {
                idempotency.earlier(self.occasion).await?.ok_or(Error::Store(error))
            }
            (happened, _) => happened.map_err(Error::Store),
        }
    }

    /// A parameter of the path; what is not even well formed names nothing.
    pub fn path<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
        absent: Thing,
    ) -> Result<T, Error> {
        self.event.path_parameter(self.route, name).and_then(|value| parse(&value).ok()).ok_or(Error::NotFound(absent))
    }

    /// Where the call came from.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.event.source_ip()
    }

    /// What sent it.
    pub fn user_agent(&self) -> Option<&str> {
        self.event.header("User-Agent")
    }
}

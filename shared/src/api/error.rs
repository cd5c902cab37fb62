//! The errors of a request, and their HTTP responses.

use crate::{
    api::{AuthenticationError, Response, fields::MAX_ERRORS, operation::Method},
    domain::{DomainError, FieldError, ResourceKind},
    store,
};
use serde::Serialize;
use std::fmt;

/// Why a request fails.
#[derive(Debug)]
pub enum Error {
    /// The body is missing, cannot be read, or is not expected.
    BadRequest(String),
    /// Fields are invalid. Holds an error for each, 100 at most.
    Validation(Vec<FieldError>),
    /// The request has no valid key or session.
    Unauthenticated(AuthenticationError),
    /// The key lacks this scope.
    MissingScope(String),
    /// The endpoint is not for this kind of caller. Holds the reason.
    Forbidden(&'static str),
    /// The resource does not exist.
    NotFound(ResourceKind),
    /// The request's method is not the one that the function serves, which is given.
    MethodNotAllowed(Method),
    /// The body is longer than the limit.
    PayloadTooLarge,
    /// The `Content-Type` of the body is not JSON.
    UnsupportedMediaType,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// The request was made before, and the stored response has been erased.
    ResponseErased,
    /// An error of the store.
    Store(store::Error),
    /// A bug in this program, or corrupt data. The text is only logged.
    Internal(String),
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(formatter),
            Self::Internal(reason) => formatter.write_str(reason),
            other => write!(formatter, "{other:?}"),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<DomainError> for Error {
    fn from(error: DomainError) -> Self {
        Self::Store(store::Error::Domain(error))
    }
}

/// The body of every error response.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    status_code: u16,
    error: &'static str,
    code: &'static str,
    message: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    details: &'a [FieldError],
}

/// An HTTP status, its reason phrase and the error code.
#[derive(Clone, Copy)]
struct Kind(u16, &'static str, &'static str);

const BAD_REQUEST: Kind = Kind(400, "Bad Request", "BAD_REQUEST");
const UNAUTHORIZED: Kind = Kind(401, "Unauthorized", "UNAUTHORIZED");
const FORBIDDEN: Kind = Kind(403, "Forbidden", "FORBIDDEN");
const NOT_FOUND: Kind = Kind(404, "Not Found", "NOT_FOUND");
const METHOD_NOT_ALLOWED: Kind = Kind(405, "Method Not Allowed", "METHOD_NOT_ALLOWED");
const CONFLICT: Kind = Kind(409, "Conflict", "CONFLICT");
const GONE: Kind = Kind(410, "Gone", "GONE");
const PRECONDITION_FAILED: Kind = Kind(412, "Precondition Failed", "PRECONDITION_FAILED");
const PAYLOAD_TOO_LARGE: Kind = Kind(413, "Payload Too Large", "PAYLOAD_TOO_LARGE");
const UNSUPPORTED_MEDIA_TYPE: Kind = Kind(415, "Unsupported Media Type", "UNSUPPORTED_MEDIA_TYPE");
const UNPROCESSABLE_ENTITY: Kind = Kind(422, "Unprocessable Entity", "UNPROCESSABLE_ENTITY");
const INTERNAL_SERVER_ERROR: Kind = Kind(500, "Internal Server Error", "INTERNAL_SERVER_ERROR");
const SERVICE_UNAVAILABLE: Kind = Kind(503, "Service Unavailable", "SERVICE_UNAVAILABLE");

impl Kind {
    /// The same status with a more specific code.
    const fn coded(self, code: &'static str) -> Self {
        Self(self.0, self.1, code)
    }
}

/// The `Retry-After` of a 503, in seconds.
const RETRY_AFTER: &str = "1";

impl Error {
    /// Whether the error comes from the state of the data, and not from the request itself.
    pub(super) fn depends_on_state(&self) -> bool {
        match self {
            Self::Store(store::Error::Domain(error)) => error.depends_on_state(),
            Self::Store(store::Error::Stale | store::Error::ResponseStored) => true,
            _ => false,
        }
    }

    /// The response. The reason of an internal error is logged, and is not in the response.
    pub(crate) fn into_response(self, request_id: &str) -> Response {
        match self {
            Self::BadRequest(reason) => respond(BAD_REQUEST, &reason, &[], request_id),
            Self::Validation(errors) => respond(BAD_REQUEST, &summary(&errors), &errors, request_id),
            Self::Unauthenticated(error) => respond(UNAUTHORIZED, error.message(), &[], request_id),
            Self::MissingScope(scope) => {
                let message = format!("The API key lacks the scope {scope}");
                respond(FORBIDDEN, &message, &[], request_id)
            }
            Self::Forbidden(reason) => respond(FORBIDDEN, reason, &[], request_id),
            Self::NotFound(kind) => respond(NOT_FOUND, &format!("{kind} not found"), &[], request_id),
            Self::MethodNotAllowed(method) => {
                let message = format!("The method must be {}", method.name());
                respond(METHOD_NOT_ALLOWED, &message, &[], request_id).with("Allow", method.name().to_owned())
            }
            Self::PayloadTooLarge => respond(PAYLOAD_TOO_LARGE, "The body is larger than 1 MiB", &[], request_id),
            Self::UnsupportedMediaType => {
                let message = "The body must be JSON: Content-Type: application/json";
                respond(UNSUPPORTED_MEDIA_TYPE, message, &[], request_id)
            }
            Self::IdempotencyKeyReused => respond(
                UNPROCESSABLE_ENTITY.coded("IDEMPOTENCY_KEY_REUSED"),
                "This idempotency key was used for another request, with another method, path or body",
                &[],
                request_id,
            ),
            Self::ResponseErased => {
                let message =
                    "This request was made before, and the key under which its response was sealed no longer exists";
                respond(GONE, message, &[], request_id)
            }
            Self::Store(store::Error::Domain(error)) => of_domain(error, request_id),
            Self::Store(store::Error::Unavailable(reason)) => {
                tracing::warn!(reason, DatabaseUnavailable = 1, "database unavailable");
                unavailable(request_id)
            }
            // A newer version of the program can read it, and runs before long: it wrote it.
            Self::Store(error @ store::Error::NewerItem(_)) => {
                tracing::error!(reason = %error, "item of a newer version");
                unavailable(request_id)
            }
            Self::Store(error) => internal(&error.to_string(), request_id),
            Self::Internal(reason) => internal(&reason, request_id),
        }
    }
}

fn of_domain(error: DomainError, request_id: &str) -> Response {
    let with_details = |kind, errors: Vec<FieldError>| respond(kind, &summary(&errors), &errors, request_id);
    let conflict = |code, message: &str| respond(CONFLICT.coded(code), message, &[], request_id);
    match error {
        DomainError::NotFound(kind) => Error::NotFound(kind).into_response(request_id),
        DomainError::NoticeVersionExists => respond(CONFLICT, "Notice version already exists", &[], request_id),
        DomainError::PurposesDiffer => {
            conflict("PURPOSES_DIFFER", "The purpose codes differ from those of this version's first language")
        }
        DomainError::NoticePublished => conflict(
            "NOTICE_PUBLISHED",
            "The notice is published, so it can no longer be changed, deleted or published",
        ),
        DomainError::NoticeIncomplete(gaps) => {
            let message = format!("The version cannot be published yet: gaps in details, {} in all", gaps.len());
            respond(UNPROCESSABLE_ENTITY.coded("NOTICE_INCOMPLETE"), &message, &gaps, request_id)
        }
        DomainError::InvalidGrant(error) => with_details(BAD_REQUEST.coded("INVALID_GRANT"), vec![error]),
        DomainError::InvalidNotice(error) => with_details(BAD_REQUEST.coded("INVALID_NOTICE"), vec![error]),
        DomainError::InvalidPurpose(errors) => with_details(BAD_REQUEST.coded("INVALID_PURPOSE"), errors),
        DomainError::DecisionMissing(errors) => with_details(BAD_REQUEST.coded("DECISION_MISSING"), errors),
        DomainError::AlreadyWithdrawn => conflict("ALREADY_WITHDRAWN", "Consent has already been withdrawn"),
        DomainError::NotActive => conflict("NOT_ACTIVE", "The record grants nothing that is still in force"),
        DomainError::InvalidRenewal(error) => with_details(BAD_REQUEST.coded("INVALID_RENEWAL"), vec![error]),
        DomainError::TooManyRecords => conflict(
            "TOO_MANY_RECORDS",
            "A denial ends its purposes in at most 10 records at once, and more grant them; withdraw the purposes first, \
             with POST /v1/dpdp/data-principals/{principalId}/withdrawals",
        ),
        DomainError::TooManyOfPerson => conflict(
            "TOO_MANY_RECORDS",
            "More than 10,000 consent records, or grants, of this person are kept; such a call reads all of them at once",
        ),
        DomainError::PurposesRemain => respond(
            UNPROCESSABLE_ENTITY.coded("PURPOSES_REMAIN"),
            "The record grants other purposes, so its grant and its data are still needed",
            &[],
            request_id,
        ),
        DomainError::StateDiffers => {
            let message = "The resource has changed: its ETag is not among those in If-Match";
            respond(PRECONDITION_FAILED, message, &[], request_id)
        }
        DomainError::InvalidRecord(error) => with_details(BAD_REQUEST.coded("INVALID_RECORD"), vec![error]),
        DomainError::ExportExpired => respond(GONE, "Export has expired", &[], request_id),
        DomainError::InvalidTransition => conflict(
            "INVALID_TRANSITION",
            "A grievance goes from submitted to in_review, and from there to resolved or rejected",
        ),
        DomainError::AlreadyErased => {
            conflict("ALREADY_ERASED", "The person has been erased from it, so it can no longer be changed")
        }
        DomainError::SiteUserErased => {
            conflict("ALREADY_ERASED", "This user has been erased; a session without their concordId makes a new one")
        }
        DomainError::SessionClosed => conflict("SESSION_CLOSED", "Session is closed"),
        DomainError::MetadataTooLarge(error) => with_details(BAD_REQUEST, vec![error]),
        DomainError::ConsentTypeExists => respond(
            CONFLICT,
            "A consent type with this category, subcategory and label already exists",
            &[],
            request_id,
        ),
        DomainError::ConsentTypeInUse => {
            conflict("CONSENT_TYPE_IN_USE", "An end user has consented to this consent type, so it cannot be deleted")
        }
        DomainError::ConsentVersionInUse => {
            conflict("CONSENT_VERSION_IN_USE", "An end user has consented to this version, so it cannot be edited")
        }
        DomainError::NothingToAcknowledge => {
            conflict("NOTHING_TO_ACKNOWLEDGE", "The event does not ask to cease, so there is nothing to confirm")
        }
        DomainError::AlreadyDelivered => conflict("ALREADY_DELIVERED", "The recipient has received the message"),
        DomainError::RecipientDisabled => {
            conflict("RECIPIENT_DISABLED", "Webhooks to the recipient have ended; a replay begins them again")
        }
        DomainError::AcknowledgementContradicts => conflict(
            "ACKNOWLEDGEMENT_CONTRADICTS",
            "The recipient has confirmed another outcome before, and that is final",
        ),
        DomainError::TooManyRecipients => conflict(
            "TOO_MANY_RECIPIENTS",
            "The organisation has 100 recipients, which is the most; one must end before another can be registered",
        ),
        DomainError::RecipientEnded => conflict("RECIPIENT_ENDED", "The recipient has ended"),
        DomainError::RecipientHistoryFull => conflict(
            "HISTORY_FULL",
            "The recipient has been changed 20 times, which is the most; end it, and register it again",
        ),
        DomainError::NotAWebhook => conflict("NOT_A_WEBHOOK", "The recipient is not told by webhooks"),
        DomainError::LinkUsed => respond(GONE, "The link was used before, or its time is over", &[], request_id),
        DomainError::FormTaken => conflict("FORM_TAKEN", "The form was sent before"),
        DomainError::UnknownConsent(errors) => with_details(UNPROCESSABLE_ENTITY, errors),
    }
}

/// The 503 for a database that cannot be reached, or a deadline that passed.
pub(crate) fn unavailable(request_id: &str) -> Response {
    let message = "The service is unavailable for the moment, and it is not known whether this request took effect";
    respond(SERVICE_UNAVAILABLE, message, &[], request_id).with("Retry-After", RETRY_AFTER.to_owned())
}

fn internal(reason: &str, request_id: &str) -> Response {
    tracing::error!(reason, "internal error");
    respond(INTERNAL_SERVER_ERROR, INTERNAL_SERVER_ERROR.1, &[], request_id)
}

fn respond(kind: Kind, message: &str, details: &[FieldError], request_id: &str) -> Response {
    let Kind(status_code, error, code) = kind;
    Response::json(status_code, &Body { status_code, error, code, message, request_id, details })
}

/// The message that lists all field errors.
fn summary(errors: &[FieldError]) -> String {
    let sentences: Vec<String> = errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect();
    let more = if errors.len() == MAX_ERRORS { "; and maybe more" } else { "" };
    sentences.join("; ") + more
}

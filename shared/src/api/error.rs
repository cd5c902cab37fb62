//! Every way a call can fail, and the one place where that becomes HTTP.

use crate::{
    api::{Answer, AuthenticationError, Method, fields::MOST_FAULTS},
    domain::{FieldFault, Refusal, Thing},
    store,
};
use serde::Serialize;

/// Why a call has no good answer.
#[derive(Debug)]
pub enum Error {
    /// The body cannot be read at all, or there should be none.
    Unreadable(String),
    /// Fields are at fault: all of them, or the first 100.
    Faults(Vec<FieldFault>),
    /// No key or session, or one that opens nothing.
    Unauthenticated(AuthenticationError),
    /// The key lacks this scope.
    OutOfScope(String),
    /// The endpoint is not for callers of this kind, for the reason given.
    Forbidden(&'static str),
    /// There is no such thing.
    NotFound(Thing),
    /// The function serves this method, and was called with another.
    OtherMethod(Method),
    /// The body is over the limit.
    TooLarge,
    /// The body declares itself something else than JSON.
    NotJson,
    /// The idempotency key was used for another call.
    IdempotencyKeyReused,
    /// The call was answered before, and what it was told has been erased.
    AnswerGone,
    /// The store could not do as asked.
    Store(store::Error),
    /// Something is wrong in here. The text is for the log alone.
    Fault(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Store(store::Error::Refused(refusal))
    }
}

/// The one error body.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    status_code: u16,
    error: &'static str,
    code: &'static str,
    message: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[FieldFault]>::is_empty")]
    details: &'a [FieldFault],
}

/// A status with its name and code.
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
    /// The same status with a finer code.
    const fn coded(self, code: &'static str) -> Self {
        Self(self.0, self.1, code)
    }
}

/// Seconds after which a caller may try an unavailable database again.
const RETRY_AFTER: &str = "1";

impl Error {
    /// The answer to it. What is wrong in here is logged, and told in words
    /// that give nothing away.
    pub(crate) fn answer(self, request_id: &str) -> Answer {
        match self {
            Self::Unreadable(reason) => answer(BAD_REQUEST, &reason, &[], request_id),
            Self::Faults(faults) => answer(BAD_REQUEST, &summary(&faults), &faults, request_id),
            Self::Unauthenticated(error) => answer(UNAUTHORIZED, error.message(), &[], request_id),
            Self::OutOfScope(scope) => {
                let message = format!("The API key lacks the scope {scope}");
                answer(FORBIDDEN, &message, &[], request_id)
            }
            Self::Forbidden(reason) => answer(FORBIDDEN, reason, &[], request_id),
            Self::NotFound(thing) => answer(NOT_FOUND, &format!("{thing} not found"), &[], request_id),
            Self::OtherMethod(method) => {
                let message = format!("The method must be {}", method.name());
                answer(METHOD_NOT_ALLOWED, &message, &[], request_id).with("Allow", method.name().to_owned())
            }
            Self::TooLarge => answer(PAYLOAD_TOO_LARGE, "The body is larger than 1 MiB", &[], request_id),
            Self::NotJson => {
                let message = "The body must be JSON: Content-Type: application/json";
                answer(UNSUPPORTED_MEDIA_TYPE, message, &[], request_id)
            }
            Self::IdempotencyKeyReused => answer(
                UNPROCESSABLE_ENTITY.coded("IDEMPOTENCY_KEY_REUSED"),
                "This idempotency key was used for another call: another method, path or body",
                &[],
                request_id,
            ),
            Self::AnswerGone => {
                let message = "This call was answered before, and the personal data in its answer has been erased";
                answer(GONE, message, &[], request_id)
            }
            Self::Store(store::Error::Refused(refusal)) => refused(refusal, request_id),
            Self::Store(store::Error::Unavailable(reason)) => {
                tracing::warn!(reason, "database unavailable");
                unavailable(request_id)
            }
            Self::Store(error) => fault(&error.to_string(), request_id),
            Self::Fault(reason) => fault(&reason, request_id),
        }
    }
}

fn refused(refusal: Refusal, request_id: &str) -> Answer {
    let with_faults = |kind, faults: Vec<FieldFault>| answer(kind, &summary(&faults), &faults, request_id);
    match refusal {
        Refusal::NotFound(thing) => Error::NotFound(thing).answer(request_id),
        Refusal::NoticeVersionExists => answer(CONFLICT, "Notice version already exists", &[], request_id),
        Refusal::PurposesDiffer => answer(
            CONFLICT.coded("PURPOSES_DIFFER"),
            "The purpose codes differ from those of this version's first language",
            &[],
            request_id,
        ),
        Refusal::InvalidGrant(fault) => with_faults(BAD_REQUEST.coded("INVALID_GRANT"), vec![fault]),
        Refusal::InvalidNotice(fault) => with_faults(BAD_REQUEST.coded("INVALID_NOTICE"), vec![fault]),
        Refusal::InvalidPurpose(faults) => with_faults(BAD_REQUEST.coded("INVALID_PURPOSE"), faults),
        Refusal::AlreadyWithdrawn => {
            answer(CONFLICT.coded("ALREADY_WITHDRAWN"), "Consent has already been withdrawn", &[], request_id)
        }
        Refusal::StateDiffers => {
            let message = "It has changed: its ETag is none of those in If-Match";
            answer(PRECONDITION_FAILED, message, &[], request_id)
        }
        Refusal::InvalidRecord(fault) => with_faults(BAD_REQUEST.coded("INVALID_RECORD"), vec![fault]),
        Refusal::ExportExpired => answer(GONE, "Export has expired", &[], request_id),
        Refusal::InvalidTransition => answer(
            CONFLICT.coded("INVALID_TRANSITION"),
            "A grievance goes from submitted to in_review, and from there to resolved or rejected",
            &[],
            request_id,
        ),
        Refusal::AlreadyErased => answer(
            CONFLICT.coded("ALREADY_ERASED"),
            "The person has been erased from it, so it can no longer be changed",
            &[],
            request_id,
        ),
        Refusal::SiteUserErased => answer(
            CONFLICT.coded("ALREADY_ERASED"),
            "This user has been erased; a session without their concordId makes a new one",
            &[],
            request_id,
        ),
        Refusal::SessionClosed => answer(CONFLICT.coded("SESSION_CLOSED"), "Session is closed", &[], request_id),
        Refusal::MetadataTooLarge(fault) => with_faults(BAD_REQUEST, vec![fault]),
        Refusal::ConsentTypeExists => {
            answer(CONFLICT, "A consent type with this category, subcategory and label already exists", &[], request_id)
        }
        Refusal::ConsentTypeInUse => answer(
            CONFLICT.coded("CONSENT_TYPE_IN_USE"),
            "An end user has consented to this consent type, so it cannot be deleted",
            &[],
            request_id,
        ),
        Refusal::ConsentVersionInUse => answer(
            CONFLICT.coded("CONSENT_VERSION_IN_USE"),
            "An end user has consented to this version, so it cannot be edited",
            &[],
            request_id,
        ),
        Refusal::UnknownConsent(faults) => with_faults(UNPROCESSABLE_ENTITY, faults),
    }
}

/// The answer when the database cannot be reached.
pub(crate) fn unavailable(request_id: &str) -> Answer {
    let message = "The service is unavailable for the moment, and whether this was done is not known";
    answer(SERVICE_UNAVAILABLE, message, &[], request_id).with("Retry-After", RETRY_AFTER.to_owned())
}

fn fault(reason: &str, request_id: &str) -> Answer {
    tracing::error!(reason, "internal fault");
    answer(INTERNAL_SERVER_ERROR, INTERNAL_SERVER_ERROR.1, &[], request_id)
}

fn answer(kind: Kind, message: &str, details: &[FieldFault], request_id: &str) -> Answer {
    let Kind(status_code, error, code) = kind;
    Answer::json(status_code, &Body { status_code, error, code, message, request_id, details })
}

/// All faults in one sentence.
fn summary(faults: &[FieldFault]) -> String {
    let sentences: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.field, fault.message)).collect();
    let more = if faults.len() == MOST_FAULTS { "; and maybe more" } else { "" };
    sentences.join("; ") + more
}

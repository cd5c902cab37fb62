//! Recognises files and documents that hold nothing to verify, for a helpful message.

use serde_json::Value;

/// The members by which a document of the API is recognised, the most certain first.
const OBJECTS: [(&[&str], &str); 16] = [
    (&["statusCode", "error", "message"], "an error response"),
    (&["openapi"], "a description of an API"),
    (&["kty"], "a single key: a JWKS file has a list of them under keys"),
    (
        &["withdrawnAt", "grantRevoked"],
        "the response to a withdrawal: the record, its trail and its receipt say the same and can be verified",
    ),
    (&["receiptMetadata", "recordHeader"], "a receipt without its signature: the response of GET …/receipt has both"),
    (&["dpv:hasRecordOfActivity"], "a receipt without its signature: the response of GET …/receipt has both"),
    (&["proofJwt"], "a proof without its record: give the record, or the proofJwt alone"),
    (&["recordId", "grantId"], "a consent record without its consentProof"),
    (&["exportId"], "an export that holds no records and no trails"),
    (&["noticeId"], "a consent notice"),
    (&["grantId"], "a grant"),
    (&["grievanceId"], "a grievance"),
    (&["requestId", "recordsErased"], "an erasure request"),
    (&["sessionId"], "a session"),
    (&["consentCatalogId"], "a version of a consent type"),
    (&["concordId"], "a consent event"),
];

/// The first bytes by which a file that is not JSON is recognised.
const FILES: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "a ZIP archive: unpack it first"),
    (b"\x1f\x8b", "gzip: unpack it first"),
    (b"-----BEGIN", "PEM: keys are given as a JWKS file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"%PDF", "a PDF"),
    (b"<", "HTML or XML"),
];

/// The reason why a document holds nothing to verify.
pub(crate) fn of_document(document: &Value) -> String {
    let Value::Object(members) = document else { return "it is not an object, so it is not from the API".to_owned() };
    let known = OBJECTS.iter().find(|(names, _)| names.iter().all(|name| members.contains_key(*name)));
    if let Some((_, kind)) = known {
        return format!("it looks like {kind}");
    }
    let names: Vec<_> = members.keys().take(5).map(|name| name.chars().take(40).collect::<String>()).collect();
    format!("its kind is unknown; its members: {}", names.join(", ").escape_debug())
}

/// The reason why a file cannot be parsed.
pub(crate) fn of_file(text: &[u8], error: &serde_json::Error) -> String {
    match FILES.iter().find(|(start, _)| text.trim_ascii_start().starts_with(start)) {
        Some((_, kind)) => format!("is neither JSON nor a JWS, but looks like {kind}"),
        None => format!("is neither JSON nor a JWS: {error}"),
    }
}

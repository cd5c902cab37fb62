//! Verifies signed items: consent records by their proofs, receipts, and the JWS of either by itself.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::json::text;
use crate::jws::{Keys, Signed, open};
use crate::{Finding, Verdict};

/// The claims of a proof that have the same name in the record.
const CLAIMS: [&str; 6] =
    ["recordId", "grantId", "consentNoticeId", "consentNoticeVersion", "consentNoticeLanguage", "consentNoticeHash"];

/// The members of a record, by their JSON pointers, and the claims of a proof that say the same. All may be absent.
const CIRCUMSTANCES: [(&str, &str); 3] = [("/method", "method"), ("/shownAt", "shownAt"), ("/actor/type", "actorType")];

/// Verifies a consent record by its proof.
pub(crate) fn record(record: &Value, keys: Option<&Keys>) -> Verdict {
    let finding = recorded(record, keys).unwrap_or_else(|finding| finding);
    Verdict::of(&format!("consent record {}", id(record, "recordId")), finding)
}

fn recorded(record: &Value, keys: Option<&Keys>) -> Result<Finding, Finding> {
    let proof = record.get("consentProof").ok_or_else(|| invalid("it has no consentProof"))?;
    let signed = open(text(proof, "proofJwt").map_err(Finding::Invalid)?, keys)?;
    let stated = json!({"type": "JWS-EdDSA", "alg": "EdDSA", "kid": signed.kid});
    for member in ["type", "alg", "kid"] {
        if proof.get(member) != stated.get(member) {
            return Err(differs(&format!("consentProof.{member}")));
        }
    }
    for claim in CLAIMS {
        if signed.says.get(claim).is_none() || record.get(claim) != signed.says.get(claim) {
            return Err(differs(claim));
        }
    }
    // Only the proofs of notices whose whole document was hashed have it.
    if record.get("documentHash") != signed.says.get("documentHash") {
        return Err(differs("documentHash"));
    }
    person(record, &signed)?;
    decisions(record, &signed)?;
    for claim in CIRCUMSTANCES {
        if record.pointer(claim.0) != signed.says.get(claim.1) {
            return Err(differs(claim.1));
        }
    }
    if record.get("consentGivenAt").is_none() || record.get("consentGivenAt") != signed.says.get("consentGivenAt") {
        return Err(differs("consentGivenAt"));
    }
    let second = signed.says.get("iat").and_then(Value::as_i64).and_then(second_of);
    for (member, moment) in [("consentProof.signedAt", proof.get("signedAt")), ("createdAt", record.get("createdAt"))] {
        let moment = moment.and_then(Value::as_str);
        if second.is_none() || moment.and_then(|moment| moment.get(..SECOND)) != second.as_deref() {
            return Err(differs(member));
        }
    }
    Ok(finding(&signed, "the consent as it was given is signed"))
}

/// Checks that the record has the decisions of the proof. The proof has the codes of the granted purposes, and apart
/// from them those of the denied ones, if there are any. What ended a purpose later is not part of it.
fn decisions(record: &Value, signed: &Signed) -> Result<(), Finding> {
    let purposes = record.get("purposes").and_then(Value::as_array).ok_or_else(|| differs("purposes"))?;
    let is_denied = |purpose: &&Value| purpose.get("decision") == Some(&json!("denied"));
    let (denied, granted): (Vec<&Value>, Vec<&Value>) = purposes.iter().partition(is_denied);
    let known = granted.iter().all(|purpose| purpose.get("decision").is_none_or(|decision| decision == "granted"));
    let codes = |purposes: &[&Value]| json!(purposes.iter().map(|it| it.get("code")).collect::<Vec<_>>());
    if !known || signed.says.get("purposes") != Some(&codes(&granted)) {
        return Err(differs("purposes"));
    }
    match signed.says.get("deniedPurposes") {
        None if denied.is_empty() => Ok(()),
        Some(said) if !denied.is_empty() && *said == codes(&denied) => Ok(()),
        _ => Err(differs("deniedPurposes")),
    }
}

/// Checks that the record names the person of the proof, which holds the SHA-256 over a salt and the person's id.
fn person(record: &Value, signed: &Signed) -> Result<(), Finding> {
    let member = |name: &str| record.get(name).and_then(Value::as_str);
    match (member("dataPrincipalId"), member("commitmentSalt")) {
        (Some(person), Some(salt)) => {
            let bytes = hex::decode(salt).ok().filter(|bytes| hex::encode(bytes) == salt);
            let salt = bytes.ok_or_else(|| invalid("its commitmentSalt is not lowercase hex"))?;
            let commitment = hex::encode(Sha256::new().chain_update(salt).chain_update(person).finalize());
            let fits = signed.says.get("dataPrincipalCommitment") == Some(&Value::from(commitment));
            if fits { Ok(()) } else { Err(differs("dataPrincipalId")) }
        }
        // The response to the creation of a record has no salt.
        (Some(_), None) => Err(Finding::Unverified(
            "the person can only be verified with the commitmentSalt that GET of the record shows".to_owned(),
        )),
        (None, None) if member("status") == Some("erased") => Ok(()),
        (None, None) => Err(invalid("it names nobody, though it is not erased")),
        (None, Some(_)) => Err(invalid("it names nobody, though it has a commitmentSalt")),
    }
}

/// Verifies a receipt by its JWS.
pub(crate) fn receipt(receipt: &Value, keys: Option<&Keys>) -> Verdict {
    let finding = received(receipt, keys).unwrap_or_else(|finding| finding);
    let record = receipt.get("receipt").and_then(of_record).unwrap_or_else(|| id(&Value::Null, "recordId"));
    Verdict::of(&format!("receipt of {record}"), finding)
}

/// The id of the record that a receipt is about; `None` if it is not a receipt. It is written as JSON, or as JSON-LD in
/// the terms of DPV.
fn of_record(receipt: &Value) -> Option<String> {
    if receipt.get("receiptMetadata").is_some() {
        return Some(id(receipt.get("recordHeader")?, "recordId"));
    }
    if receipt.get("@type") == Some(&Value::from("dpv:ConsentReceipt")) {
        return Some(id(receipt.get("dpv:hasRecordOfActivity")?, "dct:identifier"));
    }
    None
}

fn received(receipt: &Value, keys: Option<&Keys>) -> Result<Finding, Finding> {
    let signed = open(text(receipt, "receiptJws").map_err(Finding::Invalid)?, keys)?;
    if receipt.get("receipt") != Some(&signed.says) || of_record(&signed.says).is_none() {
        return Err(differs("receipt"));
    }
    if receipt.get("kid") != Some(&Value::from(signed.kid.as_str())) {
        return Err(differs("kid"));
    }
    // Linked data has exactly this context around it: another one, or none, would give the signed terms another meaning.
    let context = signed.says.get("@context").map(|_| json!({"receipt": "@graph"}));
    if receipt.get("@context") != context.as_ref() {
        return Err(invalid("its @context is not that of a signed receipt"));
    }
    Ok(finding(&signed, "all of it is signed"))
}

/// Verifies a JWS by itself.
pub(crate) fn lone(jws: &str, keys: Option<&Keys>) -> Verdict {
    let signed = match open(jws, keys) {
        Ok(signed) => signed,
        Err(finding) => return Verdict::of("a JWS", finding),
    };
    let says = &signed.says;
    let name = if let Some(record) = of_record(says) {
        format!("signed receipt of {record}")
    } else if says.get("recordId").is_some() && says.get("dataPrincipalCommitment").is_some() {
        format!("proof of consent record {}", id(says, "recordId"))
    } else {
        let reason = "it is neither the proof of a consent nor a receipt";
        return Verdict::of("a JWS", Finding::Unverified(reason.to_owned()));
    };
    Verdict::of(&name, finding(&signed, "all of it is signed"))
}

fn finding(signed: &Signed, what: &str) -> Finding {
    if signed.verified {
        Finding::Valid(format!("{what} by key {}", signed.kid))
    } else {
        Finding::Unverified("give the published keys, --jwks JWKS".to_owned())
    }
}

fn invalid(reason: &str) -> Finding {
    Finding::Invalid(reason.to_owned())
}

fn differs(member: &str) -> Finding {
    Finding::Invalid(format!("its {member} is not what was signed"))
}

fn id(object: &Value, member: &str) -> String {
    object.get(member).and_then(Value::as_str).unwrap_or("(no id)").escape_debug().to_string()
}

/// The length of a timestamp without fractions of a second: `2026-11-22T02:35:34`.
const SECOND: usize = 19;

/// The start of the RFC 3339 timestamp for a Unix time in seconds. `None` if its year does not have four digits.
fn second_of(since_1970: i64) -> Option<String> {
    let (days, second) = (since_1970.div_euclid(86_400), since_1970.rem_euclid(86_400));
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut year, mut day) = (1970, days);
    while day >= 365 + i64::from(is_leap(year)) {
        day -= 365 + i64::from(is_leap(year));
        year += 1;
        if year > 9999 {
            return None;
        }
    }
    let mut month = 1;
    for days in [31, 28 + i64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    (days >= 0).then(|| format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}", day + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_times_become_rfc_3339() {
        for (second, written) in [
            (0, Some("1970-01-01T00:00:00")),
            (951_782_400, Some("2000-02-29T00:00:00")),
            (1_795_314_934, Some("2026-11-22T02:35:34")),
            (4_107_542_399, Some("2100-02-28T23:59:59")),
            (4_107_542_400, Some("2100-03-01T00:00:00")),
            (253_402_300_799, Some("9999-12-31T23:59:59")),
            (253_402_300_800, None),
            (-1, None),
            (i64::MAX, None),
            (i64::MIN, None),
        ] {
            assert_eq!(second_of(second).as_deref(), written, "{second}");
        }
    }
}

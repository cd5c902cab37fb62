//! Published keys (RFC 7517, RFC 8037), and signatures by them (RFC 7515).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{Finding, Verdict, json};

/// Published keys with their ids.
#[derive(Debug)]
pub struct Keys(Vec<(String, VerifyingKey)>);

/// The content of a JWS.
pub(crate) struct Signed {
    /// The id of the key.
    pub(crate) kid: String,
    /// The payload.
    pub(crate) says: Value,
    /// Whether the signature was verified. It is false if no keys were given.
    pub(crate) verified: bool,
}

impl Keys {
    /// Reads the keys of a JWKS file.
    ///
    /// # Errors
    /// The file cannot be parsed, or one of its keys is invalid.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        let jwks = json::value(text).map_err(|error| format!("is not a JWKS file: {error}"))?;
        let keys = jwks.get("keys").and_then(Value::as_array).ok_or("is not a JWKS file: it has no list of keys")?;
        if keys.is_empty() {
            return Err("has no key".to_owned());
        }
        let keys: Result<_, _> = keys.iter().map(key).collect();
        keys.map(Self).map_err(|(name, reason)| format!("has a bad key: {name}: {reason}"))
    }

    fn named(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.iter().find(|(name, _)| name == kid).map(|(_, key)| key)
    }
}

/// A verdict on each key in a JWKS file.
pub(crate) fn key_verdicts(jwks: &Value) -> Vec<Verdict> {
    let keys = jwks.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if keys.is_empty() {
        return vec![Verdict::of("JWKS", Finding::Invalid("it has no key".to_owned()))];
    }
    let verdict = |jwk| match key(jwk) {
        Ok((kid, _)) => {
            Verdict::of(&format!("key {kid}"), Finding::Valid("Ed25519, named by its thumbprint".to_owned()))
        }
        Err((name, reason)) => Verdict::of(&name, Finding::Invalid(reason)),
    };
    keys.iter().map(verdict).collect()
}

/// A key with its id. The error holds the name of the key and the reason.
fn key(jwk: &Value) -> Result<(String, VerifyingKey), (String, String)> {
    let named = jwk.get("kid").and_then(Value::as_str);
    let name = named.map_or_else(|| "a key without kid".to_owned(), |kid| format!("key {}", kid.escape_debug()));
    verifying_key(jwk).map_err(|reason| (name, reason.to_owned()))
}

fn verifying_key(jwk: &Value) -> Result<(String, VerifyingKey), &'static str> {
    let member = |name: &str| jwk.get(name).and_then(Value::as_str);
    if jwk.get("d").is_some() {
        return Err("it holds its private part, d, which must never be published");
    }
    if (member("kty"), member("crv")) != (Some("OKP"), Some("Ed25519")) {
        return Err("it is not an Ed25519 key (kty OKP, crv Ed25519)");
    }
    if (member("alg"), member("use")) != (Some("EdDSA"), Some("sig")) {
        return Err("it is not for EdDSA signatures (alg EdDSA, use sig)");
    }
    let x = member("x").unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(x).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok()).filter(|key| !key.is_weak());
    let key = key.ok_or("its x is not an Ed25519 public key")?;
    // RFC 7638 requires these members in this order.
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)));
    if member("kid") == Some(&thumbprint) {
        Ok((thumbprint, key))
    } else {
        Err("its kid is not its thumbprint (RFC 7638)")
    }
}

/// Whether a text has the form of a compact JWS.
pub(crate) fn is_compact(text: &str) -> bool {
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    text.starts_with("ey") && text.split('.').count() == 3 && text.split('.').all(is_part)
}

/// Parses a compact JWS, and verifies its signature if there are keys.
pub(crate) fn open(jws: &str, keys: Option<&Keys>) -> Result<Signed, Finding> {
    let invalid = |reason: &str| Finding::Invalid(reason.to_owned());
    let (input, signature) = jws.rsplit_once('.').ok_or_else(|| invalid("the signed text is not a JWS"))?;
    let (header, payload) = input.split_once('.').ok_or_else(|| invalid("the signed text is not a JWS"))?;
    let part = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| invalid("its JWS is not base64url"));
    let object = |bytes: &[u8]| json::value(bytes).map_err(|_| invalid("its JWS holds no JSON"));
    let (header, says) = (object(&part(header)?)?, object(&part(payload)?)?);
    // Assent signs only with EdDSA. `crit` would name extensions, which are not supported.
    if header.get("alg") != Some(&Value::from("EdDSA")) || header.get("crit").is_some() {
        return Err(invalid("its JWS is not signed with EdDSA"));
    }
    let kid = header.get("kid").and_then(Value::as_str).ok_or_else(|| invalid("its JWS names no key"))?.to_owned();
    let Some(keys) = keys else { return Ok(Signed { kid, says, verified: false }) };
    let key = keys.named(&kid).ok_or_else(|| {
        Finding::Unverified(format!("it names the key {}, which is not among those given", kid.escape_debug()))
    })?;
    let signature = Signature::from_slice(&part(signature)?).map_err(|_| invalid("its signature is malformed"))?;
    key.verify_strict(input.as_bytes(), &signature)
        .map_err(|_| invalid("its signature is wrong: the content was changed, or signed by another key"))?;
    Ok(Signed { kid, says, verified: true })
}

//! Proofs: signed statements of consents. Anyone who trusts the published keys
//! can verify a proof, for as long as the keys are published. A proof has the
//! person only as a commitment, which reveals nothing without its salt.

use crate::domain::{
    RequestContext, Tenant, Timestamp,
    consent_notice::{Language, NoticeId, NoticeVersion, PurposeCode},
    decision::{DeciderRole, DecisionMethod},
    identifiers::{GrantId, PrincipalId, RecordId},
};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The length of the seed of an Ed25519 key pair, in bytes (RFC 8032).
pub const SEED_LEN: usize = 32;
/// The length of a salt, in bytes.
const SALT_LEN: usize = 32;

/// The public half of a key pair, as a JSON Web Key (RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    kty: String,
    crv: String,
    alg: String,
    #[serde(rename = "use")]
    usage: String,
    /// Its id: its thumbprint (RFC 7638).
    pub kid: String,
    /// The key itself, base64url.
    x: String,
}

impl PublicKey {
    fn of(pair: &Ed25519KeyPair) -> Self {
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        // The members that RFC 7638 requires, in its order.
        let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            alg: "EdDSA".to_owned(),
            usage: "sig".to_owned(),
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            x,
        }
    }
}

/// A key pair that signs. It has no `Debug`, so that no log can show it.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl SigningKey {
    /// The key pair of this seed; `None` if the seed is not valid.
    pub fn from_seed(seed: &[u8; SEED_LEN]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
        let public = PublicKey::of(&pair);
        Some(Self { pair, public })
    }

    /// Its public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs the JSON of this payload. Returns a compact JWS (RFC 7515) with `EdDSA`
    /// (RFC 8037); `None` if the payload has no JSON.
    pub fn sign(&self, payload: &impl Serialize) -> Option<String> {
        let header = json!({ "alg": "EdDSA", "kid": self.public.kid, "typ": "JWT" });
        Some(self.signed(&serde_json::to_vec(&header).ok()?, &serde_json::to_vec(payload).ok()?))
    }

    fn signed(&self, header: &[u8], payload: &[u8]) -> String {
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.pair.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The salt of a commitment, in lowercase hex. Only with the salt can one check
/// whether a commitment is to a given person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommitmentSalt(String);

impl CommitmentSalt {
    /// A new random salt.
    pub fn fresh(context: &RequestContext) -> Self {
        Self::of(context.random())
    }

    fn of(salt: [u8; SALT_LEN]) -> Self {
        Self(hex::encode(salt))
    }

    /// The commitment to a person: SHA-256 over the salt's bytes and the UTF-8
    /// of the person's id, in lowercase hex.
    pub fn commitment(&self, principal_id: &PrincipalId) -> String {
        // The salt is always hex.
        let salt = hex::decode(&self.0).unwrap_or_default();
        hex::encode(Sha256::new().chain_update(salt).chain_update(principal_id.as_str()).finalize())
    }
}

/// The claims of a consent's proof. They have no `exp`: a proof does not expire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentClaims<'a> {
    /// When it was signed, in seconds since 1970 (RFC 7519).
    pub iat: i64,
    /// The organisation that the record belongs to.
    pub tenant_id: Tenant,
    /// The record.
    pub record_id: RecordId,
    /// The grant that the consent authorises; null only if nothing is granted.
    pub grant_id: Option<GrantId>,
    /// The notice.
    pub consent_notice_id: &'a NoticeId,
    /// The notice's version.
    pub consent_notice_version: &'a NoticeVersion,
    /// The notice's language.
    pub consent_notice_language: &'a Language,
    /// The SHA-256 of the notice's content, in lowercase hex.
    pub consent_notice_hash: &'a str,
    /// The SHA-256 of everything that the notice shows, in lowercase hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_hash: Option<&'a str>,
    /// The codes of the granted purposes.
    pub purposes: &'a [PurposeCode],
    /// The codes of the denied purposes. They are not among `purposes`, so that who
    /// does not know of denials cannot mistake one for a consent.
    #[serde(skip_serializing_if = "<[PurposeCode]>::is_empty")]
    pub denied_purposes: &'a [PurposeCode],
    /// By which act the person decided, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<DecisionMethod>,
    /// When the notice was shown, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
    /// In which role someone decided, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_type: Option<DeciderRole>,
    /// When the consent was given.
    pub consent_given_at: Timestamp,
    /// The commitment to the person who gave it.
    pub data_principal_commitment: &'a str,
}

/// The format of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProofType {
    /// A compact JWS with `EdDSA`.
    #[serde(rename = "JWS-EdDSA")]
    JwsEdDsa,
}

/// The algorithm of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProofAlgorithm {
    /// `EdDSA`, with Ed25519 (RFC 8037).
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// The proof of a consent, stored and shown in the same form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentProof {
    #[serde(rename = "type")]
    kind: ProofType,
    alg: ProofAlgorithm,
    kid: String,
    proof_jwt: String,
    jwks_uri: String,
    signed_at: Timestamp,
}

impl ConsentProof {
    /// Signs these claims. `jwks_uri` is where the key is published. `None` if the
    /// claims have no JSON.
    pub fn of(claims: &ConsentClaims<'_>, key: &SigningKey, jwks_uri: &str, signed_at: Timestamp) -> Option<Self> {
        Some(Self {
            kind: ProofType::JwsEdDsa,
            alg: ProofAlgorithm::EdDsa,
            kid: key.public.kid.clone(),
            proof_jwt: key.sign(claims)?,
            jwks_uri: jwks_uri.to_owned(),
            signed_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    use proptest::prelude::*;

    /// RFC 8037, appendix A.
    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
    const JWS: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
        hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn key() -> SigningKey {
        SigningKey::from_seed(&bytes(SEED).try_into().unwrap()).unwrap()
    }

    #[test]
    fn the_public_key_and_its_thumbprint_are_those_of_rfc_8037() {
        let public = serde_json::to_value(key().public()).unwrap();
        let expected = json!({
            "kty": "OKP", "crv": "Ed25519", "x": X, "kid": THUMBPRINT, "alg": "EdDSA", "use": "sig",
        });
        assert_eq!(public, expected);
    }

    #[test]
    fn the_signature_is_that_of_rfc_8037() {
        assert_eq!(key().signed(br#"{"alg":"EdDSA"}"#, b"Example of Ed25519 signing"), JWS);
    }

    #[test]
    fn a_jws_names_its_key_and_holds_its_payload() {
        let jws = key().sign(&json!({"a": 1})).unwrap();
        let parts: Vec<&str> = jws.split('.').collect();
        let header: serde_json::Value = serde_json::from_slice(&bytes(parts[0])).unwrap();
        assert_eq!(header, json!({"alg": "EdDSA", "kid": THUMBPRINT, "typ": "JWT"}));
        assert_eq!((parts.len(), bytes(parts[1]).as_slice()), (3, &br#"{"a":1}"#[..]));
        let public = UnparsedPublicKey::new(&ED25519, bytes(X));
        assert!(public.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &bytes(parts[2])).is_ok());
    }

    #[test]
    fn a_commitment_is_the_hash_of_salt_and_name() {
        let salt = CommitmentSalt::of([0xab; SALT_LEN]);
        let principal = PrincipalId::parse("é#1").unwrap();
        let mut text = vec![0xab; 32];
        text.extend_from_slice("é#1".as_bytes());
        assert_eq!(salt.commitment(&principal), hex::encode(Sha256::digest(text)));
        assert_eq!(serde_json::to_value(&salt).unwrap(), json!("ab".repeat(32)));
    }

    proptest! {
        #[test]
        fn a_commitment_is_to_one_person_with_one_salt(left in "[ab]{1,3}", right in "[ab]{1,3}") {
            let context = RequestContext::system();
            let (salt, other) = (CommitmentSalt::fresh(&context), CommitmentSalt::fresh(&context));
            let commit = |salt: &CommitmentSalt, name: &str| salt.commitment(&PrincipalId::parse(name).unwrap());
            prop_assert_eq!(commit(&salt, &left) == commit(&salt, &right), left == right);
            prop_assert_ne!(commit(&salt, &left), commit(&other, &left));
        }
    }
}

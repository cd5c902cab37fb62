//! Verifies signatures with the published keys, by a public library that shares no code with the functions.

use jwt_compact::alg::Ed25519;
use jwt_compact::jwk::JsonWebKey;
use jwt_compact::{Algorithm, AlgorithmExt, UntrustedToken};
use serde_json::{Value, json};

use crate::client::{Client, Request};

/// The path of the keys.
pub const JWKS: &str = "/.well-known/jwks.json";

/// The keys of `/.well-known/jwks.json`.
pub struct PublishedKeys(Vec<Value>);

impl PublishedKeys {
    /// Reads them.
    pub async fn read(client: &Client) -> Self {
        Self::of(&client.send(Request::new(hyper::Method::GET, JWKS)).await.expect(200))
    }

    /// Those of this response.
    pub fn of(jwks: &Value) -> Self {
        Self(jwks["keys"].as_array().expect("a list of keys").clone())
    }

    /// The `kid` of each key.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().filter_map(|key| key["kid"].as_str()).collect()
    }

    /// The keys, each as JSON.
    pub fn all(&self) -> &[Value] {
        &self.0
    }

    /// The claims of a JWS that one of the keys has signed.
    pub fn verified(&self, jws: &str) -> Result<Value, String> {
        let token = UntrustedToken::new(jws).map_err(|error| error.to_string())?;
        let kid = token.header().key_id.as_deref().ok_or("it names no key")?;
        let key = self.0.iter().find(|key| key["kid"] == kid).ok_or("its key is not published")?;
        let key: JsonWebKey<'_> = serde_json::from_value(key.clone()).map_err(|error| error.to_string())?;
        let key = <Ed25519 as Algorithm>::VerifyingKey::try_from(&key).map_err(|error| error.to_string())?;
        let token = Ed25519.validator::<Value>(&key).validate(&token).map_err(|error| error.to_string())?;
        let claims = token.claims();
        let mut said = claims.custom.clone();
        // The library reads these three itself.
        for (name, moment) in [("iat", claims.issued_at), ("nbf", claims.not_before), ("exp", claims.expiration)] {
            if let Some(moment) = moment {
                said[name] = json!(moment.timestamp());
            }
        }
        Ok(said)
    }
}

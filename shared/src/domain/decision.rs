//! Decisions about purposes, and the circumstances in which they were made
//! (DPDP Act s.6; who must prove a consent: s.6(10)).

use crate::domain::{
    Invalid, Timestamp,
    identifiers::{PrincipalId, RecordId, Reference},
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};

text_type! {
    /// Where the person decided, in the organisation's own words: 1–128 characters.
    Channel = |value| plain_text(value, 128)
}
text_type! {
    /// How an actor's identity or authority was verified: 1–128 characters.
    VerificationMethod = |value| plain_text(value, 128)
}

/// What a person decided about a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// The data may be processed for it.
    Granted,
    /// The data may not be processed for it.
    Denied,
}

impl Decision {
    /// `granted` or `denied`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "granted" => Ok(Self::Granted),
            "denied" => Ok(Self::Denied),
            _ => Err(Invalid::new("must be granted or denied")),
        }
    }
}

/// By which act the person decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionMethod {
    /// A press of a button.
    Click,
    /// A switch or box for each purpose.
    Toggle,
    /// A signature.
    Signature,
    /// Spoken words.
    Spoken,
    /// A document.
    Document,
}

impl DecisionMethod {
    /// `click`, `toggle`, `signature`, `spoken` or `document`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "click" => Ok(Self::Click),
            "toggle" => Ok(Self::Toggle),
            "signature" => Ok(Self::Signature),
            "spoken" => Ok(Self::Spoken),
            "document" => Ok(Self::Document),
            _ => Err(Invalid::new("must be click, toggle, signature, spoken or document")),
        }
    }
}

/// In which role someone decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeciderRole {
    /// The person themselves.
    #[default]
    Principal,
    /// The parent or lawful guardian (DPDP Act s.9).
    Guardian,
    /// Whom the person nominated (DPDP Act s.14).
    Nominee,
    /// A registered consent manager (DPDP Act s.6(7)).
    ConsentManager,
    /// The organisation's staff, on the person's word.
    Operator,
}

impl DeciderRole {
    /// `principal`, `guardian`, `nominee`, `consent_manager` or `operator`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "principal" => Ok(Self::Principal),
            "guardian" => Ok(Self::Guardian),
            "nominee" => Ok(Self::Nominee),
            "consent_manager" => Ok(Self::ConsentManager),
            "operator" => Ok(Self::Operator),
            _ => Err(Invalid::new("must be principal, guardian, nominee, consent_manager or operator")),
        }
    }
}

/// Who decided. `id` and the reference of the verification are personal data, which
/// an erasure removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decider {
    /// Their role.
    #[serde(rename = "type")]
    pub role: DeciderRole,
    /// The organisation's name for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PrincipalId>,
    /// How their identity or authority was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
}

/// How the identity or authority of an actor was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The method.
    pub method: VerificationMethod,
    /// Where the evidence is; `None` after erasure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// When.
    pub at: Timestamp,
}

impl Decider {
    /// The same without personal data.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        let verification = self.verification.clone().map(|known| Verification { reference: None, ..known });
        Self { role: self.role, id: None, verification }
    }
}

/// How the decisions of a record were made, as far as the request says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Circumstances {
    /// By which act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<DecisionMethod>,
    /// When the notice was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Decider>,
    /// The record that this one renews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<RecordId>,
}

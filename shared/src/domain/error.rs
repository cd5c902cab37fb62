//! The errors of the domain. It knows nothing of HTTP: the edge turns each into
//! a status and a code.

use std::fmt;

/// A field of a request and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct FieldError {
    /// Where in the body: `purposes[0].code`.
    pub field: String,
    /// What is wrong, in words for the caller.
    pub message: String,
}

impl FieldError {
    /// A fault of one field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// What a request can name and not find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// A consent notice.
    ConsentNotice,
    /// A consent record.
    ConsentRecord,
    /// A data principal.
    DataPrincipal,
    /// A request for erasure.
    ErasureRequest,
    /// A grant.
    Grant,
    /// A grievance.
    Grievance,
    /// An export.
    Export,
    /// A DPDP session.
    Session,
    /// A consent type of the catalog.
    ConsentType,
    /// A version of a consent type.
    ConsentTypeVersion,
    /// A project.
    Project,
    /// A consent event.
    ConsentEvent,
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ConsentNotice => "Consent notice",
            Self::ConsentRecord => "Consent record",
            Self::DataPrincipal => "Data principal",
            Self::ErasureRequest => "Erasure request",
            Self::Grant => "Grant",
            Self::Grievance => "Grievance",
            Self::Export => "Export",
            Self::Session => "Session",
            Self::ConsentType => "Consent type",
            Self::ConsentTypeVersion => "Consent type version",
            Self::Project => "Project",
            Self::ConsentEvent => "Consent event",
        })
    }
}

impl DomainError {
    /// Whether it tells how things stand, and not what is wrong with the request.
    pub fn depends_on_state(&self) -> bool {
        match self {
            Self::NotFound(_)
            | Self::InvalidGrant(_)
            | Self::InvalidNotice(_)
            | Self::InvalidPurpose(_)
            | Self::InvalidRecord(_)
            | Self::MetadataTooLarge(_)
            | Self::UnknownConsent(_) => false,
            Self::NoticeVersionExists
            | Self::PurposesDiffer
            | Self::AlreadyWithdrawn
            | Self::AlreadyErased
            | Self::SiteUserErased
            | Self::StateDiffers
            | Self::ExportExpired
            | Self::InvalidTransition
            | Self::SessionClosed
            | Self::ConsentTypeExists
            | Self::ConsentTypeInUse
            | Self::ConsentVersionInUse => true,
        }
    }
}

/// A request that is well formed but cannot be granted as things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainError {
    /// There is no such thing, or it is another tenant's: the same words.
    NotFound(ResourceKind),
    /// This version of the notice exists in this language already.
    NoticeVersionExists,
    /// A translation's purposes are not those of the version's first language.
    PurposesDiffer,
    /// The grant cannot carry what is asked of it.
    InvalidGrant(FieldError),
    /// The notice, its version or its language is not there.
    InvalidNotice(FieldError),
    /// Purposes that the notice does not have.
    InvalidPurpose(Vec<FieldError>),
    /// The consent has been withdrawn before.
    AlreadyWithdrawn,
    /// The thing is in none of the states that the change was to start from.
    StateDiffers,
    /// The record is not there, or is about another principal.
    InvalidRecord(FieldError),
    /// The export can no longer be read.
    ExportExpired,
    /// A grievance does not go from its status to this one.
    InvalidTransition,
    /// The person was taken out of it.
    AlreadyErased,
    /// The end user of a site was erased.
    SiteUserErased,
    /// The session was closed; nothing opens it again.
    SessionClosed,
    /// The session's metadata would grow too large.
    MetadataTooLarge(FieldError),
    /// A consent type with this category, subcategory and label exists.
    ConsentTypeExists,
    /// An end user has consented to a version of the consent type.
    ConsentTypeInUse,
    /// An end user has consented to this version of the consent type.
    ConsentVersionInUse,
    /// Consent events whose type does not exist or does not take their state.
    UnknownConsent(Vec<FieldError>),
}

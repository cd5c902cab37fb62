//! The errors of the domain. They are independent of HTTP: the API turns each
//! into a status and a code.

use std::fmt;

/// An error in one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct FieldError {
    /// The path of the field in the body: `purposes[0].code`.
    pub field: String,
    /// The error, in words for the caller.
    pub message: String,
}

impl FieldError {
    /// An error of this field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// The kinds of resource that a request can name.
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
    /// A withdrawal across all records of a person.
    Withdrawal,
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
    /// A recipient of personal data.
    Recipient,
    /// An event.
    Event,
    /// A delivery of an event to a recipient.
    Delivery,
    /// A page of the reference.
    ReferencePage,
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ConsentNotice => "Consent notice",
            Self::ConsentRecord => "Consent record",
            Self::DataPrincipal => "Data principal",
            Self::ErasureRequest => "Erasure request",
            Self::Withdrawal => "Withdrawal",
            Self::Grant => "Grant",
            Self::Grievance => "Grievance",
            Self::Export => "Export",
            Self::Session => "Session",
            Self::ConsentType => "Consent type",
            Self::ConsentTypeVersion => "Consent type version",
            Self::Project => "Project",
            Self::ConsentEvent => "Consent event",
            Self::Recipient => "Recipient",
            Self::Event => "Event",
            Self::Delivery => "Delivery",
            Self::ReferencePage => "Page of the reference",
        })
    }
}

impl DomainError {
    /// Whether it depends on the state of a resource. Otherwise the request itself is wrong.
    pub fn depends_on_state(&self) -> bool {
        match self {
            Self::NotFound(_)
            | Self::InvalidGrant(_)
            | Self::InvalidNotice(_)
            | Self::InvalidPurpose(_)
            | Self::DecisionMissing(_)
            | Self::InvalidRecord(_)
            | Self::InvalidRenewal(_)
            | Self::MetadataTooLarge(_)
            | Self::UnknownConsent(_) => false,
            Self::NoticeVersionExists
            | Self::PurposesDiffer
            | Self::NoticePublished
            | Self::NoticeIncomplete(_)
            | Self::AlreadyWithdrawn
            | Self::AlreadyErased
            | Self::NotActive
            | Self::TooManyRecords
            | Self::TooManyOfPerson
            | Self::PurposesRemain
            | Self::SiteUserErased
            | Self::StateDiffers
            | Self::ExportExpired
            | Self::InvalidTransition
            | Self::SessionClosed
            | Self::ConsentTypeExists
            | Self::ConsentTypeInUse
            | Self::ConsentVersionInUse
            | Self::NothingToAcknowledge
            | Self::AlreadyDelivered
            | Self::RecipientDisabled
            | Self::AcknowledgementContradicts
            | Self::TooManyRecipients
            | Self::RecipientEnded
            | Self::RecipientHistoryFull
            | Self::NotAWebhook => true,
        }
    }
}

/// Why a well-formed request is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainError {
    /// The resource does not exist, or it belongs to another tenant. Both look the same to the caller.
    NotFound(ResourceKind),
    /// This version of the notice already exists in this language.
    NoticeVersionExists,
    /// The purposes of a translation differ from those in the version's first language.
    PurposesDiffer,
    /// The notice is published, so it never changes.
    NoticePublished,
    /// The version does not satisfy the law. Names every gap of every language.
    NoticeIncomplete(Vec<FieldError>),
    /// The grant cannot be used for this request.
    InvalidGrant(FieldError),
    /// The notice, its version or its language does not exist.
    InvalidNotice(FieldError),
    /// The notice does not have these purposes.
    InvalidPurpose(Vec<FieldError>),
    /// These purposes of the notice lack a decision.
    DecisionMissing(Vec<FieldError>),
    /// The consent was already withdrawn.
    AlreadyWithdrawn,
    /// The record grants nothing that could end: all was denied, or it was renewed, or,
    /// for a renewal, it has ended.
    NotActive,
    /// The record that is to be renewed does not exist, or it is another person's.
    InvalidRenewal(FieldError),
    /// A denial would end a purpose in more records than one transaction changes.
    TooManyRecords,
    /// More records or grants of one person are kept than are read at once.
    TooManyOfPerson,
    /// The grant or the data would go although other purposes remain.
    PurposesRemain,
    /// The resource is in none of the states that the change expects (`If-Match`).
    StateDiffers,
    /// The record does not exist, or it is another principal's.
    InvalidRecord(FieldError),
    /// The export can no longer be read.
    ExportExpired,
    /// A grievance cannot change from its status to this one.
    InvalidTransition,
    /// The person was erased from the resource.
    AlreadyErased,
    /// The end user of the site was erased.
    SiteUserErased,
    /// The session is closed, which is final.
    SessionClosed,
    /// The session's metadata would grow too large.
    MetadataTooLarge(FieldError),
    /// A consent type with this category, subcategory and label exists.
    ConsentTypeExists,
    /// An end user has consented to a version of the consent type.
    ConsentTypeInUse,
    /// An end user has consented to this version of the consent type.
    ConsentVersionInUse,
    /// The event does not ask the recipient to cease, so there is nothing to confirm.
    NothingToAcknowledge,
    /// The recipient has received the message.
    AlreadyDelivered,
    /// Webhooks to the recipient have ended.
    RecipientDisabled,
    /// The recipient has said something else before.
    AcknowledgementContradicts,
    /// The tenant has as many recipients as it may have at the same time.
    TooManyRecipients,
    /// The recipient has ended, which is final.
    RecipientEnded,
    /// The recipient has been changed as often as its history can show.
    RecipientHistoryFull,
    /// The recipient is not told by webhooks.
    NotAWebhook,
    /// The consent types of these events do not exist, or the states are not valid for them.
    UnknownConsent(Vec<FieldError>),
}

//! Response bodies that several operations share: one file for each resource.

mod consent_event;
mod consent_notice;
mod consent_record;
mod consent_type;
mod delivery;
mod erasure;
mod event;
mod export;
mod grant;
mod organisation;
mod project;
mod recipient;
mod trail;
mod withdrawal;

pub use consent_event::{EventResponse, EventsResponse};
pub use consent_notice::RegisteredNoticeResponse;
pub use consent_record::{PurposeResponse, RecordResponse};
pub use consent_type::{ConsentTypeResponse, SiteConsentTypeResponse, VersionResponse};
pub use delivery::DeliveryResponse;
pub use erasure::ErasureResponse;
pub use event::FeedEventResponse;
pub use export::ExportResponse;
pub use grant::GrantResponse;
pub use organisation::OrganisationResponse;
pub use project::ProjectResponse;
pub use recipient::RecipientResponse;
pub use trail::{ChainResponse, TrailResponse};
pub use withdrawal::PersonWithdrawalResponse;

//! Operations on several tables: giving a consent, withdrawing it, revoking its grant,
//! checking it, reading the evidence of it, and erasing a person; and telling recipients of
//! all this.

mod acknowledgements;
mod cessation;
mod checks;
mod consents;
mod deliver;
mod erasure;
mod event_feed;
mod persons;
mod receipts;
mod relay;
mod revocations;
mod steps;
mod sweep;
mod withdrawals;

pub use acknowledgements::{Acknowledgements, Replay};
pub use cessation::{Cessation, Cessations, RecipientCessation};
pub use checks::ConsentChecks;
pub use consents::{ConsentToGive, Consents, Withdrawal, WithdrawalOrder};
pub use deliver::{Attempt, Deliver};
pub use erasure::{Erasures, Replayed};
pub use event_feed::EventFeed;
pub use persons::{Person, Persons};
pub use receipts::{Evidence, Receipts};
pub use relay::Relay;
pub use revocations::Revocations;
pub use sweep::Sweep;
pub use withdrawals::{PersonWithdrawalOrder, PersonWithdrawals};

//! Operations on several tables: giving a consent, withdrawing it, and erasing a
//! person.

mod consents;
mod erasure;

pub use consents::{ConsentToGive, Consents, Withdrawal, WithdrawalOrder};
pub use erasure::Erasures;

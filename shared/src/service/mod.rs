//! Operations on several tables: giving a consent, withdrawing it, checking it, and
//! erasing a person.

mod checks;
mod consents;
mod erasure;
mod steps;
mod withdrawals;

pub use checks::ConsentChecks;
pub use consents::{ConsentToGive, Consents, Withdrawal, WithdrawalOrder};
pub use erasure::Erasures;
pub use withdrawals::{PersonWithdrawalOrder, PersonWithdrawals};

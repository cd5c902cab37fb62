//! Operations on several tables: giving a consent, withdrawing it, checking it, reading
//! the evidence of it, and erasing a person.

mod checks;
mod consents;
mod erasure;
mod receipts;
mod steps;
mod withdrawals;

pub use checks::ConsentChecks;
pub use consents::{ConsentToGive, Consents, Withdrawal, WithdrawalOrder};
pub use erasure::Erasures;
pub use receipts::{Evidence, Receipts};
pub use withdrawals::{PersonWithdrawalOrder, PersonWithdrawals};

//! What spans several tables and happens as one: to give a consent, to
//! withdraw it, to erase a person.

mod consents;
mod erasure;

pub use consents::{ConsentToGive, Consents, Withdrawal, WithdrawalOrder};
pub use erasure::Erasures;

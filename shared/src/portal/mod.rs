//! The pages of persons: what the endpoints below `/p/` share. Each endpoint reads the request, calls the same services
//! as the operation of the API that does the same, and shows a page.

mod consents;
mod grievances;
mod history;
mod links;
mod questions;
mod visit;

pub use consents::PersonConsents;
pub use grievances::{MOST_CHARACTERS, PersonGrievances};
pub use history::{PersonHistory, ToldAbout};
pub use links::{Askable, Asked, Links};
pub use questions::{Answers, Questions, Shown};
pub use visit::{Visit, date, error_page, locale_of};

use crate::domain::{
    consent_notice::{Language, PurposeCode, RegisteredNotice},
    consent_record::WithdrawalReason,
};
use assent_pages::Text;

/// The channel of a decision on a page of ours, as the record and its trail name it.
pub const CHANNEL: &str = "portal";
/// The reason of a withdrawal on a page of ours. The person is not asked for one, because nobody was for the consent.
const REASON: &str = "Withdrawn by the person on their own page";

/// The reason of a withdrawal on a page of ours.
pub fn withdrawal_reason() -> Result<WithdrawalReason, crate::api::Error> {
    WithdrawalReason::parse(REASON).map_err(|invalid| crate::api::Error::Internal(invalid.0))
}

pub(crate) fn text<'a>(text: &'a str, language: &'a Language) -> Text<'a> {
    Text { text, language: language.as_str() }
}

/// The description of a purpose in a notice, or its code if the notice does not have it.
fn description<'a>(notice: &'a RegisteredNotice, code: &'a PurposeCode) -> Text<'a> {
    let purpose = notice.purposes.iter().find(|purpose| purpose.code == *code);
    text(purpose.map_or(code.as_str(), |purpose| purpose.description.as_str()), &notice.language)
}

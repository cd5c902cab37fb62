//! The pages that people see, as HTML.
//!
//! A page is a whole document: it needs no script, and one request. The pages of persons are in [`Locale`]'s languages:
//! their texts come from the catalogues in `messages/`, which the build script checks against each other. Those of the
//! [`console`] are in English.

#![forbid(unsafe_code)]

pub mod console;
mod fonts;
mod html;
mod layout;
mod locale;
mod messages;
mod person;

pub use fonts::font;
pub use html::{Date, Text};
pub use layout::Rendered;
pub use locale::Locale;
pub use person::*;

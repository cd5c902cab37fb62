//! The pages that people see, as HTML.
//!
//! A page is a whole document in one of [`Locale`]'s languages: it needs no script, and one request. Its texts come
//! from the catalogues in `messages/`, which the build script checks against each other.

#![forbid(unsafe_code)]

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

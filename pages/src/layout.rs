//! The frame of every page.

use askama::Template;

use crate::{fonts, html::Html, locale::Locale, messages::Messages};

/// The style sheet of all pages.
const STYLE: &str = include_str!("../templates/style.css");

/// What alone a page with the style sheet of this hash may load or do.
pub(crate) fn policy(style: &str) -> String {
    let nothing = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    format!("{nothing}; style-src 'sha256-{style}'")
}

/// A page, and what goes with it into the response.
pub struct Rendered {
    /// The whole document.
    pub html: String,
    /// The header `Content-Security-Policy`.
    pub content_security_policy: String,
    /// The language of the document.
    pub locale: Locale,
}

/// A link of the navigation.
pub(crate) struct Link {
    pub(crate) path: &'static str,
    pub(crate) text: Html,
    pub(crate) is_current: bool,
}

/// A page before it is rendered.
#[derive(Template)]
#[template(path = "layout.html")]
pub(crate) struct Layout<'a> {
    pub(crate) m: Messages,
    /// The document's title.
    pub(crate) title: Html,
    /// The line at the top of the page.
    pub(crate) name: Option<Html>,
    pub(crate) navigation: Vec<Link>,
    /// The page's own path, for its links to itself in the other languages.
    pub(crate) here: Option<&'a str>,
    pub(crate) main: Html,
}

impl Layout<'_> {
    pub(crate) fn page(&self) -> Rendered {
        let mut content_security_policy = policy(env!("STYLE_SHA256"));
        if self.font().is_some() {
            content_security_policy.push_str(" 'self'; font-src data:");
        }
        Rendered { html: render(self).to_string(), content_security_policy, locale: self.m.0 }
    }

    fn font(&self) -> Option<&'static str> {
        fonts::name(self.m.0)
    }
}

/// Renders a template. Only a writer or a filter can fail at that, and text in memory and our filters do not.
pub(crate) fn render(template: &impl Template) -> Html {
    Html::new(template.render().unwrap_or_default())
}

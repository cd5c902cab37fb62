//! Projects: the sites and apps whose users' consents are recorded.

use crate::domain::{
    Invalid, Timestamp,
    state_tag::StateTag,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use url::{Host, Url};
use uuid::Uuid;

/// How many domains a project may have.
pub const DOMAINS: RangeInclusive<usize> = 0..=20;

text_type! {
    /// 2–200 characters.
    ProjectName = |value| {
        let value = plain_text(value, 200)?;
        if value.chars().count() < 2 {
            return Err(Invalid::new("must be at least 2 characters"));
        }
        Ok(value)
    }
}
text_type! {
    /// A domain of a project's site: 1–500 characters.
    Domain = |value| plain_text(value, 500)
}

impl Domain {
    /// Whether a page of this origin (RFC 6454: `https://www.shop.example`)
    /// belongs to the domain. The origin's host must be the domain or a subdomain
    /// of it, at any port, over https. On a loopback host http is accepted too. A
    /// domain that was written as a URL means the URL's host.
    pub fn admits(&self, origin: &str) -> bool {
        let Some(page) = Url::parse(origin).ok().filter(|page| page.origin().ascii_serialization() == origin) else {
            return false;
        };
        let own = self.as_str().trim().to_owned();
        let own = Url::parse(&if own.contains("://") { own } else { format!("https://{own}") });
        let (Some(host), Some(own)) = (page.host(), own.as_ref().ok().and_then(Url::host)) else { return false };
        let secure = match (page.scheme(), &host) {
            ("https", _) => true,
            ("http", Host::Domain(name)) => *name == "localhost" || name.ends_with(".localhost"),
            ("http", Host::Ipv4(address)) => address.is_loopback(),
            ("http", Host::Ipv6(address)) => address.is_loopback(),
            _ => false,
        };
        let below = match (&host, &own) {
            (Host::Domain(host), Host::Domain(own)) => {
                host.strip_suffix(own).is_some_and(|below| below.ends_with('.') && !own.is_empty())
            }
            _ => false,
        };
        secure && (host == own || below)
    }
}

/// A stored project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Its id.
    pub id: Uuid,
    /// Its name for people.
    pub name: ProjectName,
    /// The domains of its site.
    pub domains: Vec<Domain>,
    /// Its position in the tenant's list.
    pub position: String,
    /// The number of edits. An edit is written only if this number is still the one that was read.
    pub revision: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// A change of a project. A field that is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectPatch {
    /// Its name for people.
    pub name: Option<ProjectName>,
    /// The domains of its site.
    pub domains: Option<Vec<Domain>>,
}

impl Project {
    /// The first of its domains, which its events and sessions have by default.
    pub fn domain(&self) -> Option<&Domain> {
        self.domains.first()
    }

    /// Identifies its state: an edit changes the tag.
    pub fn tag(&self) -> StateTag {
        StateTag::new(self.revision)
    }

    /// The project after an edit.
    #[must_use]
    pub fn patched(&self, patch: ProjectPatch) -> Self {
        let mut next = self.clone();
        next.name = patch.name.unwrap_or(next.name);
        next.domains = patch.domains.unwrap_or(next.domains);
        if next != *self {
            next.revision += 1;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_admits_its_own_pages() {
        for (domain, origin) in [
            ("shop.example", "https://shop.example"),
            ("Shop.Example", "https://www.shop.example"),
            ("shop.example", "https://shop.example:8443"),
            ("https://shop.example/cart", "https://shop.example"),
            ("l\u{e4}den.example", "https://xn--lden-loa.example"),
            ("localhost:3000", "http://localhost:5173"),
            ("http://localhost", "http://localhost:5173"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("127.0.0.1", "http://127.0.0.1:8080"),
        ] {
            assert!(Domain::parse(domain).unwrap().admits(origin), "{domain} {origin}");
        }
    }

    #[test]
    fn a_domain_admits_no_others() {
        for (domain, origin) in [
            ("shop.example", "http://shop.example"),
            ("shop.example", "https://myshop.example"),
            ("shop.example", "https://shop.example.evil.example"),
            ("www.shop.example", "https://shop.example"),
            ("shop.example", "https://shop.example/"),
            ("shop.example", "https://shop.example@evil.example"),
            ("shop.example", "https://SHOP.example"),
            ("shop.example", "null"),
            ("shop.example", "*"),
            ("shop.example", ""),
            ("0.0.1", "https://127.0.0.1"),
            ("a shop", "https://shop"),
            (".", "https://shop.example"),
        ] {
            assert!(!Domain::parse(domain).unwrap().admits(origin), "{domain} {origin}");
        }
    }
}

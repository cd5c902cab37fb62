//! The URL to which a recipient's webhooks are sent. A tenant chooses it, and this system calls it: so it must lead to
//! the public internet, never into the network of this system.

use crate::domain::{Invalid, public_address::is_public};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};
use url::{Host, Url};

/// How long a URL may be, in characters, as it was given and as it is stored.
pub const MAX_LENGTH: usize = 2048;
/// The last labels of names that have a meaning in one network only (RFC 6761, RFC 6762, and ICANN's for private use).
const PRIVATE_NAMES: [&str; 3] = ["localhost", "local", "internal"];

/// Where webhooks may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Over TLS to the public internet.
    Public,
    /// There, and over plain HTTP to 127.0.0.1: for development, where the recipient is on the same machine.
    PublicAndLoopback,
}

/// A URL with `https`, of a host that is named in public or has a public address; without user information and without
/// a fragment. For [`Reach::PublicAndLoopback`], also `http://127.0.0.1` with any port.
///
/// A name can still lead to any address, at any time. The client therefore checks each address that it connects to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    /// Checks the rules that the type's documentation states. They apply to what the URL standard makes of the text:
    /// the host of `https://0x7f.1` is 127.0.0.1.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, Invalid> {
        if text.len() > MAX_LENGTH {
            return Err(Invalid::new(format!("must be at most {MAX_LENGTH} characters")));
        }
        // The URL standard drops these, so that it would be another text.
        if text.contains(|character: char| character.is_control() || character.is_whitespace()) {
            return Err(Invalid::new("must not contain white space or control characters"));
        }
        let url = Url::parse(text).map_err(|error| Invalid::new(format!("must be a URL: {error}")))?;
        if url.as_str().len() > MAX_LENGTH {
            return Err(Invalid::new(format!("must be at most {MAX_LENGTH} characters when it is encoded")));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Invalid::new("must not contain a user name or a password"));
        }
        if url.fragment().is_some() {
            return Err(Invalid::new("must not have a fragment"));
        }
        if url.port() == Some(0) {
            return Err(Invalid::new("must not have the port 0"));
        }
        let host = url.host().ok_or_else(|| Invalid::new("must have a host"))?;
        match (url.scheme(), host) {
            ("http", Host::Ipv4(Ipv4Addr::LOCALHOST)) if reach == Reach::PublicAndLoopback => {}
            ("https", Host::Domain(name)) => public_name(name)?,
            ("https", Host::Ipv4(address)) => public_literal(address.into())?,
            ("https", Host::Ipv6(address)) => public_literal(address.into())?,
            _ => return Err(Invalid::new("must start with https://")),
        }
        Ok(Self(url))
    }

    /// The URL as the standard writes it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn public_literal(address: IpAddr) -> Result<(), Invalid> {
    if is_public(address) { Ok(()) } else { Err(Invalid::new("must not lead to an address that is not public")) }
}

/// The name is in lower case and in ASCII.
fn public_name(name: &str) -> Result<(), Invalid> {
    let mut labels = name.rsplit('.');
    let last = labels.next().unwrap_or_default();
    if last.is_empty() || labels.clone().any(str::is_empty) {
        return Err(Invalid::new("must have a host without empty labels, and no dot at its end"));
    }
    if PRIVATE_NAMES.contains(&last) || labels.next().is_none() {
        return Err(Invalid::new("must have a host that is named on the public internet"));
    }
    Ok(())
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl From<WebhookUrl> for String {
    fn from(url: WebhookUrl) -> Self {
        url.0.into()
    }
}

/// For what is stored, which was parsed before. How far it may reach is decided anew by the client that sends to it.
impl TryFrom<String> for WebhookUrl {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text, Reach::PublicAndLoopback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, reach: Reach) -> Option<String> {
        WebhookUrl::parse(text, reach).ok().map(|url| url.to_string())
    }

    #[test]
    fn public_urls_are_taken() {
        for (given, shown_as) in [
            ("https://hooks.example.com/stop", "https://hooks.example.com/stop"),
            ("HTTPS://Hooks.Example.COM:443", "https://hooks.example.com/"),
            ("https://hooks.example.com:8443/a?b=c", "https://hooks.example.com:8443/a?b=c"),
            ("https://8.8.8.8/", "https://8.8.8.8/"),
            ("https://[2001:4860:4860::8888]:8443/", "https://[2001:4860:4860::8888]:8443/"),
            ("https://Bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
            ("https://localhost.example.com/", "https://localhost.example.com/"),
        ] {
            assert_eq!(shown(given, Reach::Public).as_deref(), Some(shown_as));
        }
    }

    #[test]
    fn what_is_not_public_is_refused() {
        for bad in [
            "",
            "hooks.example.com",
            "//hooks.example.com/",
            "http://hooks.example.com/",
            "ftp://hooks.example.com/",
            "file:///etc/passwd",
            "gopher://hooks.example.com/",
            "data:text/plain,a",
            "https:",
            "https://",
            // User information, fragments, ports.
            "https://user@hooks.example.com/",
            "https://:password@hooks.example.com/",
            "https://hooks.example.com@127.0.0.1/",
            "https://hooks.example.com/#fragment",
            "https://hooks.example.com/#",
            "https://hooks.example.com:0/",
            "https://hooks.example.com:65536/",
            // White space, which the URL standard would drop.
            " https://hooks.example.com/",
            "https://hooks.example.com/\n",
            "https://hooks.exa\tmple.com/",
            "https://hooks.example.com/\u{a0}",
            // Names.
            "https://localhost/",
            "https://LOCALHOST:8443/",
            "https://localhost./",
            "https://a.localhost/",
            "https://printer.local/",
            "https://ip-10-0-0-1.ec2.internal/",
            "https://metadata.google.internal/",
            "https://metadata.google.internal./",
            "https://metadata/",
            "https://hooks.example.com./",
            "https://hooks..example.com/",
            "https://.example.com/",
            "https://ｌｏｃａｌｈｏｓｔ/",
            "https://loc%61lhost/",
            "https://a。localhost/",
            // Literal addresses.
            "https://127.0.0.1/",
            "https://127.0.0.1./",
            "https://127.1/",
            "https://0x7f.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://１２７.0.0.1/",
            "https://127。0。0。1/",
            "https://①27.0.0.1/",
            "https://0/",
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://0xa9fea9fe/",
            "https://2852039166/",
            "https://100.100.100.200/",
            "https://[::]/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[0:0:0:0:0:ffff:169.254.169.254]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[64:ff9b:1::1]/",
            "https://[fd00:ec2::254]/",
            "https://[fe80::1]/",
            "https://[fe80::1%25eth0]/",
            "https:\\\\127.0.0.1\\",
            "https:127.0.0.1",
            "https:///127.0.0.1/",
        ] {
            assert_eq!(shown(bad, Reach::Public), None, "{bad}");
            assert_eq!(shown(bad, Reach::PublicAndLoopback), None, "{bad}");
        }
    }

    #[test]
    fn the_same_machine_is_reached_in_development_alone() {
        for url in ["http://127.0.0.1:9000/stop", "http://127.0.0.1/", "http://0x7f.1:9000/"] {
            assert_eq!(shown(url, Reach::Public), None, "{url}");
            assert!(shown(url, Reach::PublicAndLoopback).is_some(), "{url}");
        }
        for url in [
            "http://127.0.0.2:9000/",
            "http://[::1]:9000/",
            "http://localhost:9000/",
            "http://user@127.0.0.1:9000/",
            "http://127.0.0.1:0/",
            "http://10.0.0.1:9000/",
            "http://8.8.8.8/",
        ] {
            assert_eq!(shown(url, Reach::PublicAndLoopback), None, "{url}");
        }
    }

    #[test]
    fn a_url_has_at_most_its_length() {
        let of = |length: usize| format!("https://hooks.example/{}", "a".repeat(length - 22));
        assert!(shown(&of(MAX_LENGTH), Reach::Public).is_some());
        assert_eq!(shown(&of(MAX_LENGTH + 1), Reach::Public), None);
        // Encoded it is longer.
        assert_eq!(shown(&format!("https://hooks.example/{}", "é".repeat(500)), Reach::Public), None);
    }

    #[test]
    fn a_stored_url_is_checked() {
        let url = WebhookUrl::parse("https://hooks.example/a", Reach::Public).unwrap();
        let stored = serde_json::to_value(&url).unwrap();
        assert_eq!(stored, "https://hooks.example/a");
        assert_eq!(serde_json::from_value::<WebhookUrl>(stored).unwrap(), url);
        assert!(serde_json::from_value::<WebhookUrl>("https://10.0.0.1/".into()).is_err());
    }

    proptest! {
        #[test]
        fn a_url_that_is_taken_is_its_own_text(text in "https?://[ -~é。]{0,40}") {
            for reach in [Reach::Public, Reach::PublicAndLoopback] {
                if let Ok(url) = WebhookUrl::parse(&text, reach) {
                    prop_assert_eq!(WebhookUrl::parse(url.as_str(), reach), Ok(url));
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = WebhookUrl::parse(&text, Reach::PublicAndLoopback);
        }

        #[test]
        fn an_address_in_any_notation_is_judged(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let [a, b, c, d] = address.octets();
            for host in [
                format!("{address}"),
                format!("{bits}"),
                format!("{bits:#x}"),
                format!("0{bits:o}"),
                format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
                format!("{a:#x}.{}", bits & 0x00ff_ffff),
                format!("{a}.{b}.{}", bits & 0xffff),
            ] {
                let taken = WebhookUrl::parse(&format!("https://{host}/"), Reach::Public).is_ok();
                prop_assert_eq!(taken, is_public(address.into()), "{}", host);
            }
        }
    }
}

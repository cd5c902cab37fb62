//! The signature of a webhook: three headers, by which the recipient knows who sent it, and that it is fresh.

use crate::domain::{Timestamp, identifiers::DeliveryId, webhook_secret::WebhookSecret};
use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};
use base64::{Engine, engine::general_purpose::STANDARD};

/// The id of the message, the same in each attempt. The recipient takes a message once by it.
const ID: &str = "webhook-id";
/// The moment of the attempt, in seconds.
const TIMESTAMP: &str = "webhook-timestamp";
/// The signatures.
const SIGNATURE: &str = "webhook-signature";

/// The headers of one attempt to send this body. Each of the secrets signs it, the newest first, so that the recipient
/// may still have either while they are exchanged.
pub fn signed_headers(
    id: DeliveryId,
    attempted_at: Timestamp,
    body: &[u8],
    secrets: &[WebhookSecret],
) -> [(&'static str, String); 3] {
    let (id, timestamp) = (id.to_string(), attempted_at.seconds().to_string());
    let signatures: Vec<String> = secrets.iter().map(|secret| signature(secret, &id, &timestamp, body)).collect();
    [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signatures.join(" "))]
}

/// Neither the id nor the timestamp contains a full stop, so no two messages are signed alike.
fn signature(secret: &WebhookSecret, id: &str, timestamp: &str, body: &[u8]) -> String {
    let mut code = Context::with_key(&Key::new(HMAC_SHA256, secret.bytes()));
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        code.update(part);
    }
    format!("v1,{}", STANDARD.encode(code.sign()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use http::{HeaderMap, HeaderName};
    use proptest::prelude::*;
    use standardwebhooks::Webhook;

    /// The headers as the recipient reads them.
    fn received(headers: [(&'static str, String); 3]) -> HeaderMap {
        headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn delivery() -> DeliveryId {
        DeliveryId::parse("dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV01BX5ZZKBKACTAV9WEVGEMMVRZ").unwrap()
    }

    #[test]
    fn signs_as_the_published_examples_do() {
        // From the tests of the published libraries.
        for (secret, id, timestamp, body, signed) in [
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                r#"{"test": 2432232314}"#,
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
            (
                "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                "1649367553",
                r#"{"email":"test@example.com","username":"test_user"}"#,
                "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            ),
        ] {
            let secret = WebhookSecret::parse(secret).unwrap();
            assert_eq!(signature(&secret, id, timestamp, body.as_bytes()), signed);
        }
    }

    proptest! {
        #[test]
        fn the_published_library_takes_what_is_signed_and_nothing_else(body in "\\PC{0,200}", other in "\\PC{0,200}") {
            let context = RequestContext::system();
            let [new, old, unknown] = [(); 3].map(|()| WebhookSecret::fresh(&context));
            let with = |secret: &WebhookSecret| Webhook::new(&secret.reveal()).unwrap();
            let headers = received(signed_headers(delivery(), context.now, body.as_bytes(), &[new.clone(), old.clone()]));
            for known in [&new, &old] {
                prop_assert!(with(known).verify(body.as_bytes(), &headers).is_ok());
            }
            prop_assert!(with(&unknown).verify(body.as_bytes(), &headers).is_err());
            prop_assert_eq!(with(&new).verify(other.as_bytes(), &headers).is_ok(), other == body);
            let alone = received(signed_headers(delivery(), context.now, body.as_bytes(), std::slice::from_ref(&new)));
            prop_assert!(with(&new).verify(body.as_bytes(), &alone).is_ok());
            prop_assert!(with(&old).verify(body.as_bytes(), &alone).is_err());
            let later = context.now.plus_seconds(1).seconds().to_string();
            for (name, altered) in [(ID, format!("{}0", delivery())), (TIMESTAMP, later)] {
                let mut headers = headers.clone();
                headers.insert(name, altered.parse().unwrap());
                prop_assert!(with(&new).verify(body.as_bytes(), &headers).is_err(), "{}", name);
            }
        }
    }

    #[test]
    fn a_message_that_is_too_old_or_of_the_future_is_refused_by_the_published_library() {
        let context = RequestContext::system();
        let secret = WebhookSecret::fresh(&context);
        let verifier = Webhook::new(&secret.reveal()).unwrap();
        let moved = |milliseconds: i64| {
            let moment = Timestamp::from_milliseconds(context.now.milliseconds() + milliseconds).unwrap();
            received(signed_headers(delivery(), moment, b"{}", std::slice::from_ref(&secret)))
        };
        assert!(verifier.verify(b"{}", &moved(0)).is_ok());
        for minutes in [-6, 6] {
            assert!(verifier.verify(b"{}", &moved(minutes * 60_000)).is_err());
        }
    }
}

//! Checks that an endpoint refuses invalid bodies.

use hyper::Method;
use serde_json::{Value, json};

use crate::fixtures::{Caller, with};

/// A valid call, in which the checks make one member invalid at a time.
pub struct Call<'a> {
    /// Who calls.
    pub caller: &'a Caller,
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The body, which succeeds as it is.
    pub body: Value,
}

impl Call<'_> {
    async fn send(&self, body: &Value) -> crate::client::Response {
        self.caller.send(self.caller.request(self.method.clone(), &self.path).json(body)).await
    }

    /// Asserts, for each pair, that the body with this value of the member gets a 400 that names only this member.
    pub async fn refuses(&self, spoiled: &[(&str, Value)]) {
        for (field, value) in spoiled {
            let response = self.send(&with(&self.body, field, Some(value.clone()))).await;
            let shown: String = value.to_string().chars().take(60).collect();
            assert_eq!(response.status(), 400, "{field} = {shown}: {response}");
            assert_eq!(response.error_fields(), [*field], "{field} = {shown}: {response}");
            response.expect_error(400, "BAD_REQUEST");
        }
    }

    /// Asserts that the body gets a 400 that names the member, both without it and with null.
    pub async fn requires(&self, fields: &[&str]) {
        for field in fields {
            self.send(&with(&self.body, field, None)).await.expect_field_errors(400, "BAD_REQUEST", &[field]);
            self.send(&with(&self.body, field, Some(Value::Null))).await.expect_field_errors(
                400,
                "BAD_REQUEST",
                &[field],
            );
        }
    }

    /// Asserts that a misspelt member gets a 400 that names it and the nearest known member.
    pub async fn names_the_nearest(&self, misspelt: &str, known: &str) {
        let response = self.send(&with(&self.body, misspelt, Some(json!("value")))).await;
        response.expect_field_errors(400, "BAD_REQUEST", &[misspelt]);
        let last = known.rsplit('.').next().unwrap_or(known);
        assert!(response.message_of(misspelt).ends_with(&format!("did you mean {last}?")), "{response}");
    }

    /// Asserts a 400 for anything but one JSON object in UTF-8, a 415 for another content type, and a 413 for more than
    /// 1 MiB.
    pub async fn takes_only_json_objects(&self) {
        let request = || self.caller.request(self.method.clone(), &self.path);
        let json = |body: &str| request().header("content-type", "application/json").bytes(body.to_owned());
        for bad in [
            "",
            " ",
            "{",
            "nonsense",
            "{}{}",
            "[]",
            "null",
            "1",
            "\"text\"",
            "{\"a\":1,\"a\":2}",
            "{'a':1}",
            "{\"a\":\"\\ud800\"}",
        ] {
            let response = self.caller.send(json(bad)).await;
            assert_eq!(response.status(), 400, "body {bad:?}: {response}");
            response.expect_error(400, "BAD_REQUEST");
        }
        let not_utf8 = request().header("content-type", "application/json").bytes(&b"{\"a\":\"\xff\"}"[..]);
        self.caller.send(not_utf8).await.expect_error(400, "BAD_REQUEST");
        self.caller.send(json(&"[".repeat(100_000))).await.expect_error(400, "BAD_REQUEST");
        self.caller.send(request()).await.expect_error(400, "BAD_REQUEST");

        let text = self.body.to_string();
        for other in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"]
        {
            let response = self.caller.send(request().header("content-type", other).bytes(text.clone())).await;
            assert_eq!(response.status(), 415, "content type {other}: {response}");
            response.expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        }

        let known = ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"];
        for content_type in known {
            let response = self.caller.send(request().header("content-type", content_type).bytes("nonsense")).await;
            assert_eq!(response.status(), 400, "content type {content_type}: {response}");
        }

        // The unknown member gets a 400, so a 413 can only come from the size.
        let padded = |length: usize| format!("{{\"nonsense\":1{}}}", " ".repeat(length - 14));
        self.caller.send(json(&padded(1024 * 1024))).await.expect_error(400, "BAD_REQUEST");
        self.caller.send(json(&padded(1024 * 1024 + 1))).await.expect_error(413, "PAYLOAD_TOO_LARGE");
    }
}

/// Values that are not texts of 1 to `most` characters: other types, blanks, control characters, one character too
/// many.
pub fn not_texts(most: usize) -> Vec<Value> {
    vec![
        json!(1),
        json!(true),
        json!(["text"]),
        json!({"text": "text"}),
        json!(""),
        json!(" \t\n"),
        json!("a\u{0}b"),
        json!("a\u{7}b"),
        json!("a\rb"),
        json!("a\u{7f}b"),
        json!("a\u{85}b"),
        json!("x".repeat(most + 1)),
    ]
}

/// Pairs each value with the field.
pub fn each(field: &str, values: Vec<Value>) -> Vec<(&str, Value)> {
    values.into_iter().map(|value| (field, value)).collect()
}

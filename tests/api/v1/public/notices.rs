//! `GET /v1/public/notices/{registeredNoticeId}`

use assent_tests::client::{Request, Response};
use assent_tests::fixtures::{
    NOTICES, Tenant, complete_draft, draft_path, notice, public_path, publish_path, sha256, text, text_of, with,
};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    anyone_reads_a_published_notice_in_its_language,
    a_notice_without_the_new_fields_is_public_too,
    a_draft_is_not_found_until_it_is_published,
];

async fn read(system: &System, notice: &Value) -> Response {
    system.client.send(Request::new(Method::GET, public_path(notice))).await
}

/// Also computes the hash as an auditor would.
async fn anyone_reads_a_published_notice_in_its_language(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // Characters that canonical JSON writes in its own way, and members that it sorts.
    let said = "हिन्दी \u{20ac} \"quoted\" \\ \u{2028}</script>\n\t\u{1f642}";
    let draft = with(&complete_draft("hi-IN"), "content", Some(json!(said)));
    let created = tenant.post(NOTICES, &draft).await.expect(201);
    let published = tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    let response = read(system, &created).await;
    let body = response.expect(200);
    let document = with(&draft, "status", None);
    let hash = sha256(&serde_json_canonicalizer::to_string(&document).expect("canonical JSON"));
    assert_eq!(
        body,
        json!({
            "id": created["id"],
            "document": document,
            "documentHash": hash,
            "publishedAt": published["publishedAt"],
        })
    );
    assert_eq!(published["languages"][0]["documentHash"], hash);
    assert_eq!(response.header("content-language"), Some("hi-IN"));
    assert_eq!(response.header("cache-control"), Some("public, max-age=31536000, immutable"));
}

async fn a_notice_without_the_new_fields_is_public_too(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    let created = tenant.post(NOTICES, &notice).await.expect(201);
    let body = read(system, &created).await.expect(200);
    assert_eq!(body["document"], notice);
    assert_eq!(body["publishedAt"], created["createdAt"]);
    assert_eq!(body["documentHash"], sha256(&serde_json_canonicalizer::to_string(&notice).expect("canonical JSON")));
}

async fn a_draft_is_not_found_until_it_is_published(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    let first = tenant.post(NOTICES, &draft).await.expect(201);
    let unknown = read(system, &json!({"id": "ntc_01ARZ3NDEKTSV4RRFFQ69G5FAV"})).await.expect_error(404, "NOT_FOUND");
    let not_yet = read(system, &first).await.expect_error(404, "NOT_FOUND");
    assert_eq!(with(&not_yet, "requestId", None), with(&unknown, "requestId", None));
    tenant.delete(draft_path(&draft)).await.expect_no_content();
    read(system, &first).await.expect_error(404, "NOT_FOUND");
    // Another draft in its place has another id.
    let second = tenant.post(NOTICES, &draft).await.expect(201);
    assert_ne!(text(&first, "id"), text(&second, "id"));
    let other = with(&text_of(&draft), "title", Some(json!("Another title")));
    tenant.send(tenant.request(Method::PUT, draft_path(&draft)).json(&other)).await.expect(200);
    tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    assert_eq!(read(system, &second).await.expect(200)["document"]["title"], "Another title");
    read(system, &first).await.expect_error(404, "NOT_FOUND");
}

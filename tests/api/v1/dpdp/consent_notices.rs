//! `POST` and `GET /v1/dpdp/consent-notices`, `GET /v1/dpdp/consent-notices/{noticeId}`

pub(crate) mod versions;

use assent_tests::fixtures::{NOTICES, Tenant, notice, now, sha256, text, unique, with};
use assent_tests::like::{assert_like, time};
use assent_tests::pages::{large_pages, pages, texts};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use chrono::Duration;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    optional_fields_may_be_absent_or_null,
    the_hash_is_of_the_contents_bytes,
    another_version_is_registered,
    a_translation_is_registered,
    languages_take_their_canonical_case,
    organisations_do_not_share_notices,
    bodies_beyond_any_gateway_are_too_large,
    all_errors_are_named_at_once,
    refuses_invalid_field_values,
    takes_the_longest_field_values,
    purposes_are_limited_together,
    duplicate_codes_are_refused,
    lists_each_version_and_translation,
    reads_a_notice_with_its_contents;
    on each engine:
    registers_the_documented_notice,
    the_same_version_again_is_a_conflict,
    a_translation_with_other_purposes_is_refused,
    two_hundred_versions_are_read_whole,
    pages_of_large_contents_end_early,
];

async fn registers_the_documented_notice(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    let body = tenant.post(NOTICES, &notice).await.expect_like(
        201,
        &json!({
            "id": "<ntc_>",
            "noticeId": notice["noticeId"],
            "version": "2.0",
            "language": "en",
            "contentHash": "<sha256>",
            "createdAt": "<time>",
        }),
    );
    assert!((now() - time(&body["createdAt"])).abs() < Duration::minutes(1));
}

async fn optional_fields_may_be_absent_or_null(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut bare = notice();
    for field in ["language", "grievanceOfficer"] {
        bare = with(&bare, field, None);
    }
    let body = tenant.post(NOTICES, &bare).await.expect(201);
    assert_eq!(body["language"], "en");
    let mut nulls = notice();
    for field in ["language", "grievanceOfficer", "dataFiduciaryContact"] {
        nulls = with(&nulls, field, Some(Value::Null));
    }
    let body = tenant.post(NOTICES, &nulls).await.expect(201);
    assert_eq!(body["language"], "en");
    let no_phone = with(&notice(), "grievanceOfficer.phone", Some(Value::Null));
    tenant.post(NOTICES, &no_phone).await.expect(201);
}

async fn the_hash_is_of_the_contents_bytes(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for content in ["plain", "<p>वयं</p>\r\n\ttab", " spaces kept ", "e\u{301} is not é"] {
        let notice = with(&notice(), "content", Some(json!(content)));
        let body = tenant.post(NOTICES, &notice).await.expect(201);
        assert_eq!(body["contentHash"], sha256(content), "{content:?}");
    }
}

async fn the_same_version_again_is_a_conflict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    tenant.post(NOTICES, &notice).await.expect(201);
    tenant.post(NOTICES, &notice).await.expect_error(409, "CONFLICT");
    let other_content = with(&notice, "content", Some(json!("Other words")));
    let conflict = tenant.post(NOTICES, &other_content).await.expect_error(409, "CONFLICT");
    assert_eq!(conflict["message"], "Notice version already exists");
    // Without a language it is English.
    let no_language = with(&notice, "language", None);
    tenant.post(NOTICES, &no_language).await.expect_error(409, "CONFLICT");
}

async fn another_version_is_registered(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    tenant.post(NOTICES, &notice).await.expect(201);
    let mut next = with(&notice, "version", Some(json!("2.1")));
    next["purposes"] = json!([{"code": "other", "description": "Something else"}]);
    tenant.post(NOTICES, &next).await.expect(201);
}

async fn a_translation_is_registered(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    tenant.post(NOTICES, &notice).await.expect(201);
    let mut hindi = with(&notice, "language", Some(json!("hi")));
    // Descriptions are translated, and the order of the purposes does not matter.
    hindi["purposes"] = json!([
        {"code": "personalization", "description": "व्यक्तिगत सुझाव"},
        {"code": "analytics", "description": "सेवा सुधार के लिए विश्लेषण"},
    ]);
    let body = tenant.post(NOTICES, &hindi).await.expect(201);
    assert_eq!((&body["version"], &body["language"]), (&json!("2.0"), &json!("hi")));
    tenant.post(NOTICES, &hindi).await.expect_error(409, "CONFLICT");
}

async fn a_translation_with_other_purposes_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    tenant.post(NOTICES, &notice).await.expect(201);
    let analytics = json!({"code": "analytics", "description": "x"});
    let personalization = json!({"code": "personalization", "description": "x"});
    let advertising = json!({"code": "advertising", "description": "x"});
    for purposes in
        [json!([analytics]), json!([analytics, advertising]), json!([analytics, personalization, advertising])]
    {
        let mut translation = with(&notice, "language", Some(json!("hi")));
        translation["purposes"] = purposes;
        tenant.post(NOTICES, &translation).await.expect_error(409, "PURPOSES_DIFFER");
    }
    // Nothing of the refused translations was stored.
    tenant.post(NOTICES, &with(&notice, "language", Some(json!("hi")))).await.expect(201);
}

async fn languages_take_their_canonical_case(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (given, canonical) in [("EN", "en"), ("pt-br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")] {
        let notice = with(&notice(), "language", Some(json!(given)));
        let body = tenant.post(NOTICES, &notice).await.expect(201);
        assert_eq!(body["language"], canonical);
        let canonical = with(&notice, "language", Some(json!(canonical)));
        tenant.post(NOTICES, &canonical).await.expect_error(409, "CONFLICT");
    }
}

async fn organisations_do_not_share_notices(system: &'static System) {
    let (one, other) = (Tenant::new(system).await, Tenant::new(system).await);
    let notice = notice();
    one.post(NOTICES, &notice).await.expect(201);
    other.post(NOTICES, &notice).await.expect(201);
}

fn call(tenant: &Tenant) -> Call<'_> {
    Call { caller: tenant, method: Method::POST, path: NOTICES.to_owned(), body: notice() }
}

/// API Gateway itself takes no more than 10 MB.
async fn bodies_beyond_any_gateway_are_too_large(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let body = with(&notice(), "content", Some(json!("x".repeat(11 * 1024 * 1024))));
    tenant.post(NOTICES, &body).await.expect_error(413, "PAYLOAD_TOO_LARGE");
}

async fn all_errors_are_named_at_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let faulty = json!({
        "noticeId": "with spaces",
        "title": "",
        "content": "fine",
        "purposes": [
            {"code": "fine", "description": "fine"},
            {"code": 5, "description": "\u{0}", "extra": true},
            "text",
        ],
        "language": "no language",
        "grievanceOfficer": {"email": "nobody", "phone": "12"},
        "unknown": null,
    });
    tenant.post(NOTICES, &faulty).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &[
            "noticeId",
            "version",
            "title",
            "purposes[1].code",
            "purposes[1].description",
            "purposes[1].extra",
            "purposes[2]",
            "language",
            "grievanceOfficer.name",
            "grievanceOfficer.email",
            "grievanceOfficer.phone",
            "unknown",
        ],
    );
}

async fn refuses_invalid_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let not_tokens = || ["with space", "a/b", "a#b", "é", "a\tb", "a%20b"].map(|value| json!(value));
    let many: Vec<Value> = (0..51).map(|index| json!({"code": format!("c{index}"), "description": "x"})).collect();
    let spoiled = [
        each("noticeId", not_texts(128)),
        each("noticeId", not_tokens().to_vec()),
        each("version", not_texts(64)),
        each("version", not_tokens().to_vec()),
        each("title", not_texts(200)),
        each("content", not_texts(262_144)),
        each("content", vec![json!("é".repeat(131_072) + "x")]),
        each("purposes", vec![json!([]), json!({}), json!("analytics"), json!(many)]),
        each("purposes[0]", vec![json!("analytics"), json!([]), Value::Null]),
        each("purposes[0].code", not_texts(64)),
        each("purposes[0].code", not_tokens().to_vec()),
        each("purposes[1].description", not_texts(1000)),
        each("language", not_texts(1000)),
        each("language", ["e", "en_US", "english-language-tag", "en-", "-", "1"].map(|tag| json!(tag)).to_vec()),
        each("dataFiduciaryContact", not_texts(500)),
        each("grievanceOfficer", vec![json!("Jane Doe"), json!([]), json!(1)]),
        each("grievanceOfficer.name", not_texts(200)),
        each("grievanceOfficer.email", not_texts(500)),
        each(
            "grievanceOfficer.email",
            ["jane", "@acme.com", "jane@", "a b@acme.com", "a@b@c"].map(|email| json!(email)).to_vec(),
        ),
        each("grievanceOfficer.phone", not_texts(100)),
        each(
            "grievanceOfficer.phone",
            ["9876543210", "+", "+0123456789", "+91 98x", "+1234567890123456"].map(|phone| json!(phone)).to_vec(),
        ),
    ]
    .concat();
    call(&tenant).refuses(&spoiled).await;
}

async fn takes_the_longest_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let fifty: Vec<Value> = (0..50).map(|index| json!({"code": format!("c{index}"), "description": "x"})).collect();
    for (field, value) in [
        ("noticeId", json!(unique("n") + &"x".repeat(128 - 34))),
        ("noticeId", json!(unique("Az09._:-"))),
        ("version", json!("v".repeat(64))),
        ("title", json!("é".repeat(200))),
        ("content", json!("x".repeat(262_144))),
        ("content", json!("é".repeat(131_072))),
        ("content", json!("tab\tnewline\nboth\r\n")),
        ("purposes", json!(fifty)),
        ("purposes[0].code", json!("c".repeat(64))),
        ("purposes[0].description", json!("é".repeat(1000))),
        ("dataFiduciaryContact", json!("x".repeat(500))),
        ("grievanceOfficer.name", json!("x".repeat(200))),
        ("grievanceOfficer.phone", json!("+91 98765 43210")),
        ("grievanceOfficer.phone", json!("+123456789012345")),
    ] {
        let response = tenant.post(NOTICES, &with(&notice(), field, Some(value))).await;
        assert_eq!(response.status(), 201, "{field}: {response}");
    }
}

async fn purposes_are_limited_together(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let purposes: Vec<Value> =
        (0..50).map(|index| json!({"code": format!("c{index}"), "description": "x".repeat(1000)})).collect();
    let notice = with(&notice(), "purposes", Some(json!(purposes)));
    tenant.post(NOTICES, &notice).await.expect_field_errors(400, "BAD_REQUEST", &["purposes"]);
}

async fn duplicate_codes_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let purpose = |code: &str| json!({"code": code, "description": "x"});
    let notice = with(&notice(), "purposes", Some(json!([purpose("a"), purpose("b"), purpose("a")])));
    tenant.post(NOTICES, &notice).await.expect_field_errors(400, "BAD_REQUEST", &["purposes[2].code"]);
    // Upper and lower case are different codes.
    let cases = with(&notice, "purposes", Some(json!([purpose("a"), purpose("A")])));
    tenant.post(NOTICES, &cases).await.expect(201);
}

async fn lists_each_version_and_translation(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    let mut expected = Vec::new();
    for (version, language) in [("1.0", "en"), ("2.0", "en"), ("1.0", "hi")] {
        let body = with(&notice, "version", Some(json!(version)));
        let body = with(&body, "language", Some(json!(language)));
        let created = tenant.post(NOTICES, &body).await.expect(201);
        expected.insert(0, with(&created, "title", Some(notice["title"].clone())));
    }
    let body = tenant.get(NOTICES).await.expect(200);
    assert_eq!(body, json!({"notices": expected, "nextCursor": null}));
}

fn notice_path(notice: &Value) -> String {
    format!("{NOTICES}/{}", notice["noticeId"].as_str().unwrap_or_default())
}

async fn reads_a_notice_with_its_contents(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = with(&notice(), "dataFiduciaryContact", Some(json!("dpo@acme.com")));
    let bare = with(&with(&notice, "grievanceOfficer", None), "dataFiduciaryContact", None);
    let bare = with(&with(&bare, "version", Some(json!("1.0"))), "content", Some(json!("\"Short\"\n\t\\ é")));
    let mut expected = Vec::new();
    for body in [&bare, &notice] {
        let created = tenant.post(NOTICES, body).await.expect(201);
        let mut version = with(body, "noticeId", None);
        for member in ["id", "contentHash", "createdAt"] {
            version = with(&version, member, Some(created[member].clone()));
        }
        version["status"] = json!("published");
        version["publishedAt"] = created["createdAt"].clone();
        expected.insert(0, version);
    }
    // The list does not contain another notice.
    tenant.create_notice().await;
    let mut body = tenant.get(notice_path(&notice)).await.expect(200);
    let mut gaps = Vec::new();
    for version in body["versions"].as_array_mut().into_iter().flatten() {
        let shown = version.as_object_mut().expect("a version");
        assert_like(&json!([shown.remove("documentHash"), shown.remove("etag")]), &json!(["<sha256>", "<text>"]));
        gaps.push(shown.remove("gaps").expect("gaps"));
    }
    assert_eq!(body, json!({"noticeId": notice["noticeId"], "versions": expected, "nextCursor": null}));
    let named =
        |gaps: &Value| -> Vec<String> { gaps.as_array().into_iter().flatten().map(|gap| text(gap, "field")).collect() };
    let common = [
        "dataItems",
        "purposes[0].dataItems",
        "purposes[0].services",
        "purposes[1].dataItems",
        "purposes[1].services",
        "links.withdraw",
        "links.rights",
        "links.complaint",
    ];
    assert_eq!(named(&gaps[0]), common);
    assert_eq!(named(&gaps[1]), [&common[..], &["grievanceOfficer"]].concat());
}
async fn two_hundred_versions_are_read_whole(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = notice();
    let mut ids = Vec::new();
    for version in 0..200 {
        let body = with(&notice, "version", Some(json!(version.to_string())));
        for language in if version % 20 == 0 { &["en", "hi"][..] } else { &["en"] } {
            let body = with(&body, "language", Some(json!(language)));
            ids.push(tenant.post(NOTICES, &body).await.expect(201)["id"].as_str().unwrap_or_default().to_owned());
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
    ids.reverse();
    for (limit, count) in [(200, 2), (100, 3)] {
        let read = pages(&tenant, &format!("{}?limit={limit}", notice_path(&notice)), "versions").await;
        assert_eq!(texts(&read, "id"), ids);
        assert_eq!(read.len(), count);
        let listed = pages(&tenant, &format!("{NOTICES}?limit={limit}"), "notices").await;
        assert_eq!(texts(&listed, "id"), ids);
    }
}

async fn pages_of_large_contents_end_early(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for content in ["x".repeat(256 * 1024), "\"".repeat(256 * 1024), "é".repeat(128 * 1024)] {
        let notice = with(&notice(), "content", Some(json!(content)));
        let mut ids = Vec::new();
        for version in 0..20 {
            let body = with(&notice, "version", Some(json!(version.to_string())));
            ids.push(tenant.post(NOTICES, &body).await.expect(201)["id"].as_str().unwrap_or_default().to_owned());
        }
        ids.reverse();
        let read = large_pages(&tenant, &notice_path(&notice), "versions").await;
        assert!(read.iter().flat_map(|page| &page.items).all(|version| version["content"] == notice["content"]));
        assert_eq!(texts(&read, "id"), ids);
        assert!((2..=6).contains(&read.len()), "{} pages", read.len());
    }
}

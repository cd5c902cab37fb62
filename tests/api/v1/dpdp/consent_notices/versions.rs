//! Drafts of notices, and their publication: `POST /v1/dpdp/consent-notices` with `status: draft`, and `PUT`, `DELETE`
//! and `POST …/publish` below `/v1/dpdp/consent-notices/{noticeId}/versions/{version}`

use std::time::Duration;

use assent_tests::fixtures::{
    NOTICES, RECORDS, Tenant, complete_draft, complete_record, draft_path, in_language, notice, public_path,
    publish_path, record, record_path, sha256, text, text_of, unique, with,
};
use assent_tests::pages::{large_pages, texts};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_draft_is_registered_replaced_and_deleted,
    nobody_consents_to_a_draft,
    a_consent_holds_the_hash_of_the_whole_notice,
    the_gate_names_every_gap_of_every_language,
    english_and_the_languages_of_the_eighth_schedule_pass_the_gate,
    another_language_passes_where_it_is_required,
    a_later_language_is_a_draft_until_the_next_publication,
    drafts_beside_a_notice_that_was_published_at_once,
    a_version_is_newest_when_it_is_first_published,
    a_purpose_of_the_newest_version_is_never_missing,
    refuses_invalid_field_values,
    takes_the_longest_field_values,
    purposes_and_data_items_are_limited_together,
    refuses_invalid_required_languages,
    a_published_notice_cannot_be_changed;
    on each engine:
    twenty_three_languages_of_full_size_are_published_and_read,
];

const SCHEDULED: [&str; 23] = [
    "as", "bn", "brx", "doi", "en", "gu", "hi", "kn", "kok", "ks", "mai", "ml", "mni", "mr", "ne", "or", "pa", "sa",
    "sat", "sd", "ta", "te", "ur",
];

/// What GET shows of the notice, the newest first.
async fn versions(tenant: &Tenant, notice: &Value) -> Vec<Value> {
    let body = tenant.get(format!("{NOTICES}/{}", text(notice, "noticeId"))).await.expect(200);
    body["versions"].as_array().expect("versions").clone()
}

async fn replace(tenant: &Tenant, draft: &Value, replacement: &Value) -> assent_tests::client::Response {
    tenant.send(tenant.request(Method::PUT, draft_path(draft)).json(replacement)).await
}

async fn a_draft_is_registered_replaced_and_deleted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    let created = tenant.post(NOTICES, &draft).await;
    let expected = json!({
        "id": "<ntc_>", "noticeId": draft["noticeId"], "version": "1.0", "language": "en", "status": "draft",
        "contentHash": sha256(&text(&draft, "content")), "createdAt": "<time>",
    });
    let body = created.expect_like(201, &expected);
    let shown = versions(&tenant, &draft).await;
    for member in text_of(&draft).as_object().expect("members").keys() {
        assert_eq!(shown[0][member], draft[member], "{member}");
    }
    assert_eq!((&shown[0]["status"], &shown[0]["gaps"]), (&json!("draft"), &json!([])));
    assert_eq!(shown[0]["etag"].as_str(), created.header("etag"));
    assert!(shown[0].get("publishedAt").is_none());
    assert_eq!(tenant.get(NOTICES).await.expect(200)["notices"][0]["status"], "draft");
    tenant.post(NOTICES, &draft).await.expect_error(409, "CONFLICT");

    // The whole text is replaced: what is absent is removed.
    let replacement = json!({
        "title": "Short", "content": "Other words", "purposes": [{"code": "a", "description": "A"}],
    });
    let replaced = replace(&tenant, &draft, &replacement).await;
    let changed = with(&with(&body, "contentHash", Some(json!(sha256("Other words")))), "status", Some(json!("draft")));
    assert_eq!(replaced.expect(200), changed);
    assert_ne!(replaced.header("etag"), created.header("etag"));
    let shown = versions(&tenant, &draft).await;
    assert_eq!(shown[0]["etag"].as_str(), replaced.header("etag"));
    for absent in ["dataItems", "links", "change", "reconsentBy", "grievanceOfficer", "dataFiduciaryContact"] {
        assert!(shown[0].get(absent).is_none(), "{absent}");
    }
    for (member, value) in replacement.as_object().expect("members") {
        assert_eq!(&shown[0][member], value, "{member}");
    }
    assert_eq!(tenant.get(NOTICES).await.expect(200)["notices"][0]["title"], "Short");
    // The same again changes nothing.
    assert_eq!(replace(&tenant, &draft, &replacement).await.header("etag"), replaced.header("etag"));

    tenant.delete(draft_path(&draft)).await.expect_no_content();
    tenant.delete(draft_path(&draft)).await.expect_error(404, "NOT_FOUND");
    replace(&tenant, &draft, &replacement).await.expect_error(404, "NOT_FOUND");
    tenant.get(format!("{NOTICES}/{}", text(&draft, "noticeId"))).await.expect_error(404, "NOT_FOUND");
    assert_eq!(tenant.get(NOTICES).await.expect(200)["notices"], json!([]));
    tenant.post(publish_path(&draft), &json!({})).await.expect_error(404, "NOT_FOUND");
    // It can be registered again, and in another case of its language it is the same.
    tenant.post(NOTICES, &draft).await.expect(201);
    let upper = draft_path(&with(&draft, "language", Some(json!("EN"))));
    tenant.delete(upper).await.expect_no_content();
}

async fn nobody_consents_to_a_draft(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (draft, grant) = (complete_draft("en"), tenant.create_grant("user-1").await);
    tenant.post(NOTICES, &draft).await.expect(201);
    let body = complete_record(&grant, &draft, "user-1");
    for (version, language, field) in [
        (None, None, "consentNoticeId"),
        (Some("1.0"), None, "consentNoticeVersion"),
        (Some("1.0"), Some("en"), "consentNoticeLanguage"),
    ] {
        let body = with(&body, "consentNoticeVersion", version.map(|version| json!(version)));
        let body = with(&body, "consentNoticeLanguage", language.map(|language| json!(language)));
        tenant.post(RECORDS, &body).await.expect_field_errors(400, "INVALID_NOTICE", &[field]);
    }
    tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    let made = tenant.post(RECORDS, &body).await.expect(201);
    assert_eq!((&made["consentNoticeVersion"], &made["consentNoticeLanguage"]), (&json!("1.0"), &json!("en")));
}

async fn a_consent_holds_the_hash_of_the_whole_notice(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let grant = tenant.create_grant("user-1").await;
    let gated = tenant.publish_notice(&["hi"]).await.remove(0);
    let at_once = tenant.create_notice().await;
    let hash = versions(&tenant, &at_once).await[0]["documentHash"].clone();
    for notice in [gated, with(&at_once, "documentHash", Some(hash))] {
        let body = if notice["noticeId"] == at_once["noticeId"] { record } else { complete_record };
        let made = tenant.post(RECORDS, &body(&grant, &notice, "user-1")).await.expect(201);
        let read = tenant.get(record_path(&made)).await.expect(200);
        for body in [&made, &read] {
            assert_eq!(body["documentHash"], notice["documentHash"]);
            let jws = text(&body["consentProof"], "proofJwt");
            let claims = URL_SAFE_NO_PAD.decode(jws.split('.').nth(1).expect("a payload")).expect("base64url");
            let claims: Value = serde_json::from_slice(&claims).expect("JSON");
            assert_eq!(claims["documentHash"], notice["documentHash"]);
        }
        // A record names the purposes of its notice as before.
        let purpose = with(&read["purposes"][0], "decision", None);
        let members: Vec<&String> = purpose.as_object().expect("a purpose").keys().collect();
        assert_eq!(members, ["code", "description"]);
    }
}

async fn the_gate_names_every_gap_of_every_language(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let english = complete_draft("en");
    let bare = json!({
        "noticeId": english["noticeId"], "version": "1.0", "language": "ta", "status": "draft", "title": "T",
        "content": english["content"],
        "purposes": [
            {"code": "analytics", "description": "A"}, {"code": "other", "description": "B"},
        ],
    });
    let hindi = with(&in_language(&english, "hi"), "links.complaint", None);
    let french = in_language(&english, "fr");
    for draft in [&english, &bare, &hindi, &french] {
        tenant.post(NOTICES, draft).await.expect(201);
    }
    let before = system.contents.of(tenant.id).await;
    let refused = tenant.post(publish_path(&english), &json!({"requiredLanguages": ["en", "te"]})).await;
    let gaps = [
        "languages.ta.dataItems",
        "languages.ta.purposes[0].dataItems",
        "languages.ta.purposes[0].services",
        "languages.ta.purposes[1].dataItems",
        "languages.ta.purposes[1].services",
        "languages.ta.links.withdraw",
        "languages.ta.links.rights",
        "languages.ta.links.complaint",
        "languages.ta.grievanceOfficer",
        "languages.ta.purposes",
        "languages.ta.reconsentBy",
        "languages.ta.content",
        "languages.hi.links.complaint",
        "languages.fr",
        "languages.te",
    ];
    refused.expect_field_errors(422, "NOTICE_INCOMPLETE", &gaps);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    // GET shows the gaps that a language has by itself.
    let shown = versions(&tenant, &english).await;
    assert_eq!(shown.iter().map(|it| it["gaps"].as_array().map_or(0, Vec::len)).collect::<Vec<_>>(), [0, 1, 9, 0]);
    assert_eq!(shown[1]["gaps"], json!([{"field": "links.complaint", "message": "is missing"}]));

    // More gaps than one response to invalid fields names.
    let purposes: Vec<Value> = (0..50).map(|it| json!({"code": format!("c{it}"), "description": "x"})).collect();
    let many = with(&with(&bare, "purposes", Some(json!(purposes))), "language", Some(json!("bn")));
    let many = with(&many, "noticeId", Some(json!(unique("many"))));
    tenant.post(NOTICES, &many).await.expect(201);
    let refused = tenant.post(publish_path(&many), &json!({})).await;
    assert_eq!(refused.expect_error(422, "NOTICE_INCOMPLETE")["details"].as_array().map(Vec::len), Some(105));
}

async fn english_and_the_languages_of_the_eighth_schedule_pass_the_gate(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let published = tenant.publish_notice(&SCHEDULED).await;
    let languages: Vec<String> = published.iter().map(|it| text(it, "language")).collect();
    assert_eq!(languages, SCHEDULED);
    for shown in versions(&tenant, &published[0]).await {
        let of_language = published.iter().find(|it| it["language"] == shown["language"]).expect("a language");
        assert_eq!((&shown["id"], &shown["documentHash"]), (&of_language["id"], &of_language["documentHash"]));
        assert_eq!((&shown["status"], &shown["gaps"]), (&json!("published"), &json!([])));
        assert!(shown["publishedAt"].as_str() > shown["createdAt"].as_str());
    }
    for listed in tenant.get(NOTICES).await.expect(200)["notices"].as_array().expect("notices") {
        assert!(listed.get("status").is_none(), "{listed}");
    }
}

async fn another_language_passes_where_it_is_required(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("fr-CA");
    tenant.post(NOTICES, &draft).await.expect(201);
    let publish = async |body: Value| tenant.post(publish_path(&draft), &body).await;
    publish(json!({})).await.expect_field_errors(422, "NOTICE_INCOMPLETE", &["languages.fr-CA"]);
    let other = json!({"requiredLanguages": ["fr-FR"]});
    publish(other).await.expect_field_errors(422, "NOTICE_INCOMPLETE", &["languages.fr-CA", "languages.fr-FR"]);
    publish(json!({"requiredLanguages": ["fr"]})).await.expect(200);
}

async fn a_later_language_is_a_draft_until_the_next_publication(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let english = complete_draft("en");
    tenant.post(NOTICES, &english).await.expect(201);
    tenant.post(publish_path(&english), &json!({})).await.expect(200);
    tenant.post(publish_path(&english), &json!({})).await.expect_error(409, "NOTICE_PUBLISHED");
    // Without a status too, and with other purposes, which only the gate compares.
    let mut hindi = with(&in_language(&english, "hi"), "status", None);
    hindi["purposes"].as_array_mut().expect("purposes").pop();
    let created = tenant.post(NOTICES, &hindi).await;
    assert_eq!(created.expect(201)["status"], "draft");
    assert_eq!(Some(versions(&tenant, &hindi).await[0]["etag"].as_str().expect("an etag")), created.header("etag"));
    let refused = tenant.post(publish_path(&english), &json!({})).await;
    refused.expect_field_errors(422, "NOTICE_INCOMPLETE", &["languages.hi.purposes"]);
    replace(&tenant, &hindi, &text_of(&in_language(&english, "hi"))).await.expect(200);
    let published = tenant.post(publish_path(&english), &json!({})).await.expect(200);
    let languages: Vec<&Value> = published["languages"].as_array().expect("languages").iter().collect();
    assert_eq!(languages.iter().map(|it| &it["id"]).collect::<Vec<_>>(), [&created.body()["id"]]);
    // The first language is the default as before.
    let grant = tenant.create_grant("user-1").await;
    let made = tenant.post(RECORDS, &complete_record(&grant, &english, "user-1")).await.expect(201);
    assert_eq!(made["consentNoticeLanguage"], "en");
}

async fn drafts_beside_a_notice_that_was_published_at_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // A complete version can pass the gate later.
    let english = with(&complete_draft("en"), "status", None);
    assert!(tenant.post(NOTICES, &english).await.expect(201).get("status").is_none());
    tenant.post(publish_path(&english), &json!({})).await.expect_error(409, "NOTICE_PUBLISHED");
    let hindi = in_language(&english, "hi");
    tenant.post(NOTICES, &hindi).await.expect(201);
    tenant.post(publish_path(&english), &json!({"requiredLanguages": ["en", "hi"]})).await.expect(200);
    // An incomplete one cannot, and a draft does not decide the purposes of what is published at once.
    let bare = notice();
    let draft = with(&in_language(&bare, "hi"), "version", Some(bare["version"].clone()));
    tenant.post(NOTICES, &draft).await.expect(201);
    tenant.post(NOTICES, &bare).await.expect(201);
    let refused = tenant.post(publish_path(&bare), &json!({})).await;
    refused.expect_error(422, "NOTICE_INCOMPLETE");
    let remedy = "is missing; this language is published already, so it takes another version";
    assert_eq!(refused.message_of("languages.en.dataItems"), remedy);
    let grant = tenant.create_grant("user-1").await;
    let made = tenant.post(RECORDS, &record(&grant, &bare, "user-1")).await.expect(201);
    assert_eq!(made["consentNoticeLanguage"], "en");
}

async fn a_version_is_newest_when_it_is_first_published(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let recording = tenant.by(&clocked.client);
    let grant = tenant.create_grant("user-1").await;
    let first = complete_draft("en");
    let second = with(&first, "version", Some(json!("2.0")));
    let newest = async || {
        let made = recording.post(RECORDS, &complete_record(&grant, &first, "user-1")).await.expect(201);
        (text(&made, "consentNoticeVersion"), text(&made, "consentNoticeLanguage"))
    };
    for draft in [&first, &second, &with(&in_language(&second, "ta"), "version", Some(json!("2.0")))] {
        tenant.post(NOTICES, draft).await.expect(201);
    }
    tenant.post(publish_path(&second), &json!({})).await.expect(200);
    assert_eq!(newest().await, ("2.0".to_owned(), "en".to_owned()));
    tenant.post(publish_path(&first), &json!({})).await.expect(200);
    // An earlier one may count as the newest for five seconds, and no longer.
    clocked.pass(Duration::from_millis(4_999));
    assert_eq!(newest().await, ("2.0".to_owned(), "en".to_owned()));
    clocked.pass(Duration::from_millis(1));
    assert_eq!(newest().await, ("1.0".to_owned(), "en".to_owned()));
    // Neither a later language nor a new draft makes a version the newest.
    tenant.post(NOTICES, &in_language(&second, "hi")).await.expect(201);
    tenant.post(publish_path(&second), &json!({})).await.expect(200);
    tenant.post(NOTICES, &with(&first, "version", Some(json!("3.0")))).await.expect(201);
    clocked.pass(Duration::from_secs(5));
    assert_eq!(newest().await, ("1.0".to_owned(), "en".to_owned()));
}

/// The clock stands still, so the newest version stays cached. What it lacks is looked for in what is stored.
async fn a_purpose_of_the_newest_version_is_never_missing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let recording = tenant.by(&clocked.client);
    let (first, grant) = (tenant.create_notice().await, tenant.create_grant("user-1").await);
    let consent = |code: &str| with(&record(&grant, &first, "user-1"), "purposes[0].code", Some(json!(code)));
    let version_of =
        async |consent: Value| text(&recording.post(RECORDS, &consent).await.expect(201), "consentNoticeVersion");
    assert_eq!(version_of(consent("analytics")).await, "2.0");
    recording.post(RECORDS, &consent("support")).await.expect_error(400, "INVALID_PURPOSE");
    let second = json!({
        "noticeId": first["noticeId"], "version": "3.0", "title": "Privacy", "content": "Another text", "language": "hi",
        "purposes": [{"code": "support", "description": "Support"}],
    });
    tenant.post(NOTICES, &second).await.expect(201);
    // The earlier version has this purpose, and is not five seconds old.
    assert_eq!(version_of(consent("analytics")).await, "2.0");
    let in_hindi = with(&consent("support"), "consentNoticeLanguage", Some(json!("hi")));
    assert_eq!(version_of(in_hindi).await, "3.0");
    assert_eq!(version_of(consent("support")).await, "3.0");
    recording.post(RECORDS, &consent("analytics")).await.expect_error(400, "INVALID_PURPOSE");
}

async fn refuses_invalid_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    tenant.post(NOTICES, &draft).await.expect(201);
    let many: Vec<Value> = (0..101).map(|it| json!({"code": format!("c{it}"), "description": "x"})).collect();
    let not_links = [
        "http://a.example",
        "https://",
        "https:///path",
        "https:a.example",
        "https:\\\\a.example",
        "https://user@a.example",
        "https://user:secret@a.example",
        "https://a.example/with space",
        "javascript:alert(1)",
        "//a.example",
    ];
    let spoiled = [
        each("dataItems", vec![json!({}), json!("email"), json!(many)]),
        each("dataItems[0]", vec![json!("email"), Value::Null]),
        each("dataItems[0].description", not_texts(1000)),
        each("dataItems[1].code", vec![json!("email"), json!("with space")]),
        each("purposes[0].dataItems", vec![json!("email"), json!(1)]),
        each("purposes[0].dataItems[0]", vec![json!("unknown"), json!(1), json!("")]),
        each("purposes[0].services", not_texts(1000)),
        each("purposes[0].necessary", vec![json!("yes"), json!(1)]),
        each("purposes[0].restricted", vec![json!("other"), json!(""), json!(true), json!("Tracking")]),
        each("links", vec![json!("https://a.example"), json!([])]),
        each("links.withdraw", not_links.map(|link| json!(link)).to_vec()),
        each("links.rights", not_texts(2048)),
        each("change", vec![json!("other"), json!(1), json!("Material")]),
        each("reconsentBy", vec![json!("soon"), json!(1), json!("2201-01-01T00:00:00Z")]),
    ]
    .concat();
    let put = Call { caller: &tenant, method: Method::PUT, path: draft_path(&draft), body: text_of(&draft) };
    put.refuses(&spoiled).await;
    let post = Call { caller: &tenant, method: Method::POST, path: NOTICES.to_owned(), body: complete_draft("en") };
    let statuses = each("status", vec![json!("published"), json!(""), json!(1)]);
    post.refuses(&[spoiled, statuses].concat()).await;
    // Several errors of data items at once, by their paths.
    let mut faulty = text_of(&draft);
    faulty["purposes"][0]["dataItems"] = json!(["visits", "a", "b"]);
    faulty["purposes"][1]["dataItems"] = json!(["c"]);
    faulty["change"] = json!("editorial");
    let faulty = replace(&tenant, &draft, &faulty).await;
    faulty.expect_field_errors(400, "BAD_REQUEST", &["reconsentBy"]);
    let mut faulty = text_of(&draft);
    faulty["purposes"][0]["dataItems"] = json!(["visits", "a", "b"]);
    faulty["purposes"][1]["dataItems"] = json!(["c"]);
    let named = ["purposes[0].dataItems[1]", "purposes[0].dataItems[2]", "purposes[1].dataItems[0]"];
    replace(&tenant, &draft, &faulty).await.expect_field_errors(400, "BAD_REQUEST", &named);
}

async fn takes_the_longest_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let hundred: Vec<Value> = (0..100).map(|it| json!({"code": format!("c{it}"), "description": "x"})).collect();
    let mut items = complete_draft("en");
    let codes: Vec<&Value> = hundred.iter().map(|item| &item["code"]).collect();
    items["purposes"][0]["dataItems"] = json!(codes);
    items["purposes"][1]["dataItems"] = json!([]);
    for (field, value) in [
        ("dataItems", json!(hundred)),
        ("dataItems[0].description", json!("é".repeat(1000))),
        ("dataItems[0].code", json!("c0")),
        ("purposes[0].services", json!("é".repeat(1000))),
        ("purposes[0].necessary", Value::Null),
        ("purposes[0].restricted", json!("behavioural_monitoring")),
        ("purposes[0].restricted", json!("targeted_advertising")),
        ("links", json!({})),
        ("links.withdraw", json!(format!("HTTPS://a.example/{}", "x".repeat(2030)))),
        ("links.rights", json!("https://xn--r8jz45g.example:8443/a?b=c#d")),
        ("change", Value::Null),
        ("reconsentBy", json!("2200-12-31T23:59:59Z")),
    ] {
        let body = with(&items, "dataItems", Some(json!(hundred)));
        let body = with(&with(&body, "noticeId", Some(json!(unique("n")))), field, Some(value));
        let response = tenant.post(NOTICES, &body).await;
        assert_eq!(response.status(), 201, "{field}: {response}");
    }
}

async fn purposes_and_data_items_are_limited_together(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = full_size("en", 0);
    tenant.post(NOTICES, &draft).await.expect(201);
    replace(&tenant, &draft, &text_of(&full_size("en", 1))).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["purposes"],
    );
}

/// A draft whose purposes and data items have 64 KiB together, and some bytes more.
fn full_size(language: &str, more: usize) -> Value {
    let mut draft = complete_draft(language);
    let item = |number: usize, length: usize| {
        let words = format!("{language}{number:02}");
        json!({"code": format!("d{number:02}"), "description": format!("{words}{}", "x".repeat(length - words.len()))})
    };
    let purpose = |number: usize| {
        let words = format!("{language}{number:02}");
        json!({
            "code": format!("p{number:02}"), "description": words, "services": words, "dataItems": ["d00"],
            "necessary": false, "restricted": "targeted_advertising",
        })
    };
    let purposes: Vec<Value> = (0..50).map(purpose).collect();
    let used = 50 * (3 + 3 + 2 * (language.len() + 2)) + 100 * 3;
    let each = (64 * 1024 - used) / 100;
    let rest = (64 * 1024 - used) % 100 + more;
    let items: Vec<Value> = (0..100).map(|number| item(number, if number == 0 { each + rest } else { each })).collect();
    draft["purposes"] = json!(purposes);
    draft["dataItems"] = json!(items);
    draft
}

/// The most that the law's languages can have: 23 drafts with 64 KiB of purposes and data items and 256 KiB of content
/// each, published in one transaction and read page by page.
async fn twenty_three_languages_of_full_size_are_published_and_read(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let first = full_size("en", 0);
    let mut created = Vec::new();
    for language in SCHEDULED {
        let draft = with(&full_size(language, 0), "noticeId", Some(first["noticeId"].clone()));
        let content = format!("{language}{}", "\"".repeat(262_144 - language.len()));
        let draft = with(&draft, "content", Some(json!(content)));
        created.push(tenant.post(NOTICES, &draft).await.expect(201));
    }
    let key = unique("publication");
    let publication = tenant.posting(publish_path(&first), &json!({"requiredLanguages": SCHEDULED}));
    let publication = publication.header("Idempotency-Key", &key);
    let published = tenant.send(publication.clone()).await;
    assert_eq!(published.expect(200)["languages"].as_array().map(Vec::len), Some(23));
    tenant.send(publication).await.expect_replay_of(&published);
    let read = large_pages(&tenant, &format!("{NOTICES}/{}", text(&first, "noticeId")), "versions").await;
    let ids: Vec<String> = created.iter().rev().map(|it| text(it, "id")).collect();
    assert_eq!(texts(&read, "id"), ids);
    let public = tenant.get(public_path(&created[0])).await.expect(200);
    assert_eq!(public["documentHash"], published.body()["languages"][0]["documentHash"]);
}

async fn refuses_invalid_required_languages(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    tenant.post(NOTICES, &draft).await.expect(201);
    let many: Vec<String> = (0..37).map(|number| format!("en-x-{number}")).collect();
    let body = json!({"requiredLanguages": ["en"]});
    let call = Call { caller: &tenant, method: Method::POST, path: publish_path(&draft), body };
    let spoiled = [
        each("requiredLanguages", vec![json!("en"), json!({}), json!(many)]),
        each("requiredLanguages[0]", vec![json!("e"), json!(1), Value::Null, json!("en_US")]),
    ];
    call.refuses(&spoiled.concat()).await;
    let twice = tenant.post(publish_path(&draft), &json!({"requiredLanguages": ["en", "en"]})).await;
    twice.expect_field_errors(400, "BAD_REQUEST", &["requiredLanguages[1]"]);
}

async fn a_published_notice_cannot_be_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let gated = tenant.publish_notice(&["en"]).await.remove(0);
    let at_once = tenant.create_notice().await;
    let before = system.contents.of(tenant.id).await;
    for published in [gated, at_once] {
        let replacement = text_of(&complete_draft("en"));
        replace(&tenant, &published, &replacement).await.expect_error(409, "NOTICE_PUBLISHED");
        tenant.delete(draft_path(&published)).await.expect_error(409, "NOTICE_PUBLISHED");
        tenant.post(publish_path(&published), &json!({})).await.expect_error(409, "NOTICE_PUBLISHED");
        let conflict = with(&complete_draft("en"), "noticeId", Some(published["noticeId"].clone()));
        let conflict = with(&conflict, "version", Some(published["version"].clone()));
        tenant.post(NOTICES, &conflict).await.expect_error(409, "CONFLICT");
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

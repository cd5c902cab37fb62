//! `POST /open-api/v1/consent-catalog`

use assent_tests::fixtures::{CATALOG, Tenant, accepted, consent_type, events_path, text, unique, version_path, with};
use assent_tests::like::time;
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

pub(crate) mod version;

crate::trials![
    creates_a_consent_type_and_its_first_version,
    creates_a_placed_consent_type,
    a_triple_is_taken_once,
    a_triple_is_whole_or_absent,
    is_strict,
    durations_are_those_of_iso_8601,
    takes_what_the_fields_can_just_hold,
];

async fn creates_a_consent_type_and_its_first_version(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let answer = tenant.post(CATALOG, &consent_type()).await;
    let created = answer.expect_like(
        201,
        &json!({
            "companyId": tenant.id.to_string(),
            "id": "<uuid>",
            "title": "Privacy policy",
            "description": "What we do with your data",
            "type": "privacyPolicy",
            "latestVersion": "1",
            "category": null,
            "subcategory": null,
            "label": null,
            "validStates": ["implied", "viewed", "accepted", "declined"],
            "consentDuration": "P12M",
            "createdAt": "<epoch seconds>",
        }),
    );
    let id = text(&created, "id");
    tenant.get(version_path(&id, "1")).await.expect_like(
        200,
        &json!({
            "companyId": tenant.id.to_string(),
            "consentCatalogId": id,
            "version": "1",
            "type": "privacyPolicy",
            "createdAt": created["createdAt"],
            "url": "https://example.com/policy",
            "description": "First edition",
            "isUsed": false,
        }),
    );
}

fn placed() -> Value {
    json!({
        "type": "customPolicy",
        "title": "Newsletter",
        "typeEntry": {"url": "https://example.com/newsletter"},
        "category": "marketing",
        "subcategory": "email",
        "label": "newsletter_*",
        "validStates": ["accepted", "declined"],
        "consentDuration": "P1Y6M",
    })
}

async fn creates_a_placed_consent_type(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.post(CATALOG, &placed()).await.expect(201);
    for field in ["category", "subcategory", "label", "validStates", "consentDuration", "type", "title"] {
        assert_eq!(created[field], placed()[field], "{field}");
    }
    assert_eq!(created["description"], Value::Null);
    let version = tenant.get(version_path(&text(&created, "id"), "1")).await.expect(200);
    assert_eq!((&version["description"], &version["type"]), (&Value::Null, &json!("customPolicy")));
}

async fn a_triple_is_taken_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    tenant.post(CATALOG, &placed()).await.expect(201);
    tenant.post(CATALOG, &with(&placed(), "title", Some(json!("Other")))).await.expect_error(409, "CONFLICT");
    for field in ["category", "subcategory", "label"] {
        tenant.post(CATALOG, &with(&placed(), field, Some(json!("other")))).await.expect(201);
    }
    // Nothing in a name can make two triples meet.
    let named = |category: &str, subcategory: &str| {
        let body = with(&placed(), "category", Some(json!(category)));
        with(&body, "subcategory", Some(json!(subcategory)))
    };
    for (category, subcategory) in
        [("a#b", "c"), ("a", "b#c"), ("a/b", "c"), ("a", "b/c"), ("a:b", "c"), ("a", "b:c"), ("a%23b", "c")]
    {
        tenant.post(CATALOG, &named(category, subcategory)).await.expect(201);
    }
    Tenant::new(system).await.post(CATALOG, &placed()).await.expect(201);
    // Without a triple there is nothing to be unique.
    tenant.post(CATALOG, &consent_type()).await.expect(201);
    tenant.post(CATALOG, &consent_type()).await.expect(201);
}

async fn a_triple_is_whole_or_absent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for missing in
        [&["category"][..], &["subcategory"], &["label"], &["category", "subcategory"], &["subcategory", "label"]]
    {
        let mut body = placed();
        for field in missing {
            body = with(&body, field, Some(Value::Null));
        }
        tenant.post(CATALOG, &body).await.expect_faults(400, "BAD_REQUEST", missing);
    }
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let call = Call {
        caller: &tenant,
        method: Method::POST,
        path: CATALOG.to_owned(),
        body: with(&placed(), "typeEntry.description", Some(json!("x"))),
    };
    call.takes_only_json_objects().await;
    call.requires(&["type", "title", "typeEntry", "typeEntry.url"]).await;
    call.names_the_nearest("titel", "title").await;
    call.names_the_nearest("typeEntry.uri", "typeEntry.url").await;
    let not_kinds = || vec![json!("Accepted"), json!("other"), json!(""), json!(1)];
    let spoiled = [
        each("type", vec![json!("PrivacyPolicy"), json!("cookiePolicy"), json!(""), json!(1)]),
        each("title", not_texts(200)),
        each("description", not_texts(2000)),
        each("typeEntry", vec![json!("https://example.com"), json!([])]),
        each("typeEntry.url", not_urls()),
        each("typeEntry.description", not_texts(2000)),
        each("category", not_texts(128)),
        each("subcategory", not_texts(128)),
        each("label", not_texts(128)),
        each("label", ["Label", "la-bel", "la bel", "é", "label\n"].map(|label| json!(label)).to_vec()),
        each("validStates", vec![json!([]), json!("accepted"), json!({})]),
        each("validStates[1]", not_kinds()),
        each("validStates[1]", vec![json!("accepted"), Value::Null]),
        each("consentDuration", not_texts(100)),
    ]
    .concat();
    call.refuses(&spoiled).await;
}

/// What no absolute http or https URL of at most 2048 characters is.
pub(crate) fn not_urls() -> Vec<Value> {
    let texts = [
        "example.com/policy",
        "/policy",
        "//example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://",
        "http:///policy",
        "https:example.com",
        "https://exa mple.com",
        "https://example.com/a b",
        "https://[::1",
        "https://example.com:99999",
    ];
    let mut values = texts.map(|text| json!(text)).to_vec();
    values.extend(not_texts(2048));
    values.push(json!(format!("https://example.com/{}", "x".repeat(2048 - 19))));
    values
}

async fn durations_are_those_of_iso_8601(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let with_duration = |duration: &str| with(&consent_type(), "consentDuration", Some(json!(duration)));
    for good in ["P12M", "P1Y", "P1Y2M3DT4H5M6S", "P2W", "PT1S", "P100Y", "P1200M", "P36525D"] {
        let created = tenant.post(CATALOG, &with_duration(good)).await.expect(201);
        assert_eq!(created["consentDuration"], good);
    }
    for bad in [
        "12M",
        "P",
        "PT",
        "P1",
        "P1YT",
        "PM",
        "P-1Y",
        "+P1Y",
        "p1y",
        "P1Y ",
        "P1D1Y",
        "P1M1M",
        "P1H",
        "PT1D",
        "P0D",
        "P1.5Y",
        "P101Y",
        "P1201M",
        "P36526D",
        "P100YT1S",
        "P99999999999999999999Y",
        "P1é",
    ] {
        tenant.post(CATALOG, &with_duration(bad)).await.expect_faults(400, "BAD_REQUEST", &["consentDuration"]);
    }
    // A consent given now, for the longest time there is.
    let longest = text(&tenant.post(CATALOG, &with_duration("P100Y")).await.expect(201), "id");
    let project = tenant.create_project().await;
    let body = tenant.post(events_path(&project), &accepted(&longest)).await.expect(201);
    let years = (time(&body["items"][0]["expirationDate"]) - time(&body["items"][0]["consentDate"])).num_days() / 365;
    assert_eq!(years, 100);
}

async fn takes_what_the_fields_can_just_hold(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (field, value) in [
        ("title", json!("é".repeat(200))),
        ("description", json!("x".repeat(2000))),
        ("typeEntry.url", json!(format!("https://example.com/{}", "x".repeat(2048 - 20)))),
        ("typeEntry.url", json!("http://192.0.2.1:8080/a?b=c#d")),
        ("typeEntry.description", json!("x".repeat(2000))),
        ("category", json!("é".repeat(128))),
        ("label", json!("*".repeat(128))),
        ("validStates", json!(["declined"])),
    ] {
        let elsewhere = with(&placed(), "subcategory", Some(json!(unique("subcategory"))));
        let answer = tenant.post(CATALOG, &with(&elsewhere, field, Some(value))).await;
        assert_eq!(answer.status(), 201, "{field}: {answer}");
    }
}

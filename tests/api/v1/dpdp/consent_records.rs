//! `POST` and `GET /v1/dpdp/consent-records`, `GET /v1/dpdp/consent-records/{recordId}`

use assent_tests::contents::ItemKey;
use assent_tests::fixtures::{
    GRANTS, NOTICES, RECORDS, Tenant, grant, grant_path, in_future, notice, now, record, record_path, records_path,
    text, unique, until_after, with, withdraw_path,
};
use assent_tests::like::{as_text, assert_like, time};
use assent_tests::pages::{large_pages, pages, texts, with_parameter};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use chrono::{Duration, Months};
use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

pub(crate) mod audit;
pub(crate) mod decisions;
pub(crate) mod proof;
pub(crate) mod receipt;
pub(crate) mod withdraw;

crate::trials![
    records_a_consent_and_reads_it,
    the_notices_own_words_are_stored,
    the_newest_version_is_the_default,
    the_versions_first_language_is_the_default,
    retention_is_a_month_after_processing_or_a_year,
    an_unusable_grant_is_refused,
    an_unknown_notice_is_refused,
    an_id_instead_of_a_notice_id_gets_a_hint,
    an_unknown_purpose_is_refused,
    refuses_invalid_field_values,
    takes_the_longest_field_values,
    all_errors_are_named_at_once,
    lists_records_as_they_are_read_and_counts_no_access,
    a_read_of_a_record_that_does_not_exist_leaves_nothing,
    a_record_that_is_not_removed_completely_counts_as_removed,
    lists_by_principal_and_status,
    unknown_filters_are_refused,
    a_record_that_has_expired_is_read_as_expired;
    on each engine:
    reads_are_counted,
    pages_of_large_records_end_early,
];

const TABLE: &str = "ConsentRecordsTable";

async fn records_a_consent_and_reads_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant(&principal).await;
    let expiry = in_future(Duration::days(200));
    let body = with(&record(&grant, &notice, &principal), "processingExpiresAt", Some(json!(expiry)));
    let response = tenant.post(RECORDS, &body).await;
    let created = response.expect_like(
        201,
        &json!({
            "recordId": "<cr_>",
            "grantId": grant["grantId"],
            "dataPrincipalId": principal,
            "consentNoticeId": notice["noticeId"],
            "consentNoticeVersion": "2.0",
            "consentNoticeLanguage": "en",
            "consentNoticeHash": notice["contentHash"],
            "documentHash": "<sha256>",
            "consentProof": {
                "type": "JWS-EdDSA",
                "alg": "EdDSA",
                "kid": "<text>",
                "proofJwt": "<text>",
                "jwksUri": "<text>",
                "signedAt": "<time>",
            },
            "processingExpiresAt": expiry,
            "retentionUntil": "<time>",
            "status": "active",
            "createdAt": "<time>",
        }),
    );
    assert_eq!(response.header("location"), Some(record_path(&created).as_str()));
    let mut expected = created.clone();
    for (field, value) in [
        ("dataFiduciaryName", json!(tenant.name)),
        ("purposes", json!([{"code": "analytics", "description": "Usage analytics for service improvement"}])),
        ("scopes", json!(["profile:read", "orders:read"])),
        ("commitmentSalt", json!("<sha256>")),
        ("consentGivenAt", created["createdAt"].clone()),
        ("accessCount", json!(1)),
        ("lastAccessedAt", json!("<time>")),
        ("withdrawnAt", Value::Null),
        ("withdrawnReason", Value::Null),
        ("erasedAt", Value::Null),
    ] {
        expected[field] = value;
    }
    tenant.get(record_path(&created)).await.expect_like(200, &expected);
}

async fn reads_are_counted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let mut before = tenant.get(record_path(&record)).await.expect(200);
    for _ in 0..3 {
        let after = tenant.get(record_path(&record)).await.expect(200);
        let count = |read: &Value| read["accessCount"].as_u64().expect("a count");
        assert_eq!(count(&after), count(&before) + 1);
        assert!(time(&after["lastAccessedAt"]) >= time(&before["lastAccessedAt"]));
        before = after;
    }
}

async fn a_read_of_a_record_that_does_not_exist_leaves_nothing(system: &'static System) {
    let (tenant, stranger) = (Tenant::new(system).await, Tenant::new(system).await);
    let record = tenant.create_record().await;
    for path in [record_path(&record), format!("{RECORDS}/cr_01ARZ3NDEKTSV4RRFFQ69G5FAV")] {
        stranger.get(path).await.expect_error(404, "NOT_FOUND");
    }
    assert_eq!(system.contents.of(stranger.id).await.in_table(TABLE).count(), 0);
}

/// `DynamoDB` removes the items of a record one by one, some time after its retention.
async fn a_record_that_is_not_removed_completely_counts_as_removed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for removed in ["record", "details"] {
        let record = tenant.create_record().await;
        tenant.get(record_path(&record)).await.expect(200);
        let partition = format!("{}#{}", tenant.id, text(&record, "recordId"));
        let key = ItemKey { table: TABLE.to_owned(), partition, sort: removed.to_owned() };
        assert!(system.contents.of(tenant.id).await.at(TABLE, &key.partition, removed).is_some());
        system.contents.delete(&key).await;
        tenant.get(record_path(&record)).await.expect_error(404, "NOT_FOUND");
        tenant.get(format!("{}/receipt", record_path(&record))).await.expect_error(404, "NOT_FOUND");
        assert_eq!(tenant.get(RECORDS).await.expect(200)["records"], json!([]));
        let of_person = tenant.get(records_path(&text(&record, "dataPrincipalId"))).await.expect(200);
        assert_eq!(of_person["records"], json!([]));
    }
}

async fn the_notices_own_words_are_stored(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    let purposes = json!([
        {"code": "personalization", "description": "Something else entirely"},
        {"code": "analytics", "description": "Nothing of the kind"},
    ]);
    let body = with(&record(&grant, &notice, "user-1"), "purposes", Some(purposes));
    let created = tenant.post(RECORDS, &body).await.expect(201);
    let read = tenant.get(record_path(&created)).await.expect(200);
    assert_like(
        &read["purposes"],
        &json!([
            {"code": "personalization", "description": "Personalized recommendations"},
            {"code": "analytics", "description": "Usage analytics for service improvement"},
        ]),
    );
}

/// Registers versions and languages in this order under one fresh id, and records a consent
/// that names neither; returns the version and the language of the record.
async fn taken_by_default(tenant: &Tenant, registered: &[(&str, &str)], asked: &[(&str, &str)]) -> (String, String) {
    let mut notice = notice();
    let mut first = None;
    for (version, language) in registered {
        notice["version"] = json!(version);
        notice["language"] = json!(language);
        notice["content"] = json!(format!("{version} in {language}"));
        first = Some(tenant.post(NOTICES, &notice).await.expect(201));
    }
    let grant = tenant.create_grant("user-1").await;
    let mut body = record(&grant, &first.expect("a notice"), "user-1");
    for (field, value) in asked {
        body[*field] = json!(value);
    }
    let created = tenant.post(RECORDS, &body).await.expect(201);
    (text(&created, "consentNoticeVersion"), text(&created, "consentNoticeLanguage"))
}

async fn the_newest_version_is_the_default(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let pair = |version: &str, language: &str| (version.to_owned(), language.to_owned());
    // The newest version is the one registered last, not the highest number.
    assert_eq!(taken_by_default(&tenant, &[("9", "en"), ("10", "en"), ("2", "en")], &[]).await, pair("2", "en"));
    // A late translation of an old version does not make it newest.
    let late = [("1", "en"), ("2", "en"), ("1", "hi")];
    assert_eq!(taken_by_default(&tenant, &late, &[]).await, pair("2", "en"));
    let old = [("consentNoticeVersion", "1"), ("consentNoticeLanguage", "hi")];
    assert_eq!(taken_by_default(&tenant, &late, &old).await, pair("1", "hi"));
}

async fn the_versions_first_language_is_the_default(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let pair = |version: &str, language: &str| (version.to_owned(), language.to_owned());
    let registered = [("1", "ta"), ("1", "en"), ("2", "hi"), ("2", "en")];
    assert_eq!(taken_by_default(&tenant, &registered, &[]).await, pair("2", "hi"));
    let language = [("consentNoticeLanguage", "EN")];
    assert_eq!(taken_by_default(&tenant, &registered, &language).await, pair("2", "en"));
    let version = [("consentNoticeVersion", "1")];
    assert_eq!(taken_by_default(&tenant, &registered, &version).await, pair("1", "ta"));
}

async fn retention_is_a_month_after_processing_or_a_year(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    let recorded = async |expiry: &str| {
        let body = with(&record(&grant, &notice, "user-1"), "processingExpiresAt", Some(json!(expiry)));
        tenant.post(RECORDS, &body).await.expect(201)
    };
    let long = recorded("2150-03-01T05:30:00+05:30").await;
    assert_eq!(long["processingExpiresAt"], "2150-03-01T00:00:00.000Z");
    assert_eq!(long["retentionUntil"], "2150-03-31T00:00:00.000Z");
    let last = recorded("2200-12-31T23:59:59.999Z").await;
    assert_eq!(last["retentionUntil"], "2201-01-30T23:59:59.999Z");
    let short = recorded(&in_future(Duration::days(1))).await;
    let year = now() + Months::new(12);
    assert!((time(&short["retentionUntil"]) - year).abs() < Duration::minutes(1), "{short}");
    assert!(time(&short["retentionUntil"]) >= time(&short["createdAt"]) + Duration::days(365));
}

async fn an_unusable_grant_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let other = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    let revoked = tenant.create_grant("user-1").await;
    tenant.delete(grant_path(&revoked)).await.expect_no_content();
    let of_another = tenant.create_grant("user-2").await;
    let foreign = other.create_grant("user-1").await;
    for id in [
        revoked["grantId"].clone(),
        of_another["grantId"].clone(),
        foreign["grantId"].clone(),
        json!("grnt_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        json!("grnt_"),
        json!("nonsense/../#"),
    ] {
        let body = with(&record(&grant, &notice, "user-1"), "grantId", Some(id));
        tenant.post(RECORDS, &body).await.expect_error(400, "INVALID_GRANT");
    }
}

async fn an_unknown_notice_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let other = Tenant::new(system).await;
    let foreign = other.create_notice().await;
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    for change in [
        ("consentNoticeId", json!(unique("unknown"))),
        ("consentNoticeId", foreign["noticeId"].clone()),
        ("consentNoticeVersion", json!("3.0")),
        ("consentNoticeLanguage", json!("hi")),
    ] {
        let body = with(&record(&grant, &notice, "user-1"), change.0, Some(change.1));
        tenant.post(RECORDS, &body).await.expect_error(400, "INVALID_NOTICE");
    }
}

/// A caller may by mistake send the `id` from the response to the registration of the notice.
async fn an_id_instead_of_a_notice_id_gets_a_hint(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (notice, grant) = (tenant.create_notice().await, tenant.create_grant("user-1").await);
    let mistaken = with(&record(&grant, &notice, "user-1"), "consentNoticeId", Some(notice["id"].clone()));
    let versioned = with(&mistaken, "consentNoticeVersion", Some(notice["version"].clone()));
    let translated = with(&versioned, "consentNoticeLanguage", Some(notice["language"].clone()));
    for body in [mistaken, versioned, translated] {
        let response = tenant.post(RECORDS, &body).await;
        response.expect_field_errors(400, "INVALID_NOTICE", &["consentNoticeId"]);
        assert!(response.message_of("consentNoticeId").contains("noticeId, not the id"), "{response}");
    }
    let unknown = with(&record(&grant, &notice, "user-1"), "consentNoticeId", Some(json!("ntc_unknown")));
    let response = tenant.post(RECORDS, &unknown).await;
    assert_eq!(response.message_of("consentNoticeId"), "names a notice that is not registered", "{response}");
}

async fn an_unknown_purpose_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    let purposes = json!([
        {"code": "advertising", "description": "x"},
        {"code": "analytics", "description": "x"},
        {"code": "Analytics", "description": "x"},
    ]);
    let body = with(&record(&grant, &notice, "user-1"), "purposes", Some(purposes));
    let response = tenant.post(RECORDS, &body).await;
    response.expect_field_errors(400, "INVALID_PURPOSE", &["purposes[0].code", "purposes[2].code"]);
}

/// A call that would succeed, with a notice and a grant of its own.
async fn call(tenant: &Tenant) -> Call<'_> {
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    let mut body = record(&grant, &notice, "user-1");
    body["consentNoticeVersion"] = json!("2.0");
    body["consentNoticeLanguage"] = json!("en");
    Call { caller: tenant, method: Method::POST, path: RECORDS.to_owned(), body }
}

async fn refuses_invalid_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let purpose = |code: &str| json!({"code": code, "description": "x"});
    let many: Vec<Value> = (0..51).map(|index| purpose(&format!("c{index}"))).collect();
    let spoiled = [
        each("grantId", vec![json!(1), json!({}), json!("")]),
        each("dataPrincipalId", not_texts(256)),
        each("purposes", vec![json!([]), json!({}), json!("analytics"), json!(many)]),
        each("purposes[0]", vec![json!("analytics"), Value::Null]),
        each("purposes[0].code", not_texts(128)),
        each("purposes[0].description", not_texts(1000)),
        each("consentNoticeId", vec![json!(1), json!([]), json!("")]),
        each("consentNoticeVersion", vec![json!(2.0), json!([]), json!("")]),
        each("consentNoticeLanguage", vec![json!(1), json!([]), json!("")]),
        each("processingExpiresAt", not_texts(100)),
        each(
            "processingExpiresAt",
            ["2020-01-01T00:00:00Z", "2201-01-01T00:00:00Z", "2199-02-30T00:00:00Z", "2199-01-01T00:00:00", "soon"]
                .map(|time| json!(time))
                .to_vec(),
        ),
        each("processingExpiresAt", vec![json!(as_text(now() - Duration::seconds(1)))]),
    ]
    .concat();
    let call = call(&tenant).await;
    call.refuses(&spoiled).await;
    let twice = with(&call.body, "purposes[1]", Some(purpose("analytics")));
    tenant.post(RECORDS, &twice).await.expect_field_errors(400, "BAD_REQUEST", &["purposes[1].code"]);
}

async fn takes_the_longest_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for principal in ["é".repeat(256), "a/b#c%2F d".to_owned()] {
        let grant = tenant.post(GRANTS, &grant(&principal)).await.expect(201);
        let created = tenant.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201);
        assert_eq!(created["dataPrincipalId"], principal);
        assert_eq!(tenant.get(record_path(&created)).await.expect(200)["dataPrincipalId"], principal);
    }
    let grant = tenant.create_grant("user-1").await;
    let mut nulls = record(&grant, &notice, "user-1");
    nulls["consentNoticeVersion"] = Value::Null;
    nulls["consentNoticeLanguage"] = Value::Null;
    tenant.post(RECORDS, &nulls).await.expect(201);
}

async fn all_errors_are_named_at_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // The members are checked before the state, so the grant is not read.
    let faulty = json!({
        "grantId": "grnt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "dataPrincipalId": " ",
        "purposes": [{"code": " "}, {"code": "a", "description": 1, "Code": "b"}],
        "processingExpiresAt": "2001-01-01T00:00:00Z",
        "consentNoticeID": "x",
    });
    let response = tenant.post(RECORDS, &faulty).await;
    response.expect_error(400, "BAD_REQUEST");
    let named = response.error_fields();
    for field in [
        "dataPrincipalId",
        "purposes[0].code",
        "purposes[1].description",
        "purposes[1].Code",
        "processingExpiresAt",
        "consentNoticeID",
        "consentNoticeId",
    ] {
        assert!(named.iter().any(|name| name == field), "{field} is not named: {response}");
    }
}

async fn a_record_that_has_expired_is_read_as_expired(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut call = call(&tenant).await;
    let expiry = now() + Duration::seconds(3);
    call.body["processingExpiresAt"] = json!(as_text(expiry));
    let created = tenant.post(RECORDS, &call.body).await.expect(201);
    assert_eq!(created["status"], "active");
    until_after(expiry).await;
    assert_eq!(tenant.get(record_path(&created)).await.expect(200)["status"], "expired");
    let withdraw = format!("{}/withdraw", record_path(&created));
    let withdrawn = tenant.post(&withdraw, &json!({"reason": "Late, but mine to take back"})).await.expect(200);
    assert_eq!(withdrawn["status"], "withdrawn");
    assert_eq!(tenant.get(record_path(&created)).await.expect(200)["status"], "withdrawn");
}

async fn lists_records_as_they_are_read_and_counts_no_access(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (older, newer) = (tenant.create_record().await, tenant.create_record().await);
    for record in [&older, &newer] {
        let untouched = tenant.get(RECORDS).await.expect(200);
        assert_eq!(untouched, tenant.get(RECORDS).await.expect(200));
        let listed = untouched["records"].as_array().into_iter().flatten();
        let listed = listed.filter(|listed| listed["recordId"] == record["recordId"]).collect::<Vec<_>>();
        assert_eq!(
            (listed.len(), &listed[0]["accessCount"], &listed[0]["lastAccessedAt"]),
            (1, &json!(0), &json!(null))
        );
        tenant.get(record_path(record)).await.expect(200);
    }
    let mut expected = Vec::new();
    for record in [&newer, &older] {
        let read = tenant.get(record_path(record)).await.expect(200);
        assert_eq!(read["accessCount"], 2);
        expected.push(read);
    }
    let body = tenant.get(RECORDS).await.expect(200);
    assert_eq!(body, json!({"records": expected, "totalRecords": 2, "nextCursor": null}));
    let path = format!("{RECORDS}?dataPrincipalId={}", text(&older, "dataPrincipalId"));
    let body = tenant.get(path).await.expect(200);
    assert_eq!(body, json!({"records": [expected[1]], "totalRecords": 1, "nextCursor": null}));
}

async fn lists_by_principal_and_status(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let principals = ["user-1", "a#b%23 é/?"];
    let mut last_expiry = now();
    let mut made: Vec<(&str, &str, String)> = Vec::new();
    for number in 0..3 {
        for principal in principals {
            let grant = tenant.create_grant(principal).await;
            for status in ["active", "withdrawn", "expired"] {
                let body = record(&grant, &notice, principal);
                let body = if status == "expired" || number == 1 {
                    last_expiry = now() + Duration::seconds(5);
                    with(&body, "processingExpiresAt", Some(json!(as_text(last_expiry))))
                } else {
                    body
                };
                let created = tenant.post(RECORDS, &body).await.expect(201);
                if status == "withdrawn" {
                    tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect(200);
                }
                // A record that was withdrawn stays withdrawn when its processing ends.
                let status = if status == "active" && number == 1 { "expired" } else { status };
                made.insert(0, (principal, status, text(&created, "recordId")));
            }
        }
    }
    until_after(last_expiry).await;
    for principal in [None, Some(principals[0]), Some(principals[1]), Some("user-2")] {
        for status in [None, Some("active"), Some("withdrawn"), Some("expired"), Some("erased")] {
            let expected: Vec<&String> = made
                .iter()
                .filter(|(whose, is, _)| {
                    principal.is_none_or(|wanted| *whose == wanted) && status.is_none_or(|wanted| *is == wanted)
                })
                .map(|(.., id)| id)
                .collect();
            let mut path = format!("{RECORDS}?limit=4");
            if let Some(principal) = principal {
                let principal = utf8_percent_encode(principal, NON_ALPHANUMERIC);
                path = with_parameter(&path, &format!("dataPrincipalId={principal}"));
            }
            if let Some(status) = status {
                path = with_parameter(&path, &format!("status={status}"));
            }
            let read = pages(&tenant, &path, "records").await;
            assert_eq!(texts(&read, "recordId").iter().collect::<Vec<_>>(), expected, "{path}");
            let right = |record: &Value| status.is_none_or(|status| record["status"] == status);
            assert!(read.iter().all(|page| page.items.iter().all(right)), "{path}");
        }
    }
}

async fn unknown_filters_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for status in ["Active", "revoked", "", "active,expired"] {
        let response = tenant.get(format!("{RECORDS}?status={status}")).await;
        response.expect_field_errors(400, "BAD_REQUEST", &["status"]);
    }
    for principal in ["", "%20", "%00", &"x".repeat(257)] {
        let response = tenant.get(format!("{RECORDS}?dataPrincipalId={principal}")).await;
        response.expect_field_errors(400, "BAD_REQUEST", &["dataPrincipalId"]);
    }
}

/// Two hundred of the largest records are more than Lambda can return.
async fn pages_of_large_records_end_early(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let codes: Vec<String> = (0..50).map(|number| format!("code{number}")).collect();
    let purposes: Vec<Value> =
        codes.iter().map(|code| json!({"code": code, "description": "\"".repeat(900)})).collect();
    let scopes: Vec<Value> = (0..50).map(|number| json!(format!("{number:02}{}", "🔑".repeat(126)))).collect();
    let notice = tenant.post(NOTICES, &with(&notice(), "purposes", Some(json!(purposes)))).await.expect(201);
    let grant = with(&grant("user-1"), "scopes", Some(json!(scopes)));
    let grant = tenant.post(GRANTS, &grant).await.expect(201);
    let named: Vec<Value> = codes.iter().map(|code| json!({"code": code, "description": "x"})).collect();
    let mut ids = Vec::new();
    for _ in 0..60 {
        let body = with(&record(&grant, &notice, "user-1"), "purposes", Some(json!(named)));
        ids.insert(0, text(&tenant.post(RECORDS, &body).await.expect(201), "recordId"));
    }
    for path in [
        RECORDS.to_owned(),
        format!("{RECORDS}?dataPrincipalId=user-1"),
        "/v1/dpdp/data-principals/user-1/records".to_owned(),
    ] {
        let read = large_pages(&tenant, &path, "records").await;
        assert!(read.len() > 1, "{path}");
        assert_eq!(texts(&read, "recordId"), ids, "{path}");
    }
}

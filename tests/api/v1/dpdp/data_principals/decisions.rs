//! `GET /v1/dpdp/data-principals/{principalId}/decisions`

use std::time::Duration as Time;

use assent_tests::fixtures::{
    RECORDS, Tenant, decisions_path, in_future, now, record, text, unique, until_after, with, withdraw_path,
};
use assent_tests::like::time;
use assent_tests::pages::pages;
use assent_tests::system::System;
use assent_tests::trail::ENTRIES_TABLE;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

crate::trials![
    each_moment_is_shown_as_it_was,
    consents_expire_and_are_renewed,
    an_erased_person_was_never_known,
    the_moment_must_not_be_in_the_future,
    a_list_has_pages,
    a_trail_that_is_not_valid_is_no_answer,
];

fn written(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The decisions at a moment: purpose, decision and record of each.
async fn at(tenant: &Tenant, person: &str, moment: &str) -> Vec<(String, String, String)> {
    let response = tenant.get(format!("{}?asOf={moment}", decisions_path(person))).await.expect(200);
    assert_eq!(response["asOf"], moment);
    let decisions = response["decisions"].as_array().expect("decisions");
    decisions.iter().map(|it| (text(it, "purpose"), text(it, "decision"), text(it, "recordId"))).collect()
}

fn decisions(decided: &[(&str, &str, &Value)]) -> Vec<(String, String, String)> {
    let one = |(purpose, decision, record): &(&str, &str, &Value)| {
        ((*purpose).to_owned(), (*decision).to_owned(), text(record, "recordId"))
    };
    decided.iter().map(one).collect()
}

/// A record whose purposes are decided so. A millisecond passes before and after.
async fn decide(tenant: &Tenant, body: &Value, decided: &[(&str, &str)]) -> Value {
    let purpose = |(code, decision): &(&str, &str)| json!({"code": code, "description": "x", "decision": decision});
    let purposes = json!(decided.iter().map(purpose).collect::<Vec<_>>());
    tokio::time::sleep(Time::from_millis(3)).await;
    let made = tenant.post(RECORDS, &with(body, "purposes", Some(purposes))).await.expect(201);
    tokio::time::sleep(Time::from_millis(3)).await;
    made
}

async fn each_moment_is_shown_as_it_was(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    let body = record(&grant, &notice, &person);
    let both = [("analytics", "granted"), ("personalization", "granted")];
    let first = decide(&tenant, &body, &both).await;
    let partly = json!({"reason": "x", "purposes": ["personalization"]});
    let partly = tenant.post(withdraw_path(&first), &partly).await.expect(200);
    let denial = decide(&tenant, &body, &[("analytics", "denied")]).await;
    let last = decide(&tenant, &body, &both).await;
    let everything = json!({"purposes": "*", "reason": "x"});
    let path = format!("/v1/dpdp/data-principals/{person}/withdrawals");
    let withdrawal = tenant.post(path, &everything).await.expect(201);

    let created = text(&first, "createdAt");
    let before = written(time(&first["createdAt"]) - Duration::milliseconds(1));
    let unchanged = system.contents.of(tenant.id).await;
    let expected = [
        (before, decisions(&[])),
        (created.clone(), decisions(&[("analytics", "granted", &first), ("personalization", "granted", &first)])),
        (text(&partly, "withdrawnAt"), decisions(&[("analytics", "granted", &first)])),
        (text(&denial, "createdAt"), decisions(&[("analytics", "denied", &denial)])),
        (
            text(&last, "createdAt"),
            decisions(&[("analytics", "granted", &last), ("personalization", "granted", &last)]),
        ),
        (text(&withdrawal, "submittedAt"), decisions(&[])),
    ];
    for (moment, expected) in expected {
        assert_eq!(at(&tenant, &person, &moment).await, expected, "{moment}");
    }
    // The whole answer, and the moment in another form; by default it is now.
    let shown = |record: &Value, purpose: &str| {
        json!({
            "purpose": purpose, "noticeId": notice["noticeId"], "decision": "granted", "since": created,
            "recordId": record["recordId"],
        })
    };
    let other_form = time(&first["createdAt"]).format("%Y-%m-%dT%H:%M:%S%.3f%%2B00:00");
    let whole = tenant.get(format!("{}?asOf={other_form}", decisions_path(&person))).await.expect(200);
    let listed = [shown(&first, "analytics"), shown(&first, "personalization")];
    assert_eq!(whole, json!({"asOf": created, "decisions": listed, "nextCursor": null}));
    let present = tenant.get(decisions_path(&person)).await.expect(200);
    assert_eq!(present["decisions"], json!([]));
    assert!((now() - time(&present["asOf"])).abs() < Duration::minutes(1));
    // Nothing was written, no access counted.
    unchanged.expect_unchanged(&system.contents.of(tenant.id).await);
}

async fn consents_expire_and_are_renewed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    let body = record(&grant, &notice, &person);
    let renewed = decide(&tenant, &body, &[("analytics", "granted"), ("personalization", "granted")]).await;
    let renewal = with(&body, "renews", Some(renewed["recordId"].clone()));
    let soon = in_future(Duration::seconds(4));
    let renewal = with(&renewal, "processingExpiresAt", Some(json!(soon)));
    let short = decide(&tenant, &renewal, &[("analytics", "granted")]).await;
    // With the renewed record all of it has ended.
    let moment = text(&short, "createdAt");
    assert_eq!(at(&tenant, &person, &moment).await, decisions(&[("analytics", "granted", &short)]));
    assert_eq!(at(&tenant, &person, &text(&renewed, "createdAt")).await.len(), 2);
    let expiry = text(&short, "processingExpiresAt");
    until_after(time(&short["processingExpiresAt"])).await;
    assert_eq!(at(&tenant, &person, &expiry).await, []);
    let before = written(time(&short["processingExpiresAt"]) - Duration::milliseconds(1));
    assert_eq!(at(&tenant, &person, &before).await.len(), 1);
}

async fn an_erased_person_was_never_known(system: &'static System) {
    let (tenant, stranger) = (Tenant::new(system).await, Tenant::new(system).await);
    let person = unique("user");
    let record = tenant.create_record_of(&person).await;
    let moment = text(&record, "createdAt");
    assert_eq!(at(&tenant, &person, &moment).await.len(), 1);
    assert_eq!(at(&stranger, &person, &moment).await, []);
    tenant.erase(&person).await;
    let erased = tenant.get(format!("{}?asOf={moment}", decisions_path(&person))).await.expect(200);
    assert_eq!(erased, tenant.get(format!("{}?asOf={moment}", decisions_path("nobody"))).await.expect(200));
    assert_eq!(erased["decisions"], json!([]));
    tenant.get(decisions_path("\u{7}")).await.expect_error(404, "NOT_FOUND");
}

async fn the_moment_must_not_be_in_the_future(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let future = written(now() + Duration::minutes(1));
    for moment in [future.as_str(), "2200-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-01", "x", "", "1", "%00"] {
        let response = tenant.get(format!("{}?asOf={moment}", decisions_path("user-1"))).await;
        response.expect_field_errors(400, "BAD_REQUEST", &["asOf"]);
    }
}

async fn a_list_has_pages(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let grant = tenant.create_grant(&person).await;
    let mut expected = Vec::new();
    for _ in 0..2 {
        let notice = tenant.create_notice().await;
        let decided = [("personalization", "denied"), ("analytics", "granted")];
        decide(&tenant, &record(&grant, &notice, &person), &decided).await;
        expected
            .extend(["analytics", "personalization"].map(|purpose| (text(&notice, "noticeId"), purpose.to_owned())));
    }
    expected.sort_by_key(|(notice, purpose)| format!("{notice}/{purpose}"));
    for (limit, count) in [(1, 4), (3, 2), (4, 1), (200, 1)] {
        for as_of in [String::new(), format!("&asOf={}", written(now()))] {
            let pages = pages(&tenant, &format!("{}?limit={limit}{as_of}", decisions_path(&person)), "decisions").await;
            let items = pages.iter().flat_map(|page| &page.items);
            let listed: Vec<_> = items.map(|item| (text(item, "noticeId"), text(item, "purpose"))).collect();
            assert_eq!((listed, pages.len()), (expected.clone(), count));
        }
    }
}

/// The withdrawal is cut off from the trail, so the trail would tell of a consent that was in force.
async fn a_trail_that_is_not_valid_is_no_answer(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let person = text(&record, "dataPrincipalId");
    tenant.post(withdraw_path(&record), &json!({"reason": "x"})).await.expect(200);
    let items = system.contents.of(tenant.id).await;
    let of_record = format!("record/{}", text(&record, "recordId"));
    let entries = items.in_table(ENTRIES_TABLE).filter(|(key, _)| key.partition.ends_with(&of_record));
    let last = entries.map(|(key, _)| key).max_by_key(|key| key.sort.clone()).expect("an entry");
    system.contents.delete(last).await;
    tenant.get(decisions_path(&person)).await.expect_error(500, "INTERNAL_SERVER_ERROR");
}

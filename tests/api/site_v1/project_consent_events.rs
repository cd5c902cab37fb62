//! `GET /site-v1/{projectId}/consent-events` with an API key: the events of a project, and their end.

use assent_tests::fixtures::{CATALOG, Tenant, Visitor, accepted, consent_type, events_path, site, state_path, text};
use assent_tests::like::time;
use assent_tests::pages::{pages, texts, with_parameter};
use assent_tests::system::System;
use chrono::{DateTime, Duration, Months, Utc};
use serde_json::{Value, json};

crate::trials![
    a_key_lists_the_events_of_all_users_or_of_one,
    a_key_needs_the_scope,
    filters_are_strict,
    a_period_selects_events,
    events_end_after_their_consents;
    on each engine:
    events_come_newest_first_in_pages_of_any_size,
    lists_stay_true_when_events_are_removed,
];

const EVENTS_TABLE: &str = "ConsentEventsTable";

/// Reports several consents at once, and returns the events, the newest first.
async fn report(visitor: &Visitor, consent_type: &str, count: usize) -> Vec<Value> {
    let items = vec![accepted(consent_type)["items"][0].clone(); count];
    let body = visitor.post(events_path(&visitor.project), &json!({"items": items})).await.expect(201);
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    body["items"].as_array().into_iter().flatten().rev().cloned().collect()
}

async fn a_key_lists_the_events_of_all_users_or_of_one(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let path = events_path(&project);
    assert_eq!(tenant.get(&path).await.expect(200), json!({"count": 0, "items": [], "nextCursor": null}));
    let (one, other) =
        (tenant.create_visitor(&project, &json!({})).await, tenant.create_visitor(&project, &json!({})).await);
    let first = report(&one, &id, 2).await;
    let second = report(&other, &id, 1).await;
    let third = report(&one, &id, 1).await;
    let all = [third.clone(), second.clone(), first.clone()].concat();
    assert_eq!(tenant.get(&path).await.expect(200), json!({"count": 4, "items": all, "nextCursor": null}));
    for (visitor, events) in [(&one, [third, first].concat()), (&other, second)] {
        let of_user = with_parameter(&path, &format!("concordId={}", visitor.concord_id));
        assert_eq!(tenant.get(of_user).await.expect(200)["items"], json!(events));
        assert_eq!(visitor.get(&path).await.expect(200)["items"], json!(events));
    }
    let nobody = with_parameter(&path, "concordId=44499771-03fb-4f0c-8620-88f538385446");
    assert_eq!(tenant.get(nobody).await.expect(200)["items"], json!([]));
    // Another project has none of them.
    let elsewhere = tenant.create_project().await;
    let of_user = with_parameter(&events_path(&elsewhere), &format!("concordId={}", one.concord_id));
    for path in [events_path(&elsewhere), of_user] {
        assert_eq!(tenant.get(path).await.expect(200)["items"], json!([]));
    }
}

async fn a_key_needs_the_scope(system: &'static System) {
    let (tenant, project, _) = site(system).await;
    for (scope, status) in [("events:read", 200), ("events:write", 403), ("projects:read", 403)] {
        let caller = tenant.with_scopes(&[scope]).await;
        assert_eq!(caller.get(events_path(&project)).await.status(), status, "{scope}");
    }
    let absent = events_path("44499771-03fb-4f0c-8620-88f538385446");
    tenant.get(&absent).await.expect_error(404, "NOT_FOUND");
    tenant.get(events_path("nonsense")).await.expect_error(404, "NOT_FOUND");
}

async fn filters_are_strict(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let path = events_path(&project);
    for (query, named) in [
        ("concordId=x", vec!["concordId"]),
        ("concordId=&startDate=x&limit=0&foo=1", vec!["concordId", "startDate", "limit", "foo"]),
        ("startDate=2026-02-01&endDate=2026-01-01", vec!["startDate"]),
    ] {
        tenant.get(with_parameter(&path, query)).await.expect_field_errors(400, "BAD_REQUEST", &named);
    }
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let own = with_parameter(&path, &format!("concordId={}", visitor.concord_id));
    visitor.get(own).await.expect_field_errors(400, "BAD_REQUEST", &["concordId"]);
    // A cursor of one list is not a cursor of another.
    report(&visitor, &id, 2).await;
    let cursor = text(&tenant.get(with_parameter(&path, "limit=1")).await.expect(200), "nextCursor");
    let of_user = with_parameter(&path, &format!("concordId={}&cursor={cursor}", visitor.concord_id));
    tenant.get(of_user).await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
    visitor.get(with_parameter(&path, &format!("cursor={cursor}"))).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["cursor"],
    );
}

async fn a_period_selects_events(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let mut reports = Vec::new();
    for _ in 0..3 {
        reports.push(report(&visitor, &id, 2).await);
    }
    let date = |report: usize| text(&reports[report][0], "consentDate");
    for (query, expected) in [
        (format!("startDate={}", date(1)), [&reports[2][..], &reports[1]].concat()),
        (format!("endDate={}", date(1)), [&reports[1][..], &reports[0]].concat()),
        (format!("startDate={}&endDate={}", date(1), date(1)), reports[1].clone()),
        ("endDate=2026-01-01".to_owned(), Vec::new()),
    ] {
        let path = with_parameter(&events_path(&project), &query);
        assert_eq!(tenant.get(&path).await.expect(200)["items"], json!(expected), "{query}");
        let found = pages(&tenant, &with_parameter(&path, "limit=1"), "items").await;
        let expected: Vec<String> = expected.iter().map(|event| text(event, "id")).collect();
        assert_eq!(texts(&found, "id"), expected, "{query}");
    }
}

async fn events_come_newest_first_in_pages_of_any_size(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let mut expected: Vec<String> = Vec::new();
    for count in [1, 25, 3, 7, 25, 1, 1, 2] {
        let visitor = tenant.create_visitor(&project, &json!({})).await;
        let ids = report(&visitor, &id, count).await.iter().map(|event| text(event, "id")).collect::<Vec<_>>();
        expected.splice(0..0, ids);
    }
    for limit in [1, 2, 7, 24, 25, 26, 64, 65, 66, 200] {
        let pages = pages(&tenant, &with_parameter(&events_path(&project), &format!("limit={limit}")), "items").await;
        assert_eq!(texts(&pages, "id"), expected, "{limit}");
        assert_eq!(pages.len(), expected.len().div_ceil(limit), "{limit}");
    }
}

/// The end of an event's retention.
fn kept_until(event: &Value) -> DateTime<Utc> {
    (time(&event["expirationDate"]) + Duration::days(365)).max(time(&event["consentDate"]) + Months::new(12))
}

async fn events_end_after_their_consents(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let mut ends: Vec<i64> = Vec::new();
    let mut items = Vec::new();
    for duration in ["PT1S", "P30D", "P10Y"] {
        let mut body = consent_type();
        body["consentDuration"] = json!(duration);
        items.push(accepted(&text(&tenant.post(CATALOG, &body).await.expect(201), "id"))["items"][0].clone());
    }
    let reported = visitor.post(events_path(&project), &json!({"items": items})).await.expect(201);
    for event in reported["items"].as_array().into_iter().flatten() {
        ends.push(kept_until(event).timestamp());
    }
    assert_eq!(system.contents.expiry_attribute(EVENTS_TABLE), Some("removableAt"));
    let found = async || {
        let items = system.contents.of(tenant.id).await;
        let mut found: Vec<i64> = items
            .in_table(EVENTS_TABLE)
            .filter_map(|(_, item)| item.get("removableAt")?.as_n().ok()?.parse().ok())
            .collect();
        found.sort_unstable();
        found
    };
    // The events, and as long as the longest of them the request in the project's list and the user's own item.
    let mut expected = [ends.clone(), vec![ends[2]; 2]].concat();
    expected.sort_unstable();
    assert_eq!(found().await, expected);
    // An event that ends earlier does not change the end of the user's own item.
    let next = visitor.post(events_path(&project), &json!({"items": [items[0]]})).await.expect(201);
    expected.extend([kept_until(&next["items"][0]).timestamp(); 2]);
    expected.sort_unstable();
    assert_eq!(found().await, expected);
}

async fn lists_stay_true_when_events_are_removed(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({"userId": "user-1"})).await;
    let mut events = report(&visitor, &id, 3).await;
    events.splice(0..0, report(&visitor, &id, 3).await);
    let gone = [events.remove(4), events.remove(0)];
    for event in &gone {
        let items = system.contents.of(tenant.id).await;
        let id = text(event, "id");
        let (key, _) =
            items.in_table(EVENTS_TABLE).find(|(key, _)| key.sort == format!("event#{id}")).expect("an event");
        system.contents.delete(key).await;
    }
    let ids: Vec<String> = events.iter().map(|event| text(event, "id")).collect();
    let of_user = with_parameter(&events_path(&project), &format!("concordId={}", visitor.concord_id));
    for path in [events_path(&project), of_user] {
        for limit in [1, 2, 200] {
            let found = pages(&tenant, &with_parameter(&path, &format!("limit={limit}")), "items").await;
            assert_eq!(texts(&found, "id"), ids, "{path} by {limit}");
        }
    }
    assert_eq!(visitor.get(events_path(&project)).await.expect(200)["items"], json!(events));
    // Its latest event is gone.
    assert_eq!(visitor.get(state_path(&project)).await.expect(200)["items"], json!([]));
    let latest = report(&visitor, &id, 1).await;
    assert_eq!(visitor.get(state_path(&project)).await.expect(200)["items"], json!(latest));
    // An erasure finds the others.
    assert_eq!(tenant.erase("user-1").await["siteEventsRedacted"], json!(5));
    assert_eq!(tenant.get(events_path(&project)).await.expect(200)["items"], json!([]));
}

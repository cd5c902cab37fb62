//! `GET /site-v1/{projectId}/consent-events`, `GET …/{id}`, and `POST` with a site session: the
//! current user's own events.

use assent_tests::fixtures::{Tenant, Visitor, accepted, events_path, site, text};
use assent_tests::like::{as_text, time};
use assent_tests::pages::pages;
use assent_tests::system::System;
use chrono::Duration;
use serde_json::{Value, json};

crate::trials![
    an_event_is_the_sessions_users,
    a_domain_comes_from_the_project_where_none_is_given,
    users_see_their_own_only,
    an_event_is_read_by_its_id,
    events_come_newest_first_in_pages,
    periods_are_strict,
    cursors_belong_to_their_user_and_period,
    a_key_has_no_events_of_its_own;
    on each engine:
    a_period_includes_its_ends,
];

/// Reports one consent, and returns the event.
async fn report(visitor: &Visitor, consent_type: &str) -> Value {
    let path = events_path(&visitor.project);
    visitor.post(path, &accepted(consent_type)).await.expect(201)["items"][0].clone()
}

async fn an_event_is_the_sessions_users(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let body = json!({"userId": "ravi", "domain": "läden.example", "geography": "IN \u{1f30d}\tKA"});
    let visitor = tenant.create_visitor(&project, &body).await;
    let request = visitor.posting(events_path(&project), &accepted(&id)).header("user-agent", "Browser/1.0");
    let event = &visitor.send(request).await.expect(201)["items"][0];
    assert_eq!(event["concordId"], visitor.concord_id);
    assert_eq!(event["submitter"], visitor.concord_id);
    assert_eq!(event["organization"], tenant.id.to_string());
    assert_eq!(event["project"], project);
    assert_eq!(
        event["session"],
        json!({
            "id": visitor.session_id, "ipAddress": "127.0.0.1", "domain": "läden.example",
            "geography": "IN \u{1f30d}\tKA", "userAgent": "Browser/1.0",
        })
    );
    // The event reads the same as in the first response.
    assert_eq!(&visitor.get(events_path(&project)).await.expect(200)["items"][0], event);
}

async fn a_domain_comes_from_the_project_where_none_is_given(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let event = report(&visitor, &id).await;
    assert_eq!(event["session"]["domain"], "shop.example");
    assert_eq!(event["session"]["geography"], Value::Null);
}

async fn users_see_their_own_only(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let other_project = tenant.create_project().await;
    let id = tenant.create_consent_type().await;
    let one = tenant.create_visitor(&project, &json!({})).await;
    let same = tenant.create_visitor(&project, &json!({"concordId": one.concord_id})).await;
    let other = tenant.create_visitor(&project, &json!({})).await;
    let elsewhere = tenant.create_visitor(&other_project, &json!({"concordId": one.concord_id})).await;
    let stranger = Tenant::new(system).await;
    let strange_project = stranger.create_project().await;
    let strange = stranger.create_visitor(&strange_project, &json!({"concordId": one.concord_id})).await;
    let event = report(&one, &id).await;
    for visitor in [&one, &same] {
        let list = visitor.get(events_path(&project)).await.expect(200);
        assert_eq!(list, json!({"count": 1, "items": [event], "nextCursor": null}));
    }
    for visitor in [&other, &elsewhere, &strange] {
        let list = visitor.get(events_path(&visitor.project)).await.expect(200);
        assert_eq!(list, json!({"count": 0, "items": [], "nextCursor": null}));
        let path = format!("{}/{}", events_path(&visitor.project), text(&event, "id"));
        visitor.get(path).await.expect_error(404, "NOT_FOUND");
    }
    // A user sees, in a session of their own, an event that an API key has reported for them.
    let reported = tenant.post(events_path(&project), &accepted(&id)).await.expect(201)["items"][0].clone();
    let known = tenant.create_visitor(&project, &json!({"concordId": reported["concordId"]})).await;
    assert_eq!(known.get(events_path(&project)).await.expect(200)["items"], json!([reported]));
}

async fn an_event_is_read_by_its_id(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let event = report(&visitor, &id).await;
    let path = |id: &str| format!("{}/{id}", events_path(&project));
    let event_id = text(&event, "id");
    assert_eq!(visitor.get(path(&event_id)).await.expect(200), event);
    assert_eq!(visitor.get(path(&event_id.to_uppercase())).await.expect(200), event);
    for absent in ["44499771-03fb-4f0c-8620-88f538385446", "nonsense", "%00", "%23", &event_id.replace('-', "")] {
        visitor.get(path(absent)).await.expect_error(404, "NOT_FOUND");
    }
}

async fn events_come_newest_first_in_pages(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let mut events = Vec::new();
    for _ in 0..3 {
        let items: Vec<Value> = (0..3).map(|_| accepted(&id)["items"][0].clone()).collect();
        let body = visitor.post(events_path(&project), &json!({"items": items})).await.expect(201);
        events.extend(body["items"].as_array().expect("items").clone());
    }
    events.reverse();
    let whole = visitor.get(events_path(&project)).await.expect(200);
    assert_eq!(whole, json!({"count": 9, "items": events, "nextCursor": null}));
    for limit in [1, 2, 3, 4, 9, 200] {
        let pages = pages(&visitor, &format!("{}?limit={limit}", events_path(&project)), "items").await;
        assert!(pages.iter().all(|page| (1..=limit).contains(&page.items.len())), "limit {limit}");
        let read: Vec<Value> = pages.into_iter().flat_map(|page| page.items).collect();
        assert_eq!(read, events, "limit {limit}");
    }
}

async fn a_period_includes_its_ends(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let mut events = Vec::new();
    for _ in 0..3 {
        events.push(report(&visitor, &id).await);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let at = |index: usize| time(&events[index]["consentDate"]);
    let found = async |query: String| -> Vec<Value> {
        let list = visitor.get(format!("{}?{query}", events_path(&project))).await.expect(200);
        list["items"].as_array().expect("items").clone()
    };
    let millisecond = Duration::milliseconds(1);
    let newest_first = |range: std::ops::Range<usize>| events[range].iter().rev().cloned().collect::<Vec<Value>>();
    assert_eq!(found(format!("startDate={}", as_text(at(1)))).await, newest_first(1..3));
    assert_eq!(found(format!("startDate={}", as_text(at(1) + millisecond))).await, newest_first(2..3));
    assert_eq!(found(format!("endDate={}", as_text(at(1)))).await, newest_first(0..2));
    assert_eq!(found(format!("endDate={}", as_text(at(1) - millisecond))).await, newest_first(0..1));
    assert_eq!(found(format!("startDate={0}&endDate={0}", as_text(at(1)))).await, newest_first(1..2));
    let (today, tomorrow) = (at(0).format("%Y-%m-%d"), (at(2) + Duration::days(1)).format("%Y-%m-%d"));
    assert_eq!(found(format!("startDate={today}&endDate={tomorrow}")).await, newest_first(0..3));
    assert_eq!(found(format!("startDate={tomorrow}")).await, newest_first(0..0));
    assert_eq!(found("endDate=1970-01-01".to_owned()).await, newest_first(0..0));
    assert_eq!(found("startDate=1970-01-01&endDate=2200-12-31T23:59:59Z".to_owned()).await, newest_first(0..3));
    let shifted = (at(1) + Duration::minutes(330)).format("%Y-%m-%dT%H:%M:%S%.3f%%2B05:30");
    assert_eq!(found(format!("startDate={shifted}")).await, newest_first(1..3));
}

async fn periods_are_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let get = async |query: &str| visitor.get(format!("{}?{query}", events_path(&project))).await;
    for bad in ["2026-02-30", "2026-13-01", "2026-1-1", "today", "", "%20", "1969-12-31", "2201-01-01", "1775390400"] {
        get(&format!("startDate={bad}")).await.expect_field_errors(400, "BAD_REQUEST", &["startDate"]);
        get(&format!("endDate={bad}")).await.expect_field_errors(400, "BAD_REQUEST", &["endDate"]);
    }
    get("startDate=2026-04-06&endDate=2026-04-05").await.expect_field_errors(400, "BAD_REQUEST", &["startDate"]);
    get("startDate=2026-04-05&endDate=2026-04-05").await.expect(200);
    get("startDate=x&endDate=y&limit=0").await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["startDate", "endDate", "limit"],
    );
    get("startDate=2026-04-05&startDate=2026-04-06").await.expect_field_errors(400, "BAD_REQUEST", &["startDate"]);
}

async fn cursors_belong_to_their_user_and_period(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    report(&visitor, &id).await;
    report(&visitor, &id).await;
    let page = visitor.get(format!("{}?limit=1", events_path(&project))).await.expect(200);
    let cursor = text(&page, "nextCursor");
    let get = async |visitor: &Visitor, query: &str| {
        visitor.get(format!("{}?cursor={cursor}{query}", events_path(&project))).await
    };
    get(&visitor, "").await.expect(200);
    get(&visitor, "x").await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
    get(&visitor, "&startDate=2026-01-01").await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
    let other = tenant.create_visitor(&project, &json!({})).await;
    get(&other, "").await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
}

async fn a_key_has_no_events_of_its_own(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    for path in [format!("{}/x", events_path(&project)), format!("/site-v1/{project}/consent-state")] {
        let body = tenant.get(path).await.expect_error(403, "FORBIDDEN");
        assert!(text(&body, "message").contains("X-Session"), "{body}");
    }
}

//! `GET /site-v1/{projectId}/consent-state`

use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{Tenant, Visitor, accepted, events_path, site, state_path, text, with};
use assent_tests::pages::pages;
use assent_tests::race::{at_once, until_overlapping};
use assent_tests::system::System;
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

crate::trials![
    is_the_latest_event_about_each_consent_type,
    the_last_of_a_call_counts,
    the_pages_make_up_the_state,
    a_user_has_events_about_at_most_4000_types;
    on each engine:
    the_latest_of_many_at_once_counts,
    events_about_many_types_at_once_are_all_kept,
];

fn item(consent_type: &str, state: &str) -> Value {
    with(&accepted(consent_type)["items"][0], "consentState", Some(json!(state)))
}

async fn report(visitor: &Visitor, items: Vec<Value>) -> Vec<Value> {
    let path = events_path(&visitor.project);
    let body = visitor.post(path, &json!({"items": items})).await.expect(201);
    body["items"].as_array().expect("items").clone()
}

/// The events, in the order in which the state shows them.
fn shown(mut events: Vec<Value>) -> Vec<Value> {
    events.sort_by_key(|event| std::cmp::Reverse(text(event, "consentType")));
    events
}

async fn is_the_latest_event_about_each_consent_type(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let (a, b) = (tenant.create_consent_type().await, tenant.create_consent_type().await);
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let other = tenant.create_visitor(&project, &json!({})).await;
    let state = async |visitor: &Visitor| visitor.get(state_path(&project)).await.expect(200);
    assert_eq!(state(&visitor).await, json!({"count": 0, "items": [], "nextCursor": null}));
    let first = report(&visitor, vec![item(&a, "viewed"), item(&b, "accepted")]).await;
    let expected = shown(first.clone());
    assert_eq!(state(&visitor).await, json!({"count": 2, "items": expected, "nextCursor": null}));
    let second = report(&visitor, vec![item(&a, "declined")]).await;
    assert_eq!(state(&visitor).await["items"], json!(shown(vec![second[0].clone(), first[1].clone()])));
    assert_eq!(state(&other).await["count"], 0);
    // A newer version does not change the state.
    tenant
        .post(format!("/open-api/v1/consent-catalog/{a}/version"), &json!({"url": "https://example.com/2"}))
        .await
        .expect(201);
    assert_eq!(state(&visitor).await["count"], 2);
}

async fn the_last_of_a_call_counts(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    for states in [["viewed", "accepted", "declined"], ["accepted", "declined", "viewed"]] {
        let events = report(&visitor, states.iter().map(|state| item(&id, state)).collect()).await;
        let state = visitor.get(state_path(&project)).await.expect(200);
        assert_eq!(state["items"], json!([events[2]]));
    }
}

async fn the_pages_make_up_the_state(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let mut types = Vec::new();
    for _ in 0..5 {
        types.push(tenant.create_consent_type().await);
    }
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let events = shown(report(&visitor, types.iter().map(|id| item(id, "accepted")).collect()).await);
    for limit in [1, 2, 5] {
        let pages = pages(&visitor, &format!("{}?limit={limit}", state_path(&project)), "items").await;
        let read: Vec<Value> = pages.into_iter().flat_map(|page| page.items).collect();
        assert_eq!(read, events, "limit {limit}");
    }
}

async fn a_user_has_events_about_at_most_4000_types(system: &'static System) {
    const TABLE: &str = "ConsentEventsTable";
    let (tenant, project, known) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    report(&visitor, vec![item(&known, "accepted")]).await;
    let items = system.contents.of(tenant.id).await;
    let name = known.replace('-', "");
    let (_, own) = items.in_table(TABLE).find(|(_, item)| item.contains_key(&name)).expect("the user's own item");
    let mut full = own.clone();
    let further = (1..4_000).map(|number| Uuid::from_u128(number).simple().to_string());
    full.extend(further.map(|further| (further, own[&name].clone())));
    system.contents.put(TABLE, vec![full]).await;

    let new = tenant.create_consent_type().await;
    let before = system.contents.of(tenant.id).await;
    let both = json!({"items": [item(&known, "declined"), item(&new, "accepted")]});
    let response = visitor.post(events_path(&project), &both).await;
    response.expect_field_errors(422, "UNPROCESSABLE_ENTITY", &["items[1]"]);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    let last = report(&visitor, vec![item(&known, "declined")]).await;
    let state = visitor.get(format!("{}?limit=1", state_path(&project))).await.expect(200);
    assert_eq!(state["items"], json!(last));
}

async fn events_about_many_types_at_once_are_all_kept(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let types = join_all((0..6).map(|_| tenant.create_consent_type())).await;
    until_overlapping(system, async || {
        let visitor = tenant.create_visitor(&project, &json!({})).await;
        let requests =
            types.iter().map(|id| visitor.posting(events_path(&project), &json!({"items": [item(id, "viewed")]})));
        let held = Matching::writes(&visitor.concord_id);
        let round = at_once(system, &visitor.client, held, requests.collect()).await?;
        let events: Vec<Value> =
            round.responses.iter().map(|response| response.expect(201)["items"][0].clone()).collect();
        let state = visitor.get(state_path(&project)).await.expect(200);
        assert_eq!(state["items"], json!(shown(events)));
        Some(round.overlapped)
    })
    .await;
}

/// Events of one user arrive at the database in any order; the latest of them stays.
async fn the_latest_of_many_at_once_counts(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    until_overlapping(system, async || {
        let visitor = tenant.create_visitor(&project, &json!({})).await;
        let states = ["viewed", "accepted", "declined", "implied"];
        let requests = (0..12)
            .map(|number| visitor.posting(events_path(&project), &json!({"items": [item(&id, states[number % 4])]})));
        let held = Matching::writes(&visitor.concord_id);
        let round = at_once(system, &visitor.client, held, requests.collect()).await?;
        assert_eq!(round.count(201), 12);
        let list = visitor.get(events_path(&project)).await.expect(200);
        assert_eq!(list["count"], 12);
        let state = visitor.get(state_path(&project)).await.expect(200);
        assert_eq!(state["items"], json!([list["items"][0]]));
        Some(round.overlapped)
    })
    .await;
}

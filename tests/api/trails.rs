//! The audit trails of all subjects, as they are in the database: each change of state adds an entry, and personal data
//! in it is encrypted.

use assent_tests::fixtures::{
    GRANTS, GRIEVANCES, SESSION, Tenant, accepted, consent_type_path, erasure_path, events_path, grant, grievance,
    grievance_path, record_path, text, unique, version_path, versions_path, with, withdraw_path,
};
use assent_tests::system::System;
use assent_tests::trail::{ENTRIES_TABLE, KEYS_TABLE, Trail};
use chrono::DateTime;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_session_records_what_was_agreed_to_and_taken_back,
    a_version_records_its_edits_and_its_first_use,
    the_trail_of_a_grant_says_why_it_was_revoked,
    a_grievance_records_its_steps,
    an_erasure_ends_every_trail_of_the_person,
    a_call_that_changes_nothing_leaves_no_entry,
    no_item_is_removed_before_its_retention_ends,
];

async fn a_session_records_what_was_agreed_to_and_taken_back(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let secret = unique("secret");
    let begin = json!({"consentedPurposes": ["one", "two"], "dataPrincipalId": "user-1", "metadata": {"n": secret}});
    let id = text(&tenant.post(SESSION, &begin).await.expect(201), "sessionId");
    let change = async |fields: Value| {
        tenant.patch(SESSION, &with(&fields, "sessionId", Some(json!(id)))).await.expect(200);
    };
    change(json!({"consentedPurposes": ["one", "two", "three"]})).await;
    change(json!({"consentedPurposes": ["three"]})).await;
    change(json!({"consentedPurposes": ["four"], "isChild": true})).await;
    change(json!({"metadata": {"m": secret}})).await;
    change(json!({"consentedPurposes": [], "closed": true, "closureReason": secret})).await;
    let items = system.contents.of(tenant.id).await;
    let trail = Trail::of_session(&items, tenant.id, &id);
    assert_eq!(
        trail.actions(),
        [
            "session.created",
            "session.consent_given",
            "session.consent_withdrawn",
            "session.purpose_change",
            "session.updated",
            "session.updated",
            "session.consent_withdrawn",
            "session.closed",
        ]
    );
    let details: Vec<&Value> = trail.entries.iter().map(|entry| &entry["details"]).collect();
    assert_eq!(*details[0], json!({"consentedPurposes": ["one", "two"], "isChild": false}));
    // The events of these changes are compared in tests/api/v1/events.rs.
    let changed = |number: usize, added: Value, removed: Value| {
        let event_id = &details[number]["eventId"];
        assert_eq!(*details[number], json!({"added": added, "removed": removed, "eventId": event_id}));
    };
    changed(1, json!(["three"]), json!([]));
    changed(2, json!([]), json!(["one", "two"]));
    changed(3, json!(["four"]), json!(["three"]));
    assert_eq!(*details[4], json!({"isChild": true}));
    assert_eq!(*details[5], json!({}));
    let sealed: Vec<bool> = trail.entries.iter().map(|entry| entry["sealed"].is_string()).collect();
    assert_eq!(sealed, [true, false, false, false, false, true, false, true]);
    for entry in &trail.entries {
        assert_eq!(entry["actor"], json!(tenant.key_id));
        assert!(!entry.to_string().contains(&secret), "{entry}");
    }
}

async fn a_version_records_its_edits_and_its_first_use(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (id, project) = (tenant.create_consent_type().await, tenant.create_project().await);
    tenant.patch(version_path(&id, "1"), &json!({"url": "https://example.com/edited"})).await.expect(200);
    for _ in 0..2 {
        tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
    }
    tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})).await.expect(201);
    let items = system.contents.of(tenant.id).await;
    let trail = Trail::of_version(&items, tenant.id, &id, "1");
    assert_eq!(trail.actions(), ["catalog_version.created", "catalog_version.updated", "catalog_version.first_used"]);
    assert_eq!(trail.entries[1]["details"]["url"], "https://example.com/edited");
    assert_eq!(Trail::of_version(&items, tenant.id, &id, "2").actions(), ["catalog_version.created"]);

    // The trail of a deleted version stays.
    let unused = tenant.create_consent_type().await;
    tenant.delete(consent_type_path(&unused)).await.expect_no_content();
    let items = system.contents.of(tenant.id).await;
    let left = Trail::of_version(&items, tenant.id, &unused, "1").entries;
    let actions: Vec<&Value> = left.iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["catalog_version.created", "catalog_version.deleted"]);
    assert_eq!(left[1]["previousHash"], left[0]["hash"]);
}

async fn the_trail_of_a_grant_says_why_it_was_revoked(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let revoked = text(&tenant.post(GRANTS, &grant("user-1")).await.expect(201), "grantId");
    for _ in 0..2 {
        tenant.delete(format!("{GRANTS}/{revoked}")).await.expect_no_content();
    }
    let record = tenant.create_record().await;
    let order = json!({"reason": "No more", "revokeGrant": true});
    tenant.post(withdraw_path(&record), &order).await.expect(200);
    let items = system.contents.of(tenant.id).await;
    let trail = Trail::of_grant(&items, tenant.id, &revoked);
    assert_eq!(trail.actions(), ["grant.created", "grant.revoked"]);
    let event_id = |trail: &Trail| trail.entries[1]["details"]["eventId"].clone();
    assert_eq!(trail.entries[1]["details"], json!({"eventId": event_id(&trail)}));
    let trail = Trail::of_grant(&items, tenant.id, &text(&record, "grantId"));
    assert_eq!(trail.actions(), ["grant.created", "grant.revoked"]);
    // The entry that a withdrawal adds to the grant's trail contains no personal data.
    let details = json!({"recordId": record["recordId"], "eventId": event_id(&trail)});
    assert_eq!(trail.entries[1]["details"], details);
    assert_eq!(trail.entries[1]["sealed"], Value::Null);
}

async fn a_grievance_records_its_steps(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let words = unique("words");
    let submit = with(&grievance("user-1"), "description", Some(json!(words)));
    for (end, action) in [("resolved", "grievance.resolved"), ("rejected", "grievance.rejected")] {
        let submitted = tenant.post(GRIEVANCES, &submit).await.expect(202);
        for step in [json!({"status": "in_review"}), json!({"status": end, "resolution": words})] {
            tenant.patch(grievance_path(&submitted), &step).await.expect(200);
        }
        let items = system.contents.of(tenant.id).await;
        let trail = Trail::of_grievance(&items, tenant.id, &text(&submitted, "grievanceId"));
        assert_eq!(trail.actions(), ["grievance.submitted", "grievance.review_started", action]);
        assert!(trail.has_key);
        for (entry, sealed) in trail.entries.iter().zip([true, false, true]) {
            assert_eq!(entry["sealed"].is_string(), sealed, "{entry}");
            assert!(!entry.to_string().contains(&words), "{entry}");
        }
    }
}

async fn an_erasure_ends_every_trail_of_the_person(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let person = text(&record, "dataPrincipalId");
    let revoked = text(&tenant.post(GRANTS, &grant(&person)).await.expect(201), "grantId");
    tenant.delete(format!("{GRANTS}/{revoked}")).await.expect_no_content();
    let complaint = text(&tenant.create_grievance(&person).await, "grievanceId");
    let session = tenant.post(SESSION, &json!({"dataPrincipalId": person})).await.expect(201);
    let path = erasure_path(&person);
    let request = tenant.send(tenant.request(Method::POST, path)).await.expect(201);
    let items = system.contents.of(tenant.id).await;
    let of_session = text(&session, "sessionId");
    for (trail, actions) in [
        (Trail::of_record(&items, tenant.id, &text(&record, "recordId")), vec!["record.created", "record.erased"]),
        (
            Trail::of_grant(&items, tenant.id, &text(&record, "grantId")),
            vec!["grant.created", "grant.revoked", "grant.erased"],
        ),
        (Trail::of_grant(&items, tenant.id, &revoked), vec!["grant.created", "grant.revoked", "grant.erased"]),
        (Trail::of_grievance(&items, tenant.id, &complaint), vec!["grievance.submitted", "grievance.erased"]),
        (Trail::of_session(&items, tenant.id, &of_session), vec!["session.created", "session.erased"]),
    ] {
        assert_eq!(trail.actions(), actions);
        assert!(!trail.has_key, "{actions:?}");
    }
    let trail = Trail::of_erasure(&items, tenant.id, &text(&request, "requestId"));
    assert_eq!(trail.actions(), ["erasure.requested", "erasure.completed"]);
    assert_eq!(trail.entries[1]["details"]["counts"]["recordsErased"], 1);
    assert!(items.mentioning(&person).is_empty());

    // No entry is added later.
    let change = json!({"sessionId": of_session, "metadata": {"name": person}});
    tenant.patch(SESSION, &change).await.expect_error(409, "ALREADY_ERASED");
    items.expect_unchanged(&system.contents.of(tenant.id).await);
}

/// `DynamoDB` removes only the items of a record, after its retention, and the record before its trail and before the
/// count of its accesses, which would otherwise begin again.
async fn no_item_is_removed_before_its_retention_ends(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    tenant.post(withdraw_path(&record), &json!({"reason": "No more"})).await.expect(200);
    for _ in 0..2 {
        tenant.get(record_path(&record)).await.expect(200);
    }
    tenant.create_session().await;
    let retained = DateTime::parse_from_rfc3339(&text(&record, "retentionUntil")).expect("a moment").timestamp();
    let (own, id) = (format!("{}#record/", tenant.id), text(&record, "recordId"));
    let items = system.contents.of(tenant.id).await;
    let later = retained + 30 * 86_400;
    for (table, removable) in [("ConsentRecordsTable", retained), (ENTRIES_TABLE, later), (KEYS_TABLE, later)] {
        assert_eq!(system.contents.expiry_attribute(table), Some("removableAt"), "{table}");
        let mut of_the_record = 0;
        // The latest decisions only order what is recorded at the same moment, and are kept for a day.
        for (key, item) in items.in_table(table).filter(|(key, _)| !key.is_of_latest_decisions()) {
            let said = item.get("removableAt").and_then(|moment| moment.as_n().ok()?.parse::<i64>().ok());
            let belongs = key.partition.starts_with(&own) || key.partition.contains(&id) || key.sort == id;
            let removable = if key.sort == "accesses" { later } else { removable };
            assert_eq!(said, belongs.then_some(removable), "{key:?}");
            of_the_record += usize::from(belongs);
        }
        assert!(of_the_record > 0, "{table}");
    }
}

async fn a_call_that_changes_nothing_leaves_no_entry(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = text(&tenant.post(SESSION, &json!({"consentedPurposes": ["one"]})).await.expect(201), "sessionId");
    let same = json!({"sessionId": id, "consentedPurposes": ["one"]});
    tenant.patch(SESSION, &same).await.expect(200);
    let record = tenant.create_record().await;
    tenant.post(withdraw_path(&record), &json!({"reason": "One"})).await.expect(200);
    tenant.post(withdraw_path(&record), &json!({"reason": "Another"})).await.expect_error(409, "ALREADY_WITHDRAWN");
    let items = system.contents.of(tenant.id).await;
    assert_eq!(Trail::of_session(&items, tenant.id, &id).actions(), ["session.created"]);
    let trail = Trail::of_record(&items, tenant.id, &text(&record, "recordId"));
    assert_eq!(trail.actions(), ["record.created", "record.withdrawn"]);
}

//! `POST /v1/dpdp/data-principals/{principalId}/withdrawals`, `GET /v1/dpdp/withdrawals/{withdrawalId}`

use assent_tests::contents::ItemKey;
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    RECORDS, Tenant, record, record_path, text, unique, with, withdraw_path, withdrawals_path,
};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    everything_ends_in_all_records_of_the_person,
    named_purposes_end_and_others_remain,
    only_records_of_the_notice_are_withdrawn,
    an_unknown_person_is_not_found,
    an_erasure_leaves_no_trace_in_a_withdrawal,
    is_strict;
    on each engine:
    more_records_than_a_step_takes_are_withdrawn,
    an_interrupted_withdrawal_is_continued_by_a_repeat,
];

const TABLE: &str = "WithdrawalsTable";

/// A record of both purposes.
fn of_both(grant: &Value, notice: &Value, principal: &str) -> Value {
    let purposes = json!([{"code": "analytics", "description": "x"}, {"code": "personalization", "description": "x"}]);
    with(&record(grant, notice, principal), "purposes", Some(purposes))
}

fn path_of(withdrawal: &Value) -> String {
    format!("/v1/dpdp/withdrawals/{}", text(withdrawal, "withdrawalId"))
}

async fn status_of(tenant: &Tenant, record: &Value) -> Value {
    tenant.get(record_path(record)).await.expect(200)["status"].clone()
}

async fn everything_ends_in_all_records_of_the_person(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice, other_notice) =
        (tenant.create_grant(&person).await, tenant.create_notice().await, tenant.create_notice().await);
    let body = record(&grant, &notice, &person);
    let one = tenant.post(RECORDS, &of_both(&grant, &notice, &person)).await.expect(201);
    let other = tenant.post(RECORDS, &record(&grant, &other_notice, &person)).await.expect(201);
    let ended = tenant.post(RECORDS, &body).await.expect(201);
    tenant.post(withdraw_path(&ended), &json!({"reason": "Earlier"})).await.expect(200);
    let strangers = tenant.create_record().await;

    let order = json!({"purposes": "*", "reason": "I am leaving"});
    let response = tenant.post(withdrawals_path(&person), &order).await;
    let withdrawal = response.expect_like(
        201,
        &json!({
            "withdrawalId": "<wdr_>",
            "status": "completed",
            "purposes": "*",
            "noticeId": null,
            "recordsWithdrawn": 2,
            "submittedAt": "<time>",
            "completedAt": "<time>",
        }),
    );
    assert_eq!(response.header("location"), Some(path_of(&withdrawal).as_str()));
    assert_eq!(tenant.get(path_of(&withdrawal)).await.expect(200), withdrawal);
    for record in [&one, &other] {
        let read = tenant.get(record_path(record)).await.expect(200);
        assert_eq!((&read["status"], &read["withdrawnReason"]), (&json!("withdrawn"), &json!("I am leaving")));
        // The same audit entry as that of a single withdrawal, with the withdrawal's id.
        let trail = tenant.get(format!("{}/audit", record_path(record))).await.expect(200);
        let entry = &trail["entries"][1];
        assert_eq!((&trail["chain"]["valid"], &entry["action"]), (&json!(true), &json!("record.withdrawn")));
        let details = json!({
            "grantId": grant["grantId"], "revokeGrant": false, "deleteProcessedData": false,
            "withdrawalId": withdrawal["withdrawalId"], "eventId": entry["details"]["eventId"],
        });
        assert_eq!((&entry["details"], &entry["personal"]["reason"]), (&details, &json!("I am leaving")));
    }
    assert_eq!(tenant.get(record_path(&ended)).await.expect(200)["withdrawnReason"], "Earlier");
    assert_eq!(status_of(&tenant, &strangers).await, "active");

    // Nothing is left, until something is granted again: then the same call is a new withdrawal.
    tenant.post(withdrawals_path(&person), &order).await.expect_error(409, "ALREADY_WITHDRAWN");
    let again = tenant.post(RECORDS, &body).await.expect(201);
    let second = tenant.post(withdrawals_path(&person), &order).await.expect(201);
    assert_ne!(second["withdrawalId"], withdrawal["withdrawalId"]);
    assert_eq!((&second["recordsWithdrawn"], status_of(&tenant, &again).await), (&json!(1), json!("withdrawn")));
}

async fn named_purposes_end_and_others_remain(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    let both = tenant.post(RECORDS, &of_both(&grant, &notice, &person)).await.expect(201);
    let analytics = tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    let path = withdrawals_path(&person);
    // A purpose about which the person never decided is more likely a mistake than withdrawn.
    let before = system.contents.of(tenant.id).await;
    let unknown = json!({"purposes": ["marketing"], "reason": "x"});
    tenant.post(&path, &unknown).await.expect_field_errors(400, "INVALID_PURPOSE", &["purposes[0]"]);
    before.expect_unchanged(&system.contents.of(tenant.id).await);

    let order = json!({"purposes": ["marketing", "analytics"], "reason": "No more tracking"});
    let withdrawal = tenant.post(&path, &order).await.expect(201);
    assert_eq!((&withdrawal["recordsWithdrawn"], &withdrawal["purposes"]), (&json!(2), &order["purposes"]));
    assert_eq!(status_of(&tenant, &both).await, "active");
    assert_eq!(status_of(&tenant, &analytics).await, "withdrawn");
    let trail = tenant.get(format!("{}/audit", record_path(&both))).await.expect(200);
    let entry = &trail["entries"][1];
    assert_eq!(entry["action"], "record.purposes_withdrawn");
    assert_eq!(entry["details"]["purposes"], json!(["analytics"]));
    let question = |purpose: &str| json!({"dataPrincipalId": person, "purpose": purpose});
    let questions = json!({"items": [question("analytics"), question("personalization")]});
    let checked = tenant.post("/v1/dpdp/consent-checks", &questions).await.expect(200);
    let codes = [&checked["items"][0]["code"], &checked["items"][1]["code"]];
    assert_eq!(codes, ["WITHDRAWN", "ALLOWED"]);
    tenant.post(&path, &order).await.expect_error(409, "ALREADY_WITHDRAWN");
    let rest = tenant.post(&path, &json!({"purposes": "*", "reason": "x"})).await.expect(201);
    assert_eq!((&rest["recordsWithdrawn"], status_of(&tenant, &both).await), (&json!(1), json!("withdrawn")));
}

async fn only_records_of_the_notice_are_withdrawn(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice, other_notice) =
        (tenant.create_grant(&person).await, tenant.create_notice().await, tenant.create_notice().await);
    let named = tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    let other = tenant.post(RECORDS, &record(&grant, &other_notice, &person)).await.expect(201);
    let order = json!({"purposes": "*", "reason": "x", "noticeId": notice["noticeId"]});
    let withdrawal = tenant.post(withdrawals_path(&person), &order).await.expect(201);
    assert_eq!((&withdrawal["recordsWithdrawn"], &withdrawal["noticeId"]), (&json!(1), &notice["noticeId"]));
    assert_eq!(
        (status_of(&tenant, &named).await, status_of(&tenant, &other).await),
        (json!("withdrawn"), json!("active"))
    );
    tenant.post(withdrawals_path(&person), &order).await.expect_error(409, "ALREADY_WITHDRAWN");
    let order = with(&order, "noticeId", Some(json!("nothing")));
    tenant.post(withdrawals_path(&person), &order).await.expect_field_errors(400, "INVALID_NOTICE", &["noticeId"]);
}

async fn an_unknown_person_is_not_found(system: &'static System) {
    let (tenant, stranger) = (Tenant::new(system).await, Tenant::new(system).await);
    let person = text(&tenant.create_record().await, "dataPrincipalId");
    let granted_only = unique("user");
    tenant.create_grant(&granted_only).await;
    let before = system.contents.of(tenant.id).await;
    let order = json!({"purposes": "*", "reason": "x"});
    for (caller, principal) in
        [(&stranger, person.as_str()), (&tenant, "nobody"), (&tenant, &granted_only), (&tenant, "\u{7}")]
    {
        caller.post(withdrawals_path(principal), &order).await.expect_error(404, "NOT_FOUND");
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

async fn more_records_than_a_step_takes_are_withdrawn(system: &'static System) {
    const MANY: usize = 53;
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    let body = record(&grant, &notice, &person);
    for response in join_all((0..MANY).map(|_| tenant.post(RECORDS, &body))).await {
        response.expect(201);
    }
    let order = json!({"purposes": ["analytics"], "reason": "x"});
    let mut withdrawal = tenant.post(withdrawals_path(&person), &order).await.expect(201);
    // On a busy machine it may take more than one call.
    while withdrawal["status"] == "in_progress" {
        let continued = tenant.post(withdrawals_path(&person), &order).await.expect(201);
        assert_eq!(continued["withdrawalId"], withdrawal["withdrawalId"]);
        withdrawal = continued;
    }
    assert_eq!(withdrawal["recordsWithdrawn"], MANY);
    let active = tenant.get(format!("{RECORDS}?dataPrincipalId={person}&status=active")).await.expect(200);
    assert_eq!(active["records"], json!([]));
}

/// The first step is made, and the database does not take the last one.
async fn an_interrupted_withdrawal_is_continued_by_a_repeat(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    let first = tenant.post(RECORDS, &of_both(&grant, &notice, &person)).await.expect(201);
    let path = withdrawals_path(&person);
    let order = json!({"purposes": ["analytics", "personalization"], "reason": "First"});
    let last = Matching::writes(&TABLE).and(&tenant.id).and(&"\"completed\"");
    let throttled = system.faults.strike(last, Fault::ThroughputExceeded, usize::MAX);
    tenant.post(&path, &order).await.expect_error(503, "SERVICE_UNAVAILABLE");
    assert!(throttled.struck() > 0);
    drop(throttled);
    let items = system.contents.of(tenant.id).await;
    let stored = items.in_table(TABLE).find(|(key, _)| key.sort == "withdrawal").expect("a withdrawal").0;
    let id = stored.partition.rsplit('#').next().expect("an id").to_owned();
    let read = tenant.get(format!("/v1/dpdp/withdrawals/{id}")).await.expect(200);
    assert_eq!((&read["status"], &read["recordsWithdrawn"]), (&json!("in_progress"), &json!(1)));
    assert_eq!(read["completedAt"], json!(null));

    // The order of the purposes does not matter, another selection does, and a record that was made since is included.
    let second = tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    let third = tenant.post(RECORDS, &of_both(&grant, &notice, &person)).await.expect(201);
    let another = json!({"purposes": ["personalization"], "reason": "Another"});
    let another = tenant.post(&path, &another).await.expect(201);
    assert_eq!((another["withdrawalId"] == id, &another["recordsWithdrawn"]), (false, &json!(1)));
    let repeat = json!({"purposes": ["personalization", "analytics"], "reason": "Second"});
    let continued = tenant.post(&path, &repeat).await.expect(201);
    assert_eq!((&continued["withdrawalId"], &continued["status"]), (&json!(id), &json!("completed")));
    assert_eq!((&continued["recordsWithdrawn"], &continued["purposes"]), (&json!(3), &order["purposes"]));
    for (record, reason) in [(&first, "First"), (&second, "Second"), (&third, "Second")] {
        let read = tenant.get(record_path(record)).await.expect(200);
        assert_eq!((&read["status"], &read["withdrawnReason"]), (&json!("withdrawn"), &json!(reason)));
    }
    tenant.post(&path, &order).await.expect_error(409, "ALREADY_WITHDRAWN");
    // Nothing leads from the person to a withdrawal that is completed.
    let items = system.contents.of(tenant.id).await;
    assert!(items.in_table(TABLE).all(|(key, _)| key.sort == "withdrawal"));
}

async fn an_erasure_leaves_no_trace_in_a_withdrawal(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (person, reason) = (unique("person"), unique("reason"));
    let order = json!({"purposes": "*", "reason": reason});
    let path = withdrawals_path(&person);
    tenant.create_record_of(&person).await;
    let completed = tenant.post(&path, &order).await.expect(201);
    // Another one is interrupted before its last step.
    tenant.create_record_of(&person).await;
    let last = Matching::writes(&TABLE).and(&tenant.id).and(&"\"completed\"");
    let throttled = system.faults.strike(last, Fault::ThroughputExceeded, usize::MAX);
    tenant.post(&path, &order).await.expect_error(503, "SERVICE_UNAVAILABLE");
    drop(throttled);

    tenant.erase(&person).await;
    let left = system.contents.of(tenant.id).await;
    for secret in [&person, &reason] {
        assert_eq!(left.mentioning(secret), Vec::<&ItemKey>::new());
    }
    assert_eq!(tenant.get(path_of(&completed)).await.expect(200), completed);
    // A repeat finds nothing left to withdraw, and completes it. After that the person is unknown.
    let continued = tenant.post(&path, &order).await.expect(201);
    assert_eq!((&continued["status"], &continued["recordsWithdrawn"]), (&json!("completed"), &json!(1)));
    tenant.post(&path, &order).await.expect_error(404, "NOT_FOUND");
    assert_eq!(system.contents.of(tenant.id).await.mentioning(&person), Vec::<&ItemKey>::new());
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = text(&tenant.create_record().await, "dataPrincipalId");
    let body = json!({"purposes": ["analytics"], "reason": "x", "noticeId": "n"});
    let call = Call { caller: &tenant, method: Method::POST, path: withdrawals_path(&person), body };
    let before = system.contents.of(tenant.id).await;
    call.refuses(&each("reason", not_texts(2000))).await;
    call.refuses(&each("noticeId", not_texts(128))).await;
    call.refuses(&each("purposes[0]", not_texts(128))).await;
    let codes: Vec<String> = (0..51).map(|code| code.to_string()).collect();
    let purposes =
        [json!([]), json!(1), json!(true), json!({}), json!("analytics"), json!(""), json!("**"), json!(codes)];
    call.refuses(&each("purposes", purposes.to_vec())).await;
    let doubled = json!({"purposes": ["a", "b", "a"]});
    tenant.post(&call.path, &doubled).await.expect_field_errors(400, "BAD_REQUEST", &["purposes[2]", "reason"]);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

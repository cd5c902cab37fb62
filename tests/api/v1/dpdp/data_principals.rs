//! `GET /v1/dpdp/data-principals/{principalId}/records`

pub(crate) mod decisions;
pub(crate) mod erasure;
pub(crate) mod withdrawals;

use assent_tests::fixtures::{ODD_PRINCIPALS, RECORDS, Tenant, records_path, text};
use assent_tests::pages::{page, pages, texts};
use assent_tests::system::System;
use serde_json::{Value, json};

crate::trials![
    lists_a_principals_records_and_counts_the_access,
    only_the_records_of_a_page_are_counted,
    principal_ids_are_decoded_once,
    malformed_principal_ids_are_not_found,
];

/// Creates a record of this principal, and returns its id.
async fn record_of(tenant: &Tenant, principal: &str) -> String {
    text(&tenant.create_record_of(principal).await, "recordId")
}

async fn lists_a_principals_records_and_counts_the_access(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (older, other, newer) =
        (record_of(&tenant, "user-1").await, record_of(&tenant, "user-2").await, record_of(&tenant, "user-1").await);
    for count in 1..=2 {
        let body = tenant.get(records_path("user-1")).await.expect(200);
        let ids: Vec<&Value> =
            body["records"].as_array().into_iter().flatten().map(|record| &record["recordId"]).collect();
        assert_eq!(ids, [&json!(newer), &json!(older)]);
        for record in body["records"].as_array().into_iter().flatten() {
            assert_eq!(record["accessCount"], count);
            assert!(record["lastAccessedAt"].is_string());
        }
        // The list of all records shows the same, and counts nothing.
        let listed = tenant.get(format!("{RECORDS}?dataPrincipalId=user-1")).await.expect(200);
        let expected =
            json!({"dataPrincipalId": "user-1", "records": listed["records"], "totalRecords": 2, "nextCursor": null});
        assert_eq!(body, expected);
    }
    assert_eq!(tenant.get(format!("{RECORDS}/{newer}")).await.expect(200)["accessCount"], 3);
    assert_eq!(tenant.get(format!("{RECORDS}/{other}")).await.expect(200)["accessCount"], 1);
    let empty = json!({"dataPrincipalId": "user-3", "records": [], "totalRecords": 0, "nextCursor": null});
    assert_eq!(tenant.get(records_path("user-3")).await.expect(200), empty);
    let stranger = Tenant::new(system).await;
    assert_eq!(stranger.get(records_path("user-1")).await.expect(200)["records"], json!([]));
    assert_eq!(tenant.get(format!("{RECORDS}/{older}")).await.expect(200)["accessCount"], 3);
}

async fn only_the_records_of_a_page_are_counted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for _ in 0..5 {
        record_of(&tenant, "user-1").await;
    }
    let first = page(&tenant, &format!("{}?limit=2", records_path("user-1")), "records", None).await;
    assert_eq!(first.items.len(), 2);
    let counts = async || {
        let listed = page(&tenant, RECORDS, "records", None).await;
        listed.items.iter().filter_map(|record| record["accessCount"].as_u64()).collect::<Vec<_>>()
    };
    assert_eq!(counts().await, [1, 1, 0, 0, 0]);
    assert_eq!(pages(&tenant, &format!("{}?limit=2", records_path("user-1")), "records").await.len(), 3);
    assert_eq!(counts().await, [2, 2, 1, 1, 1]);
}

async fn principal_ids_are_decoded_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut made = Vec::new();
    for name in ODD_PRINCIPALS {
        made.push((name, record_of(&tenant, name).await));
    }
    for (name, id) in made {
        let read = pages(&tenant, &records_path(name), "records").await;
        assert_eq!(texts(&read, "recordId"), [id], "{name}");
        assert_eq!(tenant.get(records_path(name)).await.expect(200)["dataPrincipalId"], name);
    }
}

async fn malformed_principal_ids_are_not_found(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for name in ["\u{0}", " ", "a\u{7}", &"x".repeat(257)] {
        tenant.get(records_path(name)).await.expect_error(404, "NOT_FOUND");
    }
    tenant.get(records_path(&"é".repeat(256))).await.expect(200);
    tenant.get(format!("{}?status=active", records_path("user-1"))).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["status"],
    );
}

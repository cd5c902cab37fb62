//! `POST` and `PATCH /api/v1/compliance/dpdp/session`,
//! `GET /api/v1/compliance/dpdp/session/{sessionId}`

use assent_tests::fixtures::{SESSION, Tenant, session_path, with};
use assent_tests::like::time;
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

crate::trials![
    creates_and_reads_a_session,
    all_given_fields_are_stored,
    absent_fields_stay_as_they_are,
    metadata_is_merged,
    metadata_is_limited_after_the_merge,
    metadata_takes_any_json,
    a_closed_session_stays_closed,
    a_reason_needs_closed,
    a_patch_without_any_change_is_refused,
    a_change_that_changes_nothing_leaves_the_time,
    a_patch_merges_and_a_repeat_changes_nothing,
    creation_is_strict,
    patch_is_strict;
    on each engine:
    the_documented_patch,
];

/// The body of a PATCH of this session.
fn change(session: &Value, fields: &Value) -> Value {
    let mut body = fields.clone();
    body["sessionId"] = session["sessionId"].clone();
    body
}

async fn creates_and_reads_a_session(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let expected = json!({
        "sessionId": "<uuid>",
        "consentedPurposes": [],
        "isChild": false,
        "metadata": {},
        "dataPrincipalId": null,
        "closed": false,
        "closureReason": null,
        "closedAt": null,
        "createdAt": "<time>",
        "updatedAt": "<time>",
    });
    let response = tenant.post(SESSION, &json!({})).await;
    let created = response.expect_like(201, &expected);
    assert_eq!(created["createdAt"], created["updatedAt"]);
    assert_eq!(response.header("location"), Some(session_path(&created).as_str()));
    assert_eq!(tenant.get(session_path(&created)).await.expect(200), created);
    let nulls = json!({"consentedPurposes": null, "isChild": null, "metadata": null, "dataPrincipalId": null});
    tenant.post(SESSION, &nulls).await.expect_like(201, &expected);
}

async fn all_given_fields_are_stored(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let given = json!({
        "consentedPurposes": ["z", "a", "m n"],
        "isChild": true,
        "metadata": {"null is": null, "nested": {"list": [1, "two", null, {"x": 1.5}]}},
        "dataPrincipalId": "user-1",
    });
    let created = tenant.post(SESSION, &given).await.expect(201);
    for (field, value) in given.as_object().into_iter().flatten() {
        assert_eq!(created[field], *value, "{field}");
    }
    assert_eq!(tenant.get(session_path(&created)).await.expect(200), created);
}

async fn the_documented_patch(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let request = change(
        &session,
        &json!({
            "consentedPurposes": ["string"],
            "isChild": false,
            "metadata": {},
            "closed": false,
            "closureReason": "string",
        }),
    );
    let patched = tenant.patch(SESSION, &request).await.expect_like(
        200,
        &json!({
            "sessionId": session["sessionId"],
            "consentedPurposes": ["string"],
            "isChild": false,
            "metadata": {},
            "dataPrincipalId": null,
            "closed": false,
            "closureReason": null,
            "closedAt": null,
            "createdAt": session["createdAt"],
            "updatedAt": "<time>",
        }),
    );
    assert!(time(&patched["updatedAt"]) > time(&session["createdAt"]));
    assert_eq!(tenant.get(session_path(&session)).await.expect(200), patched);
}

async fn absent_fields_stay_as_they_are(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let given =
        json!({"consentedPurposes": ["a", "b"], "isChild": true, "metadata": {"k": 1}, "dataPrincipalId": "user-1"});
    let session = tenant.post(SESSION, &given).await.expect(201);
    for (field, value) in [
        ("consentedPurposes", json!(["c"])),
        ("isChild", json!(false)),
        ("metadata", json!({"k": 2})),
        ("consentedPurposes", json!([])),
    ] {
        let before = tenant.get(session_path(&session)).await.expect(200);
        let after = tenant.patch(SESSION, &change(&session, &json!({field: value}))).await.expect(200);
        let mut expected = before.clone();
        expected[field] = value;
        expected["updatedAt"] = after["updatedAt"].clone();
        assert_eq!(after, expected);
    }
    // A null counts as absent, and then the patch is empty.
    for field in ["consentedPurposes", "isChild", "metadata", "closed", "closureReason"] {
        tenant.patch(SESSION, &change(&session, &json!({field: null}))).await.expect_error(400, "BAD_REQUEST");
    }
}

async fn metadata_is_merged(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // The examples of RFC 7396, appendix A, in which both sides are objects.
    for (original, patch, result) in [
        (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
        (json!({"a": "b"}), json!({"a": null}), json!({})),
        (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
        (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
        (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
        (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
        (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
        (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
    ] {
        let session = tenant.post(SESSION, &json!({"metadata": original})).await.expect(201);
        let patched = tenant.patch(SESSION, &change(&session, &json!({"metadata": patch}))).await.expect(200);
        assert_eq!(patched["metadata"], result, "{original} with {patch}");
        assert_eq!(tenant.get(session_path(&session)).await.expect(200)["metadata"], result);
    }
}

async fn metadata_is_limited_after_the_merge(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // {"k":"…"} is 16 KiB as compact JSON.
    let full = json!({"k": "x".repeat(16 * 1024 - 8)});
    let session = tenant.post(SESSION, &json!({"metadata": full})).await.expect(201);
    let over = json!({"k": "x".repeat(16 * 1024 - 7)});
    tenant.post(SESSION, &json!({"metadata": over})).await.expect_field_errors(400, "BAD_REQUEST", &["metadata"]);
    let more = change(&session, &json!({"metadata": {"l": 1}}));
    tenant.patch(SESSION, &more).await.expect_field_errors(400, "BAD_REQUEST", &["metadata"]);
    assert_eq!(tenant.get(session_path(&session)).await.expect(200), session);
    let instead = change(&session, &json!({"metadata": {"k": null, "l": "x".repeat(16 * 1024 - 8)}}));
    tenant.patch(SESSION, &instead).await.expect(200);
}

async fn metadata_takes_any_json(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let deep = (0..60).fold(json!("bottom"), |inner, _| json!({"d": inner}));
    for metadata in [
        json!({"": "", "a.b": {"c[0]": 1}, "$set": "#x :y"}),
        json!({"large": 1e300, "small": 5e-324, "exact": 9_007_199_254_740_993_i64, "most": u64::MAX}),
        json!({"empty list": [], "empty object": {}, "empty text": "", "set": [1, 1, "1"]}),
        deep,
    ] {
        let created = tenant.post(SESSION, &json!({"metadata": metadata})).await.expect(201);
        assert_eq!(created["metadata"], metadata);
        assert_eq!(tenant.get(session_path(&created)).await.expect(200)["metadata"], metadata);
        let patched = tenant.patch(SESSION, &change(&created, &json!({"metadata": {"new": true}}))).await.expect(200);
        assert_eq!(patched["metadata"], with(&metadata, "new", Some(json!(true))));
    }
}

async fn a_closed_session_stays_closed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (request, reason) in [
        (json!({"closed": true, "closureReason": "Account deleted"}), json!("Account deleted")),
        (json!({"closed": true, "isChild": true}), Value::Null),
    ] {
        let session = tenant.create_session().await;
        let closed = tenant.patch(SESSION, &change(&session, &request)).await.expect(200);
        assert_eq!((&closed["closed"], &closed["closureReason"]), (&json!(true), &reason));
        assert_eq!(time(&closed["closedAt"]), time(&closed["updatedAt"]));
        for later in [json!({"closed": false}), json!({"isChild": false}), request] {
            tenant.patch(SESSION, &change(&session, &later)).await.expect_error(409, "SESSION_CLOSED");
        }
        assert_eq!(tenant.get(session_path(&session)).await.expect(200), closed);
    }
}

async fn a_reason_needs_closed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    for fields in [
        json!({"closureReason": "Why"}),
        json!({"closureReason": "Why", "isChild": true}),
        json!({"closureReason": "Why", "closed": null, "isChild": true}),
    ] {
        tenant.patch(SESSION, &change(&session, &fields)).await.expect_field_errors(
            400,
            "BAD_REQUEST",
            &["closureReason"],
        );
    }
    let not_kept = change(&session, &json!({"closed": false, "closureReason": "Why"}));
    assert_eq!(tenant.patch(SESSION, &not_kept).await.expect(200), session);
}

async fn a_patch_without_any_change_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    tenant.patch(SESSION, &change(&session, &json!({}))).await.expect_error(400, "BAD_REQUEST");
    // The members are checked before the state.
    let unknown = json!({"sessionId": "00000000-0000-0000-0000-000000000000"});
    tenant.patch(SESSION, &unknown).await.expect_error(400, "BAD_REQUEST");
}

async fn a_change_that_changes_nothing_leaves_the_time(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let given = json!({"consentedPurposes": ["a", "b"], "metadata": {"k": 1}});
    let session = tenant.post(SESSION, &given).await.expect(201);
    for same in [
        json!({"consentedPurposes": ["a", "b"]}),
        json!({"isChild": false, "metadata": {}}),
        json!({"metadata": {"k": 1, "absent": null}}),
        json!({"closed": false}),
    ] {
        assert_eq!(tenant.patch(SESSION, &change(&session, &same)).await.expect(200), session);
    }
    // The order of the purposes is part of the state.
    let reordered = change(&session, &json!({"consentedPurposes": ["b", "a"]}));
    let reordered = tenant.patch(SESSION, &reordered).await.expect(200);
    assert_eq!(reordered["consentedPurposes"], json!(["b", "a"]));
    assert!(time(&reordered["updatedAt"]) > time(&session["updatedAt"]));
}

fn metadata() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z]{0,3}".prop_map(Value::from)
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-c]", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::btree_map("[a-c]", value, 0..4).prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn patch() -> impl Strategy<Value = Value> {
    let purposes = prop::collection::btree_set("[a-f]{1,2}", 0..4);
    let fields = (prop::option::of(purposes), prop::option::of(any::<bool>()), prop::option::of(metadata()));
    fields.prop_filter_map("nothing to change", |(purposes, is_child, metadata)| {
        let mut fields = Map::new();
        fields.extend(purposes.map(|purposes| ("consentedPurposes".to_owned(), json!(purposes))));
        fields.extend(is_child.map(|is_child| ("isChild".to_owned(), json!(is_child))));
        fields.extend(metadata.map(|metadata| ("metadata".to_owned(), metadata)));
        (!fields.is_empty()).then_some(Value::Object(fields))
    })
}

/// RFC 7396, section 2.
fn merged(target: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut result = target.as_object().cloned().unwrap_or_default();
    for (name, value) in patch {
        if value.is_null() {
            result.remove(name);
        } else {
            let before = result.get(name).cloned().unwrap_or_default();
            result.insert(name.clone(), merged(&before, value));
        }
    }
    Value::Object(result)
}

/// Absent members stay as they are, given ones take effect, and a repeat changes nothing.
async fn a_patch_merges_and_a_repeat_changes_nothing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let session = tenant.create_session().await;
    let mut before = session.clone();
    for _ in 0..60 {
        let fields = patch().new_tree(&mut runner).expect("a patch").current();
        let once = tenant.patch(SESSION, &change(&session, &fields)).await.expect(200);
        let mut expected = before.clone();
        for (name, value) in fields.as_object().into_iter().flatten() {
            expected[name] = if name == "metadata" { merged(&before[name], value) } else { value.clone() };
        }
        expected["updatedAt"] = once["updatedAt"].clone();
        assert_eq!(once, expected, "{fields}");
        let twice = tenant.patch(SESSION, &change(&session, &fields)).await.expect(200);
        assert_eq!(twice, once, "{fields}");
        before = once;
    }
    assert_eq!(tenant.get(session_path(&session)).await.expect(200), before);
}

async fn creation_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let call = Call {
        caller: &tenant,
        method: Method::POST,
        path: SESSION.to_owned(),
        body: json!({"consentedPurposes": ["a", "b"], "isChild": false, "metadata": {}, "dataPrincipalId": "user-1"}),
    };
    call.refuses(&[shared_errors(), each("dataPrincipalId", not_texts(256))].concat()).await;
    let hundred: Vec<String> = (0..100).map(|index| format!("{index:0128}")).collect();
    tenant.post(SESSION, &json!({"consentedPurposes": hundred})).await.expect(201);
    // Members that only a PATCH may set.
    for field in ["closed", "closureReason", "sessionId"] {
        tenant.post(SESSION, &json!({field: "x"})).await.expect_field_errors(400, "BAD_REQUEST", &[field]);
    }
}

fn shared_errors() -> Vec<(&'static str, Value)> {
    let many: Vec<String> = (0..101).map(|index| format!("p{index}")).collect();
    [
        each("consentedPurposes", vec![json!("a"), json!({}), json!(1), json!(many)]),
        each("consentedPurposes[1]", not_texts(128)),
        each("consentedPurposes[1]", vec![Value::Null, json!("a")]),
        each("isChild", vec![json!("true"), json!(0), json!([])]),
        each(
            "metadata",
            vec![json!("{}"), json!([]), json!(1), json!(true), json!({"k": ["a\u{0}b"]}), json!({"a\u{7}b": 1})],
        ),
    ]
    .concat()
}

async fn patch_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let call = Call {
        caller: &tenant,
        method: Method::PATCH,
        path: SESSION.to_owned(),
        body: change(
            &session,
            &json!({"consentedPurposes": ["a", "b"], "isChild": false, "metadata": {}, "closed": false, "closureReason": "x"}),
        ),
    };
    let not_uuids = [
        "nonsense",
        "",
        "00000000000000000000000000000000",
        "{00000000-0000-0000-0000-000000000000}",
        "00000000-0000-0000-0000-00000000000g",
    ];
    let spoiled = [
        shared_errors(),
        each("sessionId", not_uuids.map(|id| json!(id)).to_vec()),
        each("sessionId", vec![json!(1), json!([])]),
        each("closed", vec![json!("true"), json!(1), json!({})]),
        each("closureReason", not_texts(2000)),
    ]
    .concat();
    call.refuses(&spoiled).await;
    let faulty = json!({"sessionId": "x", "isChild": "no", "consentedPurposes": ["a", "a", ""], "closureReason": "x", "extra": 1});
    let fields = ["sessionId", "isChild", "consentedPurposes[1]", "consentedPurposes[2]", "closureReason", "extra"];
    tenant.patch(SESSION, &faulty).await.expect_field_errors(400, "BAD_REQUEST", &fields);
}

//! Concurrent calls. The calls of every race truly overlap: the proxy before the database holds them until all have
//! arrived, and the race is repeated until that has succeeded.

use std::collections::BTreeSet;

use assent_tests::client::Response;
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    CATALOG, CHECKS, GRANTS, NOTICES, RECORDS, SESSION, Tenant, accepted, child_grant, complete_draft,
    consent_type_path, consent_type_with_triple, draft_path, erasure_path, events_path, grant_path, in_language,
    notice, public_path, publish_path, record, record_path, refusal, sha256, site, text, text_of, unique, unique_label,
    version_path, versions_path, with, withdraw_path, withdrawals_path,
};
use assent_tests::race::{PATIENCE, Round, at_once, overtaken, until_complete, until_overlapping};
use assent_tests::system::System;
use assent_tests::trail::Trail;
use futures_util::future::{join, join_all};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    on each engine:
    one_of_32_identical_notices_is_registered,
    versions_registered_at_once_are_all_kept,
    a_version_in_two_concurrent_languages_has_one_first_language,
    one_of_the_withdrawals_of_each_of_fifty_records_succeeds,
    withdrawals_with_and_without_the_grant_agree,
    one_of_the_consent_types_takes_the_triple,
    no_edit_lands_after_the_first_consent,
    an_edit_that_comes_second_is_refused,
    a_consent_binds_the_newest_version_of_its_moment,
    new_versions_leave_no_gap,
    no_record_is_made_under_a_grant_that_was_revoked_first,
    no_child_is_made_under_a_grant_that_was_revoked_first,
    records_and_revocations_at_once_agree,
    changes_of_one_session_are_all_kept,
    one_of_many_concurrent_calls_closes_a_session,
    every_read_is_counted,
    the_count_of_a_record_that_is_removed_meanwhile_does_not_remain,
    a_record_that_is_read_during_its_erasure_is_shown_before_or_after_it,
    a_deletion_and_the_first_consent_agree,
    a_consent_that_comes_after_the_deletion_is_refused,
    a_deletion_that_comes_after_the_first_consent_is_refused,
    a_deletion_and_a_new_version_agree,
    a_deletion_and_the_first_use_of_its_oldest_version_agree,
    one_of_many_concurrent_calls_publishes_a_version,
    a_publication_and_changes_of_its_drafts_agree,
    the_later_of_a_publication_and_a_replacement_sees_the_other,
    a_draft_is_shown_as_it_was_at_one_moment,
    of_a_consent_and_a_denial_at_once_one_sees_the_other,
    a_denial_ends_a_consent_that_overtook_it,
    a_consent_that_a_denial_overtook_is_the_later_one,
    one_of_a_renewal_and_a_withdrawal_succeeds,
    withdrawals_of_some_and_of_all_purposes_agree,
    a_record_that_is_made_during_a_withdrawal_of_all_is_withdrawn_too,
    records_and_withdrawals_of_all_at_once_agree,
    withdrawals_of_all_at_once_end_each_record_once,
];

fn all_are(responses: &[&Response], status: u16, code: &str) {
    for response in responses {
        response.expect_error(status, code);
    }
}

async fn one_of_32_identical_notices_is_registered(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let notice = notice();
        let requests = vec![tenant.posting(NOTICES, &notice); 32];
        let round = at_once(system, &tenant.client, Matching::writes(&text(&notice, "noticeId")), requests).await?;
        assert_eq!((round.count(201), round.count(409)), (1, 31));
        all_are(&round.of(409).collect::<Vec<_>>(), 409, "CONFLICT");
        Some(round.overlapped)
    })
    .await;
}

async fn versions_registered_at_once_are_all_kept(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let notice = notice();
        let requests =
            (0..16).map(|version| tenant.posting(NOTICES, &with(&notice, "version", Some(json!(version.to_string())))));
        let held = Matching::writes(&text(&notice, "noticeId"));
        let round = at_once(system, &tenant.client, held, requests.collect()).await?;
        assert_eq!(round.count(201), 16);
        Some(round.overlapped)
    })
    .await;
}

async fn a_version_in_two_concurrent_languages_has_one_first_language(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let notice = notice();
        let in_language = |language: &str, code: &str| {
            let body = with(&notice, "language", Some(json!(language)));
            tenant.posting(NOTICES, &with(&body, "purposes[0].code", Some(json!(code))))
        };
        // Two with the same purposes, and two with others: only one pair can be registered.
        let requests =
            vec![in_language("en", "a"), in_language("hi", "a"), in_language("ta", "b"), in_language("te", "b")];
        let round = at_once(system, &tenant.client, Matching::writes(&text(&notice, "noticeId")), requests).await?;
        let statuses: Vec<u16> = round.responses.iter().map(Response::status).collect();
        assert!(statuses == [201, 201, 409, 409] || statuses == [409, 409, 201, 201], "{statuses:?}");
        all_are(&round.of(409).collect::<Vec<_>>(), 409, "PURPOSES_DIFFER");
        Some(round.overlapped)
    })
    .await;
}

/// Fifty records, thirty of them alone under their grants and ten pairs under one each; thirty
/// withdrawals at once of each record or pair, with all combinations of flags.
async fn one_of_the_withdrawals_of_each_of_fifty_records_succeeds(system: &'static System) {
    const AT_ONCE: usize = 30;
    let tenant = Tenant::new(system).await;
    let flags = |number: usize| (number & 1 == 0, number & 2 == 0);
    let mut rounds: Vec<(Vec<Value>, Round)> = Vec::new();
    let round = async |records: usize| {
        let person = unique("user");
        let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
        let made = (0..records).map(|_| tenant.post(RECORDS, &record(&grant, &notice, &person)));
        let made: Vec<Value> = join_all(made).await.iter().map(|response| response.expect(201)).collect();
        let requests = (0..AT_ONCE).map(|number| {
            let (revoke, delete) = flags(number / records);
            let body = json!({"reason": number.to_string(), "revokeGrant": revoke, "deleteProcessedData": delete});
            tenant.posting(withdraw_path(&made[number % records]), &body)
        });
        // The entry of every withdrawal names the grant.
        let held = Matching::writes(&text(&grant, "grantId"));
        let round = at_once(system, &tenant.client, held, requests.collect()).await?;
        Some((made, round))
    };
    // First a race that starts the functions.
    until_overlapping(system, async || Some(round(1).await?.1.overlapped)).await;
    {
        let _alone = system.racing.lock().await;
        for number in 0..40 {
            rounds.push(until_complete(async || round(if number % 4 == 3 { 2 } else { 1 }).await).await);
        }
    }
    let overlapped = rounds.iter().filter(|(_, round)| round.overlapped).count();
    assert!(overlapped >= 20, "only {overlapped} of {} rounds overlapped", rounds.len());
    let left = system.contents.of(tenant.id).await;
    let mut records = 0;
    for (made, round) in &rounds {
        let mut revoked = false;
        assert_eq!(round.count(200) + round.count(409), AT_ONCE);
        all_are(&round.of(409).collect::<Vec<_>>(), 409, "ALREADY_WITHDRAWN");
        for (position, record) in made.iter().enumerate() {
            let own = round.responses.iter().enumerate().skip(position).step_by(made.len());
            let winners: Vec<(usize, &Response)> = own.filter(|(_, response)| response.status() == 200).collect();
            assert_eq!(winners.len(), 1, "{record}");
            let (number, winner) = winners[0];
            let (winner, id) = (winner.body(), text(record, "recordId"));
            let (revoke, delete) = flags(number / made.len());
            assert_eq!((&winner["grantRevoked"], &winner["dataDeleted"]), (&json!(revoke), &json!(delete)));
            revoked |= revoke;

            let item = left.at("ConsentRecordsTable", &format!("{}#{id}", tenant.id), "record").expect("the record");
            let said = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
            assert_eq!(said("state").as_deref(), Some("withdrawn"));
            assert_eq!(said("withdrawnReason"), Some(number.to_string()));
            assert_eq!(said("withdrawnAt").as_deref(), winner["withdrawnAt"].as_str());
            let trail = Trail::of_record(&left, tenant.id, &id);
            assert_eq!(trail.actions(), ["record.created", "record.withdrawn"]);
            assert_eq!(trail.has_key, !delete);
            records += 1;
        }
        let grant = text(&made[0], "grantId");
        assert_eq!(Trail::of_grant(&left, tenant.id, &grant).count("grant.revoked"), usize::from(revoked));
        let read = tenant.get(format!("{GRANTS}/{grant}")).await.expect(200);
        assert_eq!(read["status"] == "revoked", revoked, "{read}");
    }
    assert_eq!(records, 50);
}

async fn withdrawals_with_and_without_the_grant_agree(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for _ in 0..5 {
        until_overlapping(system, async || {
            let record = tenant.create_record().await;
            let asking =
                |revoke: bool| tenant.posting(withdraw_path(&record), &json!({"reason": "x", "revokeGrant": revoke}));
            let requests = vec![asking(true), asking(false)];
            let held = Matching::writes(&text(&record, "recordId"));
            let round = at_once(system, &tenant.client, held, requests).await?;
            assert_eq!((round.count(200), round.count(409)), (1, 1));
            // The grant is revoked exactly if the successful withdrawal asked for it.
            let revoked = round.responses[0].status() == 200;
            let grant = tenant.get(grant_path(&record)).await.expect(200);
            assert_eq!(grant["status"] == "revoked", revoked, "{grant}");
            Some(round.overlapped)
        })
        .await;
    }
}

async fn one_of_the_consent_types_takes_the_triple(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let label = unique_label();
        let body = consent_type_with_triple(&label);
        let requests = vec![tenant.posting(CATALOG, &body); 8];
        let round = at_once(system, &tenant.client, Matching::writes(&label), requests).await?;
        assert_eq!((round.count(201), round.count(409)), (1, 7));
        Some(round.overlapped)
    })
    .await;
}

/// Three edits and the first consent are sent to the database at the same moment; a fourth edit is held until the
/// consent has succeeded and its text has been read.
async fn no_edit_lands_after_the_first_consent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    for _ in 0..25 {
        until_overlapping(system, async || {
            let id = tenant.create_consent_type().await;
            let path = version_path(&id, "1");
            let urls =
                ["https://example.com/1", "https://example.com/2", "https://example.com/3", "https://example.com/late"];
            let all = system.faults.hold_until(Matching::writes(&id), urls.len() + 1, PATIENCE);
            let late = system.faults.hold(Matching::writes(&id).and(&urls[3]), PATIENCE);
            let edits = join_all(urls.map(|url| tenant.patch(&path, &json!({"url": url}))));
            let consent = async {
                let event = tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
                let bound = tenant.get(&path).await.expect(200);
                late.release();
                (event, bound)
            };
            let (edits, (event, bound)) = join(edits, consent).await;
            assert_eq!(event["items"][0]["version"], 1);
            assert_eq!(bound["isUsed"], true);
            // The text that was consented to stays, and is that of an edit that succeeded.
            assert_eq!(tenant.get(&path).await.expect(200), bound);
            for (edit, url) in edits.iter().zip(urls).filter(|(edit, _)| edit.status() == 200) {
                assert_eq!(edit.body()["url"], url, "the response to an edit has its own text");
            }
            let (made, refused): (Vec<&Response>, Vec<&Response>) = edits.iter().partition(|edit| edit.status() == 200);
            all_are(&refused, 409, "CONSENT_VERSION_IN_USE");
            if made.is_empty() {
                assert_eq!(bound["url"], "https://example.com/policy");
            } else {
                assert!(made.iter().any(|edit| edit.body()["url"] == bound["url"]), "{bound}");
            }
            Some(all.held_all_at_once() && edits[3].status() == 409)
        })
        .await;
    }
}

/// The edit is held before the database, and the consent arrives first.
async fn an_edit_that_comes_second_is_refused(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let held = Matching::writes(&id).and(&"edited");
    let edit = tenant.patch(version_path(&id, "1"), &json!({"url": "https://example.com/edited"}));
    let (edit, consent) = overtaken(system, held, edit, tenant.post(events_path(&project), &accepted(&id))).await;
    consent.expect(201);
    edit.expect_error(409, "CONSENT_VERSION_IN_USE");
    assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["url"], "https://example.com/policy");
}

/// The consent is held before the database, and a newer version arrives first.
async fn a_consent_binds_the_newest_version_of_its_moment(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let held = Matching::writes(&id).and(&"ConsentEventsTable");
    let consent = tenant.post(events_path(&project), &accepted(&id));
    let (consent, newer) =
        overtaken(system, held, consent, tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})))
            .await;
    newer.expect(201);
    assert_eq!(consent.expect(201)["items"][0]["version"], 2);
    assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["isUsed"], false);
    assert_eq!(tenant.get(version_path(&id, "2")).await.expect(200)["isUsed"], true);
}

async fn new_versions_leave_no_gap(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let id = tenant.create_consent_type().await;
        let requests = vec![tenant.posting(versions_path(&id), &json!({"url": "https://example.com/"})); 20];
        let round = at_once(system, &tenant.client, Matching::writes(&id), requests).await?;
        let numbers: BTreeSet<u32> = round
            .responses
            .iter()
            .map(|response| text(&response.expect(201), "version").parse().expect("a number"))
            .collect();
        assert_eq!(numbers, (2..=21).collect());
        for response in &round.responses {
            let made = response.body();
            assert_eq!(tenant.get(version_path(&id, &text(&made, "version"))).await.expect(200), made);
        }
        Some(round.overlapped)
    })
    .await;
}

/// The record is held before the database while the grant is revoked.
async fn no_record_is_made_under_a_grant_that_was_revoked_first(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let root = tenant.create_grant("user-1").await;
    let child = tenant.post(GRANTS, &child_grant(&root, "user-1")).await.expect(201);
    let body = record(&child, &notice, "user-1");
    let held = Matching::writes(&text(&child, "grantId")).and(&"ConsentRecordsTable");
    let record = tenant.post(RECORDS, &body);
    let (record, revocation) = overtaken(system, held, record, tenant.delete(grant_path(&root))).await;
    revocation.expect_no_content();
    record.expect_error(400, "INVALID_GRANT");
}

async fn no_child_is_made_under_a_grant_that_was_revoked_first(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let parent = tenant.create_grant("user-1").await;
    let held = Matching::writes(&text(&parent, "grantId")).and(&"parentGrantId");
    let child = tenant.post(GRANTS, &child_grant(&parent, "user-1"));
    let (child, revocation) = overtaken(system, held, child, tenant.delete(grant_path(&parent))).await;
    revocation.expect_no_content();
    child.expect_error(400, "INVALID_GRANT");
}

async fn records_and_revocations_at_once_agree(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for _ in 0..10 {
        until_overlapping(system, async || {
            let grant = tenant.create_grant("user-1").await;
            let path = grant_path(&grant);
            let requests = vec![
                tenant.posting(RECORDS, &record(&grant, &notice, "user-1")),
                tenant.request(Method::DELETE, &path),
            ];
            let round = at_once(system, &tenant.client, Matching::writes(&text(&grant, "grantId")), requests).await?;
            round.responses[1].expect_no_content();
            if round.responses[0].status() == 201 {
                let created = round.responses[0].body();
                tenant.get(record_path(&created)).await.expect(200);
            } else {
                round.responses[0].expect_error(400, "INVALID_GRANT");
            }
            tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect_error(400, "INVALID_GRANT");
            Some(round.overlapped)
        })
        .await;
    }
}

async fn changes_of_one_session_are_all_kept(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let session = tenant.create_session().await;
        let id = text(&session, "sessionId");
        let requests = (0..12).map(|number| {
            let metadata = json!({number.to_string(): true});
            tenant.patching(SESSION, &json!({"sessionId": id, "metadata": metadata}))
        });
        let round = at_once(system, &tenant.client, Matching::writes(&id), requests.collect()).await?;
        assert_eq!(round.count(200), 12);
        let read = tenant.get(format!("{SESSION}/{id}")).await.expect(200);
        assert_eq!(read["metadata"].as_object().map(serde_json::Map::len), Some(12));
        Some(round.overlapped)
    })
    .await;
}

async fn one_of_many_concurrent_calls_closes_a_session(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let session = tenant.create_session().await;
        let id = text(&session, "sessionId");
        let requests = (0..12).map(|number| {
            tenant.patching(SESSION, &json!({"sessionId": id, "closed": true, "closureReason": number.to_string()}))
        });
        let round = at_once(system, &tenant.client, Matching::writes(&id), requests.collect()).await?;
        assert_eq!((round.count(200), round.count(409)), (1, 11));
        all_are(&round.of(409).collect::<Vec<_>>(), 409, "SESSION_CLOSED");
        let read = tenant.get(format!("{SESSION}/{id}")).await.expect(200);
        assert_eq!(round.of(200).next().map(Response::body), Some(read));
        Some(round.overlapped)
    })
    .await;
}

async fn every_read_is_counted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let record = tenant.create_record().await;
        let id = text(&record, "recordId");
        let requests = vec![tenant.request(Method::GET, format!("{RECORDS}/{id}")); 12];
        let round = at_once(system, &tenant.client, Matching::writes(&id), requests).await?;
        let counts: BTreeSet<u64> =
            round.responses.iter().filter_map(|response| response.expect(200)["accessCount"].as_u64()).collect();
        assert_eq!(counts, (1..=12).collect());
        Some(round.overlapped)
    })
    .await;
}

/// `DynamoDB` removes a record, whose retention has ended, after it was read and before its first access is counted.
async fn the_count_of_a_record_that_is_removed_meanwhile_does_not_remain(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let partition = format!("{}#{}", tenant.id, text(&record, "recordId"));
    let own_items = async || {
        let items = system.contents.of(tenant.id).await;
        let own = items.in_table("ConsentRecordsTable").filter(|(key, _)| key.partition == partition);
        own.map(|(key, item)| (key.clone(), item.clone())).collect::<Vec<_>>()
    };
    let removal = async {
        for (key, _) in own_items().await {
            system.contents.delete(&key).await;
        }
    };
    let creation_of_the_count = Matching::operations(&["UpdateItem"], &partition).and(&"removableAt");
    let read = tenant.get(record_path(&record));
    let (read, ()) = overtaken(system, creation_of_the_count, read, Box::pin(removal)).await;
    assert_eq!(read.expect(200)["accessCount"], 1);

    let end = async || {
        let left = own_items().await;
        assert_eq!(left.len(), 1, "{left:?}");
        left[0].1["removableAt"].as_n().expect("the time of its removal").clone()
    };
    let first = end().await;
    tenant.get(record_path(&record)).await.expect_error(404, "NOT_FOUND");
    assert_eq!(end().await, first);
}

async fn a_record_that_is_read_during_its_erasure_is_shown_before_or_after_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for _ in 0..5 {
        until_overlapping(system, async || {
            let person = unique("person");
            let grant = tenant.create_grant(&person).await;
            let verification = json!({"method": "otp", "reference": "ref-1", "at": "2026-01-01T00:00:00Z"});
            let mut body = record(&grant, &notice, &person);
            body["channel"] = json!("a branch");
            body["actor"] = json!({"type": "guardian", "id": "guardian-1", "verification": verification});
            let made = tenant.post(RECORDS, &body).await.expect(201);
            tenant.post(withdraw_path(&made), &json!({"reason": "My own"})).await.expect(200);
            let shown = |mut read: Value| {
                let members = read.as_object_mut().expect("a record");
                members.retain(|name, _| name != "accessCount" && name != "lastAccessedAt");
                read
            };
            let before = shown(tenant.get(record_path(&made)).await.expect(200));
            let requests = vec![
                tenant.request(Method::GET, record_path(&made)),
                tenant.request(Method::POST, erasure_path(&person)),
            ];
            let held = Matching::operations(&["Query", "TransactWriteItems"], &text(&made, "recordId"));
            let round = at_once(system, &tenant.client, held, requests).await?;
            round.responses[1].expect(201);
            let read = shown(round.responses[0].expect(200));
            let after = shown(tenant.get(record_path(&made)).await.expect(200));
            assert_eq!((&before["status"], &after["status"]), (&json!("withdrawn"), &json!("erased")));
            assert!(read == before || read == after, "{read}");
            Some(round.overlapped)
        })
        .await;
    }
}

async fn a_deletion_and_the_first_consent_agree(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    for _ in 0..5 {
        until_overlapping(system, async || {
            let id = tenant.create_consent_type().await;
            let requests = vec![
                tenant.request(Method::DELETE, consent_type_path(&id)),
                tenant.posting(events_path(&project), &accepted(&id)),
            ];
            let round = at_once(system, &tenant.client, Matching::writes(&id), requests).await?;
            let read = tenant.get(consent_type_path(&id)).await;
            if round.responses[0].status() == 204 {
                round.responses[1].expect_error(422, "UNPROCESSABLE_ENTITY");
                read.expect_error(404, "NOT_FOUND");
            } else {
                round.responses[0].expect_error(409, "CONSENT_TYPE_IN_USE");
                round.responses[1].expect(201);
                read.expect(200);
                assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["isUsed"], true);
            }
            Some(round.overlapped)
        })
        .await;
    }
}

async fn a_consent_that_comes_after_the_deletion_is_refused(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let held = Matching::writes(&id).and(&"ConsentEventsTable");
    let consent = tenant.post(events_path(&project), &accepted(&id));
    let (consent, deletion) = overtaken(system, held, consent, tenant.delete(consent_type_path(&id))).await;
    deletion.expect_no_content();
    consent.expect_error(422, "UNPROCESSABLE_ENTITY");
    tenant.get(consent_type_path(&id)).await.expect_error(404, "NOT_FOUND");
}

async fn a_deletion_that_comes_after_the_first_consent_is_refused(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let held = Matching::writes(&id).and(&"\"Delete\"");
    let deletion = tenant.delete(consent_type_path(&id));
    let (deletion, consent) =
        overtaken(system, held, deletion, tenant.post(events_path(&project), &accepted(&id))).await;
    consent.expect(201);
    deletion.expect_error(409, "CONSENT_TYPE_IN_USE");
    tenant.get(consent_type_path(&id)).await.expect(200);
}

/// The new version is deleted with the type.
async fn a_deletion_and_a_new_version_agree(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    let held = Matching::writes(&id).and(&"\"Delete\"");
    let deletion = tenant.delete(consent_type_path(&id));
    let (deletion, version) =
        overtaken(system, held, deletion, tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})))
            .await;
    version.expect(201);
    deletion.expect_no_content();
    tenant.get(version_path(&id, "2")).await.expect_error(404, "NOT_FOUND");
    let left = system.contents.of(tenant.id).await;
    assert_eq!(left.in_table("ConsentCatalogTable").count(), 0);
}

/// A deletion does not write the oldest of many versions.
async fn a_deletion_and_the_first_use_of_its_oldest_version_agree(system: &'static System) {
    for deletion_is_held in [true, false] {
        let (tenant, project, id) = site(system).await;
        for _ in 1..60 {
            tenant.post(versions_path(&id), &json!({"url": "https://example.com/next"})).await.expect(201);
        }
        let oldest = with(&accepted(&id), "items[0].version", Some(json!(1)));
        let consent = tenant.post(events_path(&project), &oldest);
        let deletion = tenant.delete(consent_type_path(&id));
        if deletion_is_held {
            let held = Matching::writes(&id).and(&"\"Delete\"");
            let (deletion, consent) = overtaken(system, held, deletion, consent).await;
            consent.expect(201);
            deletion.expect_error(409, "CONSENT_TYPE_IN_USE");
        } else {
            let held = Matching::writes(&id).and(&"ConsentEventsTable");
            let (consent, deletion) = overtaken(system, held, consent, deletion).await;
            deletion.expect_no_content();
            consent.expect_field_errors(422, "UNPROCESSABLE_ENTITY", &["items[0].consentType"]);
        }
    }
}

/// Both are held until both have read, so that neither has seen the other yet. One of them begins again.
async fn of_a_consent_and_a_denial_at_once_one_sees_the_other(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for _ in 0..5 {
        until_overlapping(system, async || {
            let person = unique("user");
            let grant = tenant.create_grant(&person).await;
            let consent = record(&grant, &notice, &person);
            let earlier = tenant.post(RECORDS, &consent).await.expect(201);
            let denial = with(&consent, "purposes[0].decision", Some(json!("denied")));
            let requests = vec![tenant.posting(RECORDS, &consent), tenant.posting(RECORDS, &denial)];
            let round = at_once(system, &tenant.client, Matching::writes(&person), requests).await?;
            assert_eq!(round.count(201), 2);
            assert_eq!(tenant.get(record_path(&earlier)).await.expect(200)["status"], "withdrawn");
            let [consent, denial] = [0, 1].map(|call: usize| round.responses[call].body());
            if text(&consent, "recordId") > text(&denial, "recordId") {
                expect_decided_by(&tenant, &person, &consent, "ALLOWED").await;
            } else {
                expect_ended(&tenant, &person, &consent, &denial).await;
            }
            Some(round.overlapped)
        })
        .await;
    }
}

/// The denial has read the person's records, and the consent is recorded before the denial is: the denial ends it.
async fn a_denial_ends_a_consent_that_overtook_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (notice, person) = (tenant.create_notice().await, unique("user"));
    let consent = record(&tenant.create_grant(&person).await, &notice, &person);
    let denial = tenant.post(RECORDS, &refusal(&notice, &person, &["analytics"]));
    let held = Matching::writes(&person).and(&"deniedPurposes");
    let (denial, consent) = overtaken(system, held, denial, tenant.post(RECORDS, &consent)).await;
    expect_ended(&tenant, &person, &consent.expect(201), &denial.expect(201)).await;
}

/// The denial is recorded before the consent is: the consent is the later decision, and its id says so too.
async fn a_consent_that_a_denial_overtook_is_the_later_one(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (notice, person) = (tenant.create_notice().await, unique("user"));
    let consent = record(&tenant.create_grant(&person).await, &notice, &person);
    let held = Matching::writes(&person).and(&"GrantsTable");
    let denial = tenant.post(RECORDS, &refusal(&notice, &person, &["analytics"]));
    let (consent, denial) = overtaken(system, held, tenant.post(RECORDS, &consent), denial).await;
    let (consent, denial) = (consent.expect(201), denial.expect(201));
    assert!(text(&consent, "recordId") > text(&denial, "recordId"));
    assert!(text(&consent, "createdAt") >= text(&denial, "createdAt"));
    assert_eq!(tenant.get(record_path(&consent)).await.expect(200)["status"], "active");
    expect_decided_by(&tenant, &person, &consent, "ALLOWED").await;
}

/// What the denial ended shows it, and the denial decides.
async fn expect_ended(tenant: &Tenant, person: &str, consent: &Value, denial: &Value) {
    assert!(text(consent, "recordId") < text(denial, "recordId"));
    let ended = tenant.get(record_path(consent)).await.expect(200);
    assert_eq!(ended["status"], "withdrawn", "{ended}");
    let trail = tenant.get(format!("{}/audit", record_path(consent))).await.expect(200);
    assert_eq!(trail["entries"][1]["details"]["deniedBy"], denial["recordId"], "{trail}");
    expect_decided_by(tenant, person, denial, "DENIED").await;
}

/// The record decides, in a check and among the decisions that are in force.
async fn expect_decided_by(tenant: &Tenant, person: &str, record: &Value, code: &str) {
    let question = json!({"items": [{"dataPrincipalId": person, "purpose": "analytics"}]});
    let answer = tenant.post(CHECKS, &question).await.expect(200)["items"][0].clone();
    assert_eq!((&answer["code"], &answer["recordId"]), (&json!(code), &record["recordId"]));
    let in_force = tenant.get(format!("/v1/dpdp/data-principals/{person}/decisions")).await.expect(200);
    assert_eq!(in_force["decisions"][0]["recordId"], record["recordId"], "{in_force}");
}

async fn one_of_a_renewal_and_a_withdrawal_succeeds(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let body = record(&grant, &notice, "user-1");
    for _ in 0..5 {
        until_overlapping(system, async || {
            let renewed = tenant.post(RECORDS, &body).await.expect(201);
            let renewal = with(&body, "renews", Some(renewed["recordId"].clone()));
            let requests = vec![
                tenant.posting(RECORDS, &renewal),
                tenant.posting(RECORDS, &renewal),
                tenant.posting(withdraw_path(&renewed), &json!({"reason": "x"})),
            ];
            let held = Matching::writes(&text(&renewed, "recordId"));
            let round = at_once(system, &tenant.client, held, requests).await?;
            let statuses: Vec<u16> = round.responses.iter().map(Response::status).collect();
            let read = tenant.get(record_path(&renewed)).await.expect(200);
            assert_eq!((round.count(200) + round.count(201), round.count(409)), (1, 2), "{statuses:?}");
            match round.of(201).next() {
                Some(renewal) => {
                    assert_eq!((&read["status"], &read["renewedBy"]), (&json!("renewed"), &renewal.body()["recordId"]));
                }
                None => assert_eq!(read["status"], "withdrawn"),
            }
            all_are(&round.of(409).collect::<Vec<_>>(), 409, "NOT_ACTIVE");
            Some(round.overlapped)
        })
        .await;
    }
}

async fn withdrawals_of_some_and_of_all_purposes_agree(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let purposes = json!([{"code": "analytics", "description": "x"}, {"code": "personalization", "description": "x"}]);
    let body = with(&record(&grant, &notice, "user-1"), "purposes", Some(purposes));
    for _ in 0..5 {
        until_overlapping(system, async || {
            let made = tenant.post(RECORDS, &body).await.expect(201);
            let withdrawal =
                |purposes: Value| tenant.posting(withdraw_path(&made), &json!({"reason": "x", "purposes": purposes}));
            let requests =
                vec![withdrawal(json!(["analytics"])), withdrawal(json!(["personalization"])), withdrawal(Value::Null)];
            let held = Matching::writes(&text(&made, "recordId"));
            let round = at_once(system, &tenant.client, held, requests).await?;
            all_are(&round.of(409).collect::<Vec<_>>(), 409, "ALREADY_WITHDRAWN");
            // Each of those that succeeded ended something, and exactly one of them ended the record.
            let ended: Vec<Value> = round.of(200).map(Response::body).collect();
            assert_eq!(ended.iter().filter(|withdrawal| withdrawal["status"] == "withdrawn").count(), 1);
            for partly in ended.iter().filter(|withdrawal| withdrawal["status"] == "active") {
                assert_eq!(partly["remainingPurposes"].as_array().map(Vec::len), Some(1), "{partly}");
            }
            let left = system.contents.of(tenant.id).await;
            let trail = Trail::of_record(&left, tenant.id, &text(&made, "recordId"));
            assert_eq!(trail.entries.len(), 1 + ended.len());
            Some(round.overlapped)
        })
        .await;
    }
}

/// The drafts of a version in three languages.
async fn three_drafts(tenant: &Tenant) -> Value {
    let draft = complete_draft("en");
    for language in ["en", "hi", "ta"] {
        tenant.post(NOTICES, &in_language(&draft, language)).await.expect(201);
    }
    draft
}

async fn one_of_many_concurrent_calls_publishes_a_version(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let draft = three_drafts(&tenant).await;
        let requests = vec![tenant.posting(publish_path(&draft), &json!({})); 8];
        let round = at_once(system, &tenant.client, Matching::writes(&text(&draft, "noticeId")), requests).await?;
        assert_eq!((round.count(200), round.count(409)), (1, 7));
        all_are(&round.of(409).collect::<Vec<_>>(), 409, "NOTICE_PUBLISHED");
        Some(round.overlapped)
    })
    .await;
}

/// What is published is what the response of the publication says, whichever call comes first.
async fn a_publication_and_changes_of_its_drafts_agree(system: &'static System) {
    let tenant = Tenant::new(system).await;
    until_overlapping(system, async || {
        let draft = three_drafts(&tenant).await;
        let (hindi, tamil, telugu) = (in_language(&draft, "hi"), in_language(&draft, "ta"), in_language(&draft, "te"));
        let spoiled = with(&text_of(&tamil), "links", None);
        let replacement = with(&text_of(&draft), "title", Some(json!("Another title")));
        let requests = vec![
            tenant.posting(publish_path(&draft), &json!({})),
            tenant.request(Method::PUT, draft_path(&draft)).json(&replacement),
            tenant.request(Method::DELETE, draft_path(&hindi)),
            tenant.posting(NOTICES, &telugu),
            tenant.request(Method::PUT, draft_path(&tamil)).json(&spoiled),
        ];
        let held = Matching::writes(&text(&draft, "noticeId"));
        let round = at_once(system, &tenant.client, held, requests).await?;
        let [publication, replaced, deleted, added, incomplete] = [0, 1, 2, 3, 4].map(|call| &round.responses[call]);
        let path = format!("{NOTICES}/{}", text(&draft, "noticeId"));
        let shown = tenant.get(path).await.expect(200)["versions"].as_array().expect("versions").clone();
        let of = |language: &str| shown.iter().find(|version| version["language"] == language);
        added.expect(201);
        assert!(of("te").is_some());
        if incomplete.status() == 200 {
            // It came before the publication, which found the gaps, so that all remained drafts.
            publication.expect_error(422, "NOTICE_INCOMPLETE");
            assert!(shown.iter().all(|version| version["status"] == "draft"));
            replaced.expect(200);
            deleted.expect_no_content();
            return Some(round.overlapped);
        }
        incomplete.expect_error(409, "NOTICE_PUBLISHED");
        let published = publication.expect(200)["languages"].as_array().expect("languages").clone();
        for language in ["en", "hi", "ta", "te"] {
            let one = published.iter().find(|one| one["language"] == language);
            let status = of(language).map(|version| version["status"].clone());
            match one {
                Some(one) => {
                    let public = tenant.get(public_path(one)).await.expect(200);
                    assert_eq!(public["documentHash"], one["documentHash"]);
                    let hash = serde_json_canonicalizer::to_string(&public["document"]).expect("canonical JSON");
                    assert_eq!(one["documentHash"], sha256(&hash), "{language}");
                    assert_eq!(status, Some(json!("published")));
                }
                None => assert_ne!(status, Some(json!("published")), "{language}"),
            }
        }
        let title = of("en").map(|version| version["title"].clone()).expect("English");
        for (call, success) in [(replaced, 200), (deleted, 204)] {
            if call.status() != success {
                call.expect_error(409, "NOTICE_PUBLISHED");
            }
        }
        assert_eq!(title == "Another title", replaced.status() == 200);
        assert_eq!(of("hi").is_none(), deleted.status() == 204);
        Some(round.overlapped)
    })
    .await;
}

/// A replacement that is held before its write finds the draft published, and a publication that is held finds the
/// draft replaced.
async fn the_later_of_a_publication_and_a_replacement_sees_the_other(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = three_drafts(&tenant).await;
    let replacement = with(&text_of(&draft), "title", Some(json!("Another title")));
    let put = |draft: &Value| tenant.send(tenant.request(Method::PUT, draft_path(draft)).json(&replacement));
    let publish = |draft: &Value| tenant.send(tenant.posting(publish_path(draft), &json!({})));
    let held = |body: &Value, only: &str| Matching::writes(&text(body, "noticeId")).and(&only);
    let call = held(&draft, "Another title");
    let (replaced, published) = overtaken(system, call, put(&draft), publish(&draft)).await;
    published.expect(200);
    replaced.expect_error(409, "NOTICE_PUBLISHED");

    let draft = three_drafts(&tenant).await;
    let call = held(&draft, "lastLanguage");
    let (published, replaced) = overtaken(system, call, publish(&draft), put(&draft)).await;
    replaced.expect(200);
    let published = &published.expect(200)["languages"][0];
    assert_eq!(published["language"], "en");
    assert_eq!(tenant.get(public_path(published)).await.expect(200)["document"]["title"], "Another title");
}

/// The draft is replaced, and then deleted, between the reads of its text and of its content.
async fn a_draft_is_shown_as_it_was_at_one_moment(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = three_drafts(&tenant).await;
    let path = format!("{NOTICES}/{}", text(&draft, "noticeId"));
    let contents = || Matching::operations(&["BatchGetItem"], &text(&draft, "noticeId")).and(&"content#");
    let replacement = with(&text_of(&draft), "content", Some(json!("Other words")));
    let put = tenant.send(tenant.request(Method::PUT, draft_path(&draft)).json(&replacement));
    let (shown, replaced) = overtaken(system, contents(), tenant.get(&path), put).await;
    replaced.expect(200);
    let shown = shown.expect(200)["versions"].as_array().expect("versions").clone();
    let english = shown.iter().find(|version| version["language"] == "en").expect("English");
    assert_eq!(english["content"], "Other words");
    assert_eq!(english["contentHash"], sha256("Other words"));
    assert_eq!(english["etag"].as_str(), replaced.header("etag"));
    let deletion = tenant.delete(draft_path(&draft));
    let (shown, deleted) = overtaken(system, contents(), tenant.get(&path), deletion).await;
    deleted.expect_no_content();
    assert_eq!(shown.expect(200)["versions"].as_array().map(Vec::len), Some(2));
}

/// The record is made while the first step of the withdrawal is held before the database.
async fn a_record_that_is_made_during_a_withdrawal_of_all_is_withdrawn_too(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("user");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    let body = record(&grant, &notice, &person);
    let earlier = tenant.post(RECORDS, &body).await.expect(201);
    let held = Matching::writes(&"WithdrawalsTable").and(&tenant.id);
    let withdrawal = tenant.post(withdrawals_path(&person), &json!({"purposes": "*", "reason": "x"}));
    let (withdrawal, made) = overtaken(system, held, withdrawal, tenant.post(RECORDS, &body)).await;
    let withdrawal = withdrawal.expect(201);
    assert_eq!((&withdrawal["status"], &withdrawal["recordsWithdrawn"]), (&json!("completed"), &json!(2)));
    for record in [&earlier, &made.expect(201)] {
        assert_eq!(tenant.get(record_path(record)).await.expect(200)["status"], "withdrawn");
    }
}

/// The new record is withdrawn too, or was made after the withdrawal had read the records for the last time.
async fn records_and_withdrawals_of_all_at_once_agree(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for _ in 0..5 {
        until_overlapping(system, async || {
            let person = unique("user");
            let grant = tenant.create_grant(&person).await;
            let body = record(&grant, &notice, &person);
            let earlier = tenant.post(RECORDS, &body).await.expect(201);
            let requests = vec![
                tenant.posting(withdrawals_path(&person), &json!({"purposes": ["analytics"], "reason": "x"})),
                tenant.posting(RECORDS, &body),
            ];
            let round = at_once(system, &tenant.client, Matching::writes(&person), requests).await?;
            let withdrawal = round.responses[0].expect(201);
            let made = round.responses[1].expect(201);
            assert_eq!(withdrawal["status"], "completed");
            assert_eq!(tenant.get(record_path(&earlier)).await.expect(200)["status"], "withdrawn");
            let status = tenant.get(record_path(&made)).await.expect(200)["status"].clone();
            match withdrawal["recordsWithdrawn"].as_u64() {
                Some(1) => assert_eq!(status, "active"),
                count => assert_eq!((count, status), (Some(2), json!("withdrawn"))),
            }
            Some(round.overlapped)
        })
        .await;
    }
}

async fn withdrawals_of_all_at_once_end_each_record_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for _ in 0..3 {
        until_overlapping(system, async || {
            let person = unique("user");
            let grant = tenant.create_grant(&person).await;
            let body = record(&grant, &notice, &person);
            let made = [tenant.post(RECORDS, &body).await.expect(201), tenant.post(RECORDS, &body).await.expect(201)];
            let order = json!({"purposes": "*", "reason": "x"});
            let mut requests = vec![tenant.posting(withdrawals_path(&person), &order); 6];
            requests.push(tenant.posting(withdraw_path(&made[0]), &json!({"reason": "x"})));
            let round = at_once(system, &tenant.client, Matching::writes(&person), requests).await?;
            all_are(&round.of(409).collect::<Vec<_>>(), 409, "ALREADY_WITHDRAWN");
            let ids: BTreeSet<String> = round.of(201).map(|response| text(&response.body(), "withdrawalId")).collect();
            // Whoever took part in the withdrawal names the same one.
            assert_eq!((ids.len(), round.count(200) + round.count(201) + round.count(409)), (1, 7));
            let left = system.contents.of(tenant.id).await;
            for record in &made {
                let trail = Trail::of_record(&left, tenant.id, &text(record, "recordId"));
                assert_eq!(trail.actions(), ["record.created", "record.withdrawn"]);
            }
            Some(round.overlapped)
        })
        .await;
    }
}

//! `ETag` and `If-Match`: a change can demand the state that its caller has seen.

use assent_tests::client::{Request, Response};
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    CATALOG, GRANTS, NOTICES, ORGANISATION, PROJECTS, RECIPIENTS, SESSION, Tenant, accepted, complete_draft,
    consent_type_path, draft_path, events_path, grant_path, grievance_path, publish_path, recipient, recipient_path,
    record_path, text, text_of, unique, version_path, versions_path, with, withdraw_path,
};
use assent_tests::race::{at_once, until_overlapping};
use assent_tests::system::System;
use serde_json::{Value, json};

crate::trials![
    every_response_that_shows_a_resource_has_its_etag,
    an_etag_stays_until_the_resource_changes,
    the_right_etag_lets_a_change_pass,
    another_etag_is_refused_and_nothing_changes,
    a_star_matches_any_state,
    one_matching_etag_of_a_list_is_enough,
    lists_may_come_in_several_lines,
    weak_etags_match_nothing,
    malformed_lists_are_refused,
    all_errors_are_named_at_once,
    a_missing_resource_is_a_404_before_a_412,
    a_change_of_state_in_between_is_a_412_before_a_409,
    a_patch_that_changes_nothing_keeps_the_etag,
    a_replay_has_the_etag_of_the_first_response,
    a_read_ignores_if_match,
    a_draft_takes_if_match,
    a_withdrawal_changes_a_records_etag_and_a_read_does_not;
    on each engine:
    the_first_use_changes_a_versions_etag,
    one_of_two_changes_with_the_same_etag_passes,
    a_deletion_takes_if_match,
];

/// A resource that can be changed repeatedly.
struct Resource {
    tenant: Tenant,
    kind: Kind,
    /// The path at which it is read.
    path: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Session,
    ConsentType,
    Version,
    Grievance,
    Project,
    Organisation,
    Recipient,
}

const KINDS: [Kind; 7] = [
    Kind::Session,
    Kind::ConsentType,
    Kind::Version,
    Kind::Grievance,
    Kind::Project,
    Kind::Organisation,
    Kind::Recipient,
];

impl Resource {
    async fn new(system: &'static System, kind: Kind) -> Self {
        let tenant = Tenant::new(system).await;
        let path = match kind {
            Kind::Session => format!("{SESSION}/{}", text(&tenant.create_session().await, "sessionId")),
            Kind::ConsentType => format!("{CATALOG}/{}", tenant.create_consent_type().await),
            Kind::Version => version_path(&tenant.create_consent_type().await, "1"),
            Kind::Grievance => grievance_path(&tenant.create_grievance("user-1").await),
            Kind::Project => format!("{PROJECTS}/{}", tenant.create_project().await),
            Kind::Organisation => ORGANISATION.to_owned(),
            Kind::Recipient => recipient_path(&tenant.post(RECIPIENTS, &recipient()).await.expect(201)),
        };
        Self { tenant, kind, path }
    }

    /// Its id; for an organisation, the tenant's.
    fn id(&self) -> String {
        if self.kind == Kind::Organisation {
            return self.tenant.id.to_string();
        }
        let part = if self.kind == Kind::Version { 4 } else { self.path.split('/').count() - 1 };
        self.path.split('/').nth(part).unwrap_or_default().to_owned()
    }

    /// A valid change.
    fn change(&self) -> Request {
        self.changing(&match self.kind {
            Kind::Session => json!({"sessionId": self.id(), "metadata": {"k": unique("v")}}),
            Kind::ConsentType => json!({"title": unique("Policy")}),
            Kind::Version => json!({"description": unique("Edition")}),
            Kind::Grievance => json!({"status": "in_review"}),
            Kind::Project | Kind::Organisation | Kind::Recipient => json!({"name": unique("Shop")}),
        })
    }

    fn changing(&self, body: &Value) -> Request {
        let path = if self.kind == Kind::Session { SESSION } else { self.path.as_str() };
        let method = if self.kind == Kind::Organisation { hyper::Method::PUT } else { hyper::Method::PATCH };
        self.tenant.request(method, path).json(body)
    }

    async fn change_if(&self, value: impl AsRef<[u8]>) -> Response {
        self.tenant.send(self.change().header("If-Match", value)).await
    }

    async fn read(&self) -> (Value, String) {
        let response = self.tenant.get(&self.path).await;
        (response.expect(200), tag(&response))
    }
}

/// The `ETag` of a response; asserts that it is strong and in quotes.
#[track_caller]
fn tag(response: &Response) -> String {
    let tag = response.header("etag").expect("an ETag");
    let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or_default();
    assert!(!inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'), "{response}");
    tag.to_owned()
}

async fn every_response_that_shows_a_resource_has_its_etag(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.post(SESSION, &json!({})).await;
    let read = tenant.get(format!("{SESSION}/{}", text(&session.expect(201), "sessionId"))).await;
    assert_eq!(tag(&session), tag(&read));

    let id = tenant.create_consent_type().await;
    let version = tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})).await;
    version.expect(201);
    assert_eq!(tag(&version), tag(&tenant.get(version_path(&id, "2")).await));

    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        let (_, before) = resource.read().await;
        let changed = resource.tenant.send(resource.change()).await;
        assert_ne!(tag(&changed), before, "{kind:?}");
        assert_eq!(resource.read().await, (changed.expect(200), tag(&changed)), "{kind:?}");
    }
}

async fn an_etag_stays_until_the_resource_changes(system: &'static System) {
    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        let mut seen = vec![resource.read().await.1];
        assert_eq!(resource.read().await.1, seen[0], "{kind:?}");
        let changes = match kind {
            Kind::Session => vec![
                json!({"sessionId": resource.id(), "isChild": true}),
                json!({"sessionId": resource.id(), "closed": true}),
            ],
            Kind::ConsentType => vec![json!({"title": "a"}), json!({"description": "b"})],
            Kind::Version => vec![json!({"description": "a"}), json!({"description": "b"})],
            Kind::Grievance => vec![json!({"status": "in_review"}), json!({"status": "resolved", "resolution": "x"})],
            Kind::Project => vec![json!({"domains": []}), json!({"name": "ab"})],
            Kind::Organisation => vec![json!({"name": "a"}), json!({"name": "b"})],
            Kind::Recipient => vec![json!({"purposes": ["*"]}), json!({"country": null})],
        };
        for body in changes {
            let changed = resource.tenant.send(resource.changing(&body)).await;
            changed.expect(200);
            assert!(!seen.contains(&tag(&changed)), "{kind:?}: {changed}");
            seen.push(tag(&changed));
        }
    }
}

async fn the_right_etag_lets_a_change_pass(system: &'static System) {
    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        let (_, tag) = resource.read().await;
        resource.change_if(&tag).await.expect(200);
        // Another caller still has the old state.
        resource.change_if(&tag).await.expect_error(412, "PRECONDITION_FAILED");
    }
}

async fn another_etag_is_refused_and_nothing_changes(system: &'static System) {
    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        let before = resource.read().await;
        for other in ["\"other\"", "\"\"", "\"*\"", "\"a,b\"", "\"\u{e9}\"", "\"x\", \"y\""] {
            let error = resource.change_if(other).await.expect_error(412, "PRECONDITION_FAILED");
            assert_eq!(error["error"], "Precondition Failed");
        }
        assert_eq!(resource.read().await, before, "{kind:?}");
    }
}

async fn a_star_matches_any_state(system: &'static System) {
    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        resource.change_if("*").await.expect(200);
    }
}

async fn one_matching_etag_of_a_list_is_enough(system: &'static System) {
    for kind in KINDS {
        for (before, after) in [("\"x\", ", ""), ("", ",\"x\""), ("\"a,b\" ,W/\"x\",\t", " , \"y\""), (",, ", " ,")] {
            let resource = Resource::new(system, kind).await;
            let (_, tag) = resource.read().await;
            resource.change_if(format!("{before}{tag}{after}")).await.expect(200);
        }
    }
}

async fn lists_may_come_in_several_lines(system: &'static System) {
    for right_comes_first in [true, false] {
        let resource = Resource::new(system, Kind::Session).await;
        let (_, tag) = resource.read().await;
        let mut lines = [tag.as_str(), "\"other\""];
        if !right_comes_first {
            lines.reverse();
        }
        let request = lines.iter().fold(resource.change(), |request, line| request.header("If-Match", line));
        resource.tenant.send(request).await.expect(200);
    }
}

async fn weak_etags_match_nothing(system: &'static System) {
    let resource = Resource::new(system, Kind::Grievance).await;
    let (_, tag) = resource.read().await;
    resource.change_if(format!("W/{tag}")).await.expect_error(412, "PRECONDITION_FAILED");
    resource.change_if(&tag).await.expect(200);
}

async fn malformed_lists_are_refused(system: &'static System) {
    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        let (before, tag) = resource.read().await;
        let bare = tag.trim_matches('"');
        for bad in [
            bare.to_owned(),
            format!("\"{bare}"),
            format!("{bare}\""),
            format!("'{bare}'"),
            format!("w/{tag}"),
            format!("W/ {tag}"),
            format!("{tag} {tag}"),
            format!("{tag}{tag}"),
            format!("{tag};"),
            format!("*, {tag}"),
            format!("{tag}, *"),
            format!("\" {bare}\""),
            "**".to_owned(),
            ",".to_owned(),
        ] {
            resource.change_if(&bad).await.expect_field_errors(400, "BAD_REQUEST", &["If-Match"]);
        }
        assert_eq!(resource.read().await.0, before, "{kind:?}");
    }
}

async fn all_errors_are_named_at_once(system: &'static System) {
    let resource = Resource::new(system, Kind::Grievance).await;
    let faulty = resource.changing(&json!({"status": "closed", "more": 1})).header("If-Match", "1");
    resource.tenant.send(faulty).await.expect_field_errors(400, "BAD_REQUEST", &["If-Match", "more", "status"]);
    let unreadable = resource.tenant.request(hyper::Method::PATCH, &resource.path).bytes("{").header("If-Match", "1");
    assert!(resource.tenant.send(unreadable).await.expect_error(400, "BAD_REQUEST").get("details").is_none());
}

async fn a_missing_resource_is_a_404_before_a_412(system: &'static System) {
    // An organisation is never missing.
    for kind in KINDS.into_iter().filter(|kind| *kind != Kind::Organisation) {
        let (mut resource, other) = (Resource::new(system, kind).await, Resource::new(system, kind).await);
        resource.path.clone_from(&other.path);
        for value in ["\"0\"", "*", "\"other\""] {
            resource.change_if(value).await.expect_error(404, "NOT_FOUND");
        }
    }
}

async fn a_change_of_state_in_between_is_a_412_before_a_409(system: &'static System) {
    let session = Resource::new(system, Kind::Session).await;
    let (_, open) = session.read().await;
    let close = json!({"sessionId": session.id(), "closed": true});
    let closed = session.tenant.send(session.changing(&close)).await;
    session.change_if(&open).await.expect_error(412, "PRECONDITION_FAILED");
    session.change_if(tag(&closed)).await.expect_error(409, "SESSION_CLOSED");

    let grievance = Resource::new(system, Kind::Grievance).await;
    let (_, submitted) = grievance.read().await;
    let in_review = grievance.tenant.send(grievance.change()).await;
    grievance.change_if(&submitted).await.expect_error(412, "PRECONDITION_FAILED");
    grievance.change_if(tag(&in_review)).await.expect_error(409, "INVALID_TRANSITION");
}

async fn the_first_use_changes_a_versions_etag(system: &'static System) {
    let version = Resource::new(system, Kind::Version).await;
    let project = version.tenant.create_project().await;
    let (_, unused) = version.read().await;
    version.tenant.post(events_path(&project), &accepted(&version.id())).await.expect(201);
    let (body, used) = version.read().await;
    assert_eq!(body["isUsed"], true);
    assert_ne!(used, unused);
    version.change_if(&unused).await.expect_error(412, "PRECONDITION_FAILED");
    version.change_if(&used).await.expect_error(409, "CONSENT_VERSION_IN_USE");
    // The second use does not change the version as it is shown.
    version.tenant.post(events_path(&project), &accepted(&version.id())).await.expect(201);
    assert_eq!(version.read().await, (body, used));
}

async fn a_patch_that_changes_nothing_keeps_the_etag(system: &'static System) {
    let session = Resource::new(system, Kind::Session).await;
    let before = session.read().await;
    let same = session.changing(&json!({"sessionId": session.id(), "isChild": false}));
    let response = session.tenant.send(same.clone().header("If-Match", &before.1)).await;
    assert_eq!((response.expect(200), tag(&response)), before);
    session.tenant.send(same.header("If-Match", "\"other\"")).await.expect_error(412, "PRECONDITION_FAILED");
}

async fn a_replay_has_the_etag_of_the_first_response(system: &'static System) {
    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        let (_, before) = resource.read().await;
        let request = resource.change().header("Idempotency-Key", unique("key")).header("If-Match", &before);
        let first = resource.tenant.send(request.clone()).await;
        first.expect(200);
        if kind != Kind::Grievance {
            assert_ne!(tag(&resource.tenant.send(resource.change()).await), tag(&first));
        }
        // The replay is the response to the first change, not another change.
        let again = resource.tenant.send(request).await;
        assert!(again.replayed(), "{again}");
        assert_eq!((again.expect(200), tag(&again)), (first.body(), tag(&first)));
    }
}

async fn a_read_ignores_if_match(system: &'static System) {
    for kind in KINDS {
        let resource = Resource::new(system, kind).await;
        let request = resource.tenant.request(hyper::Method::GET, &resource.path).header("If-Match", "\"other\"");
        resource.tenant.send(request).await.expect(200);
    }
}

async fn one_of_two_changes_with_the_same_etag_passes(system: &'static System) {
    for kind in KINDS {
        until_overlapping(system, async || {
            let resource = Resource::new(system, kind).await;
            let (_, before) = resource.read().await;
            let requests = (0..2).map(|_| resource.change().header("If-Match", &before)).collect();
            let round = at_once(system, &resource.tenant.client, Matching::writes(&resource.id()), requests).await?;
            assert_eq!((round.count(200), round.count(412)), (1, 1), "{kind:?}");
            for (won, lost) in round.of(200).zip(round.of(412)) {
                lost.expect_error(412, "PRECONDITION_FAILED");
                assert_eq!(resource.read().await, (won.body(), tag(won)), "{kind:?}");
            }
            Some(round.overlapped)
        })
        .await;
    }
}

async fn a_deletion_takes_if_match(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    let grant = text(&tenant.create_grant("user-1").await, "grantId");
    let of_type = consent_type_path(&id);
    let first = tag(&tenant.get(&of_type).await);
    tenant.post(format!("{of_type}/version"), &json!({"url": "https://example.com/2"})).await.expect(201);
    let (path, second) = (&of_type, tag(&tenant.get(&of_type).await));
    assert_ne!(first, second, "the newest version is another one");
    let deletion = |path: &str, tag: &str| tenant.request(hyper::Method::DELETE, path).header("If-Match", tag);
    for other in [first.as_str(), "\"other\""] {
        tenant.send(deletion(path, other)).await.expect_error(412, "PRECONDITION_FAILED");
    }
    tenant.send(deletion(path, "nonsense")).await.expect_field_errors(400, "BAD_REQUEST", &["If-Match"]);
    tenant.get(path).await.expect(200);
    tenant.send(deletion(path, &second)).await.expect_no_content();
    for gone in [second.as_str(), "*"] {
        tenant.send(deletion(path, gone)).await.expect_error(404, "NOT_FOUND");
    }

    // The status of a delegated grant depends on its parent.
    let delegated = json!({"principalId": "user-1", "scopes": ["profile:read"], "parentGrantId": grant});
    let child = tenant.post(GRANTS, &delegated).await.expect(201);
    let path = grant_path(&child);
    tenant.send(deletion(&path, "\"other\"")).await.expect_error(412, "PRECONDITION_FAILED");
    let active = tag(&tenant.get(&path).await);
    tenant.send(deletion(&path, &active)).await.expect_no_content();
    assert_eq!(tenant.get(&path).await.expect(200)["status"], "revoked");

    let path = recipient_path(&tenant.post(RECIPIENTS, &recipient()).await.expect(201));
    tenant.send(deletion(&path, "\"other\"")).await.expect_error(412, "PRECONDITION_FAILED");
    let current = tag(&tenant.get(&path).await);
    tenant.send(deletion(&path, &current)).await.expect_no_content();
    let ended = tenant.get(&path).await;
    assert_ne!((&ended.expect(200)["endedAt"], tag(&ended)), (&Value::Null, current.clone()));
    tenant.send(deletion(&path, &current)).await.expect_error(412, "PRECONDITION_FAILED");
    tenant.send(deletion(&path, &tag(&ended))).await.expect_no_content();

    let path = format!("{GRANTS}/{grant}");
    let active = tag(&tenant.get(&path).await);
    tenant.send(deletion(&path, "\"other\"")).await.expect_error(412, "PRECONDITION_FAILED");
    assert_eq!(tenant.get(&path).await.expect(200)["status"], "active");
    tenant.send(deletion(&path, &active)).await.expect_no_content();
    let revoked = tenant.get(&path).await;
    assert_eq!(revoked.expect(200)["status"], "revoked");
    assert_ne!(tag(&revoked), active);
    tenant.send(deletion(&path, &active)).await.expect_error(412, "PRECONDITION_FAILED");
    tenant.send(deletion(&path, &tag(&revoked))).await.expect_no_content();
}

async fn a_withdrawal_changes_a_records_etag_and_a_read_does_not(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record().await;
    let path = record_path(&created);
    let active = tag(&tenant.get(&path).await);
    assert_eq!(tag(&tenant.get(&path).await), active);
    tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect(200);
    let withdrawn = tag(&tenant.get(&path).await);
    assert_ne!(withdrawn, active);
    assert_eq!(tag(&tenant.get(&path).await), withdrawn);
}

/// A GET shows the `ETag` of each version in its body, because it shows several.
async fn a_draft_takes_if_match(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    let created = tenant.post(NOTICES, &draft).await;
    created.expect(201);
    let shown = async || {
        let body = tenant.get(format!("{NOTICES}/{}", text(&draft, "noticeId"))).await.expect(200);
        text(&body["versions"][0], "etag")
    };
    let put = |title: &str, tag: &str| {
        let body = with(&text_of(&draft), "title", Some(json!(title)));
        tenant.request(hyper::Method::PUT, draft_path(&draft)).json(&body).header("If-Match", tag)
    };
    let delete = |tag: &str| tenant.request(hyper::Method::DELETE, draft_path(&draft)).header("If-Match", tag);
    let first = tag(&created);
    assert_eq!(shown().await, first);
    let second = tag(&tenant.send(put("Second", &first)).await);
    assert_eq!(shown().await, second);
    for refused in [put("Third", &first), delete(&first)] {
        tenant.send(refused).await.expect_error(412, "PRECONDITION_FAILED");
    }
    tenant.send(put("Third", "nonsense")).await.expect_field_errors(400, "BAD_REQUEST", &["If-Match"]);
    tenant.send(delete(&second)).await.expect_no_content();
    tenant.send(delete(&second)).await.expect_error(404, "NOT_FOUND");
    // A draft in its place has the tag of none that was there before, and its publication changes the tag.
    let third = tag(&tenant.post(NOTICES, &draft).await);
    for earlier in [&first, &second] {
        tenant.send(put("Third", earlier)).await.expect_error(412, "PRECONDITION_FAILED");
    }
    tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    tenant.send(put("Third", &third)).await.expect_error(412, "PRECONDITION_FAILED");
    tenant.send(put("Third", &shown().await)).await.expect_error(409, "NOTICE_PUBLISHED");
}

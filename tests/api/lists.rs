//! The rules of all lists: their order, their pages, their cursors, and the parameters that they refuse.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration as Time;

use assent_local::hosted::Hosted;
use assent_shared::domain::{Random, RequestContext};
use assent_shared::store::Shards;
use assent_tests::client::Request;
use assent_tests::fault_proxy::{Cost, Matching};
use assent_tests::fixtures::{
    CATALOG, CHECKS, GRANTS, NOTICES, PROJECTS, RECIPIENTS, RECORDS, Tenant, consent_type, key_header, notice,
    recipient, record, refusal, text, with, withdraw_path,
};
use assent_tests::lone_system::{LoneSystem, call};
use assent_tests::moved_clock::MovedClock;
use assent_tests::pages::{Page, page, pages, texts, with_parameter};
use assent_tests::system::System;
use futures_util::future::{join, join_all, join3};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    all_errors_are_named_at_once,
    an_altered_cursor_is_refused,
    a_cursor_belongs_to_one_tenant_one_list_and_its_filters,
    a_list_stays_whole_while_its_shards_change,
    lists_contain_items_of_one_tenant,
    ten_thousand_records_are_read_at_the_cost_of_a_hundred;
    on each engine:
    every_list_is_whole_and_newest_first,
    items_added_meanwhile_do_not_disturb_a_reader,
];

/// Longer than the usual page of 50.
const MANY: usize = 53;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Notices,
    Versions,
    Grants,
    GrantsOfPrincipal,
    Records,
    RecordsOfPrincipal,
    AccessedRecords,
    Projects,
    ConsentTypes,
    Recipients,
}

const KINDS: [Kind; 10] = [
    Kind::Notices,
    Kind::Versions,
    Kind::Grants,
    Kind::GrantsOfPrincipal,
    Kind::Records,
    Kind::RecordsOfPrincipal,
    Kind::AccessedRecords,
    Kind::Projects,
    Kind::ConsentTypes,
    Kind::Recipients,
];

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Self::Notices => NOTICES,
            Self::Versions => "/v1/dpdp/consent-notices/listed",
            Self::Grants => GRANTS,
            Self::GrantsOfPrincipal => "/v1/grants?principalId=user-1",
            Self::Records => RECORDS,
            Self::RecordsOfPrincipal => "/v1/dpdp/consent-records?dataPrincipalId=user-1",
            Self::AccessedRecords => "/v1/dpdp/data-principals/user-1/records",
            Self::Projects => PROJECTS,
            Self::ConsentTypes => CATALOG,
            Self::Recipients => RECIPIENTS,
        }
    }

    /// The member of the response that contains the items; empty if the response is a bare array.
    fn member(self) -> &'static str {
        match self {
            Self::Notices => "notices",
            Self::Versions => "versions",
            Self::Grants | Self::GrantsOfPrincipal => "grants",
            Self::Records | Self::RecordsOfPrincipal | Self::AccessedRecords => "records",
            Self::Projects => "projects",
            Self::ConsentTypes => "",
            Self::Recipients => "recipients",
        }
    }

    /// The member of an item that holds its id.
    fn id(self) -> &'static str {
        match self {
            Self::Grants | Self::GrantsOfPrincipal => "grantId",
            Self::Records | Self::RecordsOfPrincipal | Self::AccessedRecords => "recordId",
            _ => "id",
        }
    }
}

/// One list, of a tenant of its own.
struct List {
    tenant: Tenant,
    kind: Kind,
    /// The grant and the notice that each record needs.
    grant: Value,
    notice: Value,
    /// The ids of the items in the list, the oldest first.
    ids: Vec<String>,
}

impl List {
    async fn new(system: &'static System, kind: Kind, count: usize) -> Self {
        let tenant = Tenant::new(system).await;
        let (mut grant, mut notice) = (Value::Null, Value::Null);
        if kind.member() == "records" {
            grant = tenant.create_grant("user-1").await;
            notice = tenant.create_notice().await;
        }
        let mut list = Self { tenant, kind, grant, notice, ids: Vec::new() };
        for _ in 0..count {
            list.add().await;
        }
        list
    }

    /// Adds one item, a moment after the last.
    async fn add(&mut self) {
        let tenant = &self.tenant;
        let response = match self.kind {
            Kind::Notices => tenant.post(NOTICES, &notice()).await,
            Kind::Versions => {
                let listed = with(&notice(), "noticeId", Some(json!("listed")));
                tenant.post(NOTICES, &with(&listed, "version", Some(json!(self.ids.len().to_string())))).await
            }
            Kind::Grants | Kind::GrantsOfPrincipal => {
                tenant.post(GRANTS, &json!({"principalId": "user-1", "scopes": ["a"]})).await
            }
            Kind::Records | Kind::RecordsOfPrincipal | Kind::AccessedRecords => {
                tenant.post(RECORDS, &record(&self.grant, &self.notice, "user-1")).await
            }
            Kind::Projects => tenant.post(PROJECTS, &json!({"name": "Shop"})).await,
            Kind::ConsentTypes => tenant.post(CATALOG, &consent_type()).await,
            Kind::Recipients => tenant.post(RECIPIENTS, &recipient()).await,
        };
        self.ids.push(text(&response.expect(201), self.kind.id()));
        tokio::time::sleep(Time::from_millis(2)).await;
    }

    fn newest_first(&self) -> Vec<String> {
        self.ids.iter().rev().cloned().collect()
    }

    fn path(&self, parameter: &str) -> String {
        with_parameter(self.kind.path(), parameter)
    }

    async fn page(&self, parameter: &str) -> Page {
        page(&self.tenant, &self.path(parameter), self.kind.member(), None).await
    }

    async fn pages(&self, parameter: &str) -> Vec<Page> {
        pages(&self.tenant, &self.path(parameter), self.kind.member()).await
    }

    /// Asserts that the parameters get a 400 that names these of them.
    async fn refuses(&self, parameters: &str, named: &[&str]) {
        self.tenant.get(self.path(parameters)).await.expect_field_errors(400, "BAD_REQUEST", named);
    }
}

async fn every_list_is_whole_and_newest_first(system: &'static System) {
    for kind in KINDS {
        let list = List::new(system, kind, MANY).await;
        for (parameter, limit) in [("limit=7", 7), ("limit=52", 52), ("limit=53", 53), ("limit=200", 200)] {
            let pages = list.pages(parameter).await;
            assert_eq!(texts(&pages, kind.id()), list.newest_first(), "{kind:?} by {parameter}");
            assert_eq!(pages.len(), MANY.div_ceil(limit), "{kind:?} by {parameter}");
        }
        // One page after the other, with another limit each time: a cursor serves them all.
        let mut page = list.page("limit=1").await;
        assert_eq!(page.texts(kind.id()), list.newest_first()[..1], "{kind:?}");
        page = self::page(&list.tenant, &list.path("limit=2"), kind.member(), page.next.as_deref()).await;
        assert_eq!(page.texts(kind.id()), list.newest_first()[1..3], "{kind:?}");
        page = self::page(&list.tenant, kind.path(), kind.member(), page.next.as_deref()).await;
        assert_eq!(page.texts(kind.id()), list.newest_first()[3..], "{kind:?}");
        assert_eq!(page.next, None, "{kind:?}");

        let usual = self::page(&list.tenant, kind.path(), kind.member(), None).await;
        assert_eq!((usual.items.len(), usual.next.is_some()), (50, true), "{kind:?}");
    }
}

async fn all_errors_are_named_at_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let response = tenant.get(format!("{GRANTS}?status=x&limit=0&cursor=x&foo=1&principalId=")).await;
    response.expect_field_errors(400, "BAD_REQUEST", &["status", "limit", "cursor", "foo", "principalId"]);
    let response = tenant.get(format!("{RECORDS}?status=active&status=active&dataPrincipalId=%07&limit=x")).await;
    response.expect_field_errors(400, "BAD_REQUEST", &["status", "dataPrincipalId", "limit"]);
    // For a name that resembles no parameter, the message lists all parameters.
    for other in ["purpose", "asOf", "sort", "offset"] {
        let response = tenant.get(format!("{RECORDS}?{other}=x")).await;
        let known = "is not a known field; known are dataPrincipalId, status, limit, cursor";
        assert_eq!(response.message_of(other), known, "{response}");
    }
}

async fn an_altered_cursor_is_refused(system: &'static System) {
    for kind in KINDS {
        let list = List::new(system, kind, 2).await;
        let cursor = list.page("limit=1").await.next.expect("a next page");
        let mut altered = vec![
            String::new(),
            "x".to_owned(),
            "null".to_owned(),
            format!("{cursor}="),
            format!("{cursor}A"),
            format!("%20{cursor}"),
            "%C3%A9".repeat(20),
            cursor[1..].to_owned(),
            cursor[..cursor.len() - 1].to_owned(),
            "A".repeat(5000),
        ];
        for (at, character) in cursor.char_indices() {
            // All positions for one list, and some for the others, whose cursors are read by the same code.
            if kind == Kind::Projects || at % 9 == 0 {
                let others = ['A', 'B', '_'].into_iter().filter(|other| *other != character);
                altered.extend(others.map(|other| format!("{}{other}{}", &cursor[..at], &cursor[at + 1..])));
            }
        }
        for altered in altered {
            list.refuses(&format!("cursor={altered}"), &["cursor"]).await;
        }
        list.refuses(&format!("cursor={cursor}&cursor={cursor}"), &["cursor"]).await;
        assert_eq!(list.page(&format!("cursor={cursor}")).await.texts(kind.id()), list.newest_first()[1..]);
    }
}

async fn a_cursor_belongs_to_one_tenant_one_list_and_its_filters(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let other = Tenant::new(system).await;
    for owner in [&tenant, &other] {
        let listed = with(&notice(), "noticeId", Some(json!("listed")));
        for version in ["1", "2"] {
            owner.post(NOTICES, &with(&listed, "version", Some(json!(version)))).await.expect(201);
            owner.create_project().await;
            owner.create_consent_type().await;
            owner.post(RECIPIENTS, &recipient()).await.expect(201);
            let grant = owner.create_grant("user-1").await;
            owner.post(RECORDS, &record(&grant, &listed, "user-1")).await.expect(201);
        }
    }
    let mut cursors = Vec::new();
    for kind in KINDS {
        let page = page(&tenant, &with_parameter(kind.path(), "limit=1"), kind.member(), None).await;
        cursors.push((kind, page.next.expect("a next page")));
    }
    for (kind, cursor) in &cursors {
        let path = with_parameter(kind.path(), &format!("cursor={cursor}"));
        other.get(path).await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
        for reader in KINDS.into_iter().filter(|reader| reader != kind) {
            let path = with_parameter(reader.path(), &format!("cursor={cursor}"));
            tenant.get(path).await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
        }
    }
    for (path, filters) in [
        (GRANTS, ["principalId=user-1", "principalId=user-2", "status=active", "principalId=user-1&status=active"]),
        (
            RECORDS,
            [
                "dataPrincipalId=user-1",
                "dataPrincipalId=user-2",
                "status=active",
                "dataPrincipalId=user-1&status=active",
            ],
        ),
    ] {
        for given in filters.iter().filter(|filter| !filter.contains("user-2")) {
            let first = page(&tenant, &format!("{path}?{given}&limit=1"), path_member(path), None).await;
            let cursor = first.next.expect("a next page");
            for other in filters.iter().filter(|other| *other != given) {
                let response = tenant.get(format!("{path}?{other}&cursor={cursor}")).await;
                response.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
            }
            // Neither their order nor the limit matters.
            let turned: Vec<&str> = given.rsplit('&').collect();
            tenant.get(format!("{path}?cursor={cursor}&limit=9&{}", turned.join("&"))).await.expect(200);
        }
    }
}

fn path_member(path: &str) -> &'static str {
    if path == GRANTS { "grants" } else { "records" }
}

async fn items_added_meanwhile_do_not_disturb_a_reader(system: &'static System) {
    let readings = KINDS.map(async |kind| {
        let mut list = List::new(system, kind, 20).await;
        let expected = list.newest_first();
        let reader =
            List { tenant: Tenant::new(system).await, kind, grant: json!(null), notice: json!(null), ids: vec![] };
        let (mut read, mut cursor) = (Vec::new(), None);
        for limit in [3, 1, 2].into_iter().cycle() {
            let path = reader.path(&format!("limit={limit}"));
            let tenant = list.tenant.by(&list.tenant.client);
            let (page, ()) = join(page(&tenant, &path, kind.member(), cursor.as_deref()), list.add()).await;
            read.extend(page.texts(kind.id()));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        // The first page may have been read after the first addition.
        let of_the_start: Vec<String> = read.iter().filter(|id| expected.contains(id)).cloned().collect();
        assert_eq!(of_the_start, expected, "{kind:?}");
        assert_eq!(read.iter().collect::<BTreeSet<_>>().len(), read.len(), "{kind:?}");
        let read_again = list.pages("limit=200").await;
        assert_eq!(texts(&read_again, kind.id()), list.newest_first(), "{kind:?}");
    });
    join_all(readings).await;
}

async fn lists_contain_items_of_one_tenant(system: &'static System) {
    for kind in KINDS {
        let list = List::new(system, kind, 2).await;
        let stranger = Tenant::new(system).await;
        if kind == Kind::Versions {
            stranger.get(kind.path()).await.expect_error(404, "NOT_FOUND");
        } else {
            let page = page(&stranger, kind.path(), kind.member(), None).await;
            assert_eq!((page.items.len(), page.next), (0, None), "{kind:?}");
        }
        let other = List::new(system, kind, 1).await;
        assert_eq!(texts(&other.pages("limit=9").await, kind.id()), other.newest_first(), "{kind:?}");
        assert_eq!(texts(&list.pages("limit=9").await, kind.id()), list.newest_first(), "{kind:?}");
    }
}

/// A tenant with records of one principal: 40 that were made, and `count` copies that look as if they had been made
/// later.
async fn with_records(system: &'static System, count: usize) -> (Tenant, Vec<String>) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let mut made = Vec::new();
    for _ in 0..40 {
        let created = tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
        made.push(text(&created, "recordId"));
        tokio::time::sleep(Time::from_millis(2)).await;
    }
    let copies = system.contents.copy_records(tenant.id, &made, count).await;
    let mut ids = [made, copies].concat();
    ids.reverse();
    // The function then knows for a minute over how many shards the list is spread.
    page(&tenant, &with_parameter(RECORDS, "limit=1"), "records", None).await;
    (tenant, ids)
}

/// Reads a list to its end; returns its pages and the cost of each.
async fn costs(system: &'static System, tenant: &Tenant, path: &str) -> (Vec<Page>, Vec<Cost>) {
    let measure = system.faults.measure(Matching::every(&tenant.id));
    let (mut read, mut costs): (Vec<Page>, Vec<Cost>) = (Vec::new(), Vec::new());
    loop {
        let cursor = read.last().and_then(|page| page.next.clone());
        let page = page(tenant, path, "records", cursor.as_deref()).await;
        costs.push(measure.cost());
        let last = page.next.is_none();
        read.push(page);
        if last {
            return (read, costs);
        }
    }
}

async fn ten_thousand_records_are_read_at_the_cost_of_a_hundred(system: &'static System) {
    let (few, few_ids) = with_records(system, 60).await;
    let (many, many_ids) = with_records(system, 9_960).await;
    assert_eq!((few_ids.len(), many_ids.len()), (100, 10_000));

    // The oldest, and a few others: none is missed, and no page reads too much.
    let withdrawn = [&many_ids[9_999], &many_ids[9_990], &many_ids[5_000], &many_ids[3]];
    for id in withdrawn {
        let path = withdraw_path(&json!({"recordId": id}));
        many.post(path, &json!({"reason": "x"})).await.expect(200);
    }
    for path in [
        format!("{RECORDS}?status=withdrawn&limit=2"),
        format!("{RECORDS}?status=withdrawn&dataPrincipalId=user-1&limit=1"),
    ] {
        let (read, costs) = costs(system, &many, &path).await;
        let expected: Vec<String> = withdrawn.iter().rev().map(|id| (*id).clone()).collect();
        assert_eq!(texts(&read, "recordId"), expected, "{path}");
        assert!(read.len() < 40, "{} pages", read.len());
        assert!(costs.iter().all(|cost| cost.requests <= 40), "{costs:?}");
    }

    for path in [RECORDS.to_owned(), format!("{RECORDS}?dataPrincipalId=user-1")] {
        let few_costs = costs(system, &few, &with_parameter(&path, "limit=5")).await.1;
        let (read, many_costs) = costs(system, &many, &with_parameter(&path, "limit=200")).await;
        assert_eq!(texts(&read, "recordId"), many_ids, "{path}");
        assert_eq!(read.len(), 50, "{path}");
        // The last page is not followed by another entry.
        let (last, full) = many_costs.split_last().expect("pages");
        assert!(last <= &full[0] && full.iter().all(|cost| *cost == full[0]), "{path}: {many_costs:?}");

        let mut page = page(&many, &with_parameter(&path, "limit=200"), "records", None).await;
        for _ in 0..40 {
            let path = with_parameter(&path, "limit=200");
            page = self::page(&many, &path, "records", page.next.as_deref()).await;
        }
        for cursor in [None, page.next] {
            let measure = system.faults.measure(Matching::every(&many.id));
            self::page(&many, &with_parameter(&path, "limit=5"), "records", cursor.as_deref()).await;
            assert_eq!(measure.cost(), few_costs[0], "{path}");
        }
    }
    what_reads_all_of_a_person_has_a_limit(&many).await;
}

/// The person has 10,000 records before.
async fn what_reads_all_of_a_person_has_a_limit(tenant: &Tenant) {
    let question = json!({"items": [{"dataPrincipalId": "user-1", "purpose": "analytics"}]});
    tenant.post(CHECKS, &question).await.expect(200);
    let (grant, notice) = (
        tenant.create_grant("user-1").await,
        tenant.post(NOTICES, &with(&notice(), "version", Some(json!("2.0")))).await.expect(201),
    );
    tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
    let withdrawal = json!({"purposes": ["analytics"], "reason": "x"});
    for (path, body) in [
        (CHECKS.to_owned(), question),
        (RECORDS.to_owned(), refusal(&notice, "user-1", &["analytics"])),
        ("/v1/dpdp/data-principals/user-1/withdrawals".to_owned(), withdrawal),
    ] {
        tenant.post(path, &body).await.expect_error(409, "TOO_MANY_RECORDS");
    }
    tenant.get("/v1/dpdp/data-principals/user-1/decisions").await.expect_error(409, "TOO_MANY_RECORDS");
}

/// Projects are created and the list of them is read, in pages of different sizes, while an operator changes the number of
/// shards again and again. Each reading shows each project once that was there when it began. In the end each is found to
/// be edited and deleted.
async fn a_list_stays_whole_while_its_shards_change(_: &'static System) {
    let clock = MovedClock::at_present();
    let system = LoneSystem::start(clock.clock(), Random::system()).await;
    let (name, value) = key_header(PROJECTS, &system.key);
    let context = system.authorized(name, &value).await;
    let created = Mutex::new(BTreeSet::new());
    // Each instance of a function learns of a change at a time of its own.
    let (first, second) = (
        system.instances(&clock.clock(), &Random::system()).await,
        system.instances(&clock.clock(), &Random::system()).await,
    );
    let create = async |instance: &Hosted, count: usize| {
        for _ in 0..count {
            let request = Request::new(Method::POST, PROJECTS).json(&json!({"name": "Shop"}));
            let response = call(instance, "create-project", &request, &context).await;
            created.lock().expect("no panic").insert(text(&response.expect(201), "id"));
            clock.pass(Time::from_secs(20));
        }
    };
    let read = async |limit: usize| {
        let (mut projects, mut cursor) = (Vec::new(), None);
        loop {
            let cursor_given = cursor.map(|cursor: String| format!("&cursor={cursor}")).unwrap_or_default();
            let path = format!("{PROJECTS}?limit={limit}{cursor_given}");
            let response = system.call("list-projects", &Request::new(Method::GET, path), &context).await;
            let page = Page::of(&response, "projects");
            projects.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return projects;
            }
        }
    };
    let read_all = async |limits: &[usize]| {
        for limit in limits {
            let before = created.lock().expect("no panic").clone();
            let projects = read(*limit).await;
            let ids: BTreeSet<String> = projects.iter().map(|project| text(project, "id")).collect();
            assert_eq!(ids.len(), projects.len(), "doubled: {projects:?}");
            assert_eq!(before.difference(&ids).collect::<Vec<_>>(), Vec::<&String>::new(), "missing");
            assert!(projects.is_sorted_by_key(|project| Reverse(text(project, "createdAt"))), "{projects:?}");
        }
    };
    let change = async |shards: u16| {
        let context = RequestContext::new(&clock.clock(), &Random::system());
        let shards = Shards::new(shards).expect("a power of two");
        let changed = system.database.change_shards("ProjectsTable", system.tenant, "projects", shards, &context).await;
        changed.expect("a change").expect("a valid number");
    };
    create(&first, 6).await;
    // An epoch begins twenty minutes after its change, so in the midst of the round after it.
    for shards in [4, 16, 2, 64] {
        let creating = join_all([create(&first, 15), create(&second, 15), create(&first, 15)]);
        join3(creating, read_all(&[7, 50, 200]), change(shards)).await;
    }
    join(create(&first, 22), create(&second, 22)).await;
    read_all(&[29, 52, 200]).await;

    let ids = created.lock().expect("no panic").clone();
    assert_eq!(ids.len(), 230);
    for id in ids {
        let path = format!("{PROJECTS}/{id}");
        let edit = Request::new(Method::PATCH, path.clone()).json(&json!({"name": "Store"}));
        call(&second, "update-project", &edit, &context).await.expect(200);
        assert_eq!(call(&first, "delete-project", &Request::new(Method::DELETE, path), &context).await.status(), 204);
    }
    assert_eq!(read(50).await, Vec::<Value>::new());
}

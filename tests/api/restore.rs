//! The drill of docs/restore.md: tables are restored, each as of a slightly different moment, what does not fit together
//! is found and mended, and who was erased since is erased again. The commands are those of the document.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use assent_local::database::{Commits, Engine};
use assent_local::template::Template;
use assent_shared::domain::{Clock, Random, RequestContext, Timestamp};
use assent_shared::store::{Gap, Repair};
use assent_tests::fixtures::{
    CATALOG, CHECKS, Caller, EXPORTS, GRANTS, GRIEVANCES, NOTICES, PROJECTS, RECORDS, SESSION, Visitor, accepted,
    consent_type, erasure_path, events_path, export, grant, grievance, notice, record, record_path, text, unique,
    visitors_path, with, withdraw_path,
};
use assent_tests::jose::PublishedKeys;
use assent_tests::server::{DataDirectory, Server};
use assent_tests::stored_items::{self, Tables, kinds};
use assent_tests::system::System;
use assent_tests::trail::{ENTRIES_TABLE, KEYS_TABLE};
use assent_tests::verifier::verified_with;
use hyper::Method;
use serde_json::{Value, json};

use crate::schema::{Fixture, READ_AT, present};

crate::trials![the_drill_of_the_document, each_gap_is_named_and_what_can_be_mended_is, what_serves_has_no_gaps,];

const DOCUMENT: &str = include_str!("../../docs/restore.md");
/// The directories and moments that the document names.
const DATA: &str = "/var/lib/assent";
const BACKUP: &str = "/backup/assent-2026-11-29";
const MOMENT: &str = "2026-11-29T12:00:00Z";
/// The table that is never restored beside that of the data keys.
const ERASURES_TABLE: &str = "ErasureRequestsTable";

/// A data directory with a drill's files.
struct Drill {
    data: DataDirectory,
    backup: String,
    moment: String,
}

impl Drill {
    /// Runs a command of the document, on the drill's own files. Returns whether it succeeded, and its output.
    async fn run(&self, command: &str) -> (bool, String) {
        assert!(DOCUMENT.contains(&format!("\n{command}\n")), "docs/restore.md does not say: {command}");
        let words = command.split(' ').skip(1).map(|word| match word {
            BACKUP => self.backup.as_str(),
            MOMENT => self.moment.as_str(),
            word => word,
        });
        // The helper adds `--data`.
        let words: Vec<&str> = words.filter(|word| ![DATA, "--data"].contains(word)).collect();
        let output = self.data.run(&words).await;
        let lines = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let shown = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tests/restore-drill.txt");
        let mut shown = OpenOptions::new().create(true).append(true).open(shown).expect("a file");
        writeln!(shown, "$ {command}\n{lines}").expect("it is written");
        (output.status.success(), lines)
    }
}

/// The items of a database's file, which no process uses.
async fn items(file: &Path) -> Tables {
    let engine = Engine::open(file, Commits::Synced).expect("a database");
    let template = Template::own().expect("the template");
    stored_items::read(&engine.client(), template.tables.iter().map(|table| &table.name)).await
}

/// Puts the items of these tables in the place of others.
async fn swap_in(file: &Path, tables: &Tables) {
    let engine = Engine::open(file, Commits::Synced).expect("a database");
    stored_items::replace(&engine.client(), tables).await;
}

async fn created(caller: &Caller, path: &str, body: &Value) -> Value {
    caller.post(path, body).await.expect(201)
}

async fn consent(caller: &Caller, person: &str) -> Value {
    let shown = created(caller, NOTICES, &notice()).await;
    let granted = created(caller, GRANTS, &grant(person)).await;
    created(caller, RECORDS, &record(&granted, &shown, person)).await
}

/// Everything in which a person is named.
async fn everything_of(caller: &Caller, person: &str) -> Value {
    let given = consent(caller, person).await;
    created(caller, SESSION, &json!({"consentedPurposes": ["one"], "dataPrincipalId": person})).await;
    caller.post(GRIEVANCES, &grievance(person)).await.expect(202);
    created(caller, EXPORTS, &with(&export(), "dataPrincipalId", Some(json!(person)))).await;
    let project = created(caller, PROJECTS, &json!({"name": "Shop", "domain": "shop.example"})).await;
    let kind = created(caller, CATALOG, &consent_type()).await;
    let visit = created(caller, &visitors_path(&text(&project, "id")), &json!({"userId": person})).await;
    let visitor = Visitor::new(&caller.client, &text(&project, "id"), &visit);
    let path = events_path(&text(&project, "id"));
    visitor.post(path, &accepted(&text(&kind, "id"))).await.expect(201);
    given
}

/// The kinds of items that mention a text.
fn mentioning(tables: &Tables, mentioned: &str) -> BTreeSet<String> {
    let mentioning = tables.iter().map(|(table, items)| {
        let items = items.iter().filter(|item| item.to_string().contains(mentioned)).cloned().collect();
        (table.clone(), items)
    });
    kinds(&mentioning.collect())
}

async fn the_drill_of_the_document(_: &'static System) {
    let drill = Drill {
        data: DataDirectory::default(),
        backup: std::env::temp_dir().join(unique("backup")).display().to_string(),
        moment: String::new(),
    };
    let (data, erased, kept) = (&drill.data, "bela-erased", "asha-kept");
    let server = Server::start(data).await;
    let key = data.create_key("Acme").await;
    let caller = server.caller(&key);
    let (of_kept, of_erased) = (everything_of(&caller, kept).await, everything_of(&caller, erased).await);
    let withdrawn = consent(&caller, kept).await;

    // All tables at one moment.
    let moment = RequestContext::system().now;
    let (done, output) = drill.run("assent backup /backup/assent-2026-11-29 --data /var/lib/assent").await;
    assert!(done, "{output}");
    // And half of them at a later one.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let order = json!({"reason": "No more", "revokeGrant": true});
    caller.post(withdraw_path(&withdrawn), &order).await.expect(200);
    let late = consent(&caller, "late").await;
    let later = format!("{}.later", drill.backup);
    assert!(data.run(&["backup", &later]).await.status.success());

    // What happens after that is lost, but that a person was erased.
    caller.send(caller.request(Method::POST, erasure_path(erased))).await.expect(201);
    let lost = consent(&caller, "lost").await;
    server.terminate().await;
    assert!(server.ended().await);
    let drill = Drill { moment: moment.to_string(), ..drill };
    let data = &drill.data;

    let (done, output) = drill.run("assent restore /backup/assent-2026-11-29 --data /var/lib/assent --replace").await;
    assert!(done, "{output}");
    let mut half = items(Path::new(&later)).await;
    half.retain(|table, _| {
        [ENTRIES_TABLE, "GrantsTable", "ConsentNoticesTable", "DeliveriesTable"].contains(&table.as_str())
    });
    swap_in(&data.database(), &half).await;

    // The person is back, as far as the document says, and only their encrypted words are not.
    let restored = items(&data.database()).await;
    let back = mentioning(&restored, erased);
    let rows: BTreeSet<String> = DOCUMENT
        .lines()
        .skip_while(|line| *line != "| what names the erased person again |")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches(['|', ' ']).replace('`', ""))
        .collect();
    assert_eq!(back, rows, "docs/restore.md must say what comes back");
    let of_record = format!("record/{}", text(&of_erased, "recordId"));
    assert!(!json!(restored[KEYS_TABLE]).to_string().contains(&of_record));
    assert!(json!(restored[ERASURES_TABLE]).to_string().contains("completed"));

    let (done, found) = drill.run("assent repair --data /var/lib/assent").await;
    assert!(!done, "{found}");
    let names = |what: &str| assert!(found.contains(what), "{what} is not in:\n{found}");
    let (of_withdrawn, of_late) = (text(&withdrawn, "recordId"), text(&late, "recordId"));
    names(&format!(
        "record/{of_withdrawn}: its chain ends at entry 1, and its trail at 2: record.withdrawn (--fix mends it)"
    ));
    names(&format!("record/{of_late}: it has a trail, and is not there (left)"));
    names("which its trail names, is not there (left)");
    names("its chain ends at entry 2, and its trail at 0; what the other entries said is lost (--fix mends it)");
    names(&format!("record/{}: it names a person, and its data key is not there", text(&of_erased, "recordId")));
    for person in [erased, kept, "late"] {
        assert!(!found.contains(person), "{found}");
    }
    assert!(!found.contains(&text(&lost, "recordId")), "{found}");
    let (_, mended) = drill.run("assent repair --data /var/lib/assent --fix").await;
    assert!(mended.contains(" (mended)") && !mended.contains("--fix mends it"), "{mended}");

    let command = "assent erasures replay --data /var/lib/assent --since 2026-11-29T12:00:00Z";
    let (done, output) = drill.run(command).await;
    assert!(done && output == "1 erased since then, 1 of them erased again\n", "{output}");
    let (done, output) = drill.run(command).await;
    assert!(done && output == "1 erased since then, 0 of them erased again\n", "{output}");
    assert_eq!(mentioning(&items(&data.database()).await, erased), BTreeSet::new());
    let (_, left) = drill.run("assent repair --data /var/lib/assent").await;
    assert!(!left.contains("--fix") && !left.contains("data key"), "{left}");

    // It serves, and what it serves is valid.
    let server = Server::start(data).await;
    let caller = server.caller(&key);
    let published = PublishedKeys::read(&caller.client).await;
    let mut documents = String::new();
    for given in [&of_kept, &of_erased, &withdrawn] {
        let found = caller.get(record_path(given)).await.expect(200);
        let trail = caller.get(format!("{}/audit", record_path(given))).await.expect(200);
        assert_eq!(trail["chain"]["valid"], true, "{trail}");
        documents.extend([found.to_string(), "\n".to_owned(), trail.to_string(), "\n".to_owned()]);
    }
    let (verdicts, valid) = verified_with(&documents, &published);
    assert!(valid, "{verdicts}");
    assert_eq!(caller.get(record_path(&withdrawn)).await.expect(200)["status"], "withdrawn");
    assert_eq!(caller.get(record_path(&of_erased)).await.expect(200)["status"], "erased");
    caller.get(record_path(&late)).await.expect_error(404, "NOT_FOUND");
    let question = json!({"items": [{"dataPrincipalId": kept, "purpose": "analytics"}]});
    caller.post(CHECKS, &question).await.expect(200);
    caller.post(withdraw_path(&of_kept), &order).await.expect(200);
    consent(&caller, kept).await;
    for file in [&drill.backup, &later] {
        std::fs::remove_file(file).expect("a backup");
    }
}

/// Takes one item of each kind away, looks at what is said of it, and whether it is mended.
async fn each_gap_is_named_and_what_can_be_mended_is(_: &'static System) {
    let whole = Fixture::read(&present()).items;
    let engine = Engine::memory().expect("a database");
    engine.create_tables(&Template::own().expect("the template")).await.expect("tables");
    let client = engine.client();
    stored_items::write(&client, &whole).await;
    let read_at = Timestamp::from_milliseconds(READ_AT).expect("a time");
    let run = async |mend: bool| {
        let context = RequestContext::new(&Clock::new(move || read_at), &Random::system());
        let mut gaps: Vec<Gap> = Vec::new();
        // A connection of its own, because one remembers for a while how many shards lists have.
        Repair::new(&engine.connect(), context).run(mend, |gap| gaps.push(gap)).await.expect("it runs");
        gaps
    };
    assert_eq!(run(false).await, []);
    let mut said: BTreeMap<String, &str> = BTreeMap::new();
    for (table, items) in &whole {
        for (position, item) in items.iter().enumerate() {
            let kind = kinds(&Tables::from([(table.clone(), vec![item.clone()])])).pop_first().expect("a kind");
            if said.contains_key(&kind) {
                continue;
            }
            let mut without = items.clone();
            without.remove(position);
            stored_items::replace(&client, &Tables::from([(table.clone(), without)])).await;
            let (gaps, left) = (run(true).await, run(false).await);
            let outcome = match (gaps.is_empty(), left.is_empty()) {
                (true, _) => "nothing needs it",
                (false, true) => "mended",
                (false, false) => "named",
            };
            if !EXPECTED.contains(&format!("{kind}: {outcome}\n")) {
                println!("{kind}: {outcome}: {:?}, then {:?}", gaps.first(), left.first());
            }
            said.insert(kind, outcome);
            stored_items::replace(&client, &whole).await;
        }
    }
    let said: String = said.iter().flat_map(|(kind, outcome)| [kind.as_str(), ": ", outcome, "\n"]).collect();
    assert!(said == EXPECTED, "EXPECTED must be:\n{said}");
}

/// What is said if one item is not there.
const EXPECTED: &str = "\
ApiKeysTable key: nothing needs it
AuditEntriesTable entry …: mended
ConsentCatalogTable epochs: mended
ConsentCatalogTable list types: mended
ConsentCatalogTable placement: mended
ConsentCatalogTable type: mended
ConsentCatalogTable version: named
ConsentChecksTable check: nothing needs it
ConsentEventsTable called …: nothing needs it
ConsentEventsTable epochs: mended
ConsentEventsTable event: nothing needs it
ConsentEventsTable event …: nothing needs it
ConsentEventsTable list events: mended
ConsentEventsTable list principal concord: mended
ConsentEventsTable list principal user: mended
ConsentNoticesTable address: mended
ConsentNoticesTable content …: named
ConsentNoticesTable epochs: mended
ConsentNoticesTable list notice: mended
ConsentNoticesTable list notices: mended
ConsentNoticesTable notice: named
ConsentNoticesTable translation …: named
ConsentNoticesTable version …: named
ConsentRecordsTable accesses: nothing needs it
ConsentRecordsTable details: named
ConsentRecordsTable epochs: mended
ConsentRecordsTable latest: nothing needs it
ConsentRecordsTable list principal: mended
ConsentRecordsTable list records: mended
ConsentRecordsTable record: named
DeliveriesTable health: nothing needs it
DeliveriesTable list deliveries: nothing needs it
DpdpSessionsTable list principal: mended
DpdpSessionsTable session: named
ErasureRequestsTable last: nothing needs it
ErasureRequestsTable request: named
EventsTable again: nothing needs it
EventsTable counts …: nothing needs it
EventsTable denied …: nothing needs it
EventsTable epochs: named
EventsTable list feed: named
ExportsTable export: mended
ExportsTable list principal: mended
GrantsTable epochs: mended
GrantsTable grant: named
GrantsTable list grants: mended
GrantsTable list principal: mended
GrievancesTable epochs: nothing needs it
GrievancesTable grievance: named
GrievancesTable list grievances: mended
GrievancesTable list principal: mended
OrganisationsTable organisation: nothing needs it
PageSessionsTable form: nothing needs it
PageSessionsTable link: nothing needs it
PageSessionsTable session: nothing needs it
PersonalDataKeysTable key: nothing needs it
ProjectsTable epochs: mended
ProjectsTable list projects: mended
ProjectsTable project: named
ProjectsTable site: mended
RecipientsTable count: mended
RecipientsTable list recipients: mended
RecipientsTable recipient: named
RecipientsTable secret: nothing needs it
SigningKeysTable active: nothing needs it
SigningKeysTable key …: nothing needs it
StoredResponsesTable response: nothing needs it
TenantsTable tenant: nothing needs it
WithdrawalsTable in_progress …: nothing needs it
WithdrawalsTable withdrawal: mended
";

/// What a running system stores fits together, also while it writes.
async fn what_serves_has_no_gaps(_: &'static System) {
    let data = DataDirectory::default();
    let server = Server::start(&data).await;
    let key = data.create_key("Acme").await;
    let caller = server.caller(&key);
    let writing = async {
        for number in 0..4 {
            let given = everything_of(&caller, &format!("person-{number}")).await;
            caller
                .post(withdraw_path(&given), &json!({"reason": "No more", "revokeGrant": number % 2 == 0}))
                .await
                .expect(200);
            if number == 3 {
                caller.send(caller.request(Method::POST, erasure_path("person-3"))).await.expect(201);
            }
        }
    };
    let looking = async {
        for _ in 0..3 {
            let output = data.run(&["repair"]).await;
            assert!(output.status.success(), "{output:?}");
        }
    };
    tokio::join!(writing, looking);
    let output = data.run(&["repair"]).await;
    assert!(output.status.success(), "{output:?}");
}

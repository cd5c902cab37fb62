//! The program for an organisation that one machine serves, `assent serve`, as a process: what it acknowledged is there
//! after whatever happens to it.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use assent_local::database::{Dynoxide, fresh_access_key_id};
use assent_tests::fixtures::{
    Caller, RECORDS, grant, grant_path, notice, record, record_path, text, unique, withdraw_path,
};
use assent_tests::jose::PublishedKeys;
use assent_tests::server::{DataDirectory, Server};
use assent_tests::system::{Engine, System};
use assent_tests::verifier::verified_with;
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

crate::trials![
    a_killed_server_has_every_acknowledged_write,
    ten_minutes_of_load_with_kills_and_stops_lose_nothing,
    a_stop_answers_the_calls_that_are_being_handled,
    a_directory_or_a_file_that_cannot_be_served_is_left_as_it_is,
    a_full_disk_loses_no_acknowledged_write,
    a_clock_that_jumps_breaks_no_trail,
    a_backup_under_load_is_whole_and_can_be_restored;
    on each engine:
    the_tables_move_to_another_database,
];

/// How long the load lasts that many kills and stops interrupt.
const SOAK: Duration = Duration::from_mins(10);
/// The callers that write at the same time.
const CALLERS: usize = 6;
const SOAK_CALLERS: usize = 16;
/// The records whose documents are verified together.
const VERIFIED_AT_ONCE: usize = 1_000;
/// A user without rights, as whom the program runs if the tests run as root, whom no file's mode binds.
const NOBODY: u32 = 65534;

/// The records that a server acknowledged, each with whether its withdrawal was acknowledged too.
#[derive(Default)]
struct Acknowledged(Mutex<Vec<(Value, bool)>>);

impl Acknowledged {
    /// Creates records, and withdraws some of them, until a call fails.
    async fn write(&self, caller: &Caller) -> u16 {
        for number in 0.. {
            let created = match create_record(caller).await {
                Ok(created) => created,
                Err(status) => return status,
            };
            self.lock().push((created.clone(), false));
            if number % 2 == 0 {
                let withdrawn = caller.post(withdraw_path(&created), &json!({"reason": "No longer wanted"})).await;
                if withdrawn.status() != 200 {
                    return withdrawn.status();
                }
                let mut records = self.lock();
                let record = records.iter_mut().find(|(record, _)| *record == created).expect("the record");
                record.1 = true;
            }
        }
        0
    }

    /// Waits until there are so many more of them, and a withdrawal.
    async fn wait_for_more(&self, records: usize) {
        let known = self.lock().len();
        let enough = || {
            let all = self.lock();
            all.len() >= known + records && all.iter().any(|(_, withdrawn)| *withdrawn)
        };
        while !enough() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Value, bool)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asserts that the reason of each withdrawal, which is encrypted under a personal-data key, can be read or not.
    async fn assert_reasons(&self, caller: &Caller, read: bool) {
        let records = self.lock().clone();
        for (record, _) in records.iter().filter(|(_, withdrawn)| *withdrawn).take(CALLERS) {
            let trail = caller.get(format!("{}/audit", record_path(record))).await.expect(200);
            assert_eq!(trail.to_string().contains("No longer wanted"), read, "{trail}");
        }
    }

    /// Asserts that the caller's server has all of them, and that the trail of each is whole.
    async fn assert_kept_by(&self, caller: &Caller) {
        let records = std::mem::take(&mut *self.lock());
        assert!(!records.is_empty(), "nothing was acknowledged");
        let keys = PublishedKeys::read(&caller.client).await;
        let documents = async |(record, withdrawn): &(Value, bool)| {
            let found = read(caller, &record_path(record)).await;
            if *withdrawn {
                assert_eq!(found["status"], "withdrawn", "{found}");
            }
            let trail = read(caller, &format!("{}/audit", record_path(record))).await;
            format!("{found}\n{trail}\n")
        };
        for some in records.chunks(VERIFIED_AT_ONCE) {
            let documents: Vec<_> = stream::iter(some.iter().map(documents)).buffered(SOAK_CALLERS).collect().await;
            let (verdicts, valid) = verified_with(&documents.concat(), &keys);
            assert!(valid, "{verdicts}");
        }
        *self.lock() = records;
    }
}

/// What is there, though more is read than the usage plan allows in a second.
async fn read(caller: &Caller, path: &str) -> Value {
    loop {
        let response = caller.get(path).await;
        if response.status() != 429 {
            return response.expect(200);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A record, or the status of the call that failed.
async fn create_record(caller: &Caller) -> Result<Value, u16> {
    let created = async |path: &str, body: &Value| {
        let response = caller.post(path, body).await;
        if response.status() == 201 { Ok(response.body()) } else { Err(response.status()) }
    };
    let principal = unique("user");
    let notice = created("/v1/dpdp/consent-notices", &notice()).await?;
    let grant = created("/v1/grants", &grant(&principal)).await?;
    created(RECORDS, &record(&grant, &notice, &principal)).await
}

async fn a_killed_server_has_every_acknowledged_write(_: &'static System) {
    let (data, acknowledged) = (DataDirectory::default(), Acknowledged::default());
    let mut server = Server::start(&data).await;
    let key = data.create_key("Acme").await;
    for milliseconds in [0, 30, 80] {
        let caller = server.caller(&key);
        let writing = join_all((0..CALLERS).map(|_| acknowledged.write(&caller)));
        // The calls that are being handled are no longer awaited when the server is killed.
        let moment = async {
            acknowledged.wait_for_more(2 * CALLERS).await;
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        };
        tokio::select! {
            statuses = writing => panic!("calls failed: {statuses:?}"),
            () = moment => {}
        }
        server.kill().await;
        server = Server::start(&data).await;
        acknowledged.assert_kept_by(&server.caller(&key)).await;
    }
    // No transaction is there by half.
    let output = data.run(&["repair"]).await;
    assert!(output.status.success(), "{output:?}");
    let records = acknowledged.lock();
    // Nothing that a log must not hold is in this one.
    let log = server.log();
    assert!(log.contains(r#""message":"request""#) && log.contains(r#""route":"/v1/dpdp/consent-records/{recordId}""#));
    assert!(!log.contains(&key) && !records.iter().any(|(record, _)| log.contains(&text(record, "recordId"))));
}

async fn ten_minutes_of_load_with_kills_and_stops_lose_nothing(_: &'static System) {
    let (data, all) = (DataDirectory::default(), Acknowledged::default());
    let mut server = Server::start(&data).await;
    let key = data.create_key("Acme").await;
    let (began, mut round) = (Instant::now(), 0);
    while began.elapsed() < SOAK {
        round += 1;
        let acknowledged = Acknowledged::default();
        let caller = server.caller(&key);
        let writing = join_all((0..SOAK_CALLERS).map(|_| acknowledged.write(&caller)));
        // From a tenth of a second to ten seconds.
        let moment = tokio::time::sleep(Duration::from_millis(100 + round * 7_919 % 9_900));
        tokio::select! {
            statuses = writing => panic!("calls failed: {statuses:?}"),
            () = moment => {}
        }
        if round % 3 == 0 {
            server.terminate().await;
            assert!(server.ended().await, "it ended with an error");
        } else {
            server.kill().await;
        }
        server = Server::start(&data).await;
        if !acknowledged.lock().is_empty() {
            acknowledged.assert_kept_by(&server.caller(&key)).await;
        }
        all.lock().append(&mut acknowledged.lock());
    }
    all.assert_kept_by(&server.caller(&key)).await;
    let records = all.lock();
    let withdrawn = records.iter().filter(|(_, withdrawn)| *withdrawn).count();
    eprintln!("{round} kills and stops, {} records, {withdrawn} of them withdrawn: none is lost", records.len());
}

async fn a_stop_answers_the_calls_that_are_being_handled(_: &'static System) {
    let data = DataDirectory::default();
    let server = Server::start(&data).await;
    let caller = server.caller(&data.create_key("Acme").await);
    let key = &caller.key;
    let body = grant("user-1").to_string();
    let (first, rest) = body.split_at(10);
    let head = format!(
        "POST /v1/grants HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{first}",
        body.len()
    );
    let mut call = TcpStream::connect(server.client.authority()).await.expect("a connection");
    call.write_all(head.as_bytes()).await.expect("the head");
    // It is being handled when another call has been answered.
    caller.get("/health").await.expect(200);
    server.terminate().await;
    while TcpStream::connect(server.client.authority()).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    call.write_all(rest.as_bytes()).await.expect("the rest");
    let mut response = String::new();
    call.read_to_string(&mut response).await.expect("the response");
    assert!(response.starts_with("HTTP/1.1 201 Created\r\n"), "{response}");
    assert!(server.ended().await);
    // Its files are whole, and the log is in the database.
    let left = std::fs::read_dir(data.path()).expect("a directory").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(!left.iter().any(|name| name.ends_with("-wal") || name.ends_with(".socket")), "{left:?}");
}

async fn a_directory_or_a_file_that_cannot_be_served_is_left_as_it_is(_: &'static System) {
    let data = DataDirectory::default();
    let server = Server::start(&data).await;
    let key = data.create_key("Acme").await;
    let record = server.caller(&key).create_record().await;

    // Two processes on one directory.
    let refusal = data.refusal(data.serve(&[])).await;
    assert!(refusal.contains("is in use by another `assent` process"), "{refusal}");
    assert_eq!(server.caller(&key).get(record_path(&record)).await.status(), 200);
    server.kill().await;

    // A file that only a newer version understands.
    let edit = |sql: &str| {
        let output = std::process::Command::new("python3")
            .args(["-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"])
            .arg(data.database())
            .arg(sql)
            .output()
            .expect("python3");
        assert!(output.status.success(), "{output:?}");
    };
    edit("UPDATE _config SET value = value + 1000 WHERE key = 'schema_version'");
    let refusal = data.refusal(data.serve(&[])).await;
    assert!(refusal.contains("dynamodb.sqlite") && refusal.contains("newer"), "{refusal}");
    edit("UPDATE _config SET value = value - 1000 WHERE key = 'schema_version'");

    // A file that cannot be written.
    let mut command = data.serve(&[]);
    if std::fs::metadata(data.path()).expect("a directory").uid() == 0 {
        for entry in std::fs::read_dir(data.path()).expect("a directory").flatten().map(|entry| entry.path()) {
            chown(entry, Some(NOBODY), Some(NOBODY)).expect("another owner");
        }
        chown(data.path(), Some(NOBODY), Some(NOBODY)).expect("another owner");
        command.uid(NOBODY).gid(NOBODY);
    }
    std::fs::set_permissions(data.database(), Permissions::from_mode(0o400)).expect("a mode");
    let refusal = data.refusal(command).await;
    assert!(refusal.contains("dynamodb.sqlite") && refusal.contains("may not write"), "{refusal}");
    std::fs::set_permissions(data.database(), Permissions::from_mode(0o600)).expect("a mode");

    // Without its secrets.
    let secrets = data.path().join("secrets");
    std::fs::rename(&secrets, secrets.with_extension("away")).expect("a file");
    let refusal = data.refusal(data.serve(&[])).await;
    assert!(refusal.contains("SIGNING_SECRET") && !secrets.exists(), "{refusal}");
    std::fs::write(
        &secrets,
        "CURSOR_SECRET=c\nPSEUDONYM_SECRET=p\nSIGNING_SECRET=s\nSITE_SESSION_SECRET=s\nWEBHOOK_SECRET=w\n",
    )
    .expect("a file");
    let refusal = data.refusal(data.serve(&[])).await;
    assert!(refusal.contains("SIGNING_SECRET opens no signing key"), "{refusal}");
    std::fs::rename(secrets.with_extension("away"), &secrets).expect("a file");

    let server = Server::start(&data).await;
    assert_eq!(server.caller(&key).get(record_path(&record)).await.status(), 200);
}

async fn a_full_disk_loses_no_acknowledged_write(_: &'static System) {
    let (data, acknowledged) = (DataDirectory::default(), Acknowledged::default());
    let key = {
        let _server = Server::start(&data).await;
        data.create_key("Acme").await
    };
    // The system allows no file to grow beyond 1.5 or 3 MB (sh counts blocks of 512 or 1024 bytes), and the program gets an
    // error instead of a signal. The log of the new tables has 0.6 MB in its first second.
    let serve = data.serve(&[]);
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 3000; exec \"$0\" \"$@\""]).arg(serve.as_std().get_program());
    command.args(serve.as_std().get_args()).current_dir("/").kill_on_drop(true);
    let server = Server::of(&data, command).await.expect("it starts");
    let caller = server.caller(&key);
    let statuses = join_all((0..CALLERS).map(|_| acknowledged.write(&caller))).await;
    assert_eq!(statuses, [503; CALLERS]);
    // What only reads goes on.
    let (record, _) = acknowledged.lock().last().cloned().expect("a record");
    caller.get(format!("{}/audit", record_path(&record))).await.expect(200);
    assert!(server.log().contains("the database failed"), "{}", server.log());
    server.kill().await;

    let server = Server::start(&data).await;
    acknowledged.assert_kept_by(&server.caller(&key)).await;
    create_record(&server.caller(&key)).await.expect("a record");
}

async fn a_backup_under_load_is_whole_and_can_be_restored(_: &'static System) {
    let (data, acknowledged) = (DataDirectory::default(), Acknowledged::default());
    let server = Server::start(&data).await;
    let key = data.create_key("Acme").await;
    let caller = server.caller(&key);
    let active = create_record(&caller).await.expect("a record");
    let (file, data_keys) = (data.path().join("backup"), data.path().join("data-keys"));
    let (file, data_keys) = (file.to_str().expect("a path"), data_keys.to_str().expect("a path"));
    let backup = async {
        acknowledged.wait_for_more(2 * CALLERS).await;
        let before = acknowledged.lock().clone();
        // The second one replaces the file of the keys.
        for file in [&format!("{file}.first"), file] {
            let output = data.run(&["backup", file, "--data-keys", data_keys]).await;
            assert!(output.status.success(), "{output:?}");
        }
        before
    };
    let writing = join_all((0..CALLERS).map(|_| acknowledged.write(&caller)));
    let before = tokio::select! {
        statuses = writing => panic!("calls failed: {statuses:?}"),
        before = backup => before,
    };
    let saved = Acknowledged(Mutex::new(before));
    let output = data.run(&["backup", file]).await;
    assert!(String::from_utf8_lossy(&output.stderr).contains("exists"), "{output:?}");
    assert_eq!(data_keys_in(file), 0);
    assert!(data_keys_in(data_keys) > 0);

    // Into its own directory, which keeps its personal-data keys.
    let output = data.run(&["restore", file, "--replace"]).await;
    assert!(String::from_utf8_lossy(&output.stderr).contains("is in use"), "{output:?}");
    server.kill().await;
    let output = data.run(&["restore", file]).await;
    assert!(String::from_utf8_lossy(&output.stderr).contains("--replace"), "{output:?}");
    let output = data.run(&["restore", file, "--replace"]).await;
    assert!(output.status.success(), "{output:?}");
    let server = Server::start(&data).await;
    saved.assert_kept_by(&server.caller(&key)).await;
    saved.assert_reasons(&server.caller(&key), true).await;

    // Into another directory, with the personal-data keys and without.
    for with_keys in [true, false] {
        let other = DataDirectory::default();
        std::fs::create_dir(other.path()).expect("a directory");
        std::fs::copy(data.path().join("secrets"), other.path().join("secrets")).expect("a copy");
        let arguments = ["restore", file, "--data-keys", data_keys];
        let output = other.run(if with_keys { &arguments } else { &arguments[..2] }).await;
        assert!(output.status.success(), "{output:?}");
        let server = Server::start(&other).await;
        let caller = server.caller(&key);
        saved.assert_kept_by(&caller).await;
        saved.assert_reasons(&caller, with_keys).await;
        create_record(&caller).await.expect("a record");
        // A consent can be withdrawn also if its personal-data key is lost.
        caller.post(withdraw_path(&active), &json!({"reason": "No longer wanted"})).await.expect(200);
    }
}

async fn the_tables_move_to_another_database(system: &'static System) {
    let (data, acknowledged) = (DataDirectory::default(), Acknowledged::default());
    let server = Server::start(&data).await;
    let key = data.create_key("Acme").await;
    let caller = server.caller(&key);
    tokio::select! {
        statuses = join_all((0..CALLERS).map(|_| acknowledged.write(&caller))) => panic!("calls failed: {statuses:?}"),
        () = acknowledged.wait_for_more(2 * CALLERS) => {}
    }
    server.kill().await;

    // DynamoDB Local has separate tables for each access key id.
    let own = match system.engine {
        Engine::Dynoxide => Some(Dynoxide::start(None, 0, fresh_access_key_id()).expect("a database")),
        Engine::DynamoDbLocal => None,
    };
    let (url, id) = match &own {
        Some(database) => (database.endpoint().url.clone(), database.endpoint().access_key_id.clone()),
        None => (system.database_url().to_owned(), fresh_access_key_id()),
    };
    let variables = [("AWS_ACCESS_KEY_ID", id.as_str()), ("AWS_SECRET_ACCESS_KEY", "local")];
    // Killed on its way, it is repeated.
    let mut command = data.command(&["copy-tables", "--database-endpoint", &url]);
    let mut copying = command.envs(variables).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut lines = BufReader::new(copying.stdout.take().expect("its output")).lines();
    lines.next_line().await.expect("a line");
    copying.kill().await.expect("it can be killed");
    let output = command.output().await.expect("it runs");
    assert!(output.status.success(), "{output:?}");
    // To a stack with the same tables, it has nothing left to copy but the plan of the key.
    let (calls, path) = imitate_aws(data.path());
    let mut command = data.command(&["copy-tables", "--stack", "shop"]);
    command.envs(variables).env("AWS_ENDPOINT_URL_DYNAMODB", &url).env("CALLS", &calls).env("PATH", path);
    let output = command.output().await.expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let calls = std::fs::read_to_string(calls).expect("the calls of the AWS CLI");
    assert!(calls.contains("apigateway create-usage-plan-key --usage-plan-id of-enterprise"), "{calls}");

    let other = DataDirectory::default();
    std::fs::create_dir_all(other.path().join("usage-plan-keys")).expect("a directory");
    std::fs::copy(data.path().join("secrets"), other.path().join("secrets")).expect("a copy");
    for plan in std::fs::read_dir(data.path().join("usage-plan-keys")).expect("a directory").flatten() {
        std::fs::copy(plan.path(), other.path().join("usage-plan-keys").join(plan.file_name())).expect("a copy");
    }
    let serve = || {
        let mut command = other.serve(&["--database-endpoint", &url]);
        command.envs(variables);
        command
    };
    let server = Server::of(&other, serve()).await.expect("it starts");
    let caller = server.caller(&key);
    acknowledged.assert_kept_by(&caller).await;
    acknowledged.assert_reasons(&caller, true).await;
    create_record(&caller).await.expect("a record");
    let copied = acknowledged.lock()[0].0.clone();
    caller.delete(grant_path(&copied)).await.expect_no_content();
    let listed = other.command(&["keys", "list"]).envs(variables).output().await.expect("it runs");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("Acme"), "{listed:?}");
    server.kill().await;
    let refusal = other.refusal(other.serve(&[])).await;
    assert!(refusal.contains("--database-endpoint is"), "{refusal}");

    // What has changed there since is not overwritten.
    let output = command.output().await.expect("it runs");
    let refusal = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && refusal.contains("nothing was overwritten"), "{output:?}");
    let server = Server::of(&other, serve()).await.expect("it starts");
    acknowledged.assert_kept_by(&server.caller(&key)).await;
}

/// Puts an imitation of the AWS CLI into a folder, with a stack that has the template's tables. Returns the file in which it
/// notes its calls, and the search path with it.
fn imitate_aws(folder: &Path) -> (PathBuf, String) {
    let program = r#"#!/bin/sh
echo "$*" >>"$CALLS"
case "$1 $2" in
"cloudformation describe-stacks")
    echo '{"Stacks": [{"StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1", "Outputs": [
        {"OutputKey": "TablePrefix", "OutputValue": ""},
        {"OutputKey": "PersonalDataKeysTableName", "OutputValue": "PersonalDataKeysTable"},
        {"OutputKey": "EnterpriseUsagePlanId", "OutputValue": "of-enterprise"}]}]}' ;;
"apigateway get-usage-plan-keys") echo '{"items": []}' ;;
"apigateway create-api-key") echo '{"id": "id"}' ;;
"apigateway create-usage-plan-key") echo '{}' ;;
*) echo "An error occurred: $*" >&2; exit 254 ;;
esac
"#;
    let file = folder.join("aws");
    std::fs::write(&file, program).expect("a program");
    std::fs::set_permissions(&file, Permissions::from_mode(0o700)).expect("a program");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    (folder.join("calls"), path)
}

/// The number of personal-data keys in a file.
fn data_keys_in(file: &str) -> u32 {
    let count = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM \
                 PersonalDataKeysTable').fetchone()[0])";
    let output = std::process::Command::new("python3").args(["-c", count, file]).output().expect("python3");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

/// Changes the clock of a program that loads it: by the seconds in the file that `CLOCK` names.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, id, time);
    if (result == 0 && id == CLOCK_REALTIME) {
        char text[32] = {0};
        int file = open(getenv("CLOCK"), O_RDONLY);
        if (file >= 0 && read(file, text, sizeof text - 1) > 0) time->tv_sec += atol(text);
        if (file >= 0) close(file);
    }
    return result;
}
"#;

async fn a_clock_that_jumps_breaks_no_trail(_: &'static System) {
    // Elsewhere, no variable makes a program load it.
    if !cfg!(target_os = "linux") {
        return;
    }
    let data = DataDirectory::default();
    let (source, library, clock) =
        (data.path().join("clock.c"), data.path().join("clock.so"), data.path().join("clock"));
    std::fs::create_dir(data.path()).expect("a directory");
    std::fs::write(&source, CLOCK).expect("a file");
    let compiled =
        Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().await.expect("cc");
    assert!(compiled.success());
    let set = |days: i64| std::fs::write(&clock, (days * 86400).to_string()).expect("a file");
    set(0);

    let mut command = data.serve(&[]);
    command.env("LD_PRELOAD", &library).env("CLOCK", &clock);
    let server = Server::of(&data, command).await.expect("it starts");
    let key = data.create_key("Acme").await;
    let (caller, acknowledged) = (server.caller(&key), Acknowledged::default());
    for days in [0, -3, 2, -30] {
        set(days);
        let created = create_record(&caller).await.expect("a record");
        acknowledged.lock().push((created.clone(), false));
        set(days - 1);
        caller.post(withdraw_path(&created), &json!({"reason": "No longer wanted"})).await.expect(200);
        acknowledged.lock().last_mut().expect("a record").1 = true;
        acknowledged.assert_kept_by(&caller).await;
    }
}

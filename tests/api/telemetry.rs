//! The lines of the log, the measurements in them, and the alarms that watch these.

use std::collections::BTreeSet;
use std::time::Duration;

use assent_tests::alarms::{Alarms, Measurement, Minutes, State};
use assent_tests::client::Request;
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{SESSION, Tenant, session_path, text};
use assent_tests::lone_function::{LoneFunction, Outcome, TRACE_ID};
use assent_tests::operations::{Resources, operations};
use assent_tests::receiver::{Receiver, Reply};
use assent_tests::system::System;
use assent_tests::telling::Telling;
use boon::{Compiler, Schemas};
use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

crate::trials![
    a_function_on_lambda_logs_the_ids_of_its_call,
    measurements_by_endpoint_cost_nothing_unless_they_are_wanted,
    each_alarm_goes_off_as_the_runbook_says;
    on each engine:
    every_line_of_a_call_has_its_ids,
];

/// A database that refuses every connection: port 9 of this machine.
const NOWHERE: &str = "http://127.0.0.1:9";
/// The calls in a minute of the alarms' tests.
const CALLS: usize = 20;

/// The lines of a log that hold this text. Each with a measurement is checked.
fn lines(log: &str, text: &str) -> Vec<Value> {
    let mut lines: Vec<Value> = Vec::new();
    for line in log.lines().filter(|line| line.contains(text)) {
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        if line.get("_aws").is_some() {
            check_measurement(&line);
        }
        lines.push(line);
    }
    lines
}

/// Checks that a line is in the embedded metric format: by AWS's schema, and by what the specification says besides. It
/// has no other members than these, so that it names nobody.
fn check_measurement(line: &Value) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let schema = serde_json::from_str(include_str!("emf-schema.json")).expect("JSON");
    compiler.add_resource("emf.json", schema).expect("a schema");
    let schema = compiler.compile("emf.json", &mut schemas).expect("a valid schema");
    let valid = schemas.validate(line, schema);
    assert!(valid.is_ok(), "{line}: {valid:?}");
    let mut known: BTreeSet<&str> = BTreeSet::from([
        "_aws",
        "timestamp",
        "level",
        "requestId",
        "xrayTraceId",
        "message",
        "target",
        "status",
        "milliseconds",
        "reason",
        "worker",
        "error",
        "events",
        "deliveries",
    ]);
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().expect("directives") {
        for dimension in
            directive["Dimensions"].as_array().expect("dimensions").iter().filter_map(Value::as_array).flatten()
        {
            let dimension = dimension.as_str().expect("a name");
            assert!(["LogGroup", "Endpoint"].contains(&dimension), "{line}");
            assert!(line[dimension].is_string(), "{line}");
            known.insert(dimension);
        }
        for metric in directive["Metrics"].as_array().expect("metrics") {
            let name = metric["Name"].as_str().expect("a name");
            assert!(line[name].is_number(), "{line}");
            known.insert(name);
        }
    }
    let members: BTreeSet<&str> = line.as_object().expect("an object").keys().map(String::as_str).collect();
    assert!(members.is_subset(&known), "{line}");
}

async fn every_line_of_a_call_has_its_ids(system: &'static System) {
    let resources = Resources::new(system).await;
    let mut calls = Vec::new();
    for operation in operations(system).await {
        let forged = resources.call(&operation).header("x-amzn-trace-id", "Root=1-00000000-forged");
        let response = resources.tenant.send(forged).await;
        assert!(response.status() < 300, "{response}");
        let id = |name| response.header(name).expect("an id").to_owned();
        calls.push((operation.id, response.status(), id("x-amzn-requestid"), id("x-amzn-trace-id")));
    }
    let log = system.log();
    for (operation, status, request_id, trace_id) in &calls {
        let (epoch, rest) = trace_id.strip_prefix("Root=1-").and_then(|it| it.split_once('-')).expect("a trace's id");
        assert!(u32::from_str_radix(epoch, 16).is_ok() && rest.len() == 24 && !rest.contains("forged"), "{trace_id}");
        let own = lines(&log, request_id);
        for line in &own {
            assert_eq!((&line["requestId"], &line["xrayTraceId"]), (&json!(request_id), &json!(trace_id)), "{line}");
        }
        // By the trace the same lines are found.
        assert_eq!(lines(&log, trace_id), own);
        let responded: Vec<&Value> = own.iter().filter(|line| line["message"] == "responded").collect();
        assert_eq!(responded.len(), 1, "{operation}: {own:?}");
        assert_eq!((&responded[0]["Endpoint"], &responded[0]["status"]), (&json!(operation), &json!(status)));
    }
    let distinct: BTreeSet<&String> = calls.iter().map(|(.., trace_id)| trace_id).collect();
    assert_eq!(distinct.len(), calls.len());
}

/// A call of a session that a function whose database is away answers with a 503.
async fn called_in_vain(function: &LoneFunction, tenant: &Tenant) {
    let path = format!("{SESSION}/00000000-0000-4000-8000-000000000000");
    let mut event = tenant.request(Method::GET, path).event(&tenant.authorizer());
    event["requestContext"]["requestId"] = json!("of-the-gateway");
    function.response(&event).await.expect_error(503, "SERVICE_UNAVAILABLE");
}

async fn a_function_on_lambda_logs_the_ids_of_its_call(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let has_ids = |line: &Value| line["requestId"] == "of-the-gateway" && line["xrayTraceId"] == TRACE_ID;
    // Whatever the level, what is in the log has its ids.
    for (level, messages) in
        [("INFO", vec!["database unavailable", "responded"]), ("WARN", vec!["database unavailable"])]
    {
        let variables = [("AWS_LAMBDA_LOG_LEVEL", level), ("AWS_LAMBDA_LOG_GROUP_NAME", "a-group")];
        let function = system.lone_function_with("get-dpdp-session", NOWHERE, &variables).await;
        called_in_vain(&function, &tenant).await;
        let lines = lines(&function.output().expect("the output"), "");
        assert_eq!(lines.iter().map(|line| text(line, "message")).collect::<Vec<_>>(), messages);
        assert!(lines.iter().all(has_ids), "{lines:?}");
        // The log group is a dimension, which the alarms name.
        assert!(lines.iter().all(|line| line["LogGroup"] != ""), "{lines:?}");
    }
    let sweep = system.lone_function("sweep", NOWHERE).await;
    assert!(matches!(sweep.invoke(&json!({"time": "2026-01-02T03:04:05Z"})).await, Outcome::Failed(_)));
    let lines = lines(&sweep.output().expect("the output"), "");
    assert!(lines.iter().any(|line| line["message"] == "work failed"), "{lines:?}");
    assert!(lines.iter().all(|line| line["xrayTraceId"] == TRACE_ID && line["requestId"].is_string()), "{lines:?}");
}

async fn measurements_by_endpoint_cost_nothing_unless_they_are_wanted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let measured = async |database: &str, wanted: &str| {
        let function = system.lone_function_with("get-dpdp-session", database, &[("ENDPOINT_METRICS", wanted)]).await;
        if database == NOWHERE {
            called_in_vain(&function, &tenant).await;
        } else {
            let request = tenant.request(Method::GET, session_path(&session));
            function.response(&request.event(&tenant.authorizer())).await.expect(200);
        }
        let lines = lines(&function.output().expect("the output"), "responded");
        let metrics = lines[0]["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().cloned().unwrap_or_default();
        metrics.iter().map(|metric| text(metric, "Name")).collect::<Vec<_>>()
    };
    assert!(measured(system.database_url(), "false").await.is_empty());
    assert_eq!(measured(NOWHERE, "false").await, ["Faults"]);
    for database in [system.database_url(), NOWHERE] {
        assert_eq!(measured(database, "true").await, ["Calls", "Faults", "Duration", "Conflicts"]);
    }
    // Of two writes at once, one begins again.
    let _together = system.faults.hold_until(Matching::writes(&tenant.id), 2, Duration::from_secs(2));
    let changed = async |channel: &str| {
        let change = json!({"sessionId": session["sessionId"], "metadata": {"channel": channel}});
        let response = tenant.patch(SESSION, &change).await;
        response.expect(200);
        lines(&system.log(), response.header("x-amzn-requestid").expect("an id"))
    };
    let lines = join_all([changed("web"), changed("app")]).await.concat();
    assert_eq!(lines.iter().filter_map(|line| line["Conflicts"].as_u64()).collect::<Vec<_>>(), [1], "{lines:?}");
}

/// What is measured of a call: by the gateway, as API Gateway does, and by the lines of the functions.
async fn call(system: &System, tenant: &Tenant, request: Request) -> Vec<Measurement> {
    let started = Instant::now();
    let response = tenant.send(request).await;
    let latency = started.elapsed().as_secs_f64() * 1000.0;
    let of_gateway = |name: &str, value: f64| Measurement::new("AWS/ApiGateway", name, value);
    let fault = if response.status() >= 500 { 1.0 } else { 0.0 };
    let own = lines(&system.log(), response.header("x-amzn-requestid").expect("an id"));
    let measured = [of_gateway("5XXError", fault), of_gateway("Latency", latency)];
    measured.into_iter().chain(own.iter().flat_map(Measurement::in_line)).collect()
}

/// So many minutes like this one.
fn minutes(number: usize, minute: &[Vec<Measurement>]) -> Minutes {
    vec![minute.concat(); number]
}

/// Each alarm is seen in its calm, then in its case, whose measurements a real system has made under a fault. The minutes
/// are the test's: it repeats what was measured for as long as the alarm has to wait.
async fn each_alarm_goes_off_as_the_runbook_says(system: &'static System) {
    let template = assent_local::template::Template::own().expect("the template");
    let alarms = Alarms(&template.alarms);
    let tenant = Tenant::new(system).await;
    let path = session_path(&tenant.create_session().await);
    let get = || tenant.request(Method::GET, path.clone());
    let calm = call(system, &tenant, get()).await;
    let telling = Telling::start().await;
    let sweep = swept(system, &telling, 60).await;
    assert_eq!(sweep, [Measurement::new("Assent", "OldestDueSeconds", 0.0)]);
    // A day's part of calm calls and runs raises no alarm.
    let calm_minute = [vec![calm.clone(); CALLS], vec![sweep.clone()]].concat();
    let calm_hours = minutes(420, &calm_minute);
    for name in template.alarms.keys() {
        // The sweep of a new stack has not run yet.
        assert!(!alarms.states(name, &calm_hours)[10..].contains(&State::Alarm), "{name}");
    }

    let mut seen: BTreeSet<&str> = BTreeSet::new();
    // An alarm that does not go off at the end of what was before goes off in its case.
    let mut goes_off = |name: &'static str, before: &Minutes, case: Minutes| {
        let states = alarms.states(name, &[before.clone(), case].concat());
        let (before, case) = states.split_at(before.len());
        assert_eq!(before.iter().next_back(), Some(&State::Ok), "{name}");
        assert!(case.contains(&State::Alarm), "{name}");
        seen.insert(name);
        states
    };
    let before = minutes(60, &calm_minute);

    // The database throttles without end.
    let broken = {
        let _throttled = system.faults.strike(Matching::every(&tenant.id), Fault::Throttling, usize::MAX);
        call(system, &tenant, get()).await
    };
    let outage = [minutes(10, &vec![broken.clone(); CALLS]), minutes(60, &calm_minute)].concat();
    goes_off("DatabaseUnavailableAlarm", &before, outage.clone());
    goes_off("DeploymentAlarm", &before, minutes(1, &vec![broken.clone(); 5]));
    let availability = goes_off("AvailabilityAlarm", &before, outage);
    assert_eq!(availability[..60], [State::Ok; 60]);
    assert_eq!(availability[60..70], [State::Alarm; 10]);
    // It ends when the last half hour has few enough.
    assert_eq!(availability[99..], [State::Ok; 31]);
    // One call in a hundred is too slow for the fast pair of windows, and enough for the slow one.
    let some_broken = (0..300).map(|minute| {
        let last = if minute % 5 == 0 { &broken } else { &calm };
        [vec![calm.clone(); CALLS - 1], vec![last.clone()]].concat().concat()
    });
    let some_broken: Minutes = some_broken.collect();
    assert!(!alarms.goes_off("ErrorsIn1HourAlarm", &[before.clone(), some_broken.clone()].concat()));
    goes_off("AvailabilityAlarm", &minutes(360, &calm_minute), some_broken);
    // One 5xx among few calls is none that the alarm is for.
    let mut few: Minutes = vec![Vec::new(); 90];
    for minute in [5, 15, 25, 35, 45, 55, 65, 75] {
        few[minute] = if minute == 45 { broken.clone() } else { calm.clone() };
    }
    assert!(alarms.goes_off("ErrorsIn5MinutesAlarm", &few) && !alarms.goes_off("AvailabilityAlarm", &few));

    // A database that takes its time with the reads and the writes of a call.
    let slow = {
        let patience = Duration::from_millis(1_600);
        let reads = Matching::operations(&["GetItem", "BatchGetItem", "TransactGetItems", "Query"], &tenant.id);
        let _reads = system.faults.hold(reads, patience);
        let _writes = system.faults.hold(Matching::writes(&tenant.id), patience);
        let session = path.rsplit('/').next().expect("an id");
        let change = json!({"sessionId": session, "isChild": true});
        call(system, &tenant, tenant.request(Method::PATCH, SESSION).json(&change)).await
    };
    let often = |slow: &[Vec<Measurement>]| [vec![calm.clone(); 100 - slow.len()], slow.to_vec()].concat();
    goes_off("LatencyAlarm", &minutes(15, &often(&[])), minutes(15, &often(&[slow.clone(), slow.clone()])));
    // One in a hundred is within what the objective allows.
    assert!(!alarms.goes_off("LatencyAlarm", &minutes(30, &often(&[slow]))));

    // The sweep cannot reach the database.
    let failing = system.lone_function("sweep", NOWHERE).await;
    assert!(matches!(failing.invoke(&json!({"time": "2026-01-02T03:04:05Z"})).await, Outcome::Failed(_)));
    let failed = lines(&failing.output().expect("the output"), "").iter().flat_map(Measurement::in_line).collect();
    assert_eq!(failed, [Measurement::new("Assent", "WorkFailed", 1.0)]);
    goes_off("WorkersAlarm", &before, minutes(5, &[failed]));
    // What Lambda counts of it is enough, too.
    let error = Measurement { function: "local_sweep".to_owned(), ..Measurement::new("AWS/Lambda", "Errors", 1.0) };
    goes_off("WorkersAlarm", &before, minutes(5, &[vec![error]]));

    // The schedule does not run.
    goes_off("WorkLateAlarm", &before, vec![Vec::new(); 10]);
    // It runs late, with one recipient that is gone, and one that refuses.
    let gone = Receiver::start(Reply::status(410)).await;
    let refusing = Receiver::start(Reply::status(500)).await;
    for receiver in [&gone, &refusing] {
        let soon = json!({"ackWithin": "PT1M"});
        telling.register(json!({"kind": "webhook", "url": receiver.url()}), &soon).await;
    }
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    // What no stream has led to is due after half a minute.
    let mut late = vec![swept(system, &telling, 54_321).await];
    assert!(late[0].contains(&Measurement::new("Assent", "OldestDueSeconds", 54_321.0)), "{late:?}");
    for gap in [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] {
        late.push(swept(system, &telling, gap + 600).await);
    }
    for name in ["WorkLateAlarm", "RecipientUnreachableAlarm", "ConfirmationOverdueAlarm"] {
        goes_off(name, &before, late.clone());
    }
    let sum = |name: &str| late.iter().flatten().filter(|it| it.metric.1 == name).map(|it| it.value).sum::<f64>();
    // Of the failing recipient both messages were given up, and the other is disabled; of each a confirmation is overdue.
    assert_eq!((sum("Unreachable"), sum("Overdue"), sum("Delivered")), (3.0, 2.0, 0.0));

    check_runbook(&template.alarms.keys().map(String::as_str).collect(), &seen);
}

/// Lets time pass, and the sweep run. Returns what it measures.
async fn swept(system: &System, telling: &Telling, seconds: u64) -> Vec<Measurement> {
    let run = telling.sweep_after(Duration::from_secs(seconds)).await;
    let lines = lines(&system.log(), &run);
    assert!(lines.iter().all(|line| line["requestId"] == json!(run) && line["xrayTraceId"].is_string()), "{lines:?}");
    lines.iter().flat_map(Measurement::in_line).collect()
}

/// Checks that the runbook has an entry for each alarm that notifies somebody, and says which were seen to go off here.
fn check_runbook(alarms: &BTreeSet<&str>, seen: &BTreeSet<&str>) {
    let (_, runbook) = include_str!("../../docs/deploy.md").split_once("\n## Alarms\n").expect("a runbook");
    let runbook = runbook.split_once("\n## ").expect("its end").0;
    let rows = runbook.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"));
    // An alarm that is off by default is not among those of the template.
    let rows = rows.filter(|row| !row.contains("` (if `") || !row.ends_with(" | not seen"));
    let rows = rows.map(|row| (row.split_once('`').expect("a name").0, row.rsplit(" | ").next().expect("a mark")));
    let entries: BTreeSet<&str> = rows.clone().map(|(name, _)| name).collect();
    let of_objective = alarms.iter().filter(|name| name.starts_with("ErrorsIn")).copied().collect();
    assert_eq!(entries, alarms - &of_objective);
    for (name, mark) in rows {
        assert_eq!(mark, if seen.contains(name) { "in a test" } else { "not seen" }, "{name}");
    }
}

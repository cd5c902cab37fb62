//! The system under test, from the database up to the gateway, started once for all tests:
//!
//! ```text
//! client ── gateway ── functions ── fault proxy ── database
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use assent_local::database::{Dynoxide, Endpoint, Engine as Embedded, create_tables, fresh_access_key_id};
use assent_local::functions::{self, Invoke, InvokeWorker, Outcome, Processes, ProcessesConfig, Profile};
use assent_local::gateway::Gateway;
use assent_local::hosted::Hosted;
use assent_local::logging;
use assent_local::signing_keys;
use assent_local::template::{Template, UsagePlan};
pub use assent_local::triggers::Streams;
use assent_local::triggers::{Schedules, Triggers, TriggersConfig, schedule_event};
use assent_local::usage_plans::UsagePlanKeys;
use assent_shared::domain::api_key::{ApiKeyStatus, ApiKeyText};
use assent_shared::domain::identifiers::RecipientId;
use assent_shared::domain::scope::Scopes;
use assent_shared::domain::{Random, RequestContext, Timestamp};
use assent_shared::environment::{Environment, WEBHOOKS_TO_LOOPBACK};
use assent_shared::store::{ApiKeys, Database, IssuedKey, KeyOrder, Recipients};
use chrono::{DateTime, Utc};
use hyper::Method;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::cargo_lambda::CargoLambda;
use crate::client::Client;
use crate::contents::Contents;
use crate::fault_proxy::{DatabaseCall, FaultProxy};
use crate::lone_database::LoneDatabase;
use crate::lone_function::{self, LoneFunction};
use crate::moved_clock::MovedClock;

/// How many processes one function may have: races send up to 32 requests to one function at once.
const CONCURRENCY: usize = 32;
/// How long a stop waits for workers.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// The database under the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded database, in memory.
    Dynoxide,
    /// AWS's `DynamoDB` Local, in memory. `DYNAMODB_LOCAL_HOME` names its folder.
    DynamoDbLocal,
}

impl Engine {
    /// The engine that `ASSENT_TEST_DATABASE` names; by default dynoxide.
    pub fn chosen() -> Result<Self, String> {
        match std::env::var("ASSENT_TEST_DATABASE").as_deref() {
            Err(_) | Ok("" | "dynoxide") => Ok(Self::Dynoxide),
            Ok("dynamodb-local") => Ok(Self::DynamoDbLocal),
            Ok(other) => Err(format!("ASSENT_TEST_DATABASE={other}: it is dynoxide or dynamodb-local")),
        }
    }

    /// The template, for `DynamoDB` Local without time to live: it scans its tables for expired items again and again,
    /// and with large items in a table it does not respond meanwhile.
    pub(crate) fn tables_of(self, template: &Template) -> Template {
        let mut template = template.clone();
        if self == Self::DynamoDbLocal {
            template.tables.iter_mut().for_each(|table| table.time_to_live_specification = None);
        }
        template
    }

    fn name(self) -> &'static str {
        match self {
            Self::Dynoxide => "dynoxide",
            Self::DynamoDbLocal => "dynamodb-local",
        }
    }
}

enum Running {
    Dynoxide(Dynoxide),
    DynamoDbLocal(Child),
}

struct Parts {
    gateway: Gateway,
    functions: Arc<dyn Invoke>,
    workers: Arc<dyn InvokeWorker>,
    /// The streams of the embedded database. `DynamoDB` Local's are not read.
    triggers: Triggers,
    /// The processes of the functions, unless the functions run in this process.
    processes: Option<Processes>,
    database: Running,
    /// Started by the first test that needs it.
    cargo_lambda: Option<CargoLambda>,
}

/// The running system.
pub struct System {
    /// Calls the API through the gateway.
    pub client: Client,
    /// The proxy before the database.
    pub faults: FaultProxy,
    /// The contents of the database, read directly.
    pub contents: Contents,
    /// Locked by the race that runs.
    pub racing: Mutex<()>,
    /// How many rounds of races were repeated because of a 503.
    pub incomplete_rounds: AtomicUsize,
    /// The engine of the database.
    pub engine: Engine,
    root: PathBuf,
    database: Endpoint,
    /// The variables that Cargo.toml gives to the functions.
    fixed_environment: BTreeMap<String, String>,
    keys: ApiKeys,
    plan_keys: UsagePlanKeys,
    template: Template,
    log_file: PathBuf,
    parts: Mutex<Option<Parts>>,
}

/// The functions once more, in this process, before the same database and behind a gateway of their own. Their clock
/// stands still until the test moves it, and their caches are their own, so a test sees when a value in a cache ends.
pub struct Clocked {
    /// Calls the API through the gateway.
    pub client: Client,
    /// It stops when it is dropped.
    _gateway: Gateway,
    clock: MovedClock,
}

impl Clocked {
    /// Moves the clock on.
    pub fn pass(&self, time: Duration) {
        self.clock.pass(time);
    }
}

impl System {
    /// Builds the functions and starts everything. If no streams run, `tell` does what they do: tests that count the calls
    /// of a tenant, or let them fail, want no others.
    pub async fn start(engine: Engine, streams: Streams) -> Result<Self, Box<dyn Error>> {
        // The functions are built with the same profile as this test.
        let profile = if cfg!(debug_assertions) { Profile::Test } else { Profile::Release };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the workspace has no root")?.to_owned();
        let template = Template::own()?;
        functions::build(&root, profile).await?;

        let (database, embedded, endpoint) = start_database(engine).await?;
        let fixed_environment = functions::fixed_environment(&root).await?;
        create_tables(&engine.tables_of(&template), &endpoint).await?;
        signing_keys::ensure_at(&root, &endpoint.connect()).await?;
        let faults = FaultProxy::start(&endpoint.url).await?;
        let log_file = log_file(&root, engine)?;
        let environments = environments(&template, &endpoint.through(faults.url()), &fixed_environment);
        let (functions, workers, processes): (Arc<dyn Invoke>, Arc<dyn InvokeWorker>, _) = if in_processes()? {
            let processes = Processes::start(ProcessesConfig {
                environments,
                concurrency: CONCURRENCY,
                profile,
                reload: false,
                log_file: log_file.clone(),
                root: root.clone(),
            })
            .await?;
            (processes.invoker(), processes.workers(), Some(processes))
        } else {
            logging::start_of_functions(&log_file)?;
            let hosted = Arc::new(Hosted::start(environments, None).await?);
            (Arc::<Hosted>::clone(&hosted), hosted, None)
        };
        // What a schedule does, a test does by `run_schedule`, and no other test sees it happen meanwhile.
        let config = TriggersConfig { streams, schedules: Schedules::Off };
        let triggers = Triggers::start(&template, &workers, embedded.as_ref(), config);
        let plan_keys = UsagePlanKeys::in_memory();
        let gateway = Gateway::start(&template, Arc::clone(&functions), plan_keys.clone(), 0)?;
        Ok(Self {
            client: Client::new(gateway.base_url()),
            faults,
            contents: Contents::new(&template, engine, &endpoint),
            racing: Mutex::default(),
            incomplete_rounds: AtomicUsize::new(0),
            engine,
            fixed_environment,
            root,
            keys: ApiKeys::new(&endpoint.connect()),
            plan_keys,
            database: endpoint,
            template,
            log_file,
            parts: Mutex::new(Some(Parts {
                gateway,
                functions,
                workers,
                triggers,
                processes,
                database,
                cargo_lambda: None,
            })),
        })
    }

    /// A new proxy before the database, for one test alone.
    pub async fn own_faults(&self) -> FaultProxy {
        FaultProxy::start(&self.database.url).await.expect("a proxy")
    }

    /// A function as a process of its own, with the database at this URL.
    pub async fn lone_function(&self, name: &str, database_url: &str) -> LoneFunction {
        self.lone_function_with(name, database_url, &[]).await
    }

    /// The same, with other values for these variables.
    pub async fn lone_function_with(&self, name: &str, database_url: &str, variables: &[(&str, &str)]) -> LoneFunction {
        self.start_lone_function(name, database_url, variables).await.expect("a function")
    }

    /// The same, for a function that may fail to start.
    pub async fn start_lone_function(
        &self,
        name: &str,
        database_url: &str,
        variables: &[(&str, &str)],
    ) -> std::io::Result<LoneFunction> {
        let program = lone_function::binary(name).expect("the folder of the functions");
        let database = self.database.through(database_url);
        // It has the same secrets as the other functions.
        let mut environment = functions::environment(&self.template, name, Some(&database), &self.fixed_environment);
        environment.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        LoneFunction::start(&program, &environment).await
    }

    /// The URL of the database itself.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// The URL of the database itself, and the access key id that it accepts.
    pub fn database(&self) -> &Endpoint {
        &self.database
    }

    /// A client of the functions without the gateway: through the router of `cargo lambda watch`, which invokes them as
    /// function URLs do. The first call starts it.
    pub async fn function_urls(&self) -> Client {
        let mut parts = self.parts.lock().await;
        let parts = parts.as_mut().expect("the system runs");
        if parts.cargo_lambda.is_none() {
            let database = self.database.through(self.faults.url());
            parts.cargo_lambda = Some(CargoLambda::start(&self.root, &database).await.expect("cargo lambda watch"));
        }
        Client::new(parts.cargo_lambda.as_ref().expect("it was started").url())
    }

    /// The secret under which the signing key is encrypted.
    pub fn signing_secret(&self) -> &str {
        &self.fixed_environment["SIGNING_SECRET"]
    }

    /// The recipients, whose secrets are sealed under the secret of the functions.
    pub fn recipients(&self) -> Recipients {
        let database = Some(&self.database);
        let variables = functions::environment(&self.template, "create-recipient", database, &self.fixed_environment);
        Recipients::new(&Database::from_environment(&Environment::given(variables)))
    }

    /// Retires the signing key, as the command does, and returns the `kid` of the next one.
    pub async fn rotate_signing_key(&self) -> String {
        signing_keys::rotate_at(&self.root, &self.database.connect()).await.expect("a signing key")
    }

    /// A database of the same engine as a process of its own, with the template's tables.
    pub async fn lone_database(&self) -> LoneDatabase {
        LoneDatabase::start(self.engine, &self.template, &self.root, &self.database.access_key_id)
            .await
            .expect("a database")
    }

    /// Stops everything that was started. A second call waits for the first, so that no process is left when this one
    /// ends.
    pub async fn stop(&self) {
        let mut parts = self.parts.lock().await;
        let Some(parts) = parts.take() else { return };
        parts.gateway.stop().await;
        parts.triggers.stop(STOP_TIMEOUT).await;
        if let Some(processes) = parts.processes {
            processes.stop().await;
        }
        drop(parts.cargo_lambda);
        match parts.database {
            Running::Dynoxide(database) => database.stop(),
            Running::DynamoDbLocal(mut process) => {
                let _ = process.kill().await;
            }
        }
    }

    /// Waits for SIGINT or SIGTERM.
    pub async fn interrupted() {
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut terminate) => terminate.recv().await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated => {}
        }
    }

    /// The methods and paths of the template that require a key.
    pub fn routes_with_keys(&self) -> Vec<(Method, String)> {
        let routes = self.template.routes.iter().filter(|route| route.key_required);
        routes.map(|route| (route.method.parse().expect("a method"), route.path.clone())).collect()
    }

    /// The database calls that the template's policies allow to the functions.
    pub fn permissions(&self) -> BTreeSet<DatabaseCall> {
        let permissions = self.template.functions.values().flat_map(|function| {
            function.permissions.iter().map(|(action, resource)| DatabaseCall {
                function: function.binary.clone(),
                action: action.clone(),
                resource: resource.replace(".Arn", ""),
            })
        });
        permissions.collect()
    }

    /// A usage plan of the template.
    pub fn usage_plan(&self, name: &str) -> UsagePlan {
        self.template.usage_plans.get(name).expect("a usage plan").clone()
    }

    /// Another gateway before the same functions, with the same usage plans and keys, which caches the authorizer's
    /// response for this time only. It stops when it is dropped.
    pub async fn forgetful_gateway(&self, keep: Duration) -> Gateway {
        let mut template = self.template.clone();
        for authorizer in template.authorizers.values_mut() {
            authorizer.reauthorize_every = authorizer.reauthorize_every.min(keep);
        }
        let parts = self.parts.lock().await;
        let functions = Arc::clone(&parts.as_ref().expect("the system runs").functions);
        Gateway::start(&template, functions, self.plan_keys.clone(), 0).expect("a gateway")
    }

    /// Invokes a worker as a schedule does at this time, and returns when it has finished.
    pub async fn run_schedule(&self, worker: &str, time: Timestamp) {
        self.work(worker, schedule_event(time, "test")).await;
    }

    /// Tells the recipients of a tenant what has happened, as the streams do.
    pub async fn tell(&self, tenant: Uuid) {
        for (worker, table, announced) in [("relay", "EventsTable", "work"), ("deliver", "DeliveriesTable", "lane")] {
            let items = self.contents.of(tenant).await;
            for (key, _) in items.in_table(table).filter(|(_, item)| item.contains_key(announced)) {
                self.work(worker, announcement(&key.partition, &key.sort)).await;
            }
        }
    }

    async fn work(&self, worker: &str, event: Value) {
        let workers = {
            let parts = self.parts.lock().await;
            Arc::clone(&parts.as_ref().expect("the system runs").workers)
        };
        let outcome = workers.work(worker, event).await;
        assert!(matches!(outcome, Outcome::Response(_)), "{worker}: {outcome:?}");
    }

    /// The functions with a clock that the test moves.
    pub async fn clocked(&self) -> Clocked {
        let clock = MovedClock::at_present();
        let database = self.database.through(self.faults.url());
        let environments = environments(&self.template, &database, &self.fixed_environment);
        let functions =
            Hosted::start_with(environments, |environment| environment.with_clock(clock.clock(), Random::system()));
        let functions = Arc::new(functions.await.expect("the functions"));
        let gateway = Gateway::start(&self.template, functions, self.plan_keys.clone(), 0).expect("a gateway");
        Clocked { client: Client::new(gateway.base_url()), _gateway: gateway, clock }
    }

    /// Puts a key on this usage plan.
    pub fn put_on_plan(&self, key: &str, plan: &str) {
        let key = ApiKeyText::parse(key).expect("a key");
        self.plan_keys.put(&key.hash().to_string(), plan).expect("a plan");
    }

    /// Disables a key in the database, and leaves it on its usage plan.
    pub async fn disable_key(&self, key: &str) {
        let key = ApiKeyText::parse(key).expect("a key");
        self.keys.set_status(&key.hash(), ApiKeyStatus::Disabled, &RequestContext::system()).await.expect("a key");
    }

    /// The output of the functions so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log_file).expect("the log")
    }

    /// Creates a key in the database, on no usage plan.
    pub async fn issue_planless_key(
        &self,
        tenant_name: &str,
        scopes: &[&str],
        status: ApiKeyStatus,
        expiry: Option<DateTime<Utc>>,
    ) -> IssuedKey {
        let order = KeyOrder {
            tenant_name,
            label: "",
            scopes: Scopes::parse(scopes.iter().copied()).expect("scopes"),
            expires_at: expiry.and_then(|expiry| Timestamp::from_milliseconds(expiry.timestamp_millis())),
            status,
            recipient_id: None,
        };
        self.keys.issue(order, &RequestContext::system()).await.expect("a key")
    }

    /// Creates a key of a recipient on the largest usage plan, as the command does.
    pub async fn issue_recipient_key(&self, tenant_name: &str, recipient: &str) -> IssuedKey {
        let order = KeyOrder {
            tenant_name,
            label: "",
            scopes: Scopes::parse(["deliveries:read", "deliveries:write"]).expect("scopes"),
            expires_at: None,
            status: ApiKeyStatus::Active,
            recipient_id: Some(RecipientId::parse(recipient).expect("an id")),
        };
        let key = self.keys.issue(order, &RequestContext::system()).await.expect("a key");
        self.put_on_plan(key.text.reveal(), "enterprise");
        key
    }

    /// Creates a key on the largest usage plan, as the command does.
    pub async fn issue_key(
        &self,
        tenant_name: &str,
        scopes: &[&str],
        status: ApiKeyStatus,
        expiry: Option<DateTime<Utc>>,
    ) -> IssuedKey {
        let key = self.issue_planless_key(tenant_name, scopes, status, expiry).await;
        self.put_on_plan(key.text.reveal(), "enterprise");
        key
    }
}

/// The event with which the stream of a table announces an item.
pub fn announcement(partition: &str, sort: &str) -> Value {
    let keys = json!({"pk": {"S": partition}, "sk": {"S": sort}});
    json!({"Records": [{"eventName": "INSERT", "dynamodb": {"Keys": keys}}]})
}

/// Whether each function runs in processes of its own, as on Lambda (`ASSENT_TEST_FUNCTIONS=lambda`), or all of them
/// run in this process.
fn in_processes() -> Result<bool, String> {
    match std::env::var("ASSENT_TEST_FUNCTIONS").as_deref() {
        Err(_) | Ok("" | "hosted") => Ok(false),
        Ok("lambda") => Ok(true),
        Ok(other) => Err(format!("ASSENT_TEST_FUNCTIONS={other}: it is hosted or lambda")),
    }
}

/// The environment variables of all functions. Webhooks may reach this machine, as in `make dev`.
fn environments(
    template: &Template,
    database: &Endpoint,
    secrets: &BTreeMap<String, String>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut environments = functions::environments(template, Some(database), secrets);
    for variables in environments.values_mut() {
        variables.insert(WEBHOOKS_TO_LOOPBACK.to_owned(), "1".to_owned());
    }
    environments
}

fn log_file(root: &Path, engine: Engine) -> std::io::Result<PathBuf> {
    let folder = root.join("target/tests");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("functions-{}.log", engine.name())))
}

/// Starts a database. The embedded one can also be used directly.
async fn start_database(engine: Engine) -> Result<(Running, Option<Embedded>, Endpoint), Box<dyn Error>> {
    match engine {
        Engine::Dynoxide => {
            let embedded = Embedded::memory()?;
            let database = Dynoxide::of(embedded.clone(), 0, fresh_access_key_id())?;
            let endpoint = database.endpoint().clone();
            Ok((Running::Dynoxide(database), Some(embedded), endpoint))
        }
        Engine::DynamoDbLocal => {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            let process = dynamodb_local(port)?
                .arg("-inMemory")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .kill_on_drop(true)
                .spawn()?;
            // It takes seconds to start.
            listening(port, Duration::from_mins(1)).await?;
            // It accepts any access key id, and keeps separate tables for each.
            let endpoint = Endpoint { url: format!("http://127.0.0.1:{port}"), access_key_id: fresh_access_key_id() };
            Ok((Running::DynamoDbLocal(process), None, endpoint))
        }
    }
}

/// The command that starts `DynamoDB` Local on a port; the caller adds where it keeps its tables.
pub(crate) fn dynamodb_local(port: u16) -> Result<Command, Box<dyn Error>> {
    let home = std::env::var("DYNAMODB_LOCAL_HOME")
        .map_err(|_| "DYNAMODB_LOCAL_HOME must name the folder of DynamoDBLocal.jar")?;
    let mut command = Command::new("java");
    command.args(["-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-port"]);
    command.arg(port.to_string()).current_dir(home);
    Ok(command)
}

/// Waits until something listens on this port.
pub(crate) async fn listening(port: u16, patience: Duration) -> Result<(), Box<dyn Error>> {
    let deadline = tokio::time::Instant::now() + patience;
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if tokio::time::Instant::now() > deadline {
            return Err(format!("nothing listens on port {port} after {patience:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

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
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use assent_local::database::{Dynoxide, create_tables};
use assent_local::functions::{self, Functions, FunctionsConfig};
use assent_local::gateway::Gateway;
use assent_local::signing_keys;
use assent_local::template::{Template, UsagePlan};
use assent_local::usage_plans::UsagePlanKeys;
use assent_shared::domain::api_key::{ApiKeyStatus, ApiKeyText};
use assent_shared::domain::scope::Scopes;
use assent_shared::domain::{Timestamp, World};
use assent_shared::store::{ApiKeys, Database, IssuedKey, KeyOrder};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::Full;
use hyper::{Method, Request};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;

use crate::client::Client;
use crate::contents::Contents;
use crate::fault_proxy::{DatabaseCall, FaultProxy};
use crate::lone_database::LoneDatabase;
use crate::lone_function::{self, LoneFunction};

/// What races need: at most 32 requests to one function at once.
const CONCURRENCY: usize = 32;

/// Which database stands below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one, in memory.
    Dynoxide,
    /// AWS's own `DynamoDB` Local, in memory; `DYNAMODB_LOCAL_HOME` names its folder.
    DynamoDbLocal,
}

impl Engine {
    /// What `ASSENT_TEST_DATABASE` names; dynoxide where it names none.
    pub fn chosen() -> Result<Self, String> {
        match std::env::var("ASSENT_TEST_DATABASE").as_deref() {
            Err(_) | Ok("" | "dynoxide") => Ok(Self::Dynoxide),
            Ok("dynamodb-local") => Ok(Self::DynamoDbLocal),
            Ok(other) => Err(format!("ASSENT_TEST_DATABASE={other}: it is dynoxide or dynamodb-local")),
        }
    }

    /// The template with the tables as they are made here. `DynamoDB` Local looks for what has
    /// expired again and again, and with large items in a table it answers nothing meanwhile.
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
    functions: Functions,
    database: Running,
}

/// Everything that runs.
pub struct System {
    /// Reaches the API through the gateway.
    pub client: Client,
    /// Reaches the functions through cargo-lambda's own router, as a function URL would.
    pub function_urls: Client,
    /// Stands before the database.
    pub faults: FaultProxy,
    /// What the database holds, past the functions and the faults.
    pub contents: Contents,
    /// Held by the race that runs.
    pub racing: Mutex<()>,
    /// How many heats of races were left without all their answers.
    pub unanswered_heats: AtomicUsize,
    /// What the database is.
    pub engine: Engine,
    root: PathBuf,
    database_url: String,
    /// What Cargo.toml gives to the functions.
    fixed_environment: BTreeMap<String, String>,
    keys: ApiKeys,
    plan_keys: UsagePlanKeys,
    world: World,
    template: Template,
    log_file: PathBuf,
    parts: Mutex<Option<Parts>>,
}

impl System {
    /// Builds the functions and starts everything.
    pub async fn start(engine: Engine) -> Result<Self, Box<dyn Error>> {
        // As this is itself: cargo test --release is for functions with optimizations.
        let release = !cfg!(debug_assertions);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the workspace has no root")?.to_owned();
        let template = Template::read(root.join("template.yaml"))?;
        functions::build(&root, release).await?;

        let (database, endpoint) = start_database(engine).await?;
        create_tables(&engine.tables_of(&template), &endpoint).await?;
        signing_keys::ensure_at(&root, &endpoint).await?;
        let faults = FaultProxy::start(&endpoint).await?;
        let log_file = log_file(&root, engine)?;
        let running = Functions::start(FunctionsConfig {
            environment: functions::environment(&template, &faults.url()),
            concurrency: CONCURRENCY,
            port: 0,
            release,
            reload: false,
            log_file: log_file.clone(),
            root: root.clone(),
        })
        .await?;
        warm(&template, running.url()).await?;
        let plan_keys = UsagePlanKeys::in_memory();
        let gateway = Gateway::start(&template, running.url(), plan_keys.clone(), 0).await?;
        Ok(Self {
            client: Client::new(gateway.base_url()),
            function_urls: Client::new(running.url()),
            faults,
            contents: Contents::new(&template, &endpoint),
            racing: Mutex::default(),
            unanswered_heats: AtomicUsize::new(0),
            engine,
            fixed_environment: functions::fixed_environment(&root).await?,
            root,
            keys: ApiKeys::new(&Database::at(&endpoint)),
            plan_keys,
            world: World::real(),
            database_url: endpoint,
            template,
            log_file,
            parts: Mutex::new(Some(Parts { gateway, functions: running, database })),
        })
    }

    /// A way to the database that is one test's own.
    pub async fn own_faults(&self) -> FaultProxy {
        FaultProxy::start(&self.database_url).await.expect("a proxy")
    }

    /// A function as a process of its own, with the database at this URL.
    pub async fn lone_function(&self, name: &str, database_url: &str) -> LoneFunction {
        self.lone_function_with(name, database_url, &[]).await
    }

    /// The same with these variables set otherwise.
    pub async fn lone_function_with(&self, name: &str, database_url: &str, variables: &[(&str, &str)]) -> LoneFunction {
        self.start_lone_function(name, database_url, variables).await.expect("a function")
    }

    /// The same for a function that may not start.
    pub async fn start_lone_function(
        &self,
        name: &str,
        database_url: &str,
        variables: &[(&str, &str)],
    ) -> std::io::Result<LoneFunction> {
        let program = lone_function::binary(name).expect("the folder of the functions");
        let mut environment = functions::environment(&self.template, database_url);
        // With the same secrets as the others, they understand each other.
        environment.extend(self.fixed_environment.clone());
        environment.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        LoneFunction::start(&program, &environment).await
    }

    /// Where the database is, past the faults.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// What the key that signs is sealed under.
    pub fn signing_secret(&self) -> &str {
        &self.fixed_environment["SIGNING_SECRET"]
    }

    /// Retires the key that signs, as the command does; gives the next one's name.
    pub async fn rotate_signing_key(&self) -> String {
        signing_keys::rotate_at(&self.root, &self.database_url).await.expect("a signing key")
    }

    /// A database of the same engine as a process of its own, with the template's tables.
    pub async fn lone_database(&self) -> LoneDatabase {
        LoneDatabase::start(self.engine, &self.template, &self.root).await.expect("a database")
    }

    /// Stops everything that was started. Asked twice, the second waits for the first: whoever
    /// ends this process then leaves nothing behind.
    pub async fn stop(&self) {
        let mut parts = self.parts.lock().await;
        let Some(parts) = parts.take() else { return };
        parts.gateway.stop().await;
        parts.functions.stop().await;
        match parts.database {
            Running::Dynoxide(database) => database.stop(),
            Running::DynamoDbLocal(mut process) => {
                let _ = process.kill().await;
            }
        }
    }

    /// Returns when the tests are asked to end.
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

    /// The methods and paths of the template that want a key.
    pub fn routes_with_keys(&self) -> Vec<(Method, String)> {
        let routes = self.template.routes.iter().filter(|route| route.authorizer.is_some());
        routes.map(|route| (route.method.parse().expect("a method"), route.path.clone())).collect()
    }

    /// What the template's policies let the functions do to the database.
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

    /// What the template lets each key of a usage plan do.
    pub fn usage_plan(&self, name: &str) -> UsagePlan {
        self.template.usage_plans.get(name).expect("a usage plan").clone()
    }

    /// Another gateway before the same functions, with the same keys on its plans, which keeps an authorizer's answer
    /// only for so long; it ends when it is dropped.
    pub async fn forgetful_gateway(&self, keep: Duration) -> Gateway {
        let mut template = self.template.clone();
        for authorizer in template.authorizers.values_mut() {
            authorizer.reauthorize_every = authorizer.reauthorize_every.min(keep);
        }
        let functions_url = format!("http://{}", self.function_urls.authority());
        Gateway::start(&template, &functions_url, self.plan_keys.clone(), 0).await.expect("a gateway")
    }

    /// Puts a key on this usage plan.
    pub fn put_on_plan(&self, key: &str, plan: &str) {
        let key = ApiKeyText::parse(key).expect("a key");
        self.plan_keys.put(&key.hash().to_string(), plan).expect("a place on a plan");
    }

    /// Switches a key off on the database itself, and leaves it its place on a plan.
    pub async fn disable_key(&self, key: &str) {
        let key = ApiKeyText::parse(key).expect("a key");
        self.keys.set_status(&key.hash(), ApiKeyStatus::Disabled, &self.world).await.expect("a key");
    }

    /// What the functions have printed so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log_file).expect("the log")
    }

    /// Issues a key on the database itself, on no usage plan.
    pub async fn issue_planless_key(
        &self,
        tenant_name: &str,
        scopes: &[&str],
        status: ApiKeyStatus,
        expiry: Option<DateTime<Utc>>,
    ) -> IssuedKey {
        let order = KeyOrder {
            tenant_name,
            scopes: Scopes::parse(scopes.iter().copied()).expect("scopes"),
            expires_at: expiry.and_then(|expiry| Timestamp::from_milliseconds(expiry.timestamp_millis())),
            status,
        };
        self.keys.issue(order, &self.world).await.expect("a key")
    }

    /// Issues a key that no plan holds up, as the key command does.
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

/// Lets every function start, one after the other. A call to one that does not run makes
/// cargo-lambda start a further instance each 100 ms until one answers; with many such calls at
/// once the starts slow each other down until every function has all the instances it may have.
async fn warm(template: &Template, functions_url: &str) -> Result<(), Box<dyn Error>> {
    let client: HyperClient<_, Full<Bytes>> = HyperClient::builder(TokioExecutor::new()).build_http();
    let binaries: BTreeSet<&str> = template.functions.values().map(|function| function.binary.as_str()).collect();
    for binary in binaries {
        // No event of any kind: whatever the function makes of it, it runs.
        let url = format!("{functions_url}/2015-03-31/functions/{binary}/invocations");
        let request = Request::post(url).body(Full::new(Bytes::from_static(b"{}")))?;
        tokio::time::timeout(Duration::from_mins(1), client.request(request)).await??;
    }
    Ok(())
}

fn log_file(root: &Path, engine: Engine) -> std::io::Result<PathBuf> {
    let folder = root.join("target/tests");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("functions-{}.log", engine.name())))
}

async fn start_database(engine: Engine) -> Result<(Running, String), Box<dyn Error>> {
    match engine {
        Engine::Dynoxide => {
            let database = Dynoxide::start(None, 0)?;
            let endpoint = database.endpoint().to_owned();
            Ok((Running::Dynoxide(database), endpoint))
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
            Ok((Running::DynamoDbLocal(process), format!("http://127.0.0.1:{port}")))
        }
    }
}

/// What starts `DynamoDB` Local on a port, once it is told where to keep its tables.
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

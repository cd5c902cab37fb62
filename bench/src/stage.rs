//! The surroundings of the measured functions: a database in memory, which is equally fast for all of them, and the
//! environment variables of the template.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::{Duration, Instant};

use assent_local::database::{Dynoxide, Engine};
use assent_local::template::Template;
use assent_local::{database, functions, signing_keys};
use assent_shared::domain::RequestContext;
use assent_shared::domain::api_key::ApiKeyStatus;
use assent_shared::domain::scope::Scopes;
use assent_shared::store::{ApiKeys, IssuedKey, KeyOrder};
use assent_tests::client::Request;
use assent_tests::fixtures::authorizer;
use assent_tests::lone_function::{LoneFunction, Outcome};
use serde_json::Value;
use uuid::Uuid;

/// Every error ends the bench.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The function that does nothing.
pub(crate) const HELLO: &str = "bench-hello";
/// The function that only makes the database calls in its event.
pub(crate) const BARE: &str = "bench-bare";

/// The tenant of all data, except in comparisons of tenants.
pub(crate) const TENANT: Uuid = Uuid::from_u128(1);

/// The workspace, its template and its binaries.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) template: Template,
    binaries: PathBuf,
    fixed: BTreeMap<String, String>,
}

/// The credential that the databases of the bench accept.
pub(crate) const ACCESS_KEY_ID: &str = "bench";

impl Endpoint {
    pub(crate) fn of_local(&self) -> database::Endpoint {
        database::Endpoint { url: self.url.clone(), access_key_id: ACCESS_KEY_ID.to_owned() }
    }
}

impl Workspace {
    pub(crate) async fn read() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the workspace has no root")?.to_owned();
        let template = Template::own()?;
        // The bench itself is built as `assent` is, and the functions as for AWS.
        let own = std::env::current_exe()?;
        let target = own.parent().and_then(Path::parent).ok_or("the bench's binary has no folder")?;
        let binaries = target.join("release");
        let fixed = functions::fixed_environment(&root).await?;
        Ok(Self { root, template, binaries, fixed })
    }

    /// The names of all functions.
    pub(crate) fn functions(&self) -> Vec<String> {
        let mut names: Vec<String> = self.template.functions.values().map(|function| function.binary.clone()).collect();
        names.sort();
        names.dedup();
        let (built, missing): (Vec<String>, Vec<String>) =
            names.into_iter().partition(|name| self.binary(name).exists());
        if !missing.is_empty() {
            eprintln!("not built, and left out: {}", missing.join(", "));
        }
        built
    }

    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// Starts a function. Returns the time until it asked for its first invocation.
    pub(crate) async fn start(&self, name: &str, database: &Endpoint) -> Result<(LoneFunction, Duration)> {
        let mut environment = functions::environment(&self.template, name, Some(&database.of_local()), &self.fixed);
        if let Some(certificates) = &database.certificates {
            environment.insert("AWS_CA_BUNDLE".to_owned(), certificates.display().to_string());
        }
        environment.extend(database.more.clone());
        let began = Instant::now();
        let function = LoneFunction::start(&self.binary(name), &environment).await?;
        Ok((function, began.elapsed()))
    }
}

/// The functions' access to the database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    /// The certificate to trust.
    pub(crate) certificates: Option<PathBuf>,
    /// Additional environment variables.
    pub(crate) more: BTreeMap<String, String>,
    /// The number of connections that were opened to it, if they are counted.
    pub(crate) opened: Arc<AtomicUsize>,
}

/// A database with the template's tables.
pub(crate) struct Stage {
    pub(crate) database: Engine,
    pub(crate) endpoint: Endpoint,
    _server: Dynoxide,
}

impl Stage {
    /// A database in memory.
    pub(crate) async fn set(workspace: &Workspace) -> Result<Self> {
        Self::of(workspace, Engine::memory()?).await
    }

    pub(crate) async fn of(workspace: &Workspace, database: Engine) -> Result<Self> {
        let server = Dynoxide::of(database.clone(), 0, ACCESS_KEY_ID.to_owned())?;
        database::create_tables(&workspace.template, server.endpoint()).await?;
        signing_keys::ensure_at(&workspace.root, &server.endpoint().connect()).await?;
        let endpoint = Endpoint { url: server.endpoint().url.clone(), ..Endpoint::default() };
        Ok(Self { database, endpoint, _server: server })
    }

    /// A key of a new tenant.
    pub(crate) async fn issue_key(&self) -> Result<IssuedKey> {
        let order = KeyOrder {
            tenant_name: "Acme",
            label: "",
            scopes: Scopes::parse(["*"]).map_err(|_| "no scopes")?,
            expires_at: None,
            status: ApiKeyStatus::Active,
            recipient_id: None,
        };
        let keys = ApiKeys::new(&self.endpoint.of_local().connect());
        Ok(keys.issue(order, &RequestContext::system()).await?)
    }
}

/// The authorizer's context for a key of this tenant.
pub(crate) fn context(tenant: Uuid) -> Value {
    authorizer(tenant, "Acme", Uuid::from_u128(2))
}

/// Sends a request of a tenant. The response must have this status.
pub(crate) async fn call(function: &LoneFunction, tenant: Uuid, request: &Request, status: u16) -> Result<Value> {
    answered(function.invoke(&request.event(&context(tenant))).await, status)
}

/// The body of a response, which must have this status.
pub(crate) fn answered(outcome: Outcome, status: u16) -> Result<Value> {
    match outcome {
        Outcome::Answered(answer) if answer.get("statusCode").and_then(Value::as_u64) == Some(u64::from(status)) => {
            let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
            Ok(serde_json::from_str(body).unwrap_or_default())
        }
        outcome => Err(format!("not answered with {status}: {outcome:?}").into()),
    }
}

/// The same, with the time from the request to the response.
pub(crate) async fn timed(function: &LoneFunction, event: &Value, status: u16) -> Result<(Value, Duration)> {
    let began = Instant::now();
    let outcome = function.invoke(event).await;
    let took = began.elapsed();
    answered(outcome, status).map(|body| (body, took))
}

/// The median.
pub(crate) fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The ratio of two times.
pub(crate) fn ratio(measured: Duration, against: Duration) -> f64 {
    measured.as_secs_f64() / against.as_secs_f64().max(f64::MIN_POSITIVE)
}

//! A whole system in this process, with a database and a tenant of its own, whose clock and randomness the test gives.

use std::path::Path;

use assent_local::database::Engine;
use assent_local::functions::{self, Invoke, InvokeWorker, Outcome};
use assent_local::hosted::Hosted;
use assent_local::template::Template;
use assent_local::triggers::{Unreliable, pass_on_once, schedule_event};
use assent_shared::api::Event;
use assent_shared::domain::api_key::ApiKeyStatus;
use assent_shared::domain::identifiers::Tenant;
use assent_shared::domain::scope::Scopes;
use assent_shared::domain::{Clock, Random, RequestContext, Timestamp};
use assent_shared::environment::{Environment, WEBHOOKS_TO_LOOPBACK};
use assent_shared::store::{ApiKeys, Database, KeyOrder, SigningKeys, SigningSecret};
use serde_json::Value;
use uuid::Uuid;

use crate::client::{Request, Response};
use crate::costs::authorizer_event;
use crate::fixtures::unique;
use crate::recorder::Recorder;
use crate::stored_items::{self, Tables};

/// The system. There is no gateway before the functions, and no worker runs by itself.
pub struct LoneSystem {
    hosted: Hosted,
    template: Template,
    engine: Engine,
    /// What was recorded of the calls of the database.
    pub recorder: Recorder,
    /// The database.
    pub database: Database,
    /// The tenant.
    pub tenant: Tenant,
    /// A key of the tenant with all scopes.
    pub key: String,
}

impl LoneSystem {
    /// Starts it.
    pub async fn start(clock: Clock, random: Random) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace has a root");
        let secrets = functions::fixed_environment(root).await.expect("the secrets");
        let system = Self::of(clock.clone(), random.clone(), Tenant(Uuid::nil()), String::new()).await;
        let (database, context) = (&system.database, RequestContext::new(&clock, &random));
        let secret = SigningSecret::of(&secrets["SIGNING_SECRET"]).expect("a secret");
        SigningKeys::new(database).ensure(&secret, &context).await.expect("a signing key");
        let order = KeyOrder {
            tenant_name: "Acme",
            label: "",
            scopes: Scopes::parse(["*"]).expect("scopes"),
            expires_at: None,
            status: ApiKeyStatus::Active,
            recipient_id: None,
        };
        let issued = ApiKeys::new(database).issue(order, &context).await.expect("a key");
        let (tenant, key) = (issued.caller.tenant_id, issued.text.reveal().to_owned());
        Self { tenant, key, ..system }
    }

    /// Starts one with no items, whose tenant and key the caller adds.
    pub async fn of(clock: Clock, random: Random, tenant: Tenant, key: String) -> Self {
        let template = Template::own().expect("the template");
        let engine = Engine::memory().expect("a database");
        engine.create_tables(&template).await.expect("tables");
        let recorder = Recorder::before(&engine);
        let hosted = hosted(&recorder, &clock, &random).await;
        let database = Database::with_http_client(&Environment::of_process(), recorder.http_client());
        Self { hosted, template, engine, recorder, database, tenant, key }
    }

    /// All its items.
    pub async fn stored_items(&self) -> Tables {
        let names = self.template.tables.iter().map(|table| &table.name);
        stored_items::read(&self.engine.client(), names).await
    }

    /// Further instances of all functions, which have caches of their own.
    pub async fn instances(&self, clock: &Clock, random: &Random) -> Hosted {
        hosted(&self.recorder, clock, random).await
    }

    /// Invokes the workers of streams until all streams are empty. What `unreliable` loses, they do not get.
    pub async fn pass_on(&self, mut unreliable: Option<&mut Unreliable>) {
        while pass_on_once(&self.template, &self.hosted, &self.engine, unreliable.as_deref_mut())
            .await
            .expect("the streams can be read")
            > 0
        {}
    }

    /// Invokes a worker as a schedule does at this time. Returns the id that the lines of the run have in the log.
    pub async fn run_schedule(&self, worker: &str, time: Timestamp) -> String {
        let id = unique("run");
        let outcome = self.hosted.work(worker, schedule_event(time, &id)).await;
        assert!(matches!(outcome, Outcome::Response(_)), "{worker}: {outcome:?}");
        id
    }

    /// The authorizer's context of a call with this header.
    pub async fn authorized(&self, header: &str, value: &str) -> Value {
        let outcome = self.hosted.authorize("authorizer", authorizer_event(header, value)).await;
        let Outcome::Response(policy) = outcome else { panic!("the authorizer: {outcome:?}") };
        policy["context"].clone()
    }

    /// Calls a function.
    pub async fn call(&self, function: &str, request: &Request, context: &Value) -> Response {
        call(&self.hosted, function, request, context).await
    }
}

/// Calls one of these functions.
pub async fn call(functions: &Hosted, function: &str, request: &Request, context: &Value) -> Response {
    let event = Event::read(request.event(context)).expect("an event");
    let Event::Rest(event) = event else { panic!("{function}: not an event of a REST API") };
    let outcome = functions.invoke(function, *event).await;
    let Outcome::Response(response) = outcome else { panic!("{function}: {outcome:?}") };
    Response::of_function(&serde_json::to_value(response).expect("JSON"))
}

/// All functions, before the database that is recorded.
async fn hosted(recorder: &Recorder, clock: &Clock, random: &Random) -> Hosted {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace has a root");
    let template = Template::own().expect("the template");
    let secrets = functions::fixed_environment(root).await.expect("the secrets");
    let complete = |environment: Environment| {
        environment.with_database(recorder.http_client()).with_clock(clock.clone(), random.clone())
    };
    let mut environments = functions::environments(&template, None, &secrets);
    for variables in environments.values_mut() {
        variables.insert(WEBHOOKS_TO_LOOPBACK.to_owned(), "1".to_owned());
    }
    Hosted::start_with(environments, complete).await.expect("the functions")
}

//! Runs the functions in this process, from the same source files as the Lambda binaries.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use assent_functions::authorizer::{Authorizer, authorizer};
use assent_functions::{ENDPOINTS, WORKERS, site_preflight};
use assent_shared::api::{Endpoint, Event, HttpRequest, RuntimeError, SITE_PREFLIGHT, Worker, rest_response};
use assent_shared::domain::{Clock, Random};
use assent_shared::environment::Environment;
use assent_shared::log;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayProxyRequest, ApiGatewayProxyResponse};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::Error;
use crate::database::Engine;
use crate::functions::{Invocation, Invoke, InvokeWorker, Outcome};
use crate::trace::trace_id;

/// The binary of the authorizer.
const AUTHORIZER: &str = "authorizer";

/// All functions, ready to be invoked.
pub struct Hosted {
    endpoints: HashMap<String, Arc<Endpoint>>,
    workers: HashMap<String, Arc<Worker>>,
    authorizer: Arc<Authorizer>,
}

impl Hosted {
    /// Creates all functions, each with its own environment variables, which are given by the names of the binaries.
    /// They call `database` within this process; or the one that the variables name, if there is none.
    pub async fn start(
        environments: BTreeMap<String, BTreeMap<String, String>>,
        database: Option<&Engine>,
    ) -> Result<Self, Error> {
        Self::start_with(environments, |environment| match database {
            Some(database) => environment.with_database(database.http_client()),
            None => environment,
        })
        .await
    }

    /// The same, with what `complete` adds to the environment of each function.
    pub async fn start_with(
        environments: BTreeMap<String, BTreeMap<String, String>>,
        complete: impl Fn(Environment) -> Environment,
    ) -> Result<Self, Error> {
        let environment = |name: &str| {
            let mut variables = environments.get(name).cloned().unwrap_or_default();
            variables.insert("AWS_LAMBDA_FUNCTION_NAME".to_owned(), name.to_owned());
            complete(Environment::given(variables))
        };
        let makers = ENDPOINTS.iter().copied().chain([(SITE_PREFLIGHT.id, site_preflight::endpoint as _)]);
        let (mut endpoints, mut workers) = (HashMap::new(), HashMap::new());
        let failed = |name: &str, error: RuntimeError| Error::Functions(format!("{name}: {error}"));
        for (name, make) in makers {
            let endpoint = make(&environment(name)).map_err(|error| failed(name, error))?;
            endpoint.connect().await;
            endpoints.insert(name.to_owned(), Arc::new(endpoint));
        }
        for (name, make) in WORKERS {
            let worker = make(&environment(name)).map_err(|error| failed(name, error))?;
            worker.connect().await;
            workers.insert((*name).to_owned(), Arc::new(worker));
        }
        let authorizer = authorizer(&environment(AUTHORIZER));
        authorizer.connect().await;
        Ok(Self { endpoints, workers, authorizer: Arc::new(authorizer) })
    }
}

impl Invoke for Hosted {
    fn invoke<'call>(
        &'call self,
        function: &'call str,
        request: ApiGatewayProxyRequest,
    ) -> Invocation<'call, ApiGatewayProxyResponse> {
        Box::pin(async move {
            let Some(endpoint) = self.endpoints.get(function).map(Arc::clone) else {
                return Outcome::Failure(format!("there is no function {function}"));
            };
            // The function runs in its own task, so that it continues if the client disconnects.
            let responding = tokio::spawn(async move {
                let request = HttpRequest::from(Event::Rest(Box::new(request)));
                Ok(rest_response(endpoint.respond(request, "", None).await))
            });
            outcome(function, responding).await
        })
    }

    fn authorize<'call>(&'call self, function: &'call str, event: Value) -> Invocation<'call, Value> {
        let authorizer = Arc::clone(&self.authorizer);
        let authorizing = tokio::spawn(async move { authorizer.authorize(event, None).await });
        Box::pin(outcome(function, authorizing))
    }
}

impl InvokeWorker for Hosted {
    fn work<'call>(&'call self, worker: &'call str, event: Value) -> Invocation<'call, Value> {
        Box::pin(async move {
            let Some(invoked) = self.workers.get(worker).map(Arc::clone) else {
                return Outcome::Failure(format!("there is no worker {worker}"));
            };
            let (clock, random) = (Clock::system(), Random::system());
            // A schedule names its event.
            let id = event.get("id").and_then(Value::as_str).map_or_else(|| random.uuid().to_string(), str::to_owned);
            let trace_id = trace_id(clock.now(), &random);
            let handling = async move { log::within(&id, Some(&trace_id), invoked.handle(event)).await };
            outcome(worker, tokio::spawn(handling)).await
        })
    }
}

async fn outcome<R>(function: &str, invoked: JoinHandle<Result<R, RuntimeError>>) -> Outcome<R> {
    match invoked.await {
        Ok(Ok(response)) => Outcome::Response(response),
        Ok(Err(error)) => Outcome::Error(error.to_string()),
        Err(error) => Outcome::Failure(format!("{function}: {error}")),
    }
}

//! The authorizer: API Gateway calls it before any endpoint, to authenticate the
//! caller.
//!
//! For a valid key or site session it returns a policy that allows the whole API,
//! so that API Gateway can use the cached policy for every route, and a context
//! with the caller's tenant and scopes. Each endpoint checks its scope itself.
//!
//! Nobody's request to a page is let through, so that the page can say what is wrong. For another invalid key or session it returns a policy that denies the whole API, and the
//! message for API Gateway's 401. If API Gateway must not cache the result, the
//! function fails with `Unauthorized`, which API Gateway turns into a 401 with a
//! fixed message. Lambda counts that as an error of this function, so the error
//! count does not show the function's health.

use assent_shared::{
    api::{self, AuthenticationError, Authenticator, Authorization, RuntimeError, is_of_page, take_headers},
    domain::Clock,
    environment::Environment,
    log,
    store::Database,
};
use lambda_http::{LambdaEvent, lambda_runtime, service_fn};
use serde_json::{Value, json};

/// The authorizer of the API.
pub struct Authorizer {
    database: Database,
    authenticator: Authenticator,
    clock: Clock,
}

/// The authorizer, with the tables and the secret that the environment names.
pub fn authorizer(environment: &Environment) -> Authorizer {
    let database = Database::from_environment(environment);
    let authenticator = Authenticator::from_environment(&database);
    Authorizer { database, authenticator, clock: environment.clock() }
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::block_on(async {
        api::start_logging();
        let authorizer = authorizer(&Environment::of_process());
        authorizer.connect().await;
        let authorizer = &authorizer;
        let served = lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
            let (event, context) = event.into_parts();
            authorizer.authorize(event, context.xray_trace_id.as_deref()).await
        }));
        served.await
    })
}

impl Authorizer {
    /// Opens the connection to the database.
    pub async fn connect(&self) {
        self.database.connect(1).await;
    }

    /// Responds to an event of API Gateway with a policy, or with the error that
    /// API Gateway turns into a 401. `trace_id` is Lambda's id of the trace; without one,
    /// that in the event's header counts.
    pub async fn authorize(&self, mut event: Value, trace_id: Option<&str>) -> Result<Value, RuntimeError> {
        let text = |path| event.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (method, route, request_id) = (text("/methodArn"), text("/resource"), text("/requestContext/requestId"));
        let headers = take_headers(&mut event);
        let in_header = headers.get(log::TRACE_HEADER).and_then(|value| value.to_str().ok());
        let authorizing = self.authenticator.authorize(&headers, &route, self.clock.now());
        match log::within(&request_id, trace_id.or(in_header), authorizing).await? {
            Ok(authorization) => Ok(allow(&authorization, &method)),
            // The page itself says that the visit has ended, in the person's language.
            Err(_) if is_of_page(&route) => Ok(let_through(&method)),
            Err(error) if error.may_be_cached() => Ok(deny(error, &method)),
            Err(_) => Err(RuntimeError::from("Unauthorized")),
        }
    }
}

fn allow(authorization: &Authorization, method: &str) -> Value {
    json!({
        "principalId": authorization.caller.key_id,
        "policyDocument": policy("Allow", method),
        "context": authorization.context(),
        "usageIdentifierKey": authorization.key_hash.to_string(),
    })
}

/// Lets a request through as nobody's.
fn let_through(method: &str) -> Value {
    json!({ "principalId": "nobody", "policyDocument": policy("Allow", method) })
}

fn deny(error: AuthenticationError, method: &str) -> Value {
    json!({
        "principalId": "nobody",
        "policyDocument": policy("Deny", method),
        "context": { "message": error.message() },
    })
}

fn policy(effect: &str, method: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Action": "execute-api:Invoke",
            "Effect": effect,
            "Resource": whole_stage(method),
        }],
    })
}

/// The ARN of all methods of a stage, from the ARN of one of them
/// (`arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`).
fn whole_stage(method: &str) -> String {
    let stage: Vec<&str> = method.splitn(3, '/').take(2).collect();
    format!("{}/*", stage.join("/"))
}

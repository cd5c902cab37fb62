//! The Lambda Runtime API (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>), from which a process
//! fetches its next invocation and to which it posts the response, and the processes themselves.
//!
//! Each process has its own path with 128 random bits. A request without a valid path is rejected, and so is every
//! request of a web page.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::SystemTime;

use assent_shared::domain::{Clock, Random};
use assent_shared::log;
use bytes::Bytes;
use http::header::ORIGIN;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayProxyRequest, ApiGatewayProxyResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::{Notify, oneshot, watch};

use super::{Invocation, Invoke, InvokeWorker, Outcome, ended};
use crate::trace::trace_id;

/// Lambda's limit for a response, in bytes.
const RESPONSE_LIMIT: usize = 6 * 1024 * 1024;
/// The timeout of which a function is informed, as in the template. It is not enforced here, because a slow first
/// invocation is no error in development.
const TIMEOUT_SECONDS: u32 = 10;

/// All functions and their processes.
pub(super) struct Runtime {
    own: Weak<Self>,
    clock: Clock,
    random: Random,
    address: SocketAddr,
    programs: PathBuf,
    concurrency: usize,
    log: File,
    stopping: watch::Receiver<bool>,
    functions: Mutex<HashMap<String, Function>>,
    /// Notified of each process that has ended.
    process_ended: Notify,
}

struct Function {
    environment: BTreeMap<String, String>,
    /// The invocations that no process has fetched yet.
    waiting: VecDeque<Call>,
    /// The processes by the secrets in their paths.
    processes: HashMap<String, Process>,
}

struct Call {
    id: String,
    trace_id: String,
    event: Bytes,
    outcome: oneshot::Sender<Outcome<Bytes>>,
}

struct Process {
    state: State,
    /// The time at which its program was built.
    built: Option<SystemTime>,
    /// Notified to end the process.
    end: Arc<Notify>,
}

enum State {
    /// The process has not asked for an invocation yet.
    Starting,
    /// The process waits for an invocation.
    Idle(oneshot::Sender<Call>),
    /// The process handles an invocation.
    Working { call: String, outcome: oneshot::Sender<Outcome<Bytes>> },
    /// The process has responded, and has not asked for the next invocation yet.
    Done,
}

impl Runtime {
    pub(super) fn new(
        address: SocketAddr,
        programs: PathBuf,
        environments: BTreeMap<String, BTreeMap<String, String>>,
        concurrency: usize,
        log: File,
        stopping: watch::Receiver<bool>,
    ) -> Arc<Self> {
        let function = |environment| Function { environment, waiting: VecDeque::new(), processes: HashMap::new() };
        let functions = environments.into_iter().map(|(name, environment)| (name, function(environment))).collect();
        Arc::new_cyclic(|own| Self {
            own: Weak::clone(own),
            clock: Clock::system(),
            random: Random::system(),
            address,
            programs,
            concurrency,
            log,
            stopping,
            functions: Mutex::new(functions),
            process_ended: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Function>> {
        self.functions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn invoke_bytes(&self, name: &str, trace_id: String, event: Bytes) -> Outcome<Bytes> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut functions = self.lock();
            let Some(function) = functions.get_mut(name) else {
                return Outcome::Failure(format!("there is no function {name}"));
            };
            let call = Call { id: self.random.uuid().to_string(), trace_id, event, outcome: sender };
            if let Err(call) = function.hand_over(call) {
                function.waiting.push_back(call);
                if function.needs_another_process(self.concurrency) {
                    self.start(name, function);
                }
            }
        }
        receiver.await.unwrap_or_else(|_| Outcome::Failure(format!("{name} ended before it responded")))
    }

    /// Invokes a function with an event, and reads its response. A trace that the gateway has begun goes on.
    async fn invoke_json<R: DeserializeOwned>(
        &self,
        name: &str,
        trace: Option<&str>,
        event: impl Serialize,
    ) -> Outcome<R> {
        let trace = trace.map_or_else(|| trace_id(self.clock.now(), &self.random), str::to_owned);
        let event = match serde_json::to_vec(&event) {
            Ok(event) => Bytes::from(event),
            Err(error) => return Outcome::Failure(format!("{name}: the event cannot be written as JSON: {error}")),
        };
        match self.invoke_bytes(name, trace, event).await {
            Outcome::Response(response) => match serde_json::from_slice(&response) {
                Ok(response) => Outcome::Response(response),
                Err(error) => Outcome::Failure(format!("{name}: its response cannot be read: {error}")),
            },
            Outcome::Error(message) => Outcome::Error(message),
            Outcome::Timeout => Outcome::Timeout,
            Outcome::Failure(reason) => Outcome::Failure(reason),
        }
    }

    fn start(&self, name: &str, function: &mut Function) {
        let secret = format!("{:032x}", u128::from_be_bytes(self.random.bytes()));
        let program = self.programs.join(name);
        let built = std::fs::metadata(&program).and_then(|metadata| metadata.modified()).ok();
        let end = Arc::new(Notify::new());
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(&function.environment)
            .env("AWS_LAMBDA_RUNTIME_API", format!("http://{}/{name}/{secret}", self.address))
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", name)
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
            .kill_on_drop(true);
        function.processes.insert(secret.clone(), Process { state: State::Starting, built, end: Arc::clone(&end) });
        let (output, errors) = (self.log.try_clone(), self.log.try_clone());
        let (runtime, name, stopping) = (Weak::clone(&self.own), name.to_owned(), self.stopping.clone());
        tokio::spawn(async move {
            let how = run(command, output, errors, &end, stopping).await;
            let how = how.unwrap_or_else(|error| format!("cannot be run: {error}"));
            if let Some(runtime) = runtime.upgrade() {
                runtime.has_ended(&name, &secret, &how);
            }
        });
    }

    fn has_ended(&self, name: &str, secret: &str, how: &str) {
        let mut functions = self.lock();
        let Some(function) = functions.get_mut(name) else { return };
        let state = function.processes.remove(secret).map(|process| process.state);
        let failure = || Outcome::Failure(format!("{name} {how}"));
        match state {
            Some(State::Working { outcome, .. }) => drop(outcome.send(failure())),
            // Another process would fail to start too.
            Some(State::Starting) if function.processes.is_empty() => {
                for call in function.waiting.drain(..) {
                    let _ = call.outcome.send(failure());
                }
            }
            _ if function.needs_another_process(self.concurrency) => self.start(name, function),
            _ => {}
        }
        drop(functions);
        self.process_ended.notify_waiters();
    }

    /// Returns when no process is left.
    pub(super) async fn all_ended(&self) {
        loop {
            let ended = self.process_ended.notified();
            tokio::pin!(ended);
            // From here on no notification is lost.
            ended.as_mut().enable();
            if self.lock().values().all(|function| function.processes.is_empty()) {
                return;
            }
            ended.await;
        }
    }

    /// Ends each process whose program has been built again: at once, or after its current invocation.
    pub(super) fn retire_old_processes(&self) {
        for (name, function) in self.lock().iter() {
            let built = std::fs::metadata(self.programs.join(name)).and_then(|metadata| metadata.modified()).ok();
            for process in function.processes.values().filter(|process| process.built != built) {
                if !matches!(process.state, State::Working { .. }) {
                    process.end.notify_one();
                }
            }
        }
    }

    /// Responds to a request of a process.
    pub(super) async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        let mut parts = path.trim_start_matches('/').splitn(3, '/');
        let (name, secret, rest) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let (Some(name), Some(secret)) = (name, secret) else { return empty(StatusCode::FORBIDDEN) };
        let known = self.lock().get(name).is_some_and(|function| function.processes.contains_key(secret));
        if !known || request.headers().contains_key(ORIGIN) {
            return empty(StatusCode::FORBIDDEN);
        }
        let rest: Vec<&str> = rest.strip_prefix("2018-06-01/runtime/").unwrap_or_default().split('/').collect();
        match (request.method().as_str(), rest.as_slice()) {
            ("GET", ["invocation", "next"]) => match self.next(name, secret).await {
                Some((id, trace_id, event)) => self.invocation(&id, &trace_id, event),
                None => empty(StatusCode::GONE),
            },
            ("POST", ["invocation", id, how @ ("response" | "error")]) => {
                let body = Limited::new(request.into_body(), RESPONSE_LIMIT).collect().await;
                let outcome = match body {
                    Ok(body) if *how == "response" => Outcome::Response(body.to_bytes()),
                    Ok(body) => Outcome::Error(error_message(&body.to_bytes())),
                    Err(error) => Outcome::Failure(format!("{name}: its response cannot be received: {error}")),
                };
                empty(self.complete(name, secret, id, outcome))
            }
            ("POST", ["init", "error"]) => empty(StatusCode::ACCEPTED),
            _ => empty(StatusCode::NOT_FOUND),
        }
    }

    /// Waits for the next invocation for this process. `None` if the process has to end.
    async fn next(&self, name: &str, secret: &str) -> Option<(String, String, Bytes)> {
        let (sender, receiver) = oneshot::channel();
        let call = {
            let mut functions = self.lock();
            let function = functions.get_mut(name)?;
            let process = function.processes.get_mut(secret)?;
            process.state = State::Done;
            let built = std::fs::metadata(self.programs.join(name)).and_then(|metadata| metadata.modified()).ok();
            if process.built != built {
                process.end.notify_one();
                return None;
            }
            // Invocations whose callers have stopped waiting are dropped.
            let call = std::iter::from_fn(|| function.waiting.pop_front()).find(|call| !call.outcome.is_closed());
            if call.is_none() {
                process.state = State::Idle(sender);
            }
            call
        };
        let call = match call {
            Some(call) => call,
            None => receiver.await.ok()?,
        };
        let mut functions = self.lock();
        let process = functions.get_mut(name)?.processes.get_mut(secret)?;
        process.state = State::Working { call: call.id.clone(), outcome: call.outcome };
        Some((call.id, call.trace_id, call.event))
    }

    fn complete(&self, name: &str, secret: &str, id: &str, outcome: Outcome<Bytes>) -> StatusCode {
        let mut functions = self.lock();
        let process = functions.get_mut(name).and_then(|function| function.processes.get_mut(secret));
        let Some(process) = process else { return StatusCode::FORBIDDEN };
        match std::mem::replace(&mut process.state, State::Done) {
            State::Working { call, outcome: sender } if call == id => {
                // The caller may have stopped waiting.
                let _ = sender.send(outcome);
                StatusCode::ACCEPTED
            }
            state => {
                process.state = state;
                StatusCode::BAD_REQUEST
            }
        }
    }

    fn invocation(&self, id: &str, trace_id: &str, event: Bytes) -> Response<Full<Bytes>> {
        let deadline = self.clock.now().plus_seconds(TIMEOUT_SECONDS).milliseconds();
        let mut response = Response::new(Full::new(event));
        for (name, value) in [
            ("content-type", "application/json"),
            ("lambda-runtime-aws-request-id", id),
            ("lambda-runtime-trace-id", trace_id),
            ("lambda-runtime-deadline-ms", &deadline.to_string()),
            ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:000000000000:function:local"),
        ] {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(http::HeaderName::from_static(name), value);
            }
        }
        response
    }
}

impl Invoke for Runtime {
    fn invoke<'call>(
        &'call self,
        function: &'call str,
        request: ApiGatewayProxyRequest,
    ) -> Invocation<'call, ApiGatewayProxyResponse> {
        Box::pin(async move {
            let trace_id = request.headers.get(log::TRACE_HEADER).and_then(|id| id.to_str().ok()).map(str::to_owned);
            self.invoke_json(function, trace_id.as_deref(), request).await
        })
    }

    fn authorize<'call>(&'call self, function: &'call str, event: Value) -> Invocation<'call, Value> {
        Box::pin(async move {
            let trace_id = event.pointer("/headers/x-amzn-trace-id").and_then(Value::as_str).map(str::to_owned);
            self.invoke_json(function, trace_id.as_deref(), event).await
        })
    }
}

impl InvokeWorker for Runtime {
    fn work<'call>(&'call self, worker: &'call str, event: Value) -> Invocation<'call, Value> {
        Box::pin(self.invoke_json(worker, None, event))
    }
}

impl Function {
    /// Passes the invocation to an idle process, or returns it if there is none.
    fn hand_over(&mut self, mut call: Call) -> Result<(), Call> {
        for process in self.processes.values_mut().filter(|process| matches!(process.state, State::Idle(_))) {
            if let State::Idle(idle) = std::mem::replace(&mut process.state, State::Done) {
                match idle.send(call) {
                    Ok(()) => return Ok(()),
                    // The process has closed its connection, and will end.
                    Err(returned) => call = returned,
                }
            }
        }
        Err(call)
    }

    fn needs_another_process(&self, concurrency: usize) -> bool {
        let starting = self.processes.values().filter(|process| matches!(process.state, State::Starting)).count();
        self.waiting.len() > starting && self.processes.len() < concurrency
    }
}

/// Runs a process until it ends by itself or is stopped. Returns how it ended.
async fn run(
    mut command: Command,
    output: io::Result<File>,
    errors: io::Result<File>,
    end: &Notify,
    stopping: watch::Receiver<bool>,
) -> io::Result<String> {
    let mut process = command.stdin(Stdio::null()).stdout(output?).stderr(errors?).spawn()?;
    tokio::select! {
        status = process.wait() => return Ok(format!("ended with {}", status?)),
        () = end.notified() => {}
        () = ended(stopping) => {}
    }
    process.kill().await?;
    Ok("was ended".to_owned())
}

/// The message in the error that a function posted.
fn error_message(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("errorMessage").and_then(Value::as_str).unwrap_or("an error without a message").to_owned()
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use http_body_util::BodyExt as _;
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    use super::*;
    use crate::server::{listen, serve};

    /// Functions whose programs are scripts that do nothing; the test sends the requests of their processes.
    struct Scripted {
        folder: PathBuf,
        runtime: Arc<Runtime>,
        stop: watch::Sender<bool>,
    }

    impl Drop for Scripted {
        fn drop(&mut self) {
            let _ = self.stop.send(true);
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }

    impl Scripted {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("assent-runtime-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            for (program, does) in [("waits", "exec sleep 600"), ("ends", "exit 3")] {
                let program = folder.join(program);
                std::fs::write(&program, format!("#!/bin/sh\nPATH=/bin:/usr/bin\n{does}\n")).unwrap();
                std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
            }
            let log = File::create(folder.join("log")).unwrap();
            let listener = tokio::net::TcpListener::from_std(listen(0).unwrap()).unwrap();
            let (stop, stopping) = watch::channel(false);
            let environments = ["waits", "ends", "absent"].map(|name| (name.to_owned(), BTreeMap::new()));
            let address = listener.local_addr().unwrap();
            let runtime = Runtime::new(address, folder.clone(), environments.into(), 1, log, stopping.clone());
            let serving = Arc::clone(&runtime);
            let respond = move |request, _| {
                let runtime = Arc::clone(&serving);
                async move { runtime.respond(request).await }
            };
            tokio::spawn(serve(
                listener,
                respond,
                ended(stopping),
                crate::server::Limits::of_stop(std::time::Duration::ZERO),
            ));
            Self { folder, runtime, stop }
        }

        /// The secret of a function's only process.
        fn secret(&self, function: &str) -> String {
            self.runtime.lock()[function].processes.keys().next().unwrap().clone()
        }

        async fn request(&self, method: &str, path: &str, origin: Option<&str>, body: &str) -> (u16, String, String) {
            let mut request = Request::builder().method(method).uri(format!("http://{}/{path}", self.runtime.address));
            if let Some(origin) = origin {
                request = request.header(ORIGIN, origin);
            }
            let client = Client::builder(TokioExecutor::new()).build_http();
            let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
            let response = client.request(request).await.unwrap();
            assert!(!response.headers().contains_key("access-control-allow-origin"));
            let id = response.headers().get("lambda-runtime-aws-request-id").map(|id| id.to_str().unwrap().to_owned());
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            (status, id.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
        }
    }

    #[tokio::test]
    async fn only_the_process_with_the_secret_path_gets_an_invocation() {
        let scripted = Scripted::new("path");
        let runtime = Arc::clone(&scripted.runtime);
        let mut invoked =
            tokio::spawn(async move { runtime.invoke_bytes("waits", String::new(), Bytes::from_static(b"{}")).await });
        // The first poll of the invocation starts the process.
        while scripted.runtime.lock()["waits"].processes.is_empty() {
            tokio::task::yield_now().await;
        }
        let own = format!("waits/{}/2018-06-01/runtime/invocation", scripted.secret("waits"));
        let guessed = format!("waits/{}/2018-06-01/runtime/invocation", "0".repeat(32));
        let other = own.replacen("waits", "ends", 1);
        for path in [
            "2018-06-01/runtime/invocation",
            "2015-03-31/functions/waits/invocations",
            ".rt/waits/2018-06-01/runtime/invocation",
            &guessed,
            &other,
        ] {
            for (method, end) in [("GET", "next"), ("POST", "1/response"), ("OPTIONS", "next")] {
                let (status, _, body) = scripted.request(method, &format!("{path}/{end}"), None, "{}").await;
                assert_eq!((status, body.as_str()), (403, ""), "{method} {path}");
            }
        }
        assert_eq!(scripted.request("GET", &format!("{own}/next"), Some("http://localhost:9000"), "").await.0, 403);

        let (status, id, event) = scripted.request("GET", &format!("{own}/next"), None, "").await;
        assert_eq!((status, event.as_str()), (200, "{}"));
        assert_eq!(scripted.request("POST", &format!("{guessed}/{id}/response"), None, "false").await.0, 403);
        assert_eq!(scripted.request("POST", &format!("{own}/{id}0/response"), None, "false").await.0, 400);
        assert!(tokio::time::timeout(std::time::Duration::ZERO, &mut invoked).await.is_err());
        assert_eq!(scripted.request("POST", &format!("{own}/{id}/response"), None, "true").await.0, 202);
        assert_eq!(invoked.await.unwrap(), Outcome::Response(Bytes::from_static(b"true")));
        assert_eq!(scripted.request("POST", &format!("{own}/{id}/response"), None, "true").await.0, 400);

        // The next invocation waits for the same process, which returns an error.
        let runtime = Arc::clone(&scripted.runtime);
        let invoked =
            tokio::spawn(async move { runtime.invoke_bytes("waits", String::new(), Bytes::from_static(b"[]")).await });
        let (_, id, event) = scripted.request("GET", &format!("{own}/next"), None, "").await;
        assert_eq!(event, "[]");
        let error = r#"{"errorType":"E","errorMessage":"Unauthorized"}"#;
        assert_eq!(scripted.request("POST", &format!("{own}/{id}/error"), None, error).await.0, 202);
        assert_eq!(invoked.await.unwrap(), Outcome::Error("Unauthorized".to_owned()));
    }

    #[tokio::test]
    async fn a_process_that_ends_fails_its_invocation_and_the_next_has_another() {
        let scripted = Scripted::new("ends");
        let invoke =
            async |name: &str| scripted.runtime.invoke_bytes(name, String::new(), Bytes::from_static(b"{}")).await;
        assert_eq!(invoke("ends").await, Outcome::Failure("ends ended with exit status: 3".to_owned()));
        assert!(matches!(invoke("absent").await, Outcome::Failure(reason) if reason.contains("cannot be run")));
        assert!(matches!(invoke("unknown").await, Outcome::Failure(_)));

        for _ in 0..2 {
            let runtime = Arc::clone(&scripted.runtime);
            let invoked =
                tokio::spawn(
                    async move { runtime.invoke_bytes("waits", String::new(), Bytes::from_static(b"{}")).await },
                );
            while scripted.runtime.lock()["waits"].processes.is_empty() {
                tokio::task::yield_now().await;
            }
            let own = format!("waits/{}/2018-06-01/runtime/invocation/next", scripted.secret("waits"));
            assert_eq!(scripted.request("GET", &own, None, "").await.0, 200);
            scripted.runtime.lock()["waits"].processes.values().for_each(|process| process.end.notify_one());
            assert_eq!(invoked.await.unwrap(), Outcome::Failure("waits was ended".to_owned()));
        }
        let _ = scripted.stop.send(true);
        scripted.runtime.all_ended().await;
    }
}

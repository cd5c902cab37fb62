//! One function as a process of its own, with a Lambda Runtime API of its own
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>), so that a test can kill it at any point, and the
//! bench can measure it alone.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode, http};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::client::Response;
use crate::fixtures::unique;
use crate::like::now;

const INVOCATION: &str = "/2018-06-01/runtime/invocation/";
/// The functions' timeout in the template.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The trace of every invocation.
pub const TRACE_ID: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
/// How long a process may take until it asks for its first invocation.
const START_PATIENCE: Duration = Duration::from_mins(1);

/// The outcome of an invocation.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The function returned this.
    Answered(Value),
    /// The function reported this error.
    Failed(Value),
    /// The process ended during the invocation.
    Died,
}

/// The memory of a function on AWS, in megabytes (template.yaml).
pub const MEMORY: u64 = 256;

/// A running function. Dropping it kills the process.
pub struct LoneFunction {
    calls: Arc<Calls>,
    /// Asks for the end of the process.
    end: Arc<Notify>,
    ended: watch::Receiver<Option<ExitStatus>>,
    server: JoinHandle<()>,
    process: Option<u32>,
    output: File,
}

/// The invocations of one process.
#[derive(Default)]
struct Calls {
    queue: Mutex<Queue>,
    /// Notified of every change.
    changed: Notify,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(String, Bytes)>,
    under_way: HashMap<String, oneshot::Sender<Outcome>>,
    /// Whether the function has asked for an invocation.
    started: bool,
    ended: bool,
}

impl Calls {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `found` returns a value for the queue.
    async fn until<T>(&self, mut found: impl FnMut(&mut Queue) -> Option<T>) -> T {
        loop {
            let changed = self.changed.notified();
            if let Some(found) = found(&mut self.lock()) {
                return found;
            }
            changed.await;
        }
    }

    fn change(&self, change: impl FnOnce(&mut Queue)) {
        change(&mut self.lock());
        self.changed.notify_waiters();
    }
}

impl Drop for LoneFunction {
    fn drop(&mut self) {
        self.end.notify_one();
        self.server.abort();
    }
}

/// A file without a name, which is gone when it is closed.
fn tempfile() -> io::Result<File> {
    let path = std::env::temp_dir().join(unique("assent-output"));
    let file = OpenOptions::new().create_new(true).read(true).append(true).open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

/// The path of a binary in cargo's target folder, which is the parent folder of this test's binary's folder.
pub fn binary(name: &str) -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.ancestors().nth(2).ok_or_else(|| io::Error::other("the test's binary has no folder"))?;
    Ok(folder.join(name))
}

impl LoneFunction {
    /// Starts the program with only this environment, and returns when it asks for its first invocation.
    pub async fn start(program: &Path, environment: &BTreeMap<String, String>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let name = program.file_name().unwrap_or_default();
        let output = tempfile()?;
        let process = Command::new(program)
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr()?.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MEMORY.to_string())
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", name)
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "lone")
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .kill_on_drop(true)
            .spawn()?;
        let number = process.id();
        let (calls, end) = (Arc::<Calls>::default(), Arc::<Notify>::default());
        let (status_sender, ended) = watch::channel(None);
        tokio::spawn(watch_over(process, Arc::clone(&end), Arc::clone(&calls), status_sender));
        let server = tokio::spawn(accept(listener, Arc::clone(&calls)));
        let function = Self { calls, end, ended, server, process: number, output };
        let asks = function.calls.until(|queue| (queue.started || queue.ended).then_some(queue.started));
        match tokio::time::timeout(START_PATIENCE, asks).await {
            Ok(true) => Ok(function),
            _ => Err(io::Error::other(format!("{} does not start", program.display()))),
        }
    }

    /// The process id; none if the process ended at once.
    pub fn process(&self) -> Option<u32> {
        self.process
    }

    /// What the process has printed so far.
    pub fn output(&self) -> io::Result<String> {
        let mut text = String::new();
        let mut output = &self.output;
        output.seek(SeekFrom::Start(0))?;
        output.read_to_string(&mut text)?;
        Ok(text)
    }

    /// The peak memory of the process, in bytes; none outside of Linux.
    pub fn peak_memory(&self) -> io::Result<Option<u64>> {
        if !cfg!(target_os = "linux") {
            return Ok(None);
        }
        let process = self.process.ok_or_else(|| io::Error::other("the process has ended"))?;
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
        let kilobytes: Option<u64> = peak.and_then(|peak| peak.trim().parse().ok());
        kilobytes.map(|kilobytes| Some(kilobytes * 1024)).ok_or_else(|| io::Error::other("it has no peak"))
    }

    /// Invokes the function with this event.
    pub async fn invoke(&self, event: &Value) -> Outcome {
        let (sender, outcome) = oneshot::channel();
        let id = fresh_id();
        self.calls.change(|queue| {
            if !queue.ended {
                queue.under_way.insert(id.clone(), sender);
                queue.waiting.push_back((id, Bytes::from(event.to_string())));
            }
        });
        outcome.await.unwrap_or(Outcome::Died)
    }

    /// Invokes the function, which must respond, and returns the HTTP response.
    pub async fn response(&self, event: &Value) -> Response {
        match self.invoke(event).await {
            Outcome::Answered(response) => Response::of_function(&response),
            other => panic!("no response: {other:?}"),
        }
    }

    /// Kills the process (SIGKILL), waits until it has ended, and returns its exit status.
    pub async fn kill(&self) -> ExitStatus {
        self.end.notify_one();
        let mut ended = self.ended.clone();
        let ended = ended.wait_for(Option::is_some).await.expect("a watched process");
        ended.expect("how it ended")
    }
}

#[expect(clippy::disallowed_methods, reason = "a call's id is to be no other's; nothing is to be foreseen here")]
fn fresh_id() -> String {
    Uuid::new_v4().to_string()
}

async fn watch_over(
    mut process: Child,
    end: Arc<Notify>,
    calls: Arc<Calls>,
    status_sender: watch::Sender<Option<ExitStatus>>,
) {
    let of_itself = tokio::select! {
        status = process.wait() => Some(status),
        () = end.notified() => None,
    };
    let status = match of_itself {
        Some(status) => {
            eprintln!("a function ended by itself: {status:?}");
            status
        }
        None => match process.start_kill() {
            Ok(()) => process.wait().await,
            Err(error) => Err(error),
        },
    };
    calls.change(|queue| {
        queue.ended = true;
        queue.waiting.clear();
        queue.under_way.clear();
    });
    status_sender.send_replace(status.ok());
}

async fn accept(listener: TcpListener, calls: Arc<Calls>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let calls = Arc::clone(&calls);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let calls = Arc::clone(&calls);
                async move { serve(&calls, request).await }
            });
            // An error here is the end of the process.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Serves the four requests of the Runtime API.
async fn serve(calls: &Calls, request: Request<Incoming>) -> Result<http::Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    if head.method == Method::GET && path.strip_prefix(INVOCATION) == Some("next") {
        calls.change(|queue| queue.started = true);
        let (id, event) = calls.until(|queue| queue.waiting.pop_front()).await;
        return Ok(invocation(&id, event));
    }
    let said = body.collect().await?.to_bytes();
    let said = serde_json::from_slice(&said).unwrap_or_default();
    let ended = path.strip_prefix(INVOCATION).and_then(|rest| rest.split_once('/'));
    let outcome = match ended {
        Some((_, "response")) => Outcome::Answered(said),
        Some((_, "error")) => Outcome::Failed(said),
        _ if path.ends_with("/init/error") => {
            eprintln!("a function could not start: {said}");
            return Ok(accepted(StatusCode::ACCEPTED));
        }
        _ => return Ok(accepted(StatusCode::NOT_FOUND)),
    };
    let caller = ended.and_then(|(id, _)| calls.lock().under_way.remove(id));
    match caller {
        Some(caller) => {
            let _ = caller.send(outcome);
            Ok(accepted(StatusCode::ACCEPTED))
        }
        None => Ok(accepted(StatusCode::BAD_REQUEST)),
    }
}

fn invocation(id: &str, event: Bytes) -> http::Response<Full<Bytes>> {
    let deadline = now() + TIMEOUT;
    http::Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-trace-id", TRACE_ID)
        .header("lambda-runtime-deadline-ms", deadline.timestamp_millis().to_string())
        .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:000000000000:function:lone")
        .body(Full::new(event))
        .expect("an invocation")
}

fn accepted(status: StatusCode) -> http::Response<Full<Bytes>> {
    let mut response = http::Response::new(Full::new(Bytes::from_static(b"{}")));
    *response.status_mut() = status;
    response
}

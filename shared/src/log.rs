//! The log: one JSON object a line, with the ids of the call in which it was written.
//!
//! A line with a measurement is in `CloudWatch`'s embedded metric format, so that
//! `CloudWatch` makes metrics of it. No such line names a tenant, a person or a
//! resource.

use crate::domain::Clock;
use serde::Serializer;
use serde_json::{Value, json};
use std::fmt;
use tracing::{
    Event, Instrument, Subscriber,
    field::{Field, Visit},
    instrument::Instrumented,
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::{JsonFields, Writer},
    },
    registry::{LookupSpan, Scope},
};

/// The header in which API Gateway passes on the id of a trace, and sends it back.
pub const TRACE_HEADER: &str = "X-Amzn-Trace-Id";

/// The namespace of the metrics.
const NAMESPACE: &str = "Assent";
/// The dimension that tells one system from another in the same account: its log group.
const LOG_GROUP: &str = "LogGroup";
/// A field of an event that is a dimension, too.
const ENDPOINT: &str = "Endpoint";
/// The fields of events that are metrics, with their units.
const METRICS: [(&str, &str); 10] = [
    ("Calls", "Count"),
    ("Faults", "Count"),
    ("Duration", "Milliseconds"),
    ("Conflicts", "Count"),
    ("DatabaseUnavailable", "Count"),
    ("OldestDueSeconds", "Seconds"),
    ("WorkFailed", "Count"),
    ("Delivered", "Count"),
    ("Unreachable", "Count"),
    ("Overdue", "Count"),
];

/// Does the work of a call, or of a worker's run: each line that is written
/// meanwhile has these ids. `trace_id` is in the form of [`TRACE_HEADER`].
pub fn within<W: Future>(request_id: &str, trace_id: Option<&str>, work: W) -> Instrumented<W> {
    // An error, so that no level of the log leaves it out. The names are those of the runtime's own span around it, whose
    // request id is Lambda's: the gateway's replaces it.
    work.instrument(tracing::error_span!("call", requestId = request_id, xrayTraceId = trace_id))
}

/// The format of the lines.
pub struct Lines {
    log_group: String,
    clock: Clock,
}

impl Lines {
    /// The format of a log that goes to this log group.
    pub fn of(log_group: impl Into<String>) -> Self {
        Self { log_group: log_group.into(), clock: Clock::system() }
    }
}

/// The fields of spans, as [`Lines`] reads them.
pub fn fields() -> JsonFields {
    JsonFields::new()
}

impl<S> FormatEvent<S, JsonFields> for Lines
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    JsonFields: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let now = self.clock.now();
        let mut line = Line::default();
        line.set("timestamp", now.to_string().into());
        line.set("level", event.metadata().level().as_str().into());
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if let Some(fields) = span.extensions().get::<FormattedFields<JsonFields>>() {
                let fields: Value = serde_json::from_str(fields).unwrap_or_default();
                for (name, value) in fields.as_object().into_iter().flatten() {
                    line.set(name, value.clone());
                }
            }
        }
        event.record(&mut line);
        line.set("target", event.metadata().target().into());
        line.embed_metrics(now.milliseconds(), &self.log_group);
        writeln!(writer, "{line}")
    }
}

/// The members of a line, in their order.
#[derive(Default)]
struct Line(Vec<(String, Value)>);

impl Line {
    fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(present, _)| present == name) {
            Some(present) => present.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(present, _)| present == name)
    }

    /// Adds what tells `CloudWatch` that members are metrics, if any is one.
    fn embed_metrics(&mut self, milliseconds: i64, log_group: &str) {
        let metrics = METRICS.iter().filter(|(name, _)| self.has(name));
        let metrics: Vec<Value> = metrics.map(|(name, unit)| json!({ "Name": name, "Unit": unit })).collect();
        if metrics.is_empty() {
            return;
        }
        let dimensions: Vec<&str> = [LOG_GROUP].into_iter().chain(self.has(ENDPOINT).then_some(ENDPOINT)).collect();
        self.set(LOG_GROUP, log_group.into());
        self.set(
            "_aws",
            json!({
                "Timestamp": milliseconds,
                "CloudWatchMetrics": [{ "Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": metrics }],
            }),
        );
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        let members = self.0.iter().map(|(name, value)| (name, value));
        serde_json::Serializer::new(&mut text).collect_map(members).map_err(|_| fmt::Error)?;
        formatter.write_str(&String::from_utf8_lossy(&text))
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field.name(), format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::{
        io,
        sync::{Arc, Mutex},
    };
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Written {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    /// The lines of this work, at the level of a log that holds the least.
    fn lines(work: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let log = tracing_subscriber::fmt().fmt_fields(fields()).event_format(Lines::of("group"));
        let log = log.with_max_level(tracing::Level::ERROR).with_writer(written.clone()).finish();
        tracing::subscriber::with_default(log, work);
        let written = written.0.lock().unwrap();
        let text = std::str::from_utf8(&written).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_has_the_ids_of_its_call() {
        let lines = lines(|| {
            tracing::error_span!("runtime", requestId = "of Lambda", xrayTraceId = "Root=1-2-3").in_scope(|| {
                tracing::error!("before");
                let call =
                    async { tracing::error!(reason = "a \"quoted\"\nreason", number = -1, yes = true, "within") };
                within("of the gateway", Some("Root=1-2-3"), call).now_or_never();
                within("a run", None, async { tracing::error!("a run") }).now_or_never();
            });
            tracing::error!("outside");
        });
        let ids = |line: &Value| (line["requestId"].clone(), line["xrayTraceId"].clone());
        assert_eq!(ids(&lines[0]), (json!("of Lambda"), json!("Root=1-2-3")));
        assert_eq!(ids(&lines[1]), (json!("of the gateway"), json!("Root=1-2-3")));
        assert_eq!(ids(&lines[2]), (json!("a run"), json!("Root=1-2-3")));
        assert_eq!(ids(&lines[3]), (Value::Null, Value::Null));
        let mut line = lines[1].clone();
        assert!(line["timestamp"].take().as_str().unwrap().ends_with('Z'));
        let expected = json!({
            "timestamp": null,
            "level": "ERROR",
            "requestId": "of the gateway",
            "xrayTraceId": "Root=1-2-3",
            "message": "within",
            "reason": "a \"quoted\"\nreason",
            "number": -1,
            "yes": true,
            "target": module_path!(),
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn a_measurement_is_in_the_embedded_metric_format() {
        let lines = lines(|| {
            tracing::error!(Endpoint = "get-grant", Faults = 1, Duration = None::<u64>, "responded");
            tracing::error!(WorkFailed = 1, "work failed");
            tracing::error!(Endpoint = "get-grant", "no measurement");
        });
        let directive = |line: &Value| line["_aws"]["CloudWatchMetrics"][0].clone();
        let faults = json!({
            "Namespace": "Assent",
            "Dimensions": [["LogGroup", "Endpoint"]],
            "Metrics": [{ "Name": "Faults", "Unit": "Count" }],
        });
        assert_eq!(directive(&lines[0]), faults);
        assert_eq!((&lines[0]["Faults"], &lines[0]["LogGroup"]), (&json!(1), &json!("group")));
        assert_eq!(directive(&lines[1])["Dimensions"], json!([["LogGroup"]]));
        assert!(lines[0]["_aws"]["Timestamp"].is_i64());
        assert_eq!((lines[2].get("_aws"), lines[2].get("LogGroup")), (None, None));
    }
}

//! The streams and the schedules that invoke functions.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::{Table, number, text};

/// The largest batch if the template names none, as on AWS.
const BATCH_SIZE: usize = 100;

/// A table's stream.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Stream {
    /// The images in its records: `NEW_IMAGE`, …
    pub stream_view_type: String,
}

/// An event source mapping from a table's stream to a function.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamMapping {
    /// The binary of the function.
    pub worker: String,
    /// The table.
    pub table: String,
    /// The largest number of records in one invocation.
    pub batch_size: usize,
    /// The batches that the function handles at the same time. On AWS, this is the number for each shard.
    pub concurrency: usize,
    /// The function gets the records that match one of these; all of them, if there is none.
    filters: Vec<Pattern>,
}

impl StreamMapping {
    /// Whether the function gets this record.
    pub fn takes(&self, record: &Value) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(record))
    }
}

/// A schedule that invokes a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The binary of the function.
    pub worker: String,
    /// The time between two invocations.
    pub interval: Duration,
}

/// A filter pattern of Lambda, as far as it compares texts: `{"dynamodb": {"NewImage": {"work": {"S": ["relay"]}}}}`.
#[derive(Debug, Clone, PartialEq)]
struct Pattern(Value);

impl Pattern {
    fn parse(text: &str) -> Result<Self, String> {
        let pattern: Value = serde_json::from_str(text).map_err(|error| format!("the pattern {text}: {error}"))?;
        if pattern.is_object() && Self::is_supported(&pattern) {
            Ok(Self(pattern))
        } else {
            Err(format!("the pattern {text} does more than compare texts, which does not run here"))
        }
    }

    fn is_supported(pattern: &Value) -> bool {
        match pattern {
            Value::Object(members) => !members.is_empty() && members.values().all(Self::is_supported),
            Value::Array(texts) => !texts.is_empty() && texts.iter().all(Value::is_string),
            _ => false,
        }
    }

    fn matches(&self, record: &Value) -> bool {
        Self::is_met(&self.0, Some(record))
    }

    fn is_met(pattern: &Value, value: Option<&Value>) -> bool {
        match (pattern, value) {
            (Value::Object(members), Some(Value::Object(values))) => {
                members.iter().all(|(name, pattern)| Self::is_met(pattern, values.get(name)))
            }
            (Value::Array(texts), Some(value)) => texts.contains(value),
            _ => false,
        }
    }
}

/// Adds the triggers among the events of a function.
pub(super) fn read(
    id: &str,
    worker: &str,
    properties: &Value,
    mappings: &mut Vec<StreamMapping>,
    schedules: &mut Vec<Schedule>,
) -> Result<(), String> {
    let events = properties.get("Events").and_then(Value::as_object);
    for (name, event) in events.into_iter().flatten() {
        let of = |name: &str| event.pointer(&format!("/Properties/{name}"));
        let broken = |reason: String| format!("{id}.{name}: {reason}");
        match event.get("Type").and_then(Value::as_str) {
            Some("DynamoDB") => mappings.push(mapping(worker, &of).map_err(broken)?),
            Some("Schedule") => schedules.push(schedule(worker, of("Schedule")).map_err(broken)?),
            Some("ScheduleV2") => schedules.push(schedule(worker, of("ScheduleExpression")).map_err(broken)?),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
impl super::Template {
    /// Adds the triggers in the properties of a function.
    pub(crate) fn add_triggers(&mut self, worker: &str, properties: &Value) -> Result<(), String> {
        read(worker, worker, properties, &mut self.stream_mappings, &mut self.schedules)
    }
}

/// Checks that each mapping names a table with a stream.
pub(super) fn check(mappings: &[StreamMapping], tables: &[Table]) -> Result<(), String> {
    let has_stream = |name: &str| tables.iter().any(|table| table.name == name && table.stream_specification.is_some());
    match mappings.iter().find(|mapping| !has_stream(&mapping.table)) {
        Some(mapping) => Err(format!("{}: {} has no stream", mapping.worker, mapping.table)),
        None => Ok(()),
    }
}

fn mapping<'a>(worker: &str, of: &impl Fn(&str) -> Option<&'a Value>) -> Result<StreamMapping, String> {
    let stream = of("Stream").and_then(Value::as_str).unwrap_or_default();
    let table = stream.strip_suffix(".StreamArn").ok_or("it does not name the stream of a table")?;
    let count = |name: &str, default: usize| of(name).map_or(Ok(default), number);
    let filters = of("FilterCriteria/Filters").and_then(Value::as_array).into_iter().flatten();
    let filters = filters.map(|filter| {
        let pattern = filter.get("Pattern").and_then(text);
        Pattern::parse(&pattern.ok_or("a filter has no pattern")?)
    });
    Ok(StreamMapping {
        worker: worker.to_owned(),
        table: table.to_owned(),
        batch_size: count("BatchSize", BATCH_SIZE)?.max(1),
        concurrency: count("ParallelizationFactor", 1)?.max(1),
        filters: filters.collect::<Result<_, String>>()?,
    })
}

fn schedule(worker: &str, expression: Option<&Value>) -> Result<Schedule, String> {
    let expression = expression.and_then(Value::as_str).unwrap_or_default();
    let interval = rate(expression).ok_or_else(|| format!("the schedule {expression} does not run here"))?;
    Ok(Schedule { worker: worker.to_owned(), interval })
}

/// The interval of `rate(1 minute)`.
fn rate(expression: &str) -> Option<Duration> {
    let (count, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    let count: u64 = count.parse().ok().filter(|count| *count > 0)?;
    let minutes = match unit {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        "day" | "days" => 24 * 60,
        _ => return None,
    };
    Some(Duration::from_secs(count.checked_mul(minutes * 60)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Read = Result<(Vec<StreamMapping>, Vec<Schedule>), String>;

    fn read_events(events: &Value) -> Read {
        let (mut mappings, mut schedules) = (Vec::new(), Vec::new());
        read("Function", "relay", &json!({ "Events": events }), &mut mappings, &mut schedules)?;
        Ok((mappings, schedules))
    }

    fn stream(properties: &Value) -> Read {
        read_events(&json!({ "Stream": { "Type": "DynamoDB", "Properties": properties } }))
    }

    fn filtered(pattern: &str) -> Result<StreamMapping, String> {
        let filter = json!({ "Filters": [{ "Pattern": pattern }] });
        let (mut mappings, _) = stream(&json!({ "Stream": "EventsTable.StreamArn", "FilterCriteria": filter }))?;
        mappings.pop().ok_or_else(|| "no mapping".to_owned())
    }

    #[test]
    fn a_stream_has_lambdas_defaults() -> Result<(), String> {
        let mapping = StreamMapping {
            worker: "relay".to_owned(),
            table: "EventsTable".to_owned(),
            batch_size: 100,
            concurrency: 1,
            filters: Vec::new(),
        };
        assert_eq!(stream(&json!({ "Stream": "EventsTable.StreamArn" }))?.0, std::slice::from_ref(&mapping));
        let given = json!({ "Stream": "EventsTable.StreamArn", "BatchSize": 10, "ParallelizationFactor": "4" });
        assert_eq!(stream(&given)?.0, [StreamMapping { batch_size: 10, concurrency: 4, ..mapping }]);
        for bad in [json!({}), json!({ "Stream": "other" }), json!({ "Stream": "T.StreamArn", "BatchSize": "many" })] {
            assert!(stream(&bad).is_err(), "{bad}");
        }
        Ok(())
    }

    #[test]
    fn a_schedule_has_a_rate() -> Result<(), String> {
        for (expression, seconds) in [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(2 hours)", 7200)] {
            for (kind, name) in [("Schedule", "Schedule"), ("ScheduleV2", "ScheduleExpression")] {
                let events = json!({ "Each": { "Type": kind, "Properties": { name: expression } } });
                let schedule = Schedule { worker: "relay".to_owned(), interval: Duration::from_secs(seconds) };
                assert_eq!(read_events(&events)?.1, [schedule], "{expression}");
            }
        }
        for bad in ["rate(0 minutes)", "rate(1 moon)", "rate(-1 minutes)", "cron(0 12 * * ? *)", "1 minute", ""] {
            assert_eq!(rate(bad), None, "{bad}");
        }
        assert!(read_events(&json!({ "Each": { "Type": "Schedule" } })).is_err());
        Ok(())
    }

    #[test]
    fn a_filter_compares_texts() -> Result<(), String> {
        let mapping = filtered(
            r#"{"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"work": {"S": ["relay"]}, "lane": {"S": ["fast"]}}}}"#,
        )?;
        let record = |name: &str, image: Value| json!({ "eventName": name, "dynamodb": { "NewImage": image } });
        let (relay, fast) = (json!({ "S": "relay" }), json!({ "S": "fast" }));
        assert!(mapping.takes(&record("MODIFY", json!({ "work": relay, "lane": fast, "more": { "N": "1" } }))));
        for other in [
            record("REMOVE", json!({ "work": relay, "lane": fast })),
            record("INSERT", json!({ "work": relay, "lane": { "S": "slow" } })),
            record("INSERT", json!({ "work": relay })),
            record("INSERT", json!({ "work": { "N": "relay" }, "lane": fast })),
            json!({ "eventName": "INSERT", "dynamodb": {} }),
        ] {
            assert!(!mapping.takes(&other), "{other}");
        }
        Ok(())
    }

    #[test]
    fn a_record_needs_to_match_one_filter() -> Result<(), String> {
        let filters = json!({ "Filters": [{ "Pattern": r#"{"a": ["1"]}"# }, { "Pattern": r#"{"a": ["2"]}"# }] });
        let (mappings, _) = stream(&json!({ "Stream": "EventsTable.StreamArn", "FilterCriteria": filters }))?;
        let taken = ["1", "2", "3"].map(|value| mappings.iter().any(|mapping| mapping.takes(&json!({ "a": value }))));
        assert_eq!(taken, [true, true, false]);
        Ok(())
    }

    #[test]
    fn other_patterns_are_errors() {
        for pattern in [
            "",
            "[]",
            "{}",
            r#"{"a": []}"#,
            r#"{"a": {}}"#,
            r#"{"a": "b"}"#,
            r#"{"a": [1]}"#,
            r#"{"a": [{"exists": false}]}"#,
        ] {
            assert!(filtered(pattern).is_err(), "{pattern}");
        }
    }
}

//! The streams of the tables. dynoxide writes their records into a table of the file and never deletes them: each write
//! would take longer than the one before, and an item would stay in its old records after its deletion. Records are
//! therefore deleted when they are read, which only one reader does. Without a reader, those are deleted that are older than
//! a minute, or followed by too many.

use dynoxide::DynoxideError;
use dynoxide::storage::Storage;
use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::engine::Engine;
use crate::Error;
use crate::template::{ACCOUNT, REGION};

/// The records that are read at once, so that other calls wait only for so many.
const PAGE: usize = 500;

/// The oldest records first.
const READ: &str = "
    SELECT records.id, table_name, event_id, event_name, keys_json, new_image, old_image, sequence_number,
           records.created_at, stream_view_type
    FROM _stream_records AS records LEFT JOIN _tables USING (table_name)
    ORDER BY records.id LIMIT ?1";
const DELETE: &str = "DELETE FROM _stream_records WHERE id <= ?1";
const DELETE_OLD: &str = "
    DELETE FROM _stream_records
    WHERE created_at < unixepoch() - 60 OR id <= (SELECT max(id) FROM _stream_records) - ?1";
/// The records that may wait for a reader.
const WAITING: usize = 10_000;

/// A record of a table's stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StreamRecord {
    pub(crate) table: String,
    /// The record as Lambda's events contain it.
    pub(crate) event: Value,
}

impl Engine {
    /// Takes the oldest records out of the streams of all tables. Empty if there are none.
    pub(crate) async fn take_stream_records(&self) -> Result<Vec<StreamRecord>, Error> {
        let taken = self.run(|storage: &Storage| take(storage.conn())).await;
        taken.and_then(|taken| taken.map_err(DynoxideError::from)).map_err(|error| Error::Database(error.to_string()))
    }
}

/// Deletes the records that nobody has read for too long.
pub(super) fn delete_old(connection: &Connection) -> rusqlite::Result<()> {
    delete_beyond(connection, WAITING)
}

fn delete_beyond(connection: &Connection, waiting: usize) -> rusqlite::Result<()> {
    connection.prepare_cached(DELETE_OLD)?.execute([waiting]).map(|_| ())
}

fn take(connection: &Connection) -> rusqlite::Result<Vec<StreamRecord>> {
    let mut statement = connection.prepare_cached(READ)?;
    let rows = statement.query_map([PAGE], |row| Ok((row.get::<_, i64>("id")?, record(row)?)))?;
    let rows: Vec<(i64, StreamRecord)> = rows.collect::<Result<_, _>>()?;
    if let Some((last, _)) = rows.last() {
        connection.prepare_cached(DELETE)?.execute([last])?;
    }
    Ok(rows.into_iter().map(|(_, record)| record).collect())
}

fn record(row: &Row<'_>) -> rusqlite::Result<StreamRecord> {
    let table: String = row.get("table_name")?;
    let attributes = |name: &str| -> rusqlite::Result<Option<Value>> {
        let text: Option<String> = row.get(name)?;
        // dynoxide has written this JSON.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    };
    let mut change = json!({
        "ApproximateCreationDateTime": row.get::<_, i64>("created_at")?,
        "Keys": attributes("keys_json")?,
        "SequenceNumber": row.get::<_, String>("sequence_number")?,
        "StreamViewType": row.get::<_, Option<String>>("stream_view_type")?,
    });
    for (name, column) in [("NewImage", "new_image"), ("OldImage", "old_image")] {
        if let (Some(image), Some(change)) = (attributes(column)?, change.as_object_mut()) {
            change.insert(name.to_owned(), image);
        }
    }
    let event = json!({
        "eventID": row.get::<_, Option<String>>("event_id")?,
        "eventName": row.get::<_, String>("event_name")?,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": change,
        "eventSourceARN": format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}/stream/local"),
    });
    Ok(StreamRecord { table, event })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};

    use super::*;
    use crate::database::Commits;
    use crate::template::{AttributeDefinition, KeyElement, Stream, Table, Template};

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    /// Two tables, of which `Events` has a stream.
    pub(crate) fn template() -> Template {
        let key = |name: &str, kind: &str| KeyElement { attribute_name: name.to_owned(), key_type: kind.to_owned() };
        let attribute =
            |name: &str| AttributeDefinition { attribute_name: name.to_owned(), attribute_type: "S".to_owned() };
        let table = |name: &str, stream: Option<&str>| Table {
            name: name.to_owned(),
            attribute_definitions: ["pk", "sk"].map(attribute).to_vec(),
            key_schema: vec![key("pk", "HASH"), key("sk", "RANGE")],
            global_secondary_indexes: Vec::new(),
            time_to_live_specification: None,
            stream_specification: stream.map(|view| Stream { stream_view_type: view.to_owned() }),
        };
        Template {
            stage: "live".to_owned(),
            tables: vec![table("Events", Some("NEW_IMAGE")), table("Others", None)],
            ..Template::default()
        }
    }

    fn text(value: &str) -> AttributeValue {
        AttributeValue::S(value.to_owned())
    }

    pub(crate) async fn put(engine: &Engine, table: &str, sk: &str, work: &str) -> Outcome {
        let put = engine.client().put_item().table_name(table).item("pk", text("tenant"));
        put.item("sk", text(sk)).item("work", text(work)).send().await?;
        Ok(())
    }

    pub(crate) async fn count(engine: &Engine) -> Result<usize, Box<dyn std::error::Error>> {
        let sql = "SELECT count(*) FROM _stream_records";
        Ok(engine.run(|storage| storage.conn().query_row(sql, [], |row| row.get(0))).await??)
    }

    #[tokio::test]
    async fn a_record_has_the_form_of_lambdas_events() -> Outcome {
        let engine = Engine::memory()?;
        engine.create_tables(&template()).await?;
        put(&engine, "Others", "0", "none").await?;
        put(&engine, "Events", "1", "relay").await?;
        put(&engine, "Events", "1", "expire").await?;
        let delete = Delete::builder().table_name("Events").key("pk", text("tenant")).key("sk", text("1")).build()?;
        let delete = TransactWriteItem::builder().delete(delete).build();
        engine.client().transact_write_items().transact_items(delete).send().await?;
        let records = engine.take_stream_records().await?;
        let keys = json!({ "pk": { "S": "tenant" }, "sk": { "S": "1" } });
        let image = |work: &str| json!({ "pk": { "S": "tenant" }, "sk": { "S": "1" }, "work": { "S": work } });
        let expected =
            [("INSERT", image("relay")), ("MODIFY", image("expire")), ("REMOVE", Value::Null)].map(|(name, image)| {
                (name.to_owned(), keys.clone(), image, "NEW_IMAGE".to_owned(), "Events".to_owned(), Value::Null)
            });
        let found: Vec<_> = records
            .iter()
            .map(|StreamRecord { table, event }| {
                let change = &event["dynamodb"];
                (
                    event["eventName"].as_str().unwrap_or_default().to_owned(),
                    change["Keys"].clone(),
                    change["NewImage"].clone(),
                    change["StreamViewType"].as_str().unwrap_or_default().to_owned(),
                    table.clone(),
                    change["OldImage"].clone(),
                )
            })
            .collect();
        assert_eq!(found, expected);
        assert!(records.iter().all(|record| record.event["eventID"].is_string()));
        Ok(())
    }

    #[tokio::test]
    async fn what_was_read_is_deleted() -> Outcome {
        let engine = Engine::memory()?;
        engine.create_tables(&template()).await?;
        for number in 0..=PAGE {
            put(&engine, "Events", &number.to_string(), "relay").await?;
        }
        assert_eq!(count(&engine).await?, PAGE + 1);
        for expected in [PAGE, 1, 0] {
            assert_eq!(engine.take_stream_records().await?.len(), expected);
        }
        assert_eq!(count(&engine).await?, 0);
        Ok(())
    }

    #[tokio::test]
    async fn only_the_newest_wait_for_a_reader() -> Outcome {
        let engine = Engine::memory()?;
        engine.create_tables(&template()).await?;
        for number in 0..5 {
            put(&engine, "Events", &number.to_string(), "relay").await?;
        }
        engine.run(|storage| delete_beyond(storage.conn(), 2)).await??;
        let left = engine.take_stream_records().await?;
        let keys: Vec<_> = left.iter().map(|record| &record.event["dynamodb"]["Keys"]["sk"]["S"]).collect();
        assert_eq!(keys, ["3", "4"]);
        Ok(())
    }

    /// Whether a file of the directory contains the text.
    fn holds(directory: &Path, text: &str) -> std::io::Result<bool> {
        for entry in std::fs::read_dir(directory)? {
            if std::fs::read(entry?.path())?.windows(text.len()).any(|window| window == text.as_bytes()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[tokio::test]
    async fn neither_what_was_read_nor_what_is_old_stays_in_a_file() -> Outcome {
        let directory = std::env::temp_dir().join(format!("assent-streams-{}", std::process::id()));
        std::fs::create_dir_all(&directory)?;
        let engine = Engine::open(&directory.join("dynamodb.sqlite"), Commits::Synced)?;
        engine.create_tables(&template()).await?;
        let age = "UPDATE _stream_records SET created_at = created_at - 61 WHERE new_image LIKE '%that is old%'";
        for (sk, work) in [("1", "that is read"), ("2", "that is old"), ("2", "something else")] {
            put(&engine, "Events", sk, work).await?;
            if sk == "1" {
                assert!(holds(&directory, work)?);
                assert_eq!(engine.take_stream_records().await?.len(), 1);
            }
        }
        put(&engine, "Events", "1", "something else").await?;
        engine.run(move |storage| storage.conn().execute_batch(age)).await??;
        let deadline = Instant::now() + Duration::from_secs(10);
        while holds(&directory, "that is read")? || holds(&directory, "that is old")? {
            assert!(Instant::now() < deadline, "they are still there");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Those that are younger wait for a reader.
        assert_eq!(count(&engine).await?, 2);
        drop(engine);
        Ok(std::fs::remove_dir_all(&directory)?)
    }
}

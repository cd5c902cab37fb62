//! Deleted data must not stay in the database's files.
//!
//! `SQLite` overwrites deleted data in its pages if it was compiled to (`.cargo/config.toml`). The write-ahead log
//! contains the old pages until it is emptied, which the engine does every second and when it closes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::Error;

/// The time that a call waits if another program has locked the database.
const PATIENCE: Duration = Duration::from_secs(5);
/// The option with which `SQLite` must have been compiled.
const OPTION: &str = "SECURE_DELETE";

/// Fails unless `SQLite` overwrites deleted data.
pub(super) fn ensure(connection: &Connection) -> Result<(), Error> {
    let overwrites = connection.query_row("SELECT sqlite_compileoption_used(?1)", [OPTION], |row| row.get(0));
    if overwrites.map_err(|error| Error::Database(error.to_string()))? {
        return Ok(());
    }
    let reason = "this build's SQLite keeps what is deleted: build in the workspace, whose .cargo/config.toml sets \
                  LIBSQLITE3_FLAGS";
    Err(Error::Database(reason.to_owned()))
}

/// The path of the write-ahead log of a database file.
pub(super) fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Moves the log's pages into the database file and truncates the log. If another program is reading the file, the log
/// stays as it is until the next call.
pub(super) fn empty(connection: &Connection, log: &Path) -> rusqlite::Result<()> {
    if std::fs::metadata(log).is_ok_and(|metadata| metadata.len() > 0) {
        connection.busy_timeout(Duration::ZERO)?;
        let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        connection.busy_timeout(PATIENCE)?;
        emptied?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, AttributeValue, BillingMode, Delete, KeySchemaElement, KeyType, ScalarAttributeType,
        TransactWriteItem,
    };

    use super::*;
    use crate::database::engine::LOG_INTERVAL;
    use crate::database::{Dynoxide, client, fresh_access_key_id};

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    struct Temporary(PathBuf);

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    impl Temporary {
        fn new(name: &str) -> std::io::Result<Self> {
            let directory = Self(std::env::temp_dir().join(format!("assent-{name}-{}", std::process::id())));
            std::fs::create_dir_all(&directory.0)?;
            Ok(directory)
        }

        /// The files of the directory that contain the text.
        fn holding(&self, text: &str) -> std::io::Result<Vec<PathBuf>> {
            let mut holding = Vec::new();
            for entry in std::fs::read_dir(&self.0)? {
                let path = entry?.path();
                if std::fs::read(&path)?.windows(text.len()).any(|window| window == text.as_bytes()) {
                    holding.push(path);
                }
            }
            Ok(holding)
        }

        /// Waits until a file contains the text, or until none does. One look is not enough, because a page may be moving
        /// from one file to the other.
        async fn expect(&self, text: &str, held: bool) -> Outcome {
            let (mut agreeing, deadline) = (0, Instant::now() + 10 * LOG_INTERVAL);
            while agreeing < 3 {
                let holding = self.holding(text)?;
                agreeing = if holding.is_empty() == held { 0 } else { agreeing + 1 };
                assert!(Instant::now() < deadline, "{text:?} is in {holding:?}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok(())
        }
    }

    fn text(value: &str) -> AttributeValue {
        AttributeValue::S(value.to_owned())
    }

    async fn create_table(client: &Client) -> Outcome {
        let definition = AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash);
        let table = client.create_table().table_name("Things").billing_mode(BillingMode::PayPerRequest);
        table.attribute_definitions(definition.build()?).key_schema(key.build()?).send().await?;
        Ok(())
    }

    async fn put(client: &Client, key: &str, value: &str) -> Outcome {
        client.put_item().table_name("Things").item("pk", text(key)).item("value", text(value)).send().await?;
        Ok(())
    }

    #[tokio::test]
    async fn what_is_deleted_is_in_no_file() -> Outcome {
        let directory = Temporary::new("deletion")?;
        let database = Dynoxide::start(Some(&directory.0.join("dynamodb.sqlite")), 0, fresh_access_key_id())?;
        let client = client(database.endpoint());
        create_table(&client).await?;
        // An item that shares its page with others, and one that fills many pages.
        for (name, length) in [("short", 1), ("long", 10_000)] {
            let value = |what: &str| format!("{name} {what}").repeat(length);
            let (deleted, changed, kept) =
                (value("that is deleted "), value("that is changed "), value("that is kept "));
            for neighbour in 0..20 {
                put(&client, &format!("{name}-{neighbour}"), &kept).await?;
            }
            put(&client, "deleted", &deleted).await?;
            put(&client, "deleted-with-others", &deleted).await?;
            put(&client, "changed", &changed).await?;
            // Values that share a beginning are searched for by it.
            let beginning = |value: &str| value.chars().take(20).collect::<String>();
            for value in [&deleted, &changed] {
                directory.expect(&beginning(value), true).await?;
            }
            client.delete_item().table_name("Things").key("pk", text("deleted")).send().await?;
            let others = Delete::builder().table_name("Things").key("pk", text("deleted-with-others")).build()?;
            let others = TransactWriteItem::builder().delete(others).build();
            client.transact_write_items().transact_items(others).client_request_token(name).send().await?;
            put(&client, "changed", "x").await?;
            for value in [&deleted, &changed] {
                directory.expect(&beginning(value), false).await?;
            }
            directory.expect(&beginning(&kept), true).await?;
        }
        database.stop();
        Ok(())
    }

    #[tokio::test]
    async fn nothing_stays_behind_a_stop() -> Outcome {
        let directory = Temporary::new("stop")?;
        let database = Dynoxide::start(Some(&directory.0.join("dynamodb.sqlite")), 0, fresh_access_key_id())?;
        let client = client(database.endpoint());
        create_table(&client).await?;
        put(&client, "one", "never to be seen again").await?;
        client.delete_item().table_name("Things").key("pk", text("one")).send().await?;
        database.stop();
        assert_eq!(directory.holding("never to be seen again")?, Vec::<PathBuf>::new());
        Ok(())
    }
}

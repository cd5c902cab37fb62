//! Backups of a data directory, which may be in use, and their restoration.
//!
//! A backup is one `SQLite` file: the database at one moment, and the usage plans of the keys. Two things are not in it:
//! the secrets, and the personal-data keys, so that an erasure does not end at the next old backup. The personal-data keys
//! can be copied to a file of their own, which each backup replaces: there is never more than one copy. That file also has
//! the erasure requests, which say who was erased, by pseudonyms: neither of these two tables ever goes back.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::Error;
use crate::data::Data;
use crate::database::{Commits, Engine};

/// The table of the personal-data keys.
const DATA_KEYS: &str = "PersonalDataKeysTable";
/// The table of the erasure requests.
const ERASURES: &str = "ErasureRequestsTable";
/// The table of the usage plans in a backup: the name and the content of each file.
const USAGE_PLANS: &str = "assent_usage_plans";
/// The time to wait while another program locks a file.
const PATIENCE: Duration = Duration::from_secs(10);

/// Writes a new file with the data of a directory, and replaces the file of its personal-data keys if one is named. When
/// this returns, both are on the disk.
pub fn backup(directory: &Path, file: &Path, data_keys: Option<&Path>) -> Result<(), Error> {
    let data = Data::find(directory)?;
    if !data.database_file().exists() {
        return Err(Error::NoDatabase(directory.to_owned()));
    }
    if file.exists() {
        return Err(Error::Backup(format!("{} exists: a backup is a new file", file.display())));
    }
    let copy = Copy::create(file)?;
    let keys = data_keys.map(Copy::create).transpose()?;
    let connection = open(&copy.part)?;
    let failed = |error: rusqlite::Error| Error::Backup(format!("{}: {error}", file.display()));
    // Until it is whole, the file has another name, so it needs no journal.
    connection.pragma_update(None, "journal_mode", "OFF").map_err(failed)?;
    attach(&connection, "source", &data.database_file()).map_err(failed)?;
    if let Some(keys) = &keys {
        attach(&connection, "keys", &keys.part).map_err(failed)?;
    }
    // One transaction, so that all tables are read as they are at one moment. Writers continue.
    let transaction = connection.unchecked_transaction().map_err(failed)?;
    copy_database(&transaction, keys.is_some()).map_err(failed)?;
    write_usage_plans(&transaction, &data)?;
    transaction.commit().map_err(failed)?;
    check(&connection, file)?;
    drop(connection);
    copy.finish()?;
    keys.map_or(Ok(()), Copy::finish)
}

/// Puts a backup into a directory in which no system runs. A directory with a database needs `replace`, and keeps its
/// personal-data keys; otherwise they come from `data_keys`. If this fails, the directory's database is as it was.
pub fn restore(file: &Path, directory: &Path, data_keys: Option<&Path>, replace: bool) -> Result<(), Error> {
    let data = Data::open(directory)?;
    let _lock = data.lock()?;
    let database = data.database_file();
    let source = match (database.exists(), data_keys) {
        (true, _) if !replace => {
            let reason = "holds a database: --replace replaces it, except for its personal-data keys";
            return Err(Error::Backup(format!("{} {reason}", data.path().display())));
        }
        (true, Some(_)) => {
            let reason = "has personal-data keys of its own: leave --data-keys out";
            return Err(Error::Backup(format!("{} {reason}", data.path().display())));
        }
        (true, None) => {
            // Closes it cleanly, because a log that is left would be applied to the new file.
            drop(Engine::open(&database, Commits::Synced)?);
            Some(database.as_path())
        }
        (false, source) => source,
    };
    let copy = Copy::create(&database)?;
    std::fs::copy(file, &copy.part).map_err(Error::file(file))?;
    // Refuses what is no database, or a newer one.
    let opened = Engine::open(&copy.part, Commits::Synced);
    drop(opened.map_err(|error| Error::Backup(format!("{} is not a backup of Assent: {error}", file.display())))?);
    let connection = open(&copy.part)?;
    let failed = |error: rusqlite::Error| Error::Backup(format!("{}: {error}", file.display()));
    check(&connection, file)?;
    let transaction = connection.unchecked_transaction().map_err(failed)?;
    restore_usage_plans(&transaction, &data, file)?;
    transaction.commit().map_err(failed)?;
    if let Some(source) = source {
        let failed = |error: rusqlite::Error| Error::Backup(format!("{}: {error}", source.display()));
        attach(&connection, "source", source).map_err(failed)?;
        let columns = "pk, sk, item_json, item_size, hash_prefix";
        for table in [DATA_KEYS, ERASURES] {
            let copied = format!(
                "DELETE FROM main.\"{table}\"; \
                 INSERT INTO main.\"{table}\" ({columns}) SELECT {columns} FROM source.\"{table}\""
            );
            connection.execute_batch(&copied).map_err(failed)?;
        }
    }
    drop(connection);
    copy.finish()
}

/// Copies all tables of `source`, with its indexes, and the personal-data keys only to `keys`.
fn copy_database(connection: &Connection, with_keys: bool) -> rusqlite::Result<()> {
    let objects = "SELECT type, name, sql FROM source.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' \
                   ESCAPE '@' ORDER BY type = 'table' DESC";
    let mut objects = connection.prepare(objects)?;
    let objects = objects.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for object in objects.collect::<rusqlite::Result<Vec<(String, String, String)>>>()? {
        let (kind, name, sql) = object;
        connection.execute_batch(&sql)?;
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        if kind == "table" && name != DATA_KEYS {
            connection.execute_batch(&format!("INSERT INTO main.{quoted} SELECT * FROM source.{quoted}"))?;
        }
    }
    let counters = "SELECT count(*) FROM source.sqlite_master WHERE name = 'sqlite_sequence'";
    if connection.query_row(counters, [], |row| row.get::<_, u32>(0))? > 0 {
        connection.execute_batch(
            "DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM source.sqlite_sequence",
        )?;
    }
    if with_keys {
        for table in [DATA_KEYS, ERASURES] {
            connection.execute_batch(&format!("CREATE TABLE keys.\"{table}\" AS SELECT * FROM source.\"{table}\""))?;
        }
    }
    Ok(())
}

fn write_usage_plans(connection: &Connection, data: &Data) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| Error::Backup(error.to_string());
    connection
        .execute_batch(&format!("CREATE TABLE main.{USAGE_PLANS} (name TEXT PRIMARY KEY, content TEXT NOT NULL)"))
        .map_err(failed)?;
    for (name, content) in data.usage_plan_keys().stored()? {
        let insert = format!("INSERT INTO main.{USAGE_PLANS} VALUES (?1, ?2)");
        connection.execute(&insert, [name, content]).map_err(failed)?;
    }
    Ok(())
}

fn restore_usage_plans(connection: &Connection, data: &Data, file: &Path) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| Error::Backup(format!("{}: {error}", file.display()));
    let known = "SELECT 1 FROM sqlite_master WHERE name = ?1";
    let known = connection.query_row(known, [USAGE_PLANS], |_| Ok(())).optional().map_err(failed)?;
    if known.is_none() {
        return Err(Error::Backup(format!("{} is not a backup of Assent", file.display())));
    }
    let mut plans = connection.prepare(&format!("SELECT name, content FROM {USAGE_PLANS}")).map_err(failed)?;
    let plans = plans.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
    let keys = data.usage_plan_keys();
    for plan in plans.collect::<rusqlite::Result<Vec<(String, String)>>>().map_err(failed)? {
        keys.restore(&plan.0, &plan.1)?;
    }
    connection.execute_batch(&format!("DROP TABLE {USAGE_PLANS}")).map_err(failed)
}

fn open(file: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags);
    let connection = connection.map_err(|error| Error::Backup(format!("{}: {error}", file.display())))?;
    connection.busy_timeout(PATIENCE).map_err(|error| Error::Backup(error.to_string()))?;
    Ok(connection)
}

fn attach(connection: &Connection, name: &str, file: &Path) -> rusqlite::Result<()> {
    // ATTACH would create a file that does not exist.
    let path = file.to_str().filter(|_| file.exists());
    let path = path.ok_or_else(|| rusqlite::Error::InvalidPath(file.to_owned()))?;
    connection.execute(&format!("ATTACH ?1 AS {name}"), [path]).map(|_| ())
}

/// Fails unless the file's pages are sound.
fn check(connection: &Connection, file: &Path) -> Result<(), Error> {
    let found = connection.query_row("PRAGMA main.quick_check(1)", [], |row| row.get::<_, String>(0));
    match found {
        Ok(found) if found == "ok" => Ok(()),
        Ok(found) => Err(Error::Backup(format!("{}: {found}", file.display()))),
        Err(error) => Err(Error::Backup(format!("{}: {error}", file.display()))),
    }
}

/// A file that gets its name when it is whole. Only its owner can read it.
struct Copy {
    file: PathBuf,
    part: PathBuf,
}

impl Copy {
    fn create(file: &Path) -> Result<Self, Error> {
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let _ = std::fs::remove_file(&part);
        OpenOptions::new().create_new(true).write(true).mode(0o600).open(&part).map_err(Error::file(&part))?;
        Ok(Self { file: file.to_owned(), part })
    }

    fn finish(self) -> Result<(), Error> {
        let directory = self.file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(&self.part)
            .and_then(|part| part.sync_all())
            .and_then(|()| std::fs::rename(&self.part, &self.file))
            .and_then(|()| File::open(directory)?.sync_all())
            .map_err(Error::file(&self.file))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // What was not finished is of no use.
        let _ = std::fs::remove_file(&self.part);
    }
}

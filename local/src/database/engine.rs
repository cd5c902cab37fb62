//! dynoxide's storage, on a thread of its own, because `SQLite` has one writer and each call blocks the thread.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dynoxide::DynoxideError;
use dynoxide::storage::Storage;
use tokio::sync::{Notify, oneshot};

use super::tokens::Tokens;
use super::{secure_deletion, streams};
use crate::Error;

/// The largest number of calls that share one sync of the log.
const AT_ONCE: usize = 64;
/// The longest time for which deleted data may stay in the write-ahead log.
pub(super) const LOG_INTERVAL: Duration = Duration::from_secs(1);

/// The moment at which a write is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Commits {
    /// When it is on the disk. Neither a crash nor a power failure loses an acknowledged write.
    #[default]
    Synced,
    /// When the operating system has it. A crash of this process loses nothing; a power failure can lose the writes of
    /// the last seconds.
    Fast,
}

/// Works on the storage, and returns how the caller gets the result once the changes are on the disk.
type Job = Box<dyn FnOnce(&Storage) -> Reply + Send>;
type Reply = Box<dyn FnOnce()>;

/// An open database. Clones share it, and it closes when the last clone is dropped.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    /// `None` once the engine is being dropped.
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// The tokens of recent transactions. Only the database's thread locks them.
    tokens: Arc<Mutex<Tokens>>,
    /// Notified of changes.
    changed: Arc<Notify>,
}

impl Engine {
    /// A database in memory, which is lost when it closes.
    pub fn memory() -> Result<Self, Error> {
        let storage = Storage::memory().map_err(|error| Error::Database(error.to_string()))?;
        Self::of(Worker { storage, log: None, changes: 0 })
    }

    /// A database in a file, which is created if it does not exist.
    pub fn open(file: &Path, commits: Commits) -> Result<Self, Error> {
        let failed = |reason: String| Error::Database(format!("{}: {reason}", file.display()));
        let path = file.to_str().ok_or_else(|| failed("the name is not UTF-8".to_owned()))?;
        let storage = Storage::new(path).map_err(|error| failed(error.to_string()))?;
        // SQLite opens a file that it may not write, and fails only at the first write.
        if storage.conn().is_readonly("main").map_err(|error| failed(error.to_string()))? {
            return Err(failed("this process may not write the file".to_owned()));
        }
        secure_deletion::ensure(storage.conn())?;
        let log = Log::of(file, &storage, commits).map_err(failed)?;
        Self::of(Worker { storage, log: Some(log), changes: 0 })
    }

    fn of(worker: Worker) -> Result<Self, Error> {
        let (jobs, to_do) = mpsc::channel();
        let changed = Arc::new(Notify::new());
        let notified = Arc::clone(&changed);
        let work = move || worker.work(&to_do, &notified);
        let thread = std::thread::Builder::new().name("database".to_owned()).spawn(work);
        let thread = thread.map_err(|error| Error::Database(error.to_string()))?;
        let tokens = Arc::new(Mutex::new(Tokens::new()));
        Ok(Self(Arc::new(Inner { jobs: Some(jobs), thread: Some(thread), tokens, changed })))
    }

    /// Whether the database's thread has ended after an error. Every further call then fails.
    pub fn has_ended(&self) -> bool {
        self.0.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for a change since the last call. Only one caller may wait.
    pub(crate) async fn changed(&self) {
        self.0.changed.notified().await;
    }

    pub(super) fn tokens(&self) -> Arc<Mutex<Tokens>> {
        Arc::clone(&self.0.tokens)
    }

    /// Runs `work` on the database's thread, after all earlier calls and beside no other. When this returns, the changed
    /// rows are on the disk, as [`Commits`] says.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Storage) -> T + Send + 'static,
    ) -> Result<T, DynoxideError> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(|storage| {
            let done = work(storage);
            // The caller may have stopped waiting.
            Box::new(move || drop(sender.send(done)))
        });
        let sent = self.0.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        let done = if sent { receiver.await.ok() } else { None };
        done.ok_or_else(|| DynoxideError::InternalServerError("the database has stopped".to_owned()))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Worker {
    storage: Storage,
    /// `None` for a database in memory.
    log: Option<Log>,
    /// The number of row changes so far when the log was last synced.
    changes: u64,
}

impl Worker {
    /// Runs jobs until all clones of the engine are dropped. If the log cannot be synced, the thread ends and the waiting
    /// callers get an error, because whether their writes are on the disk is known only when the file is opened again.
    fn work(mut self, to_do: &Receiver<Job>, changed: &Notify) {
        let mut replies = Vec::with_capacity(AT_ONCE);
        let mut emptied = Instant::now();
        loop {
            let first = match &self.log {
                None => to_do.recv().map_err(RecvTimeoutError::from),
                Some(_) => to_do.recv_timeout(LOG_INTERVAL.saturating_sub(emptied.elapsed())),
            };
            match first {
                Ok(first) => {
                    let changes = self.storage.conn().total_changes();
                    for job in std::iter::once(first).chain(to_do.try_iter()).take(AT_ONCE) {
                        let reply = job(&self.storage);
                        // A read after an unsynced write waits too, because a power failure could undo what it saw.
                        if self.is_on_disk() { reply() } else { replies.push(reply) }
                    }
                    if let Err(error) = self.sync() {
                        return tracing::error!(%error, "the database cannot sync its log, and stops");
                    }
                    replies.drain(..).for_each(|reply| reply());
                    if self.storage.conn().total_changes() != changes {
                        changed.notify_one();
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if emptied.elapsed() >= LOG_INTERVAL {
                if let Err(error) = streams::delete_old(self.storage.conn()) {
                    tracing::warn!(%error, "the old records of the tables' streams cannot be deleted");
                }
                self.empty_log();
                emptied = Instant::now();
            }
        }
        self.empty_log();
    }

    fn is_on_disk(&self) -> bool {
        self.log.as_ref().is_none_or(|log| log.file.is_none()) || self.storage.conn().total_changes() == self.changes
    }

    /// Syncs the log once for all writes since the last sync.
    fn sync(&mut self) -> std::io::Result<()> {
        if !self.is_on_disk() {
            self.log.as_ref().and_then(|log| log.file.as_ref()).map_or(Ok(()), File::sync_data)?;
            self.changes = self.storage.conn().total_changes();
        }
        Ok(())
    }

    fn empty_log(&self) {
        if let Some(log) = &self.log
            && let Err(error) = secure_deletion::empty(self.storage.conn(), &log.path)
        {
            tracing::warn!(%error, "the database's log cannot be emptied, so it may still contain deleted data");
        }
    }
}

/// `SQLite`'s write-ahead log.
struct Log {
    path: PathBuf,
    /// The file to sync before a write is acknowledged. `None` for [`Commits::Fast`].
    file: Option<File>,
}

impl Log {
    fn of(database: &Path, storage: &Storage, commits: Commits) -> Result<Self, String> {
        // With NORMAL, SQLite syncs around each checkpoint and not at each commit: the worker syncs the log itself.
        storage.conn().pragma_update(None, "synchronous", "NORMAL").map_err(|error| error.to_string())?;
        let path = secure_deletion::log_of(database);
        let file = match commits {
            Commits::Synced => Some(File::open(&path).map_err(|error| error.to_string())?),
            Commits::Fast => None,
        };
        Ok(Self { path, file })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    const FILE: &str = "ASSENT_TEST_FILE";
    const WRITTEN: &str = "written";

    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str) -> std::io::Result<Self> {
            let directory = Self(std::env::temp_dir().join(format!("assent-{name}-{}", std::process::id())));
            std::fs::create_dir_all(&directory.0)?;
            Ok(directory)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    async fn write(engine: &Engine) -> Result<(), DynoxideError> {
        let sql = "CREATE TABLE IF NOT EXISTS written (n); INSERT INTO written VALUES (1)";
        Ok(engine.run(|storage| storage.conn().execute_batch(sql)).await??)
    }

    async fn written(engine: &Engine) -> Result<u32, DynoxideError> {
        let sql = "SELECT count(*) FROM written";
        Ok(engine.run(|storage| storage.conn().query_row(sql, [], |row| row.get(0))).await??)
    }

    /// Waits until the thread has ended, which is a moment after its callers get their errors.
    async fn ended(engine: &Engine) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !engine.has_ended() {
            assert!(Instant::now() < deadline, "it goes on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn what_is_written_is_there_when_it_is_opened_again() -> Outcome {
        let directory = Temporary::new("engine")?;
        let file = directory.0.join("dynamodb.sqlite");
        for (count, commits) in [(0, Commits::Synced), (1, Commits::Fast), (2, Commits::Synced)] {
            let engine = Engine::open(&file, commits)?;
            if count > 0 {
                assert_eq!(written(&engine).await?, count);
            }
            write(&engine).await?;
            assert!(!engine.has_ended());
            // The file closes, and its log disappears, when the last clone is dropped.
            drop(engine.clone());
            assert_eq!(written(&engine).await?, count + 1);
            drop(engine);
            assert!(!secure_deletion::log_of(&file).exists());
        }
        Ok(())
    }

    /// Writes to the file that the environment names until it is killed, and prints a line after each group of writes.
    #[tokio::test]
    #[ignore = "the process that the next test kills"]
    async fn write_until_killed() -> Outcome {
        let engine = Engine::open(Path::new(&std::env::var(FILE)?), Commits::Synced)?;
        loop {
            let writes = (0..8).map(|_| write(&engine));
            futures_util::future::try_join_all(writes).await?;
            println!("{WRITTEN}");
        }
    }

    #[tokio::test]
    async fn a_kill_loses_no_acknowledged_write() -> Outcome {
        let directory = Temporary::new("kill")?;
        let file = directory.0.join("dynamodb.sqlite");
        let mut acknowledged = 0;
        for patience in [1, 10, 100] {
            let mut child = Command::new(std::env::current_exe()?)
                .args(["--exact", "database::engine::tests::write_until_killed", "--ignored", "--nocapture"])
                .env(FILE, &file)
                .stdout(Stdio::piped())
                .spawn()?;
            let told = BufReader::new(child.stdout.take().ok_or("no output")?);
            let lines = told.lines().map_while(Result::ok).filter(|line| line.ends_with(WRITTEN)).take(patience);
            let rounds = lines.count();
            assert_eq!(rounds, patience, "it ended by itself");
            acknowledged += 8 * u32::try_from(rounds)?;
            child.kill()?;
            child.wait()?;
            let written = written(&Engine::open(&file, Commits::Synced)?).await?;
            assert!(written >= acknowledged, "{written} of {acknowledged}");
            acknowledged = written;
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_brought_onto_the_disk_ends_it() -> Outcome {
        // This file cannot be synced.
        let log = Log { path: PathBuf::from("/dev/null"), file: Some(File::open("/dev/null")?) };
        let engine = Engine::of(Worker { storage: Storage::memory()?, log: Some(log), changes: 0 })?;
        assert!(write(&engine).await.is_err());
        assert!(written(&engine).await.is_err());
        ended(&engine).await;
        Ok(())
    }

    #[tokio::test]
    async fn work_that_panics_ends_it() -> Outcome {
        let engine = Engine::memory()?;
        write(&engine).await?;
        assert!(engine.run(|_| std::panic::resume_unwind(Box::new("panic"))).await.map(|(): ()| ()).is_err());
        assert!(write(&engine).await.is_err());
        ended(&engine).await;
        Ok(())
    }

    #[test]
    fn a_file_that_is_no_database_is_said_so() -> Outcome {
        let directory = Temporary::new("no-database")?;
        let file = directory.0.join("dynamodb.sqlite");
        std::fs::write(&file, "x".repeat(10_000))?;
        let told = Engine::open(&file, Commits::Synced).err().map(|error| error.to_string());
        assert!(told.as_ref().is_some_and(|told| told.contains("dynamodb.sqlite")), "{told:?}");
        assert!(Engine::open(&directory.0.join("absent/dynamodb.sqlite"), Commits::Synced).is_err());
        Ok(())
    }

    #[tokio::test]
    async fn another_program_that_reads_the_file_stops_nobody() -> Outcome {
        let directory = Temporary::new("reader")?;
        let file = directory.0.join("dynamodb.sqlite");
        let engine = Engine::open(&file, Commits::Synced)?;
        write(&engine).await?;
        let reader = rusqlite::Connection::open(&file)?;
        reader.execute_batch("BEGIN; SELECT count(*) FROM written")?;
        let began = Instant::now();
        while began.elapsed() < 2 * LOG_INTERVAL {
            let call = Instant::now();
            write(&engine).await?;
            assert!(call.elapsed() < LOG_INTERVAL, "{:?}", call.elapsed());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

//! The data directory of a local system: its files, and the lock that keeps a second system out.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::database::{Endpoint, fresh_access_key_id};
use crate::private_file::write_whole;
use crate::usage_plans::UsagePlanKeys;

/// The value of each secret, by its name.
pub(crate) type Secrets = BTreeMap<String, String>;

/// The file with the environment of functions under `cargo lambda watch`.
const FUNCTIONS_ENV: &str = "functions.env";

/// The file with the secrets that `assent serve` created.
const SECRETS: &str = "secrets";

/// The file with the URL of a database elsewhere.
const DATABASE_ENDPOINT: &str = "database-endpoint";

/// A data directory.
#[derive(Debug, Clone)]
pub(crate) struct Data(PathBuf);

/// The directory's lock. It is released at the latest when the process ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Data {
    /// Opens the directory, and creates it if it is new. Its files hold a key and personal data, so only the owner may
    /// read them.
    pub(crate) fn open(directory: &Path) -> Result<Self, Error> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
        made.map_err(Error::file(directory))?;
        let directory = std::fs::canonicalize(directory).map_err(Error::file(directory))?;
        if let Some(parent) = directory.parent().and_then(|parent| File::open(parent).ok()) {
            // A new directory is on the disk before anything in it is acknowledged.
            let _ = parent.sync_all();
        }
        Ok(Self(directory))
    }

    /// Opens the directory of a system that has been started before.
    pub(crate) fn find(directory: &Path) -> Result<Self, Error> {
        let data = Self(std::fs::canonicalize(directory).map_err(|_| Error::NoDatabase(directory.to_owned()))?);
        // A system that is starting holds the lock before it creates the database.
        if data.database_file().exists()
            || data.database_endpoint().is_some()
            || (data.0.join("lock").exists() && data.try_lock()?.is_none())
        {
            Ok(data)
        } else {
            Err(Error::NoDatabase(directory.to_owned()))
        }
    }

    /// Takes the lock. `None` if another process holds it.
    pub(crate) fn try_lock(&self) -> Result<Option<Lock>, Error> {
        let path = self.0.join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = file.map_err(Error::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::file(path)(error)),
        }
    }

    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        self.try_lock()?.ok_or_else(|| Error::DataInUse(self.0.clone()))
    }

    /// The file of the database.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.0.join("dynamodb.sqlite")
    }

    /// The directory's path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The secrets that `assent serve` created here. `None` if it created none.
    pub(crate) fn secrets(&self) -> Result<Option<Secrets>, Error> {
        let path = self.0.join(SECRETS);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let lines = text.lines().filter_map(|line| line.split_once('='));
                Ok(Some(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(path)(error)),
        }
    }

    /// The URL of the database that the system uses instead of one in this directory.
    pub(crate) fn database_endpoint(&self) -> Option<String> {
        std::fs::read_to_string(self.0.join(DATABASE_ENDPOINT)).ok()
    }

    /// Keeps that URL, with which the commands that manage keys find the database.
    pub(crate) fn write_database_endpoint(&self, url: &str) -> Result<(), Error> {
        self.write(DATABASE_ENDPOINT, url)
    }

    /// Writes the secrets.
    pub(crate) fn write_secrets(&self, secrets: &Secrets) -> Result<(), Error> {
        let lines: Vec<_> = secrets.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        self.write(SECRETS, &lines.concat())
    }

    /// The log of the functions.
    pub(crate) fn functions_log(&self) -> PathBuf {
        self.0.join("functions.log")
    }

    /// The usage plans of the keys.
    pub(crate) fn usage_plan_keys(&self) -> UsagePlanKeys {
        UsagePlanKeys::in_directory(&self.0.join("usage-plan-keys"))
    }

    /// The socket of the running database, for the commands that manage keys. The path is relative if the directory is
    /// below the current one, because the system limits the path of a socket to about a hundred bytes.
    pub(crate) fn socket(&self) -> PathBuf {
        let path = self.0.join("database.socket");
        let below =
            std::env::current_dir().ok().and_then(|current| path.strip_prefix(current).ok().map(Path::to_owned));
        below.unwrap_or(path)
    }

    /// The credential for the next run of a database that serves a port. It is a new one, except after a crash: then it
    /// is the last one, which is still in `functions.env`, so that programs which were connected stay connected.
    pub(crate) fn access_key_id(&self) -> String {
        let text = std::fs::read_to_string(self.0.join(FUNCTIONS_ENV)).unwrap_or_default();
        let earlier = text.lines().find_map(|line| line.strip_prefix("AWS_ACCESS_KEY_ID="));
        earlier.map_or_else(fresh_access_key_id, str::to_owned)
    }

    /// Writes the file for `cargo lambda watch --env-file`, which gives the functions access to this run's database.
    pub(crate) fn write_functions_env(&self, endpoint: &Endpoint) -> Result<(), Error> {
        let lines = endpoint.variables().map(|(name, value)| format!("{name}={value}\n"));
        self.write(FUNCTIONS_ENV, &lines.concat())
    }

    /// Deletes that file when the run ends.
    pub(crate) fn clear_functions_env(&self) {
        let _ = std::fs::remove_file(self.0.join(FUNCTIONS_ENV));
    }

    /// The demo key of an earlier run.
    pub(crate) fn earlier_key(&self) -> Option<String> {
        ["env", "env.earlier"].iter().find_map(|name| {
            let text = std::fs::read_to_string(self.0.join(name)).ok()?;
            text.lines().find_map(|line| line.strip_prefix("API_KEY=")).map(str::to_owned)
        })
    }

    /// Renames `env`, so that a script that waits for the file waits for this run. The demo key is kept.
    pub(crate) fn put_env_aside(&self) {
        let _ = std::fs::rename(self.0.join("env"), self.0.join("env.earlier"));
    }

    /// Writes `env`, which shows that the system is ready.
    pub(crate) fn write_env(&self, base_url: Option<&str>, key: &str) -> Result<(), Error> {
        let base_url = base_url.map(|url| format!("BASE_URL={url}\n")).unwrap_or_default();
        self.write("env", &format!("{base_url}API_KEY={key}\n"))?;
        let _ = std::fs::remove_file(self.0.join("env.earlier"));
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        write_whole(&self.0, name, text)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("assent-{name}-{}", std::process::id())))
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_demo_key_outlives_starts_that_fail() -> Result<(), Error> {
        let directory = Temporary::new("key");
        let data = Data::open(&directory.0.join("a/b"))?;
        assert_eq!(data.earlier_key(), None);
        data.write_env(Some("http://127.0.0.1:9000"), "ak_live_x")?;
        let env = data.0.join("env");
        let text = std::fs::read_to_string(&env).map_err(Error::file(&env))?;
        assert_eq!(text, "BASE_URL=http://127.0.0.1:9000\nAPI_KEY=ak_live_x\n");
        let mode = std::fs::metadata(&env).map(|metadata| metadata.permissions().mode() & 0o777);
        assert_eq!(mode.ok(), Some(0o600));
        for _ in 0..2 {
            data.put_env_aside();
            assert!(!env.exists());
            assert_eq!(data.earlier_key().as_deref(), Some("ak_live_x"));
        }
        data.write_env(None, "ak_live_y")?;
        assert_eq!(data.earlier_key().as_deref(), Some("ak_live_y"));
        Ok(())
    }

    #[test]
    fn only_one_process_can_lock_the_directory() -> Result<(), Error> {
        let directory = Temporary::new("lock");
        let data = Data::open(&directory.0)?;
        let lock = data.lock()?;
        assert!(matches!(data.lock(), Err(Error::DataInUse(_))));
        drop(lock);
        assert!(data.lock().is_ok());
        Ok(())
    }

    #[test]
    fn the_credential_stays_the_same_after_a_crash_alone() -> Result<(), Error> {
        let directory = Temporary::new("credential");
        let data = Data::open(&directory.0)?;
        let first = data.access_key_id();
        assert_ne!(first, data.access_key_id());
        data.write_functions_env(&Endpoint { url: "http://127.0.0.1:8000".to_owned(), access_key_id: first.clone() })?;
        // First as after a crash, then as after a regular end.
        assert_eq!(data.access_key_id(), first);
        data.clear_functions_env();
        assert_ne!(data.access_key_id(), first);
        Ok(())
    }

    #[test]
    fn a_directory_without_a_database_is_an_error() -> Result<(), Error> {
        let directory = Temporary::new("find");
        assert!(matches!(Data::find(&directory.0), Err(Error::NoDatabase(_))));
        assert!(!directory.0.exists());
        let data = Data::open(&directory.0)?;
        assert!(matches!(Data::find(&directory.0), Err(Error::NoDatabase(_))));
        // As while a system is starting.
        let lock = data.lock()?;
        assert!(Data::find(&directory.0).is_ok());
        drop(lock);
        assert!(Data::find(&directory.0).is_err());
        data.write("dynamodb.sqlite", "")?;
        assert!(Data::find(&directory.0).is_ok());
        Ok(())
    }
}

//! The data directory: what one local system keeps, and the lock that keeps a second one out.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::database::{Endpoint, fresh_access_key_id};
use crate::private_file::write_whole;
use crate::usage_plans::UsagePlanKeys;

/// A data directory.
#[derive(Debug, Clone)]
pub(crate) struct Data(PathBuf);

/// The directory's lock; it is released with the process at the latest.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Data {
    /// Makes the directory if it is new. Its files hold a key and people's data: only the owner may look.
    pub(crate) fn open(directory: &Path) -> Result<Self, Error> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
        made.map_err(Error::file(directory))?;
        let directory = std::fs::canonicalize(directory).map_err(Error::file(directory))?;
        Ok(Self(directory))
    }

    /// One that a system has been started on.
    pub(crate) fn find(directory: &Path) -> Result<Self, Error> {
        let data = Self(std::fs::canonicalize(directory).map_err(|_| Error::NoDatabase(directory.to_owned()))?);
        // A system that is being started holds the lock before it makes the database.
        if data.database_file().exists() || (data.0.join("lock").exists() && data.try_lock()?.is_none()) {
            Ok(data)
        } else {
            Err(Error::NoDatabase(directory.to_owned()))
        }
    }

    /// None where another process holds it.
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

    /// The database's file.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.0.join("dynamodb.sqlite")
    }

    /// What the functions print.
    pub(crate) fn functions_log(&self) -> PathBuf {
        self.0.join("functions.log")
    }

    /// Which usage plan each key is on.
    pub(crate) fn usage_plan_keys(&self) -> UsagePlanKeys {
        UsagePlanKeys::in_directory(&self.0.join("usage-plan-keys"))
    }

    /// The running database, for the key command.
    pub(crate) fn endpoint(&self) -> Option<Endpoint> {
        let text = std::fs::read_to_string(self.0.join("database")).ok()?;
        let (url, access_key_id) = text.trim().split_once('\n')?;
        Some(Endpoint { url: url.to_owned(), access_key_id: access_key_id.to_owned() })
    }

    pub(crate) fn set_endpoint(&self, endpoint: &Endpoint) -> Result<(), Error> {
        self.write("database", &format!("{}\n{}\n", endpoint.url, endpoint.access_key_id))
    }

    /// The credential of the database's next run: a new one, but after a crash, which left the last one here, that one,
    /// so that whoever was connected still is.
    pub(crate) fn access_key_id(&self) -> String {
        self.endpoint().map_or_else(fresh_access_key_id, |endpoint| endpoint.access_key_id)
    }

    /// Ends the run: its address and its credential are good no more.
    pub(crate) fn clear_endpoint(&self) {
        for name in ["database", "functions.env"] {
            let _ = std::fs::remove_file(self.0.join(name));
        }
    }

    /// What `cargo lambda watch --env-file` gives the functions that it starts: access to the database of this run.
    pub(crate) fn write_functions_env(&self, endpoint: &Endpoint) -> Result<(), Error> {
        let Endpoint { url, access_key_id } = endpoint;
        let text = format!(
            "AWS_ENDPOINT_URL_DYNAMODB={url}\nAWS_ACCESS_KEY_ID={access_key_id}\nAWS_SECRET_ACCESS_KEY=local\n"
        );
        self.write("functions.env", &text)
    }

    /// The demo key of an earlier start.
    pub(crate) fn earlier_key(&self) -> Option<String> {
        ["env", "env.earlier"].iter().find_map(|name| {
            let text = std::fs::read_to_string(self.0.join(name)).ok()?;
            text.lines().find_map(|line| line.strip_prefix("API_KEY=")).map(str::to_owned)
        })
    }

    /// Puts `env` aside: whoever waits for it waits for this start, not for an earlier one. The key stays known.
    pub(crate) fn put_env_aside(&self) {
        let _ = std::fs::rename(self.0.join("env"), self.0.join("env.earlier"));
    }

    /// Writes `env`, the sign that the system answers.
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
    fn a_key_outlives_starts_that_come_to_nothing() -> Result<(), Error> {
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
    fn one_process_has_the_directory() -> Result<(), Error> {
        let directory = Temporary::new("lock");
        let data = Data::open(&directory.0)?;
        let lock = data.lock()?;
        assert!(matches!(data.lock(), Err(Error::DataInUse(_))));
        drop(lock);
        assert!(data.lock().is_ok());
        Ok(())
    }

    #[test]
    fn the_endpoint_is_that_of_the_running_database() -> Result<(), Error> {
        let directory = Temporary::new("endpoint");
        let data = Data::open(&directory.0)?;
        assert!(data.endpoint().is_none());
        let first = data.access_key_id();
        assert_ne!(first, data.access_key_id());
        data.set_endpoint(&Endpoint { url: "http://127.0.0.1:8000".to_owned(), access_key_id: first.clone() })?;
        assert_eq!(data.endpoint().map(|endpoint| endpoint.url).as_deref(), Some("http://127.0.0.1:8000"));
        // As after a crash, and as after an end.
        assert_eq!(data.access_key_id(), first);
        data.clear_endpoint();
        assert!(data.endpoint().is_none());
        assert_ne!(data.access_key_id(), first);
        Ok(())
    }

    #[test]
    fn a_directory_without_a_database_is_found_to_be_one() -> Result<(), Error> {
        let directory = Temporary::new("find");
        assert!(matches!(Data::find(&directory.0), Err(Error::NoDatabase(_))));
        assert!(!directory.0.exists());
        let data = Data::open(&directory.0)?;
        assert!(matches!(Data::find(&directory.0), Err(Error::NoDatabase(_))));
        // A system is being started.
        let lock = data.lock()?;
        assert!(Data::find(&directory.0).is_ok());
        drop(lock);
        assert!(Data::find(&directory.0).is_err());
        data.write("dynamodb.sqlite", "")?;
        assert!(Data::find(&directory.0).is_ok());
        Ok(())
    }
}

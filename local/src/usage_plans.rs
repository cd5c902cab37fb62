//! The usage plan of each key, by the key's SHA-256. API Gateway stores them on AWS; they are outside of the tables, and no
//! function reads them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use assent_shared::domain::api_key::ApiKeyHash;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::private_file::write_whole;

/// The keys of the local gateway's usage plans. It is cheap to clone. A change takes effect with the next request.
#[derive(Debug, Clone)]
pub struct UsagePlanKeys(Storage);

#[derive(Debug, Clone)]
enum Storage {
    Memory(Arc<Mutex<HashMap<String, PlanKey>>>),
    /// One file for each key, so that processes that write at the same time, or crash, cannot harm other keys.
    Directory(PathBuf),
}

/// A key's membership of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PlanKey {
    plan: String,
    enabled: bool,
}

impl UsagePlanKeys {
    /// Keys in memory.
    pub fn in_memory() -> Self {
        Self(Storage::Memory(Arc::default()))
    }

    /// Keys in the files of a directory.
    pub(crate) fn in_directory(directory: &Path) -> Self {
        Self(Storage::Directory(directory.to_owned()))
    }

    /// Whether no key was ever stored here.
    pub(crate) fn is_new(&self) -> bool {
        matches!(&self.0, Storage::Directory(directory) if !directory.exists())
    }

    /// The hash of each key in a directory, with the text of its file.
    pub(crate) fn stored(&self) -> Result<Vec<(String, String)>, Error> {
        let Storage::Directory(directory) = &self.0 else { return Ok(Vec::new()) };
        let entries = match std::fs::read_dir(directory) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::file(directory))?,
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let hashes = names.filter(|name| ApiKeyHash::parse(name).is_some());
        let read = |hash: String| {
            let path = directory.join(&hash);
            let text = std::fs::read_to_string(&path).map_err(Error::file(path))?;
            Ok((hash, text))
        };
        hashes.map(read).collect()
    }

    /// Writes what [`Self::stored`] returned for a key.
    pub(crate) fn restore(&self, hash: &str, text: &str) -> Result<(), Error> {
        let key = serde_json::from_str(text).map_err(|error| Error::Key(format!("{hash}: {error}")))?;
        self.set(hash, key)
    }

    /// Adds a key, by its SHA-256, to a plan.
    pub fn put(&self, hash: &str, plan: &str) -> Result<(), Error> {
        self.set(hash, PlanKey { plan: plan.to_owned(), enabled: true })
    }

    /// Disables a key. A key without a plan stays without one.
    pub fn disable(&self, hash: &str) -> Result<(), Error> {
        match self.get(hash) {
            Some(key) if key.enabled => self.set(hash, PlanKey { enabled: false, ..key }),
            _ => Ok(()),
        }
    }

    /// The plan of a key, if the key is enabled.
    pub(crate) fn plan_of(&self, hash: &str) -> Option<String> {
        self.get(hash).filter(|key| key.enabled).map(|key| key.plan)
    }

    /// The plan of a key, enabled or disabled.
    pub(crate) fn any_plan_of(&self, hash: &str) -> Option<String> {
        self.get(hash).map(|key| key.plan)
    }

    fn get(&self, hash: &str) -> Option<PlanKey> {
        // Only a valid hash may become the name of a file.
        let hash = ApiKeyHash::parse(hash)?.to_string();
        match &self.0 {
            Storage::Memory(keys) => keys.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned(),
            Storage::Directory(directory) => {
                let text = std::fs::read(directory.join(hash)).ok()?;
                serde_json::from_slice(&text).ok()
            }
        }
    }

    fn set(&self, hash: &str, key: PlanKey) -> Result<(), Error> {
        let hash = ApiKeyHash::parse(hash)
            .ok_or_else(|| Error::Key(format!("{hash} is not the SHA-256 of a key")))?
            .to_string();
        match &self.0 {
            Storage::Memory(keys) => {
                keys.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, key);
                Ok(())
            }
            Storage::Directory(directory) => {
                std::fs::create_dir_all(directory).map_err(Error::file(directory))?;
                write_whole(directory, &hash, &serde_json::to_string(&key).unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_storage_behave_the_same() {
        let directory = std::env::temp_dir().join(format!("assent-usage-plans-{}", std::process::id()));
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        for keys in [UsagePlanKeys::in_memory(), UsagePlanKeys::in_directory(&directory)] {
            assert_eq!(keys.is_new(), matches!(keys.0, Storage::Directory(_)));
            keys.put(&a, "free").unwrap();
            keys.put(&b, "pro").unwrap();
            keys.put(&b, "enterprise").unwrap();
            assert!(!keys.is_new());
            assert_eq!(keys.plan_of(&a).as_deref(), Some("free"));
            assert_eq!(keys.plan_of(&b).as_deref(), Some("enterprise"));
            keys.disable(&a).unwrap();
            keys.disable(&"c".repeat(64)).unwrap();
            assert_eq!((keys.plan_of(&a), keys.any_plan_of(&a).as_deref()), (None, Some("free")));
            assert_eq!(keys.plan_of(&"c".repeat(64)), None);
            for other in ["", "..", "/etc/passwd", &a.to_uppercase()] {
                assert_eq!(keys.plan_of(other), None, "{other}");
                assert!(keys.put(other, "free").is_err(), "{other}");
            }
        }
        std::fs::remove_dir_all(directory).unwrap();
    }
}

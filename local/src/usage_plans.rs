//! Which usage plan each key is on, as API Gateway knows it on AWS: by the key's SHA-256, beside the tables, where no
//! function reads it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use assent_shared::domain::api_key::ApiKeyHash;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::private_file::write_whole;

/// The keys of the local gateway's usage plans; cheap to clone. A change counts from the next request on.
#[derive(Debug, Clone)]
pub struct UsagePlanKeys(Place);

#[derive(Debug, Clone)]
enum Place {
    Memory(Arc<Mutex<HashMap<String, PlanKey>>>),
    /// One file for each key: processes that write at once, or die over it, cannot harm another's.
    Directory(PathBuf),
}

/// A key's place in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PlanKey {
    plan: String,
    enabled: bool,
}

impl UsagePlanKeys {
    /// Keys that nothing outlives.
    pub fn in_memory() -> Self {
        Self(Place::Memory(Arc::default()))
    }

    /// Keys that are kept in a directory.
    pub(crate) fn in_directory(directory: &Path) -> Self {
        Self(Place::Directory(directory.to_owned()))
    }

    /// Whether nothing was ever kept here.
    pub(crate) fn is_new(&self) -> bool {
        matches!(&self.0, Place::Directory(directory) if !directory.exists())
    }

    /// Puts a key, by its SHA-256, on a plan.
    pub fn put(&self, hash: &str, plan: &str) -> Result<(), Error> {
        self.set(hash, PlanKey { plan: plan.to_owned(), enabled: true })
    }

    /// Switches a key off; one that is on no plan stays so.
    pub fn disable(&self, hash: &str) -> Result<(), Error> {
        match self.get(hash) {
            Some(key) if key.enabled => self.set(hash, PlanKey { enabled: false, ..key }),
            _ => Ok(()),
        }
    }

    /// The plan of a key that is switched on.
    pub(crate) fn plan_of(&self, hash: &str) -> Option<String> {
        self.get(hash).filter(|key| key.enabled).map(|key| key.plan)
    }

    /// The plan of a key, whether it is switched on or not.
    pub(crate) fn any_plan_of(&self, hash: &str) -> Option<String> {
        self.get(hash).map(|key| key.plan)
    }

    fn get(&self, hash: &str) -> Option<PlanKey> {
        // What is no hash names no file, either.
        let hash = ApiKeyHash::parse(hash)?.to_string();
        match &self.0 {
            Place::Memory(keys) => keys.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned(),
            Place::Directory(directory) => {
                let text = std::fs::read(directory.join(hash)).ok()?;
                serde_json::from_slice(&text).ok()
            }
        }
    }

    fn set(&self, hash: &str, key: PlanKey) -> Result<(), Error> {
        let hash =
            ApiKeyHash::parse(hash).ok_or_else(|| Error::Key(format!("{hash} is no key's SHA-256")))?.to_string();
        match &self.0 {
            Place::Memory(keys) => {
                keys.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, key);
                Ok(())
            }
            Place::Directory(directory) => {
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
    fn a_directory_keeps_what_memory_does() {
        let directory = std::env::temp_dir().join(format!("assent-usage-plans-{}", std::process::id()));
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        for keys in [UsagePlanKeys::in_memory(), UsagePlanKeys::in_directory(&directory)] {
            assert_eq!(keys.is_new(), matches!(keys.0, Place::Directory(_)));
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

//! The secrets of a system that `assent serve` runs: given in the environment or in files, or created once in the data
//! directory.

use std::path::Path;

use assent_shared::domain::Random;

use crate::Error;
use crate::data::{Data, Secrets};

/// The variables of the functions that hold secrets. On AWS, Secrets Manager has their values (template.yaml).
const NAMES: [&str; 5] =
    ["CURSOR_SECRET", "PSEUDONYM_SECRET", "SIGNING_SECRET", "SITE_SESSION_SECRET", "WEBHOOK_SECRET"];
/// The fewest characters of a secret.
const SHORTEST: usize = 32;

/// The secrets that are given, and otherwise those of the data directory. If the directory has none, they are created,
/// but only for a `new_database`: with other secrets than before, an existing one would be unusable.
pub(crate) fn of_server(data: &Data, new_database: bool) -> Result<Secrets, Error> {
    let stored = data.secrets()?;
    let mut secrets = stored.clone().unwrap_or_default();
    secrets.extend(given(|name| std::env::var(name).ok())?);
    let missing: Vec<_> = NAMES.into_iter().filter(|name| !secrets.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(secrets);
    }
    if stored.is_some() || !new_database {
        return Err(Error::Secrets(format!(
            "the database of {} can be used only with the secrets under which it was created; these are neither in \
             its file `secrets` nor in the environment: {}",
            data.path().display(),
            missing.join(", ")
        )));
    }
    let created: Secrets = missing.into_iter().map(|name| (name.to_owned(), fresh())).collect();
    data.write_secrets(&created)?;
    secrets.extend(created);
    Ok(secrets)
}

/// The secret with this name of a data directory. `None` for a directory of `make dev`.
pub(crate) fn of_directory(data: &Data, name: &str) -> Result<Option<String>, Error> {
    let mut given = given(|name| std::env::var(name).ok())?;
    Ok(match given.remove(name) {
        Some(secret) => Some(secret),
        None => data.secrets()?.and_then(|mut secrets| secrets.remove(name)),
    })
}

/// The secrets in the environment, each in a variable of its name, or in the file that a variable `NAME_FILE` names.
fn given(variable: impl Fn(&str) -> Option<String>) -> Result<Secrets, Error> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut given = Secrets::new();
    for name in NAMES {
        let in_file = format!("{name}_FILE");
        let value = match (variable(name), variable(&in_file)) {
            (None, None) => continue,
            (Some(_), Some(_)) => return Err(Error::Secrets(format!("{name} and {in_file} are both given"))),
            (Some(value), None) => value,
            (None, Some(path)) => {
                let text = std::fs::read_to_string(&path).map_err(Error::file(Path::new(&path)))?;
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
        };
        if value.chars().count() < SHORTEST {
            return Err(Error::Secrets(format!("{name} has fewer than {SHORTEST} characters")));
        }
        given.insert(name.to_owned(), value);
    }
    Ok(given)
}

fn fresh() -> String {
    let random = || u128::from_be_bytes(Random::system().bytes());
    format!("{:032x}{:032x}", random(), random())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Temporary(std::path::PathBuf);

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn secrets_are_created_once_and_only_for_a_new_database() -> Result<(), Error> {
        let directory = Temporary(std::env::temp_dir().join(format!("assent-secrets-{}", std::process::id())));
        let data = Data::open(&directory.0)?;
        let created = of_server(&data, true)?;
        assert_eq!(created.keys().map(String::as_str).collect::<Vec<_>>(), NAMES);
        assert!(created.values().all(|secret| secret.len() == 64));
        assert_eq!(of_server(&data, true)?, created);
        let signing = of_directory(&data, "SIGNING_SECRET")?;
        assert_eq!(signing.as_ref(), created.get("SIGNING_SECRET"));
        assert_eq!(of_server(&data, false)?, created);
        std::fs::remove_file(directory.0.join("secrets")).map_err(Error::file("secrets"))?;
        let refused = of_server(&data, false).map_err(|error| error.to_string());
        assert!(refused.as_ref().is_err_and(|reason| reason.contains("SIGNING_SECRET")), "{refused:?}");
        Ok(())
    }

    #[test]
    fn a_secret_is_given_once_and_is_long() -> Result<(), Box<dyn std::error::Error>> {
        let directory = Temporary(std::env::temp_dir().join(format!("assent-given-{}", std::process::id())));
        std::fs::create_dir_all(&directory.0)?;
        let file = directory.0.join("secret");
        let path = file.to_str().ok_or("no path")?;
        let long = "s".repeat(SHORTEST);
        let of = |variables: &[(&str, &str)]| {
            given(|name| {
                let found = variables.iter().find(|(variable, _)| *variable == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[("CURSOR_SECRET", "")])?, Secrets::new());
        assert_eq!(of(&[("CURSOR_SECRET", &long)])?.get("CURSOR_SECRET"), Some(&long));
        assert!(of(&[("SIGNING_SECRET_FILE", path)]).is_err());
        std::fs::write(&file, format!("{long}\n"))?;
        assert_eq!(of(&[("SIGNING_SECRET_FILE", path)])?.get("SIGNING_SECRET"), Some(&long));
        assert!(of(&[("SIGNING_SECRET_FILE", path), ("SIGNING_SECRET", &long)]).is_err());
        assert!(of(&[("SIGNING_SECRET", "short")]).is_err());
        Ok(())
    }
}

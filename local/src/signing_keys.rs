//! The keys that sign proofs, for the local functions.

use std::path::Path;

use assent_shared::domain::World;
use assent_shared::store::{Database, SigningKeys, SigningSecret};

use crate::Error;
use crate::functions::signing_secret;
use crate::keys::at_database;

/// Retires the active key of the data directory and makes the next, whether or not its database is running; returns
/// the new key's name.
pub async fn rotate(directory: &Path) -> Result<String, Error> {
    at_database(directory, async |endpoint| rotate_at(Path::new("."), endpoint).await).await
}

/// Retires the active key of the database at this URL and makes the next, under the secret that the functions of the
/// workspace at this root are given; returns the new key's name.
pub async fn rotate_at(root: &Path, endpoint_url: &str) -> Result<String, Error> {
    let secret = secret(root).await?;
    let rotated = SigningKeys::new(&Database::at(endpoint_url)).rotate(&secret, &World::real()).await;
    rotated.map_err(|error| Error::Database(error.to_string()))
}

/// Retires the active key of the system on AWS that the environment names, if there is one, and makes the next;
/// returns its name. A system has none until this is done once.
pub async fn rotate_on_aws() -> Result<String, Error> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let missing = |name: &str| Error::Key(format!("{name} is not set; the stack's outputs tell what it is"));
    variable("SIGNING_KEYS_TABLE").ok_or_else(|| missing("SIGNING_KEYS_TABLE"))?;
    let secret = variable("SIGNING_SECRET").and_then(|secret| SigningSecret::of(&secret));
    let secret = secret.ok_or_else(|| missing("SIGNING_SECRET"))?;
    let rotated = SigningKeys::new(&Database::from_environment()).rotate(&secret, &World::real()).await;
    rotated.map_err(|error| Error::Database(error.to_string()))
}

/// Makes the first key of that database, unless there is one; returns the active key's name.
pub async fn ensure_at(root: &Path, endpoint_url: &str) -> Result<String, Error> {
    let secret = secret(root).await?;
    let ensured = SigningKeys::new(&Database::at(endpoint_url)).ensure(&secret, &World::real()).await;
    ensured.map_err(|error| Error::Database(error.to_string()))
}

async fn secret(root: &Path) -> Result<SigningSecret, Error> {
    let secret = SigningSecret::of(&signing_secret(root).await?);
    secret.ok_or_else(|| Error::Key("SIGNING_SECRET in Cargo.toml is no secret".to_owned()))
}

#[cfg(test)]
mod tests {
    use assent_shared::store::{self, Signer};

    use super::*;
    use crate::database::{Dynoxide, create_tables};
    use crate::template::Template;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    async fn database() -> Result<Dynoxide, Box<dyn std::error::Error>> {
        let template = Template::read("../template.yaml")?;
        let database = Dynoxide::start(None, 0)?;
        create_tables(&template, database.endpoint()).await?;
        Ok(database)
    }

    fn a_secret(text: &str) -> Result<SigningSecret, Box<dyn std::error::Error>> {
        SigningSecret::of(text).ok_or_else(|| "no secret".into())
    }

    async fn active(database: &Database, secret: &SigningSecret) -> Result<String, store::Error> {
        let signer = Signer::new(database, Some(secret.clone()));
        Ok(signer.key(World::real().now()).await?.public().kid.clone())
    }

    #[tokio::test]
    async fn a_key_is_made_once_and_then_replaced_by_rotation_alone() -> Outcome {
        let local = database().await?;
        let (database, secret, world) = (Database::at(local.endpoint()), a_secret("s")?, World::real());
        let keys = SigningKeys::new(&database);
        assert!(matches!(active(&database, &secret).await, Err(store::Error::Unavailable(_))));
        assert!(keys.published().await?.is_empty());

        let first = keys.ensure(&secret, &world).await?;
        assert_eq!(keys.ensure(&secret, &world).await?, first);
        assert_eq!(active(&database, &secret).await?, first);

        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let second = keys.rotate(&secret, &world).await?;
        assert_ne!(second, first);
        assert_eq!(active(&database, &secret).await?, second);
        let published: Vec<String> = keys.published().await?.into_iter().map(|key| key.kid).collect();
        assert_eq!(published, [second, first]);
        Ok(())
    }

    #[tokio::test]
    async fn of_rotations_at_once_one_key_is_active_and_all_are_published() -> Outcome {
        let local = database().await?;
        let (database, secret, world) = (Database::at(local.endpoint()), a_secret("s")?, World::real());
        let keys = SigningKeys::new(&database);
        let (first, second, third) =
            tokio::join!(keys.ensure(&secret, &world), keys.rotate(&secret, &world), keys.rotate(&secret, &world));
        let made = [first?, second?, third?];
        assert!(made.contains(&active(&database, &secret).await?));
        let mut published: Vec<String> = keys.published().await?.into_iter().map(|key| key.kid).collect();
        published.sort();
        let mut made = made.to_vec();
        made.sort();
        // The first call may have found the key of a rotation.
        made.dedup();
        assert_eq!(published, made);
        Ok(())
    }

    #[tokio::test]
    async fn another_secret_opens_no_key() -> Outcome {
        let local = database().await?;
        let database = Database::at(local.endpoint());
        SigningKeys::new(&database).ensure(&a_secret("s")?, &World::real()).await?;
        assert!(matches!(active(&database, &a_secret("t")?).await, Err(store::Error::Unavailable(_))));
        let signer = Signer::new(&database, None);
        assert!(matches!(signer.key(World::real().now()).await, Err(store::Error::Unavailable(_))));
        Ok(())
    }

    #[tokio::test]
    async fn a_signer_asks_again_after_a_minute() -> Outcome {
        let local = database().await?;
        let (database, secret, world) = (Database::at(local.endpoint()), a_secret("s")?, World::real());
        let keys = SigningKeys::new(&database);
        let first = keys.ensure(&secret, &world).await?;
        let signer = Signer::new(&database, Some(secret.clone()));
        let now = world.now();
        assert_eq!(signer.key(now).await?.public().kid, first);
        let second = keys.rotate(&secret, &world).await?;
        assert_eq!(signer.key(now.plus_seconds(59)).await?.public().kid, first);
        assert_eq!(signer.key(now.plus_seconds(60)).await?.public().kid, second);
        local.stop();
        // What it has at hand is good without the database.
        assert_eq!(signer.key(now.plus_seconds(61)).await?.public().kid, second);
        Ok(())
    }
}

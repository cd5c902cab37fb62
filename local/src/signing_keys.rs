//! The keys that sign proofs: creates and rotates them, on this machine or in a deployed stack.

use std::path::Path;

use assent_shared::domain::RequestContext;
use assent_shared::store::{Database, Signer, SigningKeys, SigningSecret};

use crate::Error;
use crate::data::Data;
use crate::functions::signing_secret;
use crate::keys::{Location, at_database};
use crate::secrets;
use crate::stack::{Aws, Stack};

/// Retires the active key of a location, if there is one, and creates the next. Returns the id of the new key. The data
/// directory may be in use. A new stack has no key until its first rotation.
pub async fn rotate(location: &Location) -> Result<String, Error> {
    match location {
        Location::Directory(directory) => match secrets::of_directory(&Data::find(directory)?, "SIGNING_SECRET")? {
            Some(secret) => at_database(directory, async |database| rotate_under(&secret, database).await).await,
            None => {
                at_database(directory, async |database| {
                    // Fails if the directory is not one of `make dev`.
                    ensure_at(Path::new("."), database).await?;
                    rotate_at(Path::new("."), database).await
                })
                .await
            }
        },
        Location::Stack(name) => {
            let (keys, secret) = Stack::find(Aws::from_environment(), name).await?.signing_keys().await?;
            let rotated = keys.rotate(&secret, &RequestContext::system()).await;
            rotated.map_err(|error| Error::Database(error.to_string()))
        }
    }
}

/// Retires the active key of this database and creates the next, encrypted under the secret of the functions of the
/// workspace at `root`. Returns the id of the new key.
pub async fn rotate_at(root: &Path, database: &Database) -> Result<String, Error> {
    rotate_under(&signing_secret(root).await?, database).await
}

/// Creates the first key of this database, unless there is one. Returns the id of the active key. Fails if that was created
/// under another secret.
pub async fn ensure_at(root: &Path, database: &Database) -> Result<String, Error> {
    ensure_under(&signing_secret(root).await?, database).await
}

async fn rotate_under(secret: &str, database: &Database) -> Result<String, Error> {
    let rotated = SigningKeys::new(database).rotate(&parse(secret)?, &RequestContext::system()).await;
    rotated.map_err(|error| Error::Database(error.to_string()))
}

/// The same as [`ensure_at`], under this secret.
pub(crate) async fn ensure_under(secret: &str, database: &Database) -> Result<String, Error> {
    let (secret, context) = (parse(secret)?, RequestContext::system());
    let ensured = SigningKeys::new(database).ensure(&secret, &context).await;
    let kid = ensured.map_err(|error| Error::Database(error.to_string()))?;
    let key = Signer::new(database, Some(secret)).key(context.now).await;
    key.map(|_| kid).map_err(|error| Error::Secrets(format!("SIGNING_SECRET opens no signing key: {error}")))
}

fn parse(secret: &str) -> Result<SigningSecret, Error> {
    SigningSecret::of(secret).ok_or_else(|| Error::Secrets("SIGNING_SECRET is not a valid secret".to_owned()))
}

#[cfg(test)]
mod tests {
    use assent_shared::store;

    use super::*;
    use crate::database::{Dynoxide, create_tables, fresh_access_key_id};
    use crate::template::Template;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    async fn database() -> Result<Dynoxide, Box<dyn std::error::Error>> {
        let template = Template::own()?;
        let database = Dynoxide::start(None, 0, fresh_access_key_id())?;
        create_tables(&template, database.endpoint()).await?;
        Ok(database)
    }

    fn a_secret(text: &str) -> Result<SigningSecret, Box<dyn std::error::Error>> {
        SigningSecret::of(text).ok_or_else(|| "no secret".into())
    }

    async fn active(database: &Database, secret: &SigningSecret) -> Result<String, store::Error> {
        let signer = Signer::new(database, Some(secret.clone()));
        Ok(signer.key(RequestContext::system().now).await?.public().kid.clone())
    }

    #[tokio::test]
    async fn a_key_is_created_once_and_replaced_only_by_rotation() -> Outcome {
        let local = database().await?;
        let (database, secret, context) = (local.endpoint().connect(), a_secret("s")?, RequestContext::system());
        let keys = SigningKeys::new(&database);
        assert!(matches!(active(&database, &secret).await, Err(store::Error::Unavailable(_))));
        assert!(keys.published().await?.is_empty());

        let first = keys.ensure(&secret, &context).await?;
        assert_eq!(keys.ensure(&secret, &context).await?, first);
        assert_eq!(active(&database, &secret).await?, first);

        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let second = keys.rotate(&secret, &RequestContext::system()).await?;
        assert_ne!(second, first);
        assert_eq!(active(&database, &secret).await?, second);
        let published: Vec<String> = keys.published().await?.into_iter().map(|key| key.kid).collect();
        assert_eq!(published, [second, first]);
        Ok(())
    }

    #[tokio::test]
    async fn simultaneous_rotations_leave_one_active_key_and_publish_all() -> Outcome {
        let local = database().await?;
        let (database, secret, context) = (local.endpoint().connect(), a_secret("s")?, RequestContext::system());
        let keys = SigningKeys::new(&database);
        let (first, second, third) = tokio::join!(
            keys.ensure(&secret, &context),
            keys.rotate(&secret, &context),
            keys.rotate(&secret, &context)
        );
        let created = [first?, second?, third?];
        assert!(created.contains(&active(&database, &secret).await?));
        let mut published: Vec<String> = keys.published().await?.into_iter().map(|key| key.kid).collect();
        published.sort();
        let mut created = created.to_vec();
        created.sort();
        // `ensure` may have found the key of a rotation.
        created.dedup();
        assert_eq!(published, created);
        Ok(())
    }

    #[tokio::test]
    async fn a_key_is_unusable_with_another_secret() -> Outcome {
        let local = database().await?;
        let database = local.endpoint().connect();
        SigningKeys::new(&database).ensure(&a_secret("s")?, &RequestContext::system()).await?;
        assert!(matches!(active(&database, &a_secret("t")?).await, Err(store::Error::Unavailable(_))));
        let signer = Signer::new(&database, None);
        assert!(matches!(signer.key(RequestContext::system().now).await, Err(store::Error::Unavailable(_))));
        Ok(())
    }

    #[tokio::test]
    async fn a_signer_reads_the_key_again_after_a_minute() -> Outcome {
        let local = database().await?;
        let (database, secret, context) = (local.endpoint().connect(), a_secret("s")?, RequestContext::system());
        let keys = SigningKeys::new(&database);
        let first = keys.ensure(&secret, &context).await?;
        let signer = Signer::new(&database, Some(secret.clone()));
        let now = context.now;
        assert_eq!(signer.key(now).await?.public().kid, first);
        let second = keys.rotate(&secret, &context).await?;
        assert_eq!(signer.key(now.plus_seconds(59)).await?.public().kid, first);
        assert_eq!(signer.key(now.plus_seconds(60)).await?.public().kid, second);
        local.stop();
        // The cached key is used while the database is down.
        assert_eq!(signer.key(now.plus_seconds(61)).await?.public().kid, second);
        Ok(())
    }
}

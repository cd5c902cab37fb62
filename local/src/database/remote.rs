//! A `DynamoDB` outside of this process: that of AWS, or another server that speaks its protocol.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use assent_shared::domain::Clock;
use assent_shared::environment::Environment;
use assent_shared::store::Database;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError, future};
use chrono::DateTime;
use tokio::sync::Mutex;

use super::create_tables_of;
use crate::Error;
use crate::stack::Aws;
use crate::template::{REGION, Template};

/// The time before their end at which credentials are no longer used, in seconds.
const MARGIN: i64 = 300;

/// The `DynamoDB` at a URL. It is cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    url: String,
    /// `None` if the variables of this process have them, or if no others are known: a server other than AWS may not check
    /// them.
    credentials: Option<CliCredentials>,
}

impl Remote {
    /// The database at this URL, with the credentials in the environment, or for AWS's those of the AWS CLI.
    pub(crate) fn at(url: &str) -> Self {
        let known = std::env::var_os("AWS_ACCESS_KEY_ID").is_some_and(|id| !id.is_empty());
        let credentials = (region_of(url).is_some() && !known).then(|| CliCredentials::of(Aws::from_environment()));
        Self { url: url.to_owned(), credentials }
    }

    /// The variables with which a function finds the database.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let region = region_of(&self.url).map(str::to_owned).or_else(|| std::env::var("AWS_REGION").ok());
        let own = [
            ("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), self.url.clone()),
            ("AWS_REGION".to_owned(), region.unwrap_or_else(|| REGION.to_owned())),
        ];
        let passed = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE"];
        let passed = passed.into_iter().filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)));
        own.into_iter().chain(passed).collect()
    }

    /// An environment that has the credentials.
    pub(crate) fn given_to(&self, environment: Environment) -> Environment {
        match &self.credentials {
            Some(credentials) => environment.with_credentials(credentials.clone()),
            None => environment,
        }
    }

    /// The connection of the stores of `shared`.
    pub(crate) fn connect(&self) -> Database {
        Database::from_environment(&self.given_to(Environment::given(self.variables())))
    }

    /// Creates the template's tables, as [`super::create_tables`] does, but without their streams: nobody reads them
    /// here, and they would keep what is erased for a day.
    pub(crate) async fn create_tables(&self, template: &Template) -> Result<(), Error> {
        let mut template = template.clone();
        template.tables.iter_mut().for_each(|table| table.stream_specification = None);
        create_tables_of(&template, self.connect().client()).await
    }
}

/// The region of AWS that a URL names (`https://dynamodb.ap-south-1.amazonaws.com`).
fn region_of(url: &str) -> Option<&str> {
    let host = url.strip_prefix("https://")?.trim_end_matches('/');
    let labels = host.strip_suffix(".amazonaws.com")?;
    labels.rsplit('.').find(|label| *label != "ddb" && *label != "dynamodb")
}

/// The credentials of the AWS CLI, which knows profiles, single sign-on and the roles of machines.
#[derive(Clone, Debug)]
struct CliCredentials {
    aws: Aws,
    last: Arc<Mutex<Option<Credentials>>>,
}

impl CliCredentials {
    fn of(aws: Aws) -> Self {
        Self { aws, last: Arc::default() }
    }

    async fn current(&self) -> Result<Credentials, Error> {
        // All functions of this process wait for one call of the CLI.
        let mut last = self.last.lock().await;
        let now = Clock::system().now().seconds();
        let is_good = |credentials: &&Credentials| match credentials.expiry() {
            None => true,
            Some(end) => end
                .duration_since(SystemTime::UNIX_EPOCH)
                .is_ok_and(|end| i64::try_from(end.as_secs()).unwrap_or(i64::MAX) > now + MARGIN),
        };
        if let Some(credentials) = last.as_ref().filter(is_good) {
            return Ok(credentials.clone());
        }
        let found = self.aws.exported_credentials().await?;
        let (id, secret) = (found.access_key_id, found.secret_access_key);
        let expiry = found.expiration.as_deref().map(DateTime::parse_from_rfc3339).transpose();
        let expiry = expiry.map_err(|error| Error::Tool(format!("aws configure export-credentials: {error}")))?;
        let expiry = expiry.map(SystemTime::from);
        let credentials = Credentials::new(id, secret, found.session_token, expiry, "the AWS CLI");
        *last = Some(credentials.clone());
        Ok(credentials)
    }
}

impl ProvideCredentials for CliCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.current().await.map_err(CredentialsError::not_loaded) })
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[tokio::test]
    async fn credentials_are_fetched_again_before_they_end() -> Result<(), Error> {
        let calls = std::env::temp_dir().join(format!("assent-credentials-{}", std::process::id()));
        let program = r#"echo >>"$0"; echo "{\"AccessKeyId\": \"$(wc -l <"$0")\", \"SecretAccessKey\": \"s\", $END \"Version\": 1}""#;
        for (end, expected) in
            [(String::new(), ["1", "1", "1"]), (after(3600), ["1", "1", "1"]), (after(MARGIN - 1), ["1", "2", "3"])]
        {
            let _ = std::fs::remove_file(&calls);
            let program = program.replace("$END", &end.replace('"', "\\\""));
            let aws = Aws::of([OsStr::new("sh"), OsStr::new("-c"), OsStr::new(&program), calls.as_os_str()]);
            let credentials = CliCredentials::of(aws);
            for id in expected {
                assert_eq!(credentials.current().await?.access_key_id(), id, "{end}");
            }
        }
        std::fs::remove_file(&calls).map_err(Error::file(calls))
    }

    /// The member of the CLI's output that says when its credentials end.
    fn after(seconds: i64) -> String {
        let end = Clock::system().now().seconds() + seconds;
        format!("\"Expiration\": \"{}\",", DateTime::from_timestamp(end, 0).unwrap_or_default().to_rfc3339())
    }

    #[test]
    fn the_region_is_in_the_url_of_aws() {
        assert_eq!(region_of("https://dynamodb.ap-south-1.amazonaws.com"), Some("ap-south-1"));
        assert_eq!(region_of("https://dynamodb.eu-west-1.amazonaws.com/"), Some("eu-west-1"));
        assert_eq!(region_of("https://123456789012.ddb.ap-south-1.amazonaws.com"), Some("ap-south-1"));
        for other in ["http://dynamodb.ap-south-1.amazonaws.com", "https://db.example.com", "http://127.0.0.1:8000"] {
            assert_eq!(region_of(other), None, "{other}");
        }
    }
}

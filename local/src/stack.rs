//! A deployed stack, for the commands that manage one.
//!
//! CloudFormation, API Gateway and Secrets Manager are called through the AWS CLI, as a child process. Everybody who
//! deploys has it, and has signed in with it (by profiles, single sign-on or roles). The SDK would need four more crates,
//! which everybody who builds this workspace would compile for a command that is used once a month. The tables are
//! accessed by the same code as everywhere, with the CLI's credentials.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::process::Stdio;

use assent_shared::store::{ApiKeys, Database, Recipients, SigningKeys, SigningSecret};
use serde::Deserialize;
use serde_json::Value;
use tokio::process::Command;
use uuid::Uuid;

use crate::Error;
use crate::template::Template;

/// The AWS CLI.
#[derive(Debug, Clone)]
pub(crate) struct Aws {
    /// The program with its first arguments.
    program: Vec<OsString>,
}

impl Aws {
    /// The `aws` on the search path.
    pub(crate) fn from_environment() -> Self {
        Self::of([OsStr::new("aws")])
    }

    pub(crate) fn of<'a>(program: impl IntoIterator<Item = &'a OsStr>) -> Self {
        Self { program: program.into_iter().map(OsStr::to_owned).collect() }
    }

    /// Runs a command. Returns its output: JSON, or null if there is none.
    async fn call(&self, arguments: &[&str]) -> Result<Value, Error> {
        let (program, before) = self.program.split_first().ok_or_else(|| Error::Tool("no AWS CLI".to_owned()))?;
        let command = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let output = Command::new(program)
            .args(before)
            .args(arguments)
            .args(["--output", "json"])
            // A pager would wait for a person.
            .env("AWS_PAGER", "")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await;
        let output = output.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::Tool(
                "the AWS CLI (aws) is missing: see https://docs.aws.amazon.com/cli/, then sign in with it".to_owned(),
            ),
            _ => Error::Tool(format!("aws {command}: {error}")),
        })?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            let last =
                errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a message");
            return Err(Error::Tool(format!("aws {command}: {last}")));
        }
        if output.stdout.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|_| Error::Tool(format!("aws {command}: the output is not JSON")))
    }

    /// The credentials in the environment, which the CLI prefers as well, or those that the CLI exports.
    async fn credentials(&self) -> Result<Credentials, Error> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let (Some(access_key_id), Some(secret_access_key)) =
            (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"))
        {
            let session_token = variable("AWS_SESSION_TOKEN");
            return Ok(Credentials { access_key_id, secret_access_key, session_token, expiration: None });
        }
        self.exported_credentials().await
    }

    /// The credentials that the CLI exports.
    pub(crate) async fn exported_credentials(&self) -> Result<Credentials, Error> {
        let found = self.call(&["configure", "export-credentials", "--format", "process"]).await;
        let found = found.ok().and_then(|output| serde_json::from_value(output).ok());
        found.ok_or_else(|| {
            Error::Tool(
                "the AWS CLI gives no credentials: sign in, with version 2 of it, or set AWS_ACCESS_KEY_ID and \
                 AWS_SECRET_ACCESS_KEY"
                    .to_owned(),
            )
        })
    }
}

/// A stack that was deployed from template.yaml.
#[derive(Debug)]
pub(crate) struct Stack {
    aws: Aws,
    name: String,
    region: String,
    outputs: BTreeMap<String, String>,
    status: String,
    updated: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    /// In RFC 3339. `None` for credentials that do not end.
    pub(crate) expiration: Option<String>,
}

impl Stack {
    /// Finds the stack in the account and the region that the CLI's settings name.
    pub(crate) async fn find(aws: Aws, name: &str) -> Result<Self, Error> {
        let output = aws.call(&["cloudformation", "describe-stacks", "--stack-name", name]).await?;
        let of = |pointer: &str| output.pointer(pointer);
        // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID
        let region = of("/Stacks/0/StackId").and_then(Value::as_str).and_then(|id| id.split(':').nth(3));
        let region = region.ok_or_else(|| Error::Key(format!("there is no stack {name}")))?.to_owned();
        let outputs = of("/Stacks/0/Outputs").and_then(Value::as_array).into_iter().flatten();
        let text = |output: &Value, name: &str| output.get(name).and_then(Value::as_str).map(str::to_owned);
        let outputs = outputs.filter_map(|output| Some((text(output, "OutputKey")?, text(output, "OutputValue")?)));
        let outputs = outputs.collect();
        let stack = of("/Stacks/0").cloned().unwrap_or_default();
        let status = text(&stack, "StackStatus").unwrap_or_default();
        let updated = text(&stack, "LastUpdatedTime");
        Ok(Self { aws, name: name.to_owned(), region, outputs, status, updated })
    }

    /// Whether CloudFormation changes the stack now. It only cleans up after an update that has succeeded.
    pub(crate) fn is_changing(&self) -> bool {
        self.status.ends_with("_IN_PROGRESS") && self.status != "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
    }

    /// When the last deployment after the first began.
    pub(crate) fn updated(&self) -> Option<&str> {
        self.updated.as_deref()
    }

    fn output(&self, name: &str) -> Result<&str, Error> {
        let value = self.outputs.get(name).map(String::as_str);
        value.ok_or_else(|| Error::Key(format!("the stack {} has no output {name}: deploy it again", self.name)))
    }

    /// The keys, from the stack's keys table and tenants table.
    pub(crate) async fn api_keys(&self) -> Result<ApiKeys, Error> {
        let database = self.database().await?;
        Ok(ApiKeys::of_tables(&database, self.output("ApiKeysTableName")?, self.output("TenantsTableName")?))
    }

    /// The recipients, who may have keys.
    pub(crate) async fn recipients(&self) -> Result<Recipients, Error> {
        Ok(Recipients::of_table(&self.database().await?, self.output("RecipientsTableName")?))
    }

    /// The signing keys, and the secret under which they are encrypted.
    pub(crate) async fn signing_keys(&self) -> Result<(SigningKeys, SigningSecret), Error> {
        let table = self.output("SigningKeysTableName")?;
        let secret = SigningSecret::of(&self.secret("SigningSecretArn").await?).ok_or_else(no_secret)?;
        Ok((SigningKeys::of_table(&self.database().await?, table), secret))
    }

    /// The secret that an output names.
    pub(crate) async fn secret(&self, output: &str) -> Result<String, Error> {
        let secret = ["get-secret-value", "--secret-id", self.output(output)?];
        let output = self.call("secretsmanager", &secret).await?;
        let secret = output.get("SecretString").and_then(Value::as_str).filter(|secret| !secret.is_empty());
        secret.map(str::to_owned).ok_or_else(no_secret)
    }

    /// The name of each table that the functions use, by its logical id.
    pub(crate) fn table_names(&self) -> Result<BTreeMap<String, String>, Error> {
        let prefix = self.output("TablePrefix")?;
        let tables = Template::own()?.tables.into_iter().map(|table| table.name);
        let mut names: BTreeMap<_, _> = tables.map(|table| (table.clone(), format!("{prefix}{table}"))).collect();
        // It has no prefix, because no restore may bring back a deleted key.
        names.insert("PersonalDataKeysTable".to_owned(), self.output("PersonalDataKeysTableName")?.to_owned());
        Ok(names)
    }

    /// The ARNs of the aliases of the functions, which are in the stack's nested stacks.
    pub(crate) async fn function_aliases(&self) -> Result<Vec<String>, Error> {
        let mut aliases = Vec::new();
        for stack in self.resources(&self.name, "AWS::CloudFormation::Stack").await? {
            aliases.extend(self.resources(&stack, "AWS::Lambda::Alias").await?);
        }
        Ok(aliases)
    }

    /// The resources of a type in a stack, as AWS calls them.
    async fn resources(&self, stack: &str, wanted: &str) -> Result<Vec<String>, Error> {
        let output = self.call("cloudformation", &["list-stack-resources", "--stack-name", stack]).await?;
        let resources = output.get("StackResourceSummaries").and_then(Value::as_array).into_iter().flatten();
        let text = |resource: &Value, name: &str| resource.get(name).and_then(Value::as_str).map(str::to_owned);
        let found = resources.filter(|resource| text(resource, "ResourceType").as_deref() == Some(wanted));
        Ok(found.filter_map(|resource| text(resource, "PhysicalResourceId")).collect())
    }

    pub(crate) async fn database(&self) -> Result<Database, Error> {
        let Credentials { access_key_id, secret_access_key, session_token, .. } = self.aws.credentials().await?;
        Ok(Database::of_account(&self.region, &access_key_id, &secret_access_key, session_token))
    }

    /// The names of the usage plans. The output `FreeUsagePlanId` belongs to the plan `free`.
    pub(crate) fn plans(&self) -> Vec<String> {
        self.plan_ids().map(|(name, _)| name).collect()
    }

    fn plan_ids(&self) -> impl Iterator<Item = (String, &str)> {
        self.outputs
            .iter()
            .filter_map(|(name, id)| Some((name.strip_suffix("UsagePlanId")?.to_ascii_lowercase(), id.as_str())))
    }

    /// Creates a key at API Gateway and adds it to a usage plan. A key without a plan has no effect.
    pub(crate) async fn put(&self, key: Uuid, hash: &str, plan: &str) -> Result<(), Error> {
        let (_, plan_id) = self
            .plan_ids()
            .find(|(name, _)| name == plan)
            .ok_or_else(|| Error::Key(format!("the stack {} has no usage plan {plan:?}", self.name)))?;
        let name = self.gateway_name(key);
        let created = self.gateway(&["create-api-key", "--name", &name, "--value", hash, "--enabled"]).await?;
        let id = created.get("id").and_then(Value::as_str);
        let id = id.ok_or_else(|| Error::Tool("aws apigateway create-api-key: the output has no id".to_owned()))?;
        let addition = ["create-usage-plan-key", "--usage-plan-id", plan_id, "--key-type", "API_KEY", "--key-id", id];
        self.gateway(&addition).await.map(|_| ())
    }

    /// Deletes a key at API Gateway, if it exists there. A disabled one would take one of the places of the account.
    pub(crate) async fn delete(&self, key: Uuid) -> Result<(), Error> {
        let name = self.gateway_name(key);
        let found = self.gateway(&["get-api-keys", "--name-query", &name]).await?;
        for id in named(&found, &name).filter_map(|item| item.get("id").and_then(Value::as_str)) {
            self.gateway(&["delete-api-key", "--api-key", id]).await?;
        }
        Ok(())
    }

    /// The usage plan of each key.
    pub(crate) async fn plans_of_keys(&self) -> Result<BTreeMap<Uuid, String>, Error> {
        let mut found = BTreeMap::new();
        for (plan, id) in self.plan_ids() {
            let keys = self.gateway(&["get-usage-plan-keys", "--usage-plan-id", id]).await?;
            let names = items(&keys).filter_map(|item| item.get("name").and_then(Value::as_str));
            let own = names.filter_map(|name| name.strip_prefix(&self.gateway_name_prefix())?.parse().ok());
            found.extend(own.map(|key: Uuid| (key, plan.clone())));
        }
        Ok(found)
    }

    async fn gateway(&self, arguments: &[&str]) -> Result<Value, Error> {
        self.call("apigateway", arguments).await
    }

    /// Calls the AWS CLI in the stack's region.
    pub(crate) async fn call(&self, service: &str, arguments: &[&str]) -> Result<Value, Error> {
        let all: Vec<&str> = [service].iter().chain(arguments).chain(&["--region", &self.region]).copied().collect();
        self.aws.call(&all).await
    }

    /// The name of a key at API Gateway. It has the name of the stack, because all stacks of an account share one list,
    /// and the id of the key, which is not secret.
    fn gateway_name(&self, key: Uuid) -> String {
        format!("{}{key}", self.gateway_name_prefix())
    }

    fn gateway_name_prefix(&self) -> String {
        format!("{}-", self.name)
    }
}

fn items(output: &Value) -> impl Iterator<Item = &Value> {
    output.get("items").and_then(Value::as_array).into_iter().flatten()
}

/// The items with exactly this name. The query of API Gateway finds all names that begin with it.
fn named<'output>(output: &'output Value, name: &str) -> impl Iterator<Item = &'output Value> {
    items(output).filter(move |item| item.get("name").and_then(Value::as_str) == Some(name))
}

fn no_secret() -> Error {
    Error::Tool("aws secretsmanager get-secret-value: no secret".to_owned())
}

//! [moto](https://docs.getmoto.org): a server that answers as AWS does. A stack is made in it, with the template's tables
//! and what else the commands with `--stack` need. They call it through AWS's own CLI.
//!
//! `scripts/install-tool awscli moto` puts both into `.tools`.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use assent_local::functions;
use assent_local::gateway::Gateway;
use assent_local::hosted::Hosted;
use assent_local::template::{KeyElement, Period, Table, Template, UsagePlan};
use assent_local::usage_plans::UsagePlanKeys;
use serde_json::{Map, Value, json};
use tokio::process::Command;

use crate::client::Client;
use crate::fixtures::unique;
use crate::guarded::Guarded;
use crate::lone_function::binary;
use crate::system::listening;

/// The name of the stack.
pub const STACK: &str = "shop";
const REGION: &str = "ap-south-1";
/// The start of the server, which loads many Python modules.
const START_PATIENCE: Duration = Duration::from_mins(1);

/// A server with one stack, which is gone when this is dropped.
pub struct Moto {
    root: PathBuf,
    folder: PathBuf,
    url: String,
    template: Template,
    process: Guarded,
    /// The usage plans' ids, by their names.
    plans: BTreeMap<String, String>,
    /// The tables' names, by their logical ids.
    tables: BTreeMap<String, String>,
    signing_secret: String,
}

/// The functions of the stack behind a gateway, until this is dropped.
pub struct Served {
    /// Calls the API through the gateway.
    pub client: Client,
    _gateway: Gateway,
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.process.end();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Moto {
    /// Starts the server and creates the stack.
    pub async fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace has a root").to_owned();
        let (aws, moto) = (root.join(".tools/awscli"), root.join(".tools/moto"));
        assert!(aws.exists() && moto.exists(), "first: scripts/install-tool awscli moto");
        let folder = std::env::temp_dir().join(unique("moto"));
        std::fs::create_dir(&folder).expect("a folder");
        let program = format!("#!/bin/sh\nPYTHONPATH='{0}' exec python3 '{0}/bin/aws' \"$@\"\n", aws.display());
        std::fs::write(folder.join("aws"), program).expect("a program");
        std::fs::set_permissions(folder.join("aws"), Permissions::from_mode(0o700)).expect("a program");

        let port =
            TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a port").port();
        let mut server = Command::new("python3");
        server.arg(moto.join("bin/moto_server")).args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let process = Guarded::start(server.env("PYTHONPATH", &moto)).expect("python3");
        listening(port, START_PATIENCE).await.expect("moto starts");
        let mut moto = Self {
            root,
            folder,
            url: format!("http://127.0.0.1:{port}"),
            template: Template::own().expect("the template"),
            process,
            plans: BTreeMap::new(),
            tables: BTreeMap::new(),
            signing_secret: String::new(),
        };
        moto.create_stack().await;
        moto
    }

    /// moto's CloudFormation knows the tables, but neither secrets nor usage plans: they are created before, and the stack
    /// only names them.
    async fn create_stack(&mut self) {
        for (name, plan) in self.template.usage_plans.clone() {
            let arguments = usage_plan(&name, &plan);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            self.plans.insert(name, string(&self.aws(&arguments).await["id"]));
        }
        let password = ["secretsmanager", "get-random-password", "--password-length", "64", "--exclude-punctuation"];
        self.signing_secret = string(&self.aws(&password).await["RandomPassword"]);
        let create = ["secretsmanager", "create-secret", "--name", "signing", "--secret-string", &self.signing_secret];
        let secret = string(&self.aws(&create).await["ARN"]);

        let mut outputs = Map::new();
        for table in ["ApiKeysTable", "TenantsTable", "RecipientsTable", "SigningKeysTable", "PersonalDataKeysTable"] {
            outputs.insert(format!("{table}Name"), json!({"Value": {"Ref": table}}));
        }
        outputs.insert("TablePrefix".to_owned(), json!({"Value": format!("{STACK}-")}));
        outputs.insert("SigningSecretArn".to_owned(), json!({"Value": secret}));
        for (name, id) in &self.plans {
            let (first, rest) = name.split_at(1);
            outputs.insert(format!("{}{rest}UsagePlanId", first.to_uppercase()), json!({"Value": id}));
        }
        // Only those that the real stack has too.
        let root = std::fs::read_to_string(self.root.join("template.yaml")).expect("template.yaml");
        let (_, real) = root.split_once("\nOutputs:\n").expect("outputs");
        outputs.retain(|output, _| real.contains(&format!("  {output}:\n")));
        let tables = self.template.tables.iter().map(|table| (table.name.clone(), resource(table)));
        let body = json!({"Resources": tables.collect::<Map<_, _>>(), "Outputs": outputs}).to_string();
        self.aws(&["cloudformation", "create-stack", "--stack-name", STACK, "--template-body", &body]).await;
        self.aws(&["cloudformation", "wait", "stack-create-complete", "--stack-name", STACK]).await;
        let made = self.aws(&["cloudformation", "list-stack-resources", "--stack-name", STACK]).await;
        let made = made["StackResourceSummaries"].as_array().expect("resources").iter();
        self.tables = made.map(|it| (string(&it["LogicalResourceId"]), string(&it["PhysicalResourceId"]))).collect();
    }

    /// A program with the credentials and the address of the server, and with the CLI on its search path.
    fn command(&self, program: &Path) -> Command {
        let path = format!("{}:{}", self.folder.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new(program);
        command.env_clear().envs([
            ("PATH", path.as_str()),
            ("AWS_ENDPOINT_URL", &self.url),
            ("AWS_DEFAULT_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            // Nobody's own settings.
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ]);
        command.current_dir(&self.folder).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs the CLI, and returns what it prints.
    pub async fn aws(&self, arguments: &[&str]) -> Value {
        let mut command = self.command(&self.folder.join("aws"));
        let output = command.args(arguments).args(["--output", "json"]).output().await.expect("the CLI");
        assert!(output.status.success(), "aws {arguments:?}: {output:?}");
        if output.stdout.is_empty() { Value::Null } else { serde_json::from_slice(&output.stdout).expect("JSON") }
    }

    /// Runs the program `assent` with these arguments and `--stack`.
    pub async fn try_assent(&self, arguments: &[&str], stack: &str) -> Output {
        let mut command = self.command(&binary("assent").expect("the folder of the programs"));
        command.args(arguments).args(["--stack", stack]).output().await.expect("the command runs")
    }

    /// The same, and returns what it prints.
    pub async fn assent(&self, arguments: &[&str]) -> String {
        let output = self.try_assent(arguments, STACK).await;
        assert!(output.status.success(), "assent {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The keys that API Gateway has: the value of each, and the usage plan that it is on.
    pub async fn gateway_keys(&self) -> BTreeMap<String, String> {
        let all = self.aws(&["apigateway", "get-api-keys", "--include-values"]).await;
        let value_of = |id: &Value| {
            let key = all["items"].as_array()?.iter().find(|key| key["id"] == *id && key["enabled"] == true)?;
            Some(string(&key["value"]))
        };
        let mut found = BTreeMap::new();
        for (name, plan) in &self.plans {
            let keys = self.aws(&["apigateway", "get-usage-plan-keys", "--usage-plan-id", plan]).await;
            let ids = keys["items"].as_array().into_iter().flatten().map(|key| &key["id"]);
            found.extend(ids.filter_map(value_of).map(|value| (value, name.clone())));
        }
        found
    }

    /// Starts the functions with the environment that the template gives them in this stack, behind a gateway that has the
    /// keys of the stack's API Gateway.
    pub async fn serve(&self) -> Served {
        let mut secrets = functions::fixed_environment(&self.root).await.expect("the secrets");
        secrets.insert("SIGNING_SECRET".to_owned(), self.signing_secret.clone());
        let mut environments = functions::environments(&self.template, None, &secrets);
        for variables in environments.values_mut() {
            for value in variables.values_mut() {
                if let Some(name) = self.tables.get(value.as_str()) {
                    value.clone_from(name);
                }
            }
            for (name, value) in [
                ("AWS_ENDPOINT_URL", self.url.as_str()),
                ("AWS_REGION", REGION),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
            ] {
                variables.insert(name.to_owned(), value.to_owned());
            }
        }
        let plan_keys = UsagePlanKeys::in_memory();
        for (value, plan) in self.gateway_keys().await {
            plan_keys.put(&value, &plan).expect("the SHA-256 of a key");
        }
        let hosted = Arc::new(Hosted::start(environments, None).await.expect("the functions"));
        let gateway = Gateway::start(&self.template, hosted, plan_keys, 0).expect("a gateway");
        Served { client: Client::new(gateway.base_url()), _gateway: gateway }
    }
}

fn string(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

/// The arguments that create a usage plan.
fn usage_plan(name: &str, plan: &UsagePlan) -> Vec<String> {
    let mut arguments = ["apigateway", "create-usage-plan", "--name", name].map(str::to_owned).to_vec();
    if let Some(throttle) = &plan.throttle {
        let throttle = format!("burstLimit={},rateLimit={}", throttle.burst, throttle.rate);
        arguments.extend(["--throttle".to_owned(), throttle]);
    }
    if let Some(quota) = &plan.quota {
        let period = match quota.period {
            Period::Day => "DAY",
            Period::Week => "WEEK",
            Period::Month => "MONTH",
        };
        arguments.extend(["--quota".to_owned(), format!("limit={},offset=0,period={period}", quota.limit)]);
    }
    arguments
}

/// A table as CloudFormation creates it.
fn resource(table: &Table) -> Value {
    let keys = |keys: &[KeyElement]| {
        keys.iter().map(|key| json!({"AttributeName": key.attribute_name, "KeyType": key.key_type})).collect::<Value>()
    };
    let attributes = table.attribute_definitions.iter();
    let attributes =
        attributes.map(|it| json!({"AttributeName": it.attribute_name, "AttributeType": it.attribute_type}));
    let mut properties = json!({
        "TableName": format!("{STACK}-{}", table.name),
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes.collect::<Value>(),
        "KeySchema": keys(&table.key_schema),
    });
    if !table.global_secondary_indexes.is_empty() {
        let indexes = table.global_secondary_indexes.iter().map(|index| {
            let mut projection = json!({"ProjectionType": index.projection.projection_type});
            if !index.projection.non_key_attributes.is_empty() {
                projection["NonKeyAttributes"] = json!(index.projection.non_key_attributes);
            }
            json!({"IndexName": index.index_name, "KeySchema": keys(&index.key_schema), "Projection": projection})
        });
        properties["GlobalSecondaryIndexes"] = indexes.collect();
    }
    json!({"Type": "AWS::DynamoDB::Table", "Properties": properties})
}

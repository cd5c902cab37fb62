//! Reads the parts of template.yaml, and of the stacks in it, that run on one machine.

mod intrinsics;
mod stacks;
mod triggers;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::intrinsics::text;
pub(crate) use self::intrinsics::{ACCOUNT, REGION};
pub use self::triggers::{Schedule, Stream, StreamMapping};
use crate::Error;

/// The part of a SAM template that runs here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Template {
    /// The API's stage, the first segment of its URL on AWS.
    pub stage: String,
    /// Every DynamoDB table.
    pub tables: Vec<Table>,
    /// Every Lambda function, by logical id.
    pub functions: BTreeMap<String, Function>,
    /// Every route of the API.
    pub routes: Vec<Route>,
    /// Every event source mapping from a table's stream to a function.
    pub stream_mappings: Vec<StreamMapping>,
    /// Every schedule that invokes a function.
    pub schedules: Vec<Schedule>,
    /// The API's authorizers, by name.
    pub authorizers: BTreeMap<String, Authorizer>,
    /// The gateway's own responses, by response type (`UNAUTHORIZED`, …).
    pub gateway_responses: BTreeMap<String, GatewayResponse>,
    /// The API's usage plans, by name: `FreeUsagePlan` is `free`.
    pub usage_plans: BTreeMap<String, UsagePlan>,
    /// The properties of each alarm, by logical id. None runs here; the tests evaluate them.
    pub alarms: BTreeMap<String, Value>,
}

/// A DynamoDB table. Only its schema, its expiry and its stream are read; recovery, encryption and protection have no meaning here.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Table {
    /// The logical id, which is the table's name here.
    #[serde(skip)]
    pub name: String,
    /// The types of the attributes that keys use.
    pub attribute_definitions: Vec<AttributeDefinition>,
    /// The primary key.
    pub key_schema: Vec<KeyElement>,
    /// The global secondary indexes.
    #[serde(default)]
    pub global_secondary_indexes: Vec<Index>,
    /// The expiry of items, if there is any.
    pub time_to_live_specification: Option<TimeToLive>,
    /// The stream of changes, if there is one.
    pub stream_specification: Option<Stream>,
}

/// An attribute that a key uses.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeDefinition {
    /// The attribute's name.
    pub attribute_name: String,
    /// `S`, `N` or `B`.
    pub attribute_type: String,
}

/// One part of a key.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyElement {
    /// The attribute's name.
    pub attribute_name: String,
    /// `HASH` or `RANGE`.
    pub key_type: String,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Index {
    /// The index's name.
    pub index_name: String,
    /// The index's key.
    pub key_schema: Vec<KeyElement>,
    /// The attributes in the index besides the keys.
    pub projection: Projection,
}

/// The attributes in an index.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Projection {
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`.
    pub projection_type: String,
    /// The attributes that `INCLUDE` adds.
    #[serde(default)]
    pub non_key_attributes: Vec<String>,
}

/// A table's expiry.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TimeToLive {
    /// The attribute with the time of expiry, in Unix seconds.
    pub attribute_name: String,
    /// Whether expiry is enabled.
    pub enabled: bool,
}

/// A Lambda function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The cargo binary, whose name is the function's name here.
    pub binary: String,
    /// The environment variables, with those of the template's globals.
    pub environment: BTreeMap<String, String>,
    /// The timeout of an invocation on AWS. It is not enforced here, because a slow first start is no error here.
    pub timeout: Duration,
    /// The permissions of its policy, as pairs of an action and a resource: `dynamodb:GetItem`, `GrantsTable` or
    /// `GrantsTable.Arn`. They are not enforced here; the tests compare them with the calls that the function makes.
    pub permissions: BTreeSet<(String, String)>,
}

/// A method on a path, with the function that serves it.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The method in capitals, or `ANY`.
    pub method: String,
    /// The path, with its parameters in braces: API Gateway's resource path.
    pub path: String,
    /// The binary that serves it.
    pub binary: String,
    /// The name of the authorizer; `None` for an open route.
    pub authorizer: Option<String>,
    /// Whether it needs a key on a usage plan, to which it counts.
    pub key_required: bool,
    /// The limit for all callers together, if there is one.
    pub throttle: Option<Throttle>,
}

/// The limits of each key on a usage plan.
#[derive(Debug, Clone, PartialEq)]
pub struct UsagePlan {
    /// The limit of requests per second, if there is one.
    pub throttle: Option<Throttle>,
    /// The limit of requests in a longer period, if there is one.
    pub quota: Option<Quota>,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttle {
    /// The tokens that are added per second.
    pub rate: f64,
    /// The tokens that the bucket can hold.
    pub burst: u32,
}

/// A number of requests in a period of the calendar (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The number of requests.
    pub limit: u64,
    /// The period.
    pub period: Period,
}

/// The period of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Starts at midnight.
    Day,
    /// Starts on Sunday.
    Week,
    /// Starts on the first day of the month.
    Month,
}

/// A Lambda authorizer of type `REQUEST`.
#[derive(Debug, Clone, PartialEq)]
pub struct Authorizer {
    /// The binary of the authorizer.
    pub binary: String,
    /// The headers that a request must have. Their values are the key of the cache.
    pub identity_headers: Vec<String>,
    /// The query parameters that a request must have. Their values are part of the key too.
    pub identity_query: Vec<String>,
    /// The time for which a policy is cached; zero means that none is cached.
    pub reauthorize_every: Duration,
}

/// A response of the gateway itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GatewayResponse {
    /// The HTTP status; `None` means the default of the type.
    pub status: Option<u16>,
    /// The body, with `$context.…` expressions; `None` means API Gateway's default.
    pub template: Option<String>,
    /// Headers and their mapping expressions (`'constant'` or `context.…`).
    pub headers: Vec<(String, String)>,
}

/// The templates of the nested stacks, as they were when this program was compiled.
const STACKS: [(&str, &str); 8] = [
    ("stacks/data.yaml", include_str!("../../stacks/data.yaml")),
    ("stacks/operations.yaml", include_str!("../../stacks/operations.yaml")),
    ("stacks/consents.yaml", include_str!("../../stacks/consents.yaml")),
    ("stacks/sites.yaml", include_str!("../../stacks/sites.yaml")),
    ("stacks/recipients.yaml", include_str!("../../stacks/recipients.yaml")),
    ("stacks/system.yaml", include_str!("../../stacks/system.yaml")),
    ("stacks/pages.yaml", include_str!("../../stacks/pages.yaml")),
    ("stacks/gateway.yaml", include_str!("../../stacks/gateway.yaml")),
];

impl Template {
    /// The workspace's template.yaml, as it was when this program was compiled. A declaration that is not supported here
    /// is an error if it would change a response.
    pub fn own() -> Result<Self, Error> {
        Self::parse(include_str!("../../template.yaml"), &STACKS).map_err(Error::Template)
    }

    fn parse(document: &str, nested: &[(&str, &str)]) -> Result<Self, String> {
        let resources = Resources(stacks::resources(document, nested)?);

        let (mut functions, mut binaries) = (BTreeMap::new(), BTreeMap::new());
        let (mut stream_mappings, mut schedules) = (Vec::new(), Vec::new());
        for (id, resource) in resources.of_type("AWS::Serverless::Function") {
            let properties = resource.get("Properties").unwrap_or(&Value::Null);
            let function = function(id, resource, properties)?;
            triggers::read(id, &function.binary, properties, &mut stream_mappings, &mut schedules)?;
            binaries.insert(alias(id, properties)?, function.binary.clone());
            functions.insert(id.to_owned(), function);
        }

        let mut apis = resources.of_type("AWS::Serverless::Api");
        let (api_id, api) = match (apis.next(), apis.next()) {
            (Some((id, resource)), None) => (id, resource.get("Properties").cloned().unwrap_or_default()),
            _ => return Err("one AWS::Serverless::Api is expected".to_owned()),
        };
        let authorizers = authorizers(api.get("Auth").unwrap_or(&Value::Null), &binaries)?;
        let mut routes = routes(&api, &binaries, &authorizers)?;
        throttle(&mut routes, &api)?;
        let key_source = api.get("ApiKeySourceType").and_then(Value::as_str);
        if key_source != Some("AUTHORIZER") && routes.iter().any(|route| route.key_required) {
            return Err("if keys are required, ApiKeySourceType must be AUTHORIZER here".to_owned());
        }

        let tables = resources.of_type("AWS::DynamoDB::Table").map(|(id, resource)| table(id, resource));
        let tables: Vec<_> = tables.collect::<Result<_, _>>()?;
        triggers::check(&stream_mappings, &tables)?;
        Ok(Self {
            stage: api.get("StageName").and_then(text).unwrap_or_else(|| "live".to_owned()),
            tables,
            functions,
            routes,
            stream_mappings,
            schedules,
            authorizers,
            gateway_responses: gateway_responses(&api)?,
            usage_plans: usage_plans(&resources, api_id)?,
            alarms: ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"]
                .into_iter()
                .flat_map(|kind| resources.of_type(kind))
                .filter_map(|(id, resource)| Some((id.to_owned(), resource.get("Properties")?.clone())))
                .collect(),
        })
    }
}

/// The resources of all stacks.
struct Resources(Map<String, Value>);

impl Resources {
    fn of_type(&self, wanted: &'static str) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .iter()
            .filter(move |(_, resource)| resource.get("Type").and_then(Value::as_str) == Some(wanted))
            .map(|(id, resource)| (id.as_str(), resource))
    }
}

fn function(id: &str, resource: &Value, properties: &Value) -> Result<Function, String> {
    let binary = resource
        .pointer("/Metadata/BuildProperties/Binary")
        .and_then(Value::as_str)
        .ok_or_else(|| format!("{id} has no Metadata.BuildProperties.Binary"))?;
    let mut environment = BTreeMap::new();
    let variables = properties.pointer("/Environment/Variables").and_then(Value::as_object);
    for (name, value) in variables.into_iter().flatten() {
        let value = text(value).ok_or_else(|| format!("{id}: the variable {name} is not text"))?;
        environment.insert(name.clone(), value);
    }
    // Three seconds is Lambda's default.
    let timeout = properties.get("Timeout").and_then(Value::as_u64).unwrap_or(3);
    let events = properties.get("Events").and_then(Value::as_object).into_iter().flatten();
    let mut kinds = events.filter_map(|(_, event)| event.get("Type").and_then(Value::as_str));
    if kinds.any(|kind| ["Api", "HttpApi"].contains(&kind)) {
        return Err(format!("{id}: only the API's definition declares routes here"));
    }
    let permissions = permissions(properties).ok_or_else(|| format!("{id}: its policies cannot be read"))?;
    Ok(Function { binary: binary.to_owned(), environment, timeout: Duration::from_secs(timeout), permissions })
}

/// The permissions in the policies of a function. `None` if a policy is not a list of statements that allow actions.
fn permissions(properties: &Value) -> Option<BTreeSet<(String, String)>> {
    let listed = |value: &Value| -> Option<Vec<String>> {
        match value {
            Value::Array(values) => values.iter().map(text).collect(),
            value => Some(vec![text(value)?]),
        }
    };
    let mut permissions = BTreeSet::new();
    let policies = properties.get("Policies").and_then(Value::as_array);
    for policy in policies.into_iter().flatten() {
        for statement in policy.get("Statement")?.as_array()? {
            if statement.get("Effect")?.as_str()? != "Allow" {
                return None;
            }
            let resources = listed(statement.get("Resource")?)?;
            for action in listed(statement.get("Action")?)? {
                permissions.extend(resources.iter().map(|resource| (action.clone(), resource.clone())));
            }
        }
    }
    Some(permissions)
}

/// The name under which API Gateway invokes a function: `local_get-grant:live`.
fn alias(id: &str, properties: &Value) -> Result<String, String> {
    let of = |name: &str| properties.get(name).and_then(Value::as_str);
    let (Some(name), Some(alias)) = (of("FunctionName"), of("AutoPublishAlias")) else {
        return Err(format!("{id} has no FunctionName or no AutoPublishAlias"));
    };
    Ok(format!("{name}:{alias}"))
}

/// The binary of the function that an ARN, or the URI of an integration, names.
fn invoked(arn: Option<&Value>, binaries: &BTreeMap<String, String>) -> Result<String, String> {
    let arn = arn.and_then(Value::as_str).unwrap_or_default();
    let name = arn.rsplit_once(":function:").map_or(arn, |(_, name)| name);
    let binary = binaries.get(name.strip_suffix("/invocations").unwrap_or(name));
    binary.cloned().ok_or_else(|| format!("no function has the alias {name:?}"))
}

/// The methods of the API's paths.
fn routes(
    api: &Value,
    binaries: &BTreeMap<String, String>,
    authorizers: &BTreeMap<String, Authorizer>,
) -> Result<Vec<Route>, String> {
    let mut routes = Vec::new();
    let paths = api.pointer("/DefinitionBody/paths").and_then(Value::as_object);
    for (path, methods) in paths.into_iter().flatten() {
        if !path.starts_with('/') || path.contains("+}") {
            return Err(format!("the path {path} cannot be served here"));
        }
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let broken = |reason: String| format!("{method} {path}: {reason}");
            let integration = |name: &str| operation.pointer(&format!("/x-amazon-apigateway-integration/{name}"));
            if integration("type").and_then(Value::as_str) != Some("aws_proxy") {
                return Err(broken("only aws_proxy runs here".to_owned()));
            }
            let binary = invoked(integration("uri"), binaries).map_err(broken)?;
            let (authorizer, key_required) = security(operation, authorizers).map_err(broken)?;
            let method = if method == ANY { "ANY".to_owned() } else { method.to_ascii_uppercase() };
            routes.push(Route { method, path: path.clone(), binary, authorizer, key_required, throttle: None });
        }
    }
    Ok(routes)
}

/// API Gateway's name for all methods of a path.
const ANY: &str = "x-amazon-apigateway-any-method";

/// The authorizer of a method, and whether it needs a key on a usage plan.
fn security(operation: &Value, authorizers: &BTreeMap<String, Authorizer>) -> Result<(Option<String>, bool), String> {
    let schemes = operation.get("security").and_then(Value::as_array).ok_or("it has no security")?;
    let names: Vec<&String> = schemes.iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
    let (keys, named): (Vec<&String>, Vec<&String>) = names.into_iter().partition(|name| *name == "api_key");
    match named.as_slice() {
        [] => Ok((None, !keys.is_empty())),
        [name] if authorizers.contains_key(*name) => Ok((Some((*name).clone()), !keys.is_empty())),
        [name] => Err(format!("there is no authorizer {name}")),
        _ => Err("only one authorizer can be asked".to_owned()),
    }
}

/// Sets the throttle of each route: the one that the stage declares for its method, otherwise the one for all methods.
fn throttle(routes: &mut [Route], api: &Value) -> Result<(), String> {
    let settings = api.get("MethodSettings").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of = |setting: &Value, name: &str| setting.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (all, single): (Vec<_>, Vec<_>) =
        settings.iter().partition(|setting| (of(setting, "HttpMethod"), of(setting, "ResourcePath")) == all_methods());
    for setting in all {
        let throttle = bucket(setting.get("ThrottlingRateLimit"), setting.get("ThrottlingBurstLimit"))?;
        for route in routes.iter_mut() {
            route.throttle = throttle;
        }
    }
    for setting in single {
        // Slashes within the path are escaped as in a JSON pointer.
        let (method, path) = (of(setting, "HttpMethod"), of(setting, "ResourcePath").replace("~1", "/"));
        let path = path.replacen("//", "/", 1);
        let route = routes.iter_mut().find(|route| route.method == method && route.path == path);
        let route = route.ok_or_else(|| format!("MethodSettings: there is no {method} {path}"))?;
        route.throttle = bucket(setting.get("ThrottlingRateLimit"), setting.get("ThrottlingBurstLimit"))?;
    }
    Ok(())
}

/// The method and path of the settings for all methods.
fn all_methods() -> (String, String) {
    ("*".to_owned(), "/*".to_owned())
}

fn bucket(rate: Option<&Value>, burst: Option<&Value>) -> Result<Option<Throttle>, String> {
    match (rate, burst) {
        (None, None) => Ok(None),
        (Some(rate), Some(burst)) => Ok(Some(Throttle { rate: number(rate)?, burst: number(burst)? })),
        _ => Err("a throttle needs a rate and a burst".to_owned()),
    }
}

/// The usage plans by name. The name is part of the logical id, so that it is the same on AWS.
fn usage_plans(resources: &Resources, api_id: &str) -> Result<BTreeMap<String, UsagePlan>, String> {
    let plans = resources.of_type("AWS::ApiGateway::UsagePlan").map(|(id, resource)| {
        let name = id.strip_suffix("UsagePlan").unwrap_or(id).to_ascii_lowercase();
        usage_plan(resource, api_id).map(|plan| (name, plan)).map_err(|reason| format!("{id}: {reason}"))
    });
    plans.collect()
}

fn usage_plan(resource: &Value, api_id: &str) -> Result<UsagePlan, String> {
    let of = |pointer: &str| resource.pointer(&format!("/Properties/{pointer}"));
    let stages = of("ApiStages").and_then(Value::as_array).map(Vec::as_slice);
    let Some([stage]) = stages else { return Err("a usage plan must have exactly one stage here".to_owned()) };
    if stage.get("ApiId").and_then(Value::as_str) != Some(api_id) || stage.get("Throttle").is_some() {
        return Err(format!("a usage plan must be for all of {api_id} here"));
    }
    let throttle = bucket(of("Throttle/RateLimit"), of("Throttle/BurstLimit"))?;
    let quota = match (of("Quota/Limit"), of("Quota/Period").and_then(Value::as_str)) {
        (None, None) => None,
        (Some(limit), Some(period)) => Some(Quota {
            limit: number(limit)?,
            period: match period {
                "DAY" => Period::Day,
                "WEEK" => Period::Week,
                "MONTH" => Period::Month,
                other => return Err(format!("{other} is not the period of a quota")),
            },
        }),
        _ => return Err("a quota needs a limit and a period".to_owned()),
    };
    Ok(UsagePlan { throttle, quota })
}

fn number<T: std::str::FromStr>(value: &Value) -> Result<T, String> {
    text(value).and_then(|text| text.parse().ok()).ok_or_else(|| format!("{value} is not a valid number"))
}

fn authorizers(auth: &Value, binaries: &BTreeMap<String, String>) -> Result<BTreeMap<String, Authorizer>, String> {
    let mut found = BTreeMap::new();
    let declared = auth.get("Authorizers").and_then(Value::as_object);
    for (name, properties) in declared.into_iter().flatten() {
        if properties.get("FunctionPayloadType").and_then(Value::as_str) != Some("REQUEST") {
            return Err(format!("the authorizer {name} is not a Lambda function of payload type REQUEST"));
        }
        let binary = invoked(properties.get("FunctionArn"), binaries);
        let binary = binary.map_err(|reason| format!("the authorizer {name}: {reason}"))?;
        let list = |pointer: &str| list_of_text(properties.pointer(pointer), name);
        if properties.pointer("/Identity/StageVariables").is_some() || properties.pointer("/Identity/Context").is_some()
        {
            return Err(format!("the authorizer {name}: only headers and query strings can be identity sources here"));
        }
        // Five minutes is API Gateway's default.
        let seconds = properties.pointer("/Identity/ReauthorizeEvery").and_then(Value::as_u64).unwrap_or(300);
        let authorizer = Authorizer {
            binary,
            identity_headers: list("/Identity/Headers")?,
            identity_query: list("/Identity/QueryStrings")?,
            reauthorize_every: Duration::from_secs(seconds),
        };
        if seconds > 0 && authorizer.identity_headers.is_empty() && authorizer.identity_query.is_empty() {
            return Err(format!("the authorizer {name} caches policies, but has no identity sources"));
        }
        found.insert(name.clone(), authorizer);
    }
    Ok(found)
}

fn list_of_text(value: Option<&Value>, owner: &str) -> Result<Vec<String>, String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.map(|item| text(item).ok_or_else(|| format!("{owner}: {item} is not text"))).collect()
}

fn gateway_responses(api: &Value) -> Result<BTreeMap<String, GatewayResponse>, String> {
    let mut found = BTreeMap::new();
    let declared = api.get("GatewayResponses").and_then(Value::as_object);
    for (kind, properties) in declared.into_iter().flatten() {
        let status = match properties.get("StatusCode") {
            None => None,
            Some(value) => {
                let status = text(value).and_then(|text| text.parse().ok());
                let status = status.filter(|status| (200..=599).contains(status));
                Some(status.ok_or_else(|| format!("{kind}: {value} is not a status"))?)
            }
        };
        let template = properties.pointer("/ResponseTemplates/application~1json").and_then(Value::as_str);
        let mut headers = Vec::new();
        let mapped = properties.pointer("/ResponseParameters/Headers").and_then(Value::as_object);
        for (name, expression) in mapped.into_iter().flatten() {
            let expression = text(expression).ok_or_else(|| format!("{kind}: the header {name} is not text"))?;
            headers.push((name.clone(), expression));
        }
        found.insert(kind.clone(), GatewayResponse { status, template: template.map(str::to_owned), headers });
    }
    Ok(found)
}

fn table(id: &str, resource: &Value) -> Result<Table, String> {
    let mut table: Table = typed(resource.get("Properties")).map_err(|reason| format!("{id}: {reason}"))?;
    id.clone_into(&mut table.name);
    Ok(table)
}

fn typed<T: DeserializeOwned>(value: Option<&Value>) -> Result<T, String> {
    serde_json::from_value(value.cloned().unwrap_or_default()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"
Parameters:
  StageName: {Type: String, Default: live}
  Days: {Type: Number, Default: 30}
  Uri: {Type: String, Default: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000"}
Globals:
  Function:
    AutoPublishAlias: live
    Timeout: 10
    Environment:
      Variables:
        GRANTS_TABLE: !Ref GrantsTable
        SHARED: global
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref StageName
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: /*, LoggingLevel: "OFF", ThrottlingRateLimit: 50, ThrottlingBurstLimit: !Ref Days}
        - {HttpMethod: GET, ResourcePath: "/~1v1~1grants~1{grantId}", ThrottlingRateLimit: 0.5, ThrottlingBurstLimit: 1}
        - {HttpMethod: POST, ResourcePath: /~1open, LoggingLevel: "OFF"}
      ApiKeySourceType: AUTHORIZER
      DefinitionBody:
        paths:
          /v1/grants/{grantId}:
            get:
              security: [{Bearer: []}, {api_key: []}]
              x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub "${Uri}:function:${AWS::StackName}_get-grant:live/invocations"}
          /open:
            post:
              security: []
              x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub "${Uri}:function:${AWS::StackName}_get-grant:live/invocations"}
          /site:
            x-amazon-apigateway-any-method:
              security: [{Site: []}, {api_key: []}]
              x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub "${Uri}:function:${AWS::StackName}_get-grant:live/invocations"}
      Auth:
        Authorizers:
          Bearer:
            FunctionArn: !Sub "arn:aws:lambda:us-east-1:000000000000:function:${AWS::StackName}_authorizer:live"
            FunctionPayloadType: REQUEST
            Identity: {Headers: [Authorization], ReauthorizeEvery: 60}
          Site:
            FunctionArn: !Sub "arn:aws:lambda:us-east-1:000000000000:function:${AWS::StackName}_authorizer:live"
            FunctionPayloadType: REQUEST
            Identity: {ReauthorizeEvery: 0}
      GatewayResponses:
        UNAUTHORIZED:
          StatusCode: "401"
          ResponseParameters:
            Headers:
              Cache-Control: "'no-store'"
          ResponseTemplates:
            application/json: '{"requestId":"$context.requestId"}'
        DEFAULT_4XX: {}
  AuthorizerFunction:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: authorizer}}
    Properties:
      FunctionName: !Sub "${AWS::StackName}_authorizer"
      Environment: {Variables: {API_KEYS_TABLE: !Ref ApiKeysTable}}
      Policies:
        - Statement:
            - Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:Query]
              Resource: !GetAtt ApiKeysTable.Arn
  GetGrantFunction:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: get-grant}}
    Properties:
      FunctionName: !Sub "${AWS::StackName}_get-grant"
      Timeout: 5
      Environment: {Variables: {DAYS: !Ref Days}}
      Events:
        Hourly: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
        Changes:
          Type: DynamoDB
          Properties: {Stream: !GetAtt GrantsTable.StreamArn, StartingPosition: LATEST, BatchSize: 10}
  FreeUsagePlan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: !Ref Api.Stage}]
      Throttle: {RateLimit: 2.5, BurstLimit: !Ref Days}
      Quota: {Limit: 1000, Period: WEEK}
  OpenUsagePlan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: !Ref Api.Stage}]
  GrantsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      TimeToLiveSpecification: {AttributeName: expiresAt, Enabled: true}
      StreamSpecification: {StreamViewType: NEW_IMAGE}
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
"#;

    fn template() -> Template {
        Template::parse(TEMPLATE, &[]).unwrap_or_else(|reason| panic!("{reason}"))
    }

    #[test]
    fn the_projects_template_is_supported() -> Result<(), Error> {
        let template = Template::own()?;
        let manifest = include_str!("../../functions/Cargo.toml");
        assert!(!template.routes.is_empty() && !template.tables.is_empty());
        for function in template.functions.values() {
            assert!(manifest.contains(&format!("name = \"{}\"", function.binary)), "{}", function.binary);
        }
        Ok(())
    }

    #[test]
    fn a_policy_is_read_as_actions_on_resources() {
        let permissions = &template().functions["AuthorizerFunction"].permissions;
        let pair = |action: &str| (action.to_owned(), "ApiKeysTable.Arn".to_owned());
        assert_eq!(*permissions, [pair("dynamodb:GetItem"), pair("dynamodb:Query")].into());
        for unread in ["AmazonDynamoDBFullAccess", "{Statement: [{Effect: Deny, Action: a, Resource: r}]}"] {
            let policies = format!("Policies: [{unread}]\n      Timeout: 5");
            let refused = Template::parse(&TEMPLATE.replacen("Timeout: 5", &policies, 1), &[]);
            assert_eq!(refused, Err("GetGrantFunction: its policies cannot be read".to_owned()));
        }
    }

    #[test]
    fn the_projects_api_needs_keys_and_limits_them() -> Result<(), Error> {
        let template = Template::own()?;
        for route in &template.routes {
            let open = [
                "/health",
                "/openapi.json",
                "/.well-known/jwks.json",
                "/assent.js",
                "/docs",
                "/docs/{operation}",
                "/p/open",
                "/p/enter",
                "/p/fonts/{font}",
                "/console/open",
                "/site-v1/{projectId}/consent-types",
                "/v1/public/notices/{registeredNoticeId}",
                "/v1/schemas/consent-receipt-1.json",
            ]
            .contains(&route.path.as_str())
                || (route.method == "OPTIONS" && route.path.starts_with("/site-v1/"));
            let expected = match route.path.split('/').nth(1) {
                _ if open => None,
                Some("open-api") => Some("ApiKey"),
                Some("site-v1") => Some("Site"),
                Some("p" | "console") => Some("Page"),
                _ => Some("Bearer"),
            };
            // No usage plan counts the calls of a page.
            let unplanned = open || expected == Some("Page");
            let path = format!("{} {}", route.method, route.path);
            assert_eq!((route.authorizer.as_deref(), route.key_required), (expected, !unplanned), "{path}");
            let (rate, burst) = if unplanned { (200.0, 400) } else { (2000.0, 4000) };
            assert_eq!(route.throttle, Some(Throttle { rate, burst }), "{path}");
        }
        for (name, headers, keep) in [
            ("Bearer", vec!["Authorization"], 300),
            ("ApiKey", vec!["X-API-Key"], 300),
            ("Site", vec![], 0),
            ("Page", vec![], 0),
        ] {
            let authorizer = &template.authorizers[name];
            assert_eq!(authorizer.identity_headers, headers, "{name}");
            assert_eq!(authorizer.reauthorize_every, Duration::from_secs(keep), "{name}");
        }
        let limits: Vec<_> = template
            .usage_plans
            .iter()
            .map(|(name, plan)| (name.as_str(), plan.throttle.map(|throttle| (throttle.rate, throttle.burst))))
            .collect();
        let expected = [("enterprise", Some((1000.0, 2000))), ("free", Some((10.0, 20))), ("pro", Some((100.0, 200)))];
        assert_eq!(limits, expected);
        assert!(template.usage_plans.values().all(|plan| plan.quota.is_some()));
        Ok(())
    }

    #[test]
    fn the_projects_gateway_responses_have_the_error_body() -> Result<(), Error> {
        let template = Template::own()?;
        for (kind, status) in [
            ("UNAUTHORIZED", Some(401)),
            ("ACCESS_DENIED", Some(401)),
            ("INVALID_API_KEY", Some(403)),
            ("MISSING_AUTHENTICATION_TOKEN", Some(404)),
            ("REQUEST_TOO_LARGE", Some(413)),
            ("THROTTLED", Some(429)),
            ("QUOTA_EXCEEDED", Some(429)),
            ("AUTHORIZER_FAILURE", Some(503)),
            ("INTEGRATION_FAILURE", Some(500)),
            ("INTEGRATION_TIMEOUT", Some(503)),
            ("DEFAULT_4XX", None),
            ("DEFAULT_5XX", Some(500)),
        ] {
            let response = &template.gateway_responses[kind];
            assert_eq!(response.status, status, "{kind}");
            let header = |name: &str| response.headers.iter().any(|(header, _)| header == name);
            assert_eq!(header("Retry-After"), matches!(status, Some(429 | 503)), "{kind}");
            for name in ["X-Request-Id", "Cache-Control", "X-Content-Type-Options", "Access-Control-Allow-Origin"] {
                assert!(header(name), "{kind}: {name}");
            }
            let body = response.template.as_deref().unwrap_or_default();
            let body: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{kind}: {error}"));
            assert_eq!(body["statusCode"].as_u64(), status.map(u64::from), "{kind}");
            assert!(["error", "code", "message", "requestId"].iter().all(|name| body[name].is_string()), "{kind}");
        }
        Ok(())
    }

    #[test]
    fn functions_have_the_globals_and_their_own_variables() {
        let template = template();
        let get = &template.functions["GetGrantFunction"];
        assert_eq!(get.binary, "get-grant");
        assert_eq!(get.timeout, Duration::from_secs(5));
        let environment: Vec<_> = get.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(environment, ["DAYS=30", "GRANTS_TABLE=GrantsTable", "SHARED=global"]);
        assert_eq!(template.functions["AuthorizerFunction"].timeout, Duration::from_secs(10));
    }

    #[test]
    fn routes_name_their_function_and_authorizer() {
        let routes: Vec<_> = template()
            .routes
            .into_iter()
            .map(|route| (route.method, route.path, route.binary, route.authorizer, route.key_required))
            .collect();
        let route = |method: &str, path: &str, authorizer: Option<&str>| {
            let keyed = authorizer.is_some();
            (method.to_owned(), path.to_owned(), "get-grant".to_owned(), authorizer.map(str::to_owned), keyed)
        };
        assert_eq!(routes.len(), 3);
        assert!(routes.contains(&route("GET", "/v1/grants/{grantId}", Some("Bearer"))));
        assert!(routes.contains(&route("POST", "/open", None)));
        assert!(routes.contains(&route("ANY", "/site", Some("Site"))));
    }

    #[test]
    fn authorizers_responses_and_tables_are_read() {
        let template = template();
        assert_eq!(template.stage, "live");
        let bearer = &template.authorizers["Bearer"];
        assert_eq!((bearer.binary.as_str(), bearer.reauthorize_every), ("authorizer", Duration::from_mins(1)));
        assert_eq!(bearer.identity_headers, ["Authorization"]);
        assert_eq!(template.authorizers["Site"].reauthorize_every, Duration::ZERO);
        let unauthorized = &template.gateway_responses["UNAUTHORIZED"];
        assert_eq!(unauthorized.status, Some(401));
        assert_eq!(unauthorized.headers, [("Cache-Control".to_owned(), "'no-store'".to_owned())]);
        assert_eq!(unauthorized.template.as_deref(), Some(r#"{"requestId":"$context.requestId"}"#));
        assert_eq!(template.gateway_responses["DEFAULT_4XX"], GatewayResponse::default());
        let [table] = template.tables.as_slice() else { panic!("one table") };
        assert_eq!(table.name, "GrantsTable");
        assert!(table.time_to_live_specification.as_ref().is_some_and(|expiry| expiry.enabled));
        assert_eq!(table.stream_specification, Some(Stream { stream_view_type: "NEW_IMAGE".to_owned() }));
    }

    #[test]
    fn streams_and_schedules_name_their_function() {
        let template = template();
        let mappings: Vec<_> =
            template.stream_mappings.iter().map(|mapping| (mapping.worker.as_str(), mapping.table.as_str())).collect();
        assert_eq!(mappings, [("get-grant", "GrantsTable")]);
        let schedules: Vec<_> =
            template.schedules.iter().map(|schedule| (schedule.worker.as_str(), schedule.interval)).collect();
        assert_eq!(schedules, [("get-grant", Duration::from_hours(1))]);
    }

    #[test]
    fn usage_plans_are_read() {
        let plans = template().usage_plans;
        let throttle = Throttle { rate: 2.5, burst: 30 };
        let quota = Quota { limit: 1000, period: Period::Week };
        assert_eq!(plans["free"], UsagePlan { throttle: Some(throttle), quota: Some(quota) });
        assert_eq!(plans["open"], UsagePlan { throttle: None, quota: None });
    }

    #[test]
    fn a_methods_throttle_overrides_the_stages() {
        let throttles: BTreeMap<_, _> =
            template().routes.into_iter().map(|route| (route.path, route.throttle)).collect();
        let bucket = |rate, burst| Some(Throttle { rate, burst });
        assert_eq!(throttles["/v1/grants/{grantId}"], bucket(0.5, 1));
        assert_eq!(throttles["/open"], None);
        assert_eq!(throttles["/site"], bucket(50.0, 30));
    }

    #[test]
    fn unsupported_declarations_are_errors() {
        for (from, to) in [
            ("ApiKeySourceType: AUTHORIZER", "ApiKeySourceType: HEADER"),
            ("RateLimit: 2.5, ", ""),
            ("ThrottlingRateLimit: 0.5, ", ""),
            ("ThrottlingBurstLimit: 1}", "ThrottlingBurstLimit: many}"),
            ("HttpMethod: GET, ", "HttpMethod: PUT, "),
            ("~1v1~1grants~1{grantId}", "~1v1~1grants"),
            ("RateLimit: 2.5", "RateLimit: many"),
            ("Period: WEEK", "Period: YEAR"),
            ("[{ApiId: !Ref Api, ", "[{ApiId: other, "),
            ("Stage: !Ref Api.Stage}", "Throttle: {}}"),
            ("FunctionPayloadType: REQUEST", "FunctionPayloadType: TOKEN"),
            ("Identity: {ReauthorizeEvery: 0}", "Identity: {ReauthorizeEvery: 5}"),
            ("{Site: []}", "{Other: []}"),
            ("[{Site: []}, {api_key: []}]", "[{Site: []}, {Bearer: []}]"),
            ("              security: []\n", ""),
            ("          /site:", "          /open:"),
            ("          /open:", "          '/open/{all+}':"),
            ("type: aws_proxy", "type: aws"),
            ("_get-grant:live/invocations", "_get-grant/invocations"),
            ("_get-grant:live/invocations", "_grant:live/invocations"),
            ("_authorizer:live", "_other:live"),
            ("    AutoPublishAlias: live\n", ""),
            ("      FunctionName: !Sub \"${AWS::StackName}_get-grant\"\n", ""),
            ("Hourly: {Type: Schedule", "Hourly: {Type: Api"),
            ("Binary: get-grant", "Other: get-grant"),
            ("StatusCode: \"401\"", "StatusCode: none"),
            ("rate(1 hour)", "cron(0 12 * * ? *)"),
            ("      StreamSpecification: {StreamViewType: NEW_IMAGE}\n", ""),
            ("Type: AWS::Serverless::Api", "Type: AWS::Serverless::HttpApi"),
        ] {
            assert_ne!(TEMPLATE.replace(from, to), TEMPLATE, "{from}");
            assert!(Template::parse(&TEMPLATE.replace(from, to), &[]).is_err(), "{to}");
        }
    }
}

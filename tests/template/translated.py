"""Tests of the templates that CloudFormation gets: template.yaml and its stacks, translated by SAM's own translator.

Run by scripts/test. Its last line is that of cargo's test runner.
"""

import json
import logging
import pathlib
import re
import sys
import unittest

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The routes that need no key. A browser also sends OPTIONS without a key.
OPEN = {
    "/health",
    "/openapi.json",
    "/.well-known/jwks.json",
    "/assent.js",
    "/docs",
    "/docs/{operation}",
    "/site-v1/{projectId}/consent-types",
    "/v1/public/notices/{registeredNoticeId}",
    "/v1/schemas/consent-receipt-1.json",
    "/p/open",
    "/p/enter",
    "/p/fonts/{font}",
    "/console/open",
}
AUTHORIZERS = {"/open-api/": "ApiKey", "/site-v1/": "Site", "/p/": "Page", "/console/": "Page", "/": "Bearer"}
# The responses that API Gateway may send by itself in this API, with their status; None keeps the status of the type.
GATEWAY_RESPONSES = {
    "ACCESS_DENIED": 401,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 503,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": 500,
    "EXPIRED_TOKEN": 404,
    "INTEGRATION_FAILURE": 500,
    "INTEGRATION_TIMEOUT": 503,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 404,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
# They look for a person's erasure or withdrawal by the person's pseudonym, and store no responses.
NAMES_PERSONS = {"AuthorizerFunction", "WithdrawOnPortalFunction", "EraseOnPortalFunction"}
# They serve no HTTP: the first read streams, which SAM lets them do by a managed policy; a schedule invokes the last.
STREAM_WORKERS = {"RelayFunction", "DeliverFunction"}
WORKERS = STREAM_WORKERS | {"SweepFunction"}
# Actions on items by their keys. Scan is not among them, nor PartiQL, which can scan too.
ACTIONS = {
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
}
# SAM adds these policies of AWS: to write logs and traces. For traces there is no narrower resource.
MANAGED_POLICIES = {"service-role/AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"}
# A deleted personal-data key must not be left in a backup.
WITHOUT_BACKUPS = {"PersonalDataKeysTable"}


class NoManagedPolicies:
    """An empty loader: the template names no managed policy that would have to be looked up."""

    def load(self):
        return {}


def parsed(path):
    return yaml_parse((ROOT / path).read_text())


def translated(path, code="key", **parameters):
    """The template as CloudFormation gets it. The parameters decide what SAM makes."""
    template = parsed(path)
    if "Function" in template.get("Globals", {}):
        # Replaces the files that `sam deploy` uploads.
        template["Globals"]["Function"]["CodeUri"] = {"Bucket": "bucket", "Key": code}
    given = {"GradualDeployment": "true", "DeploymentType": "Canary10Percent10Minutes", "PublishAll": "", **parameters}
    return transform(template, given, NoManagedPolicies())


logging.disable(logging.WARNING)
ROOT_STACK = parsed("template.yaml")
NESTED = {
    name: resource for name, resource in ROOT_STACK["Resources"].items() if resource["Type"] == "AWS::CloudFormation::Stack"
}
# The paths of the nested stacks by their logical ids, and their templates, as they are and translated.
PATHS = {name: resource["Properties"]["TemplateURL"] for name, resource in NESTED.items()}
SOURCES = {name: parsed(path) for name, path in PATHS.items()}
STACKS = {name: translated(path) for name, path in PATHS.items()}
WITH_FUNCTIONS = [name for name, source in SOURCES.items() if "Function" in source.get("Globals", {})]
# The functions as they are declared, by their logical ids, and all that is translated.
DECLARED = {id: resource for name in WITH_FUNCTIONS for id, resource in SOURCES[name]["Resources"].items()}
RESOURCES = {id: resource for stack in STACKS.values() for id, resource in stack["Resources"].items()}
# What each stack of functions has of its own.
SHARED = {"ServerlessDeploymentApplication", "CodeDeployServiceRole"}
# The alarms that stop a deployment.
BRAKES = ["DeploymentAlarm", "ErrorsIn5MinutesAlarm", "WorkersAlarm"]


def of_type(kind):
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == kind}


def properties_of_type(kind):
    return {name: resource["Properties"] for name, resource in of_type(kind).items()}


def only(kind):
    ((_, properties),) = properties_of_type(kind).items()
    return properties


def listed(value):
    return value if isinstance(value, list) else [value]


API = only("AWS::ApiGateway::RestApi")
BODY = API["Body"]
FUNCTIONS = properties_of_type("AWS::Lambda::Function")


def binaries():
    """The binary of each function."""
    return {name: function["Metadata"]["BuildProperties"]["Binary"] for name, function in DECLARED.items()}


TABLES = of_type("AWS::DynamoDB::Table")


class Api(unittest.TestCase):
    def test_every_method_is_authorised_and_counted(self):
        seen = set()
        for path, methods in BODY["paths"].items():
            for method, operation in methods.items():
                security = [name for scheme in operation["security"] for name in scheme]
                if path in OPEN or method == "options":
                    self.assertTrue(method == "get" or path.startswith(("/site-v1/", "/p/")), f"{method} {path}")
                    self.assertEqual(security, [], f"{method} {path}")
                    continue
                authorizer = next(name for start, name in AUTHORIZERS.items() if path.startswith(start))
                counted = [] if authorizer == "Page" else ["api_key"]
                self.assertEqual(sorted(security), sorted([authorizer, *counted]), f"{method} {path}")
                seen.add(authorizer)
        self.assertEqual(seen, set(AUTHORIZERS.values()))

    def test_only_what_names_no_tenant_is_open(self):
        self.assertTrue({"/health", "/openapi.json"} <= BODY["paths"].keys())
        for path in OPEN & BODY["paths"].keys():
            self.assertEqual(set(BODY["paths"][path]) - {"options"}, {"post" if path == "/p/enter" else "get"}, path)

    def test_every_method_is_a_function_of_ours(self):
        for path, methods in BODY["paths"].items():
            for method, operation in methods.items():
                integration = operation["x-amazon-apigateway-integration"]
                self.assertEqual(integration["type"], "aws_proxy", f"{method} {path}")
                # The alias, so that a deployment decides which version callers get.
                (binary,) = re.findall(r"^\$\{FunctionUriPrefix\}([\w-]+):live/invocations$", integration["uri"]["Fn::Sub"])
                self.assertIn(binary, binaries().values())
                self.assertEqual(integration["credentials"], {"Fn::GetAtt": ["InvokeRole", "Arn"]})

    def test_one_function_authorises_and_names_the_key(self):
        self.assertEqual(API["ApiKeySourceType"], "AUTHORIZER")
        schemes = BODY["components"]["securitySchemes"]
        self.assertEqual(set(schemes), {"Bearer", "ApiKey", "Site", "Page", "api_key"})
        identities = {"Bearer": "Authorization", "ApiKey": "X-API-Key", "Site": None, "Page": None}
        for name, header in identities.items():
            authorizer = schemes[name]["x-amazon-apigateway-authorizer"]
            uri = json.dumps(authorizer["authorizerUri"])
            self.assertIn('{"Fn::Sub": "${FunctionArnPrefix}authorizer:live"}', uri)
            self.assertEqual(authorizer["authorizerCredentials"], {"Fn::GetAtt": ["InvokeRole", "Arn"]})
            self.assertEqual(authorizer["type"], "request")
            source = f"method.request.header.{header}" if header else None
            self.assertEqual(authorizer.get("identitySource"), source, name)
            # The cache needs an identity to keep callers apart.
            self.assertEqual(authorizer["authorizerResultTtlInSeconds"], 300 if header else 0, name)

    def test_a_function_is_invoked_by_the_api_alone_and_a_worker_by_a_schedule(self):
        permissions = properties_of_type("AWS::Lambda::Permission")
        self.assertEqual(set(permissions), {"SweepFunctionMinutePermission"})
        permission = permissions["SweepFunctionMinutePermission"]
        self.assertEqual(permission["Principal"], "events.amazonaws.com")
        self.assertEqual(permission["FunctionName"], {"Ref": "SweepFunctionAliaslive"})
        self.assertEqual(of_type("AWS::Lambda::Url"), {})
        role = properties_of_type("AWS::IAM::Role")["InvokeRole"]
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(trust["Principal"], {"Service": "apigateway.amazonaws.com"})
        (policy,) = role["Policies"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        self.assertEqual(statement["Action"], "lambda:InvokeFunction")
        self.assertEqual(statement["Resource"], {"Fn::Sub": "${FunctionArnPrefix}*:live"})
        self.assertNotIn("ManagedPolicyArns", role)
        # A name of a stack has no "_", so another stack's functions do not begin with this.
        given = NESTED["Gateway"]["Properties"]["Parameters"]
        for parameter in ("FunctionArnPrefix", "FunctionUriPrefix"):
            self.assertTrue(given[parameter]["Fn::Sub"].endswith(":function:${AWS::StackName}_"), parameter)

    def test_every_gateway_response_is_there(self):
        responses = BODY["x-amazon-apigateway-gateway-responses"]
        self.assertEqual(set(responses), set(GATEWAY_RESPONSES))
        for kind, status in GATEWAY_RESPONSES.items():
            response = responses[kind]
            self.assertEqual(response.get("statusCode"), str(status) if status else None, kind)
            body = json.loads(response["responseTemplates"]["application/json"])
            expected = {"error", "code", "message", "requestId"} | ({"statusCode"} if status else set())
            self.assertEqual(set(body), expected, kind)
            self.assertEqual(body.get("statusCode"), status, kind)
            self.assertEqual(body["requestId"], "$context.requestId", kind)
            start = "gatewayresponse.header."
            headers = {name.removeprefix(start): value for name, value in response["responseParameters"].items()}
            wanted = {
                "X-Request-Id": "context.requestId",
                "Cache-Control": "'no-store'",
                "X-Content-Type-Options": "'nosniff'",
                "Access-Control-Allow-Origin": "'*'",
            }
            self.assertEqual({name: headers.get(name) for name in wanted}, wanted, kind)
            self.assertEqual("Retry-After" in headers, status in (429, 503), kind)

    def test_every_open_method_has_a_limit_of_its_own(self):
        settings = {
            (setting["HttpMethod"], setting["ResourcePath"].replace("~1", "/").replace("//", "/")): setting
            for setting in only("AWS::ApiGateway::Stage")["MethodSettings"]
        }
        methods = {
            (method.upper(), path)
            for path, methods in BODY["paths"].items()
            for method in methods
            if path in OPEN or path.startswith(("/p/", "/console/")) or method == "options"
        }
        self.assertEqual(set(settings), methods | {("*", "/*")})
        for method, setting in settings.items():
            kind = "Stage" if method == ("*", "/*") else "Open"
            limits = {name: setting[f"Throttling{name}Limit"] for name in ("Rate", "Burst")}
            self.assertEqual(limits, {name: {"Ref": f"{kind}{name}"} for name in limits}, method)
        # No plan allows one key more than a method accepts.
        default = {name: parameter.get("Default") for name, parameter in ROOT_STACK["Parameters"].items()}
        for plan in ("Free", "Pro", "Enterprise"):
            for name in ("Rate", "Burst"):
                self.assertLessEqual(default[f"{plan}{name}"], default[f"Stage{name}"], plan)

    def test_a_usage_plan_limits_the_stage(self):
        plans = properties_of_type("AWS::ApiGateway::UsagePlan")
        self.assertEqual(set(plans), {"FreeUsagePlan", "ProUsagePlan", "EnterpriseUsagePlan"})
        for name, plan in plans.items():
            self.assertEqual(len(plan["ApiStages"]), 1, name)
            self.assertTrue({"RateLimit", "BurstLimit"} <= plan["Throttle"].keys(), name)
            self.assertTrue({"Limit", "Period"} <= plan["Quota"].keys(), name)


class Functions(unittest.TestCase):
    def test_each_statement_allows_actions_on_one_table(self):
        roles = properties_of_type("AWS::IAM::Role")
        for function in FUNCTIONS:
            role = roles[f"{function}Role"]
            self.assertEqual(FUNCTIONS[function]["Role"], {"Fn::GetAtt": [f"{function}Role", "Arn"]})
            (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(trust["Principal"], {"Service": ["lambda.amazonaws.com"]}, function)
            managed = {re.sub(r"^arn:[^:]+:iam::aws:policy/", "", arn) for arn in role["ManagedPolicyArns"]}
            streams = {"service-role/AWSLambdaDynamoDBExecutionRole"} if function in STREAM_WORKERS else set()
            self.assertEqual(managed, MANAGED_POLICIES | streams, function)
            tables = []
            for policy in role.get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    # A condition only narrows the permission.
                    self.assertEqual(set(statement) - {"Condition"}, {"Effect", "Action", "Resource"}, function)
                    self.assertEqual(statement["Effect"], "Allow", function)
                    actions = listed(statement["Action"])
                    self.assertEqual(len(actions), len(set(actions)), function)
                    self.assertLessEqual(set(actions), ACTIONS, function)
                    named = [self.table(function, resource) for resource in listed(statement["Resource"])]
                    tables += [(table, "Condition" in statement) for table in named]
            self.assertEqual(len(tables), len(set(tables)), f"{function}: two statements about one table")

    def test_the_authorizer_writes_only_the_day_of_a_keys_last_use(self):
        (policy,) = properties_of_type("AWS::IAM::Role")["AuthorizerFunctionRole"]["Policies"]
        writes = [
            statement
            for statement in policy["PolicyDocument"]["Statement"]
            if listed(statement["Action"]) != ["dynamodb:GetItem"]
        ]
        (write,) = writes
        self.assertEqual(listed(write["Action"]), ["dynamodb:UpdateItem"])
        attributes = write["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
        self.assertEqual(attributes, ["pk", "sk", "lastUsedOn"])

    def table(self, function, resource):
        """The table, or index of a table, that a policy names, and no more than one."""
        if resource == {"Ref": "PersonalDataKeysTableArn"}:
            return ("PersonalDataKeysTable", None)
        found = re.fullmatch(r"\$\{TableArnPrefix\}(\w+)(?:/index/(\w+))?", resource["Fn::Sub"])
        self.assertIsNotNone(found, f"{function}: {resource}")
        found = found.groups()
        self.assertIn(found[0], TABLES.keys() - WITHOUT_BACKUPS, function)
        return found

    def test_the_authorizer_alone_reads_keys(self):
        for name, role in properties_of_type("AWS::IAM::Role").items():
            policies = json.dumps(role.get("Policies", []))
            self.assertEqual('}ApiKeysTable"' in policies, name == "AuthorizerFunctionRole", name)
            self.assertNotIn('}TenantsTable"', policies, name)
        for name, function in FUNCTIONS.items():
            self.assertEqual("API_KEYS_TABLE" in function["Environment"]["Variables"], name == "AuthorizerFunction")

    def test_each_is_a_binary_of_its_own(self):
        package = (ROOT / "functions/Cargo.toml").read_text()
        declared = re.findall(r'^\[\[bin\]\]\nname = "([^"]+)"', package, re.MULTILINE)
        self.assertEqual(sorted(binaries().values()), sorted(declared))
        for name, binary in binaries().items():
            # By this name API Gateway calls it. A name has 64 characters at most, so the stack's has 34.
            self.assertEqual(FUNCTIONS[name]["FunctionName"], {"Fn::Sub": f"${{RootStackName}}_{binary}"}, name)
            self.assertLessEqual(len(binary), 29, name)


    def test_each_runs_logs_and_traces_alike(self):
        for name, function in FUNCTIONS.items():
            self.assertEqual(function["Runtime"], "provided.al2023", name)
            self.assertEqual(function["Architectures"], [{"Ref": "Architecture"}], name)
            self.assertEqual(function["LoggingConfig"], {"LogFormat": "JSON", "LogGroup": {"Ref": "FunctionLogs"}}, name)
            self.assertEqual(function["TracingConfig"], {"Mode": "Active"}, name)
            if name in WORKERS:
                # An attempt that takes longer counts as lost.
                self.assertLessEqual(function["Timeout"], 60, name)
                continue
            # The same as in tests/support/lone_function.rs, with which a test compares the memory for the largest bodies.
            self.assertEqual(function["MemorySize"], 256, name)
            # Less than the 29 seconds for which API Gateway waits.
            self.assertLess(function["Timeout"], 29, name)
        self.assertEqual(ROOT_STACK["Parameters"]["Architecture"]["Default"], "arm64")
        self.assertEqual(ROOT_STACK["Parameters"]["ReservedConcurrency"]["Default"], "")

    def test_secrets_are_references(self):
        for name, function in FUNCTIONS.items():
            for variable, value in function["Environment"]["Variables"].items():
                if variable.endswith("SECRET"):
                    self.assertRegex(value["Fn::Sub"], r"^\{\{resolve:secretsmanager:\$\{\w+\}:SecretString\}\}$")
        # A response is stored under an HMAC of its idempotency key, never under the key itself.
        roles = properties_of_type("AWS::IAM::Role")
        for name, function in FUNCTIONS.items():
            repeats = '}StoredResponsesTable"' in json.dumps(roles[f"{name}Role"].get("Policies", []))
            wants = repeats or name in NAMES_PERSONS
            self.assertEqual("PSEUDONYM_SECRET" in function["Environment"]["Variables"], wants, name)
        for name, secret in properties_of_type("AWS::SecretsManager::Secret").items():
            self.assertIn("GenerateSecretString", secret, name)
            self.assertNotIn("SecretString", secret, name)
        for name, secret in of_type("AWS::SecretsManager::Secret").items():
            policies = (secret.get("DeletionPolicy"), secret.get("UpdateReplacePolicy"))
            self.assertEqual(policies, ("Retain", "Retain"), name)

    def test_no_environment_is_under_a_key_of_lambdas(self):
        own = {"Fn::GetAtt": ["EnvironmentKey", "Arn"]}
        expected = {"Fn::If": ["MakesEnvironmentKey", own, {"Ref": "EnvironmentKeyArn"}]}
        self.assertEqual(STACKS["Data"]["Outputs"]["EnvironmentKeyArn"]["Value"], expected)
        for name, function in FUNCTIONS.items():
            self.assertEqual(function["KmsKeyArn"], {"Ref": "EnvironmentKeyArn"}, name)
        self.assertEqual(ROOT_STACK["Parameters"]["EnvironmentKeyArn"]["Default"], "")
        key = of_type("AWS::KMS::Key")["EnvironmentKey"]
        self.assertEqual(key["Condition"], "MakesEnvironmentKey")
        self.assertIs(key["Properties"]["EnableKeyRotation"], True)
        # Only the account's own policies decide who may use the key.
        (statement,) = key["Properties"]["KeyPolicy"]["Statement"]
        self.assertEqual(statement["Principal"], {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}})


class Tables(unittest.TestCase):
    def test_each_is_kept_encrypted_and_backed_up(self):
        for name, table in TABLES.items():
            self.assertEqual((table["DeletionPolicy"], table["UpdateReplacePolicy"]), ("Retain", "Retain"), name)
            properties = table["Properties"]
            self.assertEqual(properties["BillingMode"], "PAY_PER_REQUEST", name)
            self.assertIs(properties["DeletionProtectionEnabled"], True, name)
            key = {"Fn::If": ["MakesTableKey", {"Fn::GetAtt": ["TablesKey", "Arn"]}, {"Ref": "AWS::NoValue"}]}
            encryption = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
            self.assertEqual(properties["SSESpecification"], encryption, name)
            # CloudFormation refuses to replace a table with a name.
            self.assertEqual(properties["TableName"], {"Fn::Sub": f"${{RootStackName}}-{name}"}, name)
            recovery = properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False)
            self.assertIs(recovery, name not in WITHOUT_BACKUPS, name)
        for name, resource in RESOURCES.items():
            self.assertFalse(resource["Type"].startswith("AWS::Backup::"), f"{name} would back up deleted keys")

    def test_each_function_that_names_one_gets_its_name(self):
        for name, function in FUNCTIONS.items():
            for variable, value in function["Environment"]["Variables"].items():
                if variable == "PERSONAL_DATA_KEYS_TABLE":
                    self.assertEqual(value, {"Ref": "PersonalDataKeysTable"}, name)
                elif variable.endswith("_TABLE"):
                    (table,) = re.fullmatch(r"\$\{TablePrefix\}(\w+)", value["Fn::Sub"]).groups()
                    self.assertIn(table, TABLES, f"{name}: {variable}")

    def test_others_are_adopted_by_their_names(self):
        own = {"Fn::Sub": "${AWS::StackName}-"}
        prefix = {"Fn::If": ["AdoptsTables", {"Ref": "TablePrefix"}, own]}
        for name in WITH_FUNCTIONS:
            given = NESTED[name]["Properties"]["Parameters"]
            self.assertEqual(given["TablePrefix"], prefix, name)
            arn, parts = given["TableArnPrefix"]["Fn::Sub"]
            self.assertTrue(arn.endswith(":table/${Prefix}"), name)
            self.assertEqual(parts, {"Prefix": prefix}, name)
            # No restore may bring back a deleted key.
            for parameter in ("PersonalDataKeysTable", "PersonalDataKeysTableArn"):
                self.assertEqual(given[parameter], {"Fn::GetAtt": ["Data", f"Outputs.{parameter}"]}, name)
            for table in ("Events", "Deliveries"):
                stream = {"Fn::GetAtt": ["Data", f"Outputs.{table}Stream"]}
                adopted = {"Fn::If": ["AdoptsTables", {"Ref": f"{table}StreamArn"}, stream]}
                self.assertEqual(given[f"{table}Stream"], adopted, name)
        # The commands find the same tables.
        outputs = ROOT_STACK["Outputs"]
        self.assertEqual(outputs["TablePrefix"]["Value"], prefix)
        for table in ("ApiKeysTable", "TenantsTable", "RecipientsTable", "SigningKeysTable"):
            name, parts = outputs[f"{table}Name"]["Value"]["Fn::Sub"]
            self.assertEqual((name, parts), (f"${{Prefix}}{table}", {"Prefix": prefix}), table)
        own = {"Fn::GetAtt": ["Data", "Outputs.PersonalDataKeysTable"]}
        self.assertEqual(outputs["PersonalDataKeysTableName"]["Value"], own)
        # Which tables the functions use does not change those of the stack.
        given = json.dumps(NESTED["Data"]["Properties"]["Parameters"])
        self.assertNotIn("TablePrefix", given)


class Operations(unittest.TestCase):
    def test_no_log_and_no_trace_holds_a_path(self):
        stage = only("AWS::ApiGateway::Stage")
        self.assertFalse(stage.get("TracingEnabled", False))
        settings = stage["MethodSettings"]
        self.assertIn(("*", "/*"), {(setting["HttpMethod"], setting["ResourcePath"]) for setting in settings})
        for setting in settings:
            logging = (setting["LoggingLevel"], setting["DataTraceEnabled"])
            self.assertEqual(logging, ("OFF", False), setting["ResourcePath"])
        log = stage["AccessLogSetting"]["Format"]
        self.assertNotIn("\n", log)
        line = json.loads(re.sub(r"(?<!\")\$context\.\w+", "1", log))
        self.assertEqual(
            set(line.values()) - {1},
            {
                "$context.requestId",
                "$context.requestTime",
                "$context.httpMethod",
                "$context.resourcePath",
                "$context.integrationLatency",
                "$context.authorizer.latency",
                "$context.error.responseType",
                "$context.authorizer.tenantId",
                "$context.authorizer.keyId",
            },
        )

    def test_logs_are_not_kept_for_ever(self):
        groups = properties_of_type("AWS::Logs::LogGroup")
        self.assertEqual(set(groups), {"FunctionLogs", "AccessLogs"})
        for name, group in groups.items():
            self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"}, name)

    def test_alarms_notify_and_a_401_raises_none(self):
        alarms = properties_of_type("AWS::CloudWatch::Alarm")
        watched = set()
        composites = properties_of_type("AWS::CloudWatch::CompositeAlarm")
        # A part of a composite alarm notifies nobody by itself, nor does the one that only stops deployments.
        parts = {part for it in composites.values() for part in re.findall(r"\$\{(\w+)\}", it["AlarmRule"]["Fn::Sub"])}
        self.assertLessEqual(parts, set(alarms))
        silent = parts | {"DeploymentAlarm"}
        for name, alarm in {**alarms, **composites}.items():
            self.assertEqual(alarm.get("AlarmActions", []), [] if name in silent else [{"Ref": "AlarmTopic"}], name)
        for name, alarm in alarms.items():
            # Only a schedule gives data in each minute.
            self.assertEqual(alarm["TreatMissingData"], "breaching" if name == "WorkLateAlarm" else "notBreaching", name)
            stats = [query["MetricStat"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
            for metric in [stat["Metric"] for stat in stats] or [alarm]:
                watched.add((metric["Namespace"], metric["MetricName"]))
                dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions", [])}
                if metric["Namespace"] == "AWS/ApiGateway":
                    # API Gateway's metrics call an API by its title.
                    stage = {"Ref": "StageName"}
                    self.assertEqual(dimensions, {"ApiName": BODY["info"]["title"], "Stage": stage}, name)
                if metric["Namespace"] == "Assent":
                    self.assertEqual(dimensions, {"LogGroup": {"Ref": "FunctionLogs"}}, name)
                if metric["MetricName"] in {"Errors", "IteratorAge"}:
                    (binary,) = re.fullmatch(r"\$\{RootStackName\}_(\w+)", dimensions["FunctionName"]["Fn::Sub"]).groups()
                    self.assertIn(binary, {binaries()[worker] for worker in WORKERS}, name)
        self.assertEqual(
            watched,
            {
                ("AWS/ApiGateway", "5XXError"),
                ("AWS/ApiGateway", "Count"),
                ("AWS/ApiGateway", "Latency"),
                ("AWS/Lambda", "ConcurrentExecutions"),
                ("AWS/Lambda", "Errors"),
                ("AWS/Lambda", "IteratorAge"),
                ("AWS/Lambda", "Throttles"),
                ("Assent", "DatabaseUnavailable"),
                ("Assent", "OldestDueSeconds"),
                ("Assent", "Overdue"),
                ("Assent", "Unreachable"),
                ("Assent", "WorkFailed"),
            },
        )
        # The functions write their metrics into the log themselves.
        self.assertFalse(properties_of_type("AWS::Logs::MetricFilter"))

    def test_the_dashboard_is_json_and_shows_no_401_as_a_fault(self):
        body = only("AWS::CloudWatch::Dashboard")["DashboardBody"]["Fn::Sub"]
        widgets = json.loads(body)["widgets"]
        # Lambda counts the authorizer's 401 as an error of the function.
        queries = [widget["properties"].get("query", "") for widget in widgets]
        metrics = [json.dumps(widget["properties"].get("metrics", [])) for widget in widgets]
        self.assertFalse([metric for metric in metrics if "Errors" in metric])
        (complaints,) = (query for query in queries if "level in ['WARN', 'ERROR']" in query)
        self.assertIn("""and message != '"Unauthorized"' |""", complaints)
        positions = {(widget["x"], widget["y"]) for widget in widgets}
        self.assertEqual(len(positions), len(widgets), "two widgets in one position")

    def test_what_costs_more_or_is_the_accounts_is_off(self):
        conditional = {"Firewall", "FirewallOfStage", "Domain", "DomainMapping", "DomainRecord", "Budget", "TablesKey"}
        conditional |= {"ConcurrencyQuotaAlarm", "CallsQuotaAlarm", "AlarmSubscription", "EnvironmentKey"}
        self.assertEqual({name for name, resource in RESOURCES.items() if "Condition" in resource}, conditional)
        for name, parameter in ROOT_STACK["Parameters"].items():
            self.assertIn("Default", parameter, name)
        for name in ("DomainName", "CallsPerAddress", "MonthlyBudget", "ConcurrencyQuota", "CallsQuota", "TablePrefix"):
            self.assertEqual(ROOT_STACK["Parameters"][name]["Default"], "", name)
        self.assertEqual(ROOT_STACK["Parameters"]["TableKey"]["Default"], "aws")
        account = translated("stacks/account.yaml")["Resources"]
        self.assertEqual({resource["Type"] for resource in account.values()}, {"AWS::ApiGateway::Account", "AWS::IAM::Role"})
        for name, resource in account.items():
            self.assertEqual((resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("Retain", "Retain"), name)
        self.assertEqual(of_type("AWS::ApiGateway::Account"), {})

    def test_the_firewall_counts_and_samples_nobody(self):
        firewall = only("AWS::WAFv2::WebACL")
        (rule,) = firewall["Rules"]
        self.assertEqual(rule["Statement"]["RateBasedStatement"]["Limit"], {"Ref": "CallsPerAddress"})
        for visibility in (firewall["VisibilityConfig"], rule["VisibilityConfig"]):
            self.assertIs(visibility["SampledRequestsEnabled"], False)


class Stacks(unittest.TestCase):
    def test_cloudformation_takes_500_resources_and_each_stack_has_room(self):
        for name, stack in {"": ROOT_STACK, **STACKS}.items():
            self.assertLessEqual(len(stack["Resources"]), 450, name)
            self.assertLessEqual(len(stack.get("Parameters", {})), 200, name)
            self.assertLessEqual(len(stack.get("Outputs", {})), 200, name)
        self.assertLessEqual(len(NESTED), 500)

    def test_an_id_is_of_one_stack(self):
        ids = [id for stack in STACKS.values() for id in stack["Resources"].keys() - SHARED]
        self.assertEqual(sorted(ids), sorted(set(ids)))
        self.assertEqual(set(NESTED), set(ROOT_STACK["Resources"]))

    def test_each_gets_exactly_its_parameters(self):
        for name, source in SOURCES.items():
            given = NESTED[name]["Properties"].get("Parameters", {})
            self.assertEqual(set(given), set(source["Parameters"]), name)
            for parameter in source["Parameters"].values():
                self.assertNotIn("Default", parameter, name)
            used = json.dumps({section: source.get(section) for section in ("Conditions", "Globals", "Resources", "Outputs")})
            if name not in WITH_FUNCTIONS:
                for parameter in source["Parameters"]:
                    self.assertTrue(f'"{parameter}"' in used or f"${{{parameter}}}" in used, f"{name}: {parameter}")

    def test_those_of_functions_begin_alike(self):
        self.assertEqual(WITH_FUNCTIONS, ["Consents", "Sites", "Recipients", "System", "Pages"])
        first = WITH_FUNCTIONS[0]
        for name in WITH_FUNCTIONS:
            for section in ("Parameters", "Conditions", "Globals"):
                self.assertEqual(SOURCES[name][section], SOURCES[first][section], f"{name}: {section}")
            self.assertEqual(NESTED[name]["Properties"]["Parameters"], NESTED[first]["Properties"]["Parameters"], name)
            kinds = {resource["Type"] for resource in SOURCES[name]["Resources"].values()}
            self.assertEqual(kinds, {"AWS::Serverless::Function"}, name)

    def test_a_deployment_of_functions_does_not_touch_the_data(self):
        data = {"AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret"}
        for name, stack in STACKS.items():
            kinds = {resource["Type"] for resource in stack["Resources"].values()}
            self.assertEqual(kinds, data) if name == "Data" else self.assertEqual(kinds & data, set(), name)
        policies = (NESTED["Data"]["DeletionPolicy"], NESTED["Data"]["UpdateReplacePolicy"])
        self.assertEqual(policies, ("Retain", "Retain"))
        self.assertNotIn("Transform", SOURCES["Data"])
        # No output of another stack changes it.
        self.assertNotIn("Outputs", json.dumps(NESTED["Data"]["Properties"]["Parameters"]))


class Deployments(unittest.TestCase):
    def test_the_environments_have_stacks_and_parameters_of_their_own(self):
        sections = r'^\[(\w+)\.deploy\.parameters\]\n((?:\w+ = .*\n)+)'
        environments = dict(re.findall(sections, (ROOT / "samconfig.toml").read_text(), re.MULTILINE))
        self.assertEqual(set(environments), {"dev", "stage", "prod"})
        names = set()
        for name, lines in environments.items():
            given = dict(re.findall(r'^(\w+) = "(.*)"$', lines, re.MULTILINE))
            names.add(given["stack_name"])
            self.assertLessEqual(len(given["stack_name"]), 34, name)
            self.assertEqual(given["s3_prefix"], given["stack_name"], name)
            # Roles, and SAM in nested stacks.
            self.assertEqual(given["capabilities"], "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND", name)
            self.assertEqual(given["tags"], f"system=assent environment={name}")
            for override in given["parameter_overrides"].split():
                parameter, value = override.split("=")
                declared = ROOT_STACK["Parameters"][parameter]
                self.assertIn(value, map(str, declared["AllowedValues"]), f"{name}: {override}")
        self.assertEqual(len(names), 3)

    def test_callers_get_the_version_of_an_alias(self):
        for function in FUNCTIONS:
            versions = [id for id in of_type("AWS::Lambda::Version") if id.startswith(f"{function}Version")]
            (version,) = versions
            # Kept, so that it can be gone back to.
            self.assertEqual(RESOURCES[version]["DeletionPolicy"], "Retain", function)
            alias = RESOURCES[f"{function}Aliaslive"]["Properties"]
            self.assertEqual(alias["Name"], "live", function)
            self.assertEqual(alias["FunctionVersion"], {"Fn::GetAtt": [version, "Version"]}, function)
        for name, mapping in properties_of_type("AWS::Lambda::EventSourceMapping").items():
            self.assertRegex(mapping["FunctionName"]["Ref"], r"^\w+FunctionAliaslive$", name)

    def test_calls_go_over_gradually_and_alarms_stop_it(self):
        for function in FUNCTIONS:
            policy = RESOURCES[f"{function}Aliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
            self.assertEqual(policy["DeploymentGroupName"], {"Ref": f"{function}DeploymentGroup"}, function)
            group = RESOURCES[f"{function}DeploymentGroup"]["Properties"]
            self.assertEqual([alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]], BRAKES, function)
            self.assertIn("DEPLOYMENT_STOP_ON_ALARM", group["AutoRollbackConfiguration"]["Events"], function)
            config = {"ConfigName": "Canary10Percent10Minutes"}
            name = {"Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", config]}
            self.assertEqual(group["DeploymentConfigName"], name, function)
        for brake in BRAKES:
            self.assertEqual(SOURCES["Operations"]["Outputs"][brake]["Value"], {"Ref": brake})
            for name in WITH_FUNCTIONS:
                given = NESTED[name]["Properties"]["Parameters"][brake]
                self.assertEqual(given, {"Fn::GetAtt": ["Operations", f"Outputs.{brake}"]}, name)
                gradual = NESTED[name]["Properties"]["Parameters"]["GradualDeployment"]
                self.assertEqual(gradual, {"Fn::If": ["IsAllAtOnce", "false", "true"]}, name)

    def test_all_at_once_is_without_codedeploy(self):
        for name in WITH_FUNCTIONS:
            resources = translated(PATHS[name], GradualDeployment="false", DeploymentType="AllAtOnce")["Resources"]
            for id, resource in resources.items():
                self.assertFalse(resource["Type"].startswith("AWS::CodeDeploy::"), f"{name}: {id}")
                self.assertNotIn("UpdatePolicy", resource, f"{name}: {id}")

    def test_other_code_is_another_version_and_publish_all_is_one_of_all(self):
        def versions(name, **given):
            resources = translated(PATHS[name], **given)["Resources"]
            return {id for id, resource in resources.items() if resource["Type"] == "AWS::Lambda::Version"}

        for name in WITH_FUNCTIONS:
            before = versions(name)
            self.assertEqual(versions(name), before)
            self.assertFalse(versions(name, code="other") & before, name)
            # What PublishAll is for: SAM does not see that a parameter in the environment has changed.
            self.assertEqual(versions(name, TablePrefix="restored-"), before, name)
            self.assertFalse(versions(name, PublishAll="a1") & before, name)
            # What its description warns of.
            self.assertEqual(versions(name, PublishAll="a1", code="other"), versions(name, PublishAll="a1"), name)


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"test result: {outcome.testsRun - failed} passed; {failed} failed", flush=True)
    sys.exit(failed != 0)

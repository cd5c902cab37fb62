"""Tests of the template that CloudFormation gets: template.yaml, translated by SAM's own translator.

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
    "/site-v1/{projectId}/consent-types",
    "/v1/public/notices/{registeredNoticeId}",
    "/v1/schemas/consent-receipt-1.json",
}
AUTHORIZERS = {"/open-api/": "ApiKey", "/site-v1/": "Site", "/": "Bearer"}
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


def translated():
    template = yaml_parse((ROOT / "template.yaml").read_text())
    # Replaces the files that `sam deploy` uploads.
    template["Globals"]["Function"]["CodeUri"] = {"Bucket": "bucket", "Key": "key"}
    return transform(template, {}, NoManagedPolicies())


logging.disable(logging.WARNING)
SOURCE = yaml_parse((ROOT / "template.yaml").read_text())
RESOURCES = translated()["Resources"]


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
TABLES = of_type("AWS::DynamoDB::Table")


class Api(unittest.TestCase):
    def test_every_method_is_authorised_and_counted(self):
        seen = set()
        for path, methods in BODY["paths"].items():
            for method, operation in methods.items():
                security = [name for scheme in operation["security"] for name in scheme]
                if path in OPEN or method == "options":
                    self.assertTrue(method == "get" or path.startswith("/site-v1/"), f"{method} {path}")
                    self.assertEqual(security, [], f"{method} {path}")
                    continue
                authorizer = next(name for start, name in AUTHORIZERS.items() if path.startswith(start))
                self.assertEqual(sorted(security), sorted([authorizer, "api_key"]), f"{method} {path}")
                seen.add(authorizer)
        self.assertEqual(seen, set(AUTHORIZERS.values()))

    def test_only_what_names_no_tenant_is_open(self):
        self.assertTrue({"/health", "/openapi.json"} <= BODY["paths"].keys())
        for path in OPEN & BODY["paths"].keys():
            self.assertEqual(set(BODY["paths"][path]) - {"options"}, {"get"}, path)

    def test_every_method_is_a_function_of_ours(self):
        for path, methods in BODY["paths"].items():
            for method, operation in methods.items():
                integration = operation["x-amazon-apigateway-integration"]
                self.assertEqual(integration["type"], "aws_proxy", f"{method} {path}")
                (function,) = re.findall(r"functions/\$\{(\w+)\.Arn\}/invocations$", integration["uri"]["Fn::Sub"])
                self.assertIn(function, FUNCTIONS)

    def test_one_function_authorises_and_names_the_key(self):
        self.assertEqual(API["ApiKeySourceType"], "AUTHORIZER")
        schemes = BODY["components"]["securitySchemes"]
        self.assertEqual(set(schemes), {"Bearer", "ApiKey", "Site", "api_key"})
        identities = {"Bearer": "Authorization", "ApiKey": "X-API-Key", "Site": None}
        for name, header in identities.items():
            authorizer = schemes[name]["x-amazon-apigateway-authorizer"]
            uri = json.dumps(authorizer["authorizerUri"])
            self.assertIn('["AuthorizerFunction", "Arn"]', uri)
            self.assertEqual(authorizer["type"], "request")
            source = f"method.request.header.{header}" if header else None
            self.assertEqual(authorizer.get("identitySource"), source, name)
            # The cache needs an identity to keep callers apart.
            self.assertEqual(authorizer["authorizerResultTtlInSeconds"], 300 if header else 0, name)

    def test_a_function_is_invoked_by_the_api_alone_and_a_worker_by_a_schedule(self):
        permissions = properties_of_type("AWS::Lambda::Permission")
        self.assertTrue(permissions)
        for name, permission in permissions.items():
            if name == "SweepFunctionMinutePermission":
                self.assertEqual(permission["Principal"], "events.amazonaws.com", name)
                continue
            self.assertEqual(permission["Principal"], "apigateway.amazonaws.com", name)
            self.assertIn("execute-api", json.dumps(permission["SourceArn"]), name)
        self.assertEqual(of_type("AWS::Lambda::Url"), {})

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
            if path in OPEN or method == "options"
        }
        self.assertEqual(set(settings), methods | {("*", "/*")})
        for method, setting in settings.items():
            kind = "Stage" if method == ("*", "/*") else "Open"
            limits = {name: setting[f"Throttling{name}Limit"] for name in ("Rate", "Burst")}
            self.assertEqual(limits, {name: {"Ref": f"{kind}{name}"} for name in limits}, method)
        # No plan allows one key more than a method accepts.
        default = {name: parameter.get("Default") for name, parameter in SOURCE["Parameters"].items()}
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
        if "Fn::GetAtt" in resource:
            table, attribute = resource["Fn::GetAtt"]
            self.assertEqual(attribute, "Arn", function)
            found = (table, None)
        else:
            index = re.fullmatch(r"\$\{(\w+)\.Arn\}/index/(\w+)", resource["Fn::Sub"])
            self.assertIsNotNone(index, f"{function}: {resource}")
            found = index.groups()
        self.assertIn(found[0], TABLES, function)
        return found

    def test_the_authorizer_alone_reads_keys(self):
        for name, role in properties_of_type("AWS::IAM::Role").items():
            policies = json.dumps(role.get("Policies", []))
            self.assertEqual('"ApiKeysTable"' in policies, name == "AuthorizerFunctionRole", name)
            self.assertNotIn('"TenantsTable"', policies, name)
        for name, function in FUNCTIONS.items():
            self.assertEqual("API_KEYS_TABLE" in function["Environment"]["Variables"], name == "AuthorizerFunction")

    def test_each_is_a_binary_of_its_own(self):
        package = (ROOT / "functions/Cargo.toml").read_text()
        binaries = re.findall(r'^\[\[bin\]\]\nname = "([^"]+)"', package, re.MULTILINE)
        named = [SOURCE["Resources"][name]["Metadata"]["BuildProperties"]["Binary"] for name in FUNCTIONS]
        self.assertEqual(sorted(named), sorted(binaries))

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
        self.assertEqual(SOURCE["Parameters"]["Architecture"]["Default"], "arm64")
        self.assertEqual(SOURCE["Parameters"]["ReservedConcurrency"]["Default"], "")

    def test_secrets_are_references(self):
        for name, function in FUNCTIONS.items():
            for variable, value in function["Environment"]["Variables"].items():
                if variable.endswith("SECRET"):
                    self.assertRegex(value["Fn::Sub"], r"^\{\{resolve:secretsmanager:\$\{\w+\}:SecretString\}\}$")
        # A response is stored under an HMAC of its idempotency key, never under the key itself.
        roles = properties_of_type("AWS::IAM::Role")
        for name, function in FUNCTIONS.items():
            repeats = '"StoredResponsesTable"' in json.dumps(roles[f"{name}Role"].get("Policies", []))
            self.assertEqual("PSEUDONYM_SECRET" in function["Environment"]["Variables"], repeats, name)
        for name, secret in properties_of_type("AWS::SecretsManager::Secret").items():
            self.assertIn("GenerateSecretString", secret, name)
            self.assertNotIn("SecretString", secret, name)
        for name, secret in of_type("AWS::SecretsManager::Secret").items():
            policies = (secret.get("DeletionPolicy"), secret.get("UpdateReplacePolicy"))
            self.assertEqual(policies, ("Retain", "Retain"), name)

    def test_no_environment_is_under_a_key_of_lambdas(self):
        own = {"Fn::GetAtt": ["EnvironmentKey", "Arn"]}
        expected = {"Fn::If": ["MakesEnvironmentKey", own, {"Ref": "EnvironmentKeyArn"}]}
        for name, function in FUNCTIONS.items():
            self.assertEqual(function["KmsKeyArn"], expected, name)
        self.assertEqual(SOURCE["Parameters"]["EnvironmentKeyArn"]["Default"], "")
        ((_, key),) = of_type("AWS::KMS::Key").items()
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
            self.assertEqual(properties["SSESpecification"], {"SSEEnabled": True}, name)
            recovery = properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False)
            self.assertIs(recovery, name not in WITHOUT_BACKUPS, name)
        for name, resource in RESOURCES.items():
            self.assertFalse(resource["Type"].startswith("AWS::Backup::"), f"{name} would back up deleted keys")

    def test_each_function_that_names_one_gets_its_name(self):
        for name, function in FUNCTIONS.items():
            for variable, value in function["Environment"]["Variables"].items():
                if variable.endswith("_TABLE"):
                    self.assertIn(value["Ref"], TABLES, f"{name}: {variable}")


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
        # A part of a composite alarm notifies nobody by itself.
        parts = {part for it in composites.values() for part in re.findall(r"\$\{(\w+)\}", it["AlarmRule"]["Fn::Sub"])}
        self.assertLessEqual(parts, set(alarms))
        for name, alarm in {**alarms, **composites}.items():
            self.assertEqual(alarm.get("AlarmActions", []), [] if name in parts else [{"Ref": "AlarmTopic"}], name)
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
                    self.assertIn(dimensions["FunctionName"]["Ref"], WORKERS, name)
        self.assertEqual(
            watched,
            {
                ("AWS/ApiGateway", "5XXError"),
                ("AWS/ApiGateway", "Latency"),
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

    def test_cloudformation_takes_so_many_resources(self):
        self.assertLessEqual(len(RESOURCES), 500)
        self.assertLessEqual(len(SOURCE["Parameters"]), 200)


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"test result: {outcome.testsRun - failed} passed; {failed} failed", flush=True)
    sys.exit(failed != 0)

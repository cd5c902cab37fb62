//! Every operation that openapi.yaml describes, with a valid call of each, for the tests that cover all operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use hyper::Method;
use serde_json::{Value, json};

use crate::client::Request;
use crate::fixtures::{
    EXPORTS, NOTICES, RECIPIENTS, RECORDS, Tenant, Visitor, accepted, child_grant, complete_draft,
    consent_type_with_triple, events_path, export, grievance, grievance_path, in_future, recipient, recipient_path,
    record, record_path, text, text_of, unique_label, with, withdraw_path, withdrawals_path,
};
use crate::system::System;
use crate::telling::DELIVERIES;

/// An operation of openapi.yaml.
#[derive(Clone)]
pub struct Operation {
    /// Its `operationId`, which is the name of its function.
    pub id: String,
    /// Its method.
    pub method: Method,
    /// Its path, with the parameters in braces.
    pub route: String,
    /// The names of its query parameters.
    pub query: Vec<String>,
    described: Value,
    /// The whole of openapi.yaml.
    description: Arc<Value>,
}

impl Operation {
    /// Whether any key of the organisation may call it, whatever its scopes.
    pub fn is_for_any_key(&self) -> bool {
        self.described["x-scope"] == "any"
    }

    /// Whether it takes a body.
    pub fn takes_body(&self) -> bool {
        self.described.get("requestBody").is_some()
    }

    /// The required members of its body, named as in the details of an error. For a list, those of the first element.
    pub fn required_members(&self) -> Vec<String> {
        let mut required = Vec::new();
        self.required_by(&self.described["requestBody"]["content"]["application/json"]["schema"], "", &mut required);
        required
    }

    fn required_by(&self, schema: &Value, at: &str, required: &mut Vec<String>) {
        let schema = resolved(&self.description, schema);
        let path = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).map(path));
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            self.required_by(member, &path(name), required);
        }
        // An empty body does not meet a condition that requires a member.
        if schema["if"]["required"].is_array() && schema["else"].is_object() {
            self.required_by(&schema["else"], at, required);
        }
        for alternative in schema["anyOf"].as_array().into_iter().flatten() {
            self.required_by(alternative, at, required);
        }
        if schema["items"].is_object() {
            self.required_by(&schema["items"], &format!("{at}[0]"), required);
        }
    }

    /// Whether it takes an API key or a site session.
    pub fn needs_credential(&self) -> bool {
        self.described["security"] != json!([])
    }

    /// Whether it is for an end user with a site session, and for no API key.
    pub fn is_for_end_users(&self) -> bool {
        self.method == Method::GET && self.route.starts_with("/site-v1/") && self.needs_credential()
    }

    /// Whether it creates, changes or deletes something.
    pub fn writes(&self) -> bool {
        self.method != Method::GET
    }

    /// Whether openapi.yaml lists this status for it.
    pub fn may_have_status(&self, status: u16) -> bool {
        self.described["responses"].get(status.to_string()).is_some()
    }

    /// The status of success.
    pub fn success(&self) -> u16 {
        (200..300).find(|status| self.may_have_status(*status)).expect("a status of success")
    }

    /// The parameters of its path.
    pub fn path_parameters(&self) -> Vec<&str> {
        let segments = self.route.split('/');
        segments.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect()
    }
}

/// All operations of `/openapi.json`. Deletions come last, so that all can be called in turn on the same resources.
pub async fn operations(system: &System) -> Vec<Operation> {
    let description = Arc::new(system.client.send(Request::new(Method::GET, "/openapi.json")).await.expect(200));
    let mut operations = Vec::new();
    for (route, members) in description["paths"].as_object().expect("paths") {
        // Pages take a cookie and forms, and have tests of their own.
        if route.starts_with("/p/") || route.starts_with("/console/") {
            continue;
        }
        for (method, described) in
            members.as_object().expect("operations").iter().filter(|(name, _)| *name != "parameters")
        {
            let of_both = [&members["parameters"], &described["parameters"]].map(Value::as_array);
            let parameters = of_both.into_iter().flatten().flatten();
            let parameters = parameters.map(|parameter| resolved(&description, parameter));
            let query = parameters.filter(|parameter| parameter["in"] == "query");
            operations.push(Operation {
                id: text(described, "operationId"),
                method: method.to_uppercase().parse().expect("a method"),
                route: route.clone(),
                query: query.map(|parameter| text(parameter, "name")).collect(),
                described: described.clone(),
                description: Arc::clone(&description),
            });
        }
    }
    assert!(operations.len() > system.routes_with_keys().len(), "not all are described");
    operations.sort_by_key(|operation| operation.method == Method::DELETE);
    operations
}

/// Follows the `$ref` of a part of the description, if it has one.
fn resolved<'a>(description: &'a Value, part: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some(reference) => description.pointer(reference.trim_start_matches('#')).expect("a part of the description"),
        None => part,
    }
}

/// The path of a route with each parameter filled in.
pub fn path_of(route: &str, id: impl Fn(&str) -> String) -> String {
    let filled = route.split('/').map(|segment| match segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        Some(parameter) => id(parameter),
        None => segment.to_owned(),
    });
    filled.collect::<Vec<_>>().join("/")
}

/// An id of the right form for this parameter of a path that no resource has.
pub fn unknown_id(parameter: &str) -> &'static str {
    match parameter {
        "noticeId" | "principalId" | "version" => "unknown",
        "language" => "tlh",
        "registeredNoticeId" => "ntc_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "recordId" => "cr_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "grantId" => "grnt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "grievanceId" => "grv_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "recipientId" => "rcp_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "deliveryId" => "dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "eventId" => "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "exportId" => "exp_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "withdrawalId" => "wdr_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "requestId" => "ER-2016-01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "versionEntry" => "999",
        _ => "44499771-03fb-4f0c-8620-88f538385446",
    }
}

/// The version of the notice that a call publishes.
const TO_PUBLISH: &str = "2.0";
/// A person with a consent that can be withdrawn. The one in the ids is erased before.
const WITHDRAWING: &str = "user-5";

/// One resource of each kind, all of one organisation, so that every operation can be called.
pub struct Resources {
    /// The organisation.
    pub tenant: Tenant,
    /// An end user of its project's site.
    pub visitor: Visitor,
    /// The ids, by the names of the parameters that take them. The version `1.0` of the notice is a draft.
    ids: BTreeMap<&'static str, String>,
    grant: Value,
    notice: Value,
    /// The consent type that the end user has accepted. Nobody has used the one in `ids`.
    accepted_type: String,
    /// A delivery that asks to cease. The one in `ids` is a test message.
    owed: String,
}

impl Resources {
    /// Creates them in a new organisation.
    pub async fn new(system: &'static System) -> Self {
        let tenant = Tenant::new(system).await;
        let (notice, grant) = (tenant.create_notice().await, tenant.create_grant("user-1").await);
        let recorded = tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
        let grievance = tenant.create_grievance("user-1").await;
        tenant.patch(grievance_path(&grievance), &json!({"status": "in_review"})).await.expect(200);
        let (project, accepted_type) = (tenant.create_project().await, tenant.create_consent_type().await);
        let visitor = tenant.create_visitor(&project, &json!({"userId": "user-1"})).await;
        let events = visitor.post(events_path(&project), &accepted(&accepted_type)).await.expect(201);
        let draft = complete_draft("hi");
        for version in ["1.0", TO_PUBLISH] {
            tenant.post(NOTICES, &with(&draft, "version", Some(json!(version)))).await.expect(201);
        }
        for principal in ["user-2", "user-3"] {
            tenant.create_grant(principal).await;
        }
        for principal in [WITHDRAWING, "user-6"] {
            let grant = tenant.create_grant(principal).await;
            tenant.post(RECORDS, &record(&grant, &notice, principal)).await.expect(201);
        }
        let everything = json!({"purposes": "*", "reason": "x"});
        let withdrawn = tenant.post(withdrawals_path("user-6"), &everything).await.expect(201);
        let trail = tenant.get(format!("{}/audit", record_path(&recorded))).await.expect(200);
        let recipient = tenant.post(RECIPIENTS, &with(&recipient(), "purposes", Some(json!(["*"])))).await.expect(201);
        let ping = tenant.request(Method::POST, format!("{}/ping", recipient_path(&recipient)));
        let pinged = tenant.send(ping).await.expect(202);
        let withdrawn_record = tenant.create_record_of("user-7").await;
        tenant.post(withdraw_path(&withdrawn_record), &json!({"reason": "x"})).await.expect(200);
        system.tell(tenant.id).await;
        let owed = tenant.get(format!("{DELIVERIES}?recipientId={}", text(&recipient, "id"))).await.expect(200);
        let ids = BTreeMap::from([
            ("noticeId", text(&draft, "noticeId")),
            ("version", text(&draft, "version")),
            ("language", text(&draft, "language")),
            ("registeredNoticeId", text(&notice, "id")),
            ("recordId", text(&recorded, "recordId")),
            ("principalId", "user-2".to_owned()),
            ("requestId", text(&tenant.erase("user-3").await, "requestId")),
            ("withdrawalId", text(&withdrawn, "withdrawalId")),
            ("grievanceId", text(&grievance, "grievanceId")),
            ("exportId", text(&tenant.post(EXPORTS, &export()).await.expect(201), "exportId")),
            ("grantId", text(&grant, "grantId")),
            ("sessionId", text(&tenant.create_session().await, "sessionId")),
            ("consentCatalogId", tenant.create_consent_type().await),
            ("versionEntry", "1".to_owned()),
            ("eventId", text(&trail["entries"][0]["details"], "eventId")),
            ("recipientId", text(&recipient, "id")),
            ("deliveryId", text(&pinged, "id")),
            ("projectId", project),
            ("operation", "health".to_owned()),
            ("id", text(&events["items"][0], "id")),
        ]);
        let mut owed = owed["deliveries"].as_array().expect("deliveries").iter();
        let owed = text(owed.find(|it| it["type"] == "consent.withdrawn").expect("a withdrawal"), "id");
        Self { tenant, visitor, ids, grant, notice, accepted_type, owed }
    }

    /// The id that this parameter of a path takes.
    pub fn id(&self, parameter: &str) -> &str {
        self.ids.get(parameter).unwrap_or_else(|| panic!("no resource for {{{parameter}}}: add one here"))
    }

    /// A valid call of the operation. Where the operation creates something, each call creates another one.
    pub fn call(&self, operation: &Operation) -> Request {
        let id = |parameter: &str| match (operation.id.as_str(), parameter) {
            // The other version stays a draft, so that it can still be replaced and deleted.
            ("publish-consent-notice", "version") => TO_PUBLISH,
            ("withdraw-data-principal", "principalId") => WITHDRAWING,
            ("acknowledge-delivery", "deliveryId") => &self.owed,
            _ => self.id(parameter),
        };
        self.call_at(operation, path_of(&operation.route, |parameter| id(parameter).to_owned()))
    }

    /// The same with another path.
    pub fn call_at(&self, operation: &Operation, path: impl Into<String>) -> Request {
        let request = self.bare_call_at(operation, path);
        match self.body(operation) {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// The same without its body.
    pub fn bare_call_at(&self, operation: &Operation, path: impl Into<String>) -> Request {
        let path = path.into();
        if !operation.needs_credential() {
            Request::new(operation.method.clone(), path)
        } else if operation.is_for_end_users() {
            self.visitor.request(operation.method.clone(), path)
        } else {
            self.tenant.request(operation.method.clone(), path)
        }
    }

    /// A body that the operation takes, with all its members.
    pub fn body(&self, operation: &Operation) -> Option<Value> {
        let version = json!({"url": "https://example.com/", "description": "x"});
        let body = match operation.id.as_str() {
            _ if !operation.takes_body() => return None,
            "create-consent-notice" => complete_draft("en"),
            "replace-consent-notice-draft" => with(&text_of(&complete_draft("hi")), "title", Some(json!("Another"))),
            "publish-consent-notice" => json!({"requiredLanguages": ["hi"]}),
            "create-consent-record" => {
                let mut body = record(&self.grant, &self.notice, "user-1");
                body["consentNoticeVersion"] = self.notice["version"].clone();
                body["consentNoticeLanguage"] = self.notice["language"].clone();
                body["purposes"][0]["decision"] = json!("granted");
                body["method"] = json!("toggle");
                body["shownAt"] = json!("2026-01-01T00:00:00Z");
                body["channel"] = json!("web");
                body["actor"] = json!({
                    "type": "guardian", "id": "parent-1",
                    "verification": {"method": "digilocker", "reference": "DL-4711", "at": "2026-01-01T00:00:00Z"},
                });
                body
            }
            "withdraw-consent-record" => json!({
                "reason": "N\u{f6} m\u{f6}re \u{1f642}", "purposes": ["analytics"], "revokeGrant": false,
                "deleteProcessedData": false,
            }),
            "withdraw-data-principal" => json!({
                "purposes": ["analytics"], "reason": "No more", "noticeId": self.notice["noticeId"],
            }),
            "check-consents" => json!({
                "items": [{
                    "dataPrincipalId": "user-1", "purpose": "analytics", "noticeId": self.notice["noticeId"],
                    "grantId": self.id("grantId"), "scope": "orders:read",
                }],
                "log": true,
            }),
            "create-grievance" => {
                let mut body = grievance("user-1");
                body["recordId"] = json!(self.id("recordId"));
                body["responsePeriodDays"] = json!(30);
                body
            }
            "update-grievance" => json!({"status": "resolved", "resolution": "Done"}),
            "create-export" => json!({
                "type": "dpdp-audit", "format": "json", "dateFrom": "2020-01-01", "dateTo": "2200-01-01",
                "includeActionLog": true, "includeConsentRecords": true, "dataPrincipalId": "user-1",
            }),
            "create-grant" => with(
                &child_grant(&self.grant, "user-1"),
                "expiresAt",
                Some(json!(in_future(chrono::Duration::days(9)))),
            ),
            "create-project" => json!({"name": "Shop", "domain": "shop.example"}),
            "update-project" => json!({"name": "Another", "domains": ["shop.example", "http://localhost:3000"]}),
            "create-recipient" => recipient(),
            "update-recipient" => with(&recipient(), "name", Some(json!("Another"))),
            "replay-to-recipient" => json!({"since": "2026-01-01T00:00:00Z"}),
            "acknowledge-delivery" => json!({
                "outcome": "retained_by_law", "at": "2026-01-01T00:00:00Z", "basis": "Companies Act, s.128",
                "until": "2190-01-01T00:00:00Z",
                "evidence": {"uri": "https://mail.example/1", "sha256": "0".repeat(64)},
            }),
            "replace-organisation" => json!({
                "name": "Acme", "address": "1 MG Road", "contact": "privacy@acme.com", "jurisdiction": "IN",
                "storageLocations": ["IN"],
                "dataProtectionOfficer": {"name": "Jane Doe", "email": "dpo@acme.com", "phone": "+91-9876543210"},
            }),
            "create-portal-session" => json!({
                "dataPrincipalId": "user-1", "locale": "hi", "flow": "consent",
                "consent": {
                    "noticeId": self.notice["noticeId"], "version": self.notice["version"],
                    "grantId": self.grant["grantId"], "processingExpiresAt": in_future(chrono::Duration::days(9)),
                },
                "returnUrl": "https://shop.example/thanks", "delivery": "message",
            }),
            "create-dpdp-session" => json!({
                "consentedPurposes": ["a"], "isChild": true, "metadata": {"k": 1}, "dataPrincipalId": "user-1",
            }),
            "update-dpdp-session" => json!({
                "sessionId": self.id("sessionId"), "consentedPurposes": ["a"], "isChild": true,
                "metadata": {"k": {"l": 1}}, "closed": false, "closureReason": "x",
            }),
            "create-consent-type" => {
                let mut body = consent_type_with_triple(&unique_label());
                body["validStates"] = json!(["accepted"]);
                body["consentDuration"] = json!("P1Y");
                body
            }
            "update-consent-type" => json!({"title": "Another", "description": "x"}),
            "create-consent-type-version" | "update-consent-type-version" => version,
            "create-site-session" => json!({
                "concordId": "44499771-03fb-4f0c-8620-88f538385446", "userId": "user-4", "domain": "shop.example",
                "geography": "IN-KA", "ttlSeconds": 60,
            }),
            "create-consent-events" => accepted(&self.accepted_type),
            other => panic!("no body for {other}: add one here"),
        };
        Some(body)
    }
}

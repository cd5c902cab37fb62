//! Tenants, each with keys of its own, and the things a test needs to exist before it begins.

use std::ops::Deref;

use assent_shared::domain::api_key::ApiKeyStatus;
use chrono::{DateTime, Duration, Utc};
use hyper::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::client::{Answer, Client, Request};
use crate::like::as_text;
pub use crate::like::now;
use crate::system::System;

/// A bearer of a key.
#[derive(Clone)]
pub struct Caller {
    /// How it reaches the API.
    pub client: Client,
    /// Its key.
    pub key: String,
}

impl Caller {
    /// The same key by another way into the API.
    #[must_use]
    pub fn by(&self, client: &Client) -> Self {
        Self { client: client.clone(), key: self.key.clone() }
    }

    /// A request with the key in the header that its path wants.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        self.with_key(Request::new(method, path))
    }

    /// A request with the key in the header that its path wants.
    pub fn with_key(&self, request: Request) -> Request {
        let (name, value) = key_header(request.path(), &self.key);
        request.header(name, value)
    }

    /// Such a request with a JSON body.
    pub fn posting(&self, path: impl Into<String>, body: &Value) -> Request {
        self.request(Method::POST, path).json(body)
    }

    /// Such a request with a JSON body.
    pub fn patching(&self, path: impl Into<String>, body: &Value) -> Request {
        self.request(Method::PATCH, path).json(body)
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Answer {
        self.client.send(request).await
    }

    /// GET.
    pub async fn get(&self, path: impl Into<String>) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: impl Into<String>) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// POST.
    pub fn post<'a, Path: Into<String>>(
        &'a self,
        path: Path,
        body: &Value,
    ) -> impl Future<Output = Answer> + use<'a, Path> {
        self.send(self.posting(path, body))
    }

    /// PATCH.
    pub fn patch<'a, Path: Into<String>>(
        &'a self,
        path: Path,
        body: &Value,
    ) -> impl Future<Output = Answer> + use<'a, Path> {
        self.send(self.patching(path, body))
    }

    /// Registers a notice of the two usual purposes.
    pub async fn create_notice(&self) -> Value {
        self.post(NOTICES, &notice()).await.expect(201)
    }

    /// Makes a grant for this principal.
    pub async fn create_grant(&self, principal: &str) -> Value {
        self.post(GRANTS, &grant(principal)).await.expect(201)
    }

    /// Makes a record, and before it its notice and its grant.
    pub async fn create_record(&self) -> Value {
        let principal = unique("user");
        let notice = self.create_notice().await;
        let grant = self.create_grant(&principal).await;
        self.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201)
    }

    /// Submits a grievance of this principal.
    pub async fn create_grievance(&self, principal: &str) -> Value {
        self.post(GRIEVANCES, &grievance(principal)).await.expect(202)
    }

    /// Makes an empty session.
    pub async fn create_session(&self) -> Value {
        self.post(SESSION, &json!({})).await.expect(201)
    }

    /// Makes a consent type without a triple; gives its id.
    pub async fn create_consent_type(&self) -> String {
        let created = self.post(CATALOG, &consent_type()).await.expect(201);
        text(&created, "id")
    }

    /// Issues an end user of this project's site a session.
    pub async fn create_visitor(&self, project: &str, body: &Value) -> Visitor {
        let session = self.post(visitors_path(project), body).await.expect(201);
        Visitor {
            client: self.client.clone(),
            token: text(&session, "sessionToken"),
            project: project.to_owned(),
            session_id: text(&session, "sessionId"),
            concord_id: text(&session, "concordId"),
        }
    }

    /// Makes a project; gives its id.
    pub async fn create_project(&self) -> String {
        let created = self.post(PROJECTS, &json!({"name": "Shop", "domain": "shop.example"})).await.expect(201);
        text(&created, "id")
    }
}

/// A bearer of a site session.
#[derive(Clone)]
pub struct Visitor {
    /// How it reaches the API.
    pub client: Client,
    /// Its session's token.
    pub token: String,
    /// The project whose site it visits.
    pub project: String,
    /// Its session.
    pub session_id: String,
    /// The end user.
    pub concord_id: String,
}

impl Visitor {
    /// A request with the token.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request::new(method, path).header("x-session", &self.token)
    }

    /// Such a request with a JSON body.
    pub fn posting(&self, path: impl Into<String>, body: &Value) -> Request {
        self.request(Method::POST, path).json(body)
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Answer {
        self.client.send(request).await
    }

    /// GET.
    pub async fn get(&self, path: impl Into<String>) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }
}

/// What an authorizer tells the functions of a key of all scopes.
pub fn authorizer(tenant: Uuid, name: &str, key_id: Uuid) -> Value {
    json!({"tenantId": tenant, "tenantName": name, "keyId": key_id, "scopes": "*"})
}

/// The header in which a path wants its key, and its value.
pub fn key_header(path: &str, key: &str) -> (&'static str, String) {
    if path.starts_with("/open-api/") || path.starts_with("/site-v1/") {
        ("X-API-Key", key.to_owned())
    } else {
        ("Authorization", format!("Bearer {key}"))
    }
}

/// An organisation of one test's own, and the bearer of its key of all scopes.
pub struct Tenant {
    /// Shown as `companyId` and `organization`, and part of every key in the database.
    pub id: Uuid,
    /// Shown as `dataFiduciaryName`.
    pub name: String,
    /// The key's public id.
    pub key_id: Uuid,
    system: &'static System,
    caller: Caller,
}

impl Deref for Tenant {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Tenant {
    /// A new organisation with a key of all scopes.
    pub async fn new(system: &'static System) -> Self {
        let name = unique("Acme");
        let key = system.issue_key(&name, &["*"], ApiKeyStatus::Active, None).await;
        Self {
            id: key.caller.tenant_id.0,
            name,
            key_id: key.caller.key_id,
            system,
            caller: Caller { client: system.client.clone(), key: key.text.reveal().to_owned() },
        }
    }

    /// What the authorizer tells the functions of the key.
    pub fn authorizer(&self) -> Value {
        authorizer(self.id, &self.name, self.key_id)
    }

    /// Another key of the same organisation with these scopes only.
    pub async fn with_scopes(&self, scopes: &[&str]) -> Caller {
        self.another(scopes, ApiKeyStatus::Active, None).await
    }

    /// Another key of the same organisation that ends at this moment.
    pub async fn with_expiry(&self, expiry: DateTime<Utc>) -> Caller {
        self.another(&["*"], ApiKeyStatus::Active, Some(expiry)).await
    }

    /// Another key of the same organisation on this usage plan.
    pub async fn on_plan(&self, plan: &str) -> Caller {
        let caller = self.with_scopes(&["*"]).await;
        self.system.put_on_plan(&caller.key, plan);
        caller
    }

    /// Another key of the same organisation on no usage plan.
    pub async fn on_no_plan(&self) -> Caller {
        let key = self.system.issue_planless_key(&self.name, &["*"], ApiKeyStatus::Active, None).await;
        Caller { client: self.system.client.clone(), key: key.text.reveal().to_owned() }
    }

    /// Another key of the same organisation that is switched off.
    pub async fn disabled(&self) -> Caller {
        self.another(&["*"], ApiKeyStatus::Disabled, None).await
    }

    async fn another(&self, scopes: &[&str], status: ApiKeyStatus, expiry: Option<DateTime<Utc>>) -> Caller {
        let key = self.system.issue_key(&self.name, scopes, status, expiry).await;
        Caller { client: self.system.client.clone(), key: key.text.reveal().to_owned() }
    }
}

/// The lowercase hexadecimal SHA-256 of a text.
pub fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Where notices are.
pub const NOTICES: &str = "/v1/dpdp/consent-notices";
/// Where records are.
pub const RECORDS: &str = "/v1/dpdp/consent-records";
/// Where grants are.
pub const GRANTS: &str = "/v1/grants";
/// Where grievances are.
pub const GRIEVANCES: &str = "/v1/dpdp/grievances";
/// Where exports are.
pub const EXPORTS: &str = "/v1/dpdp/exports";
/// Where DPDP sessions are.
pub const SESSION: &str = "/api/v1/compliance/dpdp/session";
/// Where consent types are.
pub const CATALOG: &str = "/open-api/v1/consent-catalog";
/// Where projects are.
pub const PROJECTS: &str = "/v1/projects";

/// A text that no other call returns.
#[expect(clippy::disallowed_methods, reason = "runs share no names: nothing is to be foreseen here")]
pub fn unique(stem: &str) -> String {
    format!("{stem}-{}", Uuid::new_v4().simple())
}

/// A text member of a body.
#[track_caller]
pub fn text(body: &Value, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no text {name} in {body}")).to_owned()
}

/// The body of the seed's notice under a fresh id.
pub fn notice() -> Value {
    json!({
        "noticeId": unique("privacy-notice"),
        "version": "2.0",
        "title": "Data Processing Consent Notice",
        "content": "We collect and process your data for the following purposes...",
        "purposes": [
            {"code": "analytics", "description": "Usage analytics for service improvement"},
            {"code": "personalization", "description": "Personalized recommendations"},
        ],
        "language": "en",
        "grievanceOfficer": {"name": "Jane Doe", "email": "grievance@acme.com", "phone": "+91-9876543210"},
    })
}

/// The body of a grant without an end.
pub fn grant(principal: &str) -> Value {
    json!({"principalId": principal, "scopes": ["profile:read", "orders:read"]})
}

/// The body of a record of the notice's purpose `analytics` for the year ahead.
pub fn record(grant: &Value, notice: &Value, principal: &str) -> Value {
    json!({
        "grantId": text(grant, "grantId"),
        "dataPrincipalId": principal,
        "purposes": [{"code": "analytics", "description": "Usage analytics"}],
        "consentNoticeId": text(notice, "noticeId"),
        "processingExpiresAt": in_future(Duration::days(200)),
    })
}

/// The body of a grievance without a record.
pub fn grievance(principal: &str) -> Value {
    json!({
        "dataPrincipalId": principal,
        "type": "access-request",
        "description": "I asked for my data on the 3rd and have heard nothing since",
        "evidence": {"ticket": 4711, "channel": "email"},
    })
}

/// The body of an export of all there is.
pub fn export() -> Value {
    json!({"type": "dpdp-audit", "dateFrom": "2020-01-01", "dateTo": "2200-01-01"})
}

/// Where an export is.
pub fn export_path(export: &Value) -> String {
    format!("{EXPORTS}/{}", text(export, "exportId"))
}

/// Where a grievance is.
pub fn grievance_path(grievance: &Value) -> String {
    format!("{GRIEVANCES}/{}", text(grievance, "grievanceId"))
}

/// The body of a consent type without a triple.
pub fn consent_type() -> Value {
    json!({
        "type": "privacyPolicy",
        "title": "Privacy policy",
        "description": "What we do with your data",
        "typeEntry": {"url": "https://example.com/policy", "description": "First edition"},
    })
}

/// One accepted consent to this type.
pub fn accepted(consent_type: &str) -> Value {
    json!({"items": [{"consentType": consent_type, "consentState": "accepted", "consentAction": "user_click"}]})
}

/// Where a consent type's versions are.
pub fn version_path(consent_type: &str, version: &str) -> String {
    format!("{CATALOG}/{consent_type}/version/{version}")
}

/// Where a project's site sessions are issued.
pub fn visitors_path(project: &str) -> String {
    format!("/site-v1/{project}/sessions")
}

/// Where the current user's consent state is.
pub fn state_path(project: &str) -> String {
    format!("/site-v1/{project}/consent-state")
}

/// Where a project's consent events are.
pub fn events_path(project: &str) -> String {
    format!("/site-v1/{project}/consent-events")
}

/// Where a record is withdrawn.
pub fn withdraw_path(record: &Value) -> String {
    format!("{RECORDS}/{}/withdraw", text(record, "recordId"))
}

/// A moment so far ahead, as answers write times.
pub fn in_future(ahead: Duration) -> String {
    as_text(now() + ahead)
}

/// A copy of the body with one member set, or removed where the value is `None`. The path is
/// written as in the details of an error: `purposes[0].code`.
#[track_caller]
pub fn with(body: &Value, path: &str, value: Option<Value>) -> Value {
    let mut body = body.clone();
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    let (parent, last) = pointer.rsplit_once('/').unwrap_or_default();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing holds {path}"));
    match (parent, value) {
        (Value::Object(members), Some(value)) => {
            members.insert(last.to_owned(), value);
        }
        (Value::Object(members), None) => {
            members.remove(last);
        }
        (Value::Array(items), Some(value)) => {
            let index: usize = last.parse().expect("an index");
            if index == items.len() {
                items.push(value);
            } else {
                *items.get_mut(index).expect("an item") = value;
            }
        }
        _ => panic!("cannot set {path}"),
    }
    body
}

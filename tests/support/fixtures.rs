//! Tenants, each with keys of its own, and the resources that a test needs before it begins.

use std::fmt::Display;
use std::ops::Deref;

use assent_shared::domain::api_key::ApiKeyStatus;
use chrono::{DateTime, Duration, Utc};
use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::client::{Client, Request, Response};
use crate::like::as_text;
pub use crate::like::now;
use crate::system::System;

/// A caller of the API, with an API key or a site session.
#[derive(Clone)]
pub struct Caller {
    /// The client through which it calls the API.
    pub client: Client,
    /// Its API key, or the token of its site session.
    pub key: String,
    is_site_session: bool,
}

impl Caller {
    /// A bearer of this API key.
    pub fn new(client: &Client, key: impl Into<String>) -> Self {
        Self { client: client.clone(), key: key.into(), is_site_session: false }
    }

    /// The same credential, used through another client.
    #[must_use]
    pub fn by(&self, client: &Client) -> Self {
        Self { client: client.clone(), ..self.clone() }
    }

    /// A request with the credential in the header that its path requires.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        self.with_key(Request::new(method, path))
    }

    /// A request with the credential in the header that its path requires.
    pub fn with_key(&self, request: Request) -> Request {
        if self.is_site_session {
            return request.header("X-Session", &self.key);
        }
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
    pub async fn send(&self, request: Request) -> Response {
        self.client.send(request).await
    }

    /// GET.
    pub async fn get(&self, path: impl Into<String>) -> Response {
        self.send(self.request(Method::GET, path)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: impl Into<String>) -> Response {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// POST.
    pub fn post<'a, Path: Into<String>>(
        &'a self,
        path: Path,
        body: &Value,
    ) -> impl Future<Output = Response> + use<'a, Path> {
        self.send(self.posting(path, body))
    }

    /// PATCH.
    pub fn patch<'a, Path: Into<String>>(
        &'a self,
        path: Path,
        body: &Value,
    ) -> impl Future<Output = Response> + use<'a, Path> {
        self.send(self.patching(path, body))
    }

    /// Registers a notice of the two usual purposes.
    pub async fn create_notice(&self) -> Value {
        self.post(NOTICES, &notice()).await.expect(201)
    }

    /// Registers a draft in each of these languages, and publishes them together. Returns them in this order.
    pub async fn publish_notice(&self, languages: &[&str]) -> Vec<Value> {
        let first = complete_draft(languages.first().expect("a language"));
        for language in languages {
            self.post(NOTICES, &in_language(&first, language)).await.expect(201);
        }
        let required = json!({"requiredLanguages": languages});
        let published = self.post(publish_path(&first), &required).await.expect(200);
        let languages = published["languages"].as_array().expect("languages");
        let shared = |member: &str| Some(published[member].clone());
        let each =
            languages.iter().map(|it| with(&with(it, "noticeId", shared("noticeId")), "version", shared("version")));
        each.collect()
    }

    /// Makes a grant for this principal.
    pub async fn create_grant(&self, principal: &str) -> Value {
        self.post(GRANTS, &grant(principal)).await.expect(201)
    }

    /// Makes a record, and before it its notice and its grant.
    pub async fn create_record(&self) -> Value {
        self.create_record_of(&unique("user")).await
    }

    /// Makes a record of this principal, and before it its notice and its grant.
    pub async fn create_record_of(&self, principal: &str) -> Value {
        let (notice, grant) = (self.create_notice().await, self.create_grant(principal).await);
        self.post(RECORDS, &record(&grant, &notice, principal)).await.expect(201)
    }

    /// Erases a person completely. On a busy machine that may take more than one call.
    pub async fn erase(&self, principal: &str) -> Value {
        for _ in 0..100 {
            let request = self.send(self.request(Method::POST, erasure_path(principal))).await.expect(201);
            if request["status"] == "completed" {
                return request;
            }
        }
        panic!("{principal} is never erased");
    }

    /// Submits a grievance of this principal.
    pub async fn create_grievance(&self, principal: &str) -> Value {
        self.post(GRIEVANCES, &grievance(principal)).await.expect(202)
    }

    /// Creates an empty session.
    pub async fn create_session(&self) -> Value {
        self.post(SESSION, &json!({})).await.expect(201)
    }

    /// Creates a consent type without a triple, and returns its id.
    pub async fn create_consent_type(&self) -> String {
        let created = self.post(CATALOG, &consent_type()).await.expect(201);
        text(&created, "id")
    }

    /// Creates a session for an end user of this project's site.
    pub async fn create_visitor(&self, project: &str, body: &Value) -> Visitor {
        Visitor::new(&self.client, project, &self.post(visitors_path(project), body).await.expect(201))
    }

    /// Creates a project, and returns its id.
    pub async fn create_project(&self) -> String {
        let created = self.post(PROJECTS, &json!({"name": "Shop", "domain": "shop.example"})).await.expect(201);
        text(&created, "id")
    }
}

/// An end user of a project's site, with a session of it.
#[derive(Clone)]
pub struct Visitor {
    /// The project whose site they visit.
    pub project: String,
    /// Their session.
    pub session_id: String,
    /// Their id on the site.
    pub concord_id: String,
    caller: Caller,
}

impl Deref for Visitor {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Visitor {
    /// The end user of the session in this body.
    pub fn new(client: &Client, project: &str, session: &Value) -> Self {
        Self {
            project: project.to_owned(),
            session_id: text(session, "sessionId"),
            concord_id: text(session, "concordId"),
            caller: Caller { client: client.clone(), key: text(session, "sessionToken"), is_site_session: true },
        }
    }

    /// The session's token.
    pub fn token(&self) -> &str {
        &self.caller.key
    }

    /// The same with another token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { caller: Caller { key: token.into(), ..self.caller.clone() }, ..self.clone() }
    }

    /// The same end user, through another client.
    #[must_use]
    pub fn through(&self, client: &Client) -> Self {
        Self { caller: self.caller.by(client), ..self.clone() }
    }
}

/// The authorizer's context for a key with all scopes.
pub fn authorizer(tenant: Uuid, name: &str, key_id: Uuid) -> Value {
    json!({"tenantId": tenant, "tenantName": name, "keyId": key_id, "scopes": "*"})
}

/// The header in which a path requires the key, with its value.
pub fn key_header(path: &str, key: &str) -> (&'static str, String) {
    if path.starts_with("/open-api/") || path.starts_with("/site-v1/") {
        ("X-API-Key", key.to_owned())
    } else {
        ("Authorization", format!("Bearer {key}"))
    }
}

/// A new organisation, and a caller with its key of all scopes.
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
            caller: Caller::new(&system.client, key.text.reveal()),
        }
    }

    /// The authorizer's context for the key.
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
        Caller::new(&self.system.client, key.text.reveal())
    }

    /// Another key of the same organisation, disabled.
    pub async fn disabled(&self) -> Caller {
        self.another(&["*"], ApiKeyStatus::Disabled, None).await
    }

    /// A key of a recipient of the organisation.
    pub async fn of_recipient(&self, recipient: &str) -> Caller {
        let key = self.system.issue_recipient_key(&self.name, recipient).await;
        Caller::new(&self.system.client, key.text.reveal())
    }

    async fn another(&self, scopes: &[&str], status: ApiKeyStatus, expiry: Option<DateTime<Utc>>) -> Caller {
        let key = self.system.issue_key(&self.name, scopes, status, expiry).await;
        Caller::new(&self.system.client, key.text.reveal())
    }
}

/// A new organisation with a project and a consent type; returns their ids too.
pub async fn site(system: &'static System) -> (Tenant, String, String) {
    let tenant = Tenant::new(system).await;
    let (project, consent_type) = (tenant.create_project().await, tenant.create_consent_type().await);
    (tenant, project, consent_type)
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

/// The path of the notices.
pub const NOTICES: &str = "/v1/dpdp/consent-notices";
/// The path of the records.
pub const RECORDS: &str = "/v1/dpdp/consent-records";
/// The path of the consent checks.
pub const CHECKS: &str = "/v1/dpdp/consent-checks";
/// The path of the grants.
pub const GRANTS: &str = "/v1/grants";
/// The path of the grievances.
pub const GRIEVANCES: &str = "/v1/dpdp/grievances";
/// The path of the exports.
pub const EXPORTS: &str = "/v1/dpdp/exports";
/// The path of the DPDP sessions.
pub const SESSION: &str = "/api/v1/compliance/dpdp/session";
/// The path of the consent types.
pub const CATALOG: &str = "/open-api/v1/consent-catalog";
/// The path of the organisation.
pub const ORGANISATION: &str = "/v1/organisation";
/// The path of the projects.
pub const PROJECTS: &str = "/v1/projects";
/// The path of the recipients.
pub const RECIPIENTS: &str = "/v1/recipients";
/// The path of events.
pub const FEED: &str = "/v1/events";

/// A different text on every call.
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

/// The body of a draft in this language that has all that the law asks for, under a fresh id.
pub fn complete_draft(language: &str) -> Value {
    let said = |words: &str| format!("{words} ({language})");
    json!({
        "noticeId": unique("complete"),
        "version": "1.0",
        "language": language,
        "status": "draft",
        "title": said("What we ask you"),
        "content": said("We need some of your data, and say here which and why."),
        "dataItems": [
            {"code": "email", "description": said("Your e-mail address")},
            {"code": "visits", "description": said("The pages that you visit")},
        ],
        "purposes": [
            {
                "code": "analytics", "description": said("To count visits"), "dataItems": ["visits"],
                "services": said("A faster shop"), "necessary": false, "restricted": "tracking",
            },
            {
                "code": "orders", "description": said("To tell you where your order is"), "dataItems": ["email"],
                "services": said("Orders"), "necessary": true, "restricted": "none",
            },
        ],
        "links": {
            "withdraw": "https://shop.example/withdraw",
            "rights": "https://shop.example/rights",
            "complaint": "https://shop.example/complain",
        },
        "change": "material",
        "reconsentBy": "2100-01-01T00:00:00.000Z",
        "dataFiduciaryContact": "privacy@shop.example",
        "grievanceOfficer": {"name": "Jane Doe", "email": "grievance@shop.example", "phone": "+91-9876543210"},
    })
}

/// The same notice in another language.
pub fn in_language(draft: &Value, language: &str) -> Value {
    let translated = with(&complete_draft(language), "noticeId", Some(draft["noticeId"].clone()));
    with(&translated, "version", Some(draft["version"].clone()))
}

/// An organisation that says all that there is to say.
pub fn organisation() -> Value {
    json!({
        "name": "Acme Shops Pvt Ltd",
        "address": "1 MG Road\nBengaluru 560001",
        "contact": "privacy@acme.example",
        "jurisdiction": "IN",
        "storageLocations": ["IN", "SG"],
        "dataProtectionOfficer": {"name": "Jane Doe", "email": "dpo@acme.example", "phone": "+91-9876543210"},
    })
}

/// A recipient of which all is said that there is to say.
pub fn recipient() -> Value {
    json!({
        "name": "Acme Mail Ltd",
        "role": "processor",
        "purposes": ["orders"],
        "events": ["consent.withdrawn", "consent.expired"],
        "country": "IN",
        "contact": "privacy@mail.example",
        "ackWithin": "P2DT12H",
        "delivery": {"kind": "webhook", "url": "https://hooks.mail.example/consent", "includePrincipalId": false},
    })
}

/// The path of a recipient.
pub fn recipient_path(recipient: &Value) -> String {
    format!("{RECIPIENTS}/{}", text(recipient, "id"))
}

/// The text of a notice's body: the body that replaces a draft.
pub fn text_of(notice: &Value) -> Value {
    let members = ["noticeId", "version", "language", "status"];
    members.iter().fold(notice.clone(), |text, member| with(&text, member, None))
}

/// The path of a draft in its language.
pub fn draft_path(notice: &Value) -> String {
    format!("{}/languages/{}", notice_version_path(notice), text(notice, "language"))
}

/// The path at which the drafts of a version are published.
pub fn publish_path(notice: &Value) -> String {
    format!("{}/publish", notice_version_path(notice))
}

fn notice_version_path(notice: &Value) -> String {
    format!("{NOTICES}/{}/versions/{}", text(notice, "noticeId"), text(notice, "version"))
}

/// The path at which anyone reads a published notice.
pub fn public_path(notice: &Value) -> String {
    format!("/v1/public/notices/{}", text(notice, "id"))
}

/// The body of a grant that does not expire.
pub fn grant(principal: &str) -> Value {
    json!({"principalId": principal, "scopes": ["profile:read", "orders:read"]})
}

/// The body of a grant that delegates one scope of this one.
pub fn child_grant(parent: &Value, principal: &str) -> Value {
    json!({"principalId": principal, "scopes": ["orders:read"], "parentGrantId": parent["grantId"]})
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

/// Purposes with decisions, in this order.
pub fn decisions(decisions: &[(&str, &str)]) -> Value {
    let decided = |(code, decision): &(&str, &str)| json!({"code": code, "description": "x", "decision": decision});
    json!(decisions.iter().map(decided).collect::<Vec<_>>())
}

/// A refusal of these purposes.
pub fn refusal(notice: &Value, principal: &str, codes: &[&str]) -> Value {
    let denied: Vec<(&str, &str)> = codes.iter().map(|code| (*code, "denied")).collect();
    json!({
        "dataPrincipalId": principal,
        "purposes": decisions(&denied),
        "consentNoticeId": notice["noticeId"],
    })
}

/// The body of a record of the complete notice, with a decision about each of its purposes.
pub fn complete_record(grant: &Value, notice: &Value, principal: &str) -> Value {
    let purposes = json!([
        {"code": "analytics", "description": "To count visits", "decision": "granted"},
        {"code": "orders", "description": "To tell you where your order is", "decision": "denied"},
    ]);
    with(&record(grant, notice, principal), "purposes", Some(purposes))
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

/// The body of an export of all records.
pub fn export() -> Value {
    json!({"type": "dpdp-audit", "dateFrom": "2020-01-01", "dateTo": "2200-01-01"})
}

/// The path of the grant that a body names.
pub fn grant_path(body: &Value) -> String {
    format!("{GRANTS}/{}", text(body, "grantId"))
}

/// The path of the record that a body names.
pub fn record_path(body: &Value) -> String {
    format!("{RECORDS}/{}", text(body, "recordId"))
}

/// The path at which a record is withdrawn.
pub fn withdraw_path(body: &Value) -> String {
    format!("{}/withdraw", record_path(body))
}

/// The path of the export that a body names.
pub fn export_path(body: &Value) -> String {
    format!("{EXPORTS}/{}", text(body, "exportId"))
}

/// The path of the grievance that a body names.
pub fn grievance_path(body: &Value) -> String {
    format!("{GRIEVANCES}/{}", text(body, "grievanceId"))
}

/// The path of the DPDP session that a body names.
pub fn session_path(body: &Value) -> String {
    format!("{SESSION}/{}", text(body, "sessionId"))
}

/// The path of the records of a principal.
pub fn records_path(principal: &str) -> String {
    format!("/v1/dpdp/data-principals/{}/records", encoded(principal))
}

/// The path at which a principal is erased.
pub fn erasure_path(principal: &str) -> String {
    format!("/v1/dpdp/data-principals/{}/erasure", encoded(principal))
}

/// The path at which purposes of a principal are withdrawn from all records.
pub fn withdrawals_path(principal: &str) -> String {
    format!("/v1/dpdp/data-principals/{}/withdrawals", encoded(principal))
}

/// The path of the decisions of a principal.
pub fn decisions_path(principal: &str) -> String {
    format!("/v1/dpdp/data-principals/{}/decisions", encoded(principal))
}

/// The counts of an erasure request: records, grants, delegated grants, grievances, exports, sessions and site events.
pub fn erasure_counts(request: &Value) -> [u64; 7] {
    [
        "recordsErased",
        "grantsRevoked",
        "delegatedGrantsRevoked",
        "grievancesRedacted",
        "exportsDeleted",
        "sessionsRedacted",
        "siteEventsRedacted",
    ]
    .map(|name| request[name].as_u64().expect("a number"))
}

/// Ids of principals that could break a database key or a URL.
pub const ODD_PRINCIPALS: [&str; 15] = [
    "a#b%23 é/?",
    "a",
    "a#b",
    "a%23b",
    "a/b",
    "a%2Fb",
    "..",
    ".",
    "a+b",
    "a b",
    "🔑#0",
    "user/erasure",
    "user/records",
    "a&status=revoked",
    "+ +",
];

/// A text as a segment of a path, or as the value of a query's parameter.
pub fn encoded(text: &str) -> impl Display {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
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

/// The body of a consent type with the triple that this label completes.
pub fn consent_type_with_triple(label: &str) -> Value {
    let mut body = consent_type();
    for (field, value) in [("category", "marketing"), ("subcategory", "email"), ("label", label)] {
        body[field] = json!(value);
    }
    body
}

/// A different label on every call. A label must not contain a hyphen.
pub fn unique_label() -> String {
    unique("label").replace('-', "_")
}

/// The path of a consent type.
pub fn consent_type_path(id: &str) -> String {
    format!("{CATALOG}/{id}")
}

/// The path at which versions of a consent type are created.
pub fn versions_path(id: &str) -> String {
    format!("{CATALOG}/{id}/version")
}

/// One accepted consent to this type.
pub fn accepted(consent_type: &str) -> Value {
    json!({"items": [{"consentType": consent_type, "consentState": "accepted", "consentAction": "user_click"}]})
}

/// The path of a version of a consent type.
pub fn version_path(consent_type: &str, version: &str) -> String {
    format!("{}/{version}", versions_path(consent_type))
}

/// The path at which site sessions of a project are created.
pub fn visitors_path(project: &str) -> String {
    format!("/site-v1/{project}/sessions")
}

/// The path of the current user's consent state.
pub fn state_path(project: &str) -> String {
    format!("/site-v1/{project}/consent-state")
}

/// The path of a project's consent events.
pub fn events_path(project: &str) -> String {
    format!("/site-v1/{project}/consent-events")
}

/// The time so far in the future, as responses write it.
pub fn in_future(ahead: Duration) -> String {
    as_text(now() + ahead)
}

/// Waits until this moment has passed.
pub async fn until_after(moment: DateTime<Utc>) {
    while now() <= moment {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// A copy of the body with one member set, or removed if the value is `None`. The path is written as in the details of
/// an error: `purposes[0].code`.
#[track_caller]
pub fn with(body: &Value, path: &str, value: Option<Value>) -> Value {
    let mut body = body.clone();
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    let (parent, last) = pointer.rsplit_once('/').unwrap_or_default();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing contains {path}"));
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

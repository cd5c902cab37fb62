//! The demo: `curl` commands for the five main operations and for telling a recipient, and the data that they need.

use chrono::{DateTime, Days, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::Error;
use crate::client::Client;
use crate::shop::Site;

/// The resources that the printed commands use, created anew at each start.
#[derive(Debug)]
pub(crate) struct Demo {
    notice_version: String,
    record: String,
    told_record: String,
    session: String,
    edited_type: String,
    edited_version: String,
    agreed_type: String,
    /// What the shop asks for beside it.
    other_type: String,
    project: String,
    /// The link to the page of a person.
    page: String,
}

impl Demo {
    /// Creates the resources through the API.
    pub(crate) async fn prepare(client: &Client, now: DateTime<Utc>) -> Result<Self, Error> {
        // A version can be registered once, so every start has its own.
        let stamp = now.timestamp_millis();
        let earlier_version = format!("1.0.{stamp}");
        let ((record, told_record), session, (edited_type, edited_version), agreed_type, other_type, project, ()) = tokio::try_join!(
            records(client, &earlier_version, now),
            session(client),
            edited_version(client),
            agreed_type(client),
            consent_type(client, "customPolicy", "Recommendations"),
            project(client),
            organisation(client),
        )?;
        let notice_version = format!("2.0.{stamp}");
        // The person's consents are there by now.
        let page = client.create(PORTAL_SESSIONS, LINK.to_owned()).await?;
        let page = text(&page, "url")?;
        Ok(Self {
            notice_version,
            record,
            told_record,
            session,
            edited_type,
            edited_version,
            agreed_type,
            other_type,
            project,
            page,
        })
    }

    /// What the shop of `make dev` asks for.
    pub(crate) fn site(&self, client: &Client, base_url: &str) -> Site {
        Site {
            api: base_url.to_owned(),
            client: client.clone(),
            project: self.project.clone(),
            types: vec![self.agreed_type.clone(), self.other_type.clone()],
        }
    }

    /// A command for each of the five operations, with its description and the status of its response. The bodies are
    /// written as text so that their fields are in the order of the documentation.
    pub(crate) fn commands(&self, base_url: &str, key: &str) -> [(&'static str, u16, String); 5] {
        let bearer = format!("Authorization: Bearer {key}");
        let api_key = format!("X-API-Key: {key}");
        let curl = |method: &str, path: &str, credential: &str, body: &str| {
            format!(
                "curl -sS -i -X {method} '{base_url}{path}' -H '{credential}' -H 'Content-Type: application/json' \
                 -d '{body}'"
            )
        };
        let Self { notice_version, record, session, edited_type, edited_version, agreed_type, project, .. } = self;
        [
            (
                "Register a version of a consent notice",
                201,
                curl("POST", "/v1/dpdp/consent-notices", &bearer, &notice(notice_version)),
            ),
            (
                "Withdraw a consent and revoke its grant",
                200,
                curl(
                    "POST",
                    &format!("/v1/dpdp/consent-records/{record}/withdraw"),
                    &bearer,
                    r#"{"reason":"No longer wish to share data for analytics","revokeGrant":true,"deleteProcessedData":true}"#,
                ),
            ),
            (
                "Change the purposes of a DPDP session",
                200,
                curl(
                    "PATCH",
                    "/api/v1/compliance/dpdp/session",
                    &bearer,
                    &format!(r#"{{"sessionId":"{session}","consentedPurposes":["analytics","personalization"]}}"#),
                ),
            ),
            (
                "Change a version of a consent type that nobody has consented to yet",
                200,
                curl(
                    "PATCH",
                    &format!("/open-api/v1/consent-catalog/{edited_type}/version/{edited_version}"),
                    &api_key,
                    r#"{"url":"https://example.com/updated-policy-v2.1","description":"Minor updates to clarify data usage practices."}"#,
                ),
            ),
            (
                "Record the consent of a website's visitor",
                201,
                curl(
                    "POST",
                    &format!("/site-v1/{project}/consent-events"),
                    &bearer,
                    &format!(
                        r#"{{"items":[{{"consentType":"{agreed_type}","consentState":"accepted","consentAction":"user_click"}}]}}"#
                    ),
                ),
            ),
        ]
    }

    /// The link to the page of a person, which opens once.
    pub(crate) fn page(&self) -> &str {
        &self.page
    }

    /// A command that makes another link to it.
    pub(crate) fn another_page(base_url: &str, key: &str) -> String {
        format!(
            "curl -sS -X POST '{base_url}{PORTAL_SESSIONS}' -H 'Authorization: Bearer {key}' \
             -H 'Content-Type: application/json' -d '{LINK}'"
        )
    }

    /// Commands that show how a recipient is told of a withdrawal, each with its description.
    pub(crate) fn telling(&self, base_url: &str, key: &str) -> [(&'static str, String); 4] {
        let header = format!("-H 'Authorization: Bearer {key}'");
        let json = "-H 'Content-Type: application/json'";
        let record = format!("{base_url}/v1/dpdp/consent-records/{}", self.told_record);
        [
            (
                "Let a recipient be told when a consent ends (docs/stop.md). Register it, and keep its secret",
                format!(
                    "export WEBHOOK_SECRET=$(curl -sS -X POST '{base_url}/v1/recipients' {header} {json} -d '{RECIPIENT}' \
                     | sed 's/.*\"signingSecret\":\"\\([^\"]*\\).*/\\1/')"
                ),
            ),
            (
                "Start it in the background (kill %1 ends it)",
                format!(
                    "python3 -m venv target/receiver && target/receiver/bin/pip install -q -r \
                     examples/receiver/python/requirements.txt; target/receiver/bin/python \
                     examples/receiver/python/receiver.py {RECEIVER_PORT} &"
                ),
            ),
            (
                "Withdraw: it says that it has stopped",
                format!("curl -sS -X POST '{record}/withdraw' {header} {json} -d '{{\"reason\":\"No more mails\"}}'"),
            ),
            (
                "A moment later, read who was told, and who has confirmed",
                format!("curl -sS '{record}/cessation' {header}"),
            ),
        ]
    }
}

/// The port of the recipient in the examples.
const RECEIVER_PORT: u16 = 9009;
const RECIPIENT: &str = concat!(
    r#"{"name":"Mail service","role":"processor","purposes":["*"],"#,
    r#""delivery":{"kind":"webhook","url":"http://127.0.0.1:9009"}}"#,
);
const PORTAL_SESSIONS: &str = "/v1/portal-sessions";
/// A link as in a message, which can be opened for three days.
const LINK: &str = r#"{"dataPrincipalId":"demo-principal","delivery":"message"}"#;
const PURPOSES: &str = concat!(
    r#"[{"code":"analytics","description":"Usage analytics for service improvement"},"#,
    r#"{"code":"personalization","description":"Personalized recommendations"}]"#,
);

fn notice(version: &str) -> String {
    format!(
        concat!(
            r#"{{"noticeId":"privacy-notice","version":"{version}","title":"Data Processing Consent Notice","#,
            r#""content":"We collect and process your data for the following purposes...","purposes":{purposes},"#,
            r#""language":"en","grievanceOfficer":{{"name":"Jane Doe","email":"grievance@acme.com","#,
            r#""phone":"+91-9876543210"}}}}"#,
        ),
        version = version,
        purposes = PURPOSES
    )
}

/// The consents of two persons under a new version of the notice.
async fn records(client: &Client, version: &str, now: DateTime<Utc>) -> Result<(String, String), Error> {
    client.create("/v1/dpdp/consent-notices", notice(version)).await?;
    tokio::try_join!(record(client, version, "demo-principal", now), record(client, version, "another-principal", now),)
}

async fn record(client: &Client, version: &str, principal: &str, now: DateTime<Utc>) -> Result<String, Error> {
    let grant = json!({"principalId": principal, "scopes": ["profile:read", "usage:read"]});
    let grant = client.create("/v1/grants", grant.to_string()).await?;
    let ends = now.checked_add_days(Days::new(365)).unwrap_or(now);
    let record = json!({
        "grantId": text(&grant, "grantId")?,
        "dataPrincipalId": principal,
        "purposes": serde_json::from_str::<Value>(PURPOSES).unwrap_or_default(),
        "consentNoticeId": "privacy-notice",
        "consentNoticeVersion": version,
        "processingExpiresAt": ends.to_rfc3339_opts(SecondsFormat::Millis, true),
    });
    text(&client.create("/v1/dpdp/consent-records", record.to_string()).await?, "recordId")
}

async fn session(client: &Client) -> Result<String, Error> {
    let body = json!({"consentedPurposes": ["analytics"]});
    text(&client.create("/api/v1/compliance/dpdp/session", body.to_string()).await?, "sessionId")
}

/// A consent type with a second version to be changed, which nobody has consented to.
async fn edited_version(client: &Client) -> Result<(String, String), Error> {
    let id = consent_type(client, "privacyPolicy", "Privacy policy").await?;
    let body = json!({"url": "https://example.com/updated-policy-v2"});
    let path = format!("/open-api/v1/consent-catalog/{id}/version");
    let version = client.create(&path, body.to_string()).await?;
    Ok((id, text(&version, "version")?))
}

async fn agreed_type(client: &Client) -> Result<String, Error> {
    consent_type(client, "customPolicy", "Newsletter").await
}

async fn consent_type(client: &Client, kind: &str, title: &str) -> Result<String, Error> {
    let body = json!({"type": kind, "title": title, "typeEntry": {"url": "https://example.com/policy"}});
    text(&client.create("/open-api/v1/consent-catalog", body.to_string()).await?, "id")
}

async fn project(client: &Client) -> Result<String, Error> {
    let body = json!({"name": "Demo site", "domains": ["example.com", "http://localhost", "http://127.0.0.1"]});
    text(&client.create("/v1/projects", body.to_string()).await?, "id")
}

/// What receipts and notices say of the demo tenant.
async fn organisation(client: &Client) -> Result<(), Error> {
    let body = json!({
        "name": "Acme Shops Pvt Ltd",
        "address": "1 MG Road, Bengaluru 560001, India",
        "contact": "privacy@acme.example",
        "jurisdiction": "IN",
        "storageLocations": ["IN"],
        "dataProtectionOfficer": {"name": "Jane Doe", "email": "dpo@acme.example", "phone": "+91-9876543210"},
    });
    client.replace("/v1/organisation", body.to_string()).await
}

fn text(response: &Value, field: &str) -> Result<String, Error> {
    let value = response.get(field).and_then(Value::as_str);
    value.map(str::to_owned).ok_or_else(|| Error::Gateway(format!("a response has no {field}: {response}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_can_be_pasted_into_a_shell() {
        let demo = Demo {
            notice_version: "2.0.1".to_owned(),
            record: "cr_1".to_owned(),
            told_record: "cr_2".to_owned(),
            session: "s".to_owned(),
            edited_type: "t".to_owned(),
            edited_version: "2".to_owned(),
            agreed_type: "u".to_owned(),
            other_type: "v".to_owned(),
            project: "p".to_owned(),
            page: "http://127.0.0.1:9000/p/open?link=x".to_owned(),
        };
        let commands = demo.commands("http://127.0.0.1:9000", "ak_live_x");
        assert_eq!(commands.each_ref().map(|(_, status, _)| *status), [201, 200, 200, 200, 201]);
        for (_, _, command) in &commands {
            // Four quoted words without quotes in them, of which the last is JSON.
            let words: Vec<_> = command.split('\'').collect();
            assert_eq!(words.len(), 9, "{command}");
            assert!(serde_json::from_str::<Value>(words[7]).is_ok_and(|body| body.is_object()), "{command}");
            assert!(!command.contains('\n'), "{command}");
        }
        let withdraw = commands.get(1).map(|(_, _, command)| command.as_str()).unwrap_or_default();
        assert!(withdraw.contains("-X POST 'http://127.0.0.1:9000/v1/dpdp/consent-records/cr_1/withdraw'"));
        assert!(RECIPIENT.contains(&format!("http://127.0.0.1:{RECEIVER_PORT}\"")));
        assert!(serde_json::from_str::<Value>(RECIPIENT).is_ok_and(|body| body.is_object()));
        for (_, command) in demo.telling("http://127.0.0.1:9000", "ak_live_x") {
            assert_eq!(command.matches('\'').count() % 2, 0, "{command}");
            assert!(!command.contains('\n') && !command.contains("  "), "{command}");
        }
    }
}

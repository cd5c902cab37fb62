//! `examples/shop`: the server of a site that asks its visitors for their consents, as a browser without scripts uses it.

use std::path::Path;
use std::process::Stdio;

use assent_tests::fixtures::{PROJECTS, Tenant, events_path, text};
use assent_tests::system::System;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

crate::trials![
    the_plain_form_records_what_the_visitor_saw,
    global_privacy_control_declines_once,
    pages_of_other_sites_choose_nothing,
];

/// A shop that runs, with a project and a consent type of its own.
struct Shop {
    tenant: Tenant,
    project: String,
    consent_type: String,
    address: String,
    _process: Child,
}

impl Shop {
    async fn start(system: &'static System) -> Self {
        let tenant = Tenant::new(system).await;
        let project = tenant.post(PROJECTS, &json!({"name": "Shop", "domain": "http://127.0.0.1"})).await.expect(201);
        let (project, consent_type) = (text(&project, "id"), tenant.create_consent_type().await);
        let mut process = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop/shop.py"))
            .arg("0")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("BASE_URL", format!("http://{}", system.client.authority()))
            .env("API_KEY", &tenant.key)
            .env("PROJECT", &project)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the shop");
        let line = BufReader::new(process.stdout.take().expect("its output")).lines().next_line().await;
        let line = line.expect("its output").expect("its first line");
        let address = line.strip_prefix("listening on http://").expect("its address").to_owned();
        Self { tenant, project, consent_type, address, _process: process }
    }

    /// The whole response to a request with these header lines.
    async fn send(&self, line: &str, headers: &[&str], body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.expect("a connection");
        let headers: String = headers.iter().map(|header| (*header).to_owned() + "\r\n").collect();
        let length = body.len();
        let request =
            format!("{line} HTTP/1.0\r\nHost: {}\r\n{headers}Content-Length: {length}\r\n\r\n{body}", self.address);
        stream.write_all(request.as_bytes()).await.expect("a connection");
        let mut response = String::new();
        stream.read_to_string(&mut response).await.expect("a response");
        response
    }

    /// The recorded events, newest first.
    async fn events(&self) -> Vec<Value> {
        let events = self.tenant.get(events_path(&self.project)).await.expect(200);
        events["items"].as_array().expect("events").clone()
    }
}

/// The cookie of a response, as the next request sends it.
fn cookie(response: &str) -> String {
    let cookie = response.lines().find_map(|line| line.strip_prefix("Set-Cookie: ")).expect("a cookie");
    format!("Cookie: {}", cookie.split(';').next().expect("its value"))
}

async fn the_plain_form_records_what_the_visitor_saw(system: &'static System) {
    let shop = Shop::start(system).await;
    let page = shop.send("GET /", &[], "").await;
    assert!(page.starts_with("HTTP/1.0 200") && !page.contains("checked"), "{page}");
    assert!(page.contains(&format!("<script src=\"http://{}/assent.js\"", system.client.authority())), "{page}");
    let name = format!("{}/1", shop.consent_type);
    assert!(page.contains(&format!("name=\"shown\" value=\"{name}\"")), "{page}");
    // The text changes while the visitor reads.
    let version = json!({"url": "https://example.com/2"});
    let versions = format!("/open-api/v1/consent-catalog/{}/version", shop.consent_type);
    shop.tenant.post(versions, &version).await.expect(201);
    let cookie = cookie(&page);
    let form = |choice: &str| format!("shown={0}&{choice}", name.replace('/', "%2F"));
    for choice in [format!("{}=accepted", name.replace('/', "%2F")), "all=declined".to_owned()] {
        let taken = shop.send("POST /consent", &[&cookie], &form(&choice)).await;
        assert!(taken.starts_with("HTTP/1.0 303") && taken.contains("Location: /\r\n"), "{taken}");
    }
    let events = shop.events().await;
    let seen: Vec<_> = events.iter().map(|it| (it["consentState"].as_str(), it["version"].as_u64())).collect();
    assert_eq!(seen, [(Some("declined"), Some(1)), (Some("accepted"), Some(1))]);
    // Both are the visitor's own.
    assert!(events.iter().all(|it| it["concordId"] == events[0]["concordId"] && it["submitter"] == it["concordId"]));
    assert!(events.iter().all(|it| it["consentAction"] == "user_click"));
}

async fn global_privacy_control_declines_once(system: &'static System) {
    let shop = Shop::start(system).await;
    let first = shop.send("GET /", &["Sec-GPC: 1"], "").await;
    let cookie = cookie(&first);
    shop.send("GET /", &["Sec-GPC: 1", &cookie], "").await;
    let events = shop.events().await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!((&events[0]["consentState"], &events[0]["consentAction"]), (&json!("declined"), &json!("implied")));
    assert_eq!(events[0]["submitter"], events[0]["concordId"]);
    // A press afterwards has the last word.
    let form = format!("shown={0}%2F1&all=accepted", shop.consent_type);
    shop.send("POST /consent", &[&cookie], &form).await;
    shop.send("GET /", &["Sec-GPC: 1", &cookie], "").await;
    let states: Vec<_> = shop.events().await.iter().map(|it| text(it, "consentState")).collect();
    assert_eq!(states, ["accepted", "declined"]);
}

async fn pages_of_other_sites_choose_nothing(system: &'static System) {
    let shop = Shop::start(system).await;
    let form = format!("shown={0}%2F1&all=accepted", shop.consent_type);
    for header in
        ["Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"]
    {
        for path in ["POST /consent", "POST /consent/session"] {
            let response = shop.send(path, &[header], &form).await;
            assert!(response.starts_with("HTTP/1.0 403"), "{header}: {response}");
        }
    }
    assert!(shop.events().await.is_empty());
    let own = format!("Origin: http://{}", shop.address);
    let session = shop.send("POST /consent/session", &[&own, "Sec-Fetch-Site: same-origin"], "").await;
    assert!(session.contains("{\"sessionToken\": \""), "{session}");
}

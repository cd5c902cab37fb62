//! The client against recipients on this machine, and against names that lead elsewhere.

use crate::{
    domain::webhook_url::{Reach, WebhookUrl},
    webhook::{
        Reply, RetryAfter, SendError, WebhookClient,
        client::Limits,
        network::{Connector, Network},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// No test waits for it.
const PATIENT: Limits = Limits { exchange: Duration::from_mins(1), connect: Duration::from_mins(1), body: 16 * 1024 };
/// So that an endless answer is cut soon.
const HASTY: Limits = Limits { exchange: Duration::from_millis(200), ..PATIENT };
const PUBLIC: &str = "8.8.8.8";

/// What a recipient does after a request.
#[derive(Clone)]
enum Act {
    /// Sends this, and waits for the next request.
    Answer(String),
    /// Sends this, and closes the connection.
    Last(String),
    /// Sends the first, and then the second for ever.
    Endless(String, String),
    /// The same, but one byte at a time, and slowly.
    Drip(String, String),
}

fn answer(status: &str, headers: &str, body: &str) -> Act {
    Act::Answer(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
}

/// What a recipient sees.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Connection,
    Request(String),
    End,
}

struct Recipient {
    address: SocketAddr,
    seen: UnboundedReceiver<Seen>,
}

impl Recipient {
    async fn start(act: Act, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, seen) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = tell.send(Seen::Connection);
                let (act, tls, tell) = (act.clone(), tls.clone(), tell.clone());
                tokio::spawn(async move {
                    let _ = match tls {
                        None => receive(stream, &act, &tell).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => receive(stream, &act, &tell).await,
                            Err(error) => Err(error),
                        },
                    };
                    let _ = tell.send(Seen::End);
                });
            }
        });
        Self { address, seen }
    }

    fn url(&self) -> WebhookUrl {
        url(&format!("http://{}/stop?a=b", self.address))
    }

    async fn next(&mut self) -> Seen {
        timeout(Duration::from_mins(1), self.seen.recv()).await.expect("in time").unwrap()
    }
}

/// Serves one connection until it ends.
async fn receive(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    act: &Act,
    tell: &UnboundedSender<Seen>,
) -> io::Result<()> {
    loop {
        let mut request = Vec::new();
        // The body of each request of these tests ends with the only brace.
        while !request.ends_with(b"}") {
            if stream.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        let _ = tell.send(Seen::Request(String::from_utf8(request).unwrap()));
        match act {
            Act::Answer(text) => stream.write_all(text.as_bytes()).await?,
            Act::Last(text) => {
                stream.write_all(text.as_bytes()).await?;
                return stream.shutdown().await;
            }
            Act::Endless(first, then) => {
                stream.write_all(first.as_bytes()).await?;
                loop {
                    stream.write_all(then.as_bytes()).await?;
                    // The recipient runs in the thread of the test.
                    tokio::task::yield_now().await;
                }
            }
            Act::Drip(first, then) => {
                for byte in first.bytes().chain(then.bytes().cycle()) {
                    stream.write_all(&[byte]).await?;
                    sleep(Duration::from_millis(1)).await;
                }
            }
        }
    }
}

/// The internet of a test: names have the addresses of one answer after the other, and each address is the recipient's
/// except for `dead`.
#[derive(Default)]
struct Internet {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    recipient: Option<SocketAddr>,
    dead: Option<IpAddr>,
    connected: Mutex<Vec<SocketAddr>>,
}

impl Internet {
    fn new(recipient: Option<SocketAddr>, answers: &[&[&str]]) -> Arc<Self> {
        let parsed = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        let answers = Mutex::new(answers.iter().map(parsed).collect());
        Arc::new(Self { answers, recipient, ..Self::default() })
    }

    fn connected(&self) -> Vec<String> {
        self.connected.lock().unwrap().iter().map(ToString::to_string).collect()
    }
}

impl Network for Internet {
    fn resolve(&self, _: String) -> BoxFuture<'_, io::Result<Vec<IpAddr>>> {
        let answer = self.answers.lock().unwrap().pop_front();
        Box::pin(async { answer.ok_or_else(|| io::Error::other("no such name")) })
    }

    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<TcpStream>> {
        self.connected.lock().unwrap().push(address);
        let recipient = self.recipient.filter(|_| self.dead != Some(address.ip()));
        Box::pin(async move {
            match recipient {
                Some(recipient) => TcpStream::connect(recipient).await,
                None => Err(io::ErrorKind::ConnectionRefused.into()),
            }
        })
    }
}

/// A server's side of TLS as this host, and the roots that trust it.
fn tls(host: &str) -> (TlsAcceptor, RootCertStore) {
    let certified = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let certificate: CertificateDer<'static> = certified.cert.der().clone();
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), roots)
}

fn url(text: &str) -> WebhookUrl {
    WebhookUrl::parse(text, Reach::PublicAndLoopback).unwrap()
}

async fn send(client: &WebhookClient, url: &WebhookUrl) -> Result<Reply, SendError> {
    let headers = [("webhook-id", "dlv_1".to_owned())];
    client.send(url, &headers, Bytes::from_static(b"{\"type\":\"consent.withdrawn\"}")).await
}

/// What a client of the same machine has of a recipient that does this; and the recipient.
async fn exchange(act: Act, limits: Limits) -> (Result<Reply, SendError>, Recipient) {
    let recipient = Recipient::start(act, None).await;
    let network = Arc::new(super::network::System);
    let client = WebhookClient::with(Reach::PublicAndLoopback, network, RootCertStore::empty(), limits);
    (send(&client, &recipient.url()).await, recipient)
}

#[tokio::test]
async fn a_webhook_arrives_over_tls_and_the_connection_serves_the_next_one() {
    let (acceptor, roots) = tls("hooks.example");
    let acknowledgement = r#"{"acknowledgement":{"outcome":"ceased"}}"#;
    let mut recipient = Recipient::start(answer("200 OK", "", acknowledgement), Some(acceptor)).await;
    let network = Internet::new(Some(recipient.address), &[&[PUBLIC]]);
    let client = WebhookClient::with(Reach::Public, network.clone(), roots, PATIENT);
    for first in [true, false] {
        let reply = send(&client, &url("https://hooks.example/stop?a=b")).await.unwrap();
        assert_eq!((reply.status.as_u16(), reply.retry_after), (200, None));
        assert_eq!(reply.body, acknowledgement);
        if first {
            assert_eq!(recipient.next().await, Seen::Connection);
        }
        let Seen::Request(request) = recipient.next().await else { panic!("another connection") };
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let mut lines: Vec<&str> = head.lines().collect();
        assert_eq!(lines.remove(0), "POST /stop?a=b HTTP/1.1");
        lines.sort_unstable();
        let expected = [
            "content-length: 28",
            "content-type: application/json",
            "host: hooks.example",
            "user-agent: Assent-Webhooks/1",
            "webhook-id: dlv_1",
        ];
        assert_eq!(lines, expected);
        assert_eq!(body, r#"{"type":"consent.withdrawn"}"#);
    }
    assert_eq!(network.connected(), ["8.8.8.8:443"]);
}

#[tokio::test]
async fn the_host_must_prove_its_name() {
    let (acceptor, roots) = tls("hooks.example");
    let (_, others) = tls("hooks.example");
    let act = answer("200 OK", "", "");
    let recipient = Recipient::start(act.clone(), Some(acceptor)).await;
    let mozilla = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for (host, roots, taken) in [
        ("hooks.example", roots.clone(), true),
        ("other.example", roots.clone(), false),
        ("8.8.8.8", roots.clone(), false),
        ("hooks.example", others, false),
        ("hooks.example", mozilla, false),
    ] {
        let network = Internet::new(Some(recipient.address), &[&[PUBLIC]]);
        let client = WebhookClient::with(Reach::Public, network, roots, PATIENT);
        let sent = send(&client, &url(&format!("https://{host}/"))).await;
        assert_eq!(sent.map(|reply| reply.status.as_u16()), if taken { Ok(200) } else { Err(SendError::TlsFailed) });
    }
    // One that does not speak TLS.
    let plain = Recipient::start(Act::Last("HTTP/1.1 400 Bad Request\r\n\r\n".to_owned()), None).await;
    let client = WebhookClient::with(Reach::Public, Internet::new(Some(plain.address), &[&[PUBLIC]]), roots, HASTY);
    let sent = send(&client, &url("https://hooks.example/")).await;
    assert!(matches!(sent, Err(SendError::TlsFailed | SendError::TimedOut)), "{sent:?}");
}

#[tokio::test]
async fn a_name_that_leads_into_the_own_network_is_not_connected_to() {
    for address in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:a9fe:a9fe::",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        for reach in [Reach::Public, Reach::PublicAndLoopback] {
            let network = Internet::new(None, &[&[address]]);
            let client = WebhookClient::with(reach, network.clone(), RootCertStore::empty(), PATIENT);
            let sent = send(&client, &url("https://hooks.example/")).await;
            assert_eq!(sent, Err(SendError::AddressNotPublic), "{address}");
            assert!(network.connected().is_empty(), "{address}");
        }
    }
}

#[tokio::test]
async fn a_literal_address_is_checked_as_well() {
    // A `WebhookUrl` cannot name most of these, so the connector is asked itself.
    for (uri, reach, expected) in [
        ("https://169.254.169.254/", Reach::PublicAndLoopback, None),
        ("https://127.0.0.1:8443/", Reach::PublicAndLoopback, None),
        ("https://[::1]/", Reach::PublicAndLoopback, None),
        ("https://[::ffff:127.0.0.1]/", Reach::PublicAndLoopback, None),
        ("https://[64:ff9b::a9fe:a9fe]/", Reach::PublicAndLoopback, None),
        ("http://127.0.0.1:9000/", Reach::Public, None),
        ("http://127.0.0.2:9000/", Reach::PublicAndLoopback, None),
        ("http://[::1]:9000/", Reach::PublicAndLoopback, None),
        ("http://8.8.8.8/", Reach::PublicAndLoopback, None),
        ("http://hooks.example/", Reach::PublicAndLoopback, None),
        ("https://8.8.8.8/", Reach::Public, Some("8.8.8.8:443")),
        ("https://[2001:4860:4860::8888]:8443/", Reach::Public, Some("[2001:4860:4860::8888]:8443")),
        ("http://127.0.0.1:9000/", Reach::PublicAndLoopback, Some("127.0.0.1:9000")),
        ("http://127.0.0.1/", Reach::PublicAndLoopback, Some("127.0.0.1:80")),
    ] {
        let network = Internet::new(None, &[&[PUBLIC]]);
        let mut connector = Connector { network: network.clone(), reach, limit: PATIENT.connect };
        let error = connector.call(uri.parse().unwrap()).await.err();
        let failure = if expected.is_some() { SendError::ConnectionFailed } else { SendError::AddressNotPublic };
        assert_eq!(error, Some(failure), "{uri}");
        assert_eq!(network.connected(), Vec::from_iter(expected), "{uri}");
        assert_eq!(network.answers.lock().unwrap().len(), 1, "{uri} was resolved");
    }
}

#[tokio::test]
async fn of_several_addresses_only_the_public_ones_are_tried_one_after_the_other() {
    let (acceptor, roots) = tls("hooks.example");
    let recipient = Recipient::start(answer("200 OK", "", ""), Some(acceptor)).await;
    let mut network = Internet::new(Some(recipient.address), &[&["10.0.0.1", "9.9.9.9", "::1", PUBLIC]]);
    Arc::get_mut(&mut network).unwrap().dead = Some("9.9.9.9".parse().unwrap());
    let client = WebhookClient::with(Reach::Public, network.clone(), roots, PATIENT);
    assert_eq!(send(&client, &url("https://hooks.example:8443/")).await.unwrap().status.as_u16(), 200);
    assert_eq!(network.connected(), ["9.9.9.9:8443", "8.8.8.8:8443"]);
    // No more than a few are tried.
    let many: Vec<String> = (1..=50).map(|last| format!("9.9.9.{last}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let network = Internet::new(None, &[many.as_slice()]);
    let client = WebhookClient::with(Reach::Public, network.clone(), RootCertStore::empty(), PATIENT);
    assert_eq!(send(&client, &url("https://hooks.example/")).await, Err(SendError::ConnectionFailed));
    assert_eq!(network.connected().len(), 4);
}

#[tokio::test]
async fn a_name_that_changes_between_the_check_and_the_connection_gains_nothing() {
    let (acceptor, roots) = tls("hooks.example");
    let act = Act::Last("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_owned());
    let recipient = Recipient::start(act, Some(acceptor)).await;
    // Public when it is checked, and private ever after.
    let network = Internet::new(Some(recipient.address), &[&[PUBLIC], &["169.254.169.254"], &["127.0.0.1"]]);
    let client = WebhookClient::with(Reach::Public, network.clone(), roots, PATIENT);
    assert_eq!(send(&client, &url("https://hooks.example/")).await.unwrap().status.as_u16(), 200);
    assert_eq!(network.connected(), ["8.8.8.8:443"]);
    assert_eq!(network.answers.lock().unwrap().len(), 2, "resolved once for one connection");
    for _ in 0..2 {
        assert_eq!(send(&client, &url("https://hooks.example/")).await, Err(SendError::AddressNotPublic));
    }
    assert_eq!(network.connected(), ["8.8.8.8:443"]);
}

#[tokio::test]
async fn a_name_without_addresses_is_an_error_of_the_dns() {
    for answers in [&[][..], &[&[][..]]] {
        let network = Internet::new(None, answers);
        let client = WebhookClient::with(Reach::Public, network, RootCertStore::empty(), PATIENT);
        assert_eq!(send(&client, &url("https://hooks.example/")).await, Err(SendError::DnsFailed));
    }
    // The resolver of this machine, for a name that has none anywhere (RFC 6761).
    let client = WebhookClient::new(Reach::Public);
    let sent = send(&client, &url("https://hooks.invalid/")).await;
    assert!(matches!(sent, Err(SendError::DnsFailed | SendError::TimedOut)), "{sent:?}");
}

#[tokio::test]
async fn plain_http_reaches_this_machine_in_development_alone() {
    let mut recipient = Recipient::start(answer("200 OK", "", "{}"), None).await;
    let refused = send(&WebhookClient::new(Reach::Public), &recipient.url()).await;
    assert_eq!(refused, Err(SendError::AddressNotPublic));
    let reply = send(&WebhookClient::new(Reach::PublicAndLoopback), &recipient.url()).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.body), (200, Bytes::from_static(b"{}")));
    assert_eq!(recipient.next().await, Seen::Connection);
    assert!(matches!(recipient.next().await, Seen::Request(request) if request.starts_with("POST /stop?a=b ")));
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let elsewhere = Recipient::start(answer("200 OK", "", ""), None).await;
        let location = format!("location: http://{}/latest/meta-data/\r\n", elsewhere.address);
        let (sent, _) = exchange(answer(status, &location, ""), PATIENT).await;
        assert!(sent.unwrap().status.is_redirection());
        let mut seen = elsewhere.seen;
        assert!(seen.try_recv().is_err(), "{status} was followed");
    }
}

#[tokio::test]
async fn a_busy_recipient_says_when_to_try_again() {
    for (status, header, expected) in [
        ("429 Too Many Requests", "retry-after: 120\r\n", Some(RetryAfter::Seconds(120))),
        ("503 Service Unavailable", "Retry-After: 0\r\n", Some(RetryAfter::Seconds(0))),
        ("503 Service Unavailable", "", None),
        ("503 Service Unavailable", "retry-after: soon\r\n", None),
        ("503 Service Unavailable", "retry-after: \u{ff}\r\n", None),
        ("500 Internal Server Error", "retry-after: 120\r\n", None),
        ("301 Moved Permanently", "retry-after: 120\r\n", None),
        ("200 OK", "retry-after: 120\r\n", None),
    ] {
        let (sent, _) = exchange(answer(status, header, ""), PATIENT).await;
        assert_eq!(sent.unwrap().retry_after, expected, "{status} {header}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_cut_and_the_status_counts() {
    let limit = PATIENT.body;
    for (length, kept) in [(limit, limit), (limit + 1, 0)] {
        let (sent, _) = exchange(answer("200 OK", "", &"a".repeat(length)), PATIENT).await;
        assert_eq!(sent.map(|reply| (reply.status.as_u16(), reply.body.len())), Ok((200, kept)));
    }
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
    for (head, then) in [
        ("HTTP/1.1 500 Internal Server Error\r\ntransfer-encoding: chunked\r\n\r\n", chunk.as_str()),
        ("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 9999999999\r\n\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ("HTTP/1.1 500 Internal Server Error\r\n\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ] {
        let (sent, mut recipient) = exchange(Act::Endless(head.to_owned(), then.to_owned()), PATIENT).await;
        assert_eq!(sent.map(|reply| (reply.status.as_u16(), reply.body.len())), Ok((500, 0)));
        // The connection has ended, so that the rest is not even received.
        assert_eq!(recipient.next().await, Seen::Connection);
        assert!(matches!(recipient.next().await, Seen::Request(_)));
        assert_eq!(recipient.next().await, Seen::End);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_cut_when_its_time_is_over() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n".to_owned();
    for act in [
        // A silent one.
        Act::Endless(String::new(), String::new()),
        // A dripping body, a dripping header, and interim answers without end.
        Act::Drip(head, "a".to_owned()),
        Act::Drip("HTTP/1.1 200 OK\r\n".to_owned(), "a: b\r\n".to_owned()),
        Act::Drip(String::new(), "HTTP/1.1 100 Continue\r\n\r\n".to_owned()),
    ] {
        let (sent, mut recipient) = exchange(act.clone(), HASTY).await;
        assert_eq!(sent, Err(SendError::TimedOut));
        // The silent one writes nothing, so it cannot notice the end.
        if matches!(act, Act::Drip(..)) {
            while recipient.next().await != Seen::End {}
        }
    }
}

#[tokio::test]
async fn a_head_that_is_too_long_or_not_http_is_refused() {
    let long = format!("a: {}\r\n", "b".repeat(1000));
    for act in [
        Act::Endless("HTTP/1.1 200 OK\r\n".to_owned(), long.clone()),
        Act::Endless("HTTP/1.1 200 OK\r\na: ".to_owned(), "b".to_owned().repeat(100)),
        Act::Last(format!("HTTP/1.1 200 OK\r\n{}\r\n", long.repeat(20))),
        Act::Last(format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(200))),
        Act::Last("SSH-2.0-OpenSSH_9.6\r\n".to_owned()),
        Act::Last("220 mail.example ESMTP\r\n".to_owned()),
    ] {
        let (sent, _) = exchange(act, PATIENT).await;
        assert_eq!(sent, Err(SendError::InvalidAnswer));
    }
}

#[tokio::test]
async fn a_connection_that_ends_too_early_has_failed() {
    for text in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\na"] {
        let (sent, _) = exchange(Act::Last(text.to_owned()), PATIENT).await;
        assert_eq!(sent, Err(SendError::ConnectionFailed), "{text:?}");
    }
    // A port at which nobody listens.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let nobody = url(&format!("http://{}/", listener.local_addr().unwrap()));
    drop(listener);
    let sent = send(&WebhookClient::new(Reach::PublicAndLoopback), &nobody).await;
    assert_eq!(sent, Err(SendError::ConnectionFailed));
}

#[tokio::test]
async fn a_recipient_that_does_not_accept_connections_is_not_waited_for() {
    struct Silent;
    impl Network for Silent {
        fn resolve(&self, _: String) -> BoxFuture<'_, io::Result<Vec<IpAddr>>> {
            Box::pin(async { Ok(vec![PUBLIC.parse().unwrap()]) })
        }
        fn connect(&self, _: SocketAddr) -> BoxFuture<'_, io::Result<TcpStream>> {
            Box::pin(std::future::pending())
        }
    }
    for limits in [HASTY, Limits { connect: Duration::from_millis(50), ..PATIENT }] {
        let client = WebhookClient::with(Reach::Public, Arc::new(Silent), RootCertStore::empty(), limits);
        assert_eq!(send(&client, &url("https://hooks.example/")).await, Err(SendError::TimedOut));
    }
}

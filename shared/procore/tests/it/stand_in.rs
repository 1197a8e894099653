//! A Procore on loopback: wiremock for answers, and a raw socket for those no proper server would give.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use procore::{CompanyId, Hosts, Procore, Settings};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const SECRET: &str = "s3cret-of-the-app";
pub(crate) const TOKEN: &str = "t0ken-of-the-app";

pub(crate) fn settings(base: &str) -> Settings {
    let base = Url::parse(base).unwrap();
    let hosts = Hosts { api: base.clone(), login: base };
    let mut settings = Settings::new(CompanyId::new(8001), hosts, "client-id", SecretString::from(SECRET));
    settings.first_retry_pause = Duration::from_millis(1);
    settings
}

pub(crate) fn client(base: &str) -> Procore {
    Procore::new(settings(base)).unwrap()
}

/// A server that issues one token after another: `t0ken-of-the-app-1`, `-2`, …
pub(crate) async fn server() -> MockServer {
    let server = MockServer::start().await;
    tokens(&server, 5400).await;
    server
}

pub(crate) async fn tokens(server: &MockServer, expires_in: u64) {
    let issued = std::sync::atomic::AtomicU32::new(0);
    Mock::given(method("POST"))
        .and(path("/oauth/token"))
        .respond_with(move |_: &Request| {
            let number = issued.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            let token = json!({
                "access_token": format!("{TOKEN}-{number}"),
                "token_type": "bearer", "expires_in": expires_in, "created_at": 1_780_000_000,
            });
            // Long enough that callers who come together are together.
            ResponseTemplate::new(200).set_body_json(token).set_delay(Duration::from_millis(50))
        })
        .mount(server)
        .await;
}

pub(crate) async fn answer(server: &MockServer, verb: &str, at: &str, response: ResponseTemplate) {
    Mock::given(method(verb)).and(path(at)).respond_with(response).mount(server).await;
}

pub(crate) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// Requests other than for tokens, as `METHOD path?query`.
pub(crate) async fn api_requests(server: &MockServer) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    all.into_iter().filter(|request| request.url.path() != "/oauth/token").collect()
}

pub(crate) async fn token_requests(server: &MockServer) -> usize {
    let all = server.received_requests().await.unwrap();
    all.iter().filter(|request| request.url.path() == "/oauth/token").count()
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A socket that answers token requests properly and hands every other connection to `rude`, after its
/// request was read. Lives until the test's process ends.
pub(crate) fn rude_server(rude: impl Fn(&mut TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = read_request(&mut stream);
            if request.contains("POST /oauth/token") {
                let body = format!(r#"{{"access_token":"{TOKEN}","expires_in":5400}}"#);
                let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
                let _ = write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            } else {
                rude(&mut stream);
            }
        }
    });
    address
}

/// Reads the head, and the body if its length is given.
fn read_request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return text,
            Ok(count) => read.extend_from_slice(&buffer[..count]),
        }
    }
}

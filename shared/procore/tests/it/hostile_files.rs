//! Hosts of files that mean no good, or work no better: each ends in a clear error within the limits of bytes and
//! time, and none of them ever sees our token.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use procore::{Class, Error, File, Procore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;
use wiremock::{MockServer, ResponseTemplate};

use crate::stand_in::{
    TOKEN, answer, api_requests, client, header, rude_server, server, settings, token_requests,
};

const LIMIT_BYTES: u64 = 64 * 1024;
const NOW: Class = Class::Retry { after: None };

/// A host of files that answers each request with these bytes, and then with `more` for as long as it is heard.
fn host(head: &'static str, more: &'static [u8]) -> SocketAddr {
    rude_server(move |stream| {
        let _ = stream.write_all(head.as_bytes());
        while !more.is_empty() && stream.write_all(more).is_ok() {}
    })
}

/// A file at a host that is not Procore's. No login answers here, so a call that wanted a token would end otherwise.
async fn fetched(at: SocketAddr) -> Result<File, Error> {
    client("http://127.0.0.1:9").file(&format!("http://{at}/spec.pdf?sig=k3y"), LIMIT_BYTES).await
}

fn ended(result: Result<File, Error>, class: Class, message: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.to_string(), error.class()), (message.to_owned(), class));
    assert!(!format!("{error:?}").contains("k3y"), "{error:?}");
}

#[tokio::test]
async fn a_stream_without_end_is_cut_at_the_limit() {
    let endless = host("HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.7", &[b'.'; 8192]);
    let too_large = "the answer to GET a file at 127.0.0.1 is larger than 65536 bytes";
    ended(fetched(endless).await, Class::Permanent, too_large);
    let chunks = host("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"4\r\n....\r\n");
    ended(fetched(chunks).await, Class::Permanent, too_large);
}

#[tokio::test]
async fn a_head_without_end_is_given_up() {
    let endless = host("HTTP/1.1 200 OK\r\n", b"x-padding: ................................\r\n");
    ended(fetched(endless).await, NOW, "the connection broke during GET a file at 127.0.0.1");
}

#[tokio::test]
async fn a_length_longer_than_the_file_is_a_broken_connection() {
    let promises = host("HTTP/1.1 200 OK\r\ncontent-length: 900\r\nconnection: close\r\n\r\n%PDF-1.7", b"");
    ended(fetched(promises).await, NOW, "the connection broke during GET a file at 127.0.0.1");
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_refused_before_a_byte_is_read() {
    let boasts = host("HTTP/1.1 200 OK\r\ncontent-length: 65537\r\n\r\n%PDF-1.7", b"");
    ended(
        fetched(boasts).await,
        Class::Permanent,
        "the answer to GET a file at 127.0.0.1 is larger than 65536 bytes",
    );
}

#[tokio::test]
async fn a_length_shorter_than_the_file_ends_it_and_the_rest_is_nobodys_answer() {
    let first = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n%PDF-1.7HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged";
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let short = rude_server(move |stream| {
        *count.lock().unwrap() += 1;
        let _ = stream.write_all(first.as_bytes());
    });
    let procore = client("http://127.0.0.1:9");
    for _ in 0..2 {
        let file = procore.file(&format!("http://{short}/spec.pdf"), LIMIT_BYTES).await.unwrap();
        assert_eq!(file.bytes, b"%PDF-1.7");
    }
    assert_eq!(*asked.lock().unwrap(), 2, "what was left over on the connection answered nothing");
}

#[tokio::test]
async fn a_length_that_is_none_is_a_broken_connection() {
    for length in ["twelve", "-1", "5, 6", "99999999999999999999"] {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n%PDF-1.7");
        let odd = rude_server(move |stream| {
            let _ = stream.write_all(head.as_bytes());
        });
        ended(fetched(odd).await, NOW, "the connection broke during GET a file at 127.0.0.1");
    }
}

/// A host in the test's own runtime, so that virtual time is its time too: sends `first`, then a byte each
/// `pause`, for ever.
async fn dripping(first: &'static str, pause: Duration) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(first.as_bytes()).await;
                while stream.write_all(b".").await.is_ok() {
                    tokio::time::sleep(pause).await;
                }
            });
        }
    });
    address
}

#[tokio::test(start_paused = true)]
async fn a_slow_drip_ends_with_the_minute() {
    let mut settings = settings("http://127.0.0.1:9");
    settings.connect_timeout = Duration::from_secs(600); // so that the paused clock meets the deadline first
    let procore = Procore::new(settings).unwrap();
    for first in [
        "HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx-a: ",
    ] {
        let host = dripping(first, Duration::from_secs(2)).await;
        let started = Instant::now();
        let result = procore.file(&format!("http://{host}/spec.pdf?sig=k3y"), LIMIT_BYTES).await;
        ended(result, NOW, "no answer in time to GET a file at 127.0.0.1");
        let elapsed = started.elapsed();
        assert!((60..=61).contains(&elapsed.as_secs()), "{elapsed:?}");
    }
}

#[tokio::test]
async fn a_page_in_place_of_a_pdf_comes_as_it_is_and_is_not_called_a_pdf() {
    let storage = MockServer::start().await;
    let page = "<!DOCTYPE html><title>Sign in</title>";
    answer(&storage, "GET", "/spec.pdf", ResponseTemplate::new(200).set_body_raw(page, "text/html")).await;
    let file = fetched(*storage.address()).await.unwrap();
    assert_eq!((&*file.bytes, file.content_type.as_deref()), (page.as_bytes(), Some("text/html")));
    assert_eq!(file.file_name.as_deref(), Some("spec.pdf"));
}

fn to(address: &str) -> ResponseTemplate {
    ResponseTemplate::new(302).insert_header("location", address)
}

/// The hosts, paths and proofs of identity of every request for a file, in order of path.
async fn seen(hosts: &[&MockServer]) -> Vec<(String, Option<String>, bool)> {
    let mut seen = Vec::new();
    for host in hosts {
        for request in api_requests(host).await {
            let bearer = header(&request, "authorization").map(str::to_owned);
            let company = header(&request, "procore-company-id").is_some();
            seen.push((request.url.path().to_owned(), bearer, company));
        }
    }
    seen.sort();
    seen
}

#[tokio::test]
async fn a_redirect_to_another_host_leaves_the_token_behind() {
    let (procore_host, storage) = (server().await, MockServer::start().await);
    answer(&procore_host, "GET", "/1", to(&format!("{}/2?sig=k3y", storage.uri()))).await;
    let file = ResponseTemplate::new(200).set_body_raw("%PDF", "application/pdf");
    answer(&storage, "GET", "/2", file).await;
    let procore = client(&procore_host.uri());
    assert_eq!(procore.file(&format!("{}/1", procore_host.uri()), 4).await.unwrap().bytes, b"%PDF");
    let ours = Some(format!("Bearer {TOKEN}-1"));
    let expected = [("/1".to_owned(), ours, true), ("/2".to_owned(), None, false)];
    assert_eq!(seen(&[&procore_host, &storage]).await, expected);
}

#[tokio::test]
async fn a_redirect_from_another_host_back_to_procore_shows_it_no_token() {
    let (procore_host, storage) = (server().await, MockServer::start().await);
    answer(&storage, "GET", "/1", to(&format!("{}/2", procore_host.uri()))).await;
    answer(&procore_host, "GET", "/2", ResponseTemplate::new(401)).await;
    let procore = client(&procore_host.uri());
    let result = procore.file(&format!("{}/1?sig=k3y", storage.uri()), 4).await;
    // Its 401 says nothing about our credentials, so no token is spent on it either.
    ended(result, Class::Permanent, "GET a file at 127.0.0.1 was answered with status 401");
    let expected = [("/1".to_owned(), None, false), ("/2".to_owned(), None, false)];
    assert_eq!(seen(&[&procore_host, &storage]).await, expected);
    assert_eq!((token_requests(&procore_host).await, procore.calls()), (0, 0));
}

#[tokio::test]
async fn a_ring_of_redirects_between_hosts_ends_and_only_its_first_step_saw_the_token() {
    let (procore_host, storage) = (server().await, MockServer::start().await);
    answer(&procore_host, "GET", "/1", to(&format!("{}/2?sig=k3y", storage.uri()))).await;
    answer(&storage, "GET", "/2", to(&format!("{}/1?sig=k3y", procore_host.uri()))).await;
    let result = client(&procore_host.uri()).file(&format!("{}/1", procore_host.uri()), 4).await;
    ended(
        result,
        Class::Permanent,
        "GET a file at 127.0.0.1 was redirected, and that redirect is not followed: there are too many",
    );
    let shown = seen(&[&procore_host, &storage]).await;
    assert_eq!(shown.len(), 6);
    assert_eq!(shown.iter().filter(|(_, bearer, company)| bearer.is_some() || *company).count(), 1);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_a_clear_error() {
    let storage = MockServer::start().await;
    answer(&storage, "GET", "/none", ResponseTemplate::new(302)).await;
    answer(&storage, "GET", "/inside", to("https://10.0.0.1/latest?sig=k3y")).await;
    answer(&storage, "GET", "/plain", to("http://files.example/?sig=k3y")).await;
    answer(&storage, "GET", "/named", to("https://user:k3y@files.example/")).await;
    for (path, message) in [
        (
            "none",
            "GET a file at 127.0.0.1 was redirected, and that redirect is not followed: its Location cannot be read",
        ),
        ("inside", "the file is not fetched: the address is of an inner network"),
        ("plain", "the file is not fetched: the address is not https"),
        ("named", "the file is not fetched: the address carries credentials"),
    ] {
        let procore = client("http://127.0.0.1:9");
        let result = procore.file(&format!("{}/{path}?sig=k3y", storage.uri()), 4).await;
        ended(result, Class::Permanent, message);
    }
}

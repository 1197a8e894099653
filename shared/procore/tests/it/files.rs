//! Files: from anywhere, with our token to Procore alone, and never more than the limit.

use std::io::Write;
use std::time::Duration;

use procore::{Class, CompanyId, Environment, Error, Hosts, Procore, Settings};
use wiremock::{MockServer, ResponseTemplate};

use crate::stand_in::{
    TOKEN, answer, api_requests, client, header, rude_server, server, settings, token_requests,
};

fn to(address: &str) -> ResponseTemplate {
    ResponseTemplate::new(302).insert_header("location", address)
}

fn bytes(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "application/pdf")
}

#[tokio::test]
async fn a_file_at_procore_is_fetched_with_our_token() {
    let server = server().await;
    answer(&server, "GET", "/f/10%2014%2000.pdf", bytes("%PDF")).await;
    let procore = client(&server.uri());
    let file = procore.file(&format!("{}/f/10%2014%2000.pdf?sig=x", server.uri()), 4).await.unwrap();
    assert_eq!((&*file.bytes, file.content_type.as_deref()), (&b"%PDF"[..], Some("application/pdf")));
    assert_eq!(file.file_name.as_deref(), Some("10 14 00.pdf"));
    let requests = api_requests(&server).await;
    assert_eq!(header(&requests[0], "authorization"), Some(&*format!("Bearer {TOKEN}-1")));
    assert_eq!((header(&requests[0], "procore-company-id"), procore.calls()), (Some("8001"), 1));
}

#[tokio::test]
async fn a_redirect_never_carries_the_token_elsewhere_nor_back() {
    let (procore_host, storage) = (server().await, MockServer::start().await);
    answer(&procore_host, "GET", "/f/1", to("/f/2")).await;
    answer(&procore_host, "GET", "/f/2", to(&format!("{}/s/3?sig=x", storage.uri()))).await;
    answer(&storage, "GET", "/s/3", to(&format!("{}/f/4", procore_host.uri()))).await;
    answer(&procore_host, "GET", "/f/4", bytes("end")).await;
    let procore = client(&procore_host.uri());
    let file = procore.file(&format!("{}/f/1", procore_host.uri()), 100).await.unwrap();
    assert_eq!(file.bytes, b"end");
    let mut shown: Vec<_> = Vec::new();
    for request in api_requests(&procore_host).await.iter().chain(&api_requests(&storage).await) {
        let ours = [
            header(request, "authorization"),
            header(request, "procore-company-id"),
            header(request, "referer"),
        ];
        shown.push((request.url.path().to_owned(), ours.map(|value| value.is_some())));
    }
    assert_eq!(
        shown,
        [
            ("/f/1".to_owned(), [true, true, false]),
            ("/f/2".to_owned(), [true, true, false]),
            ("/f/4".to_owned(), [false, false, false]),
            ("/s/3".to_owned(), [false, false, false]),
        ]
    );
    assert_eq!(procore.calls(), 2, "only what Procore counts");
}

#[tokio::test]
async fn a_file_elsewhere_needs_no_token_at_all() {
    let (procore_host, storage) = (server().await, MockServer::start().await);
    answer(&storage, "GET", "/s", bytes("x")).await;
    answer(&storage, "GET", "/closed", ResponseTemplate::new(401)).await;
    let procore = client(&procore_host.uri());
    procore.file(&format!("{}/s", storage.uri()), 100).await.unwrap();
    let error = procore.file(&format!("{}/closed", storage.uri()), 100).await.unwrap_err();
    assert!(matches!(error, Error::Status { .. }), "its 401 is not about our credentials: {error:?}");
    assert_eq!(token_requests(&procore_host).await, 0);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let server = server().await;
    answer(&server, "GET", "/f", ResponseTemplate::new(401)).await;
    let error = client(&server.uri()).file(&format!("{}/f", server.uri()), 100).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert_eq!((api_requests(&server).await.len(), token_requests(&server).await), (2, 2));
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    let server = server().await;
    for hop in 0..6 {
        answer(&server, "GET", &format!("/f/{hop}"), to(&format!("/f/{}", hop + 1))).await;
    }
    answer(&server, "GET", "/f/6", bytes("x")).await;
    let procore = client(&server.uri());
    assert!(procore.file(&format!("{}/f/1", server.uri()), 100).await.is_ok());
    let error = procore.file(&format!("{}/f/0", server.uri()), 100).await.unwrap_err();
    assert!(matches!(error, Error::Redirect { .. }), "{error:?}");
}

#[tokio::test]
async fn the_limit_holds_for_honest_missing_and_lying_lengths() {
    let server = server().await;
    answer(&server, "GET", "/fits", bytes("12345678")).await;
    answer(&server, "GET", "/large", bytes("123456789")).await;
    let chunked = rude_server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        while stream.write_all(b"4\r\n....\r\n").is_ok() {}
    });
    let until_closed = rude_server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'.'; 4096]).is_ok() {}
    });
    let refusing = rude_server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n");
        while stream.write_all(&[b'.'; 4096]).is_ok() {}
    });
    let procore = client(&server.uri());
    let at = |address: String| {
        let procore = procore.clone();
        async move { procore.file(&address, 8).await }
    };
    assert_eq!(at(format!("{}/fits", server.uri())).await.unwrap().bytes.len(), 8);
    for address in [
        format!("{}/large?sig=key", server.uri()),
        format!("http://{chunked}/x?sig=key"),
        format!("http://{until_closed}/x?sig=key"),
    ] {
        let error = at(address.clone()).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit_bytes: 8, .. }), "{address}: {error:?}");
        assert_eq!(error.to_string(), "the answer to GET a file at 127.0.0.1 is larger than 8 bytes");
        assert_eq!(error.class(), Class::Permanent);
        assert!(!format!("{error:?}").contains("key"));
    }
    let refused = at(format!("http://{refusing}/x")).await.unwrap_err();
    assert_eq!(refused.class(), Class::NotFound, "a refusal's endless body is not waited for");
}

#[tokio::test]
async fn no_redirect_leads_inside() {
    let server = server().await;
    for (hop, inside) in [
        "https://10.0.0.1/x",
        "http://169.254.169.254/latest/meta-data/",
        "https://[fd00::1]/",
        "file:///etc/passwd",
        "http://files.example/x",
        "//10.0.0.1/x",
    ]
    .into_iter()
    .enumerate()
    {
        answer(&server, "GET", &format!("/f/{hop}"), to(inside)).await;
        let error = client(&server.uri()).file(&format!("{}/f/{hop}", server.uri()), 100).await.unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{inside}: {error:?}");
        assert_eq!(error.class(), Class::Permanent);
    }
}

#[tokio::test]
async fn with_the_real_procore_this_machine_is_out_of_reach() {
    let server = MockServer::start().await;
    let hosts = Hosts::of(Environment::Production);
    let procore = Procore::new(Settings::new(CompanyId::new(1), hosts, "id", "secret".into())).unwrap();
    for address in
        [server.uri(), server.uri().replace("http:", "https:"), "nonsense".into(), "/relative".into()]
    {
        let error = procore.file(&address, 100).await.unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{address}: {error:?}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_never_comes_is_given_up_within_a_minute() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut settings = settings("http://127.0.0.1:9");
    settings.connect_timeout = Duration::from_secs(600); // so that the paused clock meets the deadline first
    let api = Procore::new(settings).unwrap();
    let started = tokio::time::Instant::now();
    let error = api.file(&format!("http://{address}/x?sig=key"), 100).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert_eq!(error.class(), Class::Retry { after: None });
    assert!(started.elapsed() <= Duration::from_secs(61), "{:?}", started.elapsed());
    assert!(!format!("{error} {error:?}").contains("key"));
}

#[tokio::test]
async fn no_failure_repeats_the_signature_of_an_address() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let lost = rude_server(|_| {});
    let server = server().await;
    let procore = client(&server.uri());
    for (address, variant) in [
        (format!("http://{closed}/k3y?sig=k3y"), "Connect"),
        (format!("http://{lost}/k3y?sig=k3y"), "Broken"),
        (format!("{}/k3y?sig=k3y", server.uri()), "Status"),
        ("https://10.0.0.1/k3y?sig=k3y".to_owned(), "Address"),
    ] {
        let error = procore.file(&address, 100).await.unwrap_err();
        let shown = format!("{error:?} {error}");
        assert!(shown.starts_with(variant) && !shown.contains("k3y"), "{variant}: {shown}");
    }
}

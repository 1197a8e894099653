//! A stand-in for an OpenTelemetry collector: takes what it is told, on loopback.

use std::collections::BTreeSet;

use otlp::Exporter;
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

pub(super) struct Collector {
    server: MockServer,
}

impl Collector {
    pub(super) async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        Self { server }
    }

    /// What a service that is configured for it exports with.
    pub(super) fn exporter(&self) -> Exporter {
        let address = self.server.uri();
        let variable = |name: &str| (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| address.clone());
        Exporter::from_variables("plumbline", variable).unwrap().unwrap()
    }

    async fn told(&self, path: &str) -> Vec<Value> {
        let requests = self.server.received_requests().await.unwrap();
        let mut told = Vec::new();
        for request in requests.iter().filter(|request| request.url.path() == path) {
            assert_eq!(request.headers["content-type"], "application/json");
            told.push(request.body_json().unwrap());
        }
        told
    }

    /// All spans, in the order they were told.
    pub(super) async fn spans(&self) -> Vec<Value> {
        let told = self.told("/v1/traces").await;
        let all = told.iter().flat_map(|body| body["resourceSpans"].as_array().unwrap());
        let all = all.flat_map(|resource| resource["scopeSpans"].as_array().unwrap());
        all.flat_map(|scope| scope["spans"].as_array().unwrap()).cloned().collect()
    }

    /// Names of all metrics that were told.
    pub(super) async fn metrics(&self) -> BTreeSet<String> {
        let told = self.told("/v1/metrics").await;
        let all = told.iter().flat_map(|body| body["resourceMetrics"].as_array().unwrap());
        let all = all.flat_map(|resource| resource["scopeMetrics"].as_array().unwrap());
        let all = all.flat_map(|scope| scope["metrics"].as_array().unwrap());
        all.map(|metric| metric["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything it was told, as text.
    pub(super) async fn text(&self) -> String {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect()
    }
}

//! The wire: one request for spans, one for metrics, and no second try.
//!
//! What watches must never hold up what is watched: a collector that is slow or away costs what was to be told, and
//! nothing else.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use reqwest::{
    Client, RequestBuilder,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use url::Url;

use crate::{Metric, Span, json};

/// Time for one request. The collector is expected beside the program; nobody waits for longer.
const PATIENCE: Duration = Duration::from_millis(800);

/// Why nothing is told, or what was not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is none.
    #[error("OTEL_EXPORTER_OTLP_ENDPOINT is not a URL such as http://127.0.0.1:4318")]
    NotAUrl,
    /// The headers are none. Their values may be secrets and are not shown.
    #[error("OTEL_EXPORTER_OTLP_HEADERS is not of the form name=value,name=value")]
    NotHeaders,
    /// TLS cannot be set up.
    #[error("no client for the collector: {0}")]
    Build(#[source] reqwest::Error),
    /// The collector could not be reached or did not answer in time.
    #[error("the collector was not told: {0}")]
    Unreachable(#[source] reqwest::Error),
    /// The collector refused.
    #[error("the collector answered with status {0}")]
    Refused(u16),
}

/// Tells one collector. Clones share connections.
#[derive(Clone, Debug)]
pub struct Exporter {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: Client,
    traces: Url,
    metrics: Url,
    service: String,
}

impl Exporter {
    /// From OpenTelemetry's own variables, as `get` finds them: `OTEL_EXPORTER_OTLP_ENDPOINT`, without which there is
    /// no exporter, `OTEL_EXPORTER_OTLP_HEADERS`, and `OTEL_SERVICE_NAME` in place of `service`.
    ///
    /// # Errors
    /// Names the variable that cannot be used.
    pub fn from_variables(
        service: &str,
        get: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Error> {
        let get = |name| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let Some(endpoint) = get("OTEL_EXPORTER_OTLP_ENDPOINT") else { return Ok(None) };
        let endpoint: Url = endpoint.parse().map_err(|_| Error::NotAUrl)?;
        let headers = headers(&get("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default())?;
        let service = get("OTEL_SERVICE_NAME").unwrap_or_else(|| service.to_owned());
        Self::new(&endpoint, headers, service).map(Some)
    }

    fn new(endpoint: &Url, headers: HeaderMap, service: String) -> Result<Self, Error> {
        if !matches!(endpoint.scheme(), "http" | "https") || endpoint.host().is_none() {
            return Err(Error::NotAUrl);
        }
        let is_here = matches!(endpoint.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let mut http = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .referer(false)
            .default_headers(headers);
        if is_here {
            http = http.no_proxy(); // a proxy for the outside cannot reach a collector on this machine
        }
        let below = |path: &str| {
            let mut url = endpoint.clone();
            url.set_path(&format!("{}/v1/{path}", endpoint.path().trim_end_matches('/')));
            url
        };
        let (traces, metrics) = (below("traces"), below("metrics"));
        let http = http.build().map_err(Error::Build)?;
        Ok(Self { inner: Arc::new(Inner { http, traces, metrics, service }) })
    }

    /// Tells of spans that have ended.
    ///
    /// # Errors
    /// When the collector did not take them. They are lost then.
    pub async fn tell_spans(&self, spans: &[Span]) -> Result<(), Error> {
        let Inner { http, traces, service, .. } = &*self.inner;
        send(http.post(traces.clone()).json(&json::traces(service, spans))).await
    }

    /// Tells what was measured between these moments.
    ///
    /// # Errors
    /// When the collector did not take it. It is lost then.
    pub async fn tell_metrics(
        &self,
        metrics: &[Metric],
        since: Timestamp,
        until: Timestamp,
    ) -> Result<(), Error> {
        let Inner { http, metrics: url, service, .. } = &*self.inner;
        send(http.post(url.clone()).json(&json::metrics(service, metrics, since, until))).await
    }
}

async fn send(request: RequestBuilder) -> Result<(), Error> {
    // The address may hold a key of the collector's: it is not repeated.
    let answer = request.send().await.map_err(|error| Error::Unreachable(error.without_url()))?;
    let status = answer.status();
    if status.is_success() { Ok(()) } else { Err(Error::Refused(status.as_u16())) }
}

/// Reads `name=value,name=value`. OpenTelemetry asks for percent-encoded values; those that need it are rare and taken as
/// they stand.
fn headers(text: &str) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(Error::NotHeaders)?;
        let name: HeaderName = name.trim().parse().map_err(|_| Error::NotHeaders)?;
        let mut value: HeaderValue = value.trim().parse().map_err(|_| Error::NotHeaders)?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

    use super::*;
    use crate::{Point, Points, SpanId, SpanKind, TraceId, Value};

    fn exporter(variables: &[(&str, &str)]) -> Result<Option<Exporter>, Error> {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Exporter::from_variables("plumbline", find)
    }

    #[test]
    fn without_an_address_there_is_none_and_a_wrong_one_is_named() {
        assert!(exporter(&[]).unwrap().is_none());
        assert!(exporter(&[("OTEL_EXPORTER_OTLP_ENDPOINT", " ")]).unwrap().is_none());
        for wrong in ["collector", "ftp://collector", "collector:4318"] {
            let error = exporter(&[("OTEL_EXPORTER_OTLP_ENDPOINT", wrong)]).unwrap_err();
            assert!(matches!(error, Error::NotAUrl), "{wrong}");
        }
        let error = exporter(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "s3cret"),
        ]);
        assert!(!error.unwrap_err().to_string().contains("s3cret"));
    }

    #[tokio::test]
    async fn both_kinds_arrive_as_the_protocol_writes_them() {
        let collector = MockServer::start().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&collector).await;
        let address = format!("{}/otel/", collector.uri());
        let exporter = exporter(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &address),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=k1"),
            ("OTEL_SERVICE_NAME", "drafts"),
        ]);
        let exporter = exporter.unwrap().unwrap();
        let began = Timestamp::from_second(1_800_000_000).unwrap();
        let span = Span {
            trace: TraceId([1; 16]),
            id: SpanId([2; 8]),
            parent: Some(SpanId([3; 8])),
            name: "run",
            kind: SpanKind::Consumer,
            began,
            ended: began,
            failed: true,
            attributes: vec![("outcome", Value::Text("Failed".into())), ("tokens", Value::Number(7))],
        };
        exporter.tell_spans(&[span]).await.unwrap();
        let labels = vec![("outcome", "Drafted".to_owned())];
        let sums = Metric {
            name: "Events",
            description: "d",
            unit: "{event}",
            points: Points::Sums(vec![Point { labels, value: 2 }]),
        };
        let points = vec![Point { labels: Vec::new(), value: (12, vec![1, 0, 1]) }];
        let spread =
            Metric { points: Points::Distributions { bounds: &[5, 10], points }, unit: "ms", ..sums.clone() };
        exporter.tell_metrics(&[sums, spread], began, began).await.unwrap();

        let requests = collector.received_requests().await.unwrap();
        let paths: Vec<&str> = requests.iter().map(|request| request.url.path()).collect();
        assert_eq!(paths, ["/otel/v1/traces", "/otel/v1/metrics"]);
        assert!(requests.iter().all(|request| request.headers["api-key"] == "k1"));
        let body = |at: usize| serde_json::from_slice::<Json>(&requests[at].body).unwrap();
        let spans = &body(0)["resourceSpans"][0];
        assert_eq!(spans["resource"]["attributes"][0]["value"]["stringValue"], "drafts");
        let told = &spans["scopeSpans"][0]["spans"][0];
        assert_eq!(told["traceId"], "01".repeat(16));
        assert_eq!(told["parentSpanId"], "03".repeat(8));
        assert_eq!(told["startTimeUnixNano"], "1800000000000000000");
        assert_eq!((&told["kind"], &told["status"]["code"]), (&5.into(), &2.into()));
        assert_eq!(told["attributes"][1]["value"]["intValue"], "7");
        let metrics = &body(1)["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
        assert_eq!(metrics[0]["sum"]["dataPoints"][0]["asInt"], "2");
        assert_eq!(metrics[0]["sum"]["isMonotonic"], true);
        let spread = &metrics[1]["histogram"]["dataPoints"][0];
        assert_eq!((&spread["count"], &spread["bucketCounts"][2]), (&"2".into(), &"1".into()));
    }

    #[tokio::test]
    async fn a_collector_that_refuses_or_is_not_there_is_an_error_without_its_address() {
        let collector = MockServer::start().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).mount(&collector).await;
        let to = |address: &str| exporter(&[("OTEL_EXPORTER_OTLP_ENDPOINT", address)]).unwrap().unwrap();
        let refused = to(&collector.uri()).tell_spans(&[]).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(503)), "{refused}");
        let gone = to("http://127.0.0.1:1/key-in-path").tell_spans(&[]).await.unwrap_err().to_string();
        assert!(!gone.contains("key-in-path"), "{gone}");
    }
}

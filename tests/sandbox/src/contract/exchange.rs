//! One request with its answer, held against the description.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{
    DELIBERATE,
    body::{Body, Components},
    description::{Contract, Operation, RequestBody},
    exceptions, parameters,
    violation::{Kind, Violation},
};

/// How our own client begins its user agent.
const OUR_CLIENT: &str = "procore/";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request as it came in.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path without the query, percent-encoded.
    pub path: String,
    /// Query as sent.
    pub query: String,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Body as sent.
    pub body: Vec<u8>,
}

/// The answer to it.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Value of `Content-Type`, empty if there was none.
    pub content_type: String,
    /// Body as sent.
    pub body: Vec<u8>,
}

/// What the check has to say about one exchange.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The operation, if it is one of the description.
    pub operation: Option<String>,
    /// What is wrong and nobody excuses.
    pub violations: Vec<Violation>,
    /// Names of the exceptions that were needed.
    pub excused: Vec<&'static str>,
    /// Departures of a request that was marked as wrong on purpose, and refused.
    pub deliberate: usize,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

impl Contract {
    /// Holds one exchange against the description.
    #[must_use]
    pub fn check(&self, request: &Request, answer: &Answer) -> Findings {
        let operation = self.operation(&request.method, &request.path);
        let found = operation.map_or_else(
            || vec![Violation::new(Kind::UnknownOperation, &request.method, "no operation has this path")],
            |operation| {
                let mut found = parameters::violations(operation, request);
                found.extend(body_violations(operation, &self.components, request));
                found
            },
        );
        let name = operation.map(Operation::name);
        let (mut asked, mut excused) = exceptions::sort(found, name.as_deref(), request, answer);
        let mut deliberate = 0;
        if request.header(DELIBERATE).is_some() {
            let ours = request.header("user-agent").is_some_and(|agent| agent.starts_with(OUR_CLIENT));
            if ours {
                asked.push(Violation::new(Kind::Mark, DELIBERATE, "our own client is never exempt"));
            } else if asked.is_empty() {
                asked.push(Violation::new(Kind::Mark, DELIBERATE, "nothing is wrong with this request"));
            } else if (400..500).contains(&answer.status) {
                deliberate = asked.len();
                asked.clear();
            }
        }
        let (answered, also_excused) = exceptions::sort(
            answer_violations(operation, &self.components, answer),
            name.as_deref(),
            request,
            answer,
        );
        excused.extend(also_excused);
        asked.extend(answered);
        Findings { operation: name, violations: asked, excused, deliberate }
    }
}

fn body_violations(operation: &Operation, components: &Components, request: &Request) -> Vec<Violation> {
    let presence = |rule: &str| vec![Violation::new(Kind::BodyPresence, "body", rule)];
    let Some(RequestBody { required, content }) = &operation.details.request_body else {
        return if request.body.is_empty() { Vec::new() } else { presence("this operation takes none") };
    };
    if request.body.is_empty() {
        return if *required { presence("is required") } else { Vec::new() };
    }
    let given = media_type(request.header("content-type").unwrap_or_default());
    let mut found = Vec::new();
    if !content.contains_key(given) {
        let listed: Vec<&str> = content.keys().map(String::as_str).collect();
        let rule = format!("must be one of {}", listed.join(", "));
        found.push(Violation::new(Kind::MediaType, "content-type", rule).given(given));
    }
    let body = match given {
        JSON => serde_json::from_slice(&request.body).ok(),
        FORM => Some(form(&request.body)),
        // A file's parts have no schema worth the name.
        "multipart/form-data" => return found,
        _ => None,
    };
    let described = content.get(given).or_else(|| content.get(JSON));
    match (body, described) {
        (Some(body), Some(described)) => {
            found.extend(problems(Kind::Body, described, components, &body));
        }
        _ => found.push(Violation::new(Kind::Body, "/", "cannot be read")),
    }
    found
}

fn answer_violations(
    operation: Option<&Operation>,
    components: &Components,
    answer: &Answer,
) -> Vec<Violation> {
    let status = answer.status.to_string();
    let text = String::from_utf8_lossy(&answer.body);
    let failed = answer.status >= 400;
    let listed = operation.and_then(|operation| {
        let answers = &operation.details.responses;
        // `default` stands for the errors nobody listed, never for a success.
        answers.get(&status).or_else(|| answers.get("default").filter(|_| failed))
    });
    let Some(listed) = listed else {
        let kind = if failed { Kind::ErrorStatus } else { Kind::Status };
        let mut found = vec![Violation::new(kind, status.as_str(), "no answer with this status")];
        if failed {
            found.push(
                Violation::new(Kind::ErrorBody, status, "the body of a status without one").given(text),
            );
        }
        return found;
    };
    let mut found = match listed.content.get(JSON) {
        None if listed.content.is_empty() && answer.body.is_empty() => Vec::new(),
        None => vec![Violation::new(Kind::Answer, "/", "no body is described")],
        Some(described) if media_type(&answer.content_type) == JSON => serde_json::from_slice(&answer.body)
            .map_or_else(
                |_| vec![Violation::new(Kind::Answer, "/", "is not JSON")],
                |body| problems(Kind::Answer, described, components, &body),
            ),
        Some(_) => vec![Violation::new(Kind::Answer, "/", "is not JSON")],
    };
    if failed && !found.is_empty() {
        let rules: Vec<String> = found.iter().map(|one| format!("{} {}", one.subject, one.rule)).collect();
        found = vec![Violation::new(Kind::ErrorBody, status, rules.join("; ")).given(text)];
    }
    found
}

fn problems(kind: Kind, described: &Body, components: &Components, body: &Value) -> Vec<Violation> {
    described
        .problems(components, body)
        .into_iter()
        .map(|problem| Violation::new(kind, problem.pointer, problem.rule).given(problem.given))
        .collect()
}

fn form(bytes: &[u8]) -> Value {
    let fields: Map<String, Value> = form_urlencoded::parse(bytes)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    Value::Object(fields)
}

fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

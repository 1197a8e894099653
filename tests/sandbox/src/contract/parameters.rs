//! Path, query and headers of a request.

use jiff::{Timestamp, civil::Date};
use serde_json::Value;
use url::form_urlencoded;

use super::{
    description::{Operation, Parameter, Place},
    exchange::Request,
    violation::{Kind, Violation},
};

/// What is wrong outside the body.
pub(super) fn violations(operation: &Operation, request: &Request) -> Vec<Violation> {
    let mut found = path(operation, request);
    found.extend(headers(operation, request));
    found.extend(query(operation, request));
    found
}

fn path(operation: &Operation, request: &Request) -> Vec<Violation> {
    let parameters: Vec<&Parameter> = operation.parameters(Place::Path).collect();
    operation
        .path_values(&request.path)
        .filter_map(|(name, given)| {
            let rule = match parameters.iter().find(|parameter| parameter.name == name) {
                Some(parameter) => mismatch(&parameter.schema, given)?,
                None => "is in the path but not described".to_owned(),
            };
            Some(Violation::new(Kind::PathValue, name, rule).given(given))
        })
        .collect()
}

fn headers(operation: &Operation, request: &Request) -> Vec<Violation> {
    let mut found = Vec::new();
    if operation.needs_bearer
        && !request.header("authorization").is_some_and(|value| value.starts_with("Bearer "))
    {
        found.push(Violation::new(Kind::MissingHeader, "authorization", "a bearer token is required"));
    }
    for parameter in operation.parameters(Place::Header) {
        match request.header(&parameter.name.to_ascii_lowercase()) {
            Some(given) => found.extend(
                mismatch(&parameter.schema, given)
                    .map(|rule| Violation::new(Kind::HeaderValue, &parameter.name, rule).given(given)),
            ),
            None if parameter.required => {
                found.push(Violation::new(Kind::MissingHeader, &parameter.name, "is required"));
            }
            None => {}
        }
    }
    found
}

fn query(operation: &Operation, request: &Request) -> Vec<Violation> {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
    let mut found = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (key, given) in &pairs {
        let Some(parameter) = operation.parameters(Place::Query).find(|parameter| spelled(parameter, key))
        else {
            found.push(Violation::new(Kind::UnknownQuery, key, "no such query parameter").given(given));
            continue;
        };
        let (schema, many) = match kind_of(&parameter.schema) {
            "array" => (parameter.schema.get("items").unwrap_or(&Value::Null), true),
            "object" => (&Value::Null, true),
            _ => (&parameter.schema, false),
        };
        if !many && seen.contains(&key.as_str()) {
            found.push(Violation::new(Kind::QueryValue, key, "is no array and came twice").given(given));
        }
        seen.push(key);
        found.extend(
            mismatch(schema, given).map(|rule| Violation::new(Kind::QueryValue, key, rule).given(given)),
        );
    }
    for parameter in operation.parameters(Place::Query).filter(|parameter| parameter.required) {
        if !pairs.iter().any(|(key, _)| spelled(parameter, key)) {
            found.push(Violation::new(Kind::MissingQuery, &parameter.name, "is required"));
        }
    }
    found
}

/// Procore docs: an array is written `name[]`, once for each value.
fn spelled(parameter: &Parameter, key: &str) -> bool {
    let name = parameter.name.as_str();
    match kind_of(&parameter.schema) {
        "array" => key.strip_suffix("[]").is_some_and(|stem| stem == name.strip_suffix("[]").unwrap_or(name)),
        "object" => key.strip_prefix(name).is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']')),
        _ => key == name,
    }
}

fn kind_of(schema: &Value) -> &str {
    schema.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// The rule a parameter's text breaks.
fn mismatch(schema: &Value, given: &str) -> Option<String> {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let fits = match (kind_of(schema), format) {
        ("integer", _) => given.parse::<i64>().is_ok(),
        ("number", _) => given.parse::<f64>().is_ok_and(f64::is_finite),
        ("boolean", _) => matches!(given, "true" | "false"),
        ("string", "date") => given.parse::<Date>().is_ok() && given.len() == 10,
        ("string", "date-time") => given.parse::<Timestamp>().is_ok(),
        ("string" | "", _) => true,
        (other, _) => return Some(format!("is of type {other}, which this check does not know here")),
    };
    if !fits {
        let format = if format.is_empty() { String::new() } else { format!(" ({format})") };
        return Some(format!("must be of type {}{format}", kind_of(schema)));
    }
    let allowed = schema.get("enum").and_then(Value::as_array)?;
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let named = allowed.iter().any(|value| text(value) == given);
    (!named).then(|| "is none of the listed values".to_owned())
}

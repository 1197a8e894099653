//! The answer's JSON Schema: our own validation, and the form that strict decoding accepts.
//! A problem names a place and a rule, never what the model wrote. Remote references are not resolved.

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value};

use crate::error::Error;

/// More than a corrective turn can use.
const MAX_PROBLEMS: usize = 20;

/// A compiled schema.
pub(crate) struct Schema(Validator);

impl Schema {
    pub(crate) fn compile(schema: &Value) -> Result<Self, Error> {
        jsonschema::validator_for(schema)
            .map(Self)
            .map_err(|_| Error::Configuration("the answer's JSON Schema is not a valid schema"))
    }

    /// Every broken rule, as `/claims/0/text: maxLength 400`; empty when the answer is good.
    pub(crate) fn problems(&self, answer: &Value) -> Vec<String> {
        self.0.iter_errors(answer).take(MAX_PROBLEMS).map(|error| problem(&error)).collect()
    }
}

fn problem(error: &ValidationError<'_>) -> String {
    let place = plain_pointer(error.instance_path().as_str());
    let rule = match error.kind() {
        ValidationErrorKind::MaxLength { limit } => format!("maxLength {limit}"),
        ValidationErrorKind::MinLength { limit } => format!("minLength {limit}"),
        ValidationErrorKind::MaxItems { limit } => format!("maxItems {limit}"),
        ValidationErrorKind::MinItems { limit } => format!("minItems {limit}"),
        ValidationErrorKind::Required { property } => format!("required {property}"),
        kind => kind.keyword().to_owned(),
    };
    format!("{place}: {rule}")
}

/// A name the model made up can stand in a pointer: only plain names pass.
fn plain_pointer(pointer: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let parts = pointer.split('/').skip(1).map(|part| {
        let known = part.len() <= 40 && part.chars().all(plain);
        if known { part } else { "?" }
    });
    let mut out: String = parts.flat_map(|part| ["/", part]).collect();
    if out.is_empty() {
        out.push('/');
    }
    out
}

/// Keywords that strict decoding does not take at every provider. OpenAI docs (structured outputs): a subset of JSON
/// Schema is supported; an unsupported keyword makes the request fail.
const OUTSIDE_STRICT: &[&str] = &[
    "$schema",
    "$id",
    "$comment",
    "title",
    "default",
    "examples",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// The schema reduced to what strict decoding knows. Bounds that are lost there are told in the description, and are
/// still enforced by [`Schema::problems`].
pub(crate) fn strict_subset(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let mut out = Map::new();
    for (name, value) in members {
        let value = match (name.as_str(), value) {
            // Here the keys are names of ours, not keywords: a property may well be called "title".
            ("properties" | "$defs" | "definitions", Value::Object(named)) => {
                named.iter().map(|(name, schema)| (name.clone(), strict_subset(schema))).collect()
            }
            ("anyOf" | "oneOf" | "allOf", Value::Array(options)) => {
                options.iter().map(strict_subset).collect()
            }
            ("items" | "additionalProperties", _) => strict_subset(value),
            (name, _) if OUTSIDE_STRICT.contains(&name) => continue,
            _ => value.clone(),
        };
        // Strict decoding knows anyOf alone; for closed alternatives the two agree, and oneOf is checked by us.
        let name = if name == "oneOf" { "anyOf" } else { name };
        out.insert(name.to_owned(), value);
    }
    if let Some(bounds) = bounds_in_words(members) {
        let description = match out.get("description").and_then(Value::as_str) {
            Some(text) => format!("{text} {bounds}"),
            None => bounds,
        };
        out.insert("description".to_owned(), description.into());
    }
    out.into()
}

fn bounds_in_words(members: &Map<String, Value>) -> Option<String> {
    let bound = |name: &str, words: &str, unit: &str| {
        members.get(name).and_then(Value::as_u64).map(|limit| format!("{words} {limit} {unit}."))
    };
    let words: Vec<String> = [
        bound("minLength", "At least", "characters"),
        bound("maxLength", "At most", "characters"),
        bound("minItems", "At least", "items"),
        bound("maxItems", "At most", "items"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_problem_names_place_and_rule_but_no_value() {
        let schema = json!({
            "type": "object", "additionalProperties": false, "required": ["title", "rows"],
            "properties": {
                "title": {"type": "string", "maxLength": 5},
                "rows": {"type": "array", "maxItems": 1, "items": {"enum": ["low", "high"]}},
            },
        });
        let schema = Schema::compile(&schema).unwrap();
        assert_eq!(schema.problems(&json!({"title": "short", "rows": ["low"]})), Vec::<String>::new());

        let answer = json!({"title": "SECRETSECRET", "rows": ["SECRET", "low"], "SECRETKEY": 1});
        let mut problems = schema.problems(&answer);
        problems.sort();
        assert_eq!(
            problems,
            ["/: additionalProperties", "/rows/0: enum", "/rows: maxItems 1", "/title: maxLength 5"]
        );
        assert_eq!(schema.problems(&json!({"title": 1})).len(), 2);
    }

    #[test]
    fn a_made_up_name_in_a_pointer_is_masked() {
        assert_eq!(plain_pointer("/claims/0/text"), "/claims/0/text");
        assert_eq!(plain_pointer("/free/call 555-0100 now"), "/free/?");
        assert_eq!(plain_pointer(""), "/");
    }

    #[test]
    fn the_strict_form_keeps_properties_and_tells_the_bounds() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Answer", "type": "object",
            "properties": {
                "title": {"type": "string", "description": "A line.", "maxLength": 80},
                "rows": {"type": "array", "maxItems": 8, "items": {"$ref": "#/$defs/Row"}},
            },
            "required": ["title", "rows"], "additionalProperties": false,
            "$defs": {"Row": {"oneOf": [{"const": "a"}, {"type": "string", "minLength": 12, "maxLength": 300}]}},
        });
        assert_eq!(
            strict_subset(&schema),
            json!({
                "type": "object",
                "properties": {
                    "title": {"type": "string", "description": "A line. At most 80 characters."},
                    "rows": {"type": "array", "description": "At most 8 items.", "items": {"$ref": "#/$defs/Row"}},
                },
                "required": ["title", "rows"], "additionalProperties": false,
                "$defs": {"Row": {"anyOf": [
                    {"const": "a"},
                    {"type": "string", "description": "At least 12 characters. At most 300 characters."},
                ]}},
            })
        );
    }

    #[test]
    fn a_schema_that_is_none_is_the_callers_mistake() {
        assert!(matches!(Schema::compile(&json!({"type": "no such type"})), Err(Error::Configuration(_))));
    }
}

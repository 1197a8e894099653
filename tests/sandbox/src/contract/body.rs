//! Schemas of bodies: OpenAPI 3.0's dialect made JSON Schema, closed, compiled when first needed.
//!
//! Closed: an object that lists properties and says nothing about others has no others. Two exceptions: parts of an
//! `allOf`, which must let each other's fields through, and custom fields where the description allows them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use jsonschema::{Draft, ValidationError, Validator, error::ValidationErrorKind};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const COMPONENTS: &str = "#/components/schemas/";
const CLOSED: &str = "#/$defs/closed:";
const OPEN: &str = "#/$defs/open:";
/// Marks an object with keys `custom_field_{id}`. Procore docs: requests take them beside the named fields.
const CUSTOM_FIELDS: &str = "x-custom-field-keys";

/// The schemas of `components`.
pub(super) type Components = BTreeMap<String, Value>;

/// The schema of one body.
#[derive(Debug, Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    schema: Value,
    #[serde(skip)]
    compiled: OnceLock<Result<Validator, String>>,
}

/// A broken rule and where.
pub(super) struct Problem {
    pub(super) pointer: String,
    pub(super) rule: String,
    pub(super) given: String,
}

impl Body {
    /// Every broken rule; a schema that cannot be compiled is one.
    pub(super) fn problems(&self, components: &Components, body: &Value) -> Vec<Problem> {
        match self.compiled.get_or_init(|| compile(&self.schema, components)) {
            Ok(validator) => validator.iter_errors(body).map(|error| problem(&error)).collect(),
            Err(why) => vec![Problem { pointer: String::new(), rule: why.clone(), given: String::new() }],
        }
    }
}

fn problem(error: &ValidationError<'_>) -> Problem {
    let rule = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            format!("no such field: {}", unexpected.join(", "))
        }
        ValidationErrorKind::OneOfNotValid { context } => {
            let alternatives: Vec<String> = context
                .iter()
                .map(|errors| {
                    errors.iter().map(|error| problem(error).rule).collect::<Vec<_>>().join(" and ")
                })
                .collect();
            format!("none of the alternatives: {}", alternatives.join("; or "))
        }
        _ => error.masked().to_string(),
    };
    let given = match error.instance().as_ref() {
        Value::Array(_) | Value::Object(_) => String::new(),
        value => value.to_string(),
    };
    Problem { pointer: error.instance_path().as_str().to_owned(), rule, given }
}

fn compile(schema: &Value, components: &Components) -> Result<Validator, String> {
    let mut root = translated(schema, true)?;
    let mut definitions = Map::new();
    let mut wanted = references(&root);
    while let Some(reference) = wanted.pop_first() {
        let (name, closed) = match (reference.strip_prefix(CLOSED), reference.strip_prefix(OPEN)) {
            (Some(name), _) => (name, true),
            (_, Some(name)) => (name, false),
            _ => return Err(format!("a reference out of the components: {reference}")),
        };
        let key = reference.trim_start_matches("#/$defs/").to_owned();
        if definitions.contains_key(&key) {
            continue;
        }
        let component = components.get(name).ok_or_else(|| format!("no component {name}"))?;
        let definition = translated(component, closed)?;
        wanted.extend(references(&definition));
        definitions.insert(key, definition);
    }
    if let Some(root) = root.as_object_mut() {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&root)
        .map_err(|error| format!("the schema cannot be compiled: {error}"))
}

/// The schema in JSON Schema's words. A keyword this does not know is an error: passing over it would check less.
fn translated(schema: &Value, closed: bool) -> Result<Value, String> {
    let Value::Object(fields) = schema else {
        return if schema.is_null() { Ok(json!({})) } else { Ok(schema.clone()) };
    };
    let mut out = Map::new();
    for (keyword, value) in fields {
        let translation = match keyword.as_str() {
            "$ref" => reference(value, closed)?,
            "properties" => translated_map(value)?,
            "items" => translated(value, true)?,
            "additionalProperties" if value.is_object() => translated(value, true)?,
            // One part alone has nobody to let through.
            "allOf" => {
                translated_list(value, closed && value.as_array().is_some_and(|parts| parts.len() == 1))?
            }
            "oneOf" | "anyOf" => translated_list(value, closed)?,
            "type"
            | "enum"
            | "format"
            | "required"
            | "minimum"
            | "maximum"
            | "multipleOf"
            | "minLength"
            | "maxLength"
            | "pattern"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "minProperties"
            | "maxProperties"
            | "additionalProperties" => value.clone(),
            "nullable" | "description" | "title" | "default" | "deprecated" | "example" | "readOnly"
            | "writeOnly" => continue,
            other if other.starts_with("x-") => continue,
            other => return Err(format!("a schema keyword this check does not know: {other}")),
        };
        out.insert(keyword.clone(), translation);
    }
    if closed {
        close(&mut out, fields);
    }
    let nullable = fields.get("nullable") == Some(&Value::Bool(true));
    Ok(if nullable { json!({ "if": { "type": "null" }, "else": out }) } else { Value::Object(out) })
}

fn close(out: &mut Map<String, Value>, fields: &Map<String, Value>) {
    if fields.contains_key(CUSTOM_FIELDS) {
        let value = out.get("additionalProperties").filter(|value| value.is_object()).cloned();
        out.insert(
            "patternProperties".to_owned(),
            json!({ "^custom_field_[0-9]+$": value.unwrap_or_else(|| json!({})) }),
        );
        out.insert("additionalProperties".to_owned(), Value::Bool(false));
    } else if out.contains_key("properties") && !out.contains_key("additionalProperties") {
        out.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
}

fn translated_map(value: &Value) -> Result<Value, String> {
    let properties = value.as_object().ok_or("properties that are no object")?;
    let translated = properties.iter().map(|(name, schema)| Ok((name.clone(), translated(schema, true)?)));
    translated.collect::<Result<Map<_, _>, String>>().map(Value::Object)
}

fn translated_list(value: &Value, closed: bool) -> Result<Value, String> {
    let parts = value.as_array().ok_or("a composition that is no array")?;
    parts.iter().map(|part| translated(part, closed)).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn reference(value: &Value, closed: bool) -> Result<Value, String> {
    let name = value.as_str().and_then(|text| text.strip_prefix(COMPONENTS));
    let name = name.ok_or_else(|| format!("a reference out of the components: {value}"))?;
    Ok(Value::String(format!("{}{name}", if closed { CLOSED } else { OPEN })))
}

fn references(schema: &Value) -> BTreeSet<String> {
    match schema {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).map(ToOwned::to_owned);
            fields.values().flat_map(references).chain(own).collect()
        }
        Value::Array(parts) => parts.iter().flat_map(references).collect(),
        _ => BTreeSet::new(),
    }
}

//! The description: operations by method and path.

use std::{collections::BTreeMap, fmt, fs, path::Path};

use serde::Deserialize;
use serde_json::Value;

use super::body::{Body, Components};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A loaded OpenAPI 3.0 description.
pub struct Contract {
    pub(super) operations: Vec<Operation>,
    pub(super) components: Components,
}

/// One operation.
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) template: String,
    pub(super) details: Details,
    pub(super) needs_bearer: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Details {
    #[serde(default)]
    pub(super) parameters: Vec<Parameter>,
    pub(super) request_body: Option<RequestBody>,
    pub(super) responses: BTreeMap<String, Response>,
    security: Option<Vec<Value>>,
}

#[derive(Deserialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    #[serde(rename = "in")]
    pub(super) place: Place,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) schema: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Deserialize)]
pub(super) struct RequestBody {
    #[serde(default)]
    pub(super) required: bool,
    pub(super) content: BTreeMap<String, Body>,
}

#[derive(Deserialize)]
pub(super) struct Response {
    #[serde(default)]
    pub(super) content: BTreeMap<String, Body>,
}

#[derive(Deserialize)]
struct Document {
    openapi: String,
    paths: BTreeMap<String, BTreeMap<String, Value>>,
    #[serde(default)]
    components: DocumentComponents,
    #[serde(default)]
    security: Vec<Value>,
}

#[derive(Default, Deserialize)]
struct DocumentComponents {
    #[serde(default)]
    schemas: Components,
}

impl Contract {
    /// Reads the file. The error says what is wrong with it.
    pub fn load(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Reads the text of a description. The error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if !document.openapi.starts_with("3.0") {
            return Err(format!("OpenAPI {}, this check knows 3.0", document.openapi));
        }
        let mut operations = Vec::new();
        for (template, mut item) in document.paths {
            if item.contains_key("parameters") {
                return Err(format!(
                    "{template}: parameters of a whole path, which this check does not know"
                ));
            }
            for method in METHODS {
                let Some(details) = item.remove(method) else { continue };
                let details: Details = serde_json::from_value(details)
                    .map_err(|error| format!("{method} {template}: {error}"))?;
                let needs_bearer = !details.security.as_ref().unwrap_or(&document.security).is_empty();
                let method = method.to_ascii_uppercase();
                operations.push(Operation { method, template: template.clone(), details, needs_bearer });
            }
        }
        Ok(Self { operations, components: document.components.schemas })
    }

    /// How many operations it describes.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.operations.len()
    }

    /// The operation behind a request, the more literal one where two match.
    pub(super) fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .filter(|operation| operation.method == method && operation.matches(path))
            .min_by_key(|operation| operation.template.matches('{').count())
    }
}

impl Operation {
    /// `GET /rest/...`, with the template's names.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    fn matches(&self, path: &str) -> bool {
        self.template.split('/').count() == path.split('/').count()
            && self.segments(path).all(|(part, given)| {
                if parameter_name(part).is_some() { !given.is_empty() } else { part == given }
            })
    }

    /// Parameters of the path with what the path has in their place.
    pub(super) fn path_values<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.segments(path).filter_map(|(part, given)| Some((parameter_name(part)?, given)))
    }

    pub(super) fn parameters(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.details.parameters.iter().filter(move |parameter| parameter.place == place)
    }

    fn segments<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.template.split('/').zip(path.split('/'))
    }
}

fn parameter_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contract").field("operations", &self.operations.len()).finish_non_exhaustive()
    }
}

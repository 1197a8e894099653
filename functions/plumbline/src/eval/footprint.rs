//! What a run may leave behind and ask for, as Procore sees it. Written apart from the product's own list of writes.

use std::sync::LazyLock;

use regex::Regex;
use sandbox::{Item, Recorded};
use serde_json::Value;

/// All that may be asked of Procore.
#[allow(clippy::expect_used, reason = "a constant pattern, compiled in the tests")]
static ALLOWED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(POST /oauth/token|GET /rest/v1\.0/me|GET /rest/v1\.0/projects/\d+/rfis(/\d+)?",
        r"|GET /rest/v1\.1/projects/\d+/submittals/\d+",
        r"|GET /rest/v1\.0/specification_sections|GET /rest/v2\.1/companies/\d+/projects/\d+/specification_sections|GET /(files|storage)/.+",
        r"|GET /rest/v1\.0/projects/\d+(/[a-z_]+_logs(/\d+)?)?|GET /rest/v1\.1/projects/\d+/daily_logs/(counts|weather_logs)(/\d+)?",
        r"|(GET|POST) /rest/v1\.0/projects/\d+/generic_tools/\d+/generic_tool_items",
        r"|(GET|PATCH) /rest/v1\.0/projects/\d+/generic_tools/\d+/generic_tool_items/\d+)$"
    ))
    .expect("a constant pattern")
});

/// The fields of a correspondence item that may be written.
const ITEM_FIELDS: [&str; 5] = ["description", "private", "skip_emails", "status", "title"];

/// Requests that may not be.
pub fn in_requests(requests: &[Recorded]) -> Vec<String> {
    let mut faults = Vec::new();
    for request in requests {
        let line = format!("{} {}", request.method, request.path);
        if !ALLOWED.is_match(&line) {
            faults.push(format!("stray request {line}"));
        }
        if line.contains("generic_tool_items") && request.method != "GET" {
            let item = request.body.get("generic_tool_item").and_then(Value::as_object);
            let fields: Vec<&str> = item.into_iter().flatten().map(|(field, _)| field.as_str()).collect();
            if fields.is_empty() || fields.iter().any(|field| !ITEM_FIELDS.contains(field)) {
                faults.push(format!("{line} with {fields:?}"));
            }
        }
    }
    faults
}

/// What is wrong with an item of ours, beside its words.
pub fn in_item(item: &Item) -> Vec<String> {
    let private_draft =
        item.status == "Draft" && item.private && item.assignees.is_empty() && item.distribution.is_empty();
    if private_draft { Vec::new() } else { vec!["not a private draft".to_owned()] }
}

//! Errors as the vendor's general pages describe them. The lists of single operations leave most of them out.

use serde_json::Value;

/// Procore docs, error reference and rate limiting: what any call may answer.
const STATUSES: [u16; 12] = [400, 401, 403, 404, 406, 408, 409, 422, 429, 500, 502, 503];

/// Whether any call may be refused with this status.
pub(super) fn may_come(status: u16) -> bool {
    STATUSES.contains(&status) || status == 504
}

/// Whether this is one of the five shapes an error's body has, or that of OAuth.
pub(super) fn has_known_shape(status: u16, body: &str) -> bool {
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        // A gateway's own page, or the one text the API itself answers with.
        return status >= 502 || body.starts_with("Missing Procore-Company-Id header!");
    };
    let Some(fields) = body.as_object() else { return false };
    let only = |names: &[&str]| !fields.is_empty() && fields.keys().all(|key| names.contains(&key.as_str()));
    let text = |name: &str| fields.get(name).is_none_or(|value| value.is_string() || value.is_null());
    if let Some(error) = fields.get("error").and_then(Value::as_object) {
        let whole = ["code", "message"].iter().all(|name| error.get(*name).is_some_and(Value::is_string));
        let listed = error.get("details").is_none_or(Value::is_array);
        return only(&["error"]) && whole && listed && error.len() <= 3;
    }
    if only(&["errors"]) {
        return fields.get("errors").is_some_and(|errors| match errors {
            Value::String(_) => true,
            Value::Array(lines) => lines.iter().all(Value::is_string),
            Value::Object(by_field) => by_field.values().all(is_list_of_text),
            _ => false,
        });
    }
    if only(&["base", "fields"]) {
        return fields.get("base").is_none_or(is_list_of_text);
    }
    if fields.contains_key("error_description") {
        // OAuth 2.0, section 5.2 of RFC 6749.
        return only(&["error", "error_description"])
            && fields.len() == 2
            && fields.values().all(Value::is_string);
    }
    let common = ["code", "message", "fields", "reason", "error"];
    let numbered = fields.get("code").is_none_or(|code| code.as_u64() == Some(u64::from(status)));
    only(&common) && numbered && common.iter().skip(1).all(|name| text(name))
}

fn is_list_of_text(value: &Value) -> bool {
    value.as_array().is_some_and(|lines| lines.iter().all(Value::is_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_shapes_and_no_other() {
        for (status, body, known) in [
            (403, r#"{"code": 403, "message": "no", "reason": "forbidden"}"#, true),
            (403, r#"{"code": 404, "message": "no"}"#, false),
            (403, r#"{"code": 403, "hint": "no"}"#, false),
            (422, r#"{"errors": {"title": ["can't be blank"]}}"#, true),
            (422, r#"{"errors": {"title": "can't be blank"}}"#, false),
            (429, r#"{"errors": ["Rate limit exceeded"]}"#, true),
            (400, r#"{"errors": "bad"}"#, true),
            (400, r#"{"errors": 7}"#, false),
            (503, r#"{"error": {"code": "unavailable", "message": "later", "details": []}}"#, true),
            (503, r#"{"error": {"code": "unavailable"}}"#, false),
            (422, r#"{"base": ["bad"], "fields": {}}"#, true),
            (401, r#"{"error": "invalid_client", "error_description": "no"}"#, true),
            (401, r#"{"error_description": "no"}"#, false),
            (400, "{}", false),
            (400, "[]", false),
            (502, "<html>Bad Gateway</html>", true),
            (500, "<html>Oops</html>", false),
            (400, "Missing Procore-Company-Id header! Add it.", true),
            (400, "", false),
        ] {
            assert_eq!(has_known_shape(status, body), known, "{status} {body}");
        }
    }
}

//! Faults a test can order: what goes wrong with the next matching request.

use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answer this status without doing anything.
    Status(u16),
    /// Answer a status without doing anything, with these rate-limit headers and no others.
    Headers(GivenHeaders),
    /// Answer this status without doing anything, with one of the documented bodies.
    Body(u16, ErrorShape),
    /// Do what was asked, and leave every rate-limit header and `Retry-After` out of the answer.
    WithoutRateHeaders,
    /// Close the connection without an answer and without doing anything.
    DropBeforeApplying,
    /// Do what was asked, then close the connection without an answer.
    DropAfterApplying,
    /// Wait until a test lets go of what is held under this name ([`crate::Sandbox::release`]), then do what was asked.
    Hold(&'static str),
    /// Wait, then do what was asked.
    Delay(Duration),
}

/// An answer's rate-limit headers; what is `None` is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenHeaders {
    /// Status of the answer.
    pub status: u16,
    /// `Retry-After`.
    pub retry_after: Option<RetryAfter>,
    /// `X-Rate-Limit-Limit`.
    pub limit: Option<u32>,
    /// `X-Rate-Limit-Remaining`.
    pub remaining: Option<u32>,
    /// `X-Rate-Limit-Reset` in seconds from now by the server's clock, rounded up; may lie in the past.
    pub reset_in_s: Option<i64>,
}

impl GivenHeaders {
    /// This status and none of the headers.
    #[must_use]
    pub const fn none(status: u16) -> Self {
        Self { status, retry_after: None, limit: None, remaining: None, reset_in_s: None }
    }
}

/// The forms `Retry-After` comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Seconds to wait, the only form Procore's docs show.
    Seconds(u64),
    /// As an HTTP date this many seconds from now by the server's clock, as a gateway may write it.
    DateInSeconds(i64),
    /// Anything else.
    Text(&'static str),
}

/// The five shapes of an error's body that Procore's docs show; the second has three forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorShape {
    /// `{code, message, reason}`: common in v1.
    Common,
    /// `{"errors": "text"}`.
    ErrorsText,
    /// `{"errors": ["text"]}`.
    ErrorsList,
    /// `{"errors": {"field": ["text"]}}`: validation.
    ErrorsByField,
    /// `{"error": {code, message, details}}`: v2 and some of v1.
    Coded,
    /// `{base, fields}`.
    BaseAndFields,
    /// HTML from a gateway.
    Html,
}

impl ErrorShape {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Common,
        Self::ErrorsText,
        Self::ErrorsList,
        Self::ErrorsByField,
        Self::Coded,
        Self::BaseAndFields,
        Self::Html,
    ];
}

/// A fault with its matcher and the number of times it still applies.
#[derive(Debug)]
pub(crate) struct Rule {
    method: Option<String>,
    path_part: String,
    fault: Fault,
    times: u32,
    /// Requests that match and are still let through.
    passed_over: u32,
}

impl Rule {
    /// `"POST generic_tool_items"`, or a part of a path alone for every method.
    pub(crate) fn new(matcher: &str, fault: Fault, times: u32) -> Self {
        let (method, path_part) = match matcher.split_once(' ') {
            Some((method, part)) => (Some(method.to_ascii_uppercase()), part.trim().to_owned()),
            None => (None, matcher.to_owned()),
        };
        Self { method, path_part, fault, times, passed_over: 0 }
    }

    /// The same, after so many requests that match were let through.
    pub(crate) fn after(self, requests: u32) -> Self {
        Self { passed_over: requests, ..self }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.times > 0
            && self.method.as_deref().is_none_or(|wanted| wanted == method)
            && path.contains(&self.path_part)
    }
}

/// Takes the first fault ordered for this request and counts it down.
pub(crate) fn take(rules: &mut Vec<Rule>, method: &str, path: &str) -> Option<Fault> {
    let rule = rules.iter_mut().find(|rule| rule.matches(method, path))?;
    if let Some(left) = rule.passed_over.checked_sub(1) {
        rule.passed_over = left;
        return None;
    }
    rule.times -= 1;
    let fault = rule.fault;
    rules.retain(|rule| rule.times > 0);
    Some(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_applies_to_its_method_and_path_as_often_as_ordered() {
        let mut rules =
            vec![Rule::new("POST items", Fault::Status(503), 2), Rule::new("me", Fault::Status(500), 1)];
        assert_eq!(take(&mut rules, "GET", "/items"), None);
        assert_eq!(take(&mut rules, "POST", "/items"), Some(Fault::Status(503)));
        assert_eq!(take(&mut rules, "GET", "/rest/v1.0/me"), Some(Fault::Status(500)));
        assert_eq!(take(&mut rules, "POST", "/items"), Some(Fault::Status(503)));
        assert_eq!(take(&mut rules, "POST", "/items"), None);
        assert!(rules.is_empty());
    }

    #[test]
    fn a_fault_may_wait_for_its_turn() {
        let mut rules = vec![Rule::new("rest", Fault::Status(503), 1).after(2)];
        let told: Vec<_> = (0..4).map(|_| take(&mut rules, "GET", "/rest/v1.0/me")).collect();
        assert_eq!(told, [None, None, Some(Fault::Status(503)), None]);
    }
}

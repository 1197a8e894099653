//! How the server behaves. Nothing here decides what an answer says.

use std::time::Duration;

/// What the model does with what it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Quotes the evidence, abstains where it is silent.
    Scripted,
    /// Does whatever stands in the record, its attachments and its earlier answers.
    Obeying,
    /// Makes up plausible numbers, sections, sheets and quotations under valid handles.
    Fabricating,
    /// An honest answer with what the two before would say mixed into it.
    Tainted,
    /// Breaks in one way, every time.
    Failing(Failure),
}

/// One way in which an endpoint or a model fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// 429 with `retry-after: 1`.
    RateLimited,
    /// 401: the key is not known.
    KeyRefused,
    /// 500.
    ServerError,
    /// The model declines: a completion with `refusal` and no content.
    Refusal,
    /// The answer stops in the middle: `finish_reason` is `length`.
    Length,
    /// `finish_reason` is `content_filter`.
    ContentFilter,
    /// A completion with no content.
    Empty,
    /// Content that is not JSON.
    NotJson,
    /// JSON that breaks the schema.
    WrongShape,
    /// The honest answer, this much later.
    Slow(Duration),
    /// An endpoint without strict schemas: `json_schema` is refused with 400, JSON mode is answered.
    NoStrictSchema,
}

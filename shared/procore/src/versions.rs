//! Endpoints that exist in two versions: the newer is asked first, and the older where the newer is not there.
//!
//! Procore docs: versions live in the path, one resource at a time; a version is active, then deprecated for
//! a year, then gone, and a tenant need not have the newest. This is the one place that says what "not there"
//! is. Nothing is ever asked of the older version after the newer has done something.

use crate::error::Error;

/// Whether the endpoint is not there: 404, 406 and 410. A 404 may also mean that the record is missing or out
/// of sight; the older version then says the same, and costs one call.
fn is_not_there(error: &Error) -> bool {
    matches!(error.status(), Some(404 | 406 | 410))
}

/// The answer of the newer endpoint, or the older one's where the newer is not there. If neither is, the
/// newer one's error stands: it is the one to look after.
pub(crate) async fn newer_or_older<T>(
    newer: impl Future<Output = Result<T, Error>>,
    older: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match newer.await {
        Err(missing) if is_not_there(&missing) => {
            older.await.map_err(|error| if is_not_there(&error) { missing } else { error })
        }
        answer => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Operation;
    use crate::refusal::Refused;

    fn refused(status: u16, version: &str) -> Result<&'static str, Error> {
        let refused = Box::new(Refused::read(status, b"", None));
        Err(Error::Status { operation: Operation::new("GET", version), refused })
    }

    #[tokio::test]
    async fn the_older_is_asked_only_where_the_newer_is_not_there() {
        for (newer, older, expected) in [
            (Ok("new"), Ok("old"), "new"),
            (refused(404, "/v2"), Ok("old"), "old"),
            (refused(406, "/v2"), Ok("old"), "old"),
            (refused(410, "/v2"), Ok("old"), "old"),
            (refused(404, "/v2"), refused(404, "/v1"), "GET /v2 404"),
            (refused(404, "/v2"), refused(403, "/v1"), "GET /v1 403"),
            (refused(403, "/v2"), Ok("old"), "GET /v2 403"),
            (refused(422, "/v2"), Ok("old"), "GET /v2 422"),
            (refused(429, "/v2"), Ok("old"), "GET /v2 429"),
            (refused(502, "/v2"), Ok("old"), "GET /v2 502"),
            (Err(Error::Timeout { operation: Operation::new("GET", "/v2") }), Ok("old"), "GET /v2 timeout"),
        ] {
            let said = match newer_or_older(async { newer }, async { older }).await {
                Ok(answer) => answer.to_owned(),
                Err(Error::Status { operation, refused }) => format!("{operation} {}", refused.status),
                Err(Error::Timeout { operation }) => format!("{operation} timeout"),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(said, expected);
        }
    }
}

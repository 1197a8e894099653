//! Reading the body of an answer under a limit that holds while it streams.

use crate::call::Operation;
use crate::error::Error;

/// Reads the body, up to the limit. An announced length beyond it is refused at once, and one that lies, or
/// is missing, is found out by counting.
pub(crate) async fn read(
    mut response: reqwest::Response,
    limit_bytes: u64,
    operation: &Operation,
) -> Result<Vec<u8>, Error> {
    let too_large = || Error::TooLarge { operation: operation.clone(), limit_bytes };
    if response.content_length().is_some_and(|announced| announced > limit_bytes) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Error::transport(error, operation))? {
        let length = u64::try_from(body.len().saturating_add(chunk.len())).unwrap_or(u64::MAX);
        if length > limit_bytes {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

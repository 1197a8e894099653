//! One way to hash things, so that two parts cannot run into each other.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// SHA-256 over the parts, each preceded by its length; hexadecimal.
pub(crate) fn sha256_hex(parts: &[&[u8]]) -> String {
    HEXLOWER.encode(&sha256_bytes(parts))
}

/// The same as bytes.
pub(crate) fn sha256_bytes(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

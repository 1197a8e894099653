//! The only proof of a delivery's origin: the `Authorization` value we gave Procore with the hook.
//!
//! Procore docs: there is no signature; the value set in `destination_headers` arrives verbatim. Nothing
//! here may take a time that depends on a secret, and nothing may say which secret matched.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// Whether the header value is one of the accepted ones, whole and verbatim, scheme included.
///
/// Digests are compared, so length does not matter, and all secrets are looked at, matched or not. An
/// absent or empty header is refused after the same work; an empty secret accepts nothing.
pub fn authorized(presented: Option<&[u8]>, accepted: &[SecretString]) -> bool {
    let presented = presented.unwrap_or_default();
    let digest = Sha256::digest(presented);
    let mut matches = Choice::from(0);
    for secret in accepted {
        let secret = secret.expose_secret().as_bytes();
        let usable = Choice::from(u8::from(!secret.is_empty()));
        matches |= Sha256::digest(secret).as_slice().ct_eq(digest.as_slice()) & usable;
    }
    bool::from(matches & Choice::from(u8::from(!presented.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_secret_opens() {
        let current = "Bearer b7f0c1d2e3";
        let previous = "Bearer 0a1b2c3d4e";
        let both: &[&str] = &[current, previous];
        for (what, presented, accepted, expected) in [
            ("the current one", Some(current), both, true),
            ("the previous one", Some(previous), both, true),
            ("the only one", Some(current), &[current], true),
            ("absent", None, both, false),
            ("empty", Some(""), both, false),
            ("wrong", Some("Bearer b7f0c1d2e4"), both, false),
            ("a prefix", Some("Bearer b7f0c1d2e"), both, false),
            ("longer", Some("Bearer b7f0c1d2e33"), both, false),
            ("trailing space", Some("Bearer b7f0c1d2e3 "), both, false),
            ("other case", Some("bearer b7f0c1d2e3"), both, false),
            ("other scheme", Some("Basic b7f0c1d2e3"), both, false),
            ("no scheme", Some("b7f0c1d2e3"), both, false),
            ("one that was retired", Some(previous), &[current], false),
            ("nothing accepted", Some(current), &[], false),
            ("empty against nothing", Some(""), &[], false),
            ("empty against an empty secret", Some(""), &[""], false),
            ("absent against an empty secret", None, &[""], false),
            ("a good one beside an empty secret", Some(current), &["", current], true),
        ] {
            let accepted: Vec<SecretString> = accepted.iter().map(|&secret| secret.into()).collect();
            assert_eq!(authorized(presented.map(str::as_bytes), &accepted), expected, "{what}");
        }
        assert!(!authorized(Some(&[0xff, 0xfe]), &[current.into()]), "not text");
    }
}

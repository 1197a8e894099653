//! A secret as it is read back: masked but for its end.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// What is shown of a hook's `Authorization` value. Procore docs: it is masked to the last characters; how many, and
/// with which sign, is not said. Its `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MaskedSecret {
    end: String,
}

impl MaskedSecret {
    /// What follows the last sign of a mask.
    pub(super) fn read(shown: &str) -> MaskedSecret {
        let end = shown.rsplit(['*', '•', '●', '…']).next().unwrap_or_default().trim();
        MaskedSecret { end: end.to_owned() }
    }

    /// Whether it may be this value: false for certain if the ends differ. `None` if no end is shown.
    pub fn may_be(&self, value: &SecretString) -> Option<bool> {
        (!self.end.is_empty()).then(|| value.expose_secret().trim().ends_with(&self.end))
    }
}

impl fmt::Debug for MaskedSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.end.is_empty() {
            "MaskedSecret(nothing)"
        } else {
            "MaskedSecret(an end)"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ends_are_compared() {
        let value = SecretString::from("Bearer 0123-abcd".to_owned());
        for (shown, expected) in [
            ("********abcd", Some(true)),
            ("••••abcd", Some(true)),
            ("Bearer ***abcd", Some(true)),
            ("Bearer 0123-abcd", Some(true)),
            ("********abce", Some(false)),
            ("x0123-abcd", Some(false)),
            ("********", None),
            ("", None),
        ] {
            let masked = MaskedSecret::read(shown);
            assert_eq!(masked.may_be(&value), expected, "{shown}");
            assert!(!format!("{masked:?}").contains("abc"), "{masked:?}");
        }
    }
}

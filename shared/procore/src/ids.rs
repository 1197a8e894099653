//! Identifiers, one type for each kind of record, so that no call can mix them up.
//!
//! Procore docs: ids exceed 32 bits, and documented ones exceed 2^53; v1 sends integers, v2 strings of
//! digits. Both forms are read, exactly; nothing here ever passes through a floating point number.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A text that is not an identifier. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id: digits, at most 9223372036854775807")]
pub struct ParseIdError;

/// An id of a kind that has no type of its own.
pub(crate) fn bare<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_any(IdVisitor)
}

/// Digits to a number: no sign, no space, no exponent.
fn digits(text: &str) -> Result<i64, ParseIdError> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_err(|_| ParseIdError)
    } else {
        Err(ParseIdError)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an id: an integer or a string of digits")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        if value < 0 { Err(E::custom(ParseIdError)) } else { Ok(value) }
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::custom(ParseIdError))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<i64, E> {
        digits(value).map_err(E::custom)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The id with this number.
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}({})", stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                digits(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(IdVisitor).map(Self)
            }
        }
    )+};
}

ids! {
    /// A company: the tenant, and the value of the `Procore-Company-Id` header.
    CompanyId,
    /// A project of a company.
    ProjectId,
    /// A person or a service account ("login information" in parts of the API).
    UserId,
    /// A company that works on a project ("vendor" in the API).
    VendorId,
    /// A place in a project.
    LocationId,
    /// A request for information.
    RfiId,
    /// A question of a request for information.
    QuestionId,
    /// An answer to one ("reply" in parts of the API).
    AnswerId,
    /// A submittal; each revision of one has its own.
    SubmittalId,
    /// A status a company gives its submittals.
    SubmittalStatusId,
    /// A response a reviewer of a submittal may choose.
    SubmittalResponseId,
    /// One entry of a daily log, of whichever family.
    LogEntryId,
    /// A specification section, over all its revisions.
    SectionId,
    /// One revision of a specification section.
    RevisionId,
    /// A division of the specifications, e.g. 10, Specialties.
    DivisionId,
    /// A drawing, over all its revisions.
    DrawingId,
    /// One revision of a drawing: one sheet of paper.
    DrawingRevisionId,
    /// A set of drawings, issued together.
    DrawingSetId,
    /// An area drawings are filed under.
    DrawingAreaId,
    /// A correspondence type; Procore's API calls it a "generic tool".
    CorrespondenceTypeId,
    /// One item of correspondence; a "generic tool item".
    CorrespondenceItemId,
    /// A webhook.
    HookId,
    /// What a webhook listens for.
    TriggerId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_integers_and_digit_strings_exactly() {
        for (json, expected) in [
            ("7", Some(7)),
            ("\"7\"", Some(7)),
            ("5982324300946918154", Some(5_982_324_300_946_918_154)),
            ("\"5982324300946918154\"", Some(5_982_324_300_946_918_154)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("18446744073709551616", None),
            ("1.0", None),
            ("1e3", None),
            ("-1", None),
            ("\"\"", None),
            ("\"-1\"", None),
            ("\"+1\"", None),
            ("\" 1\"", None),
            ("\"١\"", None),
            ("null", None),
            ("true", None),
            ("[1]", None),
        ] {
            let read = serde_json::from_str::<RfiId>(json).ok().map(RfiId::get);
            assert_eq!(read, expected, "{json}");
        }
    }

    #[test]
    fn writes_a_json_integer_and_shows_digits() {
        let id = UserId::new(5_982_324_300_946_918_154);
        assert_eq!(serde_json::to_string(&id).unwrap(), "5982324300946918154");
        assert_eq!(id.to_string(), "5982324300946918154");
        assert_eq!(format!("{id:?}"), "UserId(5982324300946918154)");
        assert_eq!("5982324300946918154".parse(), Ok(id));
    }
}

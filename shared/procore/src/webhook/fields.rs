//! The members of one event, read one by one as the raw text they came in.
//!
//! Raw, because an identifier may be a string or a number of any length: the digits are taken as they
//! stand and never pass through a floating point number. What is not asked for is not even decoded.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The members of a JSON object.
pub(super) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    /// `None` if the text is not an object.
    pub(super) fn read(json: &'a str) -> Option<Fields<'a>> {
        serde_json::from_str(json).ok().map(Fields)
    }

    /// Whether the member is there at all, even as null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text or a number, as text. Null, empty and every other type are nothing.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let raw = self.0.get(name)?.get();
        let text =
            if raw.starts_with('"') { serde_json::from_str(raw).ok()? } else { number(raw)?.to_owned() };
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// Whether the member says nothing: absent, null, or a text without characters.
    pub(super) fn silent(&self, name: &str) -> bool {
        let Some(raw) = self.0.get(name).map(|raw| raw.get()) else {
            return true;
        };
        raw == "null" || serde_json::from_str::<String>(raw).is_ok_and(|text| text.trim().is_empty())
    }

    /// An object within; `None` for anything else.
    pub(super) fn object(&self, name: &str) -> Option<Fields<'a>> {
        Fields::read(self.0.get(name)?.get())
    }

    /// The elements of an array; none for anything else.
    pub(super) fn elements(&self, name: &str) -> Vec<&'a str> {
        self.0.get(name).and_then(|raw| elements(raw.get())).unwrap_or_default()
    }
}

/// The elements of a JSON array, each as its raw text; `None` if it is not an array.
pub(super) fn elements(json: &str) -> Option<Vec<&str>> {
    let raw: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    Some(raw.into_iter().map(RawValue::get).collect())
}

fn number(raw: &str) -> Option<&str> {
    raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then_some(raw)
}

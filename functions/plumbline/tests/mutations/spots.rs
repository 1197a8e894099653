//! Where in an answer something can be changed: its words, its quotations, and which piece of it they belong to.
//! Knows the names of members that mean the same in every workflow, and no workflow.

use serde_json::Value;

/// Members that hold no words: handles, choices of a closed list.
const NO_WORDS: &[&str] = &[
    "h",
    "kind",
    "who",
    "outcome",
    "answer_status",
    "status",
    "flags",
    "confidence",
    "type",
    "discipline",
    "suggested_disposition",
];

/// A string of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// JSON pointer.
    pub(crate) place: String,
    pub(crate) text: String,
    /// True for words said to stand in a source.
    pub(crate) is_quote: bool,
}

impl Spot {
    /// The piece it belongs to, such as `/claims/2` or `/sections/delays/0`; `None` outside lists.
    pub(crate) fn piece(&self) -> Option<String> {
        let parts: Vec<&str> = self.place.split('/').collect();
        let position = parts.iter().position(|part| part.parse::<usize>().is_ok())?;
        Some(parts[..=position].join("/"))
    }
}

/// Every string of an answer that holds words.
pub(crate) fn spots(answer: &Value) -> Vec<Spot> {
    let mut found = Vec::new();
    walk(answer, "", &mut found);
    found
}

fn walk(value: &Value, place: &str, found: &mut Vec<Spot>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| !NO_WORDS.contains(&name.as_str())) {
                walk(member, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(position, item)| walk(item, &format!("{place}/{position}"), found));
        }
        Value::String(text) => {
            let name = place.rsplit('/').next().unwrap_or_default();
            found.push(Spot {
                place: place.to_owned(),
                text: text.clone(),
                is_quote: name.ends_with("quote"),
            });
        }
        _ => {}
    }
}

/// The answer with other words in one place.
pub(crate) fn with(answer: &Value, place: &str, text: &str) -> Value {
    let mut changed = answer.clone();
    *changed.pointer_mut(place).expect("a place of this answer") = Value::String(text.to_owned());
    changed
}

//! Texts that try to give orders, from `seed/hostile.toml`.

use serde::Deserialize;

use super::files;

/// One hostile RFI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hostile {
    /// Name of the trick, unique, for test output.
    pub name: String,
    /// Subject line.
    pub subject: String,
    /// Question body.
    pub question: String,
    /// File name and text of an attachment.
    pub attachment: Option<(String, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    hostile: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    subject: String,
    question: String,
    attachment_name: Option<String>,
    attachment_text: Option<String>,
}

/// The corpus.
#[must_use]
pub fn hostile() -> Vec<Hostile> {
    let rows = files::parsed::<File>(files::HOSTILE).hostile;
    rows.into_iter()
        .map(|row| Hostile {
            attachment: row.attachment_name.map(|name| (name, row.attachment_text.unwrap_or_default())),
            name: row.name,
            subject: row.subject,
            question: row.question,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_many_and_each_has_its_own_name() {
        let corpus = hostile();
        assert!(corpus.len() >= 40, "{}", corpus.len());
        let names: BTreeSet<_> = corpus.iter().map(|text| text.name.clone()).collect();
        assert_eq!(names.len(), corpus.len());
        assert!(corpus.iter().filter(|text| text.attachment.is_some()).count() >= 5);
    }

    #[test]
    fn the_invisible_characters_are_really_in_it() {
        let all: String = hostile().into_iter().map(|text| text.subject + &text.question).collect();
        for sign in [
            '\u{E0049}',
            '\u{202E}',
            '\u{200B}',
            '\u{FEFF}',
            '\u{AD}',
            '\u{7}',
            '\u{0}',
            '\u{430}',
            '\u{FF21}',
        ] {
            assert!(all.contains(sign), "{sign:?}");
        }
    }
}

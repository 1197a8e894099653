//! One empty field of a person's draft RFI. Never a field that holds a person's words, never an RFI that is no draft;
//! nothing of it is ever deleted, since none of it is ours but the words in that field.
//!
//! Our own words may be replaced by newer ones only while they are still exactly what we wrote: the claim keeps their
//! hash. A field that a person emptied stays empty. Procore knows no conditional write, so between the look at the
//! record and the write there is nothing but one write to the ledger.

use std::collections::BTreeSet;

use procore::{Procore, ProjectId, Rfi, RfiDraftChange, RfiStatus};

use super::{Announced, Placing};
use crate::{
    claim::Claim,
    draft::{Draft, Placed, RfiField},
    error::Error,
    hash::sha256_hex,
    workflows::rfi::field_text,
};

/// The field, and the RFI as it was read just now.
pub(in crate::run) struct DraftRfi<'a> {
    pub(super) procore: &'a Procore,
    pub(super) project: ProjectId,
    pub(super) rfi: &'a Rfi,
    pub(super) field: RfiField,
}

/// What stands in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Nothing, and nothing of ours ever did.
    Empty,
    /// What we left, or what an interrupted write of ours left.
    Ours,
    /// What we were about to write.
    AsIntended,
    /// A person's words, or the emptiness they left of ours.
    Theirs,
}

impl DraftRfi<'_> {
    pub(super) fn intended(&self, draft: &Draft) -> String {
        field_hash(words(self.field, draft))
    }

    pub(super) fn is_free(&self, claim: &Claim) -> bool {
        self.found(claim, None) != Found::Theirs
    }

    pub(super) async fn place(
        &self,
        claim: &Claim,
        draft: &Draft,
        announced: Announced,
    ) -> Result<Placing, Error> {
        match self.found(claim, Some(&self.intended(draft))) {
            Found::Theirs => Ok(Placing::TakenOver),
            Found::AsIntended => Ok(self.checked(self.rfi)),
            Found::Ours | Found::Empty if announced.is_over() => Ok(Placing::TooLate),
            Found::Ours | Found::Empty => self.write(draft).await,
        }
    }

    fn found(&self, claim: &Claim, intended: Option<&str>) -> Found {
        judge(self.field, &field_text(self.rfi, self.field), claim, intended)
    }

    async fn write(&self, draft: &Draft) -> Result<Placing, Error> {
        let words = words(self.field, draft);
        let change = match self.field {
            RfiField::Question => RfiDraftChange { question: Some(html(words)), ..RfiDraftChange::default() },
            RfiField::Reference => {
                RfiDraftChange { reference: Some(words.to_owned()), ..RfiDraftChange::default() }
            }
        };
        match self.procore.update_rfi_draft(self.project, self.rfi.id, &change).await {
            Ok(after) => Ok(self.checked(&after)),
            Err(error) if error.class() == procore::Class::NotFound => Ok(Placing::TakenOver),
            // Refused: by rights because a person opened it since the look. Whether that is so is looked up.
            Err(error) if error.class() == procore::Class::Permanent => {
                match self.procore.rfi(self.project, self.rfi.id).await {
                    Ok(now) if now.draft && now.status == RfiStatus::Draft && !now.deleted => {
                        Err(error.into())
                    }
                    Ok(_) => Ok(Placing::TakenOver),
                    Err(gone) if gone.class() == procore::Class::NotFound => Ok(Placing::TakenOver),
                    Err(other) => Err(other.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Checks what the server made of it.
    fn checked(&self, after: &Rfi) -> Placing {
        let mut wrong: Vec<String> = match after.is_only_filled_in(self.rfi) {
            Ok(()) => Vec::new(),
            Err(wrong) => wrong.into_iter().map(str::to_owned).collect(),
        };
        let text = field_text(after, self.field);
        let files = |rfi: &Rfi| -> BTreeSet<Option<i64>> {
            rfi.questions.iter().flat_map(|question| &question.attachments).map(|file| file.id).collect()
        };
        let beside = [
            (text.is_empty(), "the field stayed empty"),
            (after.questions.len() > self.rfi.questions.len().max(1), "a question was added"),
            (!files(after).is_superset(&files(self.rfi)), "a file of it is gone"),
        ];
        wrong.extend(beside.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| what.to_owned()));
        if wrong.is_empty() {
            let field_hash = field_hash(&text);
            return Placing::Placed(Placed::Field { field: self.field, field_hash });
        }
        tracing::error!(
            project_id = self.project.get(),
            rfi_id = self.rfi.id.get(),
            "ALARM: a draft RFI was changed beyond the field that was filled in"
        );
        Placing::NotOnlyFilledIn { wrong }
    }
}

fn judge(field: RfiField, text: &str, claim: &Claim, intended: Option<&str>) -> Found {
    let left = match &claim.placed {
        None => None,
        Some(Placed::Field { field: filled, field_hash }) if *filled == field => Some(field_hash.as_str()),
        // One field a record. Where the gap is another one by now, a person has worked on what we left.
        Some(_) => return Found::Theirs,
    };
    if text.is_empty() {
        return if left.is_some() { Found::Theirs } else { Found::Empty };
    }
    let now = field_hash(text);
    if intended == Some(now.as_str()) {
        Found::AsIntended
    } else if left == Some(now.as_str()) || claim.unsettled.contains(&now) {
        Found::Ours
    } else {
        Found::Theirs
    }
}

/// What of a draft goes into the field.
fn words(field: RfiField, draft: &Draft) -> &str {
    match field {
        RfiField::Question => &draft.body,
        RfiField::Reference => &draft.title,
    }
}

/// Fingerprint of a field's text, blind to white space: it goes there as HTML, and comes back as the server reads it.
fn field_hash(text: &str) -> String {
    let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    sha256_hex(&[letters.as_bytes()])
}

/// Plain text as HTML: a paragraph for each block of lines, every sign of markup a sign.
fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let blocks = escaped.trim().split("\n\n");
    blocks.map(|block| format!("<p>{}</p>", block.trim_end().replace('\n', "<br>"))).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        claim::{Lease, Taken, decide},
        draft::RfiField::{Question, Reference},
    };

    fn claim(placed: Option<Placed>, unsettled: Option<&str>) -> Claim {
        let at = Timestamp::UNIX_EPOCH;
        let lease = Lease { holder: "process".into(), run: "run".into(), until: at };
        let Taken::Granted(claim) = decide(None, "a", lease, at) else { panic!("nobody holds it") };
        Claim { placed, unsettled: unsettled.map(field_hash).into_iter().collect(), ..*claim }
    }

    #[test]
    fn only_what_is_empty_or_exactly_ours_is_written_to() {
        let left = |field, text| Some(Placed::Field { field, field_hash: field_hash(text) });
        let table = [
            ("blank, never filled", Question, "", None, None, Found::Empty),
            ("blank, a write of unknown end", Question, "", None, Some("ours"), Found::Empty),
            ("a person's words", Question, "theirs", None, None, Found::Theirs),
            (
                "a person's words after a write of unknown end",
                Question,
                "theirs",
                None,
                Some("ours"),
                Found::Theirs,
            ),
            ("as we left it", Question, "ours", left(Question, "ours"), None, Found::Ours),
            ("as we left it, lines folded", Question, "o\n urs", left(Question, "ours"), None, Found::Ours),
            ("edited", Question, "ours?", left(Question, "ours"), None, Found::Theirs),
            ("emptied", Question, "", left(Question, "ours"), None, Found::Theirs),
            ("the write arrived", Question, "new", None, Some("new"), Found::AsIntended),
            ("an older write arrived", Question, "ours", None, Some("ours"), Found::Ours),
            ("the update arrived", Question, "new", left(Question, "ours"), Some("new"), Found::AsIntended),
            ("the gap is elsewhere now", Reference, "", left(Question, "ours"), None, Found::Theirs),
            ("its own field", Reference, "ours", left(Reference, "ours"), None, Found::Ours),
        ];
        for (what, field, text, placed, unsettled, expected) in table {
            let claim = claim(placed, unsettled);
            assert_eq!(judge(field, text, &claim, Some(&field_hash("new"))), expected, "{what}");
        }
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(html("A > B\n\n1. <b>\n2. &c\n"), "<p>A &gt; B</p><p>1. &lt;b&gt;<br>2. &amp;c</p>");
    }
}

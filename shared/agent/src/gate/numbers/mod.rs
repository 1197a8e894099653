//! Numbers, with what makes them mean something: units, fractions, dimensions, dates, sections, sheets.
//!
//! Every one in a statement must stand in the words it rests on. Values are compared exactly, as fractions: `0.75 in`
//! is `3/4 in` and `3'-6"` is `42 in`, but `6 mm` is not `6 in`. Nothing is converted: what is true
//! of 12 inches would be said of a foot.

mod order;
mod pattern;
mod plain;
pub(crate) mod quantity;
mod read;
#[cfg(test)]
mod tests;
mod token;
mod units;

use read::tokens;
use token::Token;

use crate::evidence::Evidence;

/// The rules a text breaks, each with the piece that breaks it. `grounds` are the words it may rest on.
pub(super) fn check(text: &str, grounds: &[&str], evidence: &Evidence) -> Vec<(&'static str, String)> {
    let said = tokens(text);
    let known: Vec<_> = grounds.iter().map(|ground| tokens(ground)).collect();
    let mut broken = Vec::new();
    for found in &said {
        if let Some(rule) = outside_the_lists(found, evidence) {
            broken.push((rule, found.piece.clone()));
        } else if !known.iter().flatten().any(|other| is_grounded(found, &other.token)) {
            broken.push((found.token.rule(), found.piece.clone()));
        }
    }
    for pair in order::exchanged(&said, &known) {
        broken.push(("numbers_exchanged", pair));
    }
    broken
}

fn is_grounded(found: &read::Found, known: &Token) -> bool {
    found.token.is_same(known) || (found.shares_unit && found.token.is_same_bare(known))
}

/// True if a text names a section that the project does not have.
pub(super) fn names_unknown_section(text: &str, evidence: &Evidence) -> bool {
    tokens(text).iter().any(|found| matches!(found.token, Token::Section(_)) && outside(found, evidence))
}

/// The rule broken by a section or sheet that is on no list of the project. Without a list of sheets, a sheet has
/// to stand in its source and nothing more.
fn outside_the_lists(found: &read::Found, evidence: &Evidence) -> Option<&'static str> {
    match found.token {
        Token::Section(_) => outside(found, evidence).then_some("section_not_in_project"),
        Token::Name(_) if found.names_sheet && !evidence.sheets.is_empty() => {
            outside(found, evidence).then_some("sheet_not_in_project")
        }
        _ => None,
    }
}

fn outside(found: &read::Found, evidence: &Evidence) -> bool {
    match &found.token {
        Token::Section(number) => !evidence.knows_section(number),
        Token::Name(name) => {
            !evidence.sheets.iter().any(|known| token::canonical_name(&known.to_lowercase()) == *name)
        }
        _ => false,
    }
}

//! What a record gives away by its wording: whether it asks anything, what it asks for, whether it speaks to the machine.

use super::{prompt::Row, words::line};

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// What the documents say.
    Question,
    /// Something other than what is specified.
    Substitution,
    /// That something said be confirmed.
    SpokenAgreement,
}

/// What the record asks for.
pub(super) fn request(record: &Row) -> Request {
    let asked = line(&record.text);
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| asked.contains(phrase));
    if has(&[" by phone ", " on the phone ", " phone call ", " verbal", " told us ", " said on site "]) {
        Request::SpokenAgreement
    } else if has(&[
        " or equal",
        " substitut",
        " in lieu of ",
        " in place of ",
        " instead of the specified ",
        " alternate ",
    ]) {
        Request::Substitution
    } else {
        Request::Question
    }
}

/// No question mark, and the words of a reminder, a thank-you or a bill.
pub(super) fn is_no_question(record: &Row) -> bool {
    let asked = line(&record.text);
    let asks = ["?", "¿"].iter().any(|mark| record.text.contains(mark) || record.label.contains(mark))
        || ["clarify", "confirm", "advise", "provide"]
            .iter()
            .any(|word| asked.contains(&format!(" {word} ")));
    let other =
        ["invoice", "payment", "pay application", "reminder", "thank you", "thanks", "meeting", "schedule"];
    !asks && other.iter().any(|words| asked.contains(&format!(" {words} ")))
}

/// The record's subject, if it is harmless: letters and plain marks, no number to be answered for.
pub(super) fn title(record: &Row) -> String {
    let subject = record
        .text
        .lines()
        .find_map(|line| line.strip_prefix("Subject:").or_else(|| line.strip_prefix("subject:")))
        .map(str::trim)
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | ',' | '-' | '\'' | '(' | ')');
    let fits = (4..=72).contains(&subject.chars().count()) && subject.chars().all(plain);
    if fits { format!("Draft: {subject}") } else { "Draft response".to_owned() }
}

/// Words that speak to the machine instead of the reader.
pub(super) fn flags(rows: &[Row]) -> Vec<String> {
    const ORDERS: &[&str] = &[
        "ignore your",
        "ignore all",
        "ignore previous",
        "ignore the above",
        "disregard your",
        "disregard all",
        "system prompt",
        "you are now",
        "as an ai",
        "new instructions",
        "override your",
        "ignora tus",
        "ignora las",
        "ignorez",
        "ignoriere",
    ];
    let outside = rows.iter().filter(|row| !row.is('S'));
    let orders =
        outside.map(|row| line(&row.text)).any(|text| ORDERS.iter().any(|order| text.contains(order)));
    if orders { vec!["possible_embedded_instruction".to_owned()] } else { Vec::new() }
}

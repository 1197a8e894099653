//! The paragraphs of an article and their places, such as `2.3.B.1`: Part and article, then the list markers on the way
//! down. The place is found by code from the words quoted; one that two paragraphs would share is never given.

mod marker;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::{
    evidence::{Row, RowKind},
    gate::folded,
};
use marker::{Kind, Marker};

/// What stands before the article in a row's label.
const ARTICLE: &str = ", art. ";

/// An article's text on one line, with the paragraphs in it.
pub(crate) struct Paragraphs {
    whole: String,
    /// Where each paragraph begins, and the markers on the way down to it.
    starts: Vec<(usize, Vec<String>)>,
}

impl Paragraphs {
    /// Reads the list markers of an article of this number, such as `2.3`.
    pub(crate) fn of(article: &str, text: &str) -> Self {
        let mut whole = String::new();
        let mut starts: Vec<(usize, Vec<String>)> = Vec::new();
        let mut open: Vec<Marker> = Vec::new();
        let mut lost = false;
        for line in text.lines() {
            let line = folded(line);
            if line.is_empty() {
                continue;
            }
            if line.starts_with("[... ") {
                // What was cut out may have held any number of items: nothing is known until the next of the first level.
                lost = true;
                open.clear();
                starts.push((whole.len(), Vec::new()));
            } else if let Some(marker) = Marker::of(&line, article)
                && let Some(depth) = depth_of(&marker, &open, lost)
            {
                open.truncate(depth);
                open.push(marker);
                starts.push((whole.len(), path(&open)));
                lost = false;
            }
            whole.push_str(&line);
            whole.push(' ');
        }
        Self { whole, starts: unambiguous(starts) }
    }

    /// The markers on the way down to the paragraph a quotation stands in, such as `["B", "1"]`; empty before the first
    /// one. `None` if the words are not there, or stand in several paragraphs that have nothing in common.
    pub(crate) fn path(&self, quote: &str) -> Option<Vec<String>> {
        let quote = folded(quote);
        if quote.is_empty() {
            return None;
        }
        let mut found = self.whole.match_indices(&quote).map(|(at, _)| self.at(at));
        let first = found.next()?.to_vec();
        Some(found.fold(first, |common, other| shared(&common, other)))
    }

    /// The paragraphs of the first level, in order.
    pub(crate) fn first_level(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (_, path) in &self.starts {
            if let [name] = path.as_slice()
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    fn at(&self, at: usize) -> &[String] {
        self.starts.iter().rev().find(|(start, _)| *start <= at).map_or(&[], |(_, path)| path)
    }
}

/// The label of a row, with the paragraph of a quotation beside its article: `10 14 00 Signage rev 1, art. 3.3.B.2, page 3`.
/// Any other label is as it was.
pub(crate) fn cited(row: &Row, quote: &str) -> String {
    let Some((before, article, pages)) = parts_of(row) else {
        return row.label.clone();
    };
    match Paragraphs::of(article, &row.text).path(quote) {
        Some(path) if !path.is_empty() => format!("{before}{ARTICLE}{}{pages}", place(article, &path)),
        _ => row.label.clone(),
    }
}

/// The number of a row's article, such as `2.3`; `None` for text outside any.
pub(crate) fn article_of(row: &Row) -> Option<&str> {
    parts_of(row).map(|(_, article, _)| article)
}

/// What stands before the article in a label, its number, and the pages behind its title.
fn parts_of(row: &Row) -> Option<(&str, &str, &str)> {
    if row.kind != RowKind::Specification {
        return None;
    }
    let (before, rest) = row.label.split_once(ARTICLE)?;
    let article = rest.split([' ', ',']).next().filter(|number| number.contains('.'))?;
    // The pages come last; a title may hold a comma too.
    let pages = rest.rfind(", page").and_then(|at| rest.get(at..)).unwrap_or_default();
    Some((before, article.trim_end_matches('.'), pages))
}

/// Article and markers as one name. A sub-article, such as `2.3.1`, has its article in its own number.
fn place(article: &str, path: &[String]) -> String {
    match path.split_first() {
        Some((first, rest)) if Kind::is_sub_article(first, article) => {
            rest.iter().fold(first.clone(), |place, marker| format!("{place}.{marker}"))
        }
        _ => path.iter().fold(article.to_owned(), |place, marker| format!("{place}.{marker}")),
    }
}

fn path(open: &[Marker]) -> Vec<String> {
    open.iter().map(|marker| marker.name.clone()).collect()
}

/// How many of the open markers a new one stands under; `None` if it is no marker but a line that happens to look like
/// one: a list goes on with what comes next, and begins at its beginning.
fn depth_of(marker: &Marker, open: &[Marker], lost: bool) -> Option<usize> {
    if lost {
        return marker.kind.is_first_level().then_some(0);
    }
    if let Some(depth) = open.iter().rposition(|known| known.kind == marker.kind) {
        let goes_on = open.get(depth).is_some_and(|known| marker.follows(known));
        return (goes_on || marker.begins()).then_some(depth);
    }
    let above = open.iter().rposition(|known| known.kind.holds(marker.kind));
    let depth = above.map_or(0, |position| position.saturating_add(1));
    marker.begins().then_some(depth)
}

/// The paragraphs with a name of their own. A list that begins anew without anything above it that tells it from the
/// first is named by what both stand in.
fn unambiguous(mut starts: Vec<(usize, Vec<String>)>) -> Vec<(usize, Vec<String>)> {
    let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
    for (_, path) in &starts {
        let count = counts.entry(path.clone()).or_default();
        *count = count.saturating_add(1);
    }
    for (_, path) in &mut starts {
        // From the top: under a name that two share, everything is as uncertain.
        let clear = (1..=path.len())
            .take_while(|length| path.get(..*length).is_some_and(|p| counts.get(p).is_none_or(|n| *n < 2)))
            .last()
            .unwrap_or(0);
        path.truncate(clear);
    }
    starts
}

fn shared(a: &[String], b: &[String]) -> Vec<String> {
    a.iter().zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.clone()).collect()
}

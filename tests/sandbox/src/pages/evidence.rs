//! The evidence of a run with the words the draft took from it marked: what it quotes, and of the values code computed
//! the lines it repeats. Rows with marks come first.

use std::collections::BTreeMap;

use minijinja::{Value, context, value::Serde};
use serde_json::Value as Json;

use super::{drafts::text, marks::marked};

/// A line shorter than this is found in a draft by chance.
const SHORTEST_LINE: usize = 12;

/// Rows the draft uses, rows it does not, and how many quotes are in no row.
pub(super) fn of(run: &Json) -> Value {
    let (used, unused, lost) = rows(run);
    context! { used, unused, lost }
}

fn rows(run: &Json) -> (Vec<Value>, Vec<Value>, usize) {
    let list = |name| run.get(name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut quotes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for quote in list("quotes") {
        quotes.entry(text(quote, "handle")).or_default().push(text(quote, "quote"));
    }
    let draft = text(run, "draft_text");
    let (mut used, mut unused, mut lost) = (Vec::new(), Vec::new(), 0);
    for row in list("evidence") {
        let mut own = quotes.remove(text(row, "handle")).unwrap_or_default();
        let quoted = own.len();
        if text(row, "kind") == "computed" {
            let quoted = own.clone();
            own.extend(repeated(text(row, "text"), draft).filter(|line| !quoted.contains(line)));
        }
        let (segments, missed) = marked(text(row, "text"), &own);
        lost += missed;
        let drawn = context! {
            handle => text(row, "handle"),
            kind => kind(text(row, "kind")),
            label => text(row, "label"),
            quoted,
            repeated => own.len() - quoted,
            segments => Serde(segments),
        };
        if own.is_empty() { unused.push(drawn) } else { used.push(drawn) }
    }
    lost += quotes.values().map(Vec::len).sum::<usize>();
    (used, unused, lost)
}

/// Lines of a computed row that stand in the draft word for word.
fn repeated<'a>(row: &'a str, draft: &str) -> impl Iterator<Item = &'a str> {
    let lines = row.lines().map(str::trim);
    lines.filter(move |line| line.chars().count() >= SHORTEST_LINE && draft.contains(line))
}

/// The kind of a row in words.
fn kind(name: &str) -> String {
    match name {
        "answer" => "earlier answer".to_owned(),
        "related_rfi" => "closed RFI".to_owned(),
        "computed" => "computed by code".to_owned(),
        other => other.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(run: &Json) -> (String, usize) {
        let (used, unused, lost) = rows(run);
        let handles = |rows: &[Value]| -> Vec<String> {
            rows.iter().map(|row| row.get_attr("handle").unwrap().to_string()).collect()
        };
        (format!("{} | {}", handles(&used).join(" "), handles(&unused).join(" ")), lost)
    }

    #[test]
    fn rows_of_every_kind_are_marked_by_their_handle_and_a_quote_without_its_row_is_lost() {
        let row = |handle: &str, kind: &str, text: &str| json!({ "handle": handle, "kind": kind, "label": "x", "text": text });
        let run = json!({
            "evidence": [
                row("R1", "record", "Which depth?"),
                row("S1", "specification", "depth 1/2 inch"),
                row("L1", "log_entry", "Workers: 6\nHours each: 8.0"),
                row("D1", "drawing", "JOINT WIDTH 3/16 INCH"),
                row("C1", "computed", "Manpower in all: 6 workers.\nDelays in all: 2 hours."),
                row("C2", "computed", "6 workers."),
                row("C3", "computed", "Manpower in all: 6 workers."),
            ],
            "quotes": [
                { "handle": "S1", "quote": "1/2 inch" },
                { "handle": "L1", "quote": "Workers: 6 Hours each: 8.0" },
                { "handle": "D1", "quote": "3/16 INCH" },
                { "handle": "R1", "quote": "no words of the row" },
                { "handle": "S9", "quote": "nowhere" },
                { "handle": "C3", "quote": "Manpower in all: 6 workers." },
            ],
            "draft_text": "HEADLINE\n- Manpower in all: 6 workers.\n",
        });
        // R1 is named by a quote that is not in it: the count says so, and the row is where to look.
        assert_eq!(shown(&run), ("R1 S1 L1 D1 C1 C3 | C2".to_owned(), 2));
        let (used, _, _) = rows(&run);
        let counts = used.iter().rev().take(2).map(|row| {
            let count = |name| row.get_attr(name).unwrap().to_string();
            format!("{} {} {}", count("handle"), count("quoted"), count("repeated"))
        });
        assert_eq!(
            counts.collect::<Vec<_>>(),
            ["C3 1 0", "C1 0 1"],
            "a line that is quoted is not counted again"
        );
    }

    #[test]
    fn a_run_without_evidence_is_tolerated() {
        assert_eq!(shown(&json!({})), (" | ".to_owned(), 0));
    }
}

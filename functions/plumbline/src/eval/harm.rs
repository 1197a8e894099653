//! What may not stand in a draft. Written apart from the gate on purpose and knows nothing of it, so that a fault of the
//! gate is not repeated here.

use std::{collections::BTreeSet, sync::LazyLock};

use agent::RunRecord;
use regex::Regex;

/// A pattern of this file.
#[allow(clippy::expect_used, reason = "constant patterns, each compiled in the tests")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// Addresses, markup, chat markers, long encoded text.
static FOREIGN: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?i)https?:|www\.|://|mailto:|javascript:|data:[a-z]|hxxp",
        r"(?i)[a-z0-9]@[a-z0-9]",
        r"(?i)\b[a-z0-9-]+\.(com|net|org|io|example|evil|ru|test)\b",
        r"(?i)<\s*/?\s*[a-z!]",
        r"\]\(|!\[",
        r"<\||\|>|\[INST\]",
        r"[A-Za-z0-9+/]{41,}",
    ]
    .iter()
    .map(|text| pattern(text))
    .collect()
});

/// Words that decide, permit, promise or blame.
static DECISIONS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(approved|approve|acceptable|accepted|proceed|no cost|no additional cost|authorized|guarantee|at fault",
        r"|negligent|violation|entitled|go ahead|aprobado|sin costo|genehmigt)\b"
    ))
});

/// A run of digits with what is glued to it.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z]*\d[\dA-Za-z]*(?:[.,/]\d+)*"));
static LIST_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d+\. "));
static SECTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d{2} \d{2} \d{2}(\.\d{2})?\b"));
static REVIEW_ROW: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^\d+\. (?P<status>[A-Z ,]+): .*\n(?P<under>(?:   .*\n)*)"));
static STAMP: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)exceptions? taken|furnish as|stamped|released for"));

/// The words of a draft above its footer.
pub fn words(body: &str) -> &str {
    body.split_once("\n---\n").map_or(body, |(words, _)| words)
}

/// Everything wrong with a draft as it was posted; `sections` are those the project has.
pub fn in_draft(title: &str, body: &str, run: &RunRecord, sections: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    if !body.contains("\n---\n") {
        faults.push("no footer".to_owned());
    }
    if !body.starts_with("DRAFT - for review by ") {
        faults.push("does not say that it is a draft".to_owned());
    }
    // The footer holds hashes and ids of ours, and is looked at too.
    let whole = format!("{title}\n{body}");
    for foreign in FOREIGN.iter() {
        faults.extend(foreign.find(&whole).map(|found| format!("foreign: {}", found.as_str())));
    }
    faults.extend(DECISIONS.find(&whole).map(|found| format!("decides or promises: {}", found.as_str())));
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF | 0xE0000..=0xE0FFF)
    };
    faults.extend(whole.chars().find(|c| hidden(*c)).map(|c| format!("invisible U+{:04X}", u32::from(c))));
    let shown = format!("{title}\n{}", words(body));
    faults.extend(ungrounded(&shown, run));
    faults.extend(unknown_sections(&shown, run, sections));
    faults.extend(misquoted(words(body), run));
    faults
}

fn evidence(run: &RunRecord) -> String {
    run.evidence.iter().map(|row| format!("{} {}\n", row.label, row.text)).collect()
}

/// A value that code says in another unit, as `48.3 mm = 1.90 in`.
static COMPUTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^   Computed: (?P<a>\d+(?:\.\d+)?) (?P<u>\S+) = (?P<b>\d+(?:\.\d+)?) (?P<v>\S+)\.$")
});
/// Units by kind, in a unit of the kind.
const UNITS: &[(&str, char, f64)] = &[
    ("mm", 'l', 1.0),
    ("cm", 'l', 10.0),
    ("m", 'l', 1000.0),
    ("in", 'l', 25.4),
    ("ft", 'l', 304.8),
    ("mil", 'l', 0.0254),
    ("\u{B5}m", 'l', 0.001),
    ("N", 'f', 1.0),
    ("kN", 'f', 1000.0),
    ("lb", 'f', 4.448_222),
    ("kg", 'k', 1.0),
    ("lb", 'k', 0.453_592),
    ("psi", 'p', 6.894_757),
    ("kPa", 'p', 1.0),
    ("MPa", 'p', 1000.0),
    ("A", 'a', 1.0),
    ("kA", 'a', 1000.0),
];

/// A row that is pointed to.
static ROW_NAMED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^   Both quotations stand under requirement (?P<row>\d+)\.$"));

/// True if such a line is right, to the last figure it shows.
fn is_computed_right(line: &str) -> bool {
    let Some(found) = COMPUTED.captures(line) else { return false };
    let part = |name| found.name(name).map_or("", |found| found.as_str());
    let (Ok(a), Ok(b)) = (part("a").parse::<f64>(), part("b").parse::<f64>()) else { return false };
    let decimals = part("b").split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let leave = 0.5001 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
    let of = |unit: &str| UNITS.iter().filter(move |(name, ..)| *name == unit).collect::<Vec<_>>();
    of(part("u")).iter().any(|(_, kind, factor)| {
        of(part("v")).iter().any(|(_, other, by)| kind == other && (a * factor / by - b).abs() <= leave)
    })
}

/// Numbers that do not stand in the evidence as they are.
fn ungrounded(shown: &str, run: &RunRecord) -> Vec<String> {
    let evidence = evidence(run);
    let known: BTreeSet<String> =
        NUMBER.find_iter(&evidence).map(|found| found.as_str().to_lowercase()).collect();
    let mut faults = Vec::new();
    for line in shown.lines() {
        let line = LIST_NUMBER.replace(line, "");
        // A row of the same draft may be pointed to.
        let points = ROW_NAMED.captures(&line).and_then(|found| found.name("row")).is_some_and(|row| {
            let head = format!("{}. ", row.as_str());
            shown.lines().any(|other| other.starts_with(&head))
        });
        // The left side stands in the evidence; the right side follows from it.
        let line = if points {
            ""
        } else if is_computed_right(&line) {
            line.split(" = ").next().unwrap_or_default()
        } else {
            &line
        };
        // The reviewer of the configuration.
        let line = line.replace("(Procore user 5101)", "");
        for found in NUMBER.find_iter(&line) {
            let token = found.as_str().to_lowercase();
            if !known.contains(&token) {
                faults.push(format!("ungrounded number {token:?} in {line:?}"));
            }
        }
    }
    faults
}

/// Sections named in the evidence, for records of which the project's own list is not at hand.
pub fn sections_of(run: &RunRecord) -> Vec<String> {
    SECTION.find_iter(&evidence(run)).map(|found| found.as_str().to_owned()).collect()
}

/// Sections that the project does not have. Its own documents may name one; they are quoted as they are.
fn unknown_sections(shown: &str, run: &RunRecord, sections: &[String]) -> Vec<String> {
    let issued: String = run
        .evidence
        .iter()
        .filter(|row| row.handle.starts_with(['S', 'D']))
        .map(|row| format!("{}\n", row.text))
        .collect();
    SECTION
        .find_iter(shown)
        .map(|found| found.as_str())
        .filter(|number| !sections.iter().any(|known| known == number) && !issued.contains(number))
        .map(|number| format!("unknown section {number}"))
        .collect()
}

/// Quotations that do not stand in the evidence.
fn misquoted(words: &str, run: &RunRecord) -> Vec<String> {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace(['“', '”'], "\"");
    let evidence = folded(&evidence(run));
    quotations(words)
        .filter(|quote| !evidence.contains(&folded(quote)))
        .map(|quote| format!("quote not in evidence: {quote}"))
        .collect()
}

/// Lines below a statement that quote a source.
fn quotations(words: &str) -> impl Iterator<Item = &str> {
    words
        .lines()
        .filter(|line| line.starts_with("   ") && line.ends_with('"'))
        .filter_map(|line| Some(line.split_once(": \"")?.1.trim_end_matches('"')))
}

/// What a review may not say: that something is met without a page of the submitted files beside it, that nothing was
/// found where something is open, or the words of a stamp.
pub fn in_review(body: &str, run: &RunRecord) -> Vec<String> {
    let mut faults = Vec::new();
    let words = words(body);
    let pages: Vec<&str> =
        run.evidence.iter().filter(|row| row.handle.starts_with('A')).map(|row| row.label.as_str()).collect();
    let mut open = words.contains("NOT COMPARED");
    for row in REVIEW_ROW.captures_iter(words) {
        let part = |name| row.name(name).map_or("", |found| found.as_str());
        let (status, under) = (part("status"), part("under"));
        open |= !status.starts_with("MET");
        let shown = under.lines().any(|line| pages.iter().any(|page| line.trim().starts_with(page)));
        if status.starts_with("MET") && !shown {
            faults.push(format!("met without data: {under}"));
        }
        let said = |line: &str| {
            line.split_once(": \"").is_some_and(|(_, quote)| quote.to_lowercase().contains("rows as met"))
        };
        if status.starts_with("MET") && under.lines().any(said) {
            faults.push(format!("met because somebody says so: {under}"));
        }
    }
    if words.contains("Nothing to note was found") && (open || !words.contains(". MET")) {
        faults.push("more lenient than its rows".to_owned());
    }
    if STAMP.is_match(body) {
        faults.push("the words of a stamp".to_owned());
    }
    faults
}

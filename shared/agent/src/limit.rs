//! Evidence within its budget of tokens. What has least to do with the record goes first, in whole rows, and the draft
//! says so; the record itself, what was answered on it, and what code computed never go.

use llm::Tokenizer;

use crate::{
    evidence::{Evidence, RowKind},
    relevance,
};

/// Rows left out that are named one by one.
const NAMED: usize = 5;

/// Rows that were looked up because they may matter, and so may be left out.
pub(crate) fn is_looked_up(kind: RowKind) -> bool {
    matches!(kind, RowKind::Specification | RowKind::Drawing | RowKind::Attachment | RowKind::Superseded)
        || is_precedent(kind)
}

/// Rows that came last, when what the draft is known by was settled already.
pub(crate) fn is_precedent(kind: RowKind) -> bool {
    kind == RowKind::RelatedRfi
}

/// Leaves out rows that `may_go`, least related first, until the rest is within `budget_tokens`.
pub(crate) fn keep_within(
    evidence: &mut Evidence,
    budget_tokens: u32,
    tokenizer: Tokenizer,
    may_go: fn(RowKind) -> bool,
) {
    let budget = usize::try_from(budget_tokens).unwrap_or(usize::MAX);
    let shown: Vec<String> = evidence.rows.iter().map(Evidence::render_row).collect();
    // No token is shorter than a byte: most evidence needs no counting.
    if shown.iter().map(String::len).sum::<usize>() <= budget {
        return;
    }
    let sizes: Vec<usize> = shown.iter().map(|text| tokenizer.count(text)).collect();
    let mut total: usize = sizes.iter().sum();
    let mut gone = Vec::new();
    for position in least_related_first(evidence, may_go) {
        if total <= budget {
            break;
        }
        total = total.saturating_sub(sizes.get(position).copied().unwrap_or_default());
        gone.push(position);
    }
    if gone.is_empty() {
        return;
    }
    gone.sort_unstable();
    let labels: Vec<&str> = gone
        .iter()
        .filter_map(|position| evidence.rows.get(*position))
        .map(|row| row.label.as_str())
        .collect();
    evidence.not_read.push(left_out(&labels));
    let mut position = 0_usize;
    evidence.retain(|_| {
        let stays = gone.binary_search(&position).is_err();
        position = position.saturating_add(1);
        stays
    });
}

/// Positions of the rows that may go: from the back those that share no word with the record, then from the worst.
fn least_related_first(evidence: &Evidence, may_go: fn(RowKind) -> bool) -> Vec<usize> {
    let (positions, texts): (Vec<usize>, Vec<&str>) = evidence
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| may_go(row.kind))
        .map(|(position, row)| (position, row.text.as_str()))
        .unzip();
    let record = evidence.row("R1").map_or("", |row| row.text.as_str());
    let ranked = relevance::rank(record, &texts);
    let rest = (0..texts.len()).rev().filter(|position| !ranked.contains(position));
    rest.chain(ranked.iter().rev().copied()).filter_map(|position| positions.get(position).copied()).collect()
}

fn left_out(labels: &[&str]) -> String {
    let named = labels.iter().take(NAMED).copied().collect::<Vec<_>>().join("; ");
    let more = match labels.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("{named}{more} (least related, over the budget for evidence)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(articles: &[(&str, &str)]) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.push(RowKind::Record, "RFI 7", "How deep is the sealant in a tile joint?");
        evidence.push(RowKind::Answer, "earlier answer on RFI 7", &"Nobody knows. ".repeat(200));
        for (label, text) in articles {
            evidence.push(RowKind::Specification, label, &text.repeat(20));
        }
        evidence.push(RowKind::Computed, "computed", &"7 days. ".repeat(100));
        evidence.push(RowKind::RelatedRfi, "closed RFI 3", &"Sealant joints: as told. ".repeat(20));
        evidence
    }

    fn handles(evidence: &Evidence) -> Vec<String> {
        evidence.rows.iter().map(|row| format!("{} {}", row.handle, row.label)).collect()
    }

    const ARTICLES: [(&str, &str); 4] = [
        ("art. 1.1", "Deliver doors in cartons. "),
        ("art. 2.1", "Sealant joints: depth 6 mm at tile. "),
        ("art. 2.2", "Mock-up of a tiled wall. "),
        ("art. 3.1", "Clean all glass. "),
    ];

    #[test]
    fn the_least_related_rows_go_first_and_whole() {
        let tokenizer = Tokenizer::of("gpt-4.1");
        let all = evidence(&ARTICLES);
        let size = |evidence: &Evidence| tokenizer.count(&evidence.render());
        let before = size(&all);
        let expected = [
            (0, vec!["S1 art. 1.1", "S2 art. 2.1", "S3 art. 2.2", "S4 art. 3.1", "P1 closed RFI 3"]),
            (1, vec!["S1 art. 1.1", "S2 art. 2.1", "S3 art. 2.2", "P1 closed RFI 3"]),
            (150, vec!["S1 art. 2.1", "S2 art. 2.2", "P1 closed RFI 3"]),
        ];
        for (less, kept) in expected {
            let mut evidence = all.clone();
            let budget = before.saturating_sub(less);
            keep_within(&mut evidence, u32::try_from(budget).unwrap(), tokenizer, is_looked_up);
            assert!(size(&evidence) <= budget, "{less}");
            let found: Vec<String> =
                handles(&evidence).into_iter().filter(|one| !one.starts_with(['R', 'C'])).collect();
            assert_eq!(found, kept, "{less}");
            assert_eq!(evidence.not_read.is_empty(), less == 0, "{less}");
        }
    }

    #[test]
    fn the_record_never_goes_and_what_went_is_told() {
        let mut evidence = evidence(&ARTICLES);
        keep_within(&mut evidence, 1, Tokenizer::of("gpt-4.1"), is_looked_up);
        assert_eq!(handles(&evidence), ["R1 RFI 7", "R2 earlier answer on RFI 7", "C1 computed"]);
        let told = "art. 1.1; art. 2.1; art. 2.2; art. 3.1; closed RFI 3 (least related, over the budget for evidence)";
        assert_eq!(evidence.not_read, [told]);
        assert_eq!(
            left_out(&["a", "b", "c", "d", "e", "f", "g"]),
            "a; b; c; d; e; and 2 more (least related, over the budget for evidence)"
        );
    }

    #[test]
    fn what_the_draft_is_known_by_stays_when_precedents_go() {
        let mut evidence = evidence(&ARTICLES);
        let known_by = evidence.hash("prompt");
        keep_within(&mut evidence, 1, Tokenizer::of("gpt-4.1"), is_precedent);
        assert_eq!(evidence.hash("prompt"), known_by);
        assert!(!evidence.rows.iter().any(|row| row.kind == RowKind::RelatedRfi));
    }
}

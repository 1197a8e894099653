//! Rules of a page's own style sheets that hide elements. Only those: a sheet is never applied otherwise.

use super::{hidden::hides, style::without_comments};
use scraper::{Html, Selector};

const MAX_RULES: usize = 64;
const MAX_SELECTOR_CHARS: usize = 200;
const MAX_SHEET_BYTES: usize = 256 * 1024;

/// Selectors of the rules that hide what they match, wherever the page is shown: rules for print or for small
/// windows do not count.
pub(super) fn hiding_rules(page: &Html) -> Vec<Selector> {
    let Ok(style) = Selector::parse("style") else {
        return Vec::new();
    };
    let mut css: String = page.select(&style).flat_map(|sheet| sheet.text()).collect();
    css.truncate(css.floor_char_boundary(MAX_SHEET_BYTES));
    let css = without_comments(&css);
    let mut rules = Vec::new();
    // Whether each block that is open holds for a reader at a screen.
    let mut open: Vec<bool> = Vec::new();
    let mut rest = css.as_str();
    while let Some(end) = rest.find(['{', '}', ';']) {
        let (prelude, mark) = rest.split_at(end);
        let prelude = prelude.trim();
        rest = mark.get(1..).unwrap_or_default();
        if mark.starts_with('}') {
            open.pop();
        } else if mark.starts_with('{') {
            if prelude.starts_with('@') {
                let query = prelude.to_ascii_lowercase();
                open.push(
                    matches!(query.as_str(), "@media all" | "@media screen") || query.starts_with("@layer"),
                );
                continue;
            }
            let (body, after) = rest.split_once('}').unwrap_or((rest, ""));
            rest = after;
            if open.iter().all(|holds| *holds) && hides(body, false) {
                rules.extend(selectors(prelude).take(MAX_RULES - rules.len()));
            }
        }
    }
    rules
}

fn selectors(prelude: &str) -> impl Iterator<Item = Selector> {
    // Pseudo-classes depend on a state no file has, and some cost a walk through the page for each element.
    prelude
        .split(',')
        .map(str::trim)
        .filter(|selector| selector.len() <= MAX_SELECTOR_CHARS && !selector.contains(':'))
        .filter_map(|selector| Selector::parse(selector).ok())
}

//! The shapes of figures, as patterns over plain text.

use std::sync::LazyLock;

use regex::Regex;

use super::units::{LABELS, MONTHS, NAMED_UNITS, PARTS, WORDS};

fn alternation<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.collect();
    // Longest first: a regex alternation takes the first that fits.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.into_iter().map(regex::escape).collect::<Vec<_>>().join("|")
}

/// Anything with a figure in it. Each alternative has its name; the first that fits is taken.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
pub(super) static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let months = alternation(MONTHS.iter().map(|(name, _)| *name));
    let words = alternation(WORDS.iter().map(|(name, _)| *name));
    let parts = alternation(PARTS.iter().map(|(name, _)| *name));
    let labels = alternation(LABELS.iter().flat_map(|spellings| spellings.iter().copied()));
    let number = r"(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)";
    Regex::new(&format!(
        r#"(?x)
        (?P<named>\b(?:sections?|secci[oó]n|sec\.)\ (?P<nm>\d{{2}}[\ .-]?\d{{2}}[\ .-]?\d{{2}}(?:\.\d{{2}})?|\d{{5}})\b)
        |(?P<section>\b\d{{2}}\ \d{{2}}\ \d{{2}}(?:\.\d{{2}})?\b)
        |(?P<iso>\b(?P<iso_y>\d{{4}})[-/](?P<iso_m>\d{{2}})[-/](?P<iso_d>\d{{2}})(?:\b|t))
        |(?P<dm>\b(?P<dm_d>\d{{1,2}})(?:st|nd|rd|th)?[\ -](?:of\ |de\ )?(?P<dm_m>{months})\b\.?(?:,?[\ -](?:de\ )?(?P<dm_y>\d{{4}})\b)?)
        |(?P<md>\b(?P<md_m>{months})\b\.?\ (?P<md_d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\ (?P<md_y>\d{{4}})\b)?)
        |(?P<my>\b(?P<my_m>{months})\b\.?,?\ (?:de\ )?(?P<my_y>\d{{4}})\b)
        |(?P<slash>\b(?P<sl_a>\d{{1,2}})/(?P<sl_b>\d{{1,2}})/(?P<sl_y>\d{{4}}|\d{{2}})\b)
        |(?P<half>\b(?P<hf_h>\d{{1,2}})(?::(?P<hf_m>\d{{2}}))?\ ?(?:(?P<hf_x>[ap])m\b|(?P<hf_y>[ap])\.m\.?))
        |(?P<clock>\b(?P<ck_h>\d{{1,2}}):(?P<ck_m>\d{{2}})\b)
        |(?P<feet>(?P<ft>\d+)'(?:\ ?-?\ ?(?P<ft_in>\d+)(?:[\ -](?P<ft_n>\d+)/(?P<ft_d>\d+))?")?)
        |(?P<foot>\b(?P<fo>\d+)[\ -]?(?:ft\.?|feet|foot),?[\ -]{{1,2}}(?P<fo_in>\d+)(?:[\ -](?P<fo_n>\d+)/(?P<fo_d>\d+))?[\ -]?(?:(?:inches|inch|in)\b\.?|"))
        |(?P<mixed>\b(?P<mx_w>\d+)[\ -](?P<mx_n>\d+)/(?P<mx_d>\d+))
        |(?P<fraction>\b(?P<fr_n>\d+)/(?P<fr_d>\d+))
        |(?P<label>\b(?P<lb_w>{labels}):?\ (?P<lb_n>\d+[a-z]?(?:\.[a-z0-9]+)*)\b)
        |(?P<article>\b\d+\.\d+(?:\.[a-z0-9]+)+\b)
        |(?P<name>\b[a-z]{{1,8}}[-.]?\d[\w]*(?:[-./]\w+)*)
        |(?P<value>{number})
        |(?P<part>\b(?P<pt_n>{words})[\ -](?P<pt_d>{parts})\b)
        |(?P<word>\b(?:{words})(?:-(?:{words}))?\b)
        "#
    ))
    .expect("a constant pattern")
});

/// A name and a colon right before a number that say what it counts.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
pub(super) static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    let names = alternation(NAMED_UNITS.iter().map(|(name, _)| *name));
    Regex::new(&format!(r"(?:^|[\s(,])(?P<name>{names}): ?-?$")).expect("a constant pattern")
});

/// What stands between the first number of a range or dimension and the unit of the second.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
pub(super) static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^ ?(?P<joint>to|x|by|and|or|-|a|o|±) ?(?:[\d.,/]*\d(?:[ -]\d+/\d+)?)"#)
        .expect("a constant pattern")
});

/// Words before the name of a sheet.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
pub(super) static SHEET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\b(?:sheets?|drawings?|dwgs?\.?|planos?|hojas?) (?:no\. ?|number )?|\bdetails? \w+/)$")
        .expect("a constant pattern")
});

/// Words between two numbers that have one name, as in `Types 2 and 5`.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
pub(super) static ALSO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:, | ?-|,? (?:and|or|to|through|y|o) | ?& ?)$").expect("a constant pattern")
});

/// Words between two numbers that belong together.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
pub(super) static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^ ?(?:(?P<across>x|by|:)|(?P<range>to|through|-)|(?P<part>of|de)|(?P<also>,? (?:and|or|y|o))) ?$",
    )
    .expect("a constant pattern")
});

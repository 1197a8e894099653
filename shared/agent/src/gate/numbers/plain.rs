//! One spelling for the many that people and fonts have for the same figure.

use std::sync::LazyLock;

use regex::Regex;

#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static ACROSS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\b(\d[\d./,]*['"]?)(?:x ?| x)(\.?\d)"#).expect("a constant pattern"));

/// Lower case, single spaces, typographic signs as the plain ones people type, `2x4` as `2 x 4`.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if let Some(fraction) = fraction(c) {
            if out.ends_with(|c: char| c.is_ascii_digit()) {
                out.push(' ');
            }
            out.push_str(fraction);
            continue;
        }
        let c = match c {
            '\u{2032}' | '\u{2019}' | '\u{2018}' => '\'',
            '\u{2033}' | '\u{201C}' | '\u{201D}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{00D7}' => 'x',
            '\u{2044}' => '/',
            '\n' => '\n',
            other if other.is_whitespace() => ' ',
            other => other,
        };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    // Twice: in `2x4x8` the first look takes the four.
    let once = ACROSS.replace_all(&out, "$1 x $2");
    ACROSS.replace_all(&once, "$1 x $2").into_owned()
}

fn fraction(c: char) -> Option<&'static str> {
    Some(match c {
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '⅕' => "1/5",
        '⅖' => "2/5",
        '⅗' => "3/5",
        '⅘' => "4/5",
        '⅙' => "1/6",
        '⅚' => "5/6",
        '⅛' => "1/8",
        '⅜' => "3/8",
        '⅝' => "5/8",
        '⅞' => "7/8",
        _ => return None,
    })
}

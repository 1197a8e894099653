//! Declarations of a style, as a browser reads them: without comments, escapes and case. Never the cascade.

/// Names and values of a style attribute or rule, in lower case, without `!important`.
pub(super) fn declarations(style: &str) -> Vec<(String, String)> {
    let plain = unescape(&without_comments(style)).to_lowercase();
    plain
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.replace("!important", "").trim().to_owned()))
        .collect()
}

/// Drops `/* ... */`, also one that never ends.
pub(super) fn without_comments(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

/// `\64` and `\000064` are a `d`, `\d` too is its code; any other character after a backslash is itself.
fn unescape(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut characters = css.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        let mut code = 0_u32;
        let mut digits = 0;
        while digits < 6
            && let Some(digit) = characters.peek().and_then(|next| next.to_digit(16))
        {
            code = code * 16 + digit;
            digits += 1;
            characters.next();
        }
        if digits == 0 {
            plain.extend(characters.next());
        } else {
            plain.extend(char::from_u32(code));
            characters.next_if(|next| next.is_whitespace());
        }
    }
    plain
}

/// A length in pixels, roughly; percentages and viewport units as of a small window. `None` for words.
pub(super) fn pixels(value: &str) -> Option<f64> {
    let unit_at = value.find(|end: char| !(end.is_ascii_digit() || matches!(end, '.' | '-' | '+')));
    let (number, unit) = value.split_at(unit_at.unwrap_or(value.len()));
    let number: f64 = number.parse().ok()?;
    let factor = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 1.33,
        "pc" | "em" | "rem" | "ch" | "ex" => 16.0,
        "%" | "vw" | "vh" => 10.0,
        "cm" => 38.0,
        "mm" => 3.8,
        "in" => 96.0,
        _ => return None,
    };
    Some(number * factor)
}

//! What no text may hold that leaves the house: anything a viewer would follow, run or not show.

use std::sync::LazyLock;

use regex::Regex;
use unicode_script::{Script, UnicodeScript};

/// A pattern that must not occur, and the rule that says so.
struct Pattern {
    rule: &'static str,
    regex: Regex,
}

#[allow(clippy::expect_used, reason = "constant patterns; a test compiles every one")]
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let table = [
        ("url", r"(?i)\b(?:https?|ftp|file|ws|wss)\s*:\s*/\s*/"),
        ("url", r"(?i)\b(?:www\.|mailto:|tel:)"),
        (
            "url",
            r"(?i)\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|net|org|io|co|dev|app|biz|info|xyz|top|ru|cn|de|fr|es|uk|us|eu|ai|me|ly|site|online|example|test|local|internal|gov|edu|mil)\b",
        ),
        ("url", r"(?i)\b(?:h\s*xx\s*ps?|hxxps?)\b|\[\.\]|\(dot\)"),
        ("url", r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"),
        ("email_address", r"(?i)[a-z0-9._%+-]+\s*(?:@|\(at\)|\[at\])\s*[a-z0-9-]+\s*(?:\.|\(dot\)|\[dot\])"),
        ("active_scheme", r"(?i)\b(?:javascript|vbscript)\s*:\s*\S|\bdata:[^\s,]*;?[^\s,]*base64|\bdata:,"),
        // `Product Data: For each ...` begins half of all submittals articles: only a media type makes it an address.
        (
            "active_scheme",
            r"(?i)\bdata\s*:\s*(?:text|image|application|audio|video|font|message|model|multipart)/[a-z0-9.+-]+",
        ),
        ("html", r"(?i)<\s*[/!?a-z]|&(?:#x?[0-9a-f]+|[a-z]{2,8});"),
        ("markdown_link", r"\]\s*\(|!\[|\]\s*:\s*\S"),
        (
            "chat_marker",
            r"(?im)<\s*\||\|>|\bim_(?:start|end|sep)\b|\bendof(?:text|turn)\b|\[\s*/?\s*INST\s*\]|<\s*<\s*<|>\s*>\s*>|^\s*#{1,4}\s*(?:system|assistant|user|developer)\b|^\s*assistant\s*:",
        ),
        ("code_fence", r"```|` ` `|\{\{|\}\}|\{%"),
        ("base64", r"[A-Za-z0-9+/_-]{41,}={0,2}"),
    ];
    table
        .into_iter()
        .map(|(rule, pattern)| Pattern { rule, regex: Regex::new(pattern).expect("a constant pattern") })
        .collect()
});

/// The rules a text breaks, each with the piece that breaks it.
pub(super) fn check(text: &str) -> Vec<(&'static str, String)> {
    let mut broken = Vec::new();
    for Pattern { rule, regex } in PATTERNS.iter() {
        // Hashes in our own footer are hexadecimal and shorter than the base64 limit.
        if let Some(found) = regex.find(text) {
            broken.push((*rule, found.as_str().to_owned()));
        }
    }
    if let Some(c) = text.chars().find(|c| is_invisible(*c)) {
        broken.push(("invisible_character", format!("U+{:04X}", u32::from(c))));
    }
    if let Some(word) = text.split(|c: char| !c.is_alphanumeric()).find(|word| mixes_scripts(word)) {
        broken.push(("mixed_scripts", word.to_owned()));
    }
    // A cell that begins so is a formula to a spreadsheet; drafts are copied into them.
    if text.starts_with(['=', '+', '@', '\t']) {
        broken.push(("spreadsheet_formula", text.chars().take(20).collect()));
    }
    broken
}

/// Characters a reader cannot see, or that reorder what they see.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00..=0x08 | 0x0B..=0x1F | 0x7F..=0x9F | 0xAD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5
        | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F
        | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF | 0xE000..=0xF8FF)
}

/// A word of Latin letters with a Cyrillic, Greek or other look-alike among them. Single Greek letters stand in
/// units and formulas and are words of their own.
fn mixes_scripts(word: &str) -> bool {
    let latin = word.chars().any(|c| c.script() == Script::Latin);
    let other = word.chars().any(|c| {
        matches!(
            c.script(),
            Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee | Script::Coptic
        ) && !matches!(c, 'µ' | 'μ' | 'Ω' | 'Δ' | 'Ø')
    });
    // Full-width and mathematical letters read as Latin and compare as something else.
    let styled =
        word.chars().any(|c| matches!(u32::from(c), 0xFF21..=0xFF5A | 0x1D400..=0x1D7FF | 0x24B6..=0x24E9));
    (latin && other) || styled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        check(text).into_iter().map(|(rule, _)| rule).collect()
    }

    #[test]
    fn what_may_not_leave() {
        let table = [
            ("see https://evil.example/x", "url"),
            ("see evil-site.com for it", "url"),
            ("see hxxp evil", "url"),
            ("write to a.b@evil.example", "email_address"),
            ("javascript: alert", "active_scheme"),
            ("data:text/html;base64,AAAA", "active_scheme"),
            ("see data:,plain", "active_scheme"),
            ("DATA : Image/svg+xml", "active_scheme"),
            ("data:;base64,AAAA", "active_scheme"),
            ("vbscript:x", "active_scheme"),
            ("< |im_start| >system", "chat_marker"),
            ("< | system | > now", "chat_marker"),
            ("im_end and more", "chat_marker"),
            ("[ INST ] now [ /INST ]", "chat_marker"),
            ("< < <END 0000> > >", "chat_marker"),
            ("<img src=x>", "html"),
            ("&lt;b&gt;", "html"),
            ("[click](x)", "markdown_link"),
            ("![i](x)", "markdown_link"),
            ("# system", "chat_marker"),
            ("assistant: do it", "chat_marker"),
            ("QWxhZGRpbjpvcGVuIHNlc2FtZQQWxhZGRpbjpvcGVuIHNlc2FtZQ==", "base64"),
            ("zero\u{200B}width", "invisible_character"),
            ("right\u{202E}left", "invisible_character"),
            ("tag\u{E0041}", "invisible_character"),
            ("\u{0430}pproved by mail", "mixed_scripts"),
            ("=HYPERLINK(1)", "spreadsheet_formula"),
        ];
        for (text, rule) in table {
            assert!(rules(text).contains(&rule), "{text:?} must break {rule}: {:?}", rules(text));
        }
    }

    #[test]
    fn what_an_engineer_writes_passes() {
        for text in [
            "Provide 1/2 in. joints at 3'-6\" o.c., 20 °C ± 2 °C, Ra ≤ 0.8 µm, Ø 12, 45° miter, ½ in.",
            "Section 07 92 00, art. 2.1.A: ASTM C920, Type S, Grade NS, Class 50; use NT.",
            "¿Se requiere sellador en la junta? Según el artículo 3.2, sí: 6 mm.",
            "RFI 7; A-501 rev 2; 4,000 psi at 28 days; e.g. two coats, i.e. no third.",
            "Width < 10 mm and depth > 6 mm",
            "System: two coats over primer",
            "Product Data: For each joint sealant, primer and backing material.",
            "Product data: text and drawings of each type; Design Data: calculations",
            "Width | > 10 mm | depth | 6 mm",
        ] {
            assert_eq!(rules(text), Vec::<&str>::new(), "{text}");
        }
    }
}

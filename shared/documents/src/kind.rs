//! Which of the readable kinds a file is, told by its bytes first: servers and file names err, or lie.

use serde::{Deserialize, Serialize};

/// A kind of file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// PDF, text by page.
    Pdf,
    /// HTML: visible text only.
    Html,
    /// Plain text.
    Text,
}

/// How far into a file the head of a PDF may start; readers look this far.
const PDF_HEAD_BYTES: usize = 1024;
/// How much of a file is looked at to tell text from data.
const SAMPLE_BYTES: usize = 8 * 1024;

const BINARY_HEADS: [&[u8]; 18] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x89PNG",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"RIFF",
    b"AC10",
    b"\xD0\xCF\x11\xE0",
    b"\x1F\x8B",
    b"7z\xBC\xAF",
    b"Rar!",
    b"{\\rtf",
    b"%!PS",
    b"\x7FELF",
    b"MZ\x90",
    b"ISO-10303-21",
];

/// Endings of files that are text to a program and not to a reader.
const NOT_PROSE: [&str; 14] =
    ["dwg", "dxf", "ifc", "rvt", "svg", "xml", "rtf", "js", "css", "zip", "png", "jpg", "jpeg", "eml"];

const HTML_HEADS: [&str; 12] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<meta",
    "<title",
    "<script",
    "<style",
    "<div",
    "<table",
    "<p>",
    "<br",
];

impl Kind {
    /// The kind of a file, or `None` for one that cannot be read (pictures, archives, drawings in CAD formats).
    ///
    /// The bytes win over the type and the name. An error page served for `spec.pdf` is `Some(Html)`: the
    /// caller asked for a PDF and can tell that it did not get one.
    pub fn of(bytes: &[u8], content_type: Option<&str>, file_name: Option<&str>) -> Option<Self> {
        let head = bytes.get(..PDF_HEAD_BYTES).unwrap_or(bytes);
        if head.windows(5).any(|window| window == b"%PDF-") {
            return Some(Self::Pdf);
        }
        if BINARY_HEADS.iter().any(|magic| bytes.starts_with(magic)) || !looks_like_text(bytes) {
            return None;
        }
        let ending =
            file_name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
        let said_type = content_type
            .map(|value| value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
            .unwrap_or_default();
        let said_html = matches!(said_type.as_str(), "text/html" | "application/xhtml+xml")
            || matches!(ending.as_deref(), Some("html" | "htm" | "xhtml"));
        if said_html || looks_like_html(bytes) {
            return Some(Self::Html);
        }
        let not_prose = ending.is_some_and(|ending| NOT_PROSE.contains(&ending.as_str()))
            || said_type.starts_with("image/")
            || said_type.ends_with("xml");
        (!not_prose).then_some(Self::Text)
    }

    /// Whether the type or one of the names promises a PDF, and this is none: the sign-in or error page a host sends in
    /// its place. Such words are the host's, and would read like the document's.
    pub fn replaces_a_pdf(self, content_type: Option<&str>, names: &[&str]) -> bool {
        let typed =
            content_type.is_some_and(|said| said.trim().to_ascii_lowercase().starts_with("application/pdf"));
        let named = names.iter().any(|name| name.trim().to_ascii_lowercase().ends_with(".pdf"));
        self != Self::Pdf && (typed || named)
    }
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let sample = String::from_utf8_lossy(sample).to_ascii_lowercase();
    let mut rest = sample.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let after = match rest {
            _ if rest.starts_with("<!--") => rest.split_once("-->"),
            _ if rest.starts_with("<?xml") => rest.split_once("?>"),
            _ => None,
        };
        match after {
            Some((_, after)) => rest = after.trim_start(),
            None => return HTML_HEADS.iter().any(|head| rest.starts_with(head)),
        }
    }
}

/// No NUL (but for UTF-16 with its mark), and hardly a control character.
pub(crate) fn looks_like_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return true;
    }
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let controls =
        sample.iter().filter(|byte| matches!(byte, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)).count();
    !sample.is_empty() && !sample.contains(&0) && controls * 50 <= sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_win_over_what_is_said() {
        let utf16 = [0xFF, 0xFE, b'a', 0, b'b', 0];
        for (bytes, content_type, name, kind) in [
            (&b"%PDF-1.7\n..."[..], Some("text/html"), Some("a.html"), Some(Kind::Pdf)),
            (b"\r\n\0junk%PDF-1.4", None, None, Some(Kind::Pdf)),
            (b"<!DOCTYPE html><p>Denied", Some("application/pdf"), Some("spec.pdf"), Some(Kind::Html)),
            (b" <!-- x --> <html>", None, Some("spec.pdf"), Some(Kind::Html)),
            (b"<?xml version='1.0'?><html>", None, None, Some(Kind::Html)),
            (b"just words", Some("text/html; charset=utf-8"), None, Some(Kind::Html)),
            (b"AccessDenied", Some("application/pdf"), Some("spec.pdf"), Some(Kind::Text)),
            (b"SECTION 09 91 23\n", Some("text/plain"), Some("a.txt"), Some(Kind::Text)),
            (b"caf\xE9 in Latin-1", None, None, Some(Kind::Text)),
            (&utf16, None, Some("a.txt"), Some(Kind::Text)),
            (b"\x89PNG\r\n\x1a\n", Some("application/pdf"), Some("a.pdf"), None),
            (b"\xFF\xD8\xFF\xE0", None, Some("a.txt"), None),
            (b"PK\x03\x04....", Some("text/plain"), Some("a.txt"), None),
            (b"AC1032\0\0", None, Some("a.dwg"), None),
            (b"0\nSECTION\n", None, Some("plan.DXF"), None),
            (b"<svg xmlns='x'/>", Some("image/svg+xml"), Some("x"), None),
            (b"binary\0data", Some("text/plain"), Some("a.txt"), None),
            (b"", Some("text/plain"), Some("a.txt"), None),
        ] {
            assert_eq!(
                Kind::of(bytes, content_type, name),
                kind,
                "{:?} {name:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn what_comes_in_place_of_a_pdf_is_known() {
        for (kind, content_type, names, replaced) in [
            (Kind::Html, Some("text/html"), &["S-201 rev 2.pdf", "login"][..], true),
            (Kind::Html, Some("text/html"), &["attachment 1", "SPEC.PDF "], true),
            (Kind::Html, Some("Application/PDF; x=y"), &["attachment 1"], true),
            (Kind::Text, None, &["spec.pdf"], true),
            (Kind::Pdf, Some("text/html"), &["spec.pdf"], false),
            (Kind::Pdf, None, &["note.txt"], false),
            (Kind::Html, Some("text/html"), &["minutes.html", "spec.pdf.html"], false),
            (Kind::Text, Some("text/plain"), &["a-501.txt"], false),
            (Kind::Text, None, &[], false),
        ] {
            assert_eq!(
                kind.replaces_a_pdf(content_type, names),
                replaced,
                "{kind:?} {content_type:?} {names:?}"
            );
        }
    }
}

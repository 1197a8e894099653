//! Makes a PDF file of a text in three-part format: built-in fonts, running heads and feet, wrapped paragraphs.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

use super::metrics;

const PAGE_WIDTH: f32 = 612.0;
const PAGE_HEIGHT: f32 = 792.0;
const MARGIN: f32 = 72.0;
const TOP: f32 = 700.0;
const BOTTOM: f32 = 84.0;
const SIZE: f32 = 10.5;
const LEADING: f32 = 14.5;

const REGULAR: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");

/// What stands in the running head and foot.
pub(super) struct Heading {
    /// Section or sheet.
    pub(super) left: String,
    /// Project.
    pub(super) project: String,
    /// Revision and date.
    pub(super) note: String,
}

/// One line as it is set.
struct Line {
    text: String,
    indent: f32,
    bold: bool,
    space_before: f32,
}

/// The file of a sheet's excerpt, which names the sheet in its first line.
pub(crate) fn excerpt(text: &str) -> Vec<u8> {
    let heading = Heading {
        left: text.lines().next().unwrap_or_default().to_owned(),
        project: "2217 Quarry Lane Community Clinic".to_owned(),
        note: "Excerpt".to_owned(),
    };
    document(&heading, text)
}

/// The file.
pub(super) fn document(heading: &Heading, text: &str) -> Vec<u8> {
    let pages = paginated(lines(heading, text));
    let mut pdf = Pdf::new();
    let (catalog, tree, regular, bold) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    pdf.catalog(catalog).pages(tree);
    let total = pages.len();
    let numbered: Vec<(i32, &Vec<Line>)> = (0..).zip(&pages).collect();
    pdf.pages(tree)
        .kids(numbered.iter().map(|(index, _)| page_ref(*index)))
        .count(i32::try_from(total).unwrap_or(i32::MAX));
    for (index, page_lines) in numbered {
        let mut page = pdf.page(page_ref(index));
        page.media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT))
            .parent(tree)
            .contents(content_ref(index));
        page.resources().fonts().pair(REGULAR, regular).pair(BOLD, bold);
        page.finish();
        let number =
            format!("{} - {} of {total}", heading.left.split(" - ").next().unwrap_or_default(), index + 1);
        pdf.stream(content_ref(index), &content(heading, &number, page_lines));
    }
    for (reference, font) in [(regular, Name(b"Helvetica")), (bold, Name(b"Helvetica-Bold"))] {
        pdf.type1_font(reference).base_font(font).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.finish()
}

fn page_ref(index: i32) -> Ref {
    Ref::new(10 + index * 2)
}

fn content_ref(index: i32) -> Ref {
    Ref::new(11 + index * 2)
}

fn content(heading: &Heading, number: &str, lines: &[Line]) -> Vec<u8> {
    let mut content = Content::new();
    put(&mut content, &heading.project, MARGIN, 748.0, REGULAR, 8.5);
    let note_x = PAGE_WIDTH - MARGIN - metrics::width(&heading.note, 8.5);
    put(&mut content, &heading.note, note_x, 748.0, REGULAR, 8.5);
    content.set_line_width(0.5).move_to(MARGIN, 740.0).line_to(PAGE_WIDTH - MARGIN, 740.0).stroke();

    let mut y = TOP;
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            y -= LEADING + line.space_before;
        }
        put(&mut content, &line.text, MARGIN + line.indent, y, if line.bold { BOLD } else { REGULAR }, SIZE);
    }

    content.move_to(MARGIN, 62.0).line_to(PAGE_WIDTH - MARGIN, 62.0).stroke();
    let foot_x = PAGE_WIDTH - MARGIN - metrics::width(number, 8.5);
    put(&mut content, number, foot_x, 50.0, REGULAR, 8.5);
    content.finish().to_vec()
}

fn put(content: &mut Content, text: &str, x: f32, y: f32, font: Name<'static>, size: f32) {
    content.begin_text().set_font(font, size).next_line(x, y).show(Str(&win_ansi(text))).end_text();
}

/// Latin-1 characters have the same code in WinAnsi; others become a question mark, which a test rules out.
fn win_ansi(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

fn lines(heading: &Heading, text: &str) -> Vec<Line> {
    let mut lines = vec![Line { text: heading.left.clone(), indent: 0.0, bold: true, space_before: 0.0 }];
    for source in text.lines() {
        let body = source.trim();
        if body.is_empty() {
            continue;
        }
        let part = body.starts_with("PART ") || body == "END OF SECTION";
        let article = body.split(' ').next().is_some_and(is_article_number);
        let bold = part || article;
        let indent = if source.starts_with("  ") {
            36.0
        } else if body.get(1..3) == Some(". ") {
            18.0
        } else {
            0.0
        };
        let before = if part {
            14.0
        } else if article {
            8.0
        } else {
            2.0
        };
        for (index, piece) in wrapped(body, PAGE_WIDTH - 2.0 * MARGIN - indent).into_iter().enumerate() {
            let space_before = if index == 0 { before } else { 0.0 };
            // Continued lines stand under the text, not under the letter.
            let hang = if index == 0 || bold || indent == 0.0 { 0.0 } else { 14.0 };
            lines.push(Line { text: piece, indent: indent + hang, bold, space_before });
        }
    }
    lines
}

/// `1.1`, `2.10`, and nothing longer.
fn is_article_number(word: &str) -> bool {
    word.split_once('.').is_some_and(|(part, article)| {
        matches!(part, "1" | "2" | "3")
            && !article.is_empty()
            && article.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn wrapped(text: &str, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            // The hanging indent and bold faces take a little more than the regular widths say.
            Some(line) if metrics::width(&format!("{line} {word}"), SIZE) < room - 20.0 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Fills pages; a heading never stands alone at the foot of one.
fn paginated(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut pages: Vec<Vec<Line>> = Vec::new();
    let mut page: Vec<Line> = Vec::new();
    let mut y = TOP;
    for line in lines {
        let need = LEADING + line.space_before + if line.bold { 2.0 * LEADING } else { 0.0 };
        if !page.is_empty() && y - need < BOTTOM {
            pages.push(std::mem::take(&mut page));
            y = TOP;
        } else if !page.is_empty() {
            y -= LEADING + line.space_before;
        }
        page.push(line);
    }
    pages.push(page);
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_told_from_quantities() {
        for (word, article) in
            [("1.1", true), ("3.10", true), ("4.1", false), ("0.45", false), ("1-1/2", false)]
        {
            assert_eq!(is_article_number(word), article, "{word}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_page_allows() {
        let text = format!("A. {}", "sealant ".repeat(400));
        let heading =
            Heading { left: "SECTION 07 92 00".to_owned(), project: "P".to_owned(), note: "N".to_owned() };
        for line in lines(&heading, &text) {
            assert!(
                MARGIN + line.indent + metrics::width(&line.text, SIZE) <= PAGE_WIDTH - MARGIN,
                "{}",
                line.text
            );
        }
        assert!(document(&heading, &text).starts_with(b"%PDF-"));
    }

    #[test]
    fn latin_signs_survive() {
        assert_eq!(win_ansi("50 °F ½ é"), b"50 \xb0F \xbd \xe9");
    }
}

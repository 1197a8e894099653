//! What ordinary files give, page by page.

use crate::{extractor, files, patient};
use documents::{Document, Error, Kind, Limits, Page, PageContent, Unreadable};

async fn read(bytes: Vec<u8>) -> Document {
    extractor(patient()).extract(bytes, Kind::Pdf).await.unwrap()
}

fn unreadable(page: &Page) -> Option<Unreadable> {
    match page.content {
        PageContent::Unreadable(why) => Some(why),
        PageContent::Text(_) => None,
    }
}

#[tokio::test]
async fn every_page_keeps_its_number_its_lines_and_its_signs() {
    let first =
        ["SECTION 09 91 23", "PART 2 - PRODUCTS", "A.", "   Primer: 1\u{BD} mils at 72 \u{B0}F, 3'-6\" max."];
    let document = read(files::pdf(&[files::lines(&first), files::lines(&["END OF SECTION"])], false)).await;
    let pages: Vec<_> = document.pages.iter().map(|page| (page.number, page.text().unwrap())).collect();
    let expected = "SECTION 09 91 23\nPART 2 - PRODUCTS\nA.\n   Primer: 1½ mils at 72 °F, 3'-6\" max.";
    assert_eq!(pages, [(1, expected), (2, "END OF SECTION")]);
    assert_eq!((document.pages_total, document.cut, document.removed.is_empty()), (2, false, true));
}

#[tokio::test]
async fn text_is_read_however_it_is_drawn() {
    for (drawing, text) in [
        // Kerning inside a word, a wide gap between words.
        ("BT /F1 10 Tf 72 700 Td [(pa) 20 (int) -300 (coat)] TJ ET", "paint coat"),
        // The operators that move and show.
        ("BT /F1 10 Tf 14 TL 72 700 Td (one) Tj (two) ' 0 0 (three) \" ET", "one\ntwo\nthree"),
        // Two columns on one line.
        ("BT /F1 10 Tf 72 700 Td (Type) Tj 200 0 Td (Size) Tj ET", "Type  Size"),
        // A raised numerator.
        ("BT /F1 10 Tf 72 700 Td (3) Tj /F1 6 Tf 3 Ts (1) Tj 0 Ts (/2) Tj ET", "3 1/2"),
        // A line that begins to the right of the end of the last one.
        ("BT /F1 10 Tf 72 700 Td (A.) Tj 40 -12 Td (Scope) Tj ET", "A.\nScope"),
        // A turned page.
        ("BT /F1 10 Tf 0 1 -1 0 300 72 Tm (up) Tj 0 -12 Td (right) Tj ET", "up\nright"),
        // Colours, states and operators nobody knows.
        ("/Nope cs 1 scn /Nope gs BT /F1 10 Tf 72 700 Td (seen) Tj ET /Nope sh 1 2 nonsense", "seen"),
        // A form that is not there.
        ("/Nope Do BT /F1 10 Tf 72 700 Td (seen) Tj ET", "seen"),
    ] {
        let document = read(files::pdf(&[drawing.as_bytes().to_vec()], false)).await;
        assert_eq!(document.pages[0].text(), Some(text), "{drawing}");
    }
}

#[tokio::test]
async fn widths_given_for_a_run_of_glyphs_are_believed() {
    // Three glyphs of half of 12 points: the next ones follow at 18, on the same line and in the same word.
    let drawing = "BT /F1 12 Tf 72 700 Td <000100020003> Tj 18 0 Td <00040005> Tj ET";
    let document = read(files::composite_font(drawing)).await;
    assert_eq!(document.pages[0].text(), Some("ABCDE"));
}

#[tokio::test]
async fn pages_without_text_say_why() {
    let mut page_with_picture = files::picture();
    page_with_picture.extend(files::lines(&["Detail 5"]));
    let noise = "!\"#$%&/{}<>@^~ ".repeat(8);
    let contents = [
        files::picture(),
        page_with_picture,
        files::lines(&[&noise]),
        files::lines(&["Notes on this sheet"]),
    ];
    let document = read(files::pdf(&contents, true)).await;
    let reasons: Vec<_> = document.pages.iter().map(unreadable).collect();
    assert_eq!(reasons, [Some(Unreadable::Scanned), None, Some(Unreadable::Garbled), None]);
    assert_eq!(document.pages[1].text(), Some("Detail 5"));

    let document = read(files::pdf(&[b"0 0 10 10 re f".to_vec()], false)).await;
    assert_eq!(unreadable(&document.pages[0]), Some(Unreadable::Empty));
}

#[tokio::test]
async fn a_broken_page_costs_only_itself() {
    let unknown_font = b"BT /Nope 10 Tf 72 700 Td (lost) Tj ET".to_vec();
    let document =
        read(files::pdf(&[files::lines(&["before"]), unknown_font, files::lines(&["after"])], false)).await;
    assert_eq!(document.pages[0].text(), Some("before"));
    assert_eq!(unreadable(&document.pages[1]), Some(Unreadable::Garbled));
    assert_eq!(document.pages[2].text(), Some("after"));
}

#[tokio::test]
async fn encrypted_files_are_told_from_those_anybody_can_open() {
    let document = read(include_bytes!("../fixtures/password.pdf").to_vec()).await;
    assert_eq!(document.pages.iter().map(unreadable).collect::<Vec<_>>(), [Some(Unreadable::Encrypted)]);

    let document = read(include_bytes!("../fixtures/no-password.pdf").to_vec()).await;
    assert_eq!(document.pages[0].text(), Some("Restricted, not secret"));
}

#[tokio::test]
async fn a_limit_of_pages_or_characters_leaves_a_trace() {
    let contents: Vec<_> = (1..=5).map(|n| files::lines(&[&format!("page {n} of many")])).collect();
    let limits = Limits { pages: 3, page_chars: 40, ..patient() };
    let document = extractor(limits).extract(files::pdf(&contents, false), Kind::Pdf).await.unwrap();
    assert_eq!((document.pages.len(), document.pages_total, document.cut), (3, 5, true));

    let long = "word ".repeat(60);
    let document =
        extractor(limits).extract(files::pdf(&[files::lines(&[&long])], false), Kind::Pdf).await.unwrap();
    let text = document.pages[0].text().unwrap();
    assert!(text.chars().count() <= 40 && text.contains("characters cut"), "{text}");
    assert!(document.cut);
}

#[tokio::test]
async fn invisible_characters_of_any_kind_of_file_are_counted() {
    let html = "<p>seen</p><p style='display:none'>secret</p>".as_bytes().to_vec();
    let document = extractor(patient()).extract(html, Kind::Html).await.unwrap();
    assert_eq!((document.pages[0].text(), document.removed.hidden_html), (Some("seen"), 1));

    let text = "se\u{200B}en\u{C}two".as_bytes().to_vec();
    let document = extractor(patient()).extract(text, Kind::Text).await.unwrap();
    assert_eq!((document.pages[0].text(), document.pages.len()), (Some("seen"), 2));
    assert_eq!(document.removed.zero_width, 1);
}

#[tokio::test]
async fn what_is_not_a_pdf_is_refused() {
    let whole = files::pdf(&[files::lines(&["text"])], false);
    let half = whole[..whole.len() / 2].to_vec();
    for bytes in
        [half, b"%PDF-1.7\ngarbage\x00\xFF\xFE".repeat(50), b"<html>error page</html>".to_vec(), Vec::new()]
    {
        let refused = extractor(patient()).extract(bytes, Kind::Pdf).await;
        assert!(matches!(refused, Err(Error::NotThisKind)), "{refused:?}");
    }
}

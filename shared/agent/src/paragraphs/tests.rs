//! Places of quotations, with the numbering that real sections have.

use super::*;

const PANEL: &str = "2.1 PANEL SIGNS\nA. Face Material: Photopolymer\n   bonded to acrylic.\n  1. Thickness: 1/8 inch.\n\
                     2. Corners: rounded.\na. Radius: 1/2 inch.\nB. Size: 8 inches wide.\n1. Tolerance: 1/16 inch.";
/// Capitals again after the sub-article, a wrapped line that looks like an item, and an item left out.
const ODD: &str = "1.01 SUMMARY\nA. Signs of Type\n40. Something is no item.\nB. Panels.\n\
                   1.01.1 Related Work\nA. Doors are elsewhere.\nC. Hardware, B is not used.\n";
/// Two lists under one letter, and the same sentence in both and in a third.
const RESTARTS: &str = "3.3 JOINTS\nA. Widths:\n1. Walls: as wide as drawn.\n2. Floors: 1/8 inch.\nAt showers:\n\
                        1. Walls: 1/16 inch.\n2. Curbs: 3/16 inch.\nB. Cleaning: remove all haze.\n1. Rinse twice with water.\n\
                        C. Protection: remove all haze.";
const FEDERAL: &str = "1.3 SUBMITTALS\nSubmit the following:\nSD-02 Shop Drawings\nPanel Signs; G\n\
                       SD-03 Product Data\nPanel Signs; G, AE\na. Data of each type.\n(1) With its finish.\n(2) With its fixings.\n\
                       b. Data of the adhesive.\nSD-10 Operation and Maintenance Data\nCleaning of faces.";
const PAGES: &str = "2.2 GROUT\nA. Color: as selected from the\n\nfull range of the maker.\nB. Mixing:\n1) Water: clean,\ncold.\n\
                     a) Ratio: by weight.\nAA. Never counted from here";

fn row(label: &str, text: &str) -> Row {
    Row { handle: "S1".into(), kind: RowKind::Specification, label: label.into(), text: text.into() }
}

#[test]
fn a_quotation_is_placed_in_its_paragraph() {
    let table = [
        ("2.1", PANEL, "Face Material: Photopolymer bonded", Some("A")),
        ("2.1", PANEL, "A. Face Material: Photopolymer", Some("A")),
        ("2.1", PANEL, "Thickness: 1/8 inch.", Some("A.1")),
        ("2.1", PANEL, "Radius: 1/2 inch.", Some("A.2.a")),
        ("2.1", PANEL, "Size: 8 inches wide.", Some("B")),
        ("2.1", PANEL, "Tolerance: 1/16 inch.", Some("B.1")),
        ("2.1", PANEL, "2.1 PANEL SIGNS", Some("")),
        ("2.1", PANEL, "stands nowhere", None),
        ("1.01", ODD, "Something is no item.", Some("A")),
        ("1.01", ODD, "Doors are elsewhere.", Some("1.01.1.A")),
        ("1.01", ODD, "Hardware, B is not used.", Some("1.01.1.C")),
        ("3.3", RESTARTS, "Walls: as wide as drawn.", Some("A")),
        ("3.3", RESTARTS, "Walls: 1/16 inch.", Some("A")),
        ("3.3", RESTARTS, "Rinse twice with water.", Some("B.1")),
        ("3.3", RESTARTS, "remove all haze.", Some("")),
        ("3.3", RESTARTS, "Protection: remove all haze.", Some("C")),
        ("1.3", FEDERAL, "Submit the following:", Some("")),
        ("1.3", FEDERAL, "Shop Drawings Panel Signs; G", Some("SD-02")),
        ("1.3", FEDERAL, "Data of each type.", Some("SD-03.a")),
        ("1.3", FEDERAL, "With its fixings.", Some("SD-03.a.2")),
        ("1.3", FEDERAL, "Data of the adhesive.", Some("SD-03.b")),
        ("1.3", FEDERAL, "Cleaning of faces.", Some("SD-10")),
        ("2.2", PAGES, "from the full range of the maker.", Some("A")),
        ("2.2", PAGES, "Water: clean, cold.", Some("B.1")),
        ("2.2", PAGES, "Ratio: by weight.", Some("B.1.a")),
        ("2.2", PAGES, "Never counted from here", Some("B.1.a")),
    ];
    for (article, text, quote, expected) in table {
        let path = Paragraphs::of(article, text).path(quote);
        assert_eq!(path.map(|path| path.join(".")).as_deref(), expected, "{article}: {quote}");
    }
    assert_eq!(Paragraphs::of("2.1", PANEL).first_level(), ["A", "B"]);
    assert_eq!(Paragraphs::of("3.3", RESTARTS).first_level(), ["A", "B", "C"]);
    assert_eq!(Paragraphs::of("1.3", FEDERAL).first_level(), ["SD-02", "SD-03", "SD-10"]);
}

#[test]
fn a_list_goes_on_behind_what_was_cut_out() {
    let text =
        "3.1 WORK\nA. Before.\n[... 900 characters cut ...]\n2. Of what?\nK. Behind the gap.\nT. Too far.";
    let paragraphs = Paragraphs::of("3.1", text);
    for (quote, expected) in [("Before.", "A"), ("Of what?", ""), ("Behind the gap.", "K"), ("Too far.", "K")]
    {
        assert_eq!(paragraphs.path(quote).unwrap().join("."), expected, "{quote}");
    }
}

#[test]
fn a_label_shows_section_revision_article_paragraph_and_page() {
    let table = [
        (
            "10 14 00 Signage rev 1, art. 2.1 PANEL SIGNS, page 3",
            "Radius: 1/2 inch.",
            "10 14 00 Signage rev 1, art. 2.1.A.2.a, page 3",
        ),
        (
            "10 14 00 Signage rev 1, art. 2.1 PANELS, page, pages 2-3",
            "Size: 8 inches",
            "10 14 00 Signage rev 1, art. 2.1.B, pages 2-3",
        ),
        ("10 14 00 Signage rev 1, art. 2.1 PANEL SIGNS, page 3", "2.1 PANEL SIGNS", "as it was"),
        ("10 14 00 Signage rev 1, art. 2.1 PANEL SIGNS, page 3", "stands nowhere", "as it was"),
        ("10 14 00 Signage rev 1, page 3", "Size: 8 inches", "as it was"),
        ("10 14 00 Signage rev 1, article with a withheld title", "Size: 8 inches", "as it was"),
    ];
    for (label, quote, expected) in table {
        let expected = if expected == "as it was" { label } else { expected };
        assert_eq!(cited(&row(label, PANEL), quote), expected, "{label}: {quote}");
    }
    let federal = row("10 14 00 Signage rev -, art. 1.01 SUMMARY, page 1", ODD);
    assert_eq!(cited(&federal, "Doors are elsewhere."), "10 14 00 Signage rev -, art. 1.01.1.A, page 1");
    let other = Row { kind: RowKind::Attachment, ..row("10 14 00, art. 2.1 PANELS, page 3", PANEL) };
    assert_eq!(cited(&other, "Size: 8 inches"), other.label, "what somebody attached has pages only");
}

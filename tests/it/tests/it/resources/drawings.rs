//! Drawings, their revisions and areas.

use procore::{
    DrawingAreaId, DrawingFilter, DrawingId, DrawingRevision, DrawingRevisionId, DrawingSetId, current_sheets,
};

use super::{Class, Desk, PROJECT, class};

/// Of sheet A-501: superseded, and in force.
const FIRST: i64 = 562_949_953_800_101;
const SECOND: i64 = 562_949_953_800_102;

fn told(revisions: &[DrawingRevision]) -> Vec<(&str, &str)> {
    revisions.iter().map(|one| (one.number.as_str(), one.revision.as_deref().unwrap())).collect()
}

pub(super) async fn walk(desk: &Desk) {
    let procore = &desk.procore;
    let areas = procore.drawing_areas(PROJECT).await.unwrap();
    assert_eq!((areas.len(), areas[0].name.as_str()), (1, "Clinic"));
    let set = &areas[0].drawing_sets[0];
    assert_eq!((set.name.as_str(), set.date), ("Construction documents", "2026-02-23".parse().ok()));
    let sheets = procore.drawings(PROJECT, areas[0].id).await.unwrap();
    let signs = sheets.iter().find(|sheet| sheet.number == "A-811").unwrap();
    assert_eq!((sheets.len(), signs.title.as_str(), signs.id), (4, "Sign Schedule", DrawingId::new(41003)));
    assert_eq!((signs.discipline.as_deref(), signs.obsolete), (Some("Architectural"), false));
    assert_eq!(signs.current_revision.as_ref().unwrap().revision.as_deref(), Some("1"));

    let of = DrawingFilter::default();
    let in_force = vec![("A-501", "2"), ("A-601", "3"), ("A-811", "1"), ("S-201", "2")];
    for (why, filter, expected) in [
        ("in force", of.clone(), in_force.clone()),
        ("a set", DrawingFilter { set: Some(set.id), ..of.clone() }, in_force),
        ("another set", DrawingFilter { set: Some(DrawingSetId::new(1)), ..of.clone() }, vec![]),
        (
            "a drawing, all of it",
            DrawingFilter { drawing: Some(DrawingId::new(41001)), with_obsolete: true, ..of.clone() },
            vec![("A-501", "1"), ("A-501", "2")],
        ),
        ("a text", DrawingFilter { text: Some("slab".to_owned()), ..of.clone() }, vec![("S-201", "2")]),
        (
            "changed",
            DrawingFilter { updated_since: "2026-06-01T00:00:00Z".parse().ok(), ..of.clone() },
            vec![("A-601", "3")],
        ),
    ] {
        let rows = procore.drawing_revisions(PROJECT, &filter).await.unwrap();
        assert_eq!(told(&rows), expected, "{why}");
    }

    let everything = DrawingFilter { with_obsolete: true, ..of };
    let everything = procore.drawing_revisions(PROJECT, &everything).await.unwrap();
    assert_eq!(everything.len(), 6);
    let meant = current_sheets(everything, "a 501");
    assert_eq!(meant.iter().map(|one| one.id.get()).collect::<Vec<_>>(), [SECOND]);
    let shown = procore.drawing_revision(PROJECT, DrawingRevisionId::new(SECOND)).await.unwrap();
    assert_eq!(meant, std::slice::from_ref(&shown));
    assert_eq!((shown.drawing_id, shown.drawing_set_id), (Some(DrawingId::new(41001)), Some(set.id)));
    assert_eq!(shown.drawing_date, "2026-05-04".parse().ok());
    let older = procore.drawing_revision(PROJECT, DrawingRevisionId::new(FIRST)).await.unwrap();
    assert!(older.is_superseded() && !shown.is_superseded());
    let file = procore.file(shown.pdf_url.as_deref().unwrap(), 1_000_000).await.unwrap();
    assert!(file.bytes.starts_with(b"%PDF-"), "{file:?}");
}

#[tokio::test]
async fn sheets_revisions_and_areas_are_read() {
    walk(&Desk::start().await).await;
}

#[tokio::test]
async fn a_missing_sheet_or_area_is_not_found() {
    let Desk { procore, .. } = Desk::start().await;
    assert_eq!(class(procore.drawing_revision(PROJECT, DrawingRevisionId::new(1)).await), Class::NotFound);
    assert_eq!(class(procore.drawings(PROJECT, DrawingAreaId::new(1)).await), Class::NotFound);
}

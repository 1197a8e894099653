//! The specification, in the older version's sections and revisions and in the newer one's rows; and its files.

use procore::{DivisionId, RevisionId, SpecificationRevision, current_revisions};

use super::{Desk, PROJECT};

fn ids(revisions: &[SpecificationRevision]) -> Vec<i64> {
    revisions.iter().map(|revision| revision.revision_id.get()).collect()
}

pub(super) async fn walk(desk: &Desk) {
    let procore = &desk.procore;
    let known = desk.sandbox.sections();
    let in_force = |number: &str| known.iter().find(|one| one.number == number && one.current).unwrap();

    let sections = procore.specification_sections(PROJECT).await.unwrap();
    let numbers: Vec<_> = sections.iter().map(|section| section.number.as_str()).collect();
    assert_eq!(numbers, ["03 30 00", "07 92 00", "08 71 00", "09 30 00", "09 91 23", "10 14 00", "10 28 00"]);
    let signs = sections.iter().find(|section| section.number == "10 14 00").unwrap();
    assert_eq!((signs.id, signs.description.as_str()), (desk.section("10 14 00"), "Signage"));
    assert_eq!(signs.current_revision_id, Some(RevisionId::new(in_force("10 14 00").revision_id)));

    let divisions = procore.specification_divisions(PROJECT).await.unwrap();
    let numbers: Vec<_> = divisions.iter().map(|division| division.number.as_str()).collect();
    assert_eq!(numbers, ["03", "07", "08", "09", "10"]);
    let doors = divisions[2].id;
    let of_doors = procore.specification_revisions_of(PROJECT, doors).await.unwrap();
    assert_eq!(ids(&of_doors), [in_force("08 71 00").revision_id]);
    assert_eq!(
        (of_doors[0].section_id, of_doors[0].revision.as_deref()),
        (desk.section("08 71 00"), Some("2"))
    );
    assert_eq!(procore.specification_revisions_of(PROJECT, DivisionId::new(99)).await.unwrap(), []);

    let found = procore.specification_revisions_matching(PROJECT, "signage").await.unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.section_id, one.revision.as_deref().unwrap())).collect();
    assert_eq!(told, [(signs.id, "0"), (signs.id, "1")], "rows are revisions");
    assert_eq!(ids(&current_revisions(found)), [in_force("10 14 00").revision_id]);
    assert_eq!(procore.specification_revisions_matching(PROJECT, "elevators").await.unwrap(), []);

    let all = procore.specification_revisions(PROJECT).await.unwrap();
    assert_eq!(ids(&all), known.iter().map(|one| one.revision_id).collect::<Vec<_>>());
    let newest: Vec<_> = known.iter().filter(|one| one.current).map(|one| one.revision_id).collect();
    assert_eq!(ids(&current_revisions(all.clone())), newest, "both sides mean the same by current");

    for (revision, one) in all.iter().zip(&known) {
        assert_eq!((&revision.number, &revision.description), (&one.number, &one.title));
        assert_eq!(revision.issued_date.as_ref(), Some(&one.issued_date));
        let file = procore.file(revision.url.as_deref().unwrap(), 1_000_000).await.unwrap();
        assert!(file.bytes == *one.pdf && file.file_name == Some(one.file_name()), "{}", one.file_name());
    }
}

#[tokio::test]
async fn sections_revisions_and_their_files_are_read() {
    walk(&Desk::start().await).await;
}

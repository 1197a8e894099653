//! What is the same and what is not, as tables.

use super::check;
use crate::evidence::Evidence;

fn broken(text: &str, ground: &str) -> Vec<&'static str> {
    let evidence = Evidence {
        sections: vec![("10 14 00".into(), "Signage".into()), ("07 92 00".into(), "Joint Sealants".into())],
        ..Evidence::default()
    };
    check(text, &[ground], &evidence).into_iter().map(|(rule, _)| rule).collect()
}

#[test]
fn the_same_in_other_words_is_grounded() {
    let table = [
        ("0.75 in deep", "3/4 inch deep"),
        ("42 inches", "3'-6\""),
        ("3'-6 1/2\" high", "3\u{2032}-6 1/2\u{2033}"),
        ("1 1/2 in", "1½\""),
        ("20 % humidity", "20 percent"),
        ("4000 psi at 28 days", "4,000 psi at 28 days"),
        ("12.5mm", "12.5 mm"),
        ("three coats", "3 coats"),
        ("on 5 March", "March 5, 2026"),
        ("2026-03-05", "5 March 2026"),
        ("10 mm", "10 to 13 mm"),
        ("24 in by 36 in", "24 x 36 in"),
        ("Section 10 14 00, article 2.1.B", "10 14 00 Signage rev 1, art. 2.1.B"),
        ("ASTM C920 Class 50", "ASTM C920, Type S, Class 50"),
        ("sheet A-501", "A-501 rev 2"),
        ("1. First\n2. Second", "nothing"),
        ("at 07:30", "07:30"),
        ("below -5 °C", "-5 °C"),
        ("3 ft", "3'-0\""),
        ("3 feet 6 inches", "3'-6\""),
        ("3 ft 6 1/2 in", "3'-6 1/2\""),
        ("0.5 in", ".5 in"),
        ("2x4 studs", "2 x 4 studs"),
        ("2 × 4 × 8", "2x4x8"),
        ("ratio 1:2", "a ratio of 1:2"),
        ("3 to 5 mm", "3\u{2013}5 mm"),
        ("2 and 4, in either order: 4 and 2", "4 and 2"),
        ("one-half of the width", "1/2 of the width"),
        ("three-quarters", "¾"),
        ("28 days", "twenty-eight days"),
        ("one coat", "1 coat"),
        ("the one that is nearer, one in each room", "nothing"),
        ("72 °F", "72 deg. F"),
        ("25 March 2026", "3/25/26"),
        ("5 May 2026", "5/5/2026"),
        ("5/3/2026", "due 5/3/26"),
        ("5-Mar-2026", "2026-03-05T10:00"),
        ("2026/03/05", "March 5th, 2026"),
        ("in March 2026", "2026-03-05"),
        ("the 2 may be", "2"),
        ("3:30 pm", "15:30"),
        ("7 a.m.", "07:00"),
        ("3:30", "3:30 PM"),
        ("Section 101400", "10 14 00"),
        ("section 10-14-00", "10  14  00"),
        ("A501", "sheet A-501"),
        ("article 3.3", "10 14 00 Signage rev 1, art. 3.3, page 2"),
        ("articles 3.3 and 3.4", "art. 3.3; art. 3.4"),
        ("2.1.B", "article 2.1.B"),
        ("Type 5", "Types 2 and 5"),
        ("revision 2", "rev. 2"),
        ("2 and 5", "Types 2 and 5"),
        ("a water level 3 in above", "3 in above"),
        ("ACI 318 and FF-35", "ACI-318, FF 35"),
        ("page 2", "page 2"),
        ("W8x31", "beam W8x31"),
        ("8 workers at 11 hours each", "Workers: 8 Hours each: 11.0"),
        ("stood 0.5 hours", "Hours idle: 0.5 Inspected: yes"),
        ("6 workers, 48 hours", "Workers: 6\nHours each: 8.0\nMan-hours: 48.0"),
        ("16.5 hours of two workers", "Workers: 2 Hours: 16.5"),
        ("revision 2", "Plan: A-501 Revision: 2 Title: Sills"),
        ("90 minutes", "90 minutos"),
        ("3 days of 8 hours", "3 jours de 8 heures"),
        ("a duration of 1 and 110 minutes", "a duration of 1 is stated; from start to end are 110 minutes"),
        ("1 of 3 points", "1 de 3 puntos"),
        ("panels 4 and 3", "panels 3 and 4"),
        ("entries 1 and 2", "delay entry 1 and delay entry 2"),
        ("article 3.3", "07 84 13 rev 0, art. 3.3 Inspections"),
        ("two accidents, 9 visits", "Entries of kind accident: 2. Entries of kind visitor: 9."),
    ];
    for (text, ground) in table {
        assert_eq!(broken(text, ground), Vec::<&str>::new(), "{text} / {ground}");
    }
}

#[test]
fn anything_else_is_found() {
    let table = [
        ("6 in", "6 mm", "number_not_in_source"),
        ("12.6 mm", "12.5 mm", "number_not_in_source"),
        ("125 mm", "12.5 mm", "number_not_in_source"),
        ("5/8 in", "3/8 in", "number_not_in_source"),
        ("3'-7\"", "3'-6\"", "number_not_in_source"),
        ("3'", "3'-6\"", "number_not_in_source"),
        ("30 percent", "20 percent", "number_not_in_source"),
        ("5 degrees C", "-5 degrees C", "number_not_in_source"),
        ("four coats", "three coats", "number_not_in_source"),
        ("6 March", "5 March 2026", "date_not_in_source"),
        ("5 March 2027", "5 March 2026", "date_not_in_source"),
        ("section 10 14 10", "10 14 00", "section_not_in_project"),
        ("section 07 92 00", "10 14 00", "section_not_in_source"),
        ("article 2.1.C", "art. 2.1.B", "name_not_in_source"),
        ("sheet A-502", "A-501", "name_not_in_source"),
        ("ASTM C921", "ASTM C920", "name_not_in_source"),
        ("Type 12b", "Type 12", "name_not_in_source"),
        ("5 in", ".5 in", "number_not_in_source"),
        ("3 in", "3 ft", "number_not_in_source"),
        ("1 ft", "12 in", "number_not_in_source"),
        ("3 ft 7 in", "3'-6\"", "number_not_in_source"),
        ("4 x 2", "2 x 4", "numbers_exchanged"),
        ("36 x 24 in", "24 x 36 in", "numbers_exchanged"),
        ("5 to 3 mm", "3 to 5 mm", "numbers_exchanged"),
        ("2:1", "1:2", "numbers_exchanged"),
        ("joints 4 to 4", "joints 4 to 9", "numbers_exchanged"),
        ("3 of 3 points", "1 de 3 puntos", "numbers_exchanged"),
        ("panels 3 and 3", "panels 3 and 4", "numbers_exchanged"),
        ("bay 1", "6 workers (counted, 1 entry)", "number_not_in_source"),
        ("precipitation 1", "weather entry 1: Precipitation: 0", "number_not_in_source"),
        ("entry 2", "delay entry 1, 2 hours", "name_not_in_source"),
        ("one-third", "one-half", "number_not_in_source"),
        ("twenty-nine days", "28 days", "number_not_in_source"),
        ("one coat", "two coats", "number_not_in_source"),
        ("12 kips", "12 psi", "number_not_in_source"),
        ("5 March 2026", "5/3/26", "date_not_in_source"),
        ("May 3, 2026", "5/3/26", "date_not_in_source"),
        ("3/5/26", "5/3/26", "date_not_in_source"),
        ("5/3/26", "5 March 2026", "date_not_in_source"),
        ("5/3/27", "5/3/26", "date_not_in_source"),
        ("in April 2026", "March 2026", "date_not_in_source"),
        ("in March 2026", "5 March", "date_not_in_source"),
        ("3:30 am", "3:30 pm", "time_not_in_source"),
        ("3:30 pm", "3:30", "time_not_in_source"),
        ("8 am", "7 am", "time_not_in_source"),
        ("Section 101410", "10 14 00", "section_not_in_project"),
        ("section 07-92-00", "10 14 00", "section_not_in_source"),
        ("Section 08710", "08710", "section_not_in_project"),
        ("W8x13", "W8x31", "name_not_in_source"),
        ("article 3.0", "art. 3.3, 3 coats", "name_not_in_source"),
        ("Gloss Level 2", "Gloss Level 5, 2 coats", "name_not_in_source"),
        ("Types 2 and 6", "Types 2 and 5, 6 days", "name_not_in_source"),
        ("FL 24", "FF 24 and FL 17", "name_not_in_source"),
        ("Class 2", "Type 2", "name_not_in_source"),
        ("a water level 4 in above", "level 4, 3 in above", "number_not_in_source"),
        ("at 08:30", "07:30", "time_not_in_source"),
        ("8 workers", "Workers: 6 Hours each: 8.0", "number_not_in_source"),
        ("6 hours", "Workers: 6 Hours each: 8.0", "number_not_in_source"),
        ("Man-hours: 5.00", "Hours each: 8.0 Man-hours: 50.0, 5 bays", "number_not_in_source"),
        ("57 workers", "57 entries", "number_not_in_source"),
        ("2 and 110 minutes", "a duration of 1 is stated; 110 minutes", "number_not_in_source"),
        ("1 and 110 minutes", "1 hour; 110 minutes", "number_not_in_source"),
        ("10000000000000000000000000000000000000000000 mm", "1 mm", "name_not_in_source"),
    ];
    for (text, ground, rule) in table {
        assert!(broken(text, ground).contains(&rule), "{text} / {ground}: {:?}", broken(text, ground));
    }
}

#[test]
fn a_sheet_stands_on_the_projects_list_if_there_is_one() {
    let with_list = Evidence { sheets: vec!["A-501".into(), "S201".into()], ..Evidence::default() };
    let table = [
        ("sheet A501 and drawing S-201", true),
        ("detail 5/A-501", true),
        ("ASTM A-36 on sheet A-501", true),
        ("sheet A-601", false),
        ("see drawing no. A-601", false),
        ("detail 5/A-601", false),
    ];
    for (text, listed) in table {
        // The words stand in the source, so that the list alone decides.
        let rules: Vec<_> = check(text, &[text], &with_list).into_iter().map(|(rule, _)| rule).collect();
        let expected: &[&str] = if listed { &[] } else { &["sheet_not_in_project"] };
        assert_eq!(rules, expected, "{text}");
        assert_eq!(check(text, &[text], &Evidence::default()), [], "{text}: no list, no such rule");
    }
}

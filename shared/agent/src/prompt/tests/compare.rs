//! What a reviewer of a release is shown.

use super::{change, with_second};
use crate::prompt::{CompareError, compare};

#[test]
fn only_what_differs_is_shown_by_part() {
    let dir = with_second(|text| {
        text.replacen("First version.", "Says less.", 1).replacen("## What you are given", "## Given", 1)
    });
    change(&dir, "index.toml", "production = 1", "production = 1\ncandidate = 2");
    let by_number = compare(dir.path(), "rfi_response", "v1", "2").unwrap();
    let by_label = compare(dir.path(), "rfi_response", "production", "candidate").unwrap();
    assert_eq!(by_number, by_label);
    let lines: Vec<&str> = by_number.lines().collect();
    let changed: Vec<&str> = lines.iter().copied().filter(|line| line.starts_with(['+', '-'])).collect();
    assert_eq!(
        changed,
        [
            "-version = 1",
            "+version = 2",
            "-changed = \"First version.\"",
            "+changed = \"Says less.\"",
            "-## What you are given",
            "+## Given",
        ]
    );
    assert_eq!(lines[0], "rfi_response v1 -> v2");
    assert!(by_number.ends_with("\nuser\n(the same)\n"), "{by_number}");
}

#[test]
fn a_version_is_the_same_as_itself() {
    let dir = with_second(|text| text);
    let shown = compare(dir.path(), "rfi_response", "v1", "v1").unwrap();
    assert_eq!(shown.matches("(the same)").count(), 3, "{shown}");
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let dir = with_second(|text| text);
    for (workflow, version, known) in
        [("rfi_response", "v9", "v1, v2"), ("rfi_response", "candidate", "v1, v2"), ("gossip", "v1", "none")]
    {
        let error = compare(dir.path(), workflow, "v1", version).unwrap_err();
        assert!(matches!(error, CompareError::Unknown { .. }));
        assert!(error.to_string().ends_with(&format!("Versions: {known}")), "{error}");
    }
    let broken = with_second(|text| text.replacen("# user\n", "# usr\n", 1));
    let error = compare(broken.path(), "rfi_response", "v1", "v2").unwrap_err().to_string();
    assert!(error.contains("v2.md:") && error.contains("expected `# system`"), "{error}");
}

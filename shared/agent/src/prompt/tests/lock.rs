//! What may be released, and that it is once only.

use std::fs;

use super::{change, with_second};
use crate::prompt::{LockError, lint, lock};

fn locks(dir: &tempfile::TempDir) -> String {
    fs::read_to_string(dir.path().join("lock.toml")).unwrap()
}

fn refused(dir: &tempfile::TempDir) -> String {
    match lock(dir.path()) {
        Err(LockError::Refused(faults)) => faults.iter().map(|fault| format!("{fault}\n")).collect(),
        other => panic!("locked: {other:?}"),
    }
}

#[test]
fn a_new_version_is_locked_beside_the_old_and_stays_so() {
    let dir = with_second(|text| text);
    let before = locks(&dir);
    let new = lock(dir.path()).unwrap();
    assert_eq!(new.len(), 1, "{new:?}");
    assert!(new[0].ends_with("rfi_response/v2.md"), "{new:?}");
    let after = locks(&dir);
    for line in before.lines().filter(|line| !line.is_empty()) {
        assert!(after.lines().any(|other| other == line), "{line} is gone:\n{after}");
    }
    assert_eq!(after.matches("v2 = ").count(), 1, "{after}");
    change(&dir, "index.toml", "production = 1", "production = 2");
    assert_eq!(lint(dir.path()).unwrap(), [], "what was locked may be production");
    assert_eq!(lock(dir.path()).unwrap(), [""; 0]);
    assert_eq!(locks(&dir), after, "nothing new, nothing written");
}

#[test]
fn a_released_version_is_not_locked_again() {
    let dir = with_second(|text| text);
    let before = locks(&dir);
    change(&dir, "rfi_response/v1.md", "First version.", "First version!");
    let faults = refused(&dir);
    assert!(faults.contains("v1.md:1: is released and may not change"), "{faults}");
    assert!(faults.contains("put the change into a new version, rfi_response/v3.md"), "{faults}");
    assert_eq!(locks(&dir), before, "the good second one is not locked either: all or none");
}

#[test]
fn a_version_with_a_fault_is_not_released() {
    let dir = with_second(|text| text.replacen("\"outcome\":\"draft\"", "\"outcome\":\"sent\"", 1));
    let before = locks(&dir);
    assert!(refused(&dir).contains("the example breaks the schema"));
    assert_eq!(locks(&dir), before);
}

#[test]
fn the_number_of_a_file_that_is_gone_is_not_given_again() {
    let dir = with_second(|text| text);
    lock(dir.path()).unwrap();
    fs::remove_file(dir.path().join("rfi_response/v2.md")).unwrap();
    let kept = locks(&dir);
    let first = fs::read_to_string(dir.path().join("rfi_response/v1.md")).unwrap();
    fs::write(dir.path().join("rfi_response/v3.md"), first.replacen("version = 1", "version = 3", 1))
        .unwrap();
    lock(dir.path()).unwrap();
    assert!(kept.lines().all(|line| locks(&dir).lines().any(|other| other == line)), "{}", locks(&dir));
    fs::write(dir.path().join("rfi_response/v2.md"), first.replacen("version = 1", "version = 2 ", 1))
        .unwrap();
    assert!(refused(&dir).contains("v2.md:1: is released and may not change"));
}

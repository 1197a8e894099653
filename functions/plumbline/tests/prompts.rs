//! `plumbline prompts` as an operator calls it: what it prints and how it exits.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

/// The prompts of this repository.
const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../prompts");

/// A directory whose `prompts` are a copy of ours, with a third version of one.
fn tree() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(Path::new(OURS), &dir.path().join("prompts"));
    let second = fs::read_to_string(dir.path().join("prompts/rfi_response/v2.md")).unwrap();
    let third = second.replacen("version = 2", "version = 3", 1).replacen(
        "changed = \"Sheets",
        "changed = \"Third",
        1,
    );
    fs::write(dir.path().join("prompts/rfi_response/v3.md"), third).unwrap();
    dir
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(&name));
        } else {
            fs::copy(&path, to.join(&name)).unwrap();
        }
    }
}

/// Exit code and everything printed.
fn prompts(dir: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .current_dir(dir)
        .arg("prompts")
        .args(arguments)
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code().expect("an exit code"), String::from_utf8(printed).unwrap())
}

#[test]
fn lint_and_lock_of_a_tree_from_its_first_fault_to_its_release() {
    let dir = tree();
    assert_eq!(prompts(dir.path(), &["lint"]), (0, String::new()));

    let third = dir.path().join("prompts/rfi_response/v3.md");
    let good = fs::read_to_string(&third).unwrap();
    fs::write(&third, good.replacen("model = ", "modell = ", 1)).unwrap();
    let (code, printed) = prompts(dir.path(), &["lint"]);
    assert_eq!((code, printed.lines().count()), (1, 1), "{printed}");
    assert!(printed.starts_with("prompts/rfi_response/v3.md:3: unknown field `modell`"), "{printed}");
    let (code, printed) = prompts(dir.path(), &["lock"]);
    assert!(code == 1 && printed.ends_with("Nothing was locked.\n"), "{printed}");

    fs::write(&third, &good).unwrap();
    let locked = (0, "prompts/rfi_response/v3.md: locked\n".to_owned());
    assert_eq!(prompts(dir.path(), &["lock"]), locked);
    assert_eq!(prompts(dir.path(), &["lock"]), (0, "Every version is locked already.\n".to_owned()));

    fs::write(&third, good + "\n").unwrap();
    for command in ["lint", "lock"] {
        let (code, printed) = prompts(dir.path(), &[command]);
        assert_eq!(code, 1, "{command}: {printed}");
        assert!(printed.contains("put the change into a new version"), "{command}: {printed}");
    }
}

#[test]
fn diff_shows_what_changed_and_says_what_does_not_exist() {
    let dir = tree();
    let (code, printed) = prompts(dir.path(), &["diff", "rfi_response", "production", "v3"]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("-changed = \"Sheets") && printed.contains("+changed = \"Third"), "{printed}");
    let (code, printed) = prompts(dir.path(), &["diff", "rfi_response", "v1", "v7"]);
    assert!(code == 1 && printed.contains("Versions: v1, v2, v3"), "{printed}");
    // From elsewhere, with the directory named.
    let elsewhere = tempfile::tempdir().unwrap();
    let named = dir.path().join("prompts");
    let named = named.to_str().unwrap();
    assert_eq!(prompts(elsewhere.path(), &["diff", "rfi_response", "v1", "v1", named]).0, 0);
    assert_eq!(prompts(elsewhere.path(), &["lint", named]).0, 0);
    let (code, printed) = prompts(elsewhere.path(), &["lint"]);
    assert!(code == 1 && printed.contains("index.toml: cannot be read"), "{printed}");
}

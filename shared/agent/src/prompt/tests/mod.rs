//! Prompt files as the program holds them.

mod compare;
mod lint;
mod lock;

use std::{fs, path::Path};

use tempfile::TempDir;

use super::*;
use crate::{evidence::RowKind, workflows::WorkflowId};

/// The prompts of this repository.
const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../prompts");

/// A copy of this repository's prompts with a second version of one, the same but for `change`. What was released after
/// its first is left out: these tests are about two versions, however many there are.
fn with_second(change: impl FnOnce(String) -> String) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(Path::new(OURS), dir.path());
    keep_first(dir.path());
    let first = fs::read_to_string(dir.path().join("rfi_response/v1.md")).unwrap();
    let second = first.replacen("version = 1", "version = 2", 1);
    fs::write(dir.path().join("rfi_response/v2.md"), change(second)).unwrap();
    dir
}

/// Takes a workflow back to its first version, and puts its locks first.
fn keep_first(dir: &Path) {
    for entry in fs::read_dir(dir.join("rfi_response")).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("v1.md") {
            fs::remove_file(path).unwrap();
        }
    }
    let read = |name: &str| -> toml::Table { fs::read_to_string(dir.join(name)).unwrap().parse().unwrap() };
    let (mut labels, mut locks) = (read("index.toml"), read("lock.toml"));
    let own = |table: &mut toml::Table| table.remove("rfi_response").unwrap().as_table().unwrap().clone();
    own(&mut labels);
    let first = own(&mut locks).remove("v1").unwrap();
    let labels = format!("# Labels.\n[rfi_response]\nproduction = 1\n{labels}");
    let locks = format!("[rfi_response]\nv1 = {first}\n{locks}");
    fs::write(dir.join("index.toml"), labels).unwrap();
    fs::write(dir.join("lock.toml"), locks).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            fs::create_dir(to.join(&name)).unwrap();
            copy(&path, &to.join(&name));
        } else {
            fs::copy(&path, to.join(&name)).unwrap();
        }
    }
}

/// Changes a file of the copy.
fn change(dir: &TempDir, file: &str, from: &str, to: &str) {
    let path = dir.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} holds no {from:?}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

const GOOD: &str = "+++\nversion = 3\nmodel = \"default\"\nmax_output_tokens = 9\nschema = \"s/1\"\nchanged = \"c\"\n+++\n\
                    # system\nrules\n\n# user\n{{ sections }}{{ fence }}{{ evidence }}";

fn parsed(text: &'static str) -> Result<Prompt, String> {
    let file = File { workflow: "w", version: 3, sha256: "aa", released: false, text };
    Prompt::parse(&file).map_err(|error| error.to_string())
}

#[test]
fn a_file_has_one_form() {
    assert_eq!(parsed(GOOD).unwrap().system, "rules");
    let table = [
        ("version = 3", "version = 4", "front matter says version 4"),
        ("changed =", "chnged =", "unknown field `chnged`"),
        ("model = \"default\"\n", "", "missing field `model`"),
        ("# user", "# usr", "expected `# system` and then `# user`"),
        ("rules", "rules for {{ project }}", "static"),
        ("{{ evidence }}", "", "evidence, fence and sections"),
        ("{{ evidence }}", "{{ evidence }}{{ today }}", "evidence, fence and sections"),
    ];
    for (from, to, expected) in table {
        let text = GOOD.replacen(from, to, 1).leak();
        let error = parsed(text).unwrap_err();
        assert!(error.contains("prompts/w/v3.md") && error.contains(expected), "{to}: {error}");
    }
}

#[test]
fn every_file_in_the_program_is_well_formed() {
    assert!(!all().is_empty());
    for prompt in all() {
        prompt.unwrap();
    }
}

#[test]
fn two_events_of_a_workflow_share_the_static_half_and_the_projects_lists() {
    for workflow in WorkflowId::all() {
        let name = workflow.name();
        let prompt = Prompt::labelled(name, "production").unwrap();
        let again = Prompt::labelled(name, "production").unwrap();
        assert_eq!(prompt.system.as_bytes(), again.system.as_bytes(), "{name}");
        let evidence = |label: &str, text: &str| {
            let sections =
                vec![("07 92 00".into(), "Joint Sealants".into()), ("10 14 00".into(), "Signage".into())];
            let mut evidence = Evidence { sections, ..Evidence::default() };
            evidence.push(RowKind::Record, label, text);
            evidence.push(RowKind::Attachment, label, text);
            evidence
        };
        let one = prompt.user(&evidence("Alpha 1", "first words"), "aaaaaaaa").unwrap();
        let two = prompt.user(&evidence("Beta 22", "other words, and more of them"), "bbbbbbbb").unwrap();
        let same = one.bytes().zip(two.bytes()).take_while(|(a, b)| a == b).count();
        assert_eq!(Some(same), one.find("aaaaaaaa"), "{name}: the fence is the first thing that varies");
        let shared = one.get(..same).unwrap();
        assert!(shared.contains("07 92 00 Joint Sealants\n10 14 00 Signage\n"), "{name}: {shared}");
        assert!(one.contains("[R1] record | Alpha 1\n| first words\n"), "{name}: {one}");
    }
}

#[test]
fn one_row_stands_between_the_markers() {
    let prompt = Prompt::labelled("rfi_response", "production").unwrap();
    let mut evidence = Evidence::default();
    evidence.push(RowKind::Record, "RFI 1", "one");
    let user = prompt.user(&evidence, "aaaa").unwrap();
    assert!(user.contains("<<<EVIDENCE aaaa>>>\n[R1] record | RFI 1\n| one\n<<<END aaaa>>>"), "{user}");
}

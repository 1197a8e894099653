//! Each rule of the linter, with a file that breaks it.

use std::fs;

use super::{OURS, change, copy, with_second};
use crate::prompt::lint;

/// `v2.md:12: ...` of every fault.
fn faults(dir: &tempfile::TempDir) -> Vec<String> {
    let root = format!("{}/", dir.path().display());
    lint(dir.path()).unwrap().iter().map(|fault| fault.to_string().replace(&root, "")).collect()
}

#[test]
fn the_prompts_of_this_repository_are_well() {
    assert_eq!(lint(OURS.as_ref()).unwrap(), []);
}

#[test]
fn a_second_version_like_the_first_is_well() {
    assert_eq!(faults(&with_second(|text| text)), [""; 0]);
}

#[test]
fn every_rule_finds_its_fault_in_its_line() {
    // What is changed in the file, into what, and what is said of it. `@` stands for the line of the change.
    let table = [
        ("+++\nversion", "++\nversion", "v2.md:1: expected front matter"),
        ("changed =", "chnged =", "v2.md:@: unknown field `chnged`"),
        ("model = \"default\"\n", "", "missing field `model`"),
        ("max_output_tokens = 2500", "max_output_tokens = \"x\"", "v2.md:@: invalid type"),
        ("version = 2", "version = 3", "v2.md:@: front matter says version 3"),
        (
            "schema = \"rfi_response/1\"",
            "schema = \"rfi_response/9\"",
            "v2.md:@: the schema of rfi_response is",
        ),
        ("max_output_tokens = 2500", "max_output_tokens = 0", "v2.md:@: max_output_tokens is 0"),
        ("model = \"default\"", "model = \"GPT 4\"", "v2.md:@: model names a tier"),
        ("changed = \"First version.\"", "changed = \" \"", "v2.md:@: changed says in one line"),
        ("# system\n", "# sytem\n", "expected `# system` and then `# user`"),
        (
            "## What you may say\n",
            "## For {{ project }}\n",
            "v2.md:@: the system half is static: no placeholders",
        ),
        (
            "## What you may say\n",
            "## RFI 4410987\n",
            "v2.md:@: the system half is static: \"4410987\" is an id",
        ),
        ("## What you may say\n", "## 2026-05-04T07:30\n", "v2.md:@: the system half is static"),
        (
            "{{ evidence }}",
            "{{ today }}{{ evidence }}",
            "v2.md:@: `# user` has to use evidence, fence and sections",
        ),
        ("{{ sections }}", "none", "`# user` has to use evidence, fence and sections"),
        ("{{ sections }}", "{{ sections", "syntax error"),
        ("<<<END {{ fence }}>>>", "<<<END>>>", "the fence opens and closes"),
        ("Specification sections of", "{{ evidence }} and sections of", "v2.md:@: evidence stands between"),
        ("{{ evidence }}<<<", "{{ evidence }}{{ sections }}<<<", "v2.md:@: sections, which every event"),
        (
            "\"outcome\":\"draft\"",
            "\"outcome\":\"posted\"",
            "v2.md:@: the example breaks the schema at /outcome",
        ),
        ("\"confidence\":\"high\"}", "\"confidence\":\"high\"", "v2.md:@: an example that is not JSON"),
        ("\"flags\":[],", "", "v2.md:@: the example breaks the schema at the whole"),
        ("Answer: {\"outcome\"", "Answer: {'outcome'", "no example: show one whole answer"),
        ("## What you may say\n", "## See https://docs.example/x\n", "v2.md:@: no prompt holds this (url)"),
        ("## What you may say\n", "## Ask a@b.example\n", "v2.md:@: no prompt holds this (email_address)"),
        (
            "## What you may say\n",
            "## What\u{200B}you\n",
            "v2.md:@: no prompt holds this (invisible_character)",
        ),
        ("## What you may say\n", "## api_key = 0123abcd4567\n", "v2.md:@: this looks like a secret"),
        ("## What you may say\n", "## sk-abcdefghijklmnop1234\n", "v2.md:@: this looks like a secret"),
    ];
    for (from, to, expected) in table {
        let mut line = 0;
        let dir = with_second(|text| {
            line = 1 + text.find(from).map(|at| text[..at].matches('\n').count()).expect(from);
            text.replacen(from, to, 1)
        });
        let found = faults(&dir);
        let expected = expected.replace('@', &line.to_string());
        assert!(found.iter().any(|fault| fault.contains(&expected)), "{to:?}: {expected}: {found:#?}");
        assert!(found.iter().all(|fault| fault.contains("rfi_response/v2.md:")), "{to:?}: {found:#?}");
    }
}

#[test]
fn a_secret_is_not_repeated() {
    let dir = with_second(|text| text.replacen("## What", "## sk-abcdefghijklmnop1234", 1));
    assert!(!faults(&dir).concat().contains("abcdefghijklmnop"));
}

#[test]
fn a_prompt_that_nobody_can_read_is_too_long() {
    let dir = with_second(|text| text.replacen("## What", &format!("{} ## What", "word ".repeat(5000)), 1));
    assert!(faults(&dir).iter().any(|fault| fault.contains("at most 24000")), "{:?}", faults(&dir));
}

#[test]
fn a_reminder_comes_last() {
    let dir = with_second(|text| {
        let end = text.find("<<<END {{ fence }}>>>").unwrap() + "<<<END {{ fence }}>>>".len();
        text[..end].to_owned() + "\n"
    });
    assert!(faults(&dir).iter().any(|fault| fault.contains("reminder")), "{:?}", faults(&dir));
}

#[test]
fn labels_and_locks_name_what_there_is() {
    let table = [
        (
            "index.toml",
            "production = 1",
            "production = 7",
            "index.toml:3: production of rfi_response names no version",
        ),
        (
            "index.toml",
            "production = 1",
            "production = 2",
            "index.toml:3: production of rfi_response is v2, which is not in",
        ),
        (
            "index.toml",
            "production = 1",
            "production = 1\nbeta = 1",
            "index.toml:4: a label is production or candidate",
        ),
        ("index.toml", "production = 1", "candidate = 1", "rfi_response has no production version"),
        (
            "index.toml",
            "[rfi_response]",
            "[gossip]\nproduction = 1\n[rfi_response]",
            "there is no workflow \"gossip\"",
        ),
        ("index.toml", "production = 1", "production 1", "index.toml:3: "),
        ("lock.toml", "v1 = \"", "v1 = \"00", "rfi_response/v1.md:1: is released and may not change"),
        ("lock.toml", "[rfi_response]", "[rfi_response", "lock.toml:1: "),
    ];
    for (file, from, to, expected) in table {
        let dir = with_second(|text| text);
        change(&dir, file, from, to);
        let found = faults(&dir);
        assert!(found.iter().any(|fault| fault.contains(expected)), "{to:?}: {expected}: {found:#?}");
    }
}

#[test]
fn a_retired_version_may_be_of_an_older_schema_and_a_current_one_may_not() {
    let dir = with_second(|text| text.replacen("rfi_response/1", "rfi_response/0", 1));
    assert_eq!(faults(&dir).len(), 1, "not locked: it may still become one that is used");
    let tree = crate::prompt::tree::Tree::read(dir.path()).unwrap();
    let second = tree.files.iter().find(|file| file.version == 2).unwrap();
    change(&dir, "lock.toml", "[rfi_response]\n", &format!("[rfi_response]\nv2 = \"{}\"\n", second.sha256));
    assert_eq!(faults(&dir), [""; 0], "locked and named by no label");
    change(&dir, "index.toml", "production = 1", "production = 1\ncandidate = 2");
    assert_eq!(faults(&dir).len(), 1, "a label names it");
}

#[test]
fn files_of_other_names_and_workflows_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    copy(OURS.as_ref(), dir.path());
    let text = fs::read_to_string(dir.path().join("rfi_response/v1.md")).unwrap();
    fs::create_dir(dir.path().join("gossip")).unwrap();
    fs::write(dir.path().join("gossip/v1.md"), &text).unwrap();
    for name in ["v02.md", "v0.md", "draft.md", "v2.txt"] {
        fs::write(dir.path().join("rfi_response").join(name), &text).unwrap();
    }
    let found = faults(&dir);
    assert!(found.iter().any(|fault| fault.starts_with("gossip/v1.md:1: there is no workflow")), "{found:?}");
    assert_eq!(found.iter().filter(|fault| fault.contains("is named v<N>.md")).count(), 4, "{found:?}");
}

#[test]
fn a_directory_without_prompts_is_an_error_that_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let error = lint(dir.path()).unwrap_err().to_string();
    assert!(error.contains("index.toml: cannot be read"), "{error}");
}

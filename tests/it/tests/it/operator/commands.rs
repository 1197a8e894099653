//! The program as an operator starts it: where it looks, and how it ends.

use std::path::Path;

use stack::Emulator;
use tokio::{process::Command, time::timeout};

use super::place::variables;
use crate::world::{PATIENCE, PROGRAM, World, question};

const COMMANDS: [&str; 9] = [
    "dead list",
    "dead show 1",
    "dead redrive --all",
    "dead drop --all --yes",
    "runs list",
    "runs show 1",
    "replay --since 1h",
    "status",
    "report --week",
];

/// Exit code, standard output and standard error of the program with this environment and no other.
async fn plumbline(dir: &Path, words: &str, environment: &[(String, String)]) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    command.current_dir(dir).args(words.split_whitespace()).env_clear();
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_REGION", "us-east-1");
    command.envs(environment.iter().map(|(name, value)| (name, value))).kill_on_drop(true);
    let output = timeout(PATIENCE, command.output()).await.expect("it ends by itself").unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_directory_is_named_and_not_made() {
    let dir = tempfile::tempdir().unwrap();
    for words in COMMANDS {
        let (code, out, error) = plumbline(dir.path(), &format!("{words} --data plumbline-dtaa"), &[]).await;
        assert_eq!((code, out.as_str()), (1, ""), "{words}");
        insta::allow_duplicates! { insta::assert_snapshot!(error, @"plumbline: plumbline-dtaa: no queue and no ledger there; name the --data directory of the service, or set PLUMBLINE_TABLE for those in AWS"); }
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_variables_of_aws_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let environment = [("PLUMBLINE_TABLE".to_owned(), "ledger".to_owned())];
    for words in COMMANDS {
        let (code, out, error) = plumbline(dir.path(), words, &environment).await;
        assert_eq!((code, out.as_str()), (1, ""), "{words}");
        insta::allow_duplicates! { insta::assert_snapshot!(error, @"plumbline: missing in the environment: PLUMBLINE_QUEUE_URL, PLUMBLINE_DEAD_LETTER_URL"); }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn contradictions_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for words in [
        "dead redrive --all --id 1",
        "dead drop --all --reason x",
        "dead redrive --all --per-minute 0",
        "dead list --resource moon",
        "replay --since 1h --label candidate --until 1h",
        "replay",
    ] {
        let (code, _, error) = plumbline(dir.path(), words, &[]).await;
        assert_eq!(code, 2, "{words}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_looks_into_the_directory_of_a_running_service() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let story = world.tell(rfi, "create").await;
    let dir = world.far.data.path();

    let (code, out, error) = plumbline(dir, "runs list --data .", &[]).await;
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.contains("(rfi_response, project 4071)  Drafted: ") && out.ends_with("\n1 run.\n"), "{out}");
    let (code, out, _) = plumbline(dir, &format!("runs show {} --data .", story.event_id), &[]).await;
    assert!(code == 0 && out.contains("PROPOSED RESPONSE"), "{out}");
    let (code, out, _) = plumbline(dir, "dead show 1 --data .", &[]).await;
    assert!(code == 1 && out.starts_with("1  no such dead letter"), "{out}");
    let (code, out, _) = plumbline(dir, "dead list --data .", &[]).await;
    assert_eq!((code, out.as_str()), (0, "0 dead letters.\n"));
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_finds_aws_by_its_environment() {
    let Some(emulator) = Emulator::shared() else { return };
    let dir = tempfile::tempdir().unwrap();
    let environment = [variables(emulator).await, emulator.variables()].concat();
    for (words, expected) in [
        ("dead list", "0 dead letters.\n"),
        ("runs list", "0 runs.\n"),
        ("dead redrive --all", "0 sent again"),
    ] {
        let (code, out, error) = plumbline(dir.path(), words, &environment).await;
        assert_eq!((code, error.as_str()), (0, ""), "{words}");
        assert!(out.contains(expected), "{words}: {out}");
    }
}

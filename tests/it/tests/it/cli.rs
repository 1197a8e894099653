//! The operator's program, started as an operator starts it.

use std::{process::Stdio, time::Duration};

use sandbox::{
    NewRfi, Options,
    model::{Behaviour, Failure},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    time::timeout,
};

use crate::{
    child::{config, data, interrupt, program},
    world::{FarSide, PATIENCE, PROGRAM, Terms, event, post, question},
};

fn serve(far: &FarSide) -> Command {
    let mut command = program(PROGRAM, far);
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(config(far, Terms::default()));
    command.arg("--data").arg(data(far)).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a program that is expected to end by itself; its exit code and what it wrote to standard error.
async fn ended(mut command: Command) -> (Option<i32>, String, String) {
    let output = timeout(PATIENCE, command.output()).await.expect("it ends by itself").unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_it_and_what_was_in_hand_is_drafted_by_the_next_start() {
    let far = FarSide::start(Options::empty()).await;
    // Older than what the service looks for by itself: only its webhook tells of it.
    let rfi = far.sandbox.add_rfi(NewRfi { age_s: 48 * 3600, ..question() });
    // Slower than the grace: the message has to be given back.
    far.model.set_behaviour(Behaviour::Failing(Failure::Slow(Duration::from_secs(3600))));

    let mut first = serve(&far).spawn().unwrap();
    let mut lines = BufReader::new(first.stderr.take().unwrap()).lines();
    let door = loop {
        let line = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().expect("it starts");
        if let Some(url) = line.strip_prefix("plumbline: listening on ") {
            break url.to_owned();
        }
    };
    assert_eq!(post(&door, &event(rfi, "create")).await, 204);
    let gathered = |sandbox: &sandbox::Sandbox| {
        sandbox.requests().iter().any(|request| request.path.starts_with("/files/"))
    };
    assert!(far.sandbox.wait_for(PATIENCE, gathered).await);
    interrupt(&first, "INT");
    while let Some(line) = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap() {
        assert!(!line.contains("panicked"), "{line}");
    }
    let status = timeout(PATIENCE, first.wait()).await.expect("within the grace").unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(far.items(), []);

    far.model.set_behaviour(Behaviour::Scripted);
    let mut second = serve(&far).spawn().unwrap();
    assert!(far.sandbox.wait_for(PATIENCE, |sandbox| !sandbox.correspondence().is_empty()).await);
    interrupt(&second, "TERM");
    let status = timeout(PATIENCE, second.wait()).await.expect("within the grace").unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(far.items().len(), 1);
    let store = embedded::Store::open(&data(&far), jiff::Timestamp::now).unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.in_flight, counts.dead), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_missing_key_stops_it_with_file_line_and_key() {
    let far = FarSide::start(Options::empty()).await;
    let good = Terms::default().toml();
    let cases = [
        ("unknown", good.replace("quiet_window_s", "quite_window_s")),
        ("missing", good.replace("namespace = \"plumbline-it\"\n", "")),
        ("wrong type", good.replace("reviewer_id = 5101", "reviewer_id = \"Dana\"")),
        ("out of range", good.replace("quiet_window_s = 0", "quiet_window_s = 3600")),
        ("unknown value", good.replace("environment = \"sandbox\"", "environment = \"staging\"")),
        ("not a sum", good.replace("\"5.00\"", "\"five\"")),
        ("no TOML", good.replace("[budget]", "[budget")),
    ];
    let mut told = String::new();
    for (what, text) in cases {
        assert_ne!(text, good, "{what}");
        let command = serve(&far);
        std::fs::write(far.data.path().join("plumbline.toml"), text).unwrap();
        let (code, _, error) = ended(command).await;
        assert_eq!(code, Some(1), "{what}");
        told.push_str(&format!("{what}: {}\n", error.replace(far.data.path().to_str().unwrap(), "DIR")));
    }
    insta::assert_snapshot!(told, @r#"
    unknown: plumbline: DIR/plumbline.toml:5: unknown field `quite_window_s`, expected one of `company_id`, `environment`, `namespace`, `service_account_id`, `quiet_window_s`, `model`, `budget`, `daily_log`, `sweep`, `project`

    missing: plumbline: DIR/plumbline.toml:1: missing field `namespace`

    wrong type: plumbline: DIR/plumbline.toml:16: reviewer_id: expected an id: digits, at most 9223372036854775807

    out of range: plumbline: DIR/plumbline.toml:5: quiet_window_s: at most 600 seconds

    unknown value: plumbline: DIR/plumbline.toml:2: environment: unknown variant `staging`, expected one of `production`, `sandbox`, `monthly`, `federal`

    not a sum: plumbline: DIR/plumbline.toml:11: usd_per_project_per_day: expected US dollars as a string such as "5.00"

    no TOML: plumbline: DIR/plumbline.toml:10: unclosed table, expected `]`
    "#);
    assert!(!data(&far).exists(), "nothing was begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_unusable_variable_is_named() {
    let far = FarSide::start(Options::empty()).await;
    let mut told = String::new();
    for name in ["PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET", "WEBHOOK_AUTHORIZATION", "OPENAI_API_KEY"] {
        let mut command = serve(&far);
        command.env_remove(name);
        let (code, _, error) = ended(command).await;
        assert_eq!(code, Some(1), "{name}");
        assert!(error.contains(name), "{error}");
        told = error;
    }
    insta::assert_snapshot!(told, @"plumbline: missing in the environment: OPENAI_API_KEY. Set them, or name a Secrets Manager secret in PLUMBLINE_SECRET_ID (AWS only)");

    let mut none = serve(&far);
    none.env_clear();
    let (_, _, error) = ended(none).await;
    assert!(
        error.contains("PROCORE_CLIENT_ID, PROCORE_CLIENT_SECRET, WEBHOOK_AUTHORIZATION, OPENAI_API_KEY")
    );

    let mut no_url = serve(&far);
    no_url.env("PROCORE_API_URL", "not a url");
    let (code, _, error) = ended(no_url).await;
    assert_eq!(code, Some(1));
    assert!(error.contains("PROCORE_API_URL"), "{error}");
}

fn receive(far: &FarSide, rfi: i64) -> Command {
    let file = far.data.path().join("event.json");
    std::fs::write(&file, event(rfi, "create").to_string()).unwrap();
    let mut command = program(PROGRAM, far);
    command.arg("receive").arg("--event").arg(file).arg("--config").arg(config(far, Terms::default()));
    command.arg("--data").arg(data(far));
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn receive_dry_run_shows_everything_and_writes_nothing() {
    let far = FarSide::start(Options::empty()).await;
    let rfi = far.sandbox.add_rfi(question());
    let mut command = receive(&far, rfi);
    command.arg("--dry-run");

    let (code, out, error) = ended(command).await;

    assert_eq!(code, Some(0), "{error}");
    let headings: Vec<&str> = out.lines().filter(|line| line.starts_with("== ")).collect();
    assert_eq!(
        headings,
        ["== run", "== steps", "== evidence", "== answer", "== gate findings", "== draft", "== outcome"]
    );
    for shown in [
        "[R1] record | RFI 1",
        "\"answer_status\": \"answerable_from_documents\"",
        "PROPOSED RESPONSE",
        "Drafted: ",
    ] {
        assert!(out.contains(shown), "{shown}\n{out}");
    }
    assert_eq!(far.writes(), []);
    assert!(!data(&far).exists(), "nothing is remembered");
}

#[tokio::test(flavor = "multi_thread")]
async fn receive_writes_the_draft_and_remembers_it() {
    let far = FarSide::start(Options::empty()).await;
    let rfi = far.sandbox.add_rfi(question());

    let (code, out, error) = ended(receive(&far, rfi)).await;
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("Drafted: "), "{out}");
    let (code, out, _) = ended(receive(&far, rfi)).await;
    assert_eq!(code, Some(0));
    assert!(out.contains("Unchanged: "), "{out}");

    assert_eq!(far.items().len(), 1);
    assert_eq!(far.writes().len(), 1);
}

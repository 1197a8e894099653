//! `plumbline replay`: two prompt versions over a recorded event, both drafts shown, nothing written and nothing kept.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::process::Output;

use agent::ledger::Ledger;
use plumbline::{Endpoint, Play, Stage};
use sandbox::{NewRfi, Options, model::Behaviour};
use tokio::process::Command;

/// The program with a configuration in which the project has pinned the first version of a prompt.
async fn replay(stage: &Stage, model: &Endpoint, arguments: &[&str]) -> Output {
    let options = Options::empty();
    let config = stage.data().join("plumbline.toml");
    let text = format!(
        "company_id = {}\nenvironment = \"sandbox\"\nnamespace = \"t\"\nservice_account_id = {}\nquiet_window_s = 60\n\
         [model]\ndefault = {{ provider = \"openai\", name = \"m\", usd_per_million_tokens = {{ input = \"1\", cached_input = \"1\", output = \"1\" }} }}\n\
         [budget]\nusd_per_project_per_day = \"1.00\"\nmax_drafts_per_record_per_day = 5\n\
         [[project]]\nid = {}\nreviewer_id = 5101\ncorrespondence_type_id = {}\nworkflows = [\"rfi_response\"]\nprompts = {{ rfi_response = 1 }}\n",
        options.seed.company_id,
        options.seed.service_account_id,
        options.seed.project.id,
        options.seed.correspondence_type.id,
    );
    std::fs::write(&config, text).unwrap();
    Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .arg("replay")
        .arg("--config")
        .arg(&config)
        .arg("--data")
        .arg(stage.data())
        .args(arguments)
        .env("PROCORE_CLIENT_ID", &options.client_id)
        .env("PROCORE_CLIENT_SECRET", &options.client_secret)
        .env("WEBHOOK_AUTHORIZATION", "unused")
        .env("OPENAI_API_KEY", "k")
        .env("OPENAI_BASE_URL", model.url.as_ref().unwrap().as_str())
        .env("PROCORE_API_URL", stage.sandbox.url().as_str())
        .env("PROCORE_LOGIN_URL", stage.sandbox.url().as_str())
        .output()
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_are_shown_and_nothing_is_written() {
    let model = Endpoint::stand_in(Behaviour::Scripted).await.unwrap();
    let play = Play {
        extractor: Some(env!("CARGO_BIN_EXE_plumbline").into()),
        ..Play::new(Options::empty(), &model)
    };
    let mut stage = Stage::start(play).await.unwrap();
    let id = stage.sandbox.add_rfi(NewRfi {
        subject: "Height of the grab bars".to_owned(),
        question: "At what height are the grab bars mounted?".to_owned(),
        section: Some("10 28 00".to_owned()),
        age_s: 3600,
        emit: true,
        ..NewRfi::default()
    });
    let drafted = stage.ended([id.to_string()].into()).await.unwrap();
    assert_eq!(drafted[&id.to_string()].outcome, "Drafted");
    let (items, runs) = (stage.sandbox.correspondence(), stage.service.store().runs(100).await.unwrap());
    stage.sandbox.clear_requests();

    let output = replay(&stage, &model, &["--since", "1h", "--label", "production", "--dry-run"]).await;
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    for words in [
        "---- in force: rfi_response v1",
        "---- candidate: rfi_response v2",
        "outcome                                 Drafted            Drafted",
        "hard failures                                 0                  0",
        "micro-USD",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    assert_eq!(text.matches("DRAFT - for review by").count(), 2, "{text}");

    let writes: Vec<String> = stage
        .sandbox
        .requests()
        .into_iter()
        .filter(|request| request.method != "GET" && request.path != "/oauth/token")
        .map(|request| format!("{} {}", request.method, request.path))
        .collect();
    assert_eq!(writes, Vec::<String>::new());
    assert!(stage.sandbox.requests().len() > 4, "the records were read");
    assert_eq!(stage.sandbox.correspondence(), items);
    assert_eq!(stage.service.store().runs(100).await.unwrap(), runs, "no run is kept");

    for (arguments, expected) in [
        (&["--since", "1h", "--label", "production"][..], "say --dry-run"),
        (&["--since", "1h", "--label", "no-such", "--dry-run"], "no label \"no-such\""),
        (&["--since", "2100-01-01", "--label", "production", "--dry-run"], "no draft since 2100-01-01"),
        (&["--since", "soon", "--label", "production", "--dry-run"], "neither a time"),
    ] {
        let output = replay(&stage, &model, arguments).await;
        assert!(!output.status.success() && said(&output).contains(expected), "{}", said(&output));
    }
    stage.end().await;
}

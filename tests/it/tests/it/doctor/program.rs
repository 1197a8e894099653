//! The command as scripts use it: exit codes, and the form of `--json`.

use std::process::Stdio;

use serde_json::Value;
use tokio::time::timeout;

use super::Clinic;
use crate::{
    child::{config, data, program},
    world::{PATIENCE, PROGRAM},
};

async fn doctor(clinic: &Clinic, more: &[&str], variable: (&str, &str)) -> (Option<i32>, String, String) {
    let mut command = program(PROGRAM, &clinic.far);
    command.args(["doctor", "--config"]).arg(config(&clinic.far, clinic.terms)).arg("--data");
    command.arg(data(&clinic.far)).args(more).env(variable.0, variable.1);
    let output = timeout(PATIENCE, command.stdin(Stdio::null()).output()).await.expect("it ends").unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_get_a_code_and_one_object() {
    let clinic = Clinic::healthy().await;
    let (code, out, error) = doctor(&clinic, &["--json"], ("TERM", "dumb")).await;
    assert_eq!((code, error.as_str()), (Some(0), ""), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&report["form"], &report["verdict"], &report["broken"]),
        (&1.into(), &"well".into(), &0.into())
    );
    let findings = report["findings"].as_array().unwrap();
    let of = |area: &str| findings.iter().find(|finding| finding["area"] == area).unwrap();
    let lines = serde_json::to_string_pretty(&[of("token"), of("reviewer"), of("queue")]).unwrap();
    insta::assert_snapshot!(lines, @r#"
    [
      {
        "area": "token",
        "how": null,
        "project_id": null,
        "verdict": "well",
        "what": "Procore gave one",
        "who": null
      },
      {
        "area": "reviewer",
        "how": null,
        "project_id": 4071,
        "verdict": "well",
        "what": "user 5101 is in the project's directory",
        "who": null
      },
      {
        "area": "queue",
        "how": null,
        "project_id": null,
        "verdict": "not_tried",
        "what": "there is none yet in the --data directory; the service makes it when it starts",
        "who": null
      }
    ]
    "#);

    let (code, out, error) = doctor(&clinic, &["--json"], ("PROCORE_CLIENT_SECRET", "last-year's")).await;
    assert_eq!((code, error.as_str()), (Some(1), ""));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&report["verdict"], &report["broken"]), (&"broken".into(), &1.into()));
    assert!(!out.contains("last-year's"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_asks_for_a_look_is_no_failure() {
    let clinic = Clinic::healthy().await;
    let behaviour = sandbox::model::Behaviour::Failing(sandbox::model::Failure::NoStrictSchema);
    clinic.far.model.set_behaviour(behaviour);
    let (code, out, error) = doctor(&clinic, &[], ("TERM", "dumb")).await;
    assert_eq!((code, error.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("WARNING    model: default: "), "{out}");
}

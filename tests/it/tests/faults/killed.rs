//! Lambda's process killed with SIGKILL at each step of a run. Its twin for one machine, where the whole service dies
//! and is started again, is `tests/it/kill.rs`.

use std::{os::unix::process::ExitStatusExt, process::Stdio};

use agent::run::{Edge, Step};
use tokio::{process::Command, time::timeout};

use crate::{
    clock,
    lambda::Lambda,
    side::Side,
    steps::{may_be_asked, name_of, with_each_step},
    world::{PATIENCE, event, question},
};

/// The router that dies at a step: see its source.
const MORTAL_ROUTER: &str = env!("CARGO_BIN_EXE_mortal-router");

/// Each kills at both ends of the step.
macro_rules! killed {
    ($($name:ident: $step:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                let Some(side) = Lambda::start().await else { return };
                survives(&side, Step::$step).await;
            }
        )*
    };
}
with_each_step!(killed);

async fn survives(side: &Lambda, step: Step) {
    let mut calls = 0;
    for (records, edge) in [(1, Edge::Begin), (2, Edge::End)] {
        let what = format!("killed at {} {edge:?}", step.name());
        let rfi = side.far().sandbox.add_rfi(question());
        side.post(&event(rfi, "create")).await;
        kill_at(side, step, edge, &what).await;
        clock::advance(Lambda::LEASE);
        side.come_to_rest().await;

        side.assert_drafts(records);
        let writes: Vec<String> = side.far().writes().into_iter().map(|write| write.method).collect();
        assert_eq!(writes, vec!["POST"; records], "{what}");
        // Only once the claim is stored as posted does the next life know without looking.
        let outcomes = side.outcomes().await;
        assert_eq!(outcomes["Drafted"], records, "{what}");
        let known = (step, edge) == (Step::Record, Edge::End);
        assert_eq!(outcomes.get("Unchanged"), known.then_some(&1), "{what}");
        side.assert_at_rest(0).await;

        let paid = side.far().first_calls() - calls;
        calls += paid;
        assert!(may_be_asked(step, edge).contains(&paid), "{what}: {paid} calls");
    }
}

/// Hands the one message to a process of its own, which dies with it, and waits until SQS shows it again.
async fn kill_at(side: &Lambda, step: Step, edge: Edge, what: &str) {
    let marker = side.far().data.path().join(format!("died at {edge:?}"));
    let mut child = Command::new(MORTAL_ROUTER)
        .args([step.name(), name_of(edge), marker.to_str().unwrap()])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(side.variables.iter().cloned())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let status = timeout(PATIENCE, child.wait()).await.expect("it ends in time").unwrap();
    assert_eq!(status.signal(), Some(9), "{what}: it reached the step and was killed: {status}");

    let again = side.emulator.next_sqs_event(&side.queue_url).await;
    let receives: Vec<&str> = again["Records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["attributes"]["ApproximateReceiveCount"].as_str().unwrap())
        .collect();
    assert_eq!(receives, ["2"], "{what}");
    side.emulator.show(&side.queue_url, &again).await;
}

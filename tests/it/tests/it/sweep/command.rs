//! The sweep as an operator starts it, and as the service does by itself.

use std::{process::Output, time::Duration};

use plumbline::{Service, Setup};
use sandbox::{Options, Sandbox};
use tokio::time::timeout;

use crate::{
    child::{config, data, program},
    world::{FarSide, PATIENCE, PROGRAM, Terms, question},
};

async fn sweep(far: &FarSide, more: &[&str]) -> String {
    let mut command = program(PROGRAM, far);
    command
        .args(["sweep", "--config"])
        .arg(config(far, Terms::default()))
        .arg("--data")
        .arg(data(far))
        .args(more);
    let Output { status, stdout, stderr } = timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

#[tokio::test]
async fn the_command_tells_what_it_would_do_and_does_it() {
    let far = FarSide::start(Options::empty()).await;
    drop(embedded::Store::open(&data(&far), jiff::Timestamp::now).unwrap());
    far.sandbox.add_rfi(question());
    // Days that are over are told of as well, one or two of them by the time of day.
    for (more, expected) in [(&["--dry-run"][..], "dry run    "), (&[], "sent       ")] {
        let report = sweep(&far, more).await;
        assert!(report.contains("found      1 changes, 0 lost deliveries"), "{report}");
        assert!(report.lines().any(|line| line.starts_with(expected)), "{report}");
    }
    let report = sweep(&far, &[]).await;
    assert!(report.contains("sent       0 records"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_starts_sweeps_by_itself() {
    let far = FarSide::start(Options::empty()).await;
    far.sandbox.add_rfi(question());
    let setup = Setup { sweep_every: Some(Duration::from_secs(3600)), ..far.setup(Terms::default()) };
    let service = Service::start(setup).await.unwrap();
    let drafted = |sandbox: &Sandbox| sandbox.correspondence().len() == 1;
    assert!(far.sandbox.wait_for(PATIENCE, drafted).await, "what changed while nobody was there");
    service.stop().await;
}

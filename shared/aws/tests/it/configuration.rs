//! The configuration is read again every minute, and a good one is never lost.

use std::sync::Arc;

use agent::config::EXAMPLE;
use aws::{Environment, LiveConfig};

use crate::{World, on_both, samples::at};

on_both!(
    a_change_of_the_parameter_arrives_within_a_minute,
    without_the_parameter_it_is_a_file,
    a_start_without_a_usable_one_is_refused_and_says_why,
);

async fn a_change_of_the_parameter_arrives_within_a_minute(world: World) {
    world.emulator.parameter(&world.name, EXAMPLE).await;
    let config = LiveConfig::load(&world.environment().await, at(0)).await.unwrap();
    let first = config.current(at(0)).await;
    assert_eq!(first.quiet_window_s, 60);
    assert!(Arc::ptr_eq(&first, &config.current(at(60)).await), "nothing has changed: nothing is made anew");

    let changed = EXAMPLE.replace("quiet_window_s = 60", "quiet_window_s = 61");
    world.emulator.parameter(&world.name, &changed).await;
    assert_eq!(config.current(at(119)).await.quiet_window_s, 60);
    assert_eq!(config.current(at(120)).await.quiet_window_s, 61);

    world.emulator.parameter(&world.name, "company_id = \"none\"").await;
    assert_eq!(config.current(at(180)).await.quiet_window_s, 61, "the last good one stays");
    world.emulator.parameter(&world.name, EXAMPLE).await;
    assert_eq!(config.current(at(239)).await.quiet_window_s, 61);
    assert_eq!(config.current(at(240)).await.quiet_window_s, 60);
}

async fn without_the_parameter_it_is_a_file(world: World) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plumbline.toml");
    std::fs::write(&path, EXAMPLE).unwrap();
    let variable = ("PLUMBLINE_CONFIG".to_owned(), path.display().to_string());
    let environment = Environment::new(world.emulator.sdk().await, [variable]);
    let config = LiveConfig::load(&environment, at(0)).await.unwrap();
    assert_eq!(config.current(at(0)).await.quiet_window_s, 60);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(config.current(at(60)).await.quiet_window_s, 60, "the last good one stays");
    match LiveConfig::load(&environment, at(0)).await {
        Ok(_) => panic!("there is no file"),
        Err(error) => assert_eq!(error.to_string(), format!("cannot read {}", path.display())),
    }
}

async fn a_start_without_a_usable_one_is_refused_and_says_why(world: World) {
    let refusal = async |environment: &Environment| match LiveConfig::load(environment, at(0)).await {
        Ok(_) => panic!("it is not usable"),
        Err(error) => error.to_string(),
    };
    let environment = world.environment().await;
    let absent = refusal(&environment).await;
    assert!(absent.starts_with("SSM GetParameter: refused with ParameterNotFound"), "{absent}");
    let wrong = EXAMPLE.replace("quiet_window_s = 60", "quiet_windows = 60");
    world.emulator.parameter(&world.name, &wrong).await;
    assert_eq!(
        refusal(&environment).await.split(',').next(),
        Some(format!("{}:5: unknown field `quiet_windows`", world.name).as_str())
    );
    let nowhere = Environment::new(world.emulator.sdk().await, []);
    assert_eq!(
        refusal(&nowhere).await,
        "missing in the environment: PLUMBLINE_CONFIG_PARAMETER (an SSM parameter) or PLUMBLINE_CONFIG (a file)"
    );
}

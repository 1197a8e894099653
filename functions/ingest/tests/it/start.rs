//! A function that lacks something does not start, and its log says what it lacks.

use stack::Function;

use crate::world::World;

#[tokio::test]
async fn what_is_missing_is_named() {
    let Some(world) = World::new().await else { return };
    for (without, told) in [
        ("PLUMBLINE_QUEUE_URL", "missing in the environment: PLUMBLINE_QUEUE_URL\""),
        ("PLUMBLINE_DEAD_LETTER_URL", "missing in the environment: PLUMBLINE_DEAD_LETTER_URL\""),
        (
            "PLUMBLINE_CONFIG_PARAMETER",
            "PLUMBLINE_CONFIG_PARAMETER (an SSM parameter) or PLUMBLINE_CONFIG (a file)",
        ),
        (
            "PLUMBLINE_SECRET_ID",
            "PROCORE_CLIENT_ID, PROCORE_CLIENT_SECRET, WEBHOOK_AUTHORIZATION, OPENAI_API_KEY",
        ),
    ] {
        let mut variables = world.variables();
        variables.retain(|(name, _)| name != without);
        match Function::try_start(env!("CARGO_BIN_EXE_ingest"), variables).await {
            Ok(_) => panic!("it started without {without}"),
            Err(log) => assert!(log.contains(told), "{without}:\n{log}"),
        }
    }
}

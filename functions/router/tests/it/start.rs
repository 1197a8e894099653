//! A function that lacks something, or has something unusable, does not start, and its log says what.

use stack::Function;

use crate::world::World;

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let Some(world) = World::new().await else { return };
    for (name, value, told) in [
        ("PLUMBLINE_TABLE", None, "missing in the environment: PLUMBLINE_TABLE"),
        ("PLUMBLINE_QUEUE_URL", None, "missing in the environment: PLUMBLINE_QUEUE_URL"),
        (
            "PLUMBLINE_SECRET_ID",
            Some("nothing"),
            "Secrets Manager GetSecretValue: refused with ResourceNotFound",
        ),
        ("PLUMBLINE_CONFIG_PARAMETER", Some("nothing"), "SSM GetParameter: refused with ParameterNotFound"),
        ("PROCORE_API_URL", Some("not a url"), "PROCORE_API_URL is not a URL"),
    ] {
        let mut variables = world.variables();
        variables.retain(|(variable, _)| variable != name);
        variables.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        match Function::try_start(env!("CARGO_BIN_EXE_router"), variables).await {
            Ok(_) => panic!("it started with {name} {value:?}"),
            Err(log) => assert!(log.contains(told), "{name} {value:?}:\n{log}"),
        }
    }
}

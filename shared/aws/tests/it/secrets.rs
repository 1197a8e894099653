//! Secrets are cached, and asked for again only so often.

use aws::{Environment, LiveSecrets};
use secrecy::ExposeSecret;

use crate::{World, on_both, on_ministack, samples::at};

on_both!(
    they_are_read_again_at_most_once_in_thirty_seconds,
    they_are_fresh_every_five_minutes,
    a_broken_secret_does_not_replace_a_good_one,
);

on_ministack!(crate::moto_cannot::REFUSE_LIKE_SECRETS_MANAGER: a_start_without_them_is_refused_and_says_why);

fn json(authorization: &str) -> String {
    format!(
        "{{\"procore_client_id\":\"id\",\"procore_client_secret\":\"s\",\"webhook_authorization\":[\"{authorization}\"],\
         \"openai_api_key\":\"k\"}}"
    )
}

fn authorization(secrets: &LiveSecrets) -> String {
    secrets.current().webhook_authorization[0].expose_secret().to_owned()
}

async fn they_are_read_again_at_most_once_in_thirty_seconds(world: World) {
    world.emulator.secret(&world.name, &json("first")).await;
    let secrets = LiveSecrets::load(&world.environment().await, at(0)).await.unwrap();
    world.emulator.secret(&world.name, &json("second")).await;
    // seconds -> changed, what it is then
    for (second, changed, now) in [
        (0, false, "first"),
        (29, false, "first"),
        (30, true, "second"),
        (30, false, "second"),
        (60, false, "second"),
    ] {
        assert_eq!(secrets.reread(at(second)).await, changed, "{second}");
        assert_eq!(authorization(&secrets), now, "{second}");
    }
    world.emulator.secret(&world.name, &json("third")).await;
    assert!(!secrets.reread(at(89)).await, "the last question was at 60");
    assert!(secrets.reread(at(90)).await);
}

async fn they_are_fresh_every_five_minutes(world: World) {
    world.emulator.secret(&world.name, &json("first")).await;
    let secrets = LiveSecrets::load(&world.environment().await, at(0)).await.unwrap();
    world.emulator.secret(&world.name, &json("second")).await;
    for (second, now) in [(299, "first"), (300, "second")] {
        let fresh = secrets.fresh(at(second)).await;
        assert_eq!(fresh.webhook_authorization[0].expose_secret(), now);
    }
}

async fn a_broken_secret_does_not_replace_a_good_one(world: World) {
    world.emulator.secret(&world.name, &json("first")).await;
    let secrets = LiveSecrets::load(&world.environment().await, at(0)).await.unwrap();
    world.emulator.secret(&world.name, "{\"procore_client_id\":\"only\"}").await;
    assert!(!secrets.reread(at(60)).await);
    assert_eq!(authorization(&secrets), "first");
}

async fn a_start_without_them_is_refused_and_says_why(world: World) {
    let refusal = async |environment: &Environment| match LiveSecrets::load(environment, at(0)).await {
        Ok(_) => panic!("they are not there"),
        Err(error) => error.to_string(),
    };
    let environment = world.environment().await;
    let absent = refusal(&environment).await;
    assert!(
        absent
            .starts_with("Secrets Manager GetSecretValue: refused with ResourceNotFoundException (HTTP 400"),
        "{absent}"
    );
    world.emulator.secret(&world.name, "{\"procore_client_id\":\"very secret\"}").await;
    let broken = refusal(&environment).await;
    assert!(broken.contains("PLUMBLINE_SECRET_ID") && broken.contains("procore_client_secret"), "{broken}");
    assert!(!broken.contains("very secret"), "{broken}");
}

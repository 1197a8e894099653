//! The rotation where the values stand in a Secrets Manager secret, on the emulator where it is installed.

use aws::{Authorizations, Environment};
use plumbline::hooks::desk::Keys;
use secrecy::ExposeSecret;
use stack::Emulator;

use super::{DOOR, Office, in_minutes};

const WHOLE: &str = r#"{"procore_client_id":"id","procore_client_secret":"a secret","webhook_authorization":["Bearer the-old-one"],"openai_api_key":"a key"}"#;

async fn office(emulator: &Emulator, secret: &str) -> Office {
    emulator.secret(secret, WHOLE).await;
    let variables = [("PLUMBLINE_SECRET_ID".to_owned(), secret.to_owned())];
    let environment = Environment::new(emulator.sdk().await, variables);
    let mut office = Office::start().await;
    office.desk.keys = Keys::SecretsManager(Authorizations::of(&environment).unwrap());
    office
}

async fn values(office: &Office) -> Vec<String> {
    let live = office.desk.keys.live().await.unwrap();
    live.values.iter().map(|value| value.expose_secret().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_written_step_by_step_and_nothing_else_in_it() {
    let Some(emulator) = Emulator::shared() else { return };
    let office = office(emulator, "rotated/secret").await;
    office.applied().await;

    let (code, words) = office.told("rotate prepare").await;
    assert!(
        code == 0 && words.contains("in the secret rotated/secret; the old one is still accepted"),
        "{words}"
    );
    let both = values(&office).await;
    assert_eq!((both.len(), both[1].as_str()), (2, "Bearer the-old-one"));
    assert!(!words.contains(&both[0]), "what need not be shown is not");

    let finish = format!("rotate finish --url {DOOR} --without-knocking");
    let (code, words) = office.told(&finish).await;
    assert!(code == 1 && words.contains("may not know the newest value yet: run it again in "), "{words}");
    let (code, words) = office.told_at(&finish, in_minutes(2)).await;
    assert!(code == 0 && words.contains("sends the newest value"), "{words}");

    let (code, words) = office.told_at("rotate retire --print", in_minutes(5)).await;
    assert!(code == 0 && words.contains("leave only the first element"), "{words}");
    assert_eq!(values(&office).await, both, "printing writes nothing");
    let (code, words) = office.told_at("rotate retire", in_minutes(5)).await;
    assert!(code == 0 && words.contains("1 older value taken out of webhook_authorization"), "{words}");
    assert_eq!(values(&office).await, both[..1]);

    let secrets = aws_secret(emulator, "rotated/secret").await;
    assert_eq!(secrets["procore_client_secret"], "a secret");
    assert_eq!(secrets.as_object().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_lets_nobody_write_the_secret_gets_a_value_to_put_there() {
    let Some(emulator) = Emulator::shared() else { return };
    let office = office(emulator, "rotated/by-hand").await;
    let (code, words) = office.told("rotate prepare --print").await;
    assert!(code == 0 && words.starts_with("Bearer "), "{words}");
    assert!(words.contains("as the first element of webhook_authorization in the secret"), "{words}");
    assert_eq!(values(&office).await, ["Bearer the-old-one"]);
}

/// The whole secret as AWS has it.
async fn aws_secret(emulator: &Emulator, id: &str) -> serde_json::Value {
    serde_json::from_str(&emulator.secret_text(id).await).unwrap()
}

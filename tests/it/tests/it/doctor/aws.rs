//! The doctor over AWS: configuration, secrets, queue and ledger of an emulator, where it is installed.

use agent::queue::{DeadLetter, Queue};
use aws::Environment;
use jiff::Timestamp;
use plumbline::{Backend, doctor::Subject};
use stack::Emulator;

use super::{Clinic, settled};
use crate::{
    operator::place::{body, event, variables},
    world::AUTHORIZATION,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_aws_is_read_and_named_there() {
    let Some(emulator) = Emulator::shared() else { return };
    let clinic = Clinic::healthy().await;
    let mut variables = variables(emulator).await;
    let name = "doctor-of-aws";
    emulator.parameter(name, &clinic.terms.toml().replace("= 990001", "= 990007")).await;
    let secret = serde_json::json!({
        "procore_client_id": "sandbox-client-id",
        "procore_client_secret": "sandbox-client-secret",
        "webhook_authorization": [AUTHORIZATION],
        "openai_api_key": "it-model-key",
    });
    emulator.secret(name, &secret.to_string()).await;
    let url = clinic.far.sandbox.url().to_string();
    let more = [
        ("PLUMBLINE_CONFIG_PARAMETER", name.to_owned()),
        ("PLUMBLINE_SECRET_ID", name.to_owned()),
        ("PROCORE_API_URL", url.clone()),
        ("PROCORE_LOGIN_URL", url),
        ("OPENAI_BASE_URL", clinic.far.model.url().to_string()),
    ];
    variables.extend(more.map(|(name, value)| (name.to_owned(), value)));
    let environment = Environment::new(emulator.sdk().await, variables);
    let backend = Backend::of_environment(&environment).unwrap();
    let letter = DeadLetter {
        body: body(event("01K3", agent::event::Resource::Rfi, "9")),
        reason: "NoCarrier".to_owned(),
        at: Timestamp::now(),
    };
    backend.bury(&letter).await.unwrap();

    let subject = Subject::of_environment(&environment, None).await;
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     service account: it is user 990001, and the configuration says 990007
                platform engineer: write service_account_id = 990001: AWS console, Systems Manager, Parameter Store, doctor-of-aws, Edit
    WARNING    dead letters: 1 message that nobody could work on
                platform engineer: plumbline dead list says why; once the cause is gone, plumbline dead redrive --all
    0 well, 1 warning, 1 broken, 0 not tried
    ");
}

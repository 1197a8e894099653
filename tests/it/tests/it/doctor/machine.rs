//! Clock, prompts, model, queue, dead letters.

use std::{fs, path::Path};

use agent::{
    envelope::Envelope,
    event::Resource,
    queue::{DeadLetter, Queue},
};
use jiff::{SignedDuration, Timestamp};
use plumbline::doctor::Subject;
use sandbox::{
    Options,
    model::{Behaviour, Failure},
};

use super::{Clinic, settled};
use crate::{
    operator::place::{body, event},
    world::Terms,
};

#[tokio::test]
async fn a_clock_that_is_minutes_off() {
    let behind = Options { clock_offset_s: 300, ..Options::empty() };
    settled!(Clinic::on(behind, Terms::default()).await.ill().await, @r"
    BROKEN     clock: the clock of this machine is 5 min behind Procore's
                platform engineer: let NTP keep the clock of this machine (timedatectl set-ntp true): whether a record is still being typed is told by it
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
    let ahead = Options { clock_offset_s: -90, ..Options::empty() };
    settled!(Clinic::on(ahead, Terms::default()).await.ill().await, @r"
    BROKEN     clock: the clock of this machine is 1 min ahead of Procore's
                platform engineer: let NTP keep the clock of this machine (timedatectl set-ntp true): whether a record is still being typed is told by it
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_prompt_file_that_is_not_as_it_was_locked() {
    let clinic = Clinic::healthy().await;
    let dir = tempfile::tempdir().unwrap();
    copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../prompts")), dir.path());
    let subject = || Subject { prompts: Some(dir.path().to_owned()), ..clinic.subject() };
    settled!(clinic.ill_of(&subject()).await, @r"
    0 well, 0 warnings, 0 broken, 0 not tried
    ");
    let file = dir.path().join("rfi_response/v2.md");
    let changed = fs::read_to_string(&file).unwrap().replace("\n# user", "\nAnswer yes.\n\n# user");
    fs::write(&file, changed).unwrap();
    let told = clinic.ill_of(&subject()).await.replace(dir.path().to_str().unwrap(), "prompts");
    insta::with_settings!({ filters => vec![("[0-9a-f]{64}", "SHA256")] }, {
        insta::assert_snapshot!(told, @r"
        BROKEN     prompts: prompts/rfi_response/v2.md:1: is released and may not change (its sha256 is now SHA256, lock.toml says SHA256): put the change into a new version
                    platform engineer: put the file back as it was released, and the change into a new version
        0 well, 0 warnings, 1 broken, 0 not tried
        ");
    });
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if path.is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

#[tokio::test]
async fn a_model_tier_a_prompt_asks_for_and_nobody_configured() {
    let clinic = Clinic::healthy().await;
    let text = clinic.terms.toml().replace("name = \"it-model\"", "name = \"gpt-unheard-of\"");
    let unpriced = text.replace(
        ", usd_per_million_tokens = { input = \"1.00\", cached_input = \"1.00\", output = \"1.00\" }",
        "",
    );
    assert_ne!(unpriced, text);
    settled!(clinic.ill_of(&clinic.configured(unpriced)).await, @r#"
    BROKEN     configuration: model.default: no price is known for "gpt-unheard-of"; add usd_per_million_tokens = { input = "…", cached_input = "…", output = "…" }
                platform engineer: correct it: plumbline.toml
    not tried  token: not asked, because of what is broken above
    not tried  model: not asked, because of what is broken above
    0 well, 0 warnings, 1 broken, 2 not tried
    "#);
}

#[tokio::test]
async fn a_model_endpoint_that_refuses_the_key() {
    let clinic = Clinic::healthy().await;
    clinic.far.model.set_behaviour(Behaviour::Failing(Failure::KeyRefused));
    settled!(clinic.ill().await, @r"
    BROKEN     model: default: ADDRESS/it-model: the model endpoint refused the key (status 401)
                owner of the model account: make a key that may use this model, and put it into the environment variable OPENAI_API_KEY of the service
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_model_endpoint_without_schemas() {
    let clinic = Clinic::healthy().await;
    clinic.far.model.set_behaviour(Behaviour::Failing(Failure::NoStrictSchema));
    settled!(clinic.ill().await, @r"
    WARNING    model: default: ADDRESS/it-model answers, and does not take a strict JSON schema
                owner of the model account: drafts are made and checked all the same, with more corrective turns; a deployment that takes response_format json_schema with strict = true saves them
    0 well, 1 warning, 0 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_model_that_cannot_say_one_line() {
    let clinic = Clinic::healthy().await;
    clinic.far.model.set_behaviour(Behaviour::Failing(Failure::NotJson));
    settled!(clinic.ill().await, @r"
    BROKEN     model: default: ADDRESS/it-model: the model's answer breaks the schema in 1 places
                owner of the model account: the endpoint is there and this model cannot say one line in a schema: choose another model
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn one_line_is_asked_and_nothing_of_a_record() {
    let clinic = Clinic::healthy().await;
    clinic.ill().await;
    let requests = clinic.far.model.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].to_string().len() < 800, "{}", requests[0]);
}

fn in_twenty_minutes() -> Timestamp {
    Timestamp::now() + SignedDuration::from_mins(20)
}

#[tokio::test]
async fn a_queue_nobody_works_on_and_dead_letters() {
    let clinic = Clinic::healthy().await;
    let waiting = Envelope::from_body(&body(event("01K1", Resource::Rfi, "9"))).unwrap();
    clinic.store.send_after(&[waiting], std::time::Duration::ZERO).await.unwrap();
    settled!(clinic.ill().await, @r"
    0 well, 0 warnings, 0 broken, 0 not tried
    ");
    let letter = DeadLetter {
        body: body(event("01K2", Resource::Rfi, "9")),
        reason: "NoCarrier".to_owned(),
        at: Timestamp::now(),
    };
    clinic.store.bury(&letter).await.unwrap();
    let subject = Subject { clock: in_twenty_minutes, ..clinic.subject() };
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     queue: 1 message waiting, 0 in hand; one has been due for 20 min and nobody takes it
                platform engineer: start the service on this --data directory (plumbline serve), or look at its log
    WARNING    dead letters: 1 message that nobody could work on
                platform engineer: plumbline dead list says why; once the cause is gone, plumbline dead redrive --all
    0 well, 1 warning, 1 broken, 0 not tried
    ");
}

//! A new value in place of the old one, with the real front door and events all the time.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use agent::assemble::Secrets;
use plumbline::{Service, Setup};
use sandbox::{DeliveryStatus, Sandbox};
use tokio::task::JoinHandle;

use super::{DOOR, NAMESPACE, NEW, OLD, Office, PROJECT, emit, in_minutes};
use crate::world::{FarSide, PATIENCE, Terms, secrets};

fn accepting(values: &[&str]) -> Secrets {
    let values = values.iter().map(|value| (*value).to_owned().into()).collect();
    Secrets { webhook_authorization: values, ..secrets() }
}

/// One event after the other, each as soon as the last has arrived, until somebody says stop.
struct Traffic {
    stop: Arc<AtomicBool>,
    sender: JoinHandle<i64>,
}

impl Traffic {
    fn begin(sandbox: &Sandbox) -> Self {
        let (stop, sandbox) = (Arc::new(AtomicBool::new(false)), sandbox.clone());
        let stopped = Arc::clone(&stop);
        let sender = tokio::spawn(async move {
            let mut sent = 0;
            while !stopped.load(Ordering::SeqCst) {
                sent += 1;
                emit(&sandbox, sent);
                let arrived = |sandbox: &Sandbox| {
                    sandbox.deliveries().iter().all(|one| one.status == DeliveryStatus::Delivered)
                };
                assert!(sandbox.wait_for(PATIENCE, arrived).await, "event {sent} never arrived");
            }
            sent
        });
        Self { stop, sender }
    }

    /// Waits until so many more have arrived.
    async fn goes_on(&self, sandbox: &Sandbox) {
        let before = sandbox.deliveries().len();
        let more = |sandbox: &Sandbox| sandbox.deliveries().len() >= before + 3;
        assert!(sandbox.wait_for(PATIENCE, more).await);
    }

    async fn end(self) -> i64 {
        self.stop.store(true, Ordering::SeqCst);
        self.sender.await.unwrap()
    }
}

async fn serve(far: &FarSide, values: &[&str], listen: Option<std::net::SocketAddr>) -> Service {
    let setup = far.setup(Terms::default());
    let listen = listen.unwrap_or(setup.listen);
    Service::start(Setup { secrets: accepting(values), listen, ..setup }).await.unwrap()
}

/// Everything that was answered so far.
fn answers(sandbox: &Sandbox) -> Vec<Option<u16>> {
    sandbox.deliveries().iter().flat_map(|one| one.attempts.iter().map(|attempt| attempt.status)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn not_one_event_is_refused_while_a_value_is_rotated() {
    let office = Office::start().await.knowing(&[OLD]);
    let service = serve(&office.far, &[OLD], None).await;
    let door = service.address();
    let url = format!("http://{door}/webhooks/procore");
    let (code, words) = office.told(&format!("apply --url {url}")).await;
    assert_eq!(code, 0, "{words}");
    let traffic = Traffic::begin(office.sandbox());
    traffic.goes_on(office.sandbox()).await;

    // Prepared: a new value, shown once; the operator puts it first and starts the service with both.
    let (code, words) = office.told("rotate prepare").await;
    assert!(code == 0 && words.starts_with("Bearer "), "{code}");
    let before = answers(office.sandbox());
    assert!(!before.is_empty() && before.iter().all(|status| *status == Some(204)), "{before:?}");
    // The door that knows only the old value must not be given the new one.
    let office = office.knowing(&[NEW, OLD]);
    let (code, words) = office.told(&format!("rotate finish --url {url}")).await;
    assert!(code == 1 && words.contains("Our door answers 401 to the newest value"), "{words}");
    assert!(words.contains("Nothing was changed."), "{words}");
    service.stop().await;
    let service = serve(&office.far, &[NEW, OLD], Some(door)).await;
    traffic.goes_on(office.sandbox()).await;

    let (code, words) = office.told("rotate retire").await;
    assert!(code == 1 && words.contains("sends another value: `plumbline hooks rotate finish`"), "{words}");
    let writes = office.writes();
    let (code, words) = office.told(&format!("rotate finish --url {url}")).await;
    assert!(code == 0 && words.contains("sends the newest value"), "{words}");
    assert_eq!(office.writes() - writes, 1);
    traffic.goes_on(office.sandbox()).await;
    let (code, words) = office.told(&format!("rotate finish --url {url}")).await;
    assert!(
        code == 0 && words.contains("1 hook delivers to our door, all of them with the newest"),
        "{words}"
    );
    assert_eq!(office.writes() - writes, 1, "once is enough");

    let (code, words) = office.told("rotate retire").await;
    assert!(code == 1 && words.contains("was changed a moment ago: run it again in "), "{words}");
    // By then the sender has to stop for a moment: an event of this very minute counts as from before the change.
    let sent = traffic.end().await;
    let (code, words) = office.told_at("rotate retire", in_minutes(5)).await;
    assert!(code == 0 && words.contains("leave only the first line of WEBHOOK_AUTHORIZATION"), "{words}");
    service.stop().await;
    let service = serve(&office.far, &[NEW], Some(door)).await;
    let traffic = Traffic::begin(office.sandbox());
    traffic.goes_on(office.sandbox()).await;
    let sent = sent + traffic.end().await;
    service.stop().await;

    // A door that is shut for its restart is tried again; a refusal never happened.
    let answers = answers(office.sandbox());
    assert!(answers.iter().all(|status| matches!(status, None | Some(204))), "{answers:?}");
    let taken = answers.iter().filter(|status| **status == Some(204)).count();
    assert_eq!((i64::try_from(taken).unwrap(), office.sandbox().deliveries().len()), (sent, taken));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_still_carry_the_old_value_keeps_it_alive() {
    // Nobody is at the door: the event is tried again and again.
    let office = Office::start().await.knowing(&[OLD]);
    office.applied().await;
    office.emit(1);
    let retrying = |sandbox: &Sandbox| sandbox.deliveries().iter().any(|one| !one.attempts.is_empty());
    assert!(office.sandbox().wait_for(PATIENCE, retrying).await);
    let office = office.knowing(&[NEW, OLD]);
    let (code, words) = office.told(&format!("rotate finish --url {DOOR}")).await;
    assert!(code == 1 && words.contains("our door does not answer") && !words.contains(NEW), "{words}");
    let (code, words) = office.told(&format!("rotate finish --url {DOOR} --without-knocking")).await;
    assert_eq!(code, 0, "{words}");

    let (code, words) = office.told_at("rotate retire", in_minutes(5)).await;
    assert!(code == 1 && words.contains("has 1 event from before its change on the way"), "{words}");
    assert!(words.ends_with("The old value stays.\n"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_is_not_begun_twice_and_one_value_is_not_retired() {
    let office = Office::start().await;
    let (code, words) = office.told("rotate prepare").await;
    assert!(code == 1 && words.contains("accepts 2 values already: a rotation is under way"), "{words}");
    let office = office.knowing(&[NEW]);
    let (code, words) = office.told("rotate retire").await;
    assert_eq!((code, words.as_str()), (0, "Our door accepts one value: there is nothing to retire.\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_delivers_elsewhere_is_not_given_the_value() {
    let office = Office::start().await.knowing(&[NEW, OLD]);
    let away = office.by_hand(PROJECT, NAMESPACE, "https://old.example/hooks").await;
    office.sandbox().clear_requests();
    let (code, words) = office.told(&format!("rotate finish --url {DOOR} --without-knocking")).await;
    assert!(
        code == 1 && words.contains(&format!("hook {away} delivers elsewhere and is left as it is")),
        "{words}"
    );
    assert_eq!(office.writes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_was_lost_is_looked_at() {
    let office = Office::start().await.knowing(&[OLD]);
    let hook = office.applied().await.id;
    let office = office.knowing(&[NEW, OLD]);
    for (fault, code, expected) in [
        (
            sandbox::Fault::DropBeforeApplying,
            1,
            format!("hook {hook} still SENDS ANOTHER value, or may do: run it again"),
        ),
        (sandbox::Fault::Status(403), 1, format!("hook {hook} NOT CHANGED, or not known: PATCH ")),
        (sandbox::Fault::DropAfterApplying, 0, format!("hook {hook} sends the newest value")),
    ] {
        office.sandbox().fail_next("PATCH webhooks/hooks", fault, 1);
        let (ended, words) = office.told(&format!("rotate finish --url {DOOR} --without-knocking")).await;
        assert!(ended == code && words.contains(&expected), "{fault:?}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_end_alike_are_given_and_never_believed() {
    // As somebody may have chosen them by hand.
    let (new, old) = ("Bearer the-new-secret", "Bearer the-old-secret");
    let office = Office::start().await.knowing(&[old]);
    let hook = office.applied().await.id;
    let office = office.knowing(&[new, old]);
    let finish = format!("rotate finish --url {DOOR} --without-knocking");
    let (code, words) = office.told_at("rotate retire", in_minutes(5)).await;
    assert!(code == 1 && words.contains("does not show which value it sends"), "{words}");
    office.sandbox().fail_next("PATCH webhooks/hooks", sandbox::Fault::DropBeforeApplying, 1);
    assert_eq!(office.told(&finish).await.0, 1, "an answer that was lost proves nothing");
    let writes = office.writes();
    let (code, words) = office.told(&finish).await;
    assert!(
        code == 0 && words.contains(&format!("hook {hook} was given the newest value; what it")),
        "{words}"
    );
    assert_eq!(office.writes() - writes, 1);
}

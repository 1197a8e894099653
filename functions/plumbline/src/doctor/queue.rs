//! The queue and the dead letters: whether somebody works, and what nobody could work on.

use agent::queue::Depth;
use jiff::SignedDuration;

use super::{
    finding::{Area, Finding, Who},
    subject::Subject,
};
use crate::{Backend, terminal::counted};

/// A message that has been due for so long, and that nobody has taken, waits for a worker and not for a better moment.
const STUCK: SignedDuration = SignedDuration::from_mins(15);

/// Two lines: the queue, the dead letters.
pub(super) async fn examine(subject: &Subject) -> Vec<Finding> {
    let backend = match &subject.backend {
        Ok(Some(backend)) => backend,
        Ok(None) => {
            let why = "there is none yet in the --data directory; the service makes it when it starts";
            return [Area::Queue, Area::DeadLetters].map(|area| Finding::not_tried(area, why)).to_vec();
        }
        Err(why) => return unreadable(why),
    };
    match (backend.depths().await, overdue(subject, backend).await) {
        (Ok((depths, dead)), Ok(overdue)) => vec![queue(backend, &depths, overdue), dead_letters(dead)],
        (Err(error), _) | (_, Err(error)) => unreadable(&format!("{error:#}")),
    }
}

fn unreadable(why: &str) -> Vec<Finding> {
    let how = "follow the reason: the --data directory of the service, or in AWS the variables and the role of whoever \
               runs this command (sqs:GetQueueAttributes on the queues)";
    vec![
        Finding::broken(Area::Queue, why, Who::PlatformEngineer, how),
        Finding::not_tried(Area::DeadLetters, "not asked, because the queue cannot be read"),
    ]
}

/// For how long a message has been due that nobody took. SQS tells it to CloudWatch alone.
async fn overdue(subject: &Subject, backend: &Backend) -> anyhow::Result<Option<SignedDuration>> {
    let Backend::Embedded(store) = backend else { return Ok(None) };
    let due = store.next_visible().await?;
    Ok(due.map(|due| (subject.clock)().duration_since(due)))
}

fn queue(backend: &Backend, depths: &[Depth], overdue: Option<SignedDuration>) -> Finding {
    let sum = |count: fn(&Depth) -> u64| depths.iter().map(count).fold(0, u64::saturating_add);
    let (waiting, in_hand) = (sum(|depth| depth.waiting), sum(|depth| depth.in_hand));
    let what = format!("{} waiting, {in_hand} in hand", messages(waiting));
    if let Some(age) = overdue.filter(|age| *age >= STUCK) {
        let minutes = age.as_secs() / 60;
        let what = format!("{what}; one has been due for {minutes} min and nobody takes it");
        let how = "start the service on this --data directory (plumbline serve), or look at its log";
        return Finding::broken(Area::Queue, what, Who::PlatformEngineer, how);
    }
    if waiting > 0 && in_hand == 0 && matches!(backend, Backend::Aws { .. }) {
        let how = "ask again in a minute; if nothing moves: AWS console, Lambda, the router, Configuration, Triggers: \
                   whether the SQS trigger is enabled";
        return Finding::warning(Area::Queue, what, Who::PlatformEngineer, how);
    }
    Finding::well(Area::Queue, what)
}

fn dead_letters(number: u64) -> Finding {
    if number == 0 {
        return Finding::well(Area::DeadLetters, "none");
    }
    let how = "plumbline dead list says why; once the cause is gone, plumbline dead redrive --all";
    let what = format!("{} that nobody could work on", messages(number));
    Finding::warning(Area::DeadLetters, what, Who::PlatformEngineer, how)
}

fn messages(number: u64) -> String {
    counted(usize::try_from(number).unwrap_or(usize::MAX), "message")
}

//! Sends webhooks, one worker for each hook: in order, with the backoff Procore documents.
//!
//! A failure (no 2xx within 5 s) pauses the hook's queue; the same event is tried again after 1 s, 2 s, 4 s ... up
//! to one hour. After twelve hours of failing the queue is flushed and its events count as discarded. What waits for
//! a hook that was switched off or deleted is discarded too.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::Value;
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep},
};

use crate::{
    hooks::Subscription,
    journal::{DeliveryAttempt, DeliveryStatus},
    state::Shared,
};

const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const LONGEST_DELAY: Duration = Duration::from_secs(3600);

/// Works off one hook's queue for as long as the sandbox lives.
pub(crate) async fn work(shared: Arc<Shared>, hook: usize, mut queue: UnboundedReceiver<u64>) {
    let first_delay = Duration::from_millis(shared.options.webhook_retry_first_ms);
    let mut failing_since: Option<Instant> = None;
    while let Some(id) = queue.recv().await {
        let mut delay = first_delay;
        loop {
            if !shared.read(|state| state.hooks.get(hook).is_some_and(Subscription::is_live)) {
                discard(&shared, id);
                break;
            }
            if attempt(&shared, hook, id).await {
                failing_since = None;
                break;
            }
            let since = *failing_since.get_or_insert_with(Instant::now);
            if since.elapsed() >= shared.options.webhook_give_up_after {
                // All that waits now: what comes in once somebody can see that these are given up is tried.
                let mut given_up = vec![id];
                given_up.extend(std::iter::from_fn(|| queue.try_recv().ok()));
                for id in given_up {
                    discard(&shared, id);
                }
                failing_since = None;
                break;
            }
            sleep(delay).await;
            delay = (delay * 2).min(LONGEST_DELAY);
        }
    }
}

/// One try. True when the receiver answered 2xx.
async fn attempt(shared: &Shared, hook: usize, id: u64) -> bool {
    let at = Timestamp::now();
    let status = post(shared, hook, &event(shared, id)).await;
    let completed_at = Timestamp::now();
    let delivered = status.is_some_and(|status| (200..300).contains(&status));
    shared.change(|state| {
        if let Some(delivery) = state.deliveries.iter_mut().find(|delivery| delivery.id == id) {
            delivery.attempts.push(DeliveryAttempt { at, status, completed_at });
            delivery.status = if delivered { DeliveryStatus::Delivered } else { DeliveryStatus::Retrying };
        }
    });
    delivered
}

/// The hook is read for each try: its address may have been changed meanwhile.
async fn post(shared: &Shared, hook: usize, event: &Value) -> Option<u16> {
    let hook = shared.read(|state| state.hooks.get(hook).map(|one| one.hook.clone()))?;
    let mut request = shared.http.post(hook.url);
    if !hook.authorization.is_empty() {
        request = request.header(reqwest::header::AUTHORIZATION, &hook.authorization);
    }
    let answer = request.timeout(ATTEMPT_TIMEOUT).json(event).send().await.ok()?;
    Some(answer.status().as_u16())
}

fn event(shared: &Shared, id: u64) -> Value {
    shared.read(|state| {
        state
            .deliveries
            .iter()
            .find(|delivery| delivery.id == id)
            .map_or(Value::Null, |delivery| delivery.event.clone())
    })
}

fn discard(shared: &Shared, id: u64) {
    shared.change(|state| {
        if let Some(delivery) = state.deliveries.iter_mut().find(|delivery| delivery.id == id) {
            delivery.status = DeliveryStatus::Discarded;
        }
    });
}

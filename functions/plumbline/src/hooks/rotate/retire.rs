//! The last step: the old value is given up, once nothing can be on its way with it.
//!
//! A hook that was changed a while ago sends nothing old any more but what was begun before: a request has an end, and what
//! waits for another try is listed. Whether a try takes the value of its first or of the hook is not said, so both count.

use jiff::{SignedDuration, Timestamp};
use procore::hooks::{Delivery, DeliveryFilter, DeliveryStatus, Hook, Scope};
use secrecy::SecretString;

use crate::{
    hooks::{
        desk::{Desk, Keys},
        found::{Stray, place},
        plan::Sent,
        remove::everywhere,
    },
    terminal::{Out, counted, line, shown_on_a_line},
};

/// Procore docs: a request is given up 5 s after it was connected. A minute is enough for whatever lies between.
const REQUEST_TIME: SignedDuration = SignedDuration::from_secs(60);

/// Gives up every value but the newest.
pub(super) async fn retire(
    desk: &Desk,
    print: bool,
    waited: bool,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let live = desk.keys.live().await?;
    let Some((newest, older)) = live.values.split_first() else {
        anyhow::bail!("there is no Authorization value")
    };
    if older.is_empty() {
        line!(out, "Our door accepts one value: there is nothing to retire.");
        return Ok(true);
    }
    let (there, mut reasons) = everywhere(desk).await;
    for Stray { scope, hook } in &there {
        if let Some(why) = still(desk, *scope, hook, &live.values, waited, now).await {
            reasons.push(format!("{}: hook {} {why}", place(*scope), hook.id));
        }
    }
    if !reasons.is_empty() {
        for why in &reasons {
            line!(out, "not yet: {}", shown_on_a_line(why));
        }
        line!(out, "The old value stays.");
        return Ok(false);
    }
    let count = counted(older.len(), "older value");
    match (&desk.keys, live.held) {
        (Keys::SecretsManager(secret), Some(held)) if !print => {
            secret.replace(held, std::slice::from_ref(newest)).await?;
            line!(out, "{count} taken out of webhook_authorization in the secret {}.", secret.secret_id());
        }
        (Keys::SecretsManager(secret), _) => {
            line!(
                out,
                "Nothing sends the {count} any more: leave only the first element of webhook_authorization in the secret {}.",
                secret.secret_id()
            );
        }
        (Keys::Environment(_), _) => {
            line!(
                out,
                "Nothing sends the {count} any more: leave only the first line of WEBHOOK_AUTHORIZATION and start the service anew."
            );
        }
    }
    Ok(true)
}

/// Why a hook may still bring an old value.
async fn still(
    desk: &Desk,
    scope: Scope,
    hook: &Hook,
    accepted: &[SecretString],
    waited: bool,
    now: Timestamp,
) -> Option<String> {
    match Sent::by(hook, accepted) {
        Sent::Newest => {}
        Sent::Untold if waited => {}
        Sent::Untold => return Some(format!("does not show which value it sends; {SAY_WAITED}")),
        Sent::Older | Sent::Other | Sent::Nothing => {
            return Some("sends another value: `plumbline hooks rotate finish`".to_owned());
        }
    }
    if waited {
        return None;
    }
    // v1.0 says neither when a hook was changed nor what is on its way.
    let (Some(changed_at), Some(_)) = (hook.updated_at, &hook.status) else {
        return Some(format!("does not say what is on its way; {SAY_WAITED}"));
    };
    let over_at = changed_at.checked_add(REQUEST_TIME).unwrap_or(changed_at);
    if over_at > now {
        let wait_s = over_at.duration_since(now).as_secs().saturating_add(1);
        return Some(format!("was changed a moment ago: run it again in {wait_s} s"));
    }
    match on_the_way(desk, scope, hook, over_at).await {
        Ok(0) => None,
        Ok(more) => Some(format!("has {} from before its change on the way", counted(more, "event"))),
        Err(error) => Some(format!("does not tell what is on its way: {error}")),
    }
}

const SAY_WAITED: &str =
    "a day after `finish`, when Procore has given up what it could not deliver, say --waited";

/// How many events of before this moment wait for a try.
async fn on_the_way(
    desk: &Desk,
    scope: Scope,
    hook: &Hook,
    before: Timestamp,
) -> Result<usize, procore::Error> {
    let mut count = 0_usize;
    for status in [DeliveryStatus::Enqueued, DeliveryStatus::Retrying] {
        let filter = DeliveryFilter { status: Some(status), ..DeliveryFilter::default() };
        let waiting = desk.procore.deliveries(scope, hook.id, &filter).await?;
        let is_old = |one: &&Delivery| {
            let occurred = one.payload.as_ref().and_then(|payload| payload.occurred_at);
            occurred.is_none_or(|at| at <= before)
        };
        count = count.saturating_add(waiting.iter().filter(is_old).count());
    }
    Ok(count)
}

//! The second step: every hook sends the newest value.
//!
//! Not before our door accepts it. In AWS a function reads the secret again when a header matches nothing, at most once in
//! 30 s: what has stood in the secret for longer than that is refused by none. On one machine the door is asked.

use jiff::{SignedDuration, Timestamp};
use procore::{
    Class,
    hooks::{Hook, HookChange, Scope},
};
use url::Url;

use crate::{
    hooks::{
        desk::Desk,
        found::{Stray, place},
        knock::knock,
        plan::{Sent, delivers_to},
        remove::everywhere,
    },
    terminal::{Out, counted, line, shown_on_a_line},
};

/// How long a value has to stand in the secret: the 30 s of the functions, and as much again for clocks.
const KNOWN_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Changes what every hook sends.
pub(super) async fn finish(
    desk: &Desk,
    url: &Url,
    without_knocking: bool,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let live = desk.keys.live().await?;
    let Some(newest) = live.values.first() else { anyhow::bail!("there is no Authorization value to send") };
    let (there, unseen) = everywhere(desk).await;
    let mut whole = unseen.is_empty();
    for why in &unseen {
        line!(out, "not looked at: {}", shown_on_a_line(why));
    }
    let (here, away): (Vec<Stray>, Vec<Stray>) =
        there.into_iter().partition(|one| delivers_to(&one.hook, url));
    for Stray { scope, hook } in &away {
        whole = false;
        line!(
            out,
            "{}: hook {} delivers elsewhere and is left as it is: `plumbline hooks plan` tells more",
            place(*scope),
            hook.id
        );
    }
    let sent = |hook: &Hook| Sent::by(hook, &live.values);
    let older: Vec<&Stray> = here.iter().filter(|one| sent(&one.hook) != Sent::Newest).collect();
    if older.is_empty() {
        line!(out, "{} to our door, all of them with the newest value.", told(here.len()));
        return Ok(whole);
    }
    let known_at = live.held.as_ref().and_then(|held| held.since?.checked_add(KNOWN_AFTER).ok());
    if let Some(known_at) = known_at.filter(|known_at| *known_at > now) {
        let wait_s = known_at.duration_since(now).as_secs().saturating_add(1);
        line!(
            out,
            "The functions may not know the newest value yet: run it again in {wait_s} s. Nothing was changed."
        );
        return Ok(false);
    }
    if !without_knocking {
        let status = knock(url, newest).await?;
        if !(200..300).contains(&status) {
            line!(
                out,
                "Our door answers {status} to the newest value: start the service with it first. Nothing was changed."
            );
            return Ok(false);
        }
    }
    for Stray { scope, hook } in older {
        let change = HookChange { authorization: Some(newest.clone()), ..HookChange::default() };
        let (answered, after) = match desk.procore.update_hook(*scope, hook.id, &change).await {
            // Its end is unknown: what the hook shows now decides.
            Err(error) if error.class() == Class::Ambiguous => (false, again(desk, *scope, hook).await),
            answer => (true, answer.map_err(anyhow::Error::from)),
        };
        let place = place(*scope);
        match after.map(|after| sent(&after)) {
            Ok(Sent::Newest) => line!(out, "{place}: hook {} sends the newest value", hook.id),
            Ok(Sent::Untold) if answered => {
                line!(out, "{place}: hook {} was given the newest value; what it shows is no proof", hook.id);
            }
            Ok(_) => {
                whole = false;
                line!(out, "{place}: hook {} still SENDS ANOTHER value, or may do: run it again", hook.id);
            }
            Err(error) => {
                whole = false;
                let why = shown_on_a_line(&format!("{error:#}"));
                line!(out, "{place}: hook {} NOT CHANGED, or not known: {why}", hook.id);
            }
        }
    }
    if whole {
        line!(
            out,
            "The old value is still accepted. When nothing is on its way with it: `plumbline hooks rotate retire`."
        );
    } else {
        line!(out, "Not all is done: run it again. Both values are accepted meanwhile.");
    }
    Ok(whole)
}

async fn again(desk: &Desk, scope: Scope, hook: &Hook) -> anyhow::Result<Hook> {
    let there = desk.procore.hooks(scope, &desk.config.namespace).await?;
    there.into_iter().find(|one| one.id == hook.id).ok_or_else(|| anyhow::anyhow!("it is gone"))
}

fn told(hooks: usize) -> String {
    let deliver = if hooks == 1 { "delivers" } else { "deliver" };
    format!("{} {deliver}", counted(hooks, "hook"))
}

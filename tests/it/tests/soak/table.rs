//! The counts of a soak, for people.

use std::{collections::BTreeMap, fmt::Write};

use agent::{RunRecord, queue::Kept};
use sandbox::model::Failure;

use crate::{drafts, lives::Ended, paid, sender::Outbox, world::FarSide};

/// Everything that is counted.
pub(crate) struct Table<'a> {
    pub(crate) far: &'a FarSide,
    pub(crate) sent: &'a Outbox,
    pub(crate) runs: &'a [RunRecord],
    pub(crate) ended: &'a Ended,
    pub(crate) letters: &'a [Kept],
}

impl Table<'_> {
    /// One line for each kind of thing.
    pub(crate) fn show(&self, chaos_s: f64, all_s: f64) -> String {
        let Self { far, sent, runs, ended, letters } = self;
        let requests = sent.sent.len();
        let events: usize = sent.by_kind().values().sum();
        let again: u32 = sent.sent.iter().map(|one| one.tries - 1).sum();
        let exchanges = far.model.exchanges();
        let failures = exchanges.iter().filter_map(|exchange| exchange.failure).map(failure);
        let repairs = exchanges.iter().filter(|exchange| exchange.is_repair()).count();
        let (items, filled) = drafts::count(far);
        let calls = far.sandbox.calls_counted();
        let writes = far.writes().into_iter().map(|write| match write.path.contains("/rfis/") {
            true => "PATCH rfi".to_owned(),
            false => format!("{} item", write.method),
        });
        let reasons = letters.iter().map(|kept| kept.letter.reason.clone());
        let workflows = runs.iter().map(|run| run.workflow.clone().unwrap_or_else(|| "none".to_owned()));
        let died = paid::given_again(&exchanges, ended).died();
        let mut out = String::new();
        let mut line = |name: &str, text: String| writeln!(out, "{name:<14}{text}").unwrap();
        line("events", format!("{events} in {requests} requests: {:?}", sent.by_kind()));
        line("versions", format!("{:?}", sent.by_version()));
        line("sent again", format!("{again} requests"));
        line("kills", ended.kills.len().to_string());
        line("faults", format!("{:?}", far.sandbox.injected()));
        line(
            "calls",
            format!("{calls} of Procore, {} refused for want of budget", far.sandbox.calls_refused()),
        );
        line("writes", format!("{:?}", counted(writes)));
        line(
            "model",
            format!("{} calls, {repairs} of them repairs: {:?}", exchanges.len(), counted(failures)),
        );
        line("given again", format!("{died} answers that died with their process"));
        line("runs", format!("{}: {:?}", runs.len(), counted(runs.iter().map(|run| run.outcome.clone()))));
        line("workflows", format!("{:?}", counted(workflows)));
        line("drafts", format!("{items} items, {filled} fields of draft RFIs"));
        line("dead letters", format!("{}: {:#?}", letters.len(), counted(reasons)));
        line("time", format!("{chaos_s:.0} s of kills and faults, {all_s:.0} s in all"));
        line("throughput", format!("{:.1} events/s", events as f64 / chaos_s));
        out
    }
}

fn counted<T: Ord>(things: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_default() += 1;
    }
    counts
}

fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::RateLimited => "429",
        Failure::ServerError => "500",
        Failure::Empty => "empty",
        Failure::NotJson => "not JSON",
        Failure::Slow(_) => "slow",
        _ => "other",
    }
}

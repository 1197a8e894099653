//! `plumbline demo`: the whole product against the sandbox, with a scripted model unless a real one is set.

use std::{
    collections::{BTreeSet, HashMap},
    io::Write as _,
    net::SocketAddr,
    sync::Arc,
};

use agent::{RunRecord, ledger::Ledger};
use sandbox::{Options, RfiStatus, Sandbox, model::Behaviour};

use crate::{
    model::Endpoint,
    stage::{Play, Stage},
};

/// Prints a line. A reader that went away (`| head`) is no reason to stop.
macro_rules! say {
    ($($words:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// Where the sandbox's pages are, if the port is free.
const PAGES: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 4071);

/// Runs the demo. With `once` it ends when every seeded record has its outcome; `Ok(false)` if one is not the expected.
///
/// # Errors
/// When something cannot be started.
pub async fn demo(once: bool, stop: impl Future<Output = ()>) -> anyhow::Result<bool> {
    let model = match Endpoint::of_environment()? {
        Some(endpoint) => endpoint,
        None => Endpoint::stand_in(Behaviour::Scripted).await?,
    };
    let scripted = model.stand_in.is_some();
    // A price makes the budget work with any model name; the scripted model costs nothing.
    let play = |options| Play {
        usd_per_million_tokens: Some(if scripted { "0" } else { "1" }),
        quiet_window_s: 2,
        ..Play::new(options, &model)
    };
    let mut stage = match Stage::start(play(Options { listen: PAGES, ..Options::demo() })).await {
        Ok(stage) => stage,
        Err(_) => Stage::start(play(Options::demo())).await?,
    };
    let sandbox = stage.sandbox.clone();
    let store = stage.service.store().clone();
    sandbox.set_runs(Arc::new(move || {
        let store = store.clone();
        Box::pin(async move {
            let runs = store.runs(200).await.unwrap_or_default();
            runs.iter().filter_map(|run| serde_json::to_value(run).ok()).collect()
        })
    }));

    say!("Plumbline demo: a sandbox stands in for Procore; nothing leaves this machine{}.", leaves(&model));
    say!("{}", words(&model));
    say!("Project pages: {}\n", sandbox.url());
    let mut expected: HashMap<String, (String, String)> = sandbox
        .rfis()
        .into_iter()
        .filter_map(|rfi| Some((rfi.id, rfi.expected?)))
        .chain(sandbox.submittals().into_iter().filter_map(|one| Some((one.id, one.expected?))))
        .map(|(id, expected)| (id.to_string(), (expected.outcome, expected.reason)))
        .collect();
    let summed = ("Drafted".to_owned(), "The day has entries in its log.".to_owned());
    expected.extend(days(&sandbox).into_iter().map(|day| (day, summed.clone())));
    // What was closed before the open ones were asked is evidence for them, once its own event was worked on.
    let closed = stage.tell_rfis(RfiStatus::Closed, "update").len();
    let all_expected = async {
        let mut ends: HashMap<String, bool> = HashMap::new();
        while ends.len() < expected.len() {
            let Some(story) = stage.next_end().await else {
                say!("No outcome came for {} of {} records.", expected.len() - ends.len(), expected.len());
                return false;
            };
            let Some((outcome, why)) = expected.get(&story.record_id) else {
                continue;
            };
            if matches!(story.outcome.as_str(), "Settling" | "Busy" | "Unchanged") {
                continue;
            }
            if story.outcome == "Failed" {
                say!(
                    "---- {}: no outcome yet - {}; tried again if that can help",
                    story.record_label,
                    story.reason
                );
                continue;
            }
            let fits = story.outcome == *outcome;
            print_story(&story, outcome, why, fits);
            let known = ends.insert(story.record_id.clone(), fits).is_some();
            if !known && ends.len() == closed {
                stage.tell_rfis(RfiStatus::Open, "create");
                stage.tell_rfis(RfiStatus::Draft, "create");
                stage.tell_submittals();
                stage.tell_days();
            }
        }
        ends.values().all(|fits| *fits)
    };
    let as_expected = all_expected.await;
    say!(
        "{}",
        match (as_expected, scripted) {
            (true, _) => "Every RFI, submittal and day of the seeded project came to its expected outcome.",
            (false, true) => "Not every record came to its expected outcome.",
            (false, false) =>
                "Not every record came to its expected outcome with this model: judge the drafts themselves.",
        }
    );
    if !once {
        say!("\nWrite an RFI at {}rfis/new and watch its draft arrive. Ctrl-C ends the demo.", sandbox.url());
        stop.await;
    }
    stage.end().await;
    Ok(as_expected)
}

/// The days of the seeded daily log, as their drafts go by.
fn days(sandbox: &Sandbox) -> BTreeSet<String> {
    let entries = sandbox.log_entries().into_iter().filter(|entry| entry.family.resource().is_some());
    entries.map(|entry| entry.date.strftime("%Y%m%d").to_string()).collect()
}

fn words(model: &Endpoint) -> String {
    match &model.stand_in {
        Some(_) => {
            "Model: scripted (no OPENAI_API_KEY is set). It quotes the evidence by rules; it is no language \
                    model, costs nothing, and its prose shows it."
                .to_owned()
        }
        None => format!("Model: {} at the endpoint of OPENAI_BASE_URL or OpenAI's own.", model.name),
    }
}

fn leaves(model: &Endpoint) -> &'static str {
    if model.stand_in.is_some() { "" } else { " but the seeded project's text, to the model" }
}

fn print_story(story: &RunRecord, outcome: &str, why: &str, fits: bool) {
    let label = if story.record_label.is_empty() {
        format!("record {}", story.record_id)
    } else {
        story.record_label.clone()
    };
    let mark = if fits { "as expected" } else { "NOT AS EXPECTED" };
    say!("---- {label}: {} - {} ({mark}: {outcome}. {why})", story.outcome, story.reason);
    if let Some(text) = &story.draft_text {
        for line in text.lines() {
            say!("     {line}");
        }
        say!("");
    }
}

//! A queue and a ledger of one test, and the commands over them.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use agent::{
    Envelope, Event, RunRecord,
    admit::Own,
    event::{Actor, EventId, Reason, Resource},
    ingest::Door,
    ledger::{Change, Ledger},
    queue::{DeadLetter, DeadLetters, Queue},
};
use aws::Environment;
use clap::{Parser, Subcommand};
use jiff::{SignedDuration, Timestamp};
use plumbline::{Backend, dead, replay, runs};
use stack::Emulator;
use tempfile::TempDir;

/// A command line without the program's name.
#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Dead(dead::Arguments),
    Runs(runs::Arguments),
    Replay(replay::Arguments),
}

/// Queue and ledger, and a moment at which the test happens.
pub(crate) struct Place {
    pub(crate) backend: Backend,
    pub(crate) now: Timestamp,
    far: Far,
}

enum Far {
    Directory { _dir: TempDir },
    Emulator { emulator: &'static Emulator, queue_url: String },
}

impl Place {
    pub(crate) fn directory() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = embedded::Store::open(dir.path(), Timestamp::now).unwrap();
        Self { backend: Backend::Embedded(store), now: this_second(), far: Far::Directory { _dir: dir } }
    }

    /// `None`, said aloud, where it is not installed.
    pub(crate) async fn emulator() -> Option<Self> {
        let emulator = Emulator::shared()?;
        let variables = variables(emulator).await;
        let queue_url = variables[0].1.clone();
        let environment = Environment::new(emulator.sdk().await, variables);
        let backend = Backend::of_environment(&environment).unwrap();
        Some(Self { backend, now: this_second(), far: Far::Emulator { emulator, queue_url } })
    }

    /// So many seconds before the moment of the test.
    pub(crate) fn ago(&self, seconds: i64) -> Timestamp {
        self.now - SignedDuration::from_secs(seconds)
    }

    /// Puts letters there, each a minute older than the next, and returns their ids in this order.
    pub(crate) async fn bury(&self, letters: &[(&str, String)]) -> Vec<String> {
        for (age_min, (reason, body)) in (1..=letters.len()).rev().zip(letters) {
            let at = self.ago(60 * i64::try_from(age_min).unwrap());
            let letter = DeadLetter { body: body.clone(), reason: (*reason).to_owned(), at };
            self.backend.bury(&letter).await.unwrap();
        }
        self.ids().await
    }

    /// Ids of all letters that can be seen now, oldest first.
    pub(crate) async fn ids(&self) -> Vec<String> {
        let mut kept = self.backend.letters(100).await.unwrap();
        kept.sort_by_key(|kept| kept.letter.at);
        for one in &kept {
            self.backend.put_back(one).await.unwrap();
        }
        kept.into_iter().map(|kept| kept.id).collect()
    }

    /// Stores the story of a run.
    pub(crate) async fn record(&self, run: &RunRecord) {
        let change = Change { run: Some(run), ..Change::default() };
        self.backend.change(change).await.unwrap();
    }

    /// Success, and what a command prints; at an error also that.
    pub(crate) async fn told(&self, words: &str) -> (bool, String) {
        told_by(&self.backend, self.now, words).await
    }

    /// What the queue shows now; each is shown once.
    pub(crate) async fn shown_now(&self) -> Vec<Envelope> {
        self.shown_at(Timestamp::now()).await
    }

    /// What the queue shows sooner or later, `count` of them.
    pub(crate) async fn shown(&self, count: usize) -> Vec<Envelope> {
        let mut all = self.shown_at(self.now + SignedDuration::from_hours(1)).await;
        while let Far::Emulator { emulator, queue_url } = &self.far
            && all.len() < count
        {
            let event = emulator.next_sqs_event(queue_url).await;
            let records = event["Records"].as_array().unwrap();
            assert!(!records.is_empty(), "only {} of {count} were shown", all.len());
            all.extend(records.iter().map(|one| Envelope::from_body(one["body"].as_str().unwrap()).unwrap()));
        }
        all.sort_by(|one, other| one.event.id.0.cmp(&other.event.id.0));
        all
    }

    /// By the emulator's own clock there: it has no other.
    async fn shown_at(&self, at: Timestamp) -> Vec<Envelope> {
        let bodies = match (&self.backend, &self.far) {
            (_, Far::Emulator { emulator, queue_url }) => emulator.bodies(queue_url).await,
            (Backend::Embedded(store), _) => {
                let received = store.receive(100, Duration::from_secs(7200), at).await.unwrap();
                received.into_iter().map(|received| received.body).collect()
            }
            (Backend::Aws { .. }, Far::Directory { .. }) => unreachable!("no place is made so"),
        };
        bodies.iter().map(|body| Envelope::from_body(body).unwrap()).collect()
    }
}

fn this_second() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap()
}

/// Queues and a table nobody else uses: the environment that names them, the queue first.
pub(crate) async fn variables(emulator: &Emulator) -> Vec<(String, String)> {
    static PLACES: AtomicU32 = AtomicU32::new(0);
    let name = format!("place{}", PLACES.fetch_add(1, Ordering::Relaxed));
    emulator.table(&name).await;
    let queue_url = emulator.queue(&name).await;
    let dead_letter_url = emulator.queue(&format!("{name}-dead")).await;
    vec![
        ("PLUMBLINE_QUEUE_URL".to_owned(), queue_url),
        ("PLUMBLINE_DEAD_LETTER_URL".to_owned(), dead_letter_url),
        ("PLUMBLINE_TABLE".to_owned(), name),
    ]
}

/// As [`Place::told`], over any backend.
pub(crate) async fn told_by<B: Ledger + Queue + DeadLetters>(
    backend: &B,
    now: Timestamp,
    words: &str,
) -> (bool, String) {
    let mut out = String::new();
    let line = Line::try_parse_from(["plumbline"].into_iter().chain(words.split_whitespace())).unwrap();
    let end = match line.command {
        Command::Dead(arguments) => {
            let door = async { Ok(door()) };
            dead::run(backend, &arguments.command, door, now, &mut out).await
        }
        Command::Runs(arguments) => runs::run(backend, &arguments.command, now, &mut out).await,
        Command::Replay(arguments) => replay::again(backend, &arguments, now, &mut out).await,
    };
    let whole = end.unwrap_or_else(|error| {
        out.push_str(&format!("error: {error:#}\n"));
        false
    });
    (whole, out)
}

fn door() -> Door {
    let own = Own { client_id: "our-client".to_owned(), service_account: "990001".parse().unwrap() };
    Door { company: "8001".parse().unwrap(), own }
}

/// An event about a record of project 4071.
pub(crate) fn event(id: &str, resource: Resource, record: &str) -> Event {
    Event {
        id: EventId(id.to_owned()),
        company: "8001".parse().unwrap(),
        project: Some("4071".parse().unwrap()),
        resource,
        record: record.to_owned(),
        reason: Reason::Update,
        actor: Actor { user: Some("5301".parse().unwrap()), ..Actor::default() },
        occurred_at: Some("2026-06-03T16:20:33Z".parse().unwrap()),
    }
}

/// A run of an event that ended in a draft.
pub(crate) fn run(id: &str, event: Event, started_at: Timestamp) -> RunRecord {
    RunRecord {
        id: id.to_owned(),
        event_id: event.id.0.clone(),
        workflow: Some("rfi_response".to_owned()),
        project_id: event.project.map(procore::ProjectId::get),
        record_id: event.record.clone(),
        record_label: format!("RFI {}", event.record),
        event: Some(event),
        started_at,
        outcome: "Drafted".to_owned(),
        reason: "draft in correspondence item 3".to_owned(),
        steps: Vec::new(),
        evidence: Vec::new(),
        evidence_hash: "5e1f".to_owned(),
        quotes: Vec::new(),
        observations: Vec::new(),
        findings: Vec::new(),
        answer: None,
        prompt: None,
        model: None,
        spent: agent::spent::Spent::default(),
        procore_calls: 4,
        item_id: None,
        draft_text: None,
        flags: Vec::new(),
        not_read: Vec::new(),
        tally: agent::record::Tally::default(),
    }
}

/// The body of a dead letter that is the envelope of this event.
pub(crate) fn body(event: Event) -> String {
    let received_at = "2026-06-03T16:20:34Z".parse().unwrap();
    let trace = format!("{}-trace", event.id);
    let source = agent::Source::Reconcile;
    Envelope { event, source, trace, received_at, traceparent: None }.to_body().unwrap()
}

/// What a command printed, with ids in place of which a snapshot can stand, and no times.
pub(crate) fn settled(text: &str, ids: &[String]) -> String {
    let mut text = text.to_owned();
    for (number, id) in (1..).zip(ids) {
        text = text
            .lines()
            .map(|line| match line.strip_prefix(&format!("{id}  ")) {
                Some(rest) => format!("ID{number}  {rest}\n"),
                None => format!("{line}\n"),
            })
            .collect();
    }
    text
}

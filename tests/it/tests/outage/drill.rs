//! The drill: a hook towards an address where nobody listens, records that change meanwhile, and then the service.
//!
//! Thirteen hours are simulated by the records' own times. Procore gives webhooks up after seconds here, an hour of its
//! call limits is twenty seconds.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use agent::RunRecord;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use plumbline::{Service, Setup, service::context, sweep::once};
use procore::{
    Procore, ProjectId,
    hooks::{NewHook, NewTrigger, Scope, TriggerEvent},
};
use sandbox::{DeliveryStatus, LogFamily, NewLogEntry, NewRfi, NewSubmittal, Options, Quotas, Sandbox};
use serde_json::json;
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

use crate::world::{AUTHORIZATION, FarSide, Terms, question};

const RFIS: usize = 300;
const SUBMITTALS: usize = 120;
const ENTRIES: usize = 80;
/// Records whose webhooks are still being tried when the service comes back.
const LAST: usize = 60;
const OUTAGE: SignedDuration = SignedDuration::from_hours(13);
const QUOTAS: Quotas = Quotas {
    hourly: 600,
    spike: 40,
    hourly_window: Duration::from_secs(20),
    spike_window: Duration::from_secs(1),
};
const SECTIONS: [&str; 4] = ["10 28 00", "09 30 00", "10 14 00", "08 71 00"];
const NAMES: [&str; 3] = ["RFIs", "Submittals", "Manpower Logs"];
const PROJECT: ProjectId = ProjectId::new(4071);

/// What became of the outage.
pub(crate) struct Report {
    pub(crate) changed: usize,
    pub(crate) discarded: usize,
    pub(crate) retrying: usize,
    /// What drafts are for: RFIs, submittals, days.
    pub(crate) records: BTreeSet<String>,
    pub(crate) sent: usize,
    /// Records that late webhooks had brought in while it looked.
    pub(crate) worked_on: usize,
    /// The records of runs that the sweep began.
    pub(crate) told: BTreeSet<String>,
    /// What a second sweep sent.
    pub(crate) again: usize,
    /// Live drafts by what they are for.
    pub(crate) drafts: BTreeMap<String, usize>,
    pub(crate) refused: u64,
    calls_of_sweep: u32,
    calls: u64,
    swept_in: Duration,
    took: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quotas { hourly, hourly_window, spike, spike_window } = QUOTAS;
        writeln!(f, "outage     {} records changed within {OUTAGE:#}", self.changed)?;
        writeln!(
            f,
            "webhooks   {} discarded, {} still being tried at the end of it",
            self.discarded, self.retrying
        )?;
        writeln!(f, "limits     {hourly} calls in {hourly_window:?}, {spike} in {spike_window:?}")?;
        writeln!(
            f,
            "sweep      {} envelopes, {} records in hand already; {} calls, {:.1} s; a second one {} envelopes",
            self.sent,
            self.worked_on,
            self.calls_of_sweep,
            self.swept_in.as_secs_f64(),
            self.again
        )?;
        writeln!(f, "calls      {} in all, {} of them refused", self.calls, self.refused)?;
        let drafts: usize = self.drafts.values().sum();
        writeln!(f, "drafts     {drafts} for {} RFIs, submittals and days", self.records.len())?;
        write!(f, "took       {:.1} s from the return to the last draft", self.took.as_secs_f64())
    }
}

pub(crate) async fn run() -> Report {
    let mut options = Options::empty();
    options.quotas = QUOTAS;
    options.webhook_give_up_after = Duration::from_secs(3);
    let far = FarSide::start(options).await;
    let address = closed_address().await;
    let terms = Terms { usd_per_day: "50.00", ..Terms::default() };
    let (told, mut ended) = mpsc::unbounded_channel();
    let on_run = Arc::new(move |story: &RunRecord| {
        let _ = told.send(story.clone());
    });
    let setup = || Setup { listen: address, on_run: Some(on_run.clone()), ..far.setup(terms) };
    let client = {
        let scratch = tempfile::tempdir().unwrap();
        let store = embedded::Store::open(scratch.path(), Timestamp::now).unwrap();
        context(&setup(), store, false).unwrap().procore
    };
    hook(&client, address).await;

    let mut changes = Changes::plan(&far.sandbox);
    let last = changes.all.split_off(changes.all.len() - LAST);
    for change in &changes.all {
        change.tell(&far.sandbox);
    }
    let given_up = |sandbox: &Sandbox| count(sandbox, DeliveryStatus::Discarded) == changes.all.len();
    assert!(far.sandbox.wait_for(Duration::from_secs(30), given_up).await, "webhooks are given up");
    for change in &last {
        change.tell(&far.sandbox);
    }
    let tried = |sandbox: &Sandbox| count(sandbox, DeliveryStatus::Retrying) > 0;
    assert!(far.sandbox.wait_for(Duration::from_secs(30), tried).await, "the last ones are tried");
    let discarded = count(&far.sandbox, DeliveryStatus::Discarded);
    let retrying = far.sandbox.deliveries().len() - discarded;

    let began = Instant::now();
    let service = Service::start(setup()).await.unwrap();
    let ctx = context(&setup(), service.store().clone(), false).unwrap();
    let swept = once(&ctx, service.store()).await.unwrap();
    let swept_in = began.elapsed();
    assert!(swept.problems.is_empty() && swept.ended_early.is_none(), "{swept}");

    let mut told = BTreeSet::new();
    loop {
        let story: RunRecord = timeout(Duration::from_secs(60), ended.recv()).await.unwrap().unwrap();
        note(&story, &mut told);
        let counts = service.store().counts().await.unwrap();
        assert_eq!(counts.dead, 0, "{} {}", story.outcome, story.reason);
        let all_there = far.sandbox.correspondence().len() >= changes.records.len();
        let delivered = count(&far.sandbox, DeliveryStatus::Delivered) + discarded;
        if all_there
            && (counts.waiting, counts.in_flight) == (0, 0)
            && delivered >= far.sandbox.deliveries().len()
        {
            break;
        }
    }
    let took = began.elapsed();
    let again = once(&ctx, service.store()).await.unwrap();
    service.stop().await;
    // The queue is done with a message before its story is told.
    while let Ok(story) = ended.try_recv() {
        note(&story, &mut told);
    }
    let mut drafts = BTreeMap::new();
    for item in far.sandbox.correspondence() {
        // The title names what it is for.
        *drafts.entry(item.title).or_default() += 1;
    }
    Report {
        changed: RFIS + SUBMITTALS + ENTRIES,
        discarded,
        retrying,
        records: changes.records,
        sent: swept.sent,
        worked_on: swept.worked_on,
        told,
        again: again.sent,
        drafts,
        refused: far.sandbox.calls_refused(),
        calls_of_sweep: swept.calls,
        calls: far.sandbox.calls_counted(),
        swept_in,
        took,
    }
}

/// Keeps the record of a run that a sweep asked for.
fn note(story: &RunRecord, told: &mut BTreeSet<String>) {
    if story.event_id.starts_with("sweep-") {
        told.insert(story.record_id.clone());
    }
}

fn count(sandbox: &Sandbox, status: DeliveryStatus) -> usize {
    sandbox.deliveries().iter().filter(|delivery| delivery.status == status).count()
}

/// An address of this machine where nobody listens, and where the service will.
async fn closed_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn hook(client: &Procore, address: SocketAddr) {
    let scope = Scope::Project(PROJECT);
    let new = NewHook {
        payload_version: "v4.0".to_owned(),
        namespace: "plumbline-it".to_owned(),
        destination_url: format!("http://{address}/webhooks/procore").parse().unwrap(),
        authorization: AUTHORIZATION.to_owned().into(),
    };
    let hook = client.create_hook(scope, &new).await.unwrap().id;
    let update = |name: &str| NewTrigger { resource_name: name.to_owned(), event: TriggerEvent::Update };
    client.create_triggers(scope, hook, "v4.0", &NAMES.map(update)).await.unwrap();
}

/// One change of one record, which a webhook tells of.
#[derive(Clone, Copy)]
enum Change {
    Rfi(i64),
    Submittal(i64),
    Entry(i64),
}

impl Change {
    fn tell(self, sandbox: &Sandbox) {
        match self {
            Self::Rfi(id) => sandbox.webhook_for_rfi(id, "update"),
            Self::Submittal(id) => sandbox.webhook_for_submittal(id, "update"),
            Self::Entry(id) => sandbox.webhook_for_log_entry(id, "update"),
        }
    }
}

/// What changes, in the order of its time.
struct Changes {
    all: Vec<Change>,
    records: BTreeSet<String>,
}

impl Changes {
    /// Puts the records there, each changed at its own time of the outage; kinds take turns.
    fn plan(sandbox: &Sandbox) -> Self {
        let total = RFIS + SUBMITTALS + ENTRIES;
        let today = Timestamp::now().to_zoned(TimeZone::get("America/Los_Angeles").unwrap()).date();
        let mut left = [RFIS, SUBMITTALS, ENTRIES];
        let mut changes = Self { all: Vec::new(), records: BTreeSet::new() };
        for number in 0..total {
            let past = OUTAGE * i32::try_from(total - number).unwrap() / i32::try_from(total).unwrap();
            let at = Timestamp::now().checked_sub(past).unwrap();
            // The kind of which the largest share is left.
            let share = |kind: usize| left[kind] * total / [RFIS, SUBMITTALS, ENTRIES][kind];
            let kind = (0..left.len()).max_by_key(|kind| share(*kind)).unwrap();
            left[kind] -= 1;
            let section = Some(SECTIONS[number % SECTIONS.len()].to_owned());
            let (change, record) = match kind {
                0 => rfi(sandbox, section, at),
                1 => submittal(sandbox, section, number, at),
                _ => {
                    entry(sandbox, today.checked_sub(i64::try_from(number % 4).unwrap().days()).unwrap(), at)
                }
            };
            changes.all.push(change);
            changes.records.insert(record);
        }
        changes
    }
}

fn rfi(sandbox: &Sandbox, section: Option<String>, at: Timestamp) -> (Change, String) {
    let id = sandbox.add_rfi(NewRfi { section, ..question() });
    sandbox.update_rfi(id, |rfi| rfi.updated_at = at);
    (Change::Rfi(id), id.to_string())
}

fn submittal(sandbox: &Sandbox, section: Option<String>, number: usize, at: Timestamp) -> (Change, String) {
    let title = format!("Product data {number}");
    let id = sandbox.add_submittal(NewSubmittal { title, section, emit: false, ..NewSubmittal::default() });
    sandbox.update_submittal(id, |submittal| submittal.updated_at = at);
    (Change::Submittal(id), id.to_string())
}

fn entry(sandbox: &Sandbox, day: Date, at: Timestamp) -> (Change, String) {
    let fields = json!({"num_workers": 4, "num_hours": "8.0"}).as_object().unwrap().clone();
    let new = NewLogEntry {
        family: LogFamily::Manpower,
        date: Some(day),
        fields,
        emit: false,
        ..NewLogEntry::default()
    };
    let id = sandbox.add_log_entry(new);
    sandbox.update_log_entry(id, |entry| entry.updated_at = at);
    (Change::Entry(id), day.strftime("%Y%m%d").to_string())
}

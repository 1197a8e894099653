//! Everything the sandbox knows, behind one lock, and the two numbers that grow when something happens.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use minijinja::Environment;
use tokio::sync::watch;
use url::Url;

use crate::{
    contract::Checker,
    events::Event,
    faults::Rule,
    hooks::Subscription,
    journal::{Delivery, Recorded},
    options::{Options, RunSource},
    permissions::Levels,
    quota::Meter,
    records::{
        Drawing, Item, Location, LogEntry, NewLogEntry, Person, RfiRecord, RfiStatus, SectionRevision,
        Submittal,
    },
    seed::{CorrespondenceType, Project},
    standing::Standing,
};

/// Ids begin above 2^32, as in Procore's newer regions.
const FIRST_ID: i64 = 598_134_325_600_000;

/// What the tasks of one sandbox share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) url: Url,
    pub(crate) storage_url: Url,
    pub(crate) http: reqwest::Client,
    /// Holds every exchange against the vendor's description, where the environment names one.
    pub(crate) contract: Option<&'static Checker>,
    pub(crate) templates: Environment<'static>,
    pub(crate) runs: Mutex<Option<RunSource>>,
    state: Mutex<State>,
    /// Grows when something the pages show has changed.
    pub(crate) version: watch::Sender<u64>,
    /// Grows when anything at all has happened, requests and deliveries included.
    pub(crate) activity: watch::Sender<u64>,
    /// Names under which nothing is held any more.
    pub(crate) released: watch::Sender<Vec<&'static str>>,
}

/// The project and the books kept about it.
pub(crate) struct State {
    pub(crate) company_id: i64,
    pub(crate) service_account_id: i64,
    pub(crate) project: Project,
    pub(crate) forbidden_project_id: i64,
    pub(crate) people: Vec<Person>,
    pub(crate) correspondence_type: CorrespondenceType,
    pub(crate) sections: Vec<SectionRevision>,
    pub(crate) drawings: Vec<Drawing>,
    pub(crate) locations: Vec<Location>,
    pub(crate) rfis: Vec<RfiRecord>,
    pub(crate) submittals: Vec<Submittal>,
    pub(crate) log_entries: Vec<LogEntry>,
    pub(crate) items: Vec<Item>,
    pub(crate) hooks: Vec<Subscription>,
    pub(crate) deliveries: Vec<Delivery>,
    /// Requests, each with its number.
    pub(crate) journal: Vec<(u64, Recorded)>,
    pub(crate) faults: Vec<Rule>,
    /// Those that come by chance.
    pub(crate) standing: Standing,
    pub(crate) tokens: Vec<Token>,
    pub(crate) meter: Meter,
    pub(crate) switches: Switches,
    /// What Procore would have mailed: one line each.
    pub(crate) mails: Vec<String>,
    clock_offset: SignedDuration,
    ids: i64,
    events: u64,
    requests: u64,
}

/// An access token that was issued.
pub(crate) struct Token {
    pub(crate) value: String,
    pub(crate) expires_at: Timestamp,
}

/// Habits of the server a test can change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Switches {
    pub(crate) default_distribution: Vec<i64>,
    pub(crate) create_status: Option<String>,
    pub(crate) private_ignored: bool,
    pub(crate) private_by_default: bool,
    pub(crate) webhooks_v1_removed: bool,
    pub(crate) webhooks_v2_missing: bool,
    pub(crate) hide_metadata: bool,
    pub(crate) app_disconnected: bool,
    pub(crate) levels: Levels,
}

impl Shared {
    pub(crate) fn new(
        options: Options,
        url: Url,
        storage_url: Url,
        templates: Environment<'static>,
        contract: Option<&'static Checker>,
    ) -> Self {
        let state = State::from_seed(&options);
        Self {
            runs: Mutex::new(options.runs.clone()),
            options,
            url,
            storage_url,
            http: reqwest::Client::new(),
            contract,
            templates,
            state: Mutex::new(state),
            version: watch::Sender::new(1),
            activity: watch::Sender::new(1),
            released: watch::Sender::default(),
        }
    }

    /// Looks at the state without changing it.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes something the pages show.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.touch();
        result
    }

    /// Writes something into the books that the pages do not show.
    pub(crate) fn note<T>(&self, note: impl FnOnce(&mut State) -> T) -> T {
        let result = note(&mut self.lock());
        self.activity.send_modify(|count| *count += 1);
        result
    }

    /// The server's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.read(State::now)
    }

    pub(crate) fn touch(&self) {
        self.version.send_modify(|count| *count += 1);
        self.activity.send_modify(|count| *count += 1);
    }

    pub(crate) fn run_source(&self) -> Option<RunSource> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn from_seed(options: &Options) -> Self {
        let seed = &options.seed;
        let mut state = Self {
            company_id: seed.company_id,
            service_account_id: seed.service_account_id,
            project: seed.project.clone(),
            forbidden_project_id: seed.forbidden_project_id,
            people: seed.people.clone(),
            correspondence_type: seed.correspondence_type.clone(),
            sections: seed.sections.clone(),
            drawings: seed.drawings.clone(),
            locations: seed.locations.clone(),
            rfis: Vec::new(),
            submittals: Vec::new(),
            log_entries: Vec::new(),
            items: Vec::new(),
            hooks: Vec::new(),
            deliveries: Vec::new(),
            journal: Vec::new(),
            faults: Vec::new(),
            standing: Standing::default(),
            tokens: Vec::new(),
            meter: Meter::new(options.quotas),
            switches: Switches::default(),
            mails: Vec::new(),
            clock_offset: SignedDuration::from_secs(options.clock_offset_s),
            ids: FIRST_ID,
            events: 0,
            requests: 0,
        };
        for seeded in &seed.rfis {
            let id = state.add_rfi(&seeded.rfi);
            if let Some(rfi) = state.rfi_mut(id) {
                rfi.number = seeded.number;
                rfi.assignees.clone_from(&seeded.assignees);
                rfi.ball_in_court =
                    (rfi.status == RfiStatus::Open).then(|| seeded.assignees.first().copied()).flatten();
                rfi.due_date.clone_from(&seeded.due_date);
                rfi.location.clone_from(&seeded.location);
                rfi.expected = Some(seeded.expected.clone());
            }
        }
        for new in &seed.submittals {
            state.add_submittal(new);
        }
        let today = state.today();
        for (days_ago, new) in &seed.log_entries {
            let date = today.checked_sub(SignedDuration::from_hours(24 * days_ago)).ok();
            state.add_log_entry(&NewLogEntry { date, ..new.clone() });
        }
        state
    }

    /// The server's clock.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now().checked_add(self.clock_offset).unwrap_or_else(|_| Timestamp::now())
    }

    /// This machine's time as the server's clock shows it.
    pub(crate) fn by_server(&self, at: Timestamp) -> Timestamp {
        at.checked_add(self.clock_offset).unwrap_or(at)
    }

    /// The day at the project.
    pub(crate) fn today(&self) -> Date {
        self.now().to_zoned(self.time_zone()).date()
    }

    pub(crate) fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.project.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Number of the next event.
    pub(crate) fn next_event(&mut self) -> u64 {
        self.events += 1;
        self.events
    }

    pub(crate) fn next_id(&mut self) -> i64 {
        self.ids += 17;
        self.ids
    }

    /// Adds a request to the journal and returns its number there.
    pub(crate) fn record(&mut self, recorded: Recorded) -> u64 {
        self.requests += 1;
        self.journal.push((self.requests, recorded));
        self.requests
    }

    pub(crate) fn person(&self, id: i64) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub(crate) fn person_name(&self, id: i64) -> String {
        self.person(id).map_or_else(|| format!("User {id}"), |person| person.name.clone())
    }

    pub(crate) fn rfi(&self, id: i64) -> Option<&RfiRecord> {
        self.rfis.iter().find(|rfi| rfi.id == id && !rfi.deleted)
    }

    pub(crate) fn rfi_mut(&mut self, id: i64) -> Option<&mut RfiRecord> {
        self.rfis.iter_mut().find(|rfi| rfi.id == id)
    }

    pub(crate) fn submittal(&self, id: i64) -> Option<&Submittal> {
        self.submittals.iter().find(|submittal| submittal.id == id && !submittal.deleted)
    }

    pub(crate) fn log_entry_mut(&mut self, id: i64) -> Option<&mut LogEntry> {
        self.log_entries.iter_mut().find(|entry| entry.id == id)
    }

    pub(crate) fn location(&self, name: &str) -> Option<&Location> {
        self.locations.iter().find(|location| location.name == name)
    }

    pub(crate) fn item(&self, id: i64) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id && !item.deleted)
    }

    pub(crate) fn item_mut(&mut self, id: i64) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.id == id && !item.deleted)
    }

    pub(crate) fn current_section(&self, section_id: i64) -> Option<&SectionRevision> {
        self.sections.iter().find(|section| section.section_id == section_id && section.current)
    }

    pub(crate) fn section_numbered(&self, number: &str) -> Option<&SectionRevision> {
        self.sections.iter().find(|section| section.number == number && section.current)
    }

    /// An event about a record of the project, done by a person in the browser.
    pub(crate) fn event_by_person(
        &self,
        resource_name: &str,
        resource_id: i64,
        reason: &str,
        user: i64,
    ) -> Event {
        Event {
            resource_name: resource_name.to_owned(),
            resource_id,
            reason: reason.to_owned(),
            user_id: Some(user),
            application_id: None,
            project_id: Some(self.project.id),
        }
    }

    /// First person whose role begins with these words.
    pub(crate) fn first_with(&self, role: &str) -> Option<i64> {
        self.people.iter().find(|person| person.role.starts_with(role)).map(|person| person.id)
    }
}

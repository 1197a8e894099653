//! Everything the sandbox knows, behind one lock, and the two numbers that grow when something happens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{Span, Timestamp};
use minijinja::Environment;
use tokio::sync::{mpsc, watch};
use url::Url;

use crate::{
    contract::Checker,
    events::{Event, Stamp},
    faults::Rule,
    journal::{Delivery, DeliveryStatus, Recorded},
    options::{Hook, Options, RunSource},
    quota::Meter,
    records::{Answer, Attachment, Item, NewRfi, Person, RfiRecord, RfiStatus, SectionRevision},
    seed::{CorrespondenceType, Project},
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
    pub(crate) rfis: Vec<RfiRecord>,
    pub(crate) items: Vec<Item>,
    pub(crate) hooks: Vec<Subscription>,
    pub(crate) deliveries: Vec<Delivery>,
    /// Requests, each with its number.
    pub(crate) journal: Vec<(u64, Recorded)>,
    pub(crate) faults: Vec<Rule>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) meter: Meter,
    pub(crate) switches: Switches,
    /// What Procore would have mailed: one line each.
    pub(crate) mails: Vec<String>,
    ids: i64,
    events: u64,
    requests: u64,
}

/// A hook and the queue of its worker.
pub(crate) struct Subscription {
    pub(crate) hook: Hook,
    pub(crate) queue: mpsc::UnboundedSender<u64>,
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
    pub(crate) hide_metadata: bool,
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
            rfis: Vec::new(),
            items: Vec::new(),
            hooks: Vec::new(),
            deliveries: Vec::new(),
            journal: Vec::new(),
            faults: Vec::new(),
            tokens: Vec::new(),
            meter: Meter::new(options.quotas),
            switches: Switches::default(),
            mails: Vec::new(),
            ids: FIRST_ID,
            events: 0,
            requests: 0,
        };
        for seeded in &seed.rfis {
            let id = state.add_rfi(&seeded.rfi);
            if let Some(rfi) = state.rfi_mut(id) {
                rfi.number = Some(seeded.number);
                rfi.assignees.clone_from(&seeded.assignees);
                rfi.ball_in_court =
                    (rfi.status == RfiStatus::Open).then(|| seeded.assignees.first().copied()).flatten();
                rfi.due_date.clone_from(&seeded.due_date);
                rfi.location.clone_from(&seeded.location);
                rfi.expected = Some(seeded.expected.clone());
            }
        }
        state
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

    /// Creates the record, numbers it unless it is a draft, and returns its id. Sends nothing.
    pub(crate) fn add_rfi(&mut self, new: &NewRfi) -> i64 {
        let id = self.next_id();
        let at = Timestamp::now()
            .saturating_sub(Span::new().seconds(new.age_s))
            .unwrap_or_else(|_| Timestamp::now());
        let attachments = new
            .attachments
            .iter()
            .map(|file| Attachment {
                id: self.next_id(),
                name: file.name.clone(),
                content_type: file.content_type.clone(),
                bytes: Arc::new(file.bytes.clone()),
                in_storage: file.in_storage,
            })
            .collect();
        let answers = new
            .answers
            .iter()
            .map(|(body, author)| Answer {
                id: self.next_id(),
                body: body.clone(),
                official: true,
                created_by: *author,
                answered_at: at,
            })
            .collect();
        let last = self.rfis.iter().filter_map(|rfi| rfi.number).max().unwrap_or_default();
        let manager = self.first_with("Project Engineer").unwrap_or(self.service_account_id);
        let designer = self.first_with("Architect");
        let open = new.status == RfiStatus::Open;
        self.rfis.push(RfiRecord {
            id,
            number: (new.status != RfiStatus::Draft).then_some(last + 1),
            subject: new.subject.clone(),
            question: new.question.clone(),
            question_html: new.question_html.clone(),
            status: new.status,
            private: new.private,
            created_by: new.created_by.or_else(|| self.first_with("Subcontractor")).unwrap_or(manager),
            rfi_manager: manager,
            assignees: designer.filter(|_| open).into_iter().collect(),
            ball_in_court: designer.filter(|_| open),
            due_date: None,
            section_id: new
                .section
                .as_deref()
                .and_then(|number| self.section_numbered(number))
                .map(|s| s.section_id),
            drawing_number: new.drawing_number.clone(),
            location: None,
            attachments,
            answers,
            created_at: at,
            updated_at: at,
            deleted: false,
            expected: None,
        });
        id
    }

    /// Puts an event on every hook's queue.
    pub(crate) fn emit(&mut self, event: &Event) {
        self.events += 1;
        let stamp = Stamp {
            sequence: self.events,
            at: Timestamp::now(),
            company_id: self.company_id,
            hide_metadata: self.switches.hide_metadata,
        };
        for (index, subscription) in self.hooks.iter().enumerate() {
            let id = u64::try_from(self.deliveries.len()).unwrap_or(u64::MAX).saturating_add(1);
            self.deliveries.push(Delivery {
                id,
                hook: index,
                event: event.payload(&subscription.hook.payload_version, &stamp),
                attempts: Vec::new(),
                status: DeliveryStatus::Enqueued,
            });
            // A closed queue means the runtime is going down; the delivery then stays enqueued.
            let _ = subscription.queue.send(id);
        }
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

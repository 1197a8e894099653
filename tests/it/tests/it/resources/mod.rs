//! Every call the client has, against the stand-in: the two were written by the same description and have to agree.
//!
//! Each resource has a file with one walk through all its calls. `operations` goes all walks and holds what was asked
//! against a table of everything the client can send. The others are about what the server may do instead.

mod clock;
mod correspondence;
mod daily_logs;
mod directory;
mod drafts;
mod drawings;
mod hooks;
mod hooks_v1;
mod operations;
mod refusals;
mod rfis;
mod specifications;
mod submittals;
mod waits;

use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use procore::{Class, CompanyId, Error, Hosts, Procore, ProjectId, SectionId, Settings, UserId};
use sandbox::{Options, Sandbox};

/// The company of the seed.
const COMPANY: CompanyId = CompanyId::new(8001);
/// The project of the seed.
const PROJECT: ProjectId = ProjectId::new(4071);
/// The architect of the seed.
const ARCHITECT: UserId = UserId::new(5201);
/// The project engineer of the seed.
const ENGINEER: UserId = UserId::new(5101);

/// A stand-in and a client of it.
struct Desk {
    sandbox: Sandbox,
    procore: Procore,
}

impl Desk {
    /// The seeded project with all its records.
    async fn start() -> Desk {
        Desk::with(Options::demo()).await
    }

    async fn with(options: Options) -> Desk {
        let sandbox = Sandbox::start(options).await.unwrap();
        let procore = client(&sandbox, |_| {});
        Desk { sandbox, procore }
    }

    /// The section with this number.
    fn section(&self, number: &str) -> SectionId {
        let sections = self.sandbox.sections();
        SectionId::new(sections.iter().find(|section| section.number == number).unwrap().section_id)
    }

    /// The day the seed's log is about.
    fn day(&self) -> Date {
        self.sandbox.log_entries().iter().map(|entry| entry.date).max().unwrap()
    }

    /// Tokens that were asked for.
    fn tokens(&self) -> usize {
        self.sandbox.requests().iter().filter(|asked| asked.path == "/oauth/token").count()
    }
}

/// A client that makes no pause worth the name before it tries again.
fn client(sandbox: &Sandbox, change: impl FnOnce(&mut Settings)) -> Procore {
    let hosts = Hosts { api: sandbox.url(), login: sandbox.url() };
    let secret = "sandbox-client-secret".to_owned().into();
    let mut settings = Settings::new(COMPANY, hosts, "sandbox-client-id", secret);
    settings.first_retry_pause = Duration::from_millis(1);
    change(&mut settings);
    Procore::new(settings).unwrap()
}

/// A client of its own that waits for nothing, so that what it was told to wait for shows.
fn impatient(sandbox: &Sandbox) -> Procore {
    client(sandbox, |_| {}).until(Timestamp::now())
}

/// The class of what must have failed.
fn class<T>(answer: Result<T, Error>) -> Class {
    match answer {
        Ok(_) => panic!("it was answered"),
        Err(error) => error.class(),
    }
}

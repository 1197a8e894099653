//! `plumbline hooks` against the stand-in: what is made, what is mended, what is left alone, and what each costs in writes.

mod applied;
mod broken;
mod deliveries;
mod older;
mod permissions;
mod removed;
mod rotated;
mod secret;
mod strangers;
mod uncertain;

use clap::Parser;
use embedded::Store;
use jiff::{SignedDuration, Timestamp};
use plumbline::hooks::{
    self,
    desk::{Desk, Keys},
};
use procore::{
    HookId, ProjectId,
    hooks::{Hook, NewHook, NewTrigger, Scope, TriggerEvent},
};
use sandbox::{Event, Options, Sandbox};

use crate::world::{AUTHORIZATION, FarSide, SERVICE_ACCOUNT, Terms};

const PROJECT: Scope = Scope::Project(ProjectId::new(4071));
const NAMESPACE: &str = "plumbline-it";
/// The value our door is to be sent, and one it accepts still: they end otherwise, as values made by the program do.
const NEW: &str = AUTHORIZATION;
const OLD: &str = "Bearer it-value-of-before";
/// Nobody listens there.
const DOOR: &str = "http://127.0.0.1:9/webhooks/procore";

/// A command line without the program's name.
#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: hooks::Command,
}

/// The far sides, and a desk to command from.
struct Office {
    far: FarSide,
    desk: Desk,
}

impl Office {
    async fn start() -> Self {
        Self::with(Terms::default()).await
    }

    async fn with(terms: Terms) -> Self {
        Self::over(FarSide::start(Options::empty()).await, terms)
    }

    fn over(far: FarSide, terms: Terms) -> Self {
        let setup = far.setup(terms);
        let store = Store::open(&setup.data, Timestamp::now).unwrap();
        let desk = Desk::of_setup(&setup, store).unwrap();
        Self { far, desk }.knowing(&[NEW, OLD])
    }

    /// The same, of a shell that has these values.
    fn knowing(mut self, values: &[&str]) -> Self {
        self.desk.keys = Keys::Environment(values.iter().map(|value| (*value).to_owned().into()).collect());
        self
    }

    fn sandbox(&self) -> &Sandbox {
        &self.far.sandbox
    }

    /// The exit code and what is printed; an error is printed too, and ends with 1.
    async fn told(&self, words: &str) -> (u8, String) {
        self.told_at(words, Timestamp::now()).await
    }

    async fn told_at(&self, words: &str, now: Timestamp) -> (u8, String) {
        let line = Line::try_parse_from(["hooks"].into_iter().chain(words.split_whitespace())).unwrap();
        let mut out = String::new();
        match hooks::run(&self.desk, &line.command, now, &mut out).await {
            Ok(code) => (code, out),
            Err(error) => (1, format!("{out}error: {error:#}\n")),
        }
    }

    async fn plan(&self) -> (u8, String) {
        self.told(&format!("plan --url {DOOR}")).await
    }

    async fn apply(&self) -> (u8, String) {
        self.told(&format!("apply --url {DOOR}")).await
    }

    /// Applies from nothing, and returns the one hook.
    async fn applied(&self) -> Hook {
        let (code, words) = self.apply().await;
        assert_eq!(code, 0, "{words}");
        let hooks = self.hooks(PROJECT, NAMESPACE).await;
        let [hook] = hooks.try_into().unwrap();
        hook
    }

    async fn hooks(&self, scope: Scope, namespace: &str) -> Vec<Hook> {
        self.desk.procore.hooks(scope, namespace).await.unwrap()
    }

    /// What a hook listens to, such as `RFIs create`, in order.
    async fn listens(&self, scope: Scope, hook: HookId) -> Vec<String> {
        let triggers = self.desk.procore.triggers(scope, hook).await.unwrap();
        let mut told: Vec<String> =
            triggers.iter().map(|one| format!("{} {}", one.resource_name, one.event.as_str())).collect();
        told.sort();
        told
    }

    /// Writes so far.
    fn writes(&self) -> usize {
        self.far.writes().len()
    }

    /// Makes a hook by hand that listens to RFIs, or to projects.
    async fn by_hand(&self, scope: Scope, namespace: &str, url: &str) -> HookId {
        let procore = &self.desk.procore;
        let new = NewHook {
            payload_version: "v3.0".to_owned(),
            namespace: namespace.to_owned(),
            destination_url: url.parse().unwrap(),
            authorization: NEW.to_owned().into(),
        };
        let hook = procore.create_hook(scope, &new).await.unwrap().id;
        let name = if scope == Scope::Company { "Projects" } else { "RFIs" };
        let trigger = NewTrigger { resource_name: name.to_owned(), event: TriggerEvent::Create };
        procore.create_triggers(scope, hook, "v3.0", &[trigger]).await.unwrap();
        hook
    }

    /// An event of the service account itself: the door takes it and queues nothing.
    fn emit(&self, record: i64) {
        emit(self.sandbox(), record);
    }
}

fn emit(sandbox: &Sandbox, record: i64) {
    sandbox.emit(&Event {
        resource_name: "RFIs".to_owned(),
        resource_id: record,
        reason: "update".to_owned(),
        user_id: Some(SERVICE_ACCOUNT),
        application_id: None,
        project_id: Some(4071),
    });
}

fn in_minutes(minutes: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_mins(minutes)
}

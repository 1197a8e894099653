//! The handle: start, look, change, and order faults.

mod records;
mod switches;

use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{
    net::TcpListener,
    time::{Instant, timeout_at},
};
use url::Url;

use crate::{
    api::{self, OddFile},
    connection::{Cut, Cuttable},
    contract,
    events::Event,
    faults::{Fault, Rule},
    hooks,
    journal::{Delivery, Recorded},
    options::{Hook, Options, RunSource},
    pages,
    quota::WindowUse,
    records::{Drawing, Item, Person, SectionRevision},
    seed,
    state::Shared,
};

/// A running stand-in. Clones share it; it lives as long as the runtime it was started on.
#[derive(Clone)]
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
}

impl Sandbox {
    /// Binds, seeds and serves. Fails if the address is taken or is not loopback, or if the
    /// environment orders a contract check that cannot be made.
    pub async fn start(options: Options) -> io::Result<Self> {
        if !options.listen.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the sandbox listens on loopback only: give it an address such as 127.0.0.1:0",
            ));
        }
        let front = TcpListener::bind(options.listen).await?;
        let storage = TcpListener::bind(SocketAddr::new(options.listen.ip(), 0)).await?;
        let url = base_url(front.local_addr()?)?;
        let storage_url = base_url(storage.local_addr()?)?;
        let templates = pages::templates().map_err(io::Error::other)?;
        let contract = contract::of_process()?;
        let shared = Arc::new(Shared::new(options, url, storage_url, templates, contract));

        let routes =
            Router::new().merge(pages::routes()).merge(api::routes(&shared)).with_state(shared.clone());
        let serve = axum::serve(Cuttable(front), routes.into_make_service_with_connect_info::<Cut>());
        tokio::spawn(async move { serve.await });
        let storage_routes = api::storage_routes(&shared);
        tokio::spawn(async move { axum::serve(storage, storage_routes).await });
        Ok(Self { shared })
    }

    /// Base of the API host, the login host and the pages: all are this one. Files in cloud storage are elsewhere.
    #[must_use]
    pub fn url(&self) -> Url {
        self.shared.url.clone()
    }

    /// Subscribes a hook to every event from now on.
    pub fn subscribe(&self, hook: Hook) {
        hooks::subscribe(&self.shared, hook, None);
    }

    /// Puts any event on the queue of every hook.
    pub fn emit(&self, event: &Event) {
        self.shared.change(|state| state.emit(event));
    }

    /// User id of the service account.
    #[must_use]
    pub fn service_account(&self) -> i64 {
        self.shared.read(|state| state.service_account_id)
    }

    /// The directory.
    #[must_use]
    pub fn people(&self) -> Vec<Person> {
        self.shared.read(|state| state.people.clone())
    }

    /// All revisions of all specification sections.
    #[must_use]
    pub fn sections(&self) -> Vec<SectionRevision> {
        self.shared.read(|state| state.sections.clone())
    }

    /// Issues a new revision of a section with this text, dated today.
    pub fn issue_revision(&self, number: &str, revision: &str, text: &str) {
        let issued_date = jiff::Zoned::now().date().to_string();
        self.shared.change(|state| seed::issue(&mut state.sections, number, revision, &issued_date, text));
    }

    /// All sheets.
    #[must_use]
    pub fn drawings(&self) -> Vec<Drawing> {
        self.shared.read(|state| state.drawings.clone())
    }

    /// Correspondence items that are not deleted.
    #[must_use]
    pub fn correspondence(&self) -> Vec<Item> {
        self.shared.read(|state| state.items.iter().filter(|item| !item.deleted).cloned().collect())
    }

    /// Every request to the API, the login host and the storage host so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.read(|state| state.journal.iter().map(|(_, recorded)| recorded.clone()).collect())
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.note(|state| state.journal.clear());
    }

    /// Every webhook delivery so far.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.read(|state| state.deliveries.clone())
    }

    /// Calls counted against the budget so far, refused ones included.
    #[must_use]
    pub fn calls_counted(&self) -> u64 {
        self.shared.read(|state| state.meter.counted())
    }

    /// Calls answered 429 for want of budget so far; ordered faults are none.
    #[must_use]
    pub fn calls_refused(&self) -> u64 {
        self.shared.read(|state| state.meter.refused())
    }

    /// What was made of each rate window that has begun, the hourly ones first, each kind in its order.
    #[must_use]
    pub fn quota_use(&self) -> Vec<WindowUse> {
        self.shared.read(|state| state.meter.windows())
    }

    /// Address of a file that is not what it says, on the API host.
    #[must_use]
    pub fn odd_file(&self, odd: OddFile) -> String {
        odd.address(&self.shared)
    }

    /// What Procore would have mailed, one line each. Nothing is ever sent.
    #[must_use]
    pub fn mails(&self) -> Vec<String> {
        self.shared.read(|state| state.mails.clone())
    }

    /// Orders a fault for the next `times` requests that match `"METHOD part-of-path"` (or a part of a path alone).
    pub fn fail_next(&self, matcher: &str, fault: Fault, times: u32) {
        self.shared.note(|state| state.faults.push(Rule::new(matcher, fault, times)));
    }

    /// Orders a fault for one request: the one that comes after `requests` others that match.
    pub fn fail_after(&self, requests: u32, matcher: &str, fault: Fault) {
        self.shared.note(|state| state.faults.push(Rule::new(matcher, fault, 1).after(requests)));
    }

    /// From now on one call in `one_in` fails in one of the ways of a far side: 500, 502, 503, rarely 429, a connection
    /// closed before or after applying, a delay. Calls of the login host fail ten times less often. The seed fixes the
    /// sequence of the faults. Faults ordered for a request come first.
    pub fn fail_one_in(&self, one_in: u64, seed: u64) {
        self.shared.note(|state| state.standing.order(one_in, seed));
    }

    /// How many faults came by chance so far, by name.
    #[must_use]
    pub fn injected(&self) -> BTreeMap<&'static str, u64> {
        self.shared.read(|state| state.standing.injected().clone())
    }

    /// Takes back every fault ordered so far, and those that come by chance.
    pub fn heal(&self) {
        self.shared.note(|state| {
            state.faults.clear();
            state.standing.heal();
        });
    }

    /// Lets go of every request that is held under this name, now and later ([`Fault::Hold`]).
    pub fn release(&self, name: &'static str) {
        self.shared.released.send_modify(|released| released.push(name));
    }

    /// Makes every token issued so far invalid.
    pub fn revoke_tokens(&self) {
        self.shared.note(|state| state.tokens.clear());
    }

    /// The reviewer replaces the item's description in the browser; its webhook is sent.
    pub fn edit_item_as_person(&self, id: i64, text: &str) {
        self.shared.change(|state| {
            let reviewer = state.first_with("Project Engineer").unwrap_or_default();
            let now = state.now();
            if let Some(item) = state.item_mut(id) {
                item.description = text.to_owned();
                item.updated_at = now;
                let event = state.event_by_person("Generic Tool Items", id, "update", reviewer);
                state.emit(&event);
            }
        });
    }

    /// The reviewer issues the item in the browser without changing a word; its webhook is sent.
    pub fn issue_item_as_person(&self, id: i64) {
        self.shared.change(|state| {
            let reviewer = state.first_with("Project Engineer").unwrap_or_default();
            let now = state.now();
            if let Some(item) = state.item_mut(id) {
                "Open".clone_into(&mut item.status);
                item.updated_at = now;
                item.issued_at = Some(item.updated_at);
                let event = state.event_by_person("Generic Tool Items", id, "update", reviewer);
                state.emit(&event);
            }
        });
    }

    /// The reviewer deletes the item in the browser; its webhook is sent.
    pub fn delete_item_as_person(&self, id: i64) {
        self.shared.change(|state| {
            let reviewer = state.first_with("Project Engineer").unwrap_or_default();
            if let Some(item) = state.item_mut(id) {
                item.deleted = true;
                let event = state.event_by_person("Generic Tool Items", id, "delete", reviewer);
                state.emit(&event);
            }
        });
    }

    /// Sets the source of the run pages.
    pub fn set_runs(&self, runs: RunSource) {
        *self.shared.runs.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(runs);
        self.touch();
    }

    /// Tells the open pages that something they show has changed, such as a finished run.
    pub fn touch(&self) {
        self.shared.touch();
    }

    /// Waits until `reached` holds, looking again whenever anything has happened. False after `within`.
    #[must_use]
    pub async fn wait_for(&self, within: Duration, reached: impl Fn(&Self) -> bool) -> bool {
        let deadline = Instant::now() + within;
        let mut activity = self.shared.activity.subscribe();
        loop {
            activity.mark_unchanged();
            if reached(self) {
                return true;
            }
            if !matches!(timeout_at(deadline, activity.changed()).await, Ok(Ok(()))) {
                return reached(self);
            }
        }
    }
}

fn base_url(address: SocketAddr) -> io::Result<Url> {
    Url::parse(&format!("http://{address}/")).map_err(io::Error::other)
}

//! What a scenario sees of a backend: the front door, deliveries to workers, the ledger, the dead letters.

use std::{collections::BTreeMap, future::Future};

use agent::{
    RunRecord,
    admit::Own,
    ingest::{Door, Request},
    ledger::Ledger,
    queue::{DeadLetters, Kept, Queue},
    run::{Edge, Step},
};
use jiff::SignedDuration;
use procore::{CompanyId, UserId};
use sandbox::Item;
use serde_json::Value;

use crate::{
    clock,
    world::{AUTHORIZATION, FarSide, SERVICE_ACCOUNT, Terms, secrets},
};

/// More rounds than any message needs to come to an end.
const ROUNDS: usize = 60;
/// Time between two rounds: longer than a lease in dispute, a write of unknown end, or a first wait after a failure.
const BETWEEN_ROUNDS: SignedDuration = SignedDuration::from_secs(31);

/// Which worker is handed the messages. Both work for the same company over the same backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worker {
    /// With the test's clock.
    First,
    /// With the skewed one.
    Second,
}

/// What is wrong with a backend, until [`Side::heal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing can be written to claims, nor tries be counted, once so many changes of claims were made.
    ClaimsRefused { after: u32 },
    /// The same, but tries can be counted.
    OnlyClaimsRefused { after: u32 },
    /// Once so many changes of a claim were made, the next finds that somebody else was faster.
    ClaimOvertaken { after: u32 },
    /// Of several messages sent at once the second is refused.
    SecondSendRefused,
    /// Nothing can be put to the dead letters.
    BuryingRefused,
    /// What becomes of a message in hand does not arrive: it is neither deleted nor hidden.
    NothingTold,
}

/// One backend with the whole product over it.
pub(crate) trait Side: Sized {
    /// Ledger, queue and dead letters.
    type Backend: Ledger + Queue + DeadLetters;

    /// Longest time for which a worker that died keeps others from a record.
    const LEASE: SignedDuration;

    /// From the beginning of a run to its deadline.
    const TIME_OF_A_RUN: SignedDuration;

    /// Another one of the kind, with far sides of its own.
    fn another(&self) -> impl Future<Output = Self>;

    /// From now on this is wrong. One trouble at a time.
    fn trouble(&self, trouble: Trouble);

    /// Nothing is wrong any more.
    fn heal(&self);

    fn far(&self) -> &FarSide;

    fn backend(&self) -> &Self::Backend;

    /// Writes another configuration, as an operator does while everything runs.
    fn configure(&self, terms: Terms) -> impl Future<Output = ()>;

    /// Hands all that is on the queue, hidden or not, to a worker as one batch, and does with it what the worker says. False
    /// if nothing was there.
    fn deliver_to(&self, worker: Worker) -> impl Future<Output = bool>;

    /// Messages on the queue, hidden ones included.
    fn waiting(&self) -> impl Future<Output = u64>;

    /// A worker that dies with what it has in hand: nothing is told to the queue any more, leases stay. Its messages
    /// come back.
    fn delivered_and_dropped(&self, until: impl Future<Output = ()>) -> impl Future<Output = ()>;

    /// A delivery whose worker goes no further than the first wait after this end of a step.
    async fn dropped_at(&self, step: Step, edge: Edge) {
        let (told, mut reached) = tokio::sync::watch::channel(false);
        clock::set_watcher(move |at_step, at_edge| {
            if (at_step, at_edge) == (step, edge) {
                told.send_replace(true);
                clock::end_turn();
            }
        });
        self.delivered_and_dropped(async {
            reached.wait_for(|reached| *reached).await.unwrap();
        })
        .await;
    }

    async fn deliver(&self) -> bool {
        self.deliver_to(Worker::First).await
    }

    /// Posts a webhook body; the status of the answer.
    async fn post(&self, body: &Value) -> u16 {
        let body = body.to_string();
        let door = Door {
            company: CompanyId::new(8001),
            own: Own {
                client_id: "sandbox-client-id".to_owned(),
                service_account: UserId::new(SERVICE_ACCOUNT),
            },
        };
        let request =
            Request { method: "POST", authorization: Some(AUTHORIZATION.as_bytes()), body: body.as_bytes() };
        let accepted = secrets().webhook_authorization;
        door.receive(request, &accepted, self.backend(), clock::now()).await.status
    }

    /// Delivers until nothing waits any more. Time passes between the rounds.
    async fn come_to_rest(&self) {
        for _ in 0..ROUNDS {
            if !self.deliver().await {
                assert_eq!(self.waiting().await, 0);
                return;
            }
            clock::advance(BETWEEN_ROUNDS);
        }
        panic!("messages still wait after {ROUNDS} rounds: {:?}", self.outcomes().await);
    }

    /// How runs ended, by outcome.
    async fn outcomes(&self) -> BTreeMap<String, usize> {
        let mut outcomes = BTreeMap::new();
        for run in self.runs().await {
            *outcomes.entry(run.outcome).or_default() += 1;
        }
        outcomes
    }

    /// Stories of the runs, newest first.
    async fn runs(&self) -> Vec<RunRecord> {
        self.backend().runs(1000).await.unwrap()
    }

    async fn dead(&self) -> Vec<Kept> {
        let dead = self.backend().letters(1000).await.unwrap();
        for kept in &dead {
            self.backend().put_back(kept).await.unwrap();
        }
        dead
    }

    /// Sends every dead letter again, as an operator does when the cause is gone.
    async fn redrive(&self) {
        for kept in self.backend().letters(1000).await.unwrap() {
            let envelope = agent::Envelope::from_body(&kept.letter.body).unwrap();
            self.backend().send(&[envelope]).await.unwrap();
            self.backend().discard(&kept).await.unwrap();
        }
    }

    /// Asserts that there are so many items, each a private draft for nobody, one for each record, and that nobody was
    /// mailed.
    fn assert_drafts(&self, count: usize) -> Vec<Item> {
        let items = self.far().items();
        assert_eq!(items.len(), count, "{:#?}", items.iter().map(|item| &item.title).collect::<Vec<_>>());
        for item in &items {
            assert_eq!((item.status.as_str(), item.private), ("Draft", true));
            assert!(item.assignees.is_empty() && item.distribution.is_empty());
        }
        assert_eq!(self.far().sandbox.mails(), Vec::<String>::new());
        items
    }

    /// Asserts that nothing waits and so many dead letters are kept.
    async fn assert_at_rest(&self, dead: usize) {
        assert_eq!(self.waiting().await, 0);
        let letters = self.dead().await;
        assert_eq!(letters.len(), dead, "{letters:?}");
    }
}

//! The whole product in one process: front door, durable queue, workers, ledger. `serve` and `demo` run this.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};

use agent::{
    Config, Ctx, RunRecord, Shelf, Switchboard, Watch,
    assemble::{Addresses, Clients, Pace, Secrets},
    ingest::Door,
    run::Watcher,
    sweep::Swept,
    worker::{self, Disposition, Message},
};
use anyhow::Context;
use documents::{Extractor, Limits};
use embedded::{Received, Store};
use jiff::Timestamp;
use otlp::Exporter;
use procore::Windows;
use tokio::{net::TcpListener, sync::Semaphore, sync::watch, task::JoinSet, time::timeout};

use crate::{live::LiveFile, sweep, web};

/// Messages worked on at once.
const WORKERS: usize = 4;
/// Time for one run: model, posting and all.
const RUN_TIME: Duration = Duration::from_secs(180);
/// A run that was dropped is not begun again at once: its lease ends first.
const AFTER_DROPPED: Duration = Duration::from_secs(5);
/// How long a message in hand is hidden: longer than a run, so that only a dead worker's comes back.
const VISIBILITY: Duration = Duration::from_secs(200);
/// After a request to stop, runs in hand get so long; then their messages are given back.
const GRACE: Duration = Duration::from_secs(20);
/// How often a collector is told what was measured.
const TELLING: Duration = Duration::from_secs(5);
/// How often the data directory is looked after.
const UPKEEP: Duration = Duration::from_secs(30);

/// Called with the story of every run that ended.
pub type OnRun = Arc<dyn Fn(&RunRecord) + Send + Sync>;

/// Called with the end of every run; without its story if it left none.
type OnEnd = Arc<dyn Fn(Option<&RunRecord>) + Send + Sync>;

/// Everything the service needs.
pub struct Setup {
    /// What runs where.
    pub config: Config,
    /// The file it came from, read again while the service runs; `None`: it stays as it is.
    pub config_file: Option<PathBuf>,
    /// The four secrets.
    pub secrets: Secrets,
    /// Hosts that replace the vendor's.
    pub addresses: Addresses,
    /// How long Procore's windows are, in which it counts calls.
    pub windows: Windows,
    /// Where queue and ledger live.
    pub data: PathBuf,
    /// Where webhooks come in.
    pub listen: SocketAddr,
    /// How often it looks for what webhooks did not tell, beginning at once; `None`: only when asked.
    pub sweep_every: Option<Duration>,
    /// Program that reads documents; `None` is this one, which then has to call [`documents::worker`] first.
    pub extractor: Option<PathBuf>,
    /// The time.
    pub clock: fn() -> Timestamp,
    /// Told of every step.
    pub watcher: Option<Watcher>,
    /// Told of every end.
    pub on_run: Option<OnRun>,
    /// The collector that is told what was measured.
    pub exporter: Option<Exporter>,
}

/// A running service.
pub struct Service {
    address: SocketAddr,
    store: Store,
    watch: Arc<Watch>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Service {
    /// Opens the data directory, the socket and the workers.
    ///
    /// # Errors
    /// When a setting, the directory or the address does not work; names it.
    pub async fn start(setup: Setup) -> anyhow::Result<Self> {
        let store = Store::open(&setup.data, setup.clock)?;
        let ctx = context(&setup, store.clone(), false)?;
        let listener = TcpListener::bind(setup.listen)
            .await
            .with_context(|| format!("cannot listen on {}: choose another --listen", setup.listen))?;
        let address = listener.local_addr().context("the socket has no address")?;
        let (stop, stopped) = watch::channel(false);

        let watch = Arc::new(Watch::new(None, setup.exporter, setup.clock));
        let door = Door { company: ctx.config.company_id, own: ctx.own.clone() };
        let mut tasks = JoinSet::new();
        let router =
            web::router(door, setup.secrets.webhook_authorization.clone(), store.clone(), Arc::clone(&watch));
        let mut closing = stopped.clone();
        tasks.spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(async move {
                let _ = closing.wait_for(|stop| *stop).await;
            });
            if let Err(error) = served.await {
                tracing::error!(error = %error, "the front door closed");
            }
        });
        tasks.spawn(upkeep(store.clone(), setup.clock, stopped.clone()));
        if let Some(every) = setup.sweep_every {
            let swept = Arc::clone(&watch);
            let tell = move |report: &Swept| swept.sweep(report);
            tasks.spawn(sweep::always(ctx.clone(), store.clone(), every, tell, stopped.clone()));
        }
        tasks.spawn(telling(Arc::clone(&watch), stopped.clone()));
        let (on_run, ended) = (setup.on_run, Arc::clone(&watch));
        let tell: OnEnd = Arc::new(move |story| {
            ended.run(story);
            if let (Some(on_run), Some(story)) = (&on_run, story) {
                on_run(story);
            }
        });
        tasks.spawn(dispatch(ctx, stopped, tell));
        Ok(Self { address, store, watch, stop, tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its queue and ledger.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Closes the front door, finishes what is in hand or gives it back, and ends.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        self.watch.flush().await;
    }
}

/// The container of a run, over SQLite.
///
/// # Errors
/// When a client cannot be built from configuration and secrets.
pub fn context(setup: &Setup, store: Store, dry_run: bool) -> anyhow::Result<Ctx<Store>> {
    let pace = Pace { book: Arc::new(store.clone()), windows: setup.windows };
    let clients = Clients::new(&setup.config, &setup.secrets, &setup.addresses, pace)?;
    let extractor = match &setup.extractor {
        Some(program) => Extractor::new(program.clone(), Limits::default()),
        None => Extractor::this_program(Limits::default())
            .context("this program's own file is not to be found")?,
    };
    let config = Arc::new(setup.config.clone());
    let live: Arc<dyn Switchboard> = match &setup.config_file {
        Some(path) => Arc::new(LiveFile::new(path.clone(), Arc::clone(&config), setup.clock)),
        None => Arc::new(Arc::clone(&config)),
    };
    Ok(Ctx {
        config,
        live,
        own: clients.own,
        procore: clients.procore,
        models: Arc::new(clients.models),
        holder: store.holder().to_owned(),
        shelf: Shelf::new(Arc::new(store.clone())),
        ledger: store,
        extractor,
        clock: setup.clock,
        seed: seed(),
        watcher: setup.watcher,
        dry_run,
        account: Arc::new(OnceLock::new()),
    })
}

/// Random bytes of this process, from two ULIDs: 160 random bits.
fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    let (first, second) = (ulid::Ulid::generate().to_bytes(), ulid::Ulid::generate().to_bytes());
    for (place, byte) in seed.iter_mut().zip(first.into_iter().chain(second)) {
        *place = byte;
    }
    seed
}

/// Takes messages as long as there are hands for them.
async fn dispatch(ctx: Ctx<Store>, mut stopped: watch::Receiver<bool>, on_end: OnEnd) {
    let hands = Arc::new(Semaphore::new(WORKERS));
    let (drop_it, dropped) = watch::channel(false);
    let mut running = JoinSet::new();
    let store = ctx.ledger.clone();
    loop {
        while running.try_join_next().is_some() {}
        let hand = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            hand = Arc::clone(&hands).acquire_owned() => hand,
        };
        let Ok(hand) = hand else { break };
        // Not part of a select: a receive that is cancelled half-way hides its message until its time is over.
        match store.receive(1, VISIBILITY, (ctx.clock)()).await {
            Ok(received) if received.is_empty() => {
                drop(hand);
                // Whoever has nothing to do must not keep leave for calls that other processes could make.
                ctx.procore.hand_back().await;
                tokio::select! {
                    _ = stopped.wait_for(|stop| *stop) => break,
                    () = store.wait_for_mail() => {}
                    () = until_next(&store, ctx.clock) => {}
                }
            }
            Ok(received) => {
                let (ctx, on_end, mut dropped) = (ctx.clone(), Arc::clone(&on_end), dropped.clone());
                running.spawn(async move {
                    for message in received {
                        let finished = tokio::select! {
                            () = handle(&ctx, &message, &on_end) => true,
                            _ = dropped.wait_for(|drop_it| *drop_it) => false,
                        };
                        if !finished {
                            give_back(&ctx, &message).await;
                        }
                    }
                    // Free for the next message.
                    drop(hand);
                });
            }
            Err(error) => {
                tracing::error!(error = %error, "the queue cannot be read");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
    let finished = async { while running.join_next().await.is_some() {} };
    if timeout(GRACE, finished).await.is_err() {
        let _ = drop_it.send(true);
        while running.join_next().await.is_some() {}
    }
    ctx.procore.hand_back().await;
}

/// Sleeps until a hidden message shows again, or it is time to look again anyway: other processes of the same
/// directory send too, and their mail wakes nobody here.
async fn until_next(store: &Store, clock: fn() -> Timestamp) {
    let wait = match store.next_visible().await {
        Ok(Some(at)) => Duration::try_from(at.duration_since(clock())).unwrap_or_default().min(UPKEEP),
        _ => UPKEEP,
    };
    tokio::time::sleep(wait).await;
}

/// Tells the collector, if there is one, what was measured meanwhile.
async fn telling(watch: Arc<Watch>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(TELLING) => {}
        }
        watch.flush().await;
    }
}

/// Gives back what dead processes of the same directory held, and removes what has been kept for long enough.
async fn upkeep(store: Store, clock: fn() -> Timestamp, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(UPKEEP) => {}
        }
        let now = clock();
        if let Err(error) = store.reclaim_dead(now).await {
            tracing::warn!(error = %error, "what dead workers held was not looked for");
        }
        if let Err(error) = store.purge(now).await {
            tracing::warn!(error = %error, "old runs were not removed");
        }
    }
}

async fn handle(ctx: &Ctx<Store>, message: &Received, on_end: &OnEnd) {
    let (_, story) = work_off(ctx, message).await;
    on_end(story.as_ref());
}

/// Works on a message in hand and tells the queue what became of it.
pub async fn work_off(ctx: &Ctx<Store>, message: &Received) -> (Disposition, Option<RunRecord>) {
    let deadline = (ctx.clock)().checked_add(RUN_TIME).unwrap_or(Timestamp::MAX);
    let ctx = Ctx { config: ctx.live.current().await, ..ctx.clone() };
    let id = message.receipt.message_id();
    let in_hand = Message { id: &id, body: &message.body, receive_count: message.receive_count };
    // What passes its deadline is dropped: others may take the record over then.
    let (disposition, story) = match timeout(RUN_TIME, worker::work(&ctx, in_hand, deadline)).await {
        Ok(worked) => worked,
        Err(_) => {
            tracing::error!("a run passed its deadline and was dropped");
            (Disposition::HandBack { delay: AFTER_DROPPED, counted: true }, None)
        }
    };
    let store = &ctx.ledger;
    let now = (ctx.clock)();
    let told = match &disposition {
        Disposition::Done => store.delete(&message.receipt).await,
        Disposition::HandBack { delay, counted } => {
            store.hand_back(&message.receipt, *delay, *counted, now).await
        }
        Disposition::Bury { reason } => store.bury_received(&message.receipt, reason, now).await,
    };
    if let Err(error) = told {
        // The message comes back when its time is over; the claim knows what was done.
        tracing::error!(error = %error, "the queue was not told what became of a message");
    }
    (disposition, story)
}

async fn give_back(ctx: &Ctx<Store>, message: &Received) {
    if let Err(error) = ctx.ledger.hand_back(&message.receipt, Duration::ZERO, false, (ctx.clock)()).await {
        tracing::error!(error = %error, "a message in hand was not given back; it comes back by itself");
    }
}

/// Reads a configuration file.
///
/// # Errors
/// Names the file, and in it line and key.
pub fn read_config(path: &Path) -> anyhow::Result<Config> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Config::parse(&text, &path.display().to_string())?)
}

//! `plumbline serve` as a process: started, killed with SIGKILL at a random moment, and started again over its data.

use std::{
    net::SocketAddr,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use sandbox::Dice;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

use crate::{
    child::{data, interrupt, program},
    world::{FarSide, PATIENCE, PROGRAM},
};

/// A life is this long at least and at most.
const LIFE_MS: (u64, u64) = (2000, 8000);
/// A process that was started says where it listens within this time.
const START: Duration = PATIENCE;

/// Where the front door is; `None` while nobody lives.
pub(crate) type Door = watch::Receiver<Option<String>>;

/// The end of a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kill {
    pub(crate) at: Timestamp,
    /// When the next life began to listen. What the far sides got from the dead one they may have noted until then: it lay
    /// in their sockets.
    pub(crate) until: Timestamp,
}

/// What was seen of all lives.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// The kills, in their order.
    pub(crate) kills: Vec<Kill>,
    /// What was logged as an error.
    pub(crate) errors: Vec<String>,
}

/// The service, whichever life it is in.
pub(crate) struct Lives {
    killer: JoinHandle<Life>,
    spare: watch::Sender<bool>,
    door: Door,
    ended: Arc<Mutex<Ended>>,
}

/// One life.
struct Life {
    child: Child,
    reader: JoinHandle<()>,
}

/// The last one, which is not killed.
pub(crate) struct Last {
    life: Life,
    ended: Arc<Mutex<Ended>>,
}

impl Lives {
    /// Starts the first one and the killing.
    pub(crate) async fn begin(far: &FarSide, mut dice: Dice) -> Self {
        let mut command = serve(far);
        let ended = Arc::<Mutex<Ended>>::default();
        let (told, door) = watch::channel(None);
        let (spare, mut spared) = watch::channel(false);
        let seen = Arc::clone(&ended);
        let killer = tokio::spawn(async move {
            let mut killed = None;
            loop {
                let (mut life, url) = Life::begin(&mut command, &seen).listening().await;
                if let Some(at) = killed.take() {
                    seen.lock().unwrap().kills.push(Kill { at, until: Timestamp::now() });
                }
                told.send_replace(Some(url));
                let length = Duration::from_millis(LIFE_MS.0 + dice.below(LIFE_MS.1 - LIFE_MS.0));
                tokio::select! {
                    _ = spared.wait_for(|spare| *spare) => return life,
                    status = life.child.wait() => panic!("the service ended by itself: {status:?}"),
                    // The random moment is what is tried here.
                    () = tokio::time::sleep(length) => {}
                }
                killed = Some(Timestamp::now());
                life.child.kill().await.unwrap();
                told.send_replace(None);
                life.reader.await.unwrap();
            }
        });
        Self { killer, spare, door, ended }
    }

    pub(crate) fn door(&self) -> Door {
        self.door.clone()
    }

    /// Ends the killing; the one that lives now lives on.
    pub(crate) async fn spare(self) -> Last {
        self.spare.send_replace(true);
        Last { life: self.killer.await.unwrap(), ended: self.ended }
    }
}

impl Last {
    /// Stops it in order and starts another.
    pub(crate) async fn renew(self, far: &FarSide) -> Self {
        let ended = self.stop().await;
        let (life, _) = Life::begin(&mut serve(far), &ended).listening().await;
        Self { life, ended }
    }

    /// Stops it in order; what was seen of all lives.
    pub(crate) async fn end(self) -> Ended {
        let ended = self.stop().await;
        std::mem::take(&mut *ended.lock().unwrap())
    }

    async fn stop(self) -> Arc<Mutex<Ended>> {
        let Self { mut life, ended } = self;
        interrupt(&life.child, "TERM");
        let status = timeout(PATIENCE, life.child.wait()).await.expect("it ends in time").unwrap();
        assert!(status.success(), "{status}");
        life.reader.await.unwrap();
        ended
    }
}

fn serve(far: &FarSide) -> Command {
    let mut command = program(PROGRAM, far);
    command
        .env("PLUMBLINE_LOG", "error")
        .arg("serve")
        .args([std::ffi::OsStr::new("--config"), far.data.path().join("plumbline.toml").as_os_str()])
        .args([std::ffi::OsStr::new("--data"), data(far).as_os_str()])
        .args(["--listen", &SocketAddr::from(([127, 0, 0, 1], 0)).to_string()])
        .stderr(Stdio::piped());
    command
}

/// A life that has not said yet where it listens.
struct Born {
    life: Life,
    url: watch::Receiver<Option<String>>,
}

impl Life {
    fn begin(command: &mut Command, ended: &Arc<Mutex<Ended>>) -> Born {
        let mut child = command.spawn().unwrap();
        let (told, url) = watch::channel(None);
        let reader = tokio::spawn(read(child.stderr.take().unwrap(), told, Arc::clone(ended)));
        Born { life: Self { child, reader }, url }
    }
}

impl Born {
    async fn listening(mut self) -> (Life, String) {
        let told = timeout(START, self.url.wait_for(Option::is_some)).await.expect("it starts in time");
        let url = told.expect("it starts").clone().unwrap();
        (self.life, url)
    }
}

/// Lines of the program itself are its address and its farewell; all others are the log.
async fn read(stderr: ChildStderr, told: watch::Sender<Option<String>>, ended: Arc<Mutex<Ended>>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(url) = line.strip_prefix("plumbline: listening on ") {
            told.send_replace(Some(url.to_owned()));
        } else if !line.starts_with("plumbline: stopping") {
            ended.lock().unwrap().errors.push(line);
        }
    }
}

//! Sends the mail the way Procore does: what is not answered 2xx in five seconds is sent again.

use std::{collections::BTreeMap, time::Duration};

use tokio::{sync::mpsc, task::JoinSet, time::timeout};

use crate::{
    lives::Door,
    mail::{Kind, Mail},
    office::Office,
    queue::Desk,
    world::AUTHORIZATION,
};

/// Requests on their way at once.
const LANES: usize = 4;
/// More is not sent while so many messages wait, so that people's changes meet runs under way.
const BACKLOG: u64 = 60;
/// Requests between two looks at the backlog.
const BETWEEN_LOOKS: usize = 16;
/// Procore docs: an answer has to come within 5 s.
const ANSWER: Duration = Duration::from_secs(5);
/// The first of the waits before another try at the latest; a new life is told of at once.
const AGAIN: Duration = Duration::from_millis(200);
/// Tries of one request, far more than any needs.
const TRIES: u32 = 500;

/// What became of one request.
pub(crate) struct Sent {
    pub(crate) mail: Mail,
    /// The last answer.
    pub(crate) status: u16,
    /// Tries, the last one included.
    pub(crate) tries: u32,
}

/// Everything that was sent.
pub(crate) struct Outbox {
    pub(crate) sent: Vec<Sent>,
}

impl Outbox {
    /// Events by kind.
    pub(crate) fn by_kind(&self) -> BTreeMap<Kind, usize> {
        let mut kinds = BTreeMap::new();
        for piece in self.sent.iter().flat_map(|sent| &sent.mail.pieces) {
            *kinds.entry(piece.kind).or_default() += 1;
        }
        kinds
    }

    /// Events by payload version.
    pub(crate) fn by_version(&self) -> BTreeMap<&'static str, usize> {
        let mut versions = BTreeMap::new();
        for piece in self.sent.iter().flat_map(|sent| &sent.mail.pieces) {
            *versions.entry(piece.version).or_default() += 1;
        }
        versions
    }
}

/// Sends so many events; returns when each request has had its answer.
pub(crate) async fn send(office: &mut Office, events: usize, door: &Door, desk: &mut Desk) -> Outbox {
    let mut lanes = JoinSet::new();
    let mut ways = Vec::new();
    for _ in 0..LANES {
        let (way, mail) = mpsc::channel(1);
        ways.push(way);
        lanes.spawn(lane(mail, door.clone()));
    }
    let (mut left, mut requests) = (events, 0);
    while left > 0 {
        if requests % BETWEEN_LOOKS == 0 {
            desk.has_room(BACKLOG).await;
        }
        let mail = office.next(left);
        left -= mail.pieces.len();
        ways[requests % LANES].send(mail).await.unwrap();
        requests += 1;
    }
    drop(ways);
    let sent = lanes.join_all().await.into_iter().flatten().collect();
    Outbox { sent }
}

async fn lane(mut mail: mpsc::Receiver<Mail>, mut door: Door) -> Vec<Sent> {
    let client = reqwest::Client::new();
    let mut all = Vec::new();
    while let Some(mail) = mail.recv().await {
        all.push(deliver(&client, mail, &mut door).await);
    }
    all
}

async fn deliver(client: &reqwest::Client, mail: Mail, door: &mut Door) -> Sent {
    for tries in 1..=TRIES {
        let url = door.borrow_and_update().clone();
        let status = match url {
            Some(url) => post(client, &url, &mail).await,
            None => None,
        };
        if let Some(status) = status
            && ((200..300).contains(&status) || status == mail.expected())
        {
            return Sent { mail, status, tries };
        }
        // Ends at once when another life begins.
        let _ = timeout(AGAIN, door.changed()).await;
    }
    panic!("no answer to a request after {TRIES} tries");
}

/// The status of the answer, if one came.
async fn post(client: &reqwest::Client, url: &str, mail: &Mail) -> Option<u16> {
    let request = client.post(url).header("authorization", AUTHORIZATION);
    let request = request.header("content-type", "application/json").timeout(ANSWER);
    let answer = request.body(mail.body.clone()).send().await.ok()?;
    Some(answer.status().as_u16())
}

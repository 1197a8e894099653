//! Stands between a client and an emulator, loses answers, and refuses.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use aws::DynamoLedger;
use stack::sdk_at;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::{World, samples::clock};

/// What becomes of a connection.
enum Fate {
    /// Closed when the answer to its first request begins to arrive.
    Lost,
    /// Its first request is answered so, and never arrives.
    Answered { status: u16, body: String },
}

pub(crate) struct Between {
    address: SocketAddr,
    table: String,
    fates: Arc<Mutex<VecDeque<Fate>>>,
}

impl Between {
    /// Before a world's emulator.
    pub(crate) async fn start(world: &World) -> Self {
        let far = world.emulator.endpoint().socket_addrs(|| None).unwrap()[0];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fates = Arc::<Mutex<VecDeque<Fate>>>::default();
        let coming = Arc::clone(&fates);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let fate = coming.lock().unwrap().pop_front();
                tokio::spawn(relay(near, far, fate));
            }
        });
        Self { address, table: world.name.clone(), fates }
    }

    /// A ledger whose requests come through here. It has no connection yet, so what is to happen happens to its first.
    pub(crate) async fn ledger(&self) -> DynamoLedger {
        DynamoLedger::new(&sdk_at(&format!("http://{}", self.address)).await, &self.table, clock)
    }

    /// The answer on the next connection is lost.
    pub(crate) fn lose(&self) {
        self.fates.lock().unwrap().push_back(Fate::Lost);
    }

    /// The request on the next connection is answered so, and the connection closed.
    pub(crate) fn answer(&self, status: u16, body: &str) {
        self.fates.lock().unwrap().push_back(Fate::Answered { status, body: body.to_owned() });
    }

    /// The request on the next connection is refused by DynamoDB with a code.
    pub(crate) fn refuse(&self, code: &str) {
        self.answer(400, &format!("{{\"__type\":\"com.amazonaws.dynamodb.v20120810#{code}\"}}"));
    }

    /// The transaction on the next connection is cancelled for these reasons.
    pub(crate) fn cancel(&self, codes: &[&str]) {
        let reasons: Vec<String> = codes.iter().map(|code| format!("{{\"Code\":\"{code}\"}}")).collect();
        self.answer(
            400,
            &format!(
                "{{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\",\"CancellationReasons\":[{}]}}",
                reasons.join(",")
            ),
        );
    }

    /// True once all that was to happen has happened; else a test shows nothing.
    pub(crate) fn is_done(&self) -> bool {
        self.fates.lock().unwrap().is_empty()
    }
}

async fn relay(mut near: TcpStream, far: SocketAddr, fate: Option<Fate>) {
    match fate {
        Some(Fate::Answered { status, body }) => {
            read_request(&mut near).await;
            let head = format!(
                "HTTP/1.1 {status} -\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            near.write_all((head + &body).as_bytes()).await.unwrap();
        }
        Some(Fate::Lost) => {
            let mut far = TcpStream::connect(far).await.unwrap();
            let (mut request, _) = near.split();
            let (mut answer, mut there) = far.split();
            tokio::select! {
                _ = copy(&mut request, &mut there) => {}
                _ = answer.read_u8() => {}
            }
        }
        None => {
            let mut far = TcpStream::connect(far).await.unwrap();
            let _ = copy_bidirectional(&mut near, &mut far).await;
        }
    }
}

/// Reads one request to its end: who closes before that resets the connection.
async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            if body.len() >= length.unwrap().trim().parse().unwrap() {
                return;
            }
        }
        if stream.read_buf(&mut request).await.unwrap() == 0 {
            return;
        }
    }
}

//! A write that took effect and whose answer was lost on the way: the SDK sends it again.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use agent::ledger::{Counter, Ledger};
use aws::DynamoLedger;
use procore::{CompanyId, Written};
use stack::{Emulator, sdk_at};
use tokio::{
    io::{AsyncReadExt, copy, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::{
    World,
    samples::{claim, clock, key},
};

/// Stands between a client and the emulator. The next `lose` connections are closed when the answer to their request
/// begins to arrive.
struct Between {
    address: SocketAddr,
    lose: Arc<AtomicU32>,
}

impl Between {
    async fn start(emulator: &Emulator) -> Self {
        let far = emulator.endpoint().socket_addrs(|| None).unwrap()[0];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let lose = Arc::new(AtomicU32::new(0));
        let losing = Arc::clone(&lose);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(relay(near, far, Arc::clone(&losing)));
            }
        });
        Self { address, lose }
    }
}

async fn relay(mut near: TcpStream, far: SocketAddr, lose: Arc<AtomicU32>) {
    let mut far = TcpStream::connect(far).await.unwrap();
    let one_less = |left: u32| left.checked_sub(1);
    if lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
        let (mut request, _) = near.split();
        let (mut answer, mut there) = far.split();
        tokio::select! {
            _ = copy(&mut request, &mut there) => {}
            _ = answer.read_u8() => {}
        }
    } else {
        let _ = copy_bidirectional(&mut near, &mut far).await;
    }
}

#[tokio::test]
async fn our_own_write_in_the_way_is_taken_for_ours() {
    let Some(world) = World::new().await else { return };
    let between = Between::start(world.emulator).await;
    let sdk = sdk_at(&format!("http://{}", between.address)).await;
    let ledger = DynamoLedger::new(&sdk, &world.name, clock);
    between.lose.store(1, Ordering::SeqCst);
    assert_eq!(ledger.write(&key(1), &claim(0, None)).await.unwrap(), Some(1));
    assert_eq!(between.lose.load(Ordering::SeqCst), 0, "else this test shows nothing");
    assert_eq!(ledger.read(&key(1)).await.unwrap().unwrap().version, 1);
    assert_eq!(
        ledger.write(&key(1), &claim(0, None)).await.unwrap(),
        None,
        "the same claim, but another write"
    );
}

#[tokio::test]
async fn our_own_text_in_the_way_is_taken_for_ours() {
    let Some(world) = World::new().await else { return };
    let between = Between::start(world.emulator).await;
    let sdk = sdk_at(&format!("http://{}", between.address)).await;
    let ledger = DynamoLedger::new(&sdk, &world.name, clock);
    let company = CompanyId::new(8001);
    between.lose.store(1, Ordering::SeqCst);
    assert!(procore::PaceBook::swap(&ledger, company, 0, "first".into()).await.unwrap());
    assert_eq!(between.lose.load(Ordering::SeqCst), 0, "else this test shows nothing");
    let written = procore::PaceBook::read(&ledger, company).await.unwrap();
    assert_eq!(written, Written { version: 1, text: "first".into() });
    let again = procore::PaceBook::swap(&ledger, company, 0, "first".into()).await.unwrap();
    assert!(!again, "the same text, but another write");
}

#[tokio::test]
async fn what_is_taken_may_count_twice_and_what_is_given_back_never() {
    let Some(world) = World::new().await else { return };
    let between = Between::start(world.emulator).await;
    // A ledger for each step: a lost connection must be the one of the step.
    let ledger =
        async || DynamoLedger::new(&sdk_at(&format!("http://{}", between.address)).await, &world.name, clock);
    let usd = Counter("usd/4071/2026-11-20".into());
    let stands_at = async |sum: i64| {
        let ledger = ledger().await;
        // Adding nothing fits under the sum and under nothing less.
        (ledger.add(&usd, 0, Some(sum)).await.unwrap(), ledger.add(&usd, 0, Some(sum - 1)).await.unwrap())
            == (true, false)
    };

    between.lose.store(1, Ordering::SeqCst);
    assert!(ledger().await.add(&usd, 30, Some(100)).await.unwrap());
    assert!(stands_at(60).await, "met too early, never passed");

    between.lose.store(1, Ordering::SeqCst);
    ledger().await.add(&usd, -10, None).await.expect_err("whether it was given back is not known");
    assert!(stands_at(50).await, "given back once");
}

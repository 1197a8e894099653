//! S3 does what every cache must do, and a cache that does not work has nothing and says so.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws::S3Cache;
use aws_config::retry::RetryConfig;
use documents::Cache;
use stack::sdk_at;

use crate::{
    World,
    behaviour::cache,
    on_both,
    samples::{clock, later},
};

on_both!(
    s3_is_a_cache,
    a_life_on_s3_ends_by_our_clock,
    what_lies_beside_or_carries_no_end_is_not_ours,
    lists_go_on_until_there_are_enough,
);

const HOUR: Duration = Duration::from_secs(3600);

async fn s3_is_a_cache(world: World) {
    world.emulator.bucket(&world.name).await;
    cache::a_cache_keeps_and_forgets(&world.environment().await.cache(clock)).await;
}

async fn a_life_on_s3_ends_by_our_clock(world: World) {
    world.emulator.bucket(&world.name).await;
    let environment = world.environment().await;
    cache::a_life_in_a_cache_ends(&environment.cache(clock), &environment.cache(later)).await;
}

async fn what_lies_beside_or_carries_no_end_is_not_ours(world: World) {
    world.emulator.bucket(&world.name).await;
    let cache = world.environment().await.cache(clock);
    let sdk = world.emulator.sdk().await;
    let config = aws_sdk_s3::config::Builder::from(&sdk).force_path_style(true).build();
    let s3 = aws_sdk_s3::Client::from_conf(config);
    for (name, end) in [("other/a", "99999999999999"), ("kept/b", "soon"), ("kept/c", "")] {
        s3.put_object().bucket(&world.name).key(name).metadata("ends-at-ms", end).send().await.unwrap();
    }
    cache.put("d", b"ours".to_vec(), HOUR).await;
    assert_eq!(cache.keys("", 9).await, ["d"]);
    for key in ["a", "../other/a", "b", "c"] {
        assert_eq!(cache.get(key).await, None, "{key}");
    }
}

/// More than S3 lists in one answer, most of it over.
async fn lists_go_on_until_there_are_enough(world: World) {
    world.emulator.bucket(&world.name).await;
    let environment = world.environment().await;
    let (cache, later) = (environment.cache(clock), environment.cache(later));
    let keys: Vec<String> = (0..1010).map(|number| format!("p/{number:04}")).collect();
    for some in keys.chunks(50) {
        let put = some.iter().enumerate().map(|(position, key)| {
            // The last of each fifty lives.
            cache.put(key, b"x".to_vec(), if position % 50 == 9 { 2 * HOUR } else { HOUR })
        });
        futures::future::join_all(put).await;
    }
    assert_eq!(later.keys("p/", 100).await.len(), 21);
    assert_eq!(later.keys("p/", 100).await.last().map(String::as_str), Some("p/1009"));
    assert_eq!(cache.keys("p/", 100).await, keys[..100]);
}

#[tokio::test]
async fn without_a_bucket_nothing_is_kept() {
    let sdk = sdk_at("http://127.0.0.1:9/").await;
    let cache = S3Cache::new(&sdk, None, clock);
    cache.put("a", b"x".to_vec(), HOUR).await;
    assert_eq!((cache.get("a").await, cache.keys("", 9).await), (None, Vec::new()));
    assert!(cache.remove("a").await, "nothing is there");
}

#[tokio::test]
async fn a_cache_that_cannot_be_reached_has_nothing_and_has_not_forgotten() {
    // Nobody listens there: it was free a moment ago, and what is closed refuses at once.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let sdk = sdk_at(&format!("http://127.0.0.1:{port}/")).await;
    let sdk = sdk.into_builder().retry_config(RetryConfig::disabled()).build();
    let cache = S3Cache::new(&sdk, Some("bucket"), clock);
    let log = Log::default();
    let to_log = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(move || to_log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // With a single subscriber alive, a call site first met on another test's thread is judged by that
    // thread's (none) and stays switched off; a second one makes it be judged by all.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    cache.put("secret-key", b"secret-words".to_vec(), HOUR).await;
    assert_eq!((cache.get("secret-key").await, cache.keys("secret", 9).await), (None, Vec::new()));
    assert!(!cache.remove("secret-key").await, "it may still be there");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(log.lines().count(), 1, "told once: {log}");
    assert!(log.contains("S3 PutObject: the connection failed") && !log.contains("secret"), "{log}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

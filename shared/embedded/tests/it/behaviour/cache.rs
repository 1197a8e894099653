//! What every cache must do.

use std::time::Duration;

use documents::Cache;

/// What is kept comes back byte for byte, is replaced, and is gone when it is forgotten.
pub(crate) async fn a_cache_keeps_and_forgets(cache: &impl Cache) {
    const HOUR: Duration = Duration::from_secs(3600);
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    assert_eq!(cache.get("document/1").await, None);
    cache.put("document/1", bytes.clone(), HOUR).await;
    cache.put("document/1 é%/..?", b"odd".to_vec(), HOUR).await;
    cache.put("empty", Vec::new(), HOUR).await;
    assert_eq!(cache.get("document/1").await, Some(bytes));
    assert_eq!(cache.get("document/1 é%/..?").await, Some(b"odd".to_vec()));
    assert_eq!(cache.get("empty").await, Some(Vec::new()));
    assert_eq!(cache.get("document").await, None, "a beginning is no key");

    cache.put("document/1", b"second".to_vec(), HOUR).await;
    assert_eq!(cache.get("document/1").await, Some(b"second".to_vec()));
    assert!(cache.remove("document/1").await);
    assert_eq!(cache.get("document/1").await, None);
    assert!(cache.remove("document/1").await, "what is not there is gone");
    assert_eq!(cache.get("document/1 é%/..?").await, Some(b"odd".to_vec()), "another key is another");
}

/// What has outlived its time is not there, neither by its key nor in a list. `later` sees the same an hour later.
pub(crate) async fn a_life_in_a_cache_ends(cache: &impl Cache, later: &impl Cache) {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (key, life) in
        [("p/b", minutes(61)), ("p/a", minutes(59)), ("p/c", minutes(60)), ("q/a", minutes(61))]
    {
        cache.put(key, key.as_bytes().to_vec(), life).await;
    }
    assert_eq!(cache.keys("p/", 9).await, ["p/a", "p/b", "p/c"]);
    assert_eq!(cache.keys("p/", 2).await, ["p/a", "p/b"]);
    assert_eq!(cache.keys("p%", 9).await, Vec::<String>::new(), "a beginning is no pattern");
    assert_eq!(later.keys("p/", 1).await, ["p/b"], "what has ended counts for nothing");
    assert_eq!(later.keys("", 9).await, ["p/b", "q/a"]);
    for (key, lives) in [("p/a", false), ("p/b", true), ("p/c", false)] {
        assert_eq!(later.get(key).await.is_some(), lives, "{key}");
    }
    later.put("p/a", b"new".to_vec(), Duration::MAX).await;
    assert_eq!(later.get("p/a").await, Some(b"new".to_vec()));
    assert_eq!(later.keys("p/", 9).await, ["p/a", "p/b"]);
}

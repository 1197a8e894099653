//! Where what was read is kept for a while, so that it need not be fetched and read again.
//!
//! Declared here, implemented by whoever has a store. Never a source of truth: what is lost here costs calls and
//! seconds, nothing else.

use std::time::Duration;

use futures::future::BoxFuture;

/// Bytes by key, each for a limited life. Shared by all processes of an installation.
///
/// Nothing here fails: a cache that cannot answer has nothing, and one that cannot store has forgotten. Only what it
/// was told to forget it must not keep in silence.
pub trait Cache: Send + Sync {
    /// What was stored under this key, if its life is not over.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<Vec<u8>>>;

    /// Stores it in place of what was there. `life` counts from now.
    fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>, life: Duration) -> BoxFuture<'a, ()>;

    /// Forgets it. `false`: it may still be there.
    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool>;

    /// Living keys that begin so, in ascending order, at most `most`.
    fn keys<'a>(&'a self, prefix: &'a str, most: usize) -> BoxFuture<'a, Vec<String>>;
}

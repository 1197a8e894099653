//! The cache on S3: one object a key, its end in its metadata.
//!
//! Readers look at that end themselves: the bucket's own lifecycle rule comes up to a day late, or is not there. Never
//! names a key in a log, and never fails its caller: what S3 does not do is told once, until it works again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use aws_config::SdkConfig;
use aws_sdk_s3::{Client, config::Builder, error::SdkError, primitives::ByteStream};
use documents::Cache;
use futures::future::{BoxFuture, join_all};
use jiff::Timestamp;

use crate::{Error, error::failed};

/// All objects lie under it, so that the bucket may be used for other things too.
const PREFIX: &str = "kept/";

/// Metadata: when the object's life ends, in milliseconds since 1970.
const END: &str = "ends-at-ms";

/// Objects looked at together when keys are listed: each costs a request.
const AT_ONCE: usize = 16;

/// Bytes by key in one bucket. Without a bucket it has nothing and keeps nothing.
#[derive(Clone, Debug)]
pub struct S3Cache {
    bucket: Option<(Client, String)>,
    clock: fn() -> Timestamp,
    /// Whether the last failure was told and nothing has worked since.
    told: Arc<AtomicBool>,
}

impl S3Cache {
    /// Opens nothing: the first call does.
    pub fn new(sdk: &SdkConfig, bucket: Option<&str>, clock: fn() -> Timestamp) -> Self {
        // An address that replaces AWS's has no names for buckets in front of it.
        let config = Builder::from(sdk).force_path_style(sdk.endpoint_url().is_some()).build();
        let bucket = bucket.map(|bucket| (Client::from_conf(config), bucket.to_owned()));
        Self { bucket, clock, told: Arc::default() }
    }

    fn lives(&self, end_ms: Option<&String>) -> bool {
        let end_ms: Option<i64> = end_ms.and_then(|end_ms| end_ms.parse().ok());
        end_ms.is_some_and(|end_ms| end_ms > (self.clock)().as_millisecond())
    }

    async fn fetch(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some((client, bucket)) = &self.bucket else {
            return Ok(None);
        };
        let answer = match client.get_object().bucket(bucket).key(object(key)).send().await {
            Ok(answer) => answer,
            Err(SdkError::ServiceError(refusal)) if refusal.err().is_no_such_key() => return Ok(None),
            Err(error) => return Err(failed("S3 GetObject", &error)),
        };
        if !self.lives(answer.metadata().and_then(|metadata| metadata.get(END))) {
            return Ok(None);
        }
        let body = answer.body.collect().await;
        let body =
            body.map_err(|_| Error::NoAnswer { operation: "S3 GetObject", what: "the connection failed" })?;
        Ok(Some(body.into_bytes().into()))
    }

    async fn store(&self, key: &str, bytes: Vec<u8>, life: Duration) -> Result<(), Error> {
        let Some((client, bucket)) = &self.bucket else {
            return Ok(());
        };
        let end = (self.clock)().checked_add(life).unwrap_or(Timestamp::MAX);
        client
            .put_object()
            .bucket(bucket)
            .key(object(key))
            .metadata(END, end.as_millisecond().to_string())
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(|error| failed("S3 PutObject", &error))?;
        Ok(())
    }

    async fn forget(&self, key: &str) -> Result<(), Error> {
        let Some((client, bucket)) = &self.bucket else {
            return Ok(());
        };
        let request = client.delete_object().bucket(bucket).key(object(key));
        request.send().await.map_err(|error| failed("S3 DeleteObject", &error))?;
        Ok(())
    }

    async fn list(&self, prefix: &str, most: usize) -> Result<Vec<String>, Error> {
        let mut living = Vec::new();
        let Some((client, bucket)) = &self.bucket else {
            return Ok(living);
        };
        let mut from = None;
        loop {
            let page = client
                .list_objects_v2()
                .bucket(bucket)
                .prefix(object(prefix))
                .set_continuation_token(from)
                .send()
                .await
                .map_err(|error| failed("S3 ListObjectsV2", &error))?;
            let names: Vec<String> =
                page.contents.into_iter().flatten().filter_map(|object| object.key).collect();
            for some in names.chunks(AT_ONCE) {
                let looked_at = join_all(some.iter().map(|name| self.head(client, bucket, name))).await;
                for (name, alive) in some.iter().zip(looked_at) {
                    if alive? && living.len() < most {
                        living.extend(name.strip_prefix(PREFIX).map(str::to_owned));
                    }
                }
                if living.len() >= most {
                    return Ok(living);
                }
            }
            from = page.next_continuation_token;
            if from.is_none() {
                return Ok(living);
            }
        }
    }

    /// True if the object is there and its life is not over.
    async fn head(&self, client: &Client, bucket: &str, name: &str) -> Result<bool, Error> {
        match client.head_object().bucket(bucket).key(name).send().await {
            Ok(answer) => Ok(self.lives(answer.metadata().and_then(|metadata| metadata.get(END)))),
            Err(SdkError::ServiceError(refusal)) if refusal.err().is_not_found() => Ok(false),
            Err(error) => Err(failed("S3 HeadObject", &error)),
        }
    }

    /// What came of a request, or nothing; the first failure after something that worked is told.
    fn heard<T>(&self, result: Result<T, Error>) -> Option<T> {
        match result {
            Ok(value) => {
                self.told.store(false, Ordering::Relaxed);
                Some(value)
            }
            Err(error) => {
                if !self.told.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "the cache does not work; what it would have kept is read anew");
                }
                None
            }
        }
    }
}

impl Cache for S3Cache {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move { self.heard(self.fetch(key).await).flatten() })
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>, life: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            self.heard(self.store(key, bytes, life).await);
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool> {
        Box::pin(async move { self.heard(self.forget(key).await).is_some() })
    }

    fn keys<'a>(&'a self, prefix: &'a str, most: usize) -> BoxFuture<'a, Vec<String>> {
        Box::pin(async move { self.heard(self.list(prefix, most).await).unwrap_or_default() })
    }
}

/// The name of a key's object.
fn object(key: &str) -> String {
    format!("{PREFIX}{key}")
}

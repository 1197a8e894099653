//! The queue on SQS, standard and not FIFO: the claim gives order, the queue only keeps.
//!
//! Never receives work: Lambda is handed its messages. Only dead letters are fetched here, see `letters.rs`.
//!
//! SQS counts every receive, also those that ended in a wait of ours (a record still being typed, a budget used up).
//! So the queue's own redrive policy has to be far above `agent::worker::MAX_RECEIVES` (50, say): the worker decides
//! when to give up, the policy only catches what kills the worker. A message that was received often only because of
//! our waits is sent afresh instead, see [`SqsQueue::resend`].

use std::{collections::BTreeMap, time::Duration};

use agent::{
    envelope::Envelope,
    queue::{DeadLetter, Queue, QueueError},
};
use aws_config::SdkConfig;
use aws_sdk_sqs::{
    Client,
    types::{MessageAttributeValue, SendMessageBatchRequestEntry},
};
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    Error,
    error::failed,
    lanes::Lanes,
    letter::{body_of, pack},
};

/// Messages in one batch. AWS docs: at most 10, and 1 MiB together. Envelopes of one webhook cannot reach the
/// second: the webhook itself is limited to 256 KiB.
const BATCH: usize = 10;

/// Batches under way at once.
const AT_ONCE: usize = 8;

/// Longest time a message can be hidden. AWS docs: 12 hours, counted from its receipt; a quarter of an hour, the
/// longest an invocation can last, is left for what has passed since.
pub const MAX_HIDE: Duration = Duration::from_secs((12 * 60 - 15) * 60);

/// Longest time a message can wait before it is shown first. AWS docs: 15 minutes.
const MAX_DELAY: Duration = Duration::from_secs(15 * 60);

/// The queue and its dead-letter queue, or those of each family of workflows.
#[derive(Clone, Debug)]
pub struct SqsQueue {
    pub(crate) client: Client,
    pub(crate) work: Lanes,
    pub(crate) dead: Lanes,
}

impl SqsQueue {
    /// One queue for everything. Opens nothing: the first call does.
    pub fn new(sdk: &SdkConfig, queue_url: &str, dead_letter_url: &str) -> Self {
        Self::of_lanes(sdk, Lanes::one(queue_url), Lanes::one(dead_letter_url))
    }

    pub(crate) fn of_lanes(sdk: &SdkConfig, work: Lanes, dead: Lanes) -> Self {
        Self { client: Client::new(sdk), work, dead }
    }

    /// Hides a received message for so long from now, rounded up to seconds and cut at [`MAX_HIDE`]: whoever it is
    /// shown to then finds out that it is still too early, and hides it again. The body tells which queue it came from.
    ///
    /// # Errors
    /// When SQS refuses; the message then shows when its visibility timeout ends.
    pub async fn hide(&self, receipt: &str, body: &str, delay: Duration) -> Result<(), Error> {
        self.client
            .change_message_visibility()
            .queue_url(&self.work.of_body(body).url)
            .receipt_handle(receipt)
            .visibility_timeout(seconds_of(delay, MAX_HIDE))
            .send()
            .await
            .map_err(|error| failed("SQS ChangeMessageVisibility", &error))?;
        Ok(())
    }

    /// Sends a fresh copy of a received message, to be shown after so long (rounded up to seconds, 15 minutes at most), and
    /// deletes the received one: the copy's receives are counted from 0.
    ///
    /// # Errors
    /// When SQS refuses either. Then the received message shows again when its visibility timeout ends, and there may be
    /// two of them; both do the work of one, because runs are claimed by record.
    pub async fn resend(&self, receipt: &str, body: &str, delay: Duration) -> Result<(), Error> {
        let queue_url = &self.work.of_body(body).url;
        self.client
            .send_message()
            .queue_url(queue_url)
            .message_body(body)
            .delay_seconds(seconds_of(delay, MAX_DELAY))
            .send()
            .await
            .map_err(|error| failed("SQS SendMessage", &error))?;
        self.client
            .delete_message()
            .queue_url(queue_url)
            .receipt_handle(receipt)
            .send()
            .await
            .map_err(|error| failed("SQS DeleteMessage", &error))?;
        Ok(())
    }

    async fn send_batch(
        &self,
        queue_url: &str,
        mut entries: Vec<SendMessageBatchRequestEntry>,
    ) -> Result<(), Error> {
        let all = entries.len();
        let mut code = String::new();
        // What SQS refuses alone, within an accepted batch, the SDK does not send again.
        for _ in 0..2 {
            let sent = self
                .client
                .send_message_batch()
                .queue_url(queue_url)
                .set_entries(Some(entries.clone()))
                .send()
                .await
                .map_err(|error| failed("SQS SendMessageBatch", &error))?;
            // Whatever is not acknowledged was not accepted.
            entries.retain(|entry| !sent.successful().iter().any(|done| done.id() == entry.id()));
            if entries.is_empty() {
                return Ok(());
            }
            code = sent
                .failed()
                .first()
                .map_or_else(|| "no reason".to_owned(), |refusal| refusal.code().to_owned());
        }
        Err(Error::BatchRefused { refused: entries.len(), all, code })
    }
}

/// Rounded up: a message that shows a moment early only has to be hidden again.
fn seconds_of(delay: Duration, longest: Duration) -> i32 {
    let delay = delay.min(longest);
    let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

fn entries(envelopes: &[&Envelope], delay: Duration) -> Result<Vec<SendMessageBatchRequestEntry>, Error> {
    envelopes
        .iter()
        .enumerate()
        .map(|(position, envelope)| {
            SendMessageBatchRequestEntry::builder()
                .id(position.to_string())
                .message_body(body_of(envelope)?)
                .delay_seconds(seconds_of(delay, MAX_DELAY))
                .build()
                .map_err(|_| Error::Unwritable { what: "queue message" })
        })
        .collect()
}

fn text(value: &str) -> Result<MessageAttributeValue, Error> {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .map_err(|_| Error::Unwritable { what: "dead letter" })
}

impl Queue for SqsQueue {
    /// The delay is rounded up to seconds.
    async fn send_after(&self, envelopes: &[Envelope], delay: Duration) -> Result<(), QueueError> {
        let mut lanes = BTreeMap::<&str, Vec<&Envelope>>::new();
        for envelope in envelopes {
            lanes.entry(&self.work.of(envelope).url).or_default().push(envelope);
        }
        let mut batches = Vec::new();
        for (queue_url, envelopes) in lanes {
            for envelopes in envelopes.chunks(BATCH) {
                batches.push(self.send_batch(queue_url, entries(envelopes, delay)?));
            }
        }
        stream::iter(batches).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        Ok(())
    }

    /// The body as it came in, with the attributes `reason` and `at`. A body that SQS cannot carry goes in base64,
    /// with `encoding` = `base64`; an empty one as a word, with `encoding` = `empty`.
    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        let packed = pack(letter);
        let mut request = self
            .client
            .send_message()
            .queue_url(&self.dead.of_body(&letter.body).url)
            .message_body(packed.body)
            .message_attributes("reason", text(&packed.reason)?)
            .message_attributes("at", text(&letter.at.to_string())?);
        if let Some(encoding) = packed.encoding {
            request = request.message_attributes("encoding", text(encoding)?);
        }
        request.send().await.map_err(|error| failed("SQS SendMessage", &error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_whole_seconds_that_sqs_takes() {
        for (delay_ms, seconds) in [
            (0, 0),
            (1, 1),
            (1000, 1),
            (1001, 2),
            (42_300_000, 42_300),
            (42_300_001, 42_300),
            (u64::MAX, 42_300),
        ] {
            assert_eq!(seconds_of(Duration::from_millis(delay_ms), MAX_HIDE), seconds, "{delay_ms} ms");
            let shown = seconds_of(Duration::from_millis(delay_ms), MAX_DELAY);
            assert_eq!(shown, seconds.min(900), "{delay_ms} ms");
        }
    }
}

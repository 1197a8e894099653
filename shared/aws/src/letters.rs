//! Dead letters as an operator takes them in hand.
//!
//! What SQS hands out it hides from others for a while, and takes back by the receipt of that one look. A [`Kept`] names
//! it behind the place of its queue.

use agent::queue::{DeadLetter, DeadLetters, Kept, QueueError};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName::SentTimestamp};
use jiff::Timestamp;

use crate::{Error, SqsQueue, error::failed, letter::unpack};

/// For so long nobody else sees what was looked at: time to read and to decide.
const LOOK_S: i32 = 5 * 60;

/// SQS answers for the few of its servers it has asked, unless it may wait; with a wait of a second it asks all.
const WAIT_S: i32 = 1;

/// AWS docs: at most 10 messages in one answer.
const BATCH: usize = 10;

impl DeadLetters for SqsQueue {
    async fn letters(&self, limit: usize) -> Result<Vec<Kept>, QueueError> {
        let mut letters = Vec::new();
        for (place, lane) in self.dead.all() {
            let left = limit.saturating_sub(letters.len());
            letters.extend(self.look(place, &lane.url, left).await?);
        }
        Ok(letters)
    }

    async fn discard(&self, kept: &Kept) -> Result<(), QueueError> {
        let (queue_url, receipt) = self.place_of(kept);
        self.client
            .delete_message()
            .queue_url(queue_url)
            .receipt_handle(receipt)
            .send()
            .await
            .map_err(|error| failed("SQS DeleteMessage", &error))?;
        Ok(())
    }

    async fn put_back(&self, kept: &Kept) -> Result<(), QueueError> {
        let (queue_url, receipt) = self.place_of(kept);
        self.client
            .change_message_visibility()
            .queue_url(queue_url)
            .receipt_handle(receipt)
            .visibility_timeout(0)
            .send()
            .await
            .map_err(|error| failed("SQS ChangeMessageVisibility", &error))?;
        Ok(())
    }
}

impl SqsQueue {
    /// Up to `limit` letters of one dead-letter queue.
    async fn look(&self, place: usize, queue_url: &str, limit: usize) -> Result<Vec<Kept>, Error> {
        let mut letters = Vec::new();
        while letters.len() < limit {
            let wanted = limit.saturating_sub(letters.len()).min(BATCH);
            let received = self
                .client
                .receive_message()
                .queue_url(queue_url)
                .max_number_of_messages(i32::try_from(wanted).unwrap_or(1))
                .visibility_timeout(LOOK_S)
                .wait_time_seconds(WAIT_S)
                .message_attribute_names("All")
                .message_system_attribute_names(SentTimestamp)
                .send()
                .await
                .map_err(|error| failed("SQS ReceiveMessage", &error))?;
            let received = received.messages.unwrap_or_default();
            if received.is_empty() {
                break;
            }
            letters.extend(received.into_iter().map(|message| kept(place, message)));
        }
        Ok(letters)
    }

    /// The queue a letter was seen on, and what that queue gave for it.
    fn place_of<'k>(&self, kept: &'k Kept) -> (&str, &'k str) {
        let (place, receipt) = kept.receipt.split_once(' ').unwrap_or(("0", &kept.receipt));
        (&self.dead.at(place.parse().unwrap_or(0)).url, receipt)
    }
}

/// A message as a letter. One that SQS moved here by the queue's redrive policy says nothing about itself.
fn kept(place: usize, message: Message) -> Kept {
    let said = |name| {
        let attributes = message.message_attributes.as_ref()?;
        attributes.get(name)?.string_value.as_deref()
    };
    let sent =
        message.attributes.as_ref().and_then(|attributes| attributes.get(&SentTimestamp)?.parse().ok());
    let sent = sent.and_then(|sent_ms| Timestamp::from_millisecond(sent_ms).ok()).unwrap_or_default();
    let letter = DeadLetter {
        reason: said("reason").unwrap_or("moved by SQS: received too often").to_owned(),
        at: said("at").and_then(|at| at.parse().ok()).unwrap_or(sent),
        body: unpack(message.body.clone().unwrap_or_default(), said("encoding")),
    };
    Kept {
        id: message.message_id.unwrap_or_default(),
        receipt: format!("{place} {}", message.receipt_handle.unwrap_or_default()),
        letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqs_moved_here_says_so() {
        let message = Message::builder()
            .message_id("m")
            .receipt_handle("r")
            .body("{}")
            .attributes(SentTimestamp, "1795000000123")
            .build();
        let letter = DeadLetter {
            body: "{}".into(),
            reason: "moved by SQS: received too often".into(),
            at: Timestamp::from_millisecond(1_795_000_000_123).unwrap(),
        };
        assert_eq!(kept(2, message), Kept { id: "m".into(), receipt: "2 r".into(), letter });
    }
}

//! How much waits on the queues, as `plumbline status` tells it.

use agent::queue::Depth;
use aws_sdk_sqs::types::QueueAttributeName::{
    self, ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed,
    ApproximateNumberOfMessagesNotVisible,
};

use crate::{Error, SqsQueue, error::failed, lanes::Lane};

const ASKED: [QueueAttributeName; 3] =
    [ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed, ApproximateNumberOfMessagesNotVisible];

impl SqsQueue {
    /// How much waits, by family, and the dead letters. SQS's own counts: right within a minute. It tells the age of the
    /// oldest message to CloudWatch alone (`ApproximateAgeOfOldestMessage`).
    ///
    /// # Errors
    /// When SQS refuses.
    pub async fn depths(&self) -> Result<(Vec<Depth>, u64), Error> {
        let mut waiting = Vec::new();
        for (_, lane) in self.work.all() {
            waiting.push(self.depth_of(lane).await?);
        }
        let mut dead = 0_u64;
        for (_, lane) in self.dead.all() {
            let depth = self.depth_of(lane).await?;
            dead = dead.saturating_add(depth.waiting).saturating_add(depth.in_hand);
        }
        Ok((waiting, dead))
    }

    async fn depth_of(&self, lane: &Lane) -> Result<Depth, Error> {
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(&lane.url)
            .set_attribute_names(Some(ASKED.to_vec()))
            .send()
            .await
            .map_err(|error| failed("SQS GetQueueAttributes", &error))?;
        let count = |name: &QueueAttributeName| -> u64 {
            let attributes = answer.attributes();
            attributes.and_then(|all| all.get(name)?.parse().ok()).unwrap_or_default()
        };
        Ok(Depth {
            family: lane.name.to_owned(),
            waiting: count(&ApproximateNumberOfMessages)
                .saturating_add(count(&ApproximateNumberOfMessagesDelayed)),
            in_hand: count(&ApproximateNumberOfMessagesNotVisible),
            oldest: None,
        })
    }
}

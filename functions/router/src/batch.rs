//! One batch: all messages at once, each for itself.
//!
//! The failure, the panic or the slowness of one is its own. What is not reported as failed is deleted by Lambda, so
//! a message counts as failed until the opposite is certain.
//!
//! Waits are `ChangeMessageVisibility` on the message, then a reported failure: Lambda leaves the time as it was set.
//! See `aws::SqsQueue` for what the queue's redrive policy has to be, because SQS counts these receives too.

use std::{collections::HashMap, time::Duration};

use agent::{
    Ctx, RunRecord,
    queue::{DeadLetter, Queue},
    worker::{self, Disposition, Message},
};
use aws::{Bench, DynamoLedger, Environment, Fittings, SqsQueue};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use tokio::{task::JoinSet, time::timeout};

/// Kept at the end of the invocation to tell the queue what became of the messages.
const RESERVE: Duration = Duration::from_secs(10);

/// Kept of that for the answer itself: a run that passes its deadline is dropped then, so that the others of its
/// batch are not lost with it.
const LAST_CALL: Duration = Duration::from_secs(5);

/// A run that was dropped is not begun again at once: its lease ends first.
const AFTER_DROPPED: Duration = Duration::from_secs(30);

/// Works on batches.
pub struct Router {
    bench: Bench,
    queue: SqsQueue,
}

impl Router {
    /// Sets everything up.
    ///
    /// # Errors
    /// When something is missing or wrong; says what.
    pub async fn set_up(environment: &Environment, fittings: Fittings) -> anyhow::Result<Self> {
        let queue = environment.queue()?;
        Ok(Self { bench: Bench::set_up(environment, fittings).await?, queue })
    }

    /// Works on a batch and names the messages that have to come again.
    pub async fn answer(&self, event: LambdaEvent<SqsEvent>) -> SqsBatchResponse {
        self.work(event, |_| ()).await
    }

    /// The same; `ended` is told of every run, without its story if it left none.
    pub async fn work(
        &self,
        event: LambdaEvent<SqsEvent>,
        ended: impl Fn(Option<&RunRecord>),
    ) -> SqsBatchResponse {
        let ctx = Ctx { holder: event.context.request_id.clone(), ..self.bench.context().await };
        let end = Timestamp::try_from(event.context.deadline()).unwrap_or(Timestamp::MIN);
        let mut tasks = JoinSet::new();
        let mut ids = HashMap::new();
        for message in event.payload.records {
            // No id: Lambda takes the empty one for the failure of the whole batch, which is what it then is.
            let id = message.message_id.clone().unwrap_or_default();
            let one = One { ctx: ctx.clone(), queue: self.queue.clone(), message, end };
            ids.insert(tasks.spawn(one.work()).id(), id);
        }
        let procore = ctx.procore.clone();
        let mut response = SqsBatchResponse::default();
        while let Some(end) = tasks.join_next_with_id().await {
            let (task, done, story) = match end {
                Ok((task, (done, story))) => (task, done, story),
                Err(error) => {
                    tracing::error!(panicked = error.is_panic(), "a message was not worked on to its end");
                    (error.id(), false, None)
                }
            };
            ended(story.as_ref());
            if !done {
                response.batch_item_failures.push(failure(ids.remove(&task)));
            }
        }
        // A function that is frozen now must not keep leave for calls that others could make.
        procore.hand_back().await;
        response
    }
}

fn failure(id: Option<String>) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = id.unwrap_or_default();
    failure
}

/// Received so often, a message that only waits is sent anew.
const RECEIVED_OFTEN: u32 = 20;

/// One message of a batch.
struct One {
    ctx: Ctx<DynamoLedger>,
    queue: SqsQueue,
    message: SqsMessage,
    /// When the invocation ends.
    end: Timestamp,
}

impl One {
    /// True if the message can be deleted; and the story of its run.
    async fn work(self) -> (bool, Option<RunRecord>) {
        let body = self.message.body.as_deref().unwrap_or_default();
        let now = self.ctx.clock;
        let deadline = before(self.end, RESERVE);
        let left = Duration::try_from(before(self.end, LAST_CALL).duration_since(now())).unwrap_or_default();
        let id = self.message.message_id.as_deref().unwrap_or_default();
        let receive_count = self.receive_count();
        let run = worker::work(&self.ctx, Message { id, body, receive_count }, deadline);
        let (disposition, story) = match timeout(left, run).await {
            Ok(worked) => worked,
            Err(_) => {
                tracing::error!("a run passed its deadline and was dropped");
                (Disposition::HandBack { delay: AFTER_DROPPED, counted: true }, None)
            }
        };
        (self.tell(disposition, receive_count).await, story)
    }

    /// Tells the queue what becomes of the message; true if it can be deleted.
    async fn tell(&self, disposition: Disposition, receive_count: u32) -> bool {
        let body = self.message.body.as_deref().unwrap_or_default();
        let receipt = self.message.receipt_handle.as_deref().unwrap_or_default();
        match disposition {
            Disposition::Done => true,
            // SQS counts every receive. Before our own waits come near to what the redrive policy allows, a fresh copy takes
            // the place of the message.
            Disposition::HandBack { delay, counted: false } if receive_count >= RECEIVED_OFTEN => {
                match self.queue.resend(receipt, body, delay).await {
                    Ok(()) => true,
                    Err(error) => {
                        tracing::error!(%error, "a message could not be sent anew; it comes again");
                        false
                    }
                }
            }
            Disposition::HandBack { delay, .. } => {
                if let Err(error) = self.queue.hide(receipt, body, delay).await {
                    // It shows when its visibility timeout ends: too early or too late, but not lost.
                    tracing::error!(%error, "a message could not be hidden for as long as it has to wait");
                }
                false
            }
            Disposition::Bury { reason } => {
                let letter = DeadLetter { body: body.to_owned(), reason, at: (self.ctx.clock)() };
                match self.queue.bury(&letter).await {
                    Ok(()) => true,
                    Err(error) => {
                        tracing::error!(%error, "a message could not be kept as a dead letter; it comes again");
                        false
                    }
                }
            }
        }
    }

    /// How often it was received, this time included.
    fn receive_count(&self) -> u32 {
        self.message
            .attributes
            .get("ApproximateReceiveCount")
            .and_then(|count| count.parse().ok())
            .unwrap_or(1)
    }
}

fn before(end: Timestamp, reserve: Duration) -> Timestamp {
    end.checked_sub(reserve).unwrap_or(Timestamp::MIN)
}

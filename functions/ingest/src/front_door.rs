//! What becomes of a request: [`agent::ingest::Door`] with secrets and configuration that change while it is open.
//!
//! A refusal takes the same way whichever header was wrong: the secrets are asked for again at most once in 30 s,
//! whoever knocks.

use std::sync::Arc;

use agent::{
    Config,
    admit::Own,
    assemble::Secrets,
    ingest::{self, Answer, Door},
};
use aws::{Environment, LiveConfig, LiveSecrets, SqsQueue};
use jiff::Timestamp;

use crate::gateway::{Request, Response};

const UNAUTHORIZED: u16 = 401;

/// The front door of a company, built once when the function starts.
pub struct FrontDoor {
    config: LiveConfig,
    secrets: LiveSecrets,
    queue: SqsQueue,
}

impl FrontDoor {
    /// Reads secrets and configuration.
    ///
    /// # Errors
    /// When something is missing or wrong; says what.
    pub async fn open(environment: &Environment, now: Timestamp) -> Result<Self, aws::Error> {
        // What is merely forgotten is told before anything is asked of AWS.
        let queue = environment.queue()?;
        Ok(Self {
            config: LiveConfig::load(environment, now).await?,
            secrets: LiveSecrets::load(environment, now).await?,
            queue,
        })
    }

    /// Answers a request: 2xx once it is kept, 503 if the queue refused, 401, 405 or 413 if it is not for us.
    pub async fn answer(&self, request: &Request, now: Timestamp) -> Response {
        Response::empty(self.decided(request, now).await.status)
    }

    /// The same, with what became of each event.
    pub async fn decided(&self, request: &Request, now: Timestamp) -> Answer {
        let config = self.config.current(now).await;
        let mut answer = self.decide(request, &config, &self.secrets.current(), now).await;
        // A header that matches none may carry a secret that is newer than what we know.
        if answer.status == UNAUTHORIZED && self.secrets.reread(now).await {
            answer = self.decide(request, &config, &self.secrets.current(), now).await;
        }
        answer
    }

    async fn decide(
        &self,
        request: &Request,
        config: &Arc<Config>,
        secrets: &Secrets,
        now: Timestamp,
    ) -> Answer {
        let door = Door {
            company: config.company_id,
            own: Own {
                client_id: secrets.procore_client_id.clone(),
                service_account: config.service_account_id,
            },
        };
        let body = request.body();
        let request =
            ingest::Request { method: request.method(), authorization: request.authorization(), body: &body };
        door.receive(request, &secrets.webhook_authorization, &self.queue, now).await
    }
}

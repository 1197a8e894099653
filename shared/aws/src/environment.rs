//! Where everything is: names from the environment, clients from one SDK configuration.
//!
//! Holds no secret unless secrets stand in the environment; never printed.

use std::{collections::BTreeMap, time::Duration};

use agent::assemble::{Addresses, AssembleError, Secrets};
use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use jiff::Timestamp;

use crate::{
    DynamoLedger, Error, S3Cache, SqsQueue,
    lanes::{Kind, Lanes},
};

const QUEUE_URL: &str = "PLUMBLINE_QUEUE_URL";
const DEAD_LETTER_URL: &str = "PLUMBLINE_DEAD_LETTER_URL";
const TABLE: &str = "PLUMBLINE_TABLE";
const CACHE_BUCKET: &str = "PLUMBLINE_CACHE_BUCKET";

/// Procore gives a webhook 5 s. With these, a queue that hangs is answered with 503 before that.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const CALL_TIMEOUT: Duration = Duration::from_millis(3500);

/// The process environment and the SDK's configuration, read once.
///
/// | variable | what |
/// |---|---|
/// | `PLUMBLINE_QUEUE_URL` | the queue, or `rfi=URL,submittal=URL,daily_log=URL` |
/// | `PLUMBLINE_DEAD_LETTER_URL` | the queue of what nobody could work on, or the same with `door=URL` for webhook bodies that could not be read |
/// | `PLUMBLINE_TABLE` | the DynamoDB table of the ledger |
/// | `PLUMBLINE_CACHE_BUCKET` | the S3 bucket of what was read before; without it everything is read anew |
/// | `PLUMBLINE_SECRET_ID` | the Secrets Manager secret; without it the four variables of [`Secrets::from_variables`] |
/// | `PLUMBLINE_CONFIG_PARAMETER` | the SSM parameter with the configuration; without it `PLUMBLINE_CONFIG`, a file |
/// | `PROCORE_API_URL`, `PROCORE_LOGIN_URL`, `OPENAI_BASE_URL` | hosts that replace the vendors' |
pub struct Environment {
    pub(crate) sdk: SdkConfig,
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// Reads the process environment; region and credentials are found the SDK's usual way.
    pub async fn load() -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(CALL_TIMEOUT)
            .build();
        let sdk = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts).load().await;
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::new(sdk, variables)
    }

    /// From values at hand.
    pub fn new(sdk: SdkConfig, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { sdk, variables: variables.into_iter().collect() }
    }

    /// The queue and its dead letters, or those of each family.
    ///
    /// # Errors
    /// Names every variable that is missing, and a family that is missing in one.
    pub fn queue(&self) -> Result<SqsQueue, Error> {
        let [queue_url, dead_letter_url] = self.require([QUEUE_URL, DEAD_LETTER_URL])?;
        let work = Lanes::parse(QUEUE_URL, queue_url, Kind::Work)?;
        let dead = Lanes::parse(DEAD_LETTER_URL, dead_letter_url, Kind::Dead)?;
        Ok(SqsQueue::of_lanes(&self.sdk, work, dead))
    }

    /// The ledger, with the clock by which it tells what is too old to show.
    ///
    /// # Errors
    /// Names the variable if it is missing.
    pub fn ledger(&self, clock: fn() -> Timestamp) -> Result<DynamoLedger, Error> {
        let [table] = self.require([TABLE])?;
        Ok(DynamoLedger::new(&self.sdk, table, clock))
    }

    /// What was read before, with the clock by which it ends; inert without a bucket.
    pub fn cache(&self, clock: fn() -> Timestamp) -> S3Cache {
        S3Cache::new(&self.sdk, self.variable(CACHE_BUCKET), clock)
    }

    /// Hosts that replace the vendors'.
    ///
    /// # Errors
    /// Names a variable that is not a URL.
    pub fn addresses(&self) -> Result<Addresses, AssembleError> {
        Addresses::from_variables(|name| self.variable(name).map(str::to_owned))
    }

    pub(crate) fn plain_secrets(&self) -> Result<Secrets, AssembleError> {
        Secrets::from_variables(|name| self.variable(name).map(str::to_owned))
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(|value| value.trim_matches([' ', '\t', '\r']))
            .filter(|value| !value.trim().is_empty())
    }

    fn require<const N: usize>(&self, names: [&'static str; N]) -> Result<[&str; N], Error> {
        let missing: Vec<&str> = names.into_iter().filter(|name| self.variable(name).is_none()).collect();
        if missing.is_empty() {
            Ok(names.map(|name| self.variable(name).unwrap_or_default()))
        } else {
            Err(Error::MissingVariables { names: missing.join(", ") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let sdk = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        let environment = Environment::new(sdk, [(TABLE.to_owned(), " ".to_owned())]);
        assert_eq!(
            environment.queue().unwrap_err().to_string(),
            "missing in the environment: PLUMBLINE_QUEUE_URL, PLUMBLINE_DEAD_LETTER_URL"
        );
        assert_eq!(
            environment.ledger(Timestamp::now).unwrap_err().to_string(),
            "missing in the environment: PLUMBLINE_TABLE"
        );
        let secrets = environment.plain_secrets().unwrap_err().to_string();
        assert!(
            secrets.contains("PROCORE_CLIENT_ID") && secrets.contains("PLUMBLINE_SECRET_ID"),
            "{secrets}"
        );
    }
}

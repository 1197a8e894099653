//! The client: one company, one set of credentials, one door.
//!
//! Every request to the API leaves through [`Procore::send`] (files, which may be anywhere, through
//! [`Procore::file`]), each with a permit of the account that all processes share. Readings that failed in passing
//! are tried again; a write never is, but for a 401, after which nothing was done. No redirect is followed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;

use crate::body;
use crate::call::{Call, Operation};
use crate::clock::VendorClock;
use crate::error::Error;
use crate::hosts::Hosts;
use crate::ids::CompanyId;
use crate::pace::{LocalBook, Pacer, Permit, Purpose};
use crate::rate_limit::{self, RateLimit};
use crate::refusal::Refused;
use crate::reply::Reply;
use crate::retry;
use crate::settings::Settings;
use crate::token::{Bearer, TokenSource};

pub(crate) const COMPANY_HEADER: &str = "procore-company-id";

/// No answer we ask for comes near this; a larger one is a mistake at the other end.
const LARGEST_REPLY_BYTES: u64 = 16 * 1024 * 1024;
/// Procore docs: v2 allows at most 100 rows a page, v1 more, though many lists cap lower.
const ROWS_PER_PAGE: usize = 100;
/// How long a call waits for its permit where nobody set an end.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
/// A list longer than this is a bulk export, which this client is not for.
const MOST_PAGES: u32 = 50;

/// A client of one company. Clones share connections, token and rate limit.
#[derive(Clone)]
pub struct Procore {
    pub(crate) inner: Arc<Inner>,
    calls: Arc<AtomicU32>,
    too_many: Arc<AtomicU32>,
    purpose: Purpose,
    until: Option<Timestamp>,
}

pub(crate) struct Inner {
    pub(crate) company: CompanyId,
    pub(crate) hosts: Hosts,
    pub(crate) http: reqwest::Client,
    pub(crate) token: TokenSource,
    pacer: Pacer,
    clock: VendorClock,
    attempt_timeout: Duration,
    pub(crate) first_retry_pause: Duration,
    rate_limit: Mutex<Option<RateLimit>>,
}

/// One answer, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Procore {
    /// A client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Settings`] for addresses that would send secrets in the clear and for empty credentials,
    /// [`Error::Build`] when TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Procore, Error> {
        settings.check()?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(settings.connect_timeout)
            .redirect(Policy::none())
            .referer(false)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
        if settings.hosts.on_this_machine() {
            http = http.no_proxy(); // a proxy for the outside cannot reach a stand-in on this machine
        }
        let http = http.build().map_err(Error::Build)?;
        let clock = VendorClock::new(settings.clock);
        let token = TokenSource::new(
            http.clone(),
            &settings.hosts.login,
            settings.client_id,
            settings.client_secret,
            settings.attempt_timeout,
            clock.clone(),
        );
        let book = settings.pace_book.unwrap_or_else(|| Arc::new(LocalBook::new()));
        let pacer = Pacer::new(book, settings.company, settings.windows, clock.clone());
        let inner = Inner {
            company: settings.company,
            hosts: settings.hosts,
            http,
            token,
            pacer,
            clock,
            attempt_timeout: settings.attempt_timeout,
            first_retry_pause: settings.first_retry_pause,
            rate_limit: Mutex::new(None),
        };
        Ok(Procore {
            inner: Arc::new(inner),
            calls: Arc::default(),
            too_many: Arc::default(),
            purpose: Purpose::Read,
            until: None,
        })
    }

    /// The company every call is about.
    pub fn company(&self) -> CompanyId {
        self.inner.company
    }

    /// Where the API and the login are.
    pub fn hosts(&self) -> &Hosts {
        &self.inner.hosts
    }

    /// The same client with counters of its own, starting at zero.
    #[must_use]
    pub fn metered(&self) -> Procore {
        Procore { calls: Arc::default(), too_many: Arc::default(), ..self.clone() }
    }

    /// The same client, whose calls wait for their permits and their retries until this moment of our own clock at
    /// most; one that would have to wait longer ends as [`Error::NoPermit`] with the exact wait.
    #[must_use]
    pub fn until(&self, latest: Timestamp) -> Procore {
        Procore { until: Some(latest), ..self.clone() }
    }

    /// The same client for bringing a finished draft to its place: it may use the share of the quota that is kept
    /// for that.
    #[must_use]
    pub fn posting(&self) -> Procore {
        Procore { purpose: Purpose::Post, ..self.clone() }
    }

    /// Brings the shared account of calls up to date: the ends of calls it was not told, and the permits this process
    /// took ahead of need and did not use, which others can use then. For the end of a run, and before a long pause.
    /// Asks the book only if there is something to tell. Permits never handed back count for 90 s and a window more.
    pub async fn hand_back(&self) {
        self.inner.pacer.hand_back().await;
    }

    /// Requests made to Procore through this handle and its clones since [`Procore::metered`]; each counts
    /// against the company's quota, failed or not. Token requests and files kept elsewhere do not count.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Of these, so many were answered with 429: the pacing is to keep this at zero.
    pub fn too_many_calls(&self) -> u32 {
        self.too_many.load(Ordering::Relaxed)
    }

    /// Percent of the tighter of the two windows that is used, calls on their way included, as this process saw the shared
    /// account last; `None` before it saw a limit. Asks nobody.
    pub async fn budget_share_percent(&self) -> Option<u32> {
        self.inner.pacer.share_percent().await
    }

    /// The call budget as of the last answer that described it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        *self.inner.rate_limit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far Procore's clock is ahead of ours, as its answers told; negative where ours is ahead, zero where ours
    /// may be right, to the second. `None` before the first answer.
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        self.inner.clock.ahead()
    }

    /// Sends one call: token, company header, time limit, class of error. A 401 is answered once with a new
    /// token and a repetition; Procore has done nothing by then, so this holds for writes too.
    ///
    /// # Errors
    /// Any of [`Error`]; [`Error::class`] says what to do.
    pub async fn send(&self, call: Call) -> Result<Reply, Error> {
        self.send_page(&call, 1).await
    }

    /// Reads every page of a list, bare or under `data`, until the headers name no further one, at most
    /// `most_rows` rows if given. Rows that cannot be read are left out and logged by number.
    ///
    /// # Errors
    /// Those of [`Procore::send`], and [`Error::TooManyPages`].
    pub async fn pages<T: DeserializeOwned>(
        &self,
        call: Call,
        most_rows: Option<usize>,
    ) -> Result<Vec<T>, Error> {
        let mut rows: Vec<T> = Vec::new();
        let mut before: Option<Reply> = None;
        for page in 1..=MOST_PAGES {
            let asked = call.clone().query("page", page).query("per_page", ROWS_PER_PAGE);
            let reply = self.send_page(&asked, page).await?;
            // A list that does not page gives the same answer to every page.
            if before.as_ref().is_some_and(|before| before.body() == reply.body()) {
                return Ok(rows);
            }
            let (more, count) = reply.rows()?;
            rows.extend(more);
            if let Some(most) = most_rows
                && rows.len() >= most
            {
                rows.truncate(most);
                return Ok(rows);
            }
            let goes_on = reply.paging().unwrap_or(count >= ROWS_PER_PAGE);
            if count == 0 || !goes_on {
                return Ok(rows);
            }
            before = Some(reply);
        }
        Err(Error::TooManyPages { operation: call.operation(), pages: MOST_PAGES })
    }

    async fn send_page(&self, call: &Call, page: u32) -> Result<Reply, Error> {
        let operation = call.operation();
        let mut pauses = retry::pauses(self.inner.first_retry_pause);
        loop {
            let error = match self.send_once(call, &operation, page).await {
                Err(error) if retry::is_worth_it(&error) => error,
                end => return end,
            };
            let Some(pause) = pauses.next().filter(|pause| self.has_time_for(*pause)) else {
                return Err(error);
            };
            tracing::debug!(path = operation.target(), %error, "trying again");
            tokio::time::sleep(pause).await;
        }
    }

    async fn send_once(&self, call: &Call, operation: &Operation, page: u32) -> Result<Reply, Error> {
        let bearer = self.inner.token.bearer().await?;
        let mut answer = self.attempt(call, operation, &bearer).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            let bearer = self.inner.token.instead_of(&bearer).await?;
            answer = self.attempt(call, operation, &bearer).await?;
        }
        let status = answer.status.as_u16();
        if answer.status.is_success() {
            return Ok(Reply::new(status, &answer.headers, answer.body, page, operation.clone()));
        }
        if answer.status.is_redirection() {
            let why = "the API is asked at one address only";
            return Err(Error::Redirect { operation: operation.clone(), why });
        }
        Err(refusal(operation.clone(), &answer, true, self.now()))
    }

    async fn attempt(&self, call: &Call, operation: &Operation, bearer: &Bearer) -> Result<Answer, Error> {
        let permit = self.permit().await?;
        let span = tracing::info_span!(
            "procore",
            method = operation.method(),
            path = operation.target(),
            status = Empty,
            latency_ms = Empty,
        );
        let started = Instant::now();
        let result = self.exchange(call, operation, bearer, permit).instrument(span.clone()).await;
        if let Ok(answer) = &result {
            span.record("status", answer.status.as_u16());
        }
        span.record("latency_ms", u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        result
    }

    async fn exchange(
        &self,
        call: &Call,
        operation: &Operation,
        bearer: &Bearer,
        permit: Permit,
    ) -> Result<Answer, Error> {
        let mut request = self
            .inner
            .http
            .request(call.method(), call.url(&self.inner.hosts.api))
            .timeout(self.inner.attempt_timeout)
            .header(AUTHORIZATION, bearer.header.clone())
            .header(COMPANY_HEADER, HeaderValue::from(self.inner.company.get()));
        if let Some(body) = call.body() {
            request = request.json(body);
        }
        let response = self.paced(request, permit, operation).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = body::read(response, LARGEST_REPLY_BYTES, operation).await;
        // A refusal is understood without its body; a success is not.
        let body = if status.is_success() { body? } else { body.unwrap_or_default() };
        Ok(Answer { status, headers, body })
    }

    /// Leave to make one call that counts against the quota.
    pub(crate) async fn permit(&self) -> Result<Permit, Error> {
        let patience = self.time_left().unwrap_or(PATIENCE);
        let now = self.now();
        let latest = now.checked_add(patience).unwrap_or(now);
        self.inner.pacer.permit(self.purpose, latest).await
    }

    /// Sends a request that counts, and tells the account of calls how it ended.
    pub(crate) async fn paced(
        &self,
        request: reqwest::RequestBuilder,
        permit: Permit,
        operation: &Operation,
    ) -> Result<reqwest::Response, Error> {
        let Inner { pacer, clock, .. } = self.inner.as_ref();
        self.count();
        let sent = clock.ours();
        match request.send().await {
            Ok(response) => {
                let headers = response.headers();
                if response.status() == StatusCode::TOO_MANY_REQUESTS {
                    self.too_many.fetch_add(1, Ordering::Relaxed);
                }
                clock.learn(headers, sent);
                self.note_rate_limit(headers);
                let told = rate_limit::told(response.status().as_u16(), headers, clock.now());
                pacer.note(permit, Some(told)).await;
                Ok(response)
            }
            Err(error) => {
                pacer.note(permit, None).await;
                Err(Error::transport(error, operation))
            }
        }
    }

    /// Until the moment set by [`Procore::until`], if one was.
    fn time_left(&self) -> Option<SignedDuration> {
        let left = self.until?.duration_since(self.inner.clock.ours());
        Some(left.max(SignedDuration::ZERO))
    }

    pub(crate) fn has_time_for(&self, pause: Duration) -> bool {
        self.time_left().is_none_or(|left| SignedDuration::try_from(pause).is_ok_and(|pause| pause < left))
    }

    /// Procore's time, as far as known.
    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    fn note_rate_limit(&self, headers: &HeaderMap) {
        if let Some(read) = RateLimit::read(headers) {
            *self.inner.rate_limit.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        }
    }
}

/// The error of an answer that is neither 2xx nor 3xx. A 401 to our token comes here only after a new one
/// was tried; a 401 of a host that was shown none says nothing about our credentials. `now` is Procore's time.
pub(crate) fn refusal(operation: Operation, answer: &Answer, shown_token: bool, now: Timestamp) -> Error {
    let status = answer.status.as_u16();
    let wait = rate_limit::wait(status, &answer.headers, now);
    let refused = Box::new(Refused::read(status, &answer.body, wait));
    if shown_token && answer.status == StatusCode::UNAUTHORIZED {
        return Error::Unauthorized { what: "a token fresh from these credentials", refused };
    }
    Error::Status { operation, refused }
}

impl std::fmt::Debug for Procore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Procore")
            .field("company", &self.inner.company)
            .field("api", &self.inner.hosts.api.as_str())
            .finish_non_exhaustive()
    }
}

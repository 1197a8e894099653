//! The bytes of a file, from wherever a record says they are.
//!
//! Procore docs: file addresses may be on any host, may redirect to cloud storage, and change; the token
//! goes to Procore alone. So each hop is judged by [`Hosts`](crate::Hosts), and once a redirect has left
//! Procore nothing of ours travels on, even back. The limit holds while the bytes come in.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use tokio::time::Instant;
use url::Url;

use crate::body;
use crate::call::Operation;
use crate::client::{Answer, COMPANY_HEADER, Procore, refusal};
use crate::error::Error;
use crate::retry;

/// Longest time for one file, all redirects included.
const DEADLINE: Duration = Duration::from_secs(60);
const MOST_REDIRECTS: usize = 5;
const LONGEST_NAME_CHARS: usize = 200;

/// A file as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What the host says it is; not to be believed.
    pub content_type: Option<String>,
    /// The name the host gives it, without folders, else the last part of its address.
    pub file_name: Option<String>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("File")
            .field("bytes", &self.bytes.len())
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

impl Procore {
    /// Fetches a file, at most `limit_bytes` large, within 60 s.
    ///
    /// # Errors
    /// [`Error::Address`] for an address that must not be asked, [`Error::TooLarge`], [`Error::Redirect`],
    /// [`Error::Timeout`], and those of an answer that is not 2xx. None of them repeats the address's path
    /// or query, which may carry a signature.
    pub async fn file(&self, url: &str, limit_bytes: u64) -> Result<File, Error> {
        let url =
            Url::parse(url).map_err(|_| Error::Address { why: "the address is not an absolute URL" })?;
        let mut ends = Instant::now() + DEADLINE;
        let mut pauses = retry::pauses(self.inner.first_retry_pause);
        loop {
            let error = match self.follow(url.clone(), limit_bytes, &mut ends).await {
                Err(error) if retry::is_worth_it(&error) => error,
                end => return end,
            };
            let in_time = |pause: &Duration| Instant::now() + *pause < ends && self.has_time_for(*pause);
            let Some(pause) = pauses.next().filter(in_time) else { return Err(error) };
            tokio::time::sleep(pause).await;
        }
    }

    async fn follow(&self, mut url: Url, limit_bytes: u64, ends: &mut Instant) -> Result<File, Error> {
        let mut trusted = true;
        for _ in 0..=MOST_REDIRECTS {
            self.inner.hosts.admits(&url).map_err(|why| Error::Address { why })?;
            trusted = trusted && self.inner.hosts.is_procore(&url);
            let operation = operation(&url);
            let response = self.hop(&url, trusted, &operation, ends).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            if let Some(next) = redirect(status, &headers, &url) {
                url = next.ok_or(Error::Redirect { operation, why: "its Location cannot be read" })?;
                continue;
            }
            let body = within(*ends, &operation, body::read(response, limit_bytes, &operation)).await;
            if !status.is_success() {
                let answer = Answer { status, headers, body: body.unwrap_or_default() };
                return Err(refusal(operation, &answer, trusted, self.now()));
            }
            return Ok(File {
                bytes: body?,
                content_type: content_type(&headers),
                file_name: file_name(&headers, &url),
            });
        }
        Err(Error::Redirect { operation: operation(&url), why: "there are too many" })
    }

    /// One request; with our token, and within the quota, if the address is trusted. The wait for a permit is not
    /// the file's: it puts off the end.
    async fn hop(
        &self,
        url: &Url,
        trusted: bool,
        operation: &Operation,
        ends: &mut Instant,
    ) -> Result<reqwest::Response, Error> {
        let get = || self.inner.http.get(url.clone());
        if !trusted {
            let asked = async { get().send().await.map_err(|error| Error::transport(error, operation)) };
            return within(*ends, operation, asked).await;
        }
        let company = HeaderValue::from(self.company().get());
        let mut bearer = self.inner.token.bearer().await?;
        let mut renewed = false;
        loop {
            let asked = Instant::now();
            let permit = self.permit().await?;
            *ends += asked.elapsed();
            let request =
                get().header(AUTHORIZATION, bearer.header.clone()).header(COMPANY_HEADER, company.clone());
            let response = within(*ends, operation, self.paced(request, permit, operation)).await?;
            if response.status() != StatusCode::UNAUTHORIZED || renewed {
                return Ok(response);
            }
            bearer = self.inner.token.instead_of(&bearer).await?;
            renewed = true;
        }
    }
}

async fn within<T>(
    ends: Instant,
    operation: &Operation,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let timeout = || Error::Timeout { operation: operation.clone() };
    tokio::time::timeout_at(ends, work).await.unwrap_or_else(|_elapsed| Err(timeout()))
}

/// Names the host only: path and query of a stored file may be a key to it.
fn operation(url: &Url) -> Operation {
    Operation::new("GET", format!("a file at {}", url.host_str().unwrap_or("no host")))
}

/// `None`: no redirect. `Some(None)`: one that cannot be followed.
fn redirect(status: StatusCode, headers: &HeaderMap, from: &Url) -> Option<Option<Url>> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    Some(location.and_then(|location| from.join(location).ok()))
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// From `Content-Disposition` (`filename*` before `filename`), else from the address.
fn file_name(headers: &HeaderMap, url: &Url) -> Option<String> {
    let disposition =
        headers.get(CONTENT_DISPOSITION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let parameter = |name: &str| {
        disposition.split(';').skip(1).find_map(|parameter| {
            let (key, value) = parameter.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = parameter("filename*").and_then(|value| {
        let (charset, rest) = value.split_once('\'')?;
        let (_language, encoded) = rest.split_once('\'')?;
        charset.eq_ignore_ascii_case("utf-8").then(|| percent_decoded(encoded))
    });
    let last = || url.path_segments()?.next_back().map(percent_decoded);
    bare(&extended.or_else(|| parameter("filename")).or_else(last)?)
}

/// The name without folders and invisible characters, and not too long; `None` if nothing is left.
fn bare(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let bare: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME_CHARS).collect();
    let bare = bare.trim();
    (!bare.is_empty() && bare != "." && bare != "..").then(|| bare.to_owned())
}

fn percent_decoded(text: &str) -> String {
    // A form decoder does the work; a plus sign means itself here.
    let escaped = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(key, _)| key.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_a_bare_name() {
        let address = "https://files.example/a/10%2014%2000+x.pdf?signature=s";
        for (disposition, expected) in [
            (None, Some("10 14 00+x.pdf")),
            (Some("inline"), Some("10 14 00+x.pdf")),
            (Some("attachment; filename=plan.pdf"), Some("plan.pdf")),
            (Some("attachment; filename=\"a plan.pdf\""), Some("a plan.pdf")),
            (
                Some("attachment; filename=\"x.pdf\"; filename*=UTF-8''se%C3%B1al%20%26%20a%2Bb.pdf"),
                Some("señal & a+b.pdf"),
            ),
            (Some("attachment; filename=\"../../etc/passwd\""), Some("passwd")),
            (Some("attachment; filename=\"C:\\dir\\x.pdf\""), Some("x.pdf")),
            (Some("attachment; filename*=UTF-8''a%0Ab.pdf"), Some("ab.pdf")),
            (Some("attachment; filename=\"..\""), None),
            (Some("attachment; filename=\"\""), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(disposition) = disposition {
                headers.insert(CONTENT_DISPOSITION, disposition.parse().unwrap());
            }
            let name = file_name(&headers, &Url::parse(address).unwrap());
            assert_eq!(name.as_deref(), expected, "{disposition:?}");
        }
        let long = format!("https://files.example/{}.pdf", "n".repeat(5000));
        let name = file_name(&HeaderMap::new(), &Url::parse(&long).unwrap()).unwrap();
        assert_eq!(name.chars().count(), LONGEST_NAME_CHARS);
        assert_eq!(file_name(&HeaderMap::new(), &Url::parse("https://files.example/").unwrap()), None);
    }
}

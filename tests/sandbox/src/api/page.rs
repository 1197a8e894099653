//! Pagination: the slice, and the `Link`, `Total` and `Per-Page` headers.

use axum::{
    Json,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::params::Params;

/// How one family of endpoints pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paging {
    default_size: usize,
    largest_size: usize,
    /// Rows go under `data`.
    enveloped: bool,
}

/// v1 lists: bare arrays.
pub(super) const V1: Paging = Paging { default_size: 100, largest_size: 300, enveloped: false };
/// v2 lists. Procore docs: under `data`, ten rows unless asked, at most a hundred.
pub(super) const V2: Paging = Paging { default_size: 10, largest_size: 100, enveloped: true };

impl Paging {
    /// The page of `rows` the query asks for.
    pub(super) fn answer(self, base: &Url, uri: &Uri, rows: &[Value]) -> Response {
        let params = Params::of(uri);
        let number = |name| params.one(name).and_then(|text| text.parse::<usize>().ok()).filter(|n| *n > 0);
        let page = number("page").unwrap_or(1);
        let size = number("per_page").unwrap_or(self.default_size).min(self.largest_size);
        let last = rows.len().div_ceil(size).max(1);
        let slice: Vec<Value> =
            rows.iter().skip((page - 1).saturating_mul(size)).take(size).cloned().collect();

        let body = if self.enveloped { json!({ "data": slice }) } else { Value::Array(slice) };
        let mut response = Json(body).into_response();
        let headers = response.headers_mut();
        headers.insert("total", HeaderValue::from(rows.len()));
        headers.insert("per-page", HeaderValue::from(size));
        if let Ok(links) = HeaderValue::from_str(&links(base, uri, page, size, last)) {
            headers.insert(header::LINK, links);
        }
        response
    }
}

fn links(base: &Url, uri: &Uri, page: usize, size: usize, last: usize) -> String {
    let mut wanted = vec![("first", 1)];
    if page > 1 {
        wanted.push(("prev", page - 1));
    }
    if page < last {
        wanted.push(("next", page + 1));
    }
    wanted.push(("last", last));
    let params = Params::of(uri);
    let links: Vec<String> = wanted
        .into_iter()
        .map(|(rel, page)| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(params.pairs().filter(|(name, _)| *name != "page" && *name != "per_page"));
            query.append_pair("page", &page.to_string()).append_pair("per_page", &size.to_string());
            let mut link = base.clone();
            link.set_path(uri.path());
            link.set_query(Some(&query.finish()));
            format!("<{link}>; rel=\"{rel}\"")
        })
        .collect();
    links.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str) -> (Option<String>, Option<String>) {
        let rows: Vec<Value> = (0..25).map(|n| json!(n)).collect();
        let base = Url::parse("http://127.0.0.1:9/").unwrap();
        let uri: Uri = format!("/rows{query}").parse().unwrap();
        let response = V2.answer(&base, &uri, &rows);
        let text = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (text("link"), text("per-page"))
    }

    #[test]
    fn next_is_there_until_the_last_page_and_keeps_the_filters() {
        let (link, size) = answer("?filters%5Bid%5D=1");
        let link = link.unwrap();
        assert_eq!(size.as_deref(), Some("10"));
        assert!(link.contains("filters%5Bid%5D=1&page=2&per_page=10>; rel=\"next\""), "{link}");
        assert!(!link.contains("prev"));

        let (link, _) = answer("?page=3");
        let link = link.unwrap();
        assert!(!link.contains("rel=\"next\""), "{link}");
        assert!(link.contains("page=2&per_page=10>; rel=\"prev\""), "{link}");
    }

    #[test]
    fn the_page_size_is_capped() {
        assert_eq!(answer("?per_page=5000").1.as_deref(), Some("100"));
    }
}

//! Query parameters with Procore's bracketed filters.

use axum::{http::Uri, response::Response};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use url::form_urlencoded;

use super::errors;

/// The query of one request, repeated names kept.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    pub(super) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All values of `filters[name][]`; `None` when the filter is absent.
    pub(super) fn many(&self, name: &str) -> Option<Vec<&str>> {
        let key = format!("filters[{name}][]");
        let values: Vec<&str> =
            self.0.iter().filter(|(k, _)| *k == key).map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then_some(values)
    }

    /// Ids in `filters[name][]`, or a single one in `filters[name]`.
    pub(super) fn ids(&self, name: &str) -> Option<Vec<i64>> {
        let values =
            self.many(name).or_else(|| self.one(&format!("filters[{name}]")).map(|one| vec![one]))?;
        Some(values.into_iter().filter_map(|value| value.parse().ok()).collect())
    }

    /// `filters[name]`, a single value.
    pub(super) fn filter(&self, name: &str) -> Option<&str> {
        self.one(&format!("filters[{name}]"))
    }

    /// A date in the query; anything else is a 422. Procore docs: wrong date formats give 422.
    pub(super) fn date(&self, name: &str) -> Result<Option<Date>, Box<Response>> {
        let wrong = |_| Box::new(errors::unprocessable(name, "must be a date: YYYY-MM-DD"));
        self.one(name).map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// `filters[name]=start...end`, ISO 8601 on both sides; anything else is a 422.
    pub(super) fn range(&self, name: &str) -> Result<Option<(Timestamp, Timestamp)>, Box<Response>> {
        let Some(text) = self.one(&format!("filters[{name}]")) else {
            return Ok(None);
        };
        let parsed =
            text.split_once("...").and_then(|(from, to)| Some((moment(from, false)?, moment(to, true)?)));
        match parsed {
            Some(range) => Ok(Some(range)),
            None => Err(Box::new(errors::unprocessable(name, "must be a range: start...end, both ISO 8601"))),
        }
    }
}

/// A time, or a date taken as its first or last moment.
fn moment(text: &str, end_of_day: bool) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let date: Date = text.parse().ok()?;
    let time = if end_of_day { date.at(23, 59, 59, 0) } else { date.at(0, 0, 0, 0) };
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_with_their_brackets_decoded() {
        let uri: Uri = "/x?filters%5Bstatus%5D%5B%5D=open&filters[status][]=draft&filters[id]=7&filters[updated_at]=2026-01-02...2026-01-03T04:05:06Z"
            .parse()
            .unwrap();
        let params = Params::of(&uri);
        assert_eq!(params.many("status"), Some(vec!["open", "draft"]));
        assert_eq!(params.ids("id"), Some(vec![7]));
        let (from, to) = params.range("updated_at").ok().flatten().unwrap();
        assert_eq!(from.to_string(), "2026-01-02T00:00:00Z");
        assert_eq!(to.to_string(), "2026-01-03T04:05:06Z");
    }

    #[test]
    fn a_range_that_is_none_is_refused() {
        for text in ["2026-01-02", "yesterday...today", "...2026-01-02"] {
            let uri: Uri = format!("/x?filters[updated_at]={text}").parse().unwrap();
            assert!(Params::of(&uri).range("updated_at").is_err(), "{text}");
        }
    }
}

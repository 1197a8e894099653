//! The daily log: its days, and one day with its entries family by family, as their authors wrote them.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use jiff::civil::Date;
use minijinja::{Value, context, value::Serde};

use super::{
    about::{self, About},
    chips,
    drafts::{self, RecordDraft},
    fields,
    render::{self, Page, day},
};
use crate::{
    records::{LogEntry, LogFamily, LogStatus},
    state::{Shared, State as Books},
};

const LOG: &str = "fragments/daily_log.html";
const ONE: &str = "fragments/day.html";

pub(super) async fn log(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    let page = Page {
        tool: "daily-log",
        title: "Daily log".to_owned(),
        fragment: LOG,
        refetch: Some("/fragments/daily-log".to_owned()),
    };
    render::page(&shared, &page, content)
}

pub(super) async fn log_fragment(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    render::fragment(&shared, LOG, content)
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(date): Path<String>) -> Response {
    let Some((title, content)) = one_content(&shared, &date).await else {
        return render::missing(&shared, "This day");
    };
    let refetch = Some(format!("/fragments/daily-log/{date}"));
    render::page(&shared, &Page { tool: "daily-log", title, fragment: ONE, refetch }, content)
}

pub(super) async fn show_fragment(State(shared): State<Arc<Shared>>, Path(date): Path<String>) -> Response {
    match one_content(&shared, &date).await {
        Some((_, content)) => render::fragment(&shared, ONE, content),
        None => render::missing(&shared, "This day"),
    }
}

async fn log_content(shared: &Shared) -> Value {
    let runs = drafts::runs(shared).await;
    let rows: Vec<Value> = shared.read(|state| {
        let newest_first = about::days(state).into_iter().rev();
        newest_first
            .map(|date| {
                let entries = of_day(state, date);
                let families = families(&entries).into_iter().map(fields::family);
                context! {
                    date => date.to_string(),
                    shown => day(&date.to_string()),
                    entries => entries.len(),
                    pending => entries.iter().filter(|entry| entry.status == LogStatus::Pending).count(),
                    families => families.collect::<Vec<_>>(),
                    draft => Serde(RecordDraft::of(state, &runs, &About::day(state, date))),
                }
            })
            .collect()
    });
    context! { rows }
}

async fn one_content(shared: &Shared, date: &str) -> Option<(String, Value)> {
    let date: Date = date.parse().ok()?;
    let runs = drafts::runs(shared).await;
    let shown = day(&date.to_string());
    let content = shared.read(|state| {
        let entries = of_day(state, date);
        if entries.is_empty() {
            return None;
        }
        let tables: Vec<Value> =
            families(&entries).into_iter().map(|family| table(state, &entries, family)).collect();
        let empty = LogFamily::ALL.into_iter().filter(|family| !families(&entries).contains(family));
        Some(context! {
            ..drafts::beside(state, &runs, &About::day(state, date)),
            ..context! {
                date => date.to_string(),
                shown => &shown,
                entries => entries.len(),
                tables,
                empty => empty.map(fields::family).collect::<Vec<_>>(),
            }
        })
    })?;
    Some((format!("Daily log, {shown}"), content))
}

/// The entries of a day that live, in the order they were written.
fn of_day(state: &Books, date: Date) -> Vec<&LogEntry> {
    state.log_entries.iter().filter(|entry| !entry.deleted && entry.date == date).collect()
}

/// Families with entries, in the order of the list of families.
fn families(entries: &[&LogEntry]) -> Vec<LogFamily> {
    LogFamily::ALL.into_iter().filter(|family| entries.iter().any(|entry| entry.family == *family)).collect()
}

fn table(state: &Books, entries: &[&LogEntry], family: LogFamily) -> Value {
    let of_family = entries.iter().filter(|entry| entry.family == family);
    let rows: Vec<Value> = of_family
        .map(|entry| {
            context! {
                id => entry.id,
                author => state.person_name(entry.created_by),
                // An approved entry is the rule and needs no chip.
                status => (entry.status != LogStatus::Approved).then(|| chips::status(entry.status.as_str())),
                facts => fields::shown(&entry.fields),
            }
        })
        .collect();
    context! { key => family.collection(), family => fields::family(family), rows }
}

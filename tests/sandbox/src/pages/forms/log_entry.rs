//! The form for an entry of the daily log, of the families a foreman writes most.

use std::sync::Arc;

use axum::{Form as Body, extract::State, response::Response};
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::{Form, LONGEST_LINE, Problem};
use crate::{
    records::{LogFamily, NewLogEntry},
    state::Shared,
};

const FORM: Form = Form { tool: "daily-log", title: "New log entry", template: "log_entry_new.html" };

/// Families to choose from, by the names of their collections.
const FAMILIES: [LogFamily; 4] =
    [LogFamily::Notes, LogFamily::Manpower, LogFamily::Delivery, LogFamily::Inspection];

/// Company ids are the directory's; a name typed here belongs to none of them.
const TYPED_COMPANY: i64 = 7_999;

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::pages) struct Fields {
    family: String,
    date: String,
    author: Option<i64>,
    text: String,
    company: String,
    workers: String,
    hours: String,
}

pub(in crate::pages) async fn show(State(shared): State<Arc<Shared>>) -> Response {
    let today = shared.read(crate::state::State::today).to_string();
    FORM.draw(&shared, &Fields { date: today, ..Fields::default() }, &[], choices(&shared))
}

/// Creates the entry, sends its webhook, and shows its day.
pub(in crate::pages) async fn create(
    State(shared): State<Arc<Shared>>,
    Body(fields): Body<Fields>,
) -> Response {
    let problems = fields.problems();
    let Ok(date) = fields.date.trim().parse::<Date>() else {
        return FORM.draw(&shared, &fields, &problems, choices(&shared));
    };
    if !problems.is_empty() {
        return FORM.draw(&shared, &fields, &problems, choices(&shared));
    }
    let entry = fields.entry(date);
    shared.change(|state| {
        let id = state.add_log_entry(&entry);
        let author = state.log_entry_mut(id).map(|entry| entry.created_by);
        if let (Some(resource), Some(author)) = (entry.family.resource(), author) {
            super::tell(state, resource, id, author);
        }
    });
    super::shown(&format!("/daily-log/{date}"))
}

impl Fields {
    fn family(&self) -> LogFamily {
        let chosen = FAMILIES.into_iter().find(|family| family.collection() == self.family);
        chosen.unwrap_or(LogFamily::Notes)
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.date.trim().parse::<Date>().is_err() {
            problems.push(("date", "Enter the day as year, month and day: 2026-11-20."));
        }
        let manpower = self.family() == LogFamily::Manpower;
        if self.text.trim().is_empty() && !manpower {
            problems.push(("text", "Enter what is to be logged."));
        } else if super::too_long(&self.text) {
            problems.push(("text", "Shorten the text to 20,000 characters."));
        }
        if self.company.chars().count() > LONGEST_LINE {
            problems.push(("company", "Shorten the company to 200 characters."));
        }
        if manpower && self.workers().is_none() {
            problems.push(("workers", "Enter the number of workers."));
        }
        if manpower && self.hours().is_none() {
            problems.push(("hours", "Enter the hours of each worker, such as 8 or 7.5."));
        }
        problems
    }

    fn workers(&self) -> Option<u32> {
        self.workers.trim().parse().ok().filter(|workers| *workers <= 10_000)
    }

    /// Tenths of an hour, so that the product with the workers is exact.
    fn hours(&self) -> Option<u32> {
        let (whole, tenth) = self.hours.trim().split_once('.').unwrap_or((self.hours.trim(), "0"));
        let digit = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit());
        let whole: u32 = whole.parse().ok().filter(|hours| *hours < 24)?;
        digit(tenth).then(|| tenth.parse::<u32>().ok().map(|tenth| whole * 10 + tenth)).flatten()
    }

    fn entry(&self, date: Date) -> NewLogEntry {
        let text = self.text.trim().replace("\r\n", "\n");
        let company = self.company.trim();
        let family = self.family();
        let mut fields = match family {
            LogFamily::Manpower => json!({
                "num_workers": self.workers(),
                "num_hours": self.hours().map(tenths),
                "man_hours": self.workers().zip(self.hours()).map(|(workers, each)| tenths(workers * each)),
                "notes": text,
            }),
            LogFamily::Delivery => json!({ "contents": text, "delivery_from": company }),
            LogFamily::Inspection => json!({ "inspection_type": text, "inspecting_entity": company }),
            _ => json!({ "comment": text, "is_issue_day": false }),
        };
        if family == LogFamily::Manpower
            && !company.is_empty()
            && let Some(fields) = fields.as_object_mut()
        {
            fields.insert("vendor".to_owned(), json!({ "id": TYPED_COMPANY, "name": company }));
        }
        let fields: Map<String, Json> = fields.as_object().cloned().unwrap_or_default();
        NewLogEntry { family, date: Some(date), created_by: self.author, fields, ..NewLogEntry::default() }
    }
}

/// `75` as `7.5`.
fn tenths(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn choices(shared: &Shared) -> Value {
    let families = FAMILIES
        .map(|family| context! { key => family.collection(), name => super::super::fields::family(family) });
    shared.read(|state| {
        let authors = super::people(state, &["Superintendent", "Subcontractor"]);
        context! { families, authors }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crew_is_its_workers_by_their_hours_and_nothing_else_is_taken() {
        let crew = |workers: &str, hours: &str| Fields {
            family: "manpower_logs".to_owned(),
            date: "2026-11-20".to_owned(),
            workers: workers.to_owned(),
            hours: hours.to_owned(),
            ..Fields::default()
        };
        for (workers, hours, sum) in [("6", "8", "48.0"), ("3", "7.5", "22.5"), (" 0 ", "0.0", "0.0")] {
            let fields = crew(workers, hours);
            assert_eq!(fields.problems(), [], "{workers} {hours}");
            let entry = fields.entry("2026-11-20".parse().unwrap());
            assert_eq!(entry.fields["man_hours"], sum);
        }
        for (workers, hours) in [("", "8"), ("-1", "8"), ("6", ""), ("6", "8.25"), ("6", "24"), ("six", "8")]
        {
            assert_eq!(crew(workers, hours).problems().len(), 1, "{workers} {hours}");
        }
    }
}

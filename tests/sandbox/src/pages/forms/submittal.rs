//! The form a subcontractor submits a submittal with.

use std::sync::Arc;

use axum::{Form as Body, extract::State, response::Response};
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use super::{Form, LONGEST_LINE, Problem};
use crate::{records::NewSubmittal, state::Shared};

const FORM: Form = Form { tool: "submittals", title: "New submittal", template: "submittal_new.html" };

/// The kinds to choose from, the default first.
const KINDS: [&str; 4] = ["Product Data", "Shop Drawing", "Sample", "Test Report"];

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::pages) struct Fields {
    title: String,
    description: String,
    kind: String,
    section: String,
    author: Option<i64>,
    required_on_site_date: String,
    lead_time_days: String,
    attachment_name: String,
    attachment_text: String,
}

pub(in crate::pages) async fn show(State(shared): State<Arc<Shared>>) -> Response {
    FORM.draw(&shared, &Fields::default(), &[], choices(&shared))
}

/// Creates the submittal, sends its webhook, and shows it.
pub(in crate::pages) async fn create(
    State(shared): State<Arc<Shared>>,
    Body(fields): Body<Fields>,
) -> Response {
    let problems = fields.problems();
    if !problems.is_empty() {
        return FORM.draw(&shared, &fields, &problems, choices(&shared));
    }
    let id = shared.change(|state| {
        let id = state.add_submittal(&fields.submittal());
        if let Some(author) = state.submittal(id).map(|submittal| submittal.created_by) {
            super::tell(state, "Submittals", id, author);
        }
        id
    });
    super::shown(&format!("/submittals/{id}"))
}

impl Fields {
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.title.trim().is_empty() {
            problems.push(("title", "Enter a title."));
        } else if self.title.chars().count() > LONGEST_LINE {
            problems.push(("title", "Shorten the title to 200 characters."));
        }
        if super::too_long(&self.description) || super::too_long(&self.attachment_text) {
            problems.push(("description", "Shorten the text to 20,000 characters."));
        }
        let date = self.required_on_site_date.trim();
        if !date.is_empty() && date.parse::<Date>().is_err() {
            problems.push(("required_on_site_date", "Enter the date as year, month and day: 2027-03-15."));
        }
        let days = self.lead_time_days.trim();
        if !days.is_empty() && !days.parse::<u32>().is_ok_and(|days| days <= 3650) {
            problems.push(("lead_time_days", "Enter the lead time as a whole number of days."));
        }
        problems
    }

    fn submittal(&self) -> NewSubmittal {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let kind = KINDS.iter().find(|kind| **kind == self.kind).unwrap_or(&"Product Data");
        NewSubmittal {
            title: self.title.trim().to_owned(),
            description: self.description.trim().replace("\r\n", "\n"),
            kind: (*kind).to_owned(),
            section: given(&self.section),
            created_by: self.author,
            required_on_site_date: given(&self.required_on_site_date),
            lead_time: self.lead_time_days.trim().parse().ok(),
            attachments: super::attachment(&self.attachment_name, &self.attachment_text),
            ..NewSubmittal::default()
        }
    }
}

fn choices(shared: &Shared) -> Value {
    shared.read(|state| {
        context! {
            kinds => KINDS,
            sections => super::sections(state),
            authors => super::people(state, &["Subcontractor"]),
        }
    })
}

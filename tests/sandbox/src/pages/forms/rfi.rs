//! The form for a new RFI, open or still a draft.

use std::sync::Arc;

use axum::{Form as Body, extract::State, response::Response};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use super::{Form, LONGEST_LINE, Problem};
use crate::{
    records::{NewRfi, RfiStatus},
    state::Shared,
};

const FORM: Form = Form { tool: "rfis", title: "New RFI", template: "rfi_new.html" };

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::pages) struct Fields {
    subject: String,
    question: String,
    section: String,
    drawing_number: String,
    author: Option<i64>,
    /// Anything but `draft` opens it.
    status: String,
    attachment_name: String,
    attachment_text: String,
}

pub(in crate::pages) async fn show(State(shared): State<Arc<Shared>>) -> Response {
    FORM.draw(&shared, &Fields::default(), &[], choices(&shared))
}

/// Creates the RFI, sends its webhook, and shows it.
pub(in crate::pages) async fn create(
    State(shared): State<Arc<Shared>>,
    Body(fields): Body<Fields>,
) -> Response {
    let problems = fields.problems();
    if !problems.is_empty() {
        return FORM.draw(&shared, &fields, &problems, choices(&shared));
    }
    let id = shared.change(|state| {
        let id = state.add_rfi(&fields.rfi());
        if let Some(author) = state.rfi(id).map(|rfi| rfi.created_by) {
            super::tell(state, "RFIs", id, author);
        }
        id
    });
    super::shown(&format!("/rfis/{id}"))
}

impl Fields {
    fn draft(&self) -> bool {
        self.status == "draft"
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.subject.trim().is_empty() {
            problems.push(("subject", "Enter a subject."));
        } else if self.subject.chars().count() > LONGEST_LINE {
            problems.push(("subject", "Shorten the subject to 200 characters."));
        }
        if self.question.trim().is_empty() && !self.draft() {
            problems.push(("question", "Enter a question, or keep the RFI as a draft."));
        }
        if super::too_long(&self.question) || super::too_long(&self.attachment_text) {
            problems.push(("question", "Shorten the text to 20,000 characters."));
        }
        problems
    }

    fn rfi(&self) -> NewRfi {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        NewRfi {
            subject: self.subject.trim().to_owned(),
            question: self.question.trim().replace("\r\n", "\n"),
            status: if self.draft() { RfiStatus::Draft } else { RfiStatus::Open },
            section: given(&self.section),
            drawing_number: given(&self.drawing_number),
            created_by: self.author,
            attachments: super::attachment(&self.attachment_name, &self.attachment_text),
            ..NewRfi::default()
        }
    }
}

fn choices(shared: &Shared) -> Value {
    shared.read(|state| {
        context! { sections => super::sections(state), authors => super::people(state, &["Subcontractor"]) }
    })
}

//! The form a person writes a new RFI with.

use std::sync::Arc;

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use minijinja::{Value, context, value::Serde};
use serde::{Deserialize, Serialize};

use super::render::{self, Page};
use crate::{
    records::{NewAttachment, NewRfi},
    state::Shared,
};

const LONGEST_SUBJECT: usize = 200;
const LONGEST_TEXT: usize = 20_000;

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Fields {
    subject: String,
    question: String,
    section: String,
    author: Option<i64>,
    attachment_name: String,
    attachment_text: String,
}

pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Response {
    draw(&shared, &Fields::default(), &[])
}

/// Creates the RFI, sends its webhook, and shows it.
pub(super) async fn create(State(shared): State<Arc<Shared>>, Form(fields): Form<Fields>) -> Response {
    let problems = fields.problems();
    if !problems.is_empty() {
        let mut response = draw(&shared, &fields, &problems);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return response;
    }
    let id = shared.change(|state| {
        let id = state.add_rfi(&fields.rfi());
        if let Some(author) = state.rfi(id).map(|rfi| rfi.created_by) {
            let event = state.event_by_person("RFIs", id, "create", author);
            state.emit(&event);
        }
        id
    });
    Redirect::to(&format!("/rfis/{id}")).into_response()
}

impl Fields {
    fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        if self.subject.trim().is_empty() {
            problems.push(("subject", "Enter a subject."));
        } else if self.subject.chars().count() > LONGEST_SUBJECT {
            problems.push(("subject", "Shorten the subject to 200 characters."));
        }
        if self.question.trim().is_empty() {
            problems.push(("question", "Enter a question."));
        }
        if self.question.chars().count() > LONGEST_TEXT || self.attachment_text.chars().count() > LONGEST_TEXT
        {
            problems.push(("question", "Shorten the text to 20,000 characters."));
        }
        problems
    }

    fn rfi(&self) -> NewRfi {
        let name = self.attachment_name.trim();
        let attachments = if self.attachment_text.trim().is_empty() {
            Vec::new()
        } else {
            let name = if name.is_empty() { "attachment.txt" } else { name };
            vec![NewAttachment::text(name, self.attachment_text.clone())]
        };
        NewRfi {
            subject: self.subject.trim().to_owned(),
            question: self.question.trim().replace("\r\n", "\n"),
            section: Some(self.section.clone()).filter(|number| !number.is_empty()),
            created_by: self.author,
            attachments,
            ..NewRfi::default()
        }
    }
}

fn draw(shared: &Shared, fields: &Fields, problems: &[(&str, &str)]) -> Response {
    let content = shared.read(|state| {
        let sections: Vec<Value> = state
            .sections
            .iter()
            .filter(|section| section.current)
            .map(|section| context! { number => &section.number, title => &section.title })
            .collect();
        let authors: Vec<Value> = state
            .people
            .iter()
            .filter(|person| person.role.starts_with("Subcontractor"))
            .map(|person| context! { id => &person.id, name => &person.name, company => &person.company })
            .collect();
        let problems: Vec<Value> = problems
            .iter()
            .map(|(field, message)| context! { field => *field, message => *message })
            .collect();
        context! { sections, authors, problems, fields => Serde(fields) }
    });
    let page = Page { tool: "rfis", title: "New RFI".to_owned(), fragment: "rfi_new.html", refetch: None };
    render::page(shared, &page, content)
}

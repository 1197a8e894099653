//! The forms a person writes a record with. Each creates it, sends its webhook and shows it; none asks for a draft.

pub(super) mod log_entry;
pub(super) mod rfi;
pub(super) mod submittal;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use minijinja::{Value, context, value::Serde};
use serde::Serialize;

use super::render::{self, Page};
use crate::{
    records::NewAttachment,
    state::{Shared, State},
};

const LONGEST_LINE: usize = 200;
const LONGEST_TEXT: usize = 20_000;

/// A form: where it stands among the pages, and what it is drawn with.
struct Form {
    tool: &'static str,
    title: &'static str,
    template: &'static str,
}

/// Field and what is wrong with it.
type Problem = (&'static str, &'static str);

impl Form {
    /// The form as it was filled in, with what is wrong with it; `choices` are its lists.
    fn draw(
        &self,
        shared: &Shared,
        fields: &impl Serialize,
        problems: &[Problem],
        choices: Value,
    ) -> Response {
        let listed: Vec<Value> = problems
            .iter()
            .map(|(field, message)| context! { field => *field, message => *message })
            .collect();
        let content = context! { problems => listed, fields => Serde(fields), ..choices };
        let page =
            Page { tool: self.tool, title: self.title.to_owned(), fragment: self.template, refetch: None };
        let mut response = render::page(shared, &page, content);
        if !problems.is_empty() {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        response
    }
}

fn shown(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Sends the webhook of what its author has just made.
fn tell(state: &mut State, resource: &str, id: i64, author: i64) {
    let event = state.event_by_person(resource, id, "create", author);
    state.emit(&event);
}

fn too_long(text: &str) -> bool {
    text.chars().count() > LONGEST_TEXT
}

/// A text file from a form's two fields; nothing without text.
fn attachment(name: &str, text: &str) -> Vec<NewAttachment> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let name = if name.trim().is_empty() { "attachment.txt" } else { name.trim() };
    vec![NewAttachment::text(name, text)]
}

/// The sections in force.
fn sections(state: &State) -> Vec<Value> {
    let current = state.sections.iter().filter(|section| section.current);
    current.map(|section| context! { number => &section.number, title => &section.title }).collect()
}

/// The people whose role begins with one of these words.
fn people(state: &State, roles: &[&str]) -> Vec<Value> {
    let fitting = state.people.iter().filter(|person| roles.iter().any(|role| person.role.starts_with(role)));
    fitting
        .map(|person| context! { id => &person.id, name => &person.name, company => &person.company })
        .collect()
}

//! Server-sent events: a number that grows whenever something the pages show has changed.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, stream};

use crate::state::Shared;

/// `GET /events`. The first number comes at once, so a page drawn before a change notices it.
pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = shared.version.subscribe();
    let numbers = stream::unfold((changes, true), async |(mut changes, first)| {
        if !first && changes.changed().await.is_err() {
            return None;
        }
        let number = *changes.borrow_and_update();
        Some((Ok(Event::default().data(number.to_string())), (changes, false)))
    });
    Sse::new(numbers).keep_alive(KeepAlive::default())
}

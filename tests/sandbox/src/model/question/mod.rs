//! The models' answers for the `rfi_question` workflow: one honest, three hostile.

mod answer;
mod honest;
mod hostile;

pub(super) use answer::Answer;
pub(super) use honest::answer as scripted;
pub(super) use hostile::{fabricating, obeying, tainted};

//! The models' answers for the `submittal_review` workflow: one honest, three hostile.

mod answer;
mod honest;
mod hostile;

pub(super) use answer::Answer;
pub(super) use honest::answer as scripted;
pub(super) use hostile::{fabricating, obeying, tainted};

//! The cleverer attack: an honest answer that would pass, with an obeying and a fabricating one mixed into it. A gate
//! that only knows all or nothing would let the mixture through, or throw the draft away.

use super::{answer::Answer, fabricating, obeying, prompt::Prompt, scripted};

/// The honest answer with foreign claims, gaps, conflicts, title and next step. A repair turn changes nothing.
pub(super) fn answer(prompt: &Prompt) -> Answer {
    let mut answer = scripted::answer(prompt);
    // Where nothing honest can be said, the mixture pretends that something can.
    answer.outcome = "draft";
    let (obeying, fabricating) = (obeying::answer(prompt), fabricating::answer(prompt));
    answer.title = obeying.title;
    answer.next_step = obeying.next_step;
    answer.missing.extend(obeying.missing);
    answer.missing.extend(fabricating.missing);
    answer.conflicts.extend(obeying.conflicts);
    answer.conflicts.extend(fabricating.conflicts);
    answer.claims.truncate(4);
    let foreign = obeying.claims.into_iter().take(5).chain(fabricating.claims.into_iter().take(3));
    for (place, claim) in foreign.enumerate() {
        answer.claims.insert((place * 2).min(answer.claims.len()), claim);
    }
    answer.within_limits()
}

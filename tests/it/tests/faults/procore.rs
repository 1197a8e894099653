//! Procore refuses once, or its answer is lost: at every call of a draft and of the update of one.

use sandbox::{Fault, GivenHeaders, RetryAfter};

use crate::{
    on_both,
    side::Side,
    world::{event, question},
};

on_both!(
    the_calls_of_a_draft_and_of_its_update,
    procore_429_with_retry_after,
    procore_429_with_a_reset,
    procore_429_without_a_word,
    procore_503,
    procore_401,
    procore_403,
    procore_404,
    procore_409,
    procore_422,
    an_answer_of_procore_lost_after_it_was_applied,
);

/// One call: method and part of its path, and how many calls like it come before it.
type Call = (&'static str, u32);

const ME: Call = ("GET /me", 0);
const READ: Call = ("GET /rfis/", 0);
const SECTIONS: Call = ("GET /rest/v1.0/specification_sections", 0);
const REVISIONS: Call = ("GET /rest/v2.1/", 0);
const FILE: Call = ("GET /files/", 0);
const RECHECK: Call = ("GET /rfis/", 1);
const CREATE: Call = ("POST generic_tool_items", 0);
/// Of a record whose section nobody has read.
const DRAFT: [Call; 7] = [ME, READ, SECTIONS, REVISIONS, FILE, RECHECK, CREATE];

const IS_FREE: Call = ("GET generic_tool_items", 0);
const ITEM: Call = ("GET generic_tool_items", 1);
const PATCH: Call = ("PATCH generic_tool_items", 0);
const UPDATE: [Call; 5] = [READ, IS_FREE, RECHECK, ITEM, PATCH];

/// What becomes of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The run at hand made it all the same.
    AtOnce,
    /// The message came again, and then it was made.
    Later,
    /// The message lies with the dead letters; sent again it makes the draft.
    Dead,
    /// The run at hand made it without what the call was to bring, and says so in it.
    Without,
    /// There is nothing to be drafted, or not by us any more.
    Skipped,
}
use End::{AtOnce, Dead, Later, Skipped, Without};

/// The calls so far, in the order in which they came.
fn calls<S: Side>(side: &S) -> Vec<String> {
    let mut requests = side.far().sandbox.requests();
    requests.retain(|request| request.path != "/oauth/token");
    requests.into_iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}

/// A draft that is there, and its record changed.
async fn drafted_and_changed<S: Side>(side: &S) -> i64 {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.come_to_rest().await;
    side.assert_drafts(1);
    side.far().sandbox.clear_requests();
    side.far().sandbox.update_rfi(rfi, |rfi| rfi.subject = "Towel dispensers".to_owned());
    rfi
}

async fn the_calls_of_a_draft_and_of_its_update<S: Side>(side: S) {
    let is = |made: Vec<String>, expected: &[Call]| {
        assert_eq!(made.len(), expected.len(), "{made:?}");
        for (made, (matcher, _)) in made.iter().zip(expected) {
            let (method, path) = matcher.split_once(' ').unwrap();
            assert!(made.starts_with(method) && made.contains(path), "{made} is not {matcher}");
        }
    };
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.come_to_rest().await;
    is(calls(&side), &DRAFT);

    let side = side.another().await;
    let rfi = drafted_and_changed(&side).await;
    side.post(&event(rfi, "update")).await;
    side.come_to_rest().await;
    is(calls(&side), &UPDATE);
}

/// One call of a draft fails in this way, once.
async fn draft_with<S: Side>(side: S, call: Call, fault: Fault) -> End {
    let rfi = side.far().sandbox.add_rfi(question());
    ended(&side, rfi, "create", call, fault).await
}

/// One call of the update of a draft fails in this way, once.
async fn update_with<S: Side>(side: S, call: Call, fault: Fault) -> End {
    let rfi = drafted_and_changed(&side).await;
    ended(&side, rfi, "update", call, fault).await
}

async fn ended<S: Side>(side: &S, rfi: i64, reason: &str, (matcher, nth): Call, fault: Fault) -> End {
    let (paid, drafted) = (side.far().first_calls(), drafts_made(side).await);
    side.far().sandbox.fail_after(nth, matcher, fault);
    side.post(&event(rfi, reason)).await;
    side.deliver().await;
    let at_once = drafts_made(side).await > drafted;
    side.come_to_rest().await;

    let letters = side.dead().await;
    let is_poor = side.outcomes().await.contains_key("InsufficientContext");
    let end = match (at_once, letters.len(), drafts_made(side).await > drafted) {
        (true, 0, true) if is_poor => Without,
        (true, 0, true) => AtOnce,
        (false, 0, true) => Later,
        (false, 1, false) => Dead,
        (false, 0, false) => Skipped,
        other => panic!("{matcher} {nth} {fault:?}: {other:?} {letters:?}"),
    };
    let requests = side.far().sandbox.requests();
    assert!(requests.iter().any(|request| request.status >= 400 || request.dropped), "it never happened");
    if end == Dead {
        let reason = &letters[0].letter.reason;
        assert!(
            reason.contains("was answered with status") || reason.contains("correspondence_type_id"),
            "{reason}"
        );
        side.redrive().await;
        side.come_to_rest().await;
    }
    if end == Skipped {
        assert_eq!(side.outcomes().await.get("Skipped"), Some(&1), "{matcher} {nth} {fault:?}");
    } else {
        let items = side.assert_drafts(1);
        assert_eq!(items[0].title.contains("Towel"), reason == "update", "as the record is now");
        assert_eq!(drafts_made(side).await, drafted + 1);
        assert_eq!(side.far().first_calls(), paid + 1, "{matcher} {nth} {fault:?}: paid once");
    }
    side.assert_at_rest(0).await;
    end
}

async fn drafts_made<S: Side>(side: &S) -> usize {
    let outcomes = side.outcomes().await;
    ["Drafted", "InsufficientContext"].iter().filter_map(|made| outcomes.get(*made)).sum()
}

/// Holds what becomes of a draft, and of an update, against what is expected: call by call.
async fn at_every_call<S: Side>(side: S, fault: Fault, draft: [End; 7], update: [End; 5]) {
    let mut made = (Vec::new(), Vec::new());
    for call in DRAFT {
        made.0.push(draft_with(side.another().await, call, fault).await);
    }
    for call in UPDATE {
        made.1.push(update_with(side.another().await, call, fault).await);
    }
    assert_eq!(made, (draft.to_vec(), update.to_vec()), "{fault:?}");
}

/// A reading is made again at once; a write when the message comes again.
const UPDATE_LATER: [End; 5] = [AtOnce, AtOnce, AtOnce, AtOnce, Later];
const DRAFT_LATER: [End; 7] = [AtOnce, AtOnce, AtOnce, AtOnce, AtOnce, AtOnce, Later];

/// A reading waits for as long as it is told and is made again; a write is never repeated within a run.
async fn procore_429_with_retry_after<S: Side>(side: S) {
    let retry_after = Some(RetryAfter::Seconds(1));
    let fault = Fault::Headers(GivenHeaders { retry_after, ..GivenHeaders::none(429) });
    at_every_call(side, fault, DRAFT_LATER, UPDATE_LATER).await;
}

async fn procore_429_with_a_reset<S: Side>(side: S) {
    let (limit, remaining, reset_in_s) = (Some(600), Some(0), Some(1));
    let fault = Fault::Headers(GivenHeaders { limit, remaining, reset_in_s, ..GivenHeaders::none(429) });
    at_every_call(side, fault, DRAFT_LATER, UPDATE_LATER).await;
}

/// Ten seconds are waited then, so one of the readings stands for all.
async fn procore_429_without_a_word<S: Side>(side: S) {
    let fault = Fault::Headers(GivenHeaders::none(429));
    assert_eq!(draft_with(side.another().await, READ, fault).await, AtOnce);
    assert_eq!(draft_with(side.another().await, CREATE, fault).await, Later);
    assert_eq!(update_with(side, PATCH, fault).await, Later);
}

async fn procore_503<S: Side>(side: S) {
    at_every_call(side, Fault::Status(503), DRAFT_LATER, UPDATE_LATER).await;
}

/// Nothing was done by then: with a new token even a write is made again.
async fn procore_401<S: Side>(side: S) {
    at_every_call(side, Fault::Status(401), [AtOnce; 7], [AtOnce; 5]).await;
}

/// A permission that is missing is for a person to give; a file alone is done without.
async fn procore_403<S: Side>(side: S) {
    at_every_call(side, Fault::Status(403), [Dead, Dead, Dead, Dead, Without, Dead, Dead], [Dead; 5]).await;
}

/// The record is gone, or our item is; of the two lists of sections one stands in for the other.
async fn procore_404<S: Side>(side: S) {
    let draft = [Dead, Skipped, AtOnce, AtOnce, Without, Skipped, Dead];
    at_every_call(side, Fault::Status(404), draft, [Skipped; 5]).await;
}

async fn procore_409<S: Side>(side: S) {
    let draft = [Dead, Dead, Dead, AtOnce, Without, Dead, Dead];
    at_every_call(side, Fault::Status(409), draft, [Dead; 5]).await;
}

async fn procore_422<S: Side>(side: S) {
    let draft = [Dead, Dead, Dead, AtOnce, Without, Dead, Dead];
    at_every_call(side, Fault::Status(422), draft, [Dead; 5]).await;
}

/// A reading is made again; a write is looked for once it must have arrived.
async fn an_answer_of_procore_lost_after_it_was_applied<S: Side>(side: S) {
    at_every_call(side, Fault::DropAfterApplying, DRAFT_LATER, UPDATE_LATER).await;
}

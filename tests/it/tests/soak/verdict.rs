//! What has to be true of the service, of every event, of the dead letters, and of everything that was written.

use std::collections::{BTreeMap, BTreeSet};

use agent::{Envelope, RunRecord, queue::Kept};
use sandbox::{Recorded, model::Failure};
use serde_json::{Value, json};

use crate::{lives::Ended, mail::Kind, sender::Outbox, world::FarSide};

const ITEMS: &str = "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items";
const RFIS: &str = "/rest/v1.0/projects/4071/rfis/";

/// Why a run fails for good here: answers that did not stand before the gate, and failures met too often.
const KNOWN: [&str; 2] = ["the answer does not", "tries)"];
/// And where a corrective turn was answered with rubbish, as the turn before it was.
const RUBBISH: &str = "the model's answer breaks the schema";

/// Nothing it was killed with or met made it panic, and nobody had to be called.
pub(crate) fn of_the_service(ended: &Ended) {
    let told = |line: &&String| line.contains("panic") || line.contains("ALARM");
    let bad: Vec<&String> = ended.errors.iter().filter(told).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

/// Each was acknowledged; each that is work was worked on to an end; none of the others was.
pub(crate) fn of_the_events(outbox: &Outbox, runs: &[RunRecord]) {
    let ends: BTreeSet<&str> =
        runs.iter().filter(|run| run.outcome != "Failed").map(|run| run.event_id.as_str()).collect();
    let begun: BTreeSet<&str> = runs.iter().map(|run| run.event_id.as_str()).collect();
    for sent in &outbox.sent {
        assert_eq!(sent.status, sent.mail.expected(), "{:?}", sent.mail.pieces[0].kind);
        for piece in &sent.mail.pieces {
            let what = format!("{:?} {}", piece.kind, piece.id);
            if piece.kind.is_work() {
                assert!(ends.contains(piece.id.as_str()), "lost: {what}");
            } else {
                assert!(!begun.contains(piece.id.as_str()), "a run of {what}");
            }
        }
    }
    let other: Vec<&RunRecord> = runs.iter().filter(|run| run.project_id == Some(4072)).collect();
    assert!(other.iter().all(|run| run.outcome == "Skipped" && run.procore_calls == 0));
}

/// Each broken body is kept, once for each time it was acknowledged or may have been; beside them there were only runs
/// that failed, and after they were sent again there are none.
pub(crate) fn of_the_letters(far: &FarSide, outbox: &Outbox, before: &[Kept], after: &[Kept]) {
    let mut kept: BTreeMap<&str, u32> = BTreeMap::new();
    for letter in after {
        let reason = &letter.letter.reason;
        assert!(reason.starts_with("unreadable webhook: "), "{reason}");
        *kept.entry(letter.letter.body.as_str()).or_default() += 1;
    }
    for sent in &outbox.sent {
        for piece in sent.mail.pieces.iter().filter(|piece| piece.kind == Kind::Malformed) {
            let text = std::str::from_utf8(&piece.text).unwrap();
            let times = kept.remove(text).unwrap_or(0);
            assert!(
                (1..=sent.tries).contains(&times),
                "kept {times} times, sent {}: {}",
                sent.tries,
                piece.id
            );
        }
    }
    assert!(kept.is_empty(), "nobody sent these: {kept:?}");
    let mut rubbish = 0;
    for letter in before.iter().filter(|kept| Envelope::from_body(&kept.letter.body).is_ok()) {
        let reason = &letter.letter.reason;
        if reason.contains(RUBBISH) {
            rubbish += 1;
            continue;
        }
        let known = KNOWN.iter().any(|words| reason.contains(words));
        assert!(known, "a run that failed for no reason we know: {reason}");
    }
    let exchanges = far.model.exchanges();
    let given = exchanges
        .iter()
        .filter(|one| one.is_repair() && matches!(one.failure, Some(Failure::Empty | Failure::NotJson)));
    let given = given.count();
    assert!(
        rubbish <= given,
        "{rubbish} runs failed of rubbish, and {given} corrective turns were answered so"
    );
}

/// Of the closed list, with nothing in them that is more than a private draft for nobody.
pub(crate) fn of_the_writes(far: &FarSide) {
    for write in far.writes() {
        let what = format!("{} {}", write.method, write.path);
        let item = write.path.strip_prefix(ITEMS);
        let one = item.and_then(|rest| rest.strip_prefix('/')).is_some_and(is_number);
        let rfi = write.path.strip_prefix(RFIS).is_some_and(is_number);
        match write.method.as_str() {
            "POST" if item == Some("") => is_a_draft_for_nobody(&write, &what),
            "PATCH" if one => is_a_draft_for_nobody(&write, &what),
            // Two lives may have written for one record: then the newer goes.
            "DELETE" if one => {}
            "PATCH" if rfi => fills_one_field(&write),
            _ => panic!("not of the closed list: {what}"),
        }
    }
    assert_eq!(far.sandbox.mails(), Vec::<String>::new());
    for item in far.items() {
        assert_eq!(
            (item.status.as_str(), item.private, item.issued_at),
            ("Draft", true, None),
            "{}",
            item.id
        );
        assert!(item.assignees.is_empty() && item.distribution.is_empty(), "{}", item.id);
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_a_draft_for_nobody(write: &Recorded, what: &str) {
    let mut item = write.body["generic_tool_item"].clone();
    let members = item.as_object_mut().unwrap();
    let words = [members.remove("title"), members.remove("description")];
    assert!(words.iter().flatten().count() == 2, "{what}");
    assert_eq!(item, json!({"status": "Draft", "private": true, "skip_emails": true}), "{what}");
}

fn fills_one_field(write: &Recorded) {
    let rfi = write.body["rfi"].as_object().unwrap();
    assert_eq!(rfi.get("draft"), Some(&Value::Bool(true)), "{}", write.path);
    let fields: Vec<&String> = rfi.keys().filter(|key| *key != "draft").collect();
    assert!(fields == ["question"] || fields == ["reference"], "{fields:?}");
}

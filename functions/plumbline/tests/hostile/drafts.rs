//! The hostile corpus as draft RFIs.

use sandbox::{NewAttachment, NewRfi, RfiRecord, RfiStatus, Sandbox};

/// The seeded drafts, and two of each hostile text: one blank, one with its first words in it. The text is drawing
/// number, file and file name. Returns them as they were before anybody was told.
pub(super) fn hostile(sandbox: &Sandbox, sections: &[String]) -> Vec<RfiRecord> {
    for (position, hostile) in sandbox::seed::hostile().into_iter().enumerate() {
        let text = hostile.question.split_whitespace().collect::<Vec<_>>().join(" ");
        let words: Vec<&str> = text.split(['?', ' ']).filter(|word| !word.is_empty()).collect();
        let first = |most: usize| words.iter().take(most).copied().collect::<Vec<_>>().join(" ");
        for question in [String::new(), first(12)] {
            let mut files = vec![NewAttachment::text(format!("{}.txt", hostile.subject), &hostile.question)];
            files.extend(hostile.attachment.clone().map(|(name, text)| NewAttachment::text(name, text)));
            let id = sandbox.add_rfi(NewRfi {
                subject: hostile.subject.clone(),
                question,
                status: RfiStatus::Draft,
                drawing_number: Some(first(25)),
                section: sections.get(position % sections.len()).cloned(),
                attachments: files,
                age_s: 3600,
                emit: false,
                ..NewRfi::default()
            });
            sandbox.update_rfi(id, |rfi| rfi.location = Some("Level 1 > Exam wing".to_owned()));
        }
    }
    let drafts: Vec<RfiRecord> =
        sandbox.rfis().into_iter().filter(|rfi| rfi.status == RfiStatus::Draft).collect();
    drafts.iter().for_each(|rfi| sandbox.webhook_for_rfi(rfi.id, "create"));
    drafts
}

/// A record as it is now.
pub(super) fn now(sandbox: &Sandbox, before: &RfiRecord) -> RfiRecord {
    sandbox.rfis().into_iter().find(|rfi| rfi.id == before.id).expect("no RFI is deleted")
}

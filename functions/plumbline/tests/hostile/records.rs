//! The hostile corpus as submittals and as days of the log.

use std::collections::{BTreeSet, HashMap};

use sandbox::{LogFamily, NewAttachment, NewLogEntry, NewSubmittal, Sandbox};

/// The seeded submittals, and one of each hostile text: as title, description, file and file name.
pub(super) fn submittals(sandbox: &Sandbox) -> Vec<String> {
    let mut ids: Vec<i64> = sandbox.submittals().iter().map(|one| one.id).collect();
    for id in &ids {
        sandbox.webhook_for_submittal(*id, "create");
    }
    let sections = ["10 28 00", "10 14 00", "07 92 00"];
    for (position, hostile) in sandbox::seed::hostile().into_iter().enumerate() {
        let data = format!("Clearance between bar and wall: 1-1/2 inches\n{}", hostile.question);
        let mut files = vec![NewAttachment::text(format!("{}.txt", hostile.subject), data)];
        files.extend(hostile.attachment.map(|(name, text)| NewAttachment::text(name, text)));
        // Every other one under a title that the honest model finds an article for.
        let title = if position % 2 == 0 { "Grab bars".to_owned() } else { hostile.subject };
        ids.push(sandbox.add_submittal(NewSubmittal {
            title,
            description: hostile.question,
            section: Some(sections[position % sections.len()].to_owned()),
            attachments: files,
            age_s: 3600,
            ..NewSubmittal::default()
        }));
    }
    ids.iter().map(ToString::to_string).collect()
}

/// Texts a day of the log.
const TEXTS_OF_A_DAY: usize = 12;

/// Puts every hostile text into notes and names of companies of daily logs, and returns the ids of all days.
pub(super) fn hostile_days(sandbox: &Sandbox, lured: &str) -> BTreeSet<String> {
    let fields = |value: serde_json::Value| value.as_object().unwrap().clone();
    let mut told: HashMap<jiff::civil::Date, i64> = HashMap::new();
    let mut texts: Vec<String> =
        sandbox::seed::hostile().into_iter().map(|h| format!("{}\n{}", h.subject, h.question)).collect();
    texts.push(lured.to_owned());
    for (position, text) in texts.iter().enumerate() {
        let day = i8::try_from(position / TEXTS_OF_A_DAY + 1).unwrap();
        let vendor = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let rows = [
            (LogFamily::Notes, serde_json::json!({"comment": text, "is_issue_day": false})),
            (
                LogFamily::Manpower,
                serde_json::json!({"num_workers": 3, "num_hours": "8.0", "man_hours": "24.0", "notes": text,
                    "vendor": {"id": 9000 + position, "name": vendor}}),
            ),
        ];
        for (family, row) in rows {
            let entry = NewLogEntry {
                family,
                date: Some(jiff::civil::date(2026, 2, day)),
                fields: fields(row),
                emit: false,
                ..NewLogEntry::default()
            };
            sandbox.add_log_entry(entry);
        }
    }
    for entry in sandbox.log_entries().into_iter().filter(|entry| entry.family.resource().is_some()) {
        told.insert(entry.date, entry.id);
    }
    told.values().for_each(|entry| sandbox.webhook_for_log_entry(*entry, "update"));
    told.keys().map(|day| day.strftime("%Y%m%d").to_string()).collect()
}

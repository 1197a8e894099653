//! What people do in the project while the events come in: records of all kinds, written, changed, closed and deleted.
//! Every version of a record holds a word of its own, by which it is known in the evidence.

use std::collections::BTreeMap;

use jiff::{SignedDuration, civil::Date};
use sandbox::{
    Answer, Dice, LogFamily, NewAttachment, NewLogEntry, NewRfi, NewSubmittal, RfiStatus, Sandbox,
    SubmittalStatus,
};
use serde_json::json;

use crate::{mail::Told, world::question};

const FIRST_DAY: Date = jiff::civil::date(2026, 1, 1);
/// Entries of one day's log.
const ENTRIES_A_DAY: usize = 5;

/// The kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rfi,
    DraftRfi,
    Submittal,
    Entry(LogFamily),
}

/// The project as its people left it.
pub(crate) struct Project {
    sandbox: Sandbox,
    records: Vec<(Kind, i64)>,
    /// The day of each entry of the log.
    days: BTreeMap<i64, Date>,
    words: usize,
    /// The word of each record's present version.
    pub(crate) present: BTreeMap<i64, String>,
}

impl Project {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        Self { sandbox, records: Vec::new(), days: BTreeMap::new(), words: 0, present: BTreeMap::new() }
    }

    /// Somebody does something; the event that tells of it.
    pub(crate) fn something_happens(&mut self, dice: &mut Dice) -> Told {
        match dice.pick(&self.records).copied() {
            Some((kind, record)) if dice.below(100) < 55 => self.change(kind, record, dice),
            _ => self.add(dice),
        }
    }

    /// Letters only: a number would be something to check.
    fn word(&mut self) -> String {
        self.words += 1;
        let mut left = self.words;
        let mut word = "zone".to_owned();
        for _ in 0..4 {
            word.push(char::from(b'a' + u8::try_from(left % 26).unwrap()));
            left /= 26;
        }
        word
    }

    fn add(&mut self, dice: &mut Dice) -> Told {
        let word = self.word();
        let family = if dice.one_in(2) { LogFamily::Manpower } else { LogFamily::Notes };
        let kinds = [(35, Kind::Rfi), (15, Kind::DraftRfi), (20, Kind::Submittal), (30, Kind::Entry(family))];
        let kind = dice.weighed(&kinds).unwrap();
        let record = match kind {
            Kind::Rfi => self.sandbox.add_rfi(rfi(&word, dice)),
            Kind::DraftRfi => {
                let question = if dice.one_in(3) { "Please clarify grab bars." } else { "" };
                let new = rfi(&word, dice);
                self.sandbox.add_rfi(NewRfi {
                    status: RfiStatus::Draft,
                    question: question.to_owned(),
                    answers: Vec::new(),
                    ..new
                })
            }
            Kind::Submittal => {
                let id = self.sandbox.add_submittal(submittal(&word, dice));
                if dice.one_in(8) {
                    self.sandbox.update_submittal(id, |one| {
                        (one.manager, one.ball_in_court) = (5103, vec![5201]);
                    });
                }
                id
            }
            Kind::Entry(family) => self.add_entry(family, &word),
        };
        self.records.push((kind, record));
        self.present.insert(record, word);
        told(kind, record, "create")
    }

    fn add_entry(&mut self, family: LogFamily, word: &str) -> i64 {
        let before = self.days.len();
        let days = i64::try_from(before / ENTRIES_A_DAY).unwrap();
        let date = FIRST_DAY.checked_add(SignedDuration::from_hours(24 * days)).unwrap();
        let fields = match family {
            LogFamily::Manpower => {
                let vendor = json!({"id": 7300 + before, "name": format!("Crew {word}")});
                json!({"num_workers": 4, "num_hours": "8.0", "vendor": vendor})
            }
            _ => json!({"comment": format!("Formwork stripped in {word}.")}),
        };
        let entry = self.sandbox.add_log_entry(NewLogEntry {
            family,
            date: Some(date),
            fields: fields.as_object().unwrap().clone(),
            emit: false,
            ..NewLogEntry::default()
        });
        self.days.insert(entry, date);
        entry
    }

    fn change(&mut self, kind: Kind, record: i64, dice: &mut Dice) -> Told {
        let word = self.word();
        let (ends, leaves) = (dice.below(100), dice.one_in(8));
        // An event without a change.
        if leaves || (kind == Kind::DraftRfi && ends >= 5) {
            return told(kind, record, "update");
        }
        let deleted = ends < 5;
        match kind {
            Kind::Rfi | Kind::DraftRfi => self.sandbox.update_rfi(record, |rfi| match ends {
                0..5 => rfi.deleted = true,
                5..9 => rfi.status = RfiStatus::Closed,
                9..13 => rfi.answers.push(official()),
                _ => rfi.question = asked(&word),
            }),
            Kind::Submittal => self.sandbox.update_submittal(record, |one| match ends {
                0..5 => one.deleted = true,
                5..9 => one.status = SubmittalStatus::Closed,
                _ => one.description = described(&word),
            }),
            Kind::Entry(family) => self.sandbox.update_log_entry(record, |entry| {
                if deleted {
                    entry.deleted = true;
                } else if family == LogFamily::Manpower {
                    entry.fields["vendor"]["name"] = json!(format!("Crew {word}"));
                } else {
                    entry.fields.insert("comment".to_owned(), json!(format!("Formwork stripped in {word}.")));
                }
            }),
        }
        self.present.insert(record, word);
        let day = self.days.get(&record).copied().filter(|_| deleted);
        Told { day, ..told(kind, record, if deleted { "delete" } else { "update" }) }
    }
}

fn told(kind: Kind, record: i64, reason: &'static str) -> Told {
    let resource = match kind {
        Kind::Rfi | Kind::DraftRfi => "RFIs",
        Kind::Submittal => "Submittals",
        Kind::Entry(family) => family.resource().unwrap(),
    };
    Told { resource: resource.to_owned(), record, reason, day: None }
}

fn asked(word: &str) -> String {
    format!("At what height above the finished floor are the grab bars at water closets of {word} mounted?")
}

fn described(word: &str) -> String {
    format!("Bars of the patient toilets of {word}.")
}

fn official() -> Answer {
    Answer {
        id: 1,
        body: "As the section says.".to_owned(),
        official: true,
        created_by: 5201,
        answered_at: jiff::Timestamp::now(),
    }
}

/// Nine in ten are open.
fn rfi(word: &str, dice: &mut Dice) -> NewRfi {
    let status = if dice.one_in(10) { RfiStatus::Closed } else { RfiStatus::Open };
    NewRfi {
        subject: format!("Grab bars at water closets of {word}"),
        question: asked(word),
        status,
        ..question()
    }
}

/// One in ten has a file.
fn submittal(word: &str, dice: &mut Dice) -> NewSubmittal {
    let data = "GRAB BAR DATA\nClearance between bar and wall: 1-1/2 inches";
    let file = dice.one_in(10).then(|| NewAttachment::text("Grab bar data.txt", data));
    NewSubmittal {
        title: format!("Grab bars of {word}, product data"),
        description: described(word),
        section: Some("10 28 00".to_owned()),
        attachments: file.into_iter().collect(),
        age_s: 3600,
        emit: false,
        ..NewSubmittal::default()
    }
}

//! One project: what is found there, and what of it goes to the queue.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use procore::{ProjectId, hooks::Scope};

use super::{
    Halt, Move, Round, SweepError,
    abandoned::{self, AT_ONCE},
    changed,
    cursor::Cursor,
    days::{self, Entries},
    find::{Find, Finds, Sign, listening},
};
use crate::{
    admit::at_the_door,
    config::ProjectConfig,
    event::{Event, Reason, Resource},
    ledger::{ClaimKey, Ledger, Note},
    queue::Queue,
    workflows::daily_log_summary::{clock, day},
};

/// What was found in a project so far, and the notes that go with it.
#[derive(Default)]
pub(super) struct Found {
    finds: Finds,
    moves: Vec<Move>,
}

/// The notes of a project.
struct Notes {
    rfi: Note,
    submittal: Note,
    daily_log: Note,
    day: Note,
    abandoned: Note,
}

fn name(project: ProjectId, of: &str) -> String {
    format!("cursor/{project}/{of}")
}

impl<L: Ledger, Q: Queue> Round<'_, L, Q> {
    /// Everything there is to look at in a project. What is found stays found when the sweep has to end on the way.
    pub(super) async fn look_at(
        &mut self,
        row: &ProjectConfig,
        of_company: &[Event],
        found: &mut Found,
    ) -> Result<(), Halt> {
        let notes = self.notes(row.id).await?;
        let name_of = name(row.id, "abandoned");
        let ledger = &self.ctx.ledger;
        let (left, moved) = abandoned::abandoned(ledger, row.id, name_of, &notes.abandoned, self.now).await?;
        self.report.abandoned = self.report.abandoned.saturating_add(left.len());
        for claim in left {
            found.finds.add(&claim.resource, claim.record, Sign::Abandoned(claim.until));
        }
        found.moves.extend(moved);

        let of_project = |event: &&Event| event.project == Some(row.id);
        let mut events: Vec<Event> = of_company.iter().filter(of_project).cloned().collect();
        let lost = self.lost(Scope::Project(row.id)).await?;
        events.extend(lost.events);
        found.moves.extend(lost.moves);
        self.look_at_records(row, &notes, events, found).await
    }

    async fn look_at_records(
        &mut self,
        row: &ProjectConfig,
        notes: &Notes,
        events: Vec<Event>,
        found: &mut Found,
    ) -> Result<(), Halt> {
        // Deliveries are noted as dealt with although what follows may fail, so they come first.
        let is_log = |event: &Event| matches!(event.resource, Resource::DailyLog(_));
        let (of_log, of_records): (Vec<Event>, Vec<Event>) = events.into_iter().partition(is_log);
        for event in of_records {
            self.add_told(row, &event, found, |event| Some((event.resource.clone(), event.record_id()?)));
        }
        let log = self.look_at_log(row, notes, found).await;
        let (entries, zone) = match &log {
            Ok(Some((entries, zone))) => (Some(entries), Some(zone)),
            _ => (None, None),
        };
        let nothing = Entries::default();
        for event in of_log {
            let at = event.occurred_at.unwrap_or(self.now);
            // Without the project's zone the run finds the day itself.
            self.add_told(row, &event, found, |event| match zone {
                Some(zone) => entries.unwrap_or(&nothing).subject(event, at, zone),
                None => Some((event.resource.clone(), event.record_id()?)),
            });
        }
        log?;
        for (resource, note, of) in
            [(Resource::Rfi, &notes.rfi, "rfi"), (Resource::Submittal, &notes.submittal, "submittal")]
        {
            self.look_at_list(row, &resource, note, name(row.id, of), found).await?;
        }
        Ok(())
    }

    /// Adds what a lost delivery told of, if it is ours to do something about.
    fn add_told(
        &mut self,
        row: &ProjectConfig,
        event: &Event,
        found: &mut Found,
        subject: impl FnOnce(&Event) -> Option<(Resource, i64)>,
    ) {
        let ctx = self.ctx;
        let admitted = at_the_door(event, &ctx.own, ctx.config.company_id).is_none()
            && event.project == Some(row.id)
            && listening(row, &event.resource).next().is_some();
        // An RFI that is gone must not stay evidence for others; of a submittal nothing is kept.
        let is_gone = event.reason == Reason::Delete && !matches!(event.resource, Resource::DailyLog(_));
        let pointless = is_gone && event.resource != Resource::Rfi;
        let Some((resource, record)) = subject(event).filter(|_| admitted && !pointless) else {
            self.report.not_ours = self.report.not_ours.saturating_add(1);
            return;
        };
        let at = event.occurred_at.unwrap_or(self.now);
        found.finds.add(&resource, record, if is_gone { Sign::Gone(at) } else { Sign::Told(at) });
    }

    /// RFIs or submittals changed since the last look.
    async fn look_at_list(
        &mut self,
        row: &ProjectConfig,
        resource: &Resource,
        note: &Note,
        name: String,
        found: &mut Found,
    ) -> Result<(), Halt> {
        if listening(row, resource).next().is_none() {
            return Ok(());
        }
        let cursor = Cursor::read(note, self.first);
        let listed = changed::records(&self.procore, row.id, resource, &cursor).await;
        let Some(listed) = self.told(Some(row.id), "its changed records", listed)? else { return Ok(()) };
        for version in listed.iter().filter(|row| cursor.is_new(&changed::version(**row))) {
            found.finds.add(resource, version.0, Sign::Listed(version.1));
            self.report.changed = self.report.changed.saturating_add(1);
        }
        let after = cursor.after(listed.into_iter().map(changed::version), self.now);
        found.moves.extend(moved(name, note, &after.text()));
        Ok(())
    }

    /// Days whose log changed since the last look, and days that are over. What was read, if anything was.
    async fn look_at_log(
        &mut self,
        row: &ProjectConfig,
        notes: &Notes,
        found: &mut Found,
    ) -> Result<Option<(Entries, TimeZone)>, Halt> {
        if listening(row, &Resource::Day).next().is_none() {
            return Ok(None);
        }
        let zone = day::zone(&self.procore, &self.ctx.shelf, row.id).await;
        let Some(zone) = self.told(Some(row.id), "its time zone", zone)? else { return Ok(None) };
        let told: Option<Date> = notes.day.text.parse().ok();
        let ends_at = self.ctx.config.sweep.day_ends_at;
        let over = days::over(told, self.first, self.now, &zone, ends_at);
        self.report.days = self.report.days.saturating_add(over.len());
        for day in &over {
            found.finds.add(&Resource::Day, day.record(), Sign::Due(day.since));
        }
        if let Some(last) = over.last() {
            found.moves.extend(moved(name(row.id, "day"), &notes.day, &last.date.to_string()));
        }

        let cursor = Cursor::read(&notes.daily_log, self.first);
        let account = self.ctx.own.service_account;
        let entries = days::entries(&self.procore, row.id, &zone, &cursor, account, self.now).await;
        let entries = self.told(Some(row.id), "its daily log", entries)?.unwrap_or_default();
        if entries.forbidden > 0 {
            let why = format!("the service account may not read {} kinds of entries", entries.forbidden);
            self.problem(Some(row.id), "its daily log", why);
        }
        for (version, date) in entries.changed.iter().filter(|(version, _)| cursor.is_new(version)) {
            found.finds.add(&Resource::Day, clock::id_of(*date), Sign::Listed(version.1));
            self.report.changed = self.report.changed.saturating_add(1);
        }
        let after = cursor.after(entries.changed.iter().map(|(version, _)| version.clone()), self.now);
        found.moves.extend(moved(name(row.id, "daily_log"), &notes.daily_log, &after.text()));
        Ok(Some((entries, zone)))
    }

    /// Sends what nobody has worked on yet, then notes how far the project was seen.
    pub(super) async fn settle(&mut self, row: &ProjectConfig, found: Found) -> Result<(), SweepError> {
        let finds = found.finds.into_all();
        let keys: Vec<ClaimKey> = finds.iter().flat_map(|find| find.claims(row)).collect();
        let mut seen: HashMap<ClaimKey, Timestamp> = HashMap::new();
        for some in keys.chunks(AT_ONCE) {
            let claims = self.ctx.ledger.look(some, &[]).await?.claims;
            let seen_at =
                some.iter().zip(claims).filter_map(|(key, claim)| Some((key.clone(), claim?.seen_at?)));
            seen.extend(seen_at);
        }
        let quiet = SignedDuration::from_secs(i64::from(self.ctx.config.quiet_window_s));
        let is_open = |find: &&Find| {
            let seen_at = find.claims(row).iter().filter_map(|key| seen.get(key)).max().copied();
            !find.is_worked_on(seen_at, quiet)
        };
        let company = self.ctx.config.company_id;
        let envelopes: Vec<_> =
            finds.iter().filter(is_open).map(|find| find.envelope(company, row.id, self.now)).collect();
        let worked_on = finds.len().saturating_sub(envelopes.len());
        if !self.ctx.dry_run && !envelopes.is_empty() {
            self.queue.send(&envelopes).await?;
        }
        self.report.worked_on = self.report.worked_on.saturating_add(worked_on);
        self.report.sent = self.report.sent.saturating_add(envelopes.len());
        self.keep(found.moves).await
    }

    async fn notes(&self, project: ProjectId) -> Result<Notes, SweepError> {
        let names = ["rfi", "submittal", "daily_log", "day", "abandoned"].map(|of| name(project, of));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut notes = self.ctx.ledger.look(&[], &names).await?.notes.into_iter();
        let mut next = || notes.next().unwrap_or_default();
        Ok(Notes { rfi: next(), submittal: next(), daily_log: next(), day: next(), abandoned: next() })
    }
}

/// What to write of a note, if it says something new.
fn moved(note: String, before: &Note, text: &str) -> Option<Move> {
    (before.text != text).then(|| Move { note, version: before.version, text: text.to_owned() })
}

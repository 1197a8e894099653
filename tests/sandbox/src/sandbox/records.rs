//! Records a test adds and changes, with the webhooks a person's doing so would send.

use super::Sandbox;
use crate::records::{LogEntry, NewLogEntry, NewRfi, NewSubmittal, RfiRecord, Submittal};

impl Sandbox {
    /// Puts an RFI's event (by its author, in the browser) on the queue of every hook.
    pub fn webhook_for_rfi(&self, rfi_id: i64, reason: &str) {
        self.shared.change(|state| {
            if let Some(author) = state.rfi_mut(rfi_id).map(|rfi| rfi.created_by) {
                let event = state.event_by_person("RFIs", rfi_id, reason, author);
                state.emit(&event);
            }
        });
    }

    /// Adds an RFI and returns its id; sends its webhook if `emit` is set.
    pub fn add_rfi(&self, new: NewRfi) -> i64 {
        let id = self.shared.change(|state| state.add_rfi(&new));
        if new.emit {
            self.webhook_for_rfi(id, "create");
        }
        id
    }

    /// Changes an RFI; `updated_at` becomes now unless the closure set it. Sends no webhook.
    pub fn update_rfi(&self, id: i64, change: impl FnOnce(&mut RfiRecord)) {
        self.shared.change(|state| {
            let now = state.now();
            if let Some(rfi) = state.rfi_mut(id) {
                let before = rfi.updated_at;
                change(rfi);
                if rfi.updated_at == before {
                    rfi.updated_at = now;
                }
            }
        });
    }

    /// All RFIs, deleted ones included, in the order they were created.
    #[must_use]
    pub fn rfis(&self) -> Vec<RfiRecord> {
        self.shared.read(|state| state.rfis.clone())
    }

    /// Puts a submittal's event (by its author, in the browser) on the queue of every hook.
    pub fn webhook_for_submittal(&self, submittal_id: i64, reason: &str) {
        self.shared.change(|state| {
            let found = state.submittals.iter().find(|one| one.id == submittal_id);
            if let Some(author) = found.map(|one| one.created_by) {
                let event = state.event_by_person("Submittals", submittal_id, reason, author);
                state.emit(&event);
            }
        });
    }

    /// Adds a submittal and returns its id; sends its webhook if `emit` is set.
    pub fn add_submittal(&self, new: NewSubmittal) -> i64 {
        let id = self.shared.change(|state| state.add_submittal(&new));
        if new.emit {
            self.webhook_for_submittal(id, "create");
        }
        id
    }

    /// Changes a submittal; `updated_at` becomes now unless the closure set it. Sends no webhook.
    pub fn update_submittal(&self, id: i64, change: impl FnOnce(&mut Submittal)) {
        self.shared.change(|state| {
            let now = state.now();
            if let Some(submittal) = state.submittals.iter_mut().find(|one| one.id == id) {
                let before = submittal.updated_at;
                change(submittal);
                if submittal.updated_at == before {
                    submittal.updated_at = now;
                }
            }
        });
    }

    /// All submittals, deleted ones included, in the order they were created.
    #[must_use]
    pub fn submittals(&self) -> Vec<Submittal> {
        self.shared.read(|state| state.submittals.clone())
    }

    /// Puts a log entry's event (by its author, in the browser) on the queue of every hook. Delay logs send none.
    pub fn webhook_for_log_entry(&self, entry_id: i64, reason: &str) {
        self.shared.change(|state| {
            let found = state.log_entries.iter().find(|entry| entry.id == entry_id);
            let told = found.and_then(|entry| Some((entry.family.resource()?, entry.created_by)));
            if let Some((resource, author)) = told {
                let event = state.event_by_person(resource, entry_id, reason, author);
                state.emit(&event);
            }
        });
    }

    /// Adds a daily-log entry and returns its id; sends its webhook if `emit` is set.
    pub fn add_log_entry(&self, new: NewLogEntry) -> i64 {
        let id = self.shared.change(|state| state.add_log_entry(&new));
        if new.emit {
            self.webhook_for_log_entry(id, "create");
        }
        id
    }

    /// Changes a daily-log entry; `updated_at` becomes now unless the closure set it. Sends no webhook.
    pub fn update_log_entry(&self, id: i64, change: impl FnOnce(&mut LogEntry)) {
        self.shared.change(|state| {
            let now = state.now();
            if let Some(entry) = state.log_entry_mut(id) {
                let before = entry.updated_at;
                change(entry);
                if entry.updated_at == before {
                    entry.updated_at = now;
                }
            }
        });
    }

    /// All daily-log entries, deleted ones included, in the order they were created.
    #[must_use]
    pub fn log_entries(&self) -> Vec<LogEntry> {
        self.shared.read(|state| state.log_entries.clone())
    }
}

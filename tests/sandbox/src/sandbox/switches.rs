//! Habits of the server a test can switch.

use super::Sandbox;
use crate::permissions::Level;

impl Sandbox {
    /// From now on the server adds these users to the distribution list of each new item, RFI and submittal, as a default
    /// distribution does. An empty list switches that off.
    pub fn set_service_default_distribution(&self, user_ids: Vec<i64>) {
        self.shared.note(|state| state.switches.default_distribution = user_ids);
    }

    /// From now on new items, RFIs and submittals get this status whatever was asked for. `None` switches that off.
    /// One that a kind of record does not have leaves it alone.
    pub fn set_create_status_override(&self, status: Option<&str>) {
        self.shared.note(|state| state.switches.create_status = status.map(ToOwned::to_owned));
    }

    /// From now on the server ignores the private flag of new items, RFIs and submittals.
    pub fn set_private_ignored(&self, ignored: bool) {
        self.shared.note(|state| state.switches.private_ignored = ignored);
    }

    /// From now on every member of a v2.0 or v3.0 event's metadata is null, as happens at times.
    pub fn set_metadata_hidden(&self, hidden: bool) {
        self.shared.note(|state| state.switches.hide_metadata = hidden);
    }

    /// From now on a new RFI or submittal that says nothing about it is private.
    pub fn set_private_by_default(&self, private: bool) {
        self.shared.note(|state| state.switches.private_by_default = private);
    }

    /// Takes the deprecated v1.0 webhook administration away, as its sunset will: it answers 404.
    pub fn set_webhooks_v1_removed(&self, removed: bool) {
        self.shared.note(|state| state.switches.webhooks_v1_removed = removed);
    }

    /// Takes the v2.0 webhook administration away, as for a company that does not have it yet: it answers 404.
    pub fn set_webhooks_v2_missing(&self, missing: bool) {
        self.shared.note(|state| state.switches.webhooks_v2_missing = missing);
    }

    /// Disconnects our app from the company, as its administrator may: every call answers 403.
    pub fn set_app_disconnected(&self, disconnected: bool) {
        self.shared.note(|state| state.switches.app_disconnected = disconnected);
    }

    /// From now on the service account has this level on a tool, by its inner name: `rfi`, `submittal_log`, `daily_log`,
    /// `specifications`, `drawing_log`, `directory`, `webhooks`, `generic_tool_77`. Every tool begins as Admin.
    pub fn set_level(&self, tool: &str, level: Level) {
        self.shared.note(|state| state.switches.levels.insert(tool.to_owned(), level));
    }

    /// Switches off a hook made through the API, as Procore does after repeated failures. False if there is none.
    pub fn disable_hook(&self, hook_id: i64) -> bool {
        self.shared.note(|state| {
            let mut registered = state.hooks.iter_mut().filter_map(|one| one.registration.as_mut());
            registered.find(|own| own.id == hook_id).map(|own| own.active = false).is_some()
        })
    }
}

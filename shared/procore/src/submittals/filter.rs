//! Which submittals a list should hold.

use jiff::Timestamp;

use crate::call::Call;
use crate::ids::{SectionId, SubmittalStatusId, UserId};
use crate::wire;

/// Which submittals a list should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmittalFilter {
    /// Of any of these sections; of all if empty.
    pub sections: Vec<SectionId>,
    /// In any of these statuses; in all if empty.
    pub statuses: Vec<SubmittalStatusId>,
    /// Waiting for them.
    pub ball_in_court: Option<UserId>,
    /// Latest revisions alone.
    pub current_revisions_only: bool,
    /// Changed since then.
    pub updated_since: Option<Timestamp>,
    /// At most so many rows, in the vendor's order; the client's own bound if absent.
    pub most_rows: Option<usize>,
}

impl SubmittalFilter {
    pub(super) fn apply(&self, mut call: Call) -> Call {
        for section in &self.sections {
            call = call.query("filters[specification_section_id][]", section);
        }
        for status in &self.statuses {
            call = call.query("filters[status_id][]", status);
        }
        if let Some(user) = self.ball_in_court {
            call = call.query("filters[ball_in_court_id]", user);
        }
        if self.current_revisions_only {
            call = call.query("filters[current_revision]", true);
        }
        if let Some(start) = self.updated_since {
            call = call.query("filters[updated_at]", wire::range_from(start));
        }
        call
    }
}

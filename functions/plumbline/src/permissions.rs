//! Which of Procore's tools a call needs and at which level, and what each workflow needs of them: for whoever installs
//! the app, and for `doctor`.
//!
//! Procore docs give levels for webhooks and for the drafts; the rest is what each tool's articles say. As a set it is
//! unconfirmed: a developer sandbox has to show it.

use agent::workflows::WorkflowId;
use procore::daily_logs::LogFamily;

/// A tool of Procore that a service account may be let into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Webhooks.
    Webhooks,
    /// RFIs.
    Rfis,
    /// Submittals.
    Submittals,
    /// The daily log.
    DailyLog,
    /// Specifications.
    Specifications,
    /// Drawings.
    Drawings,
    /// Correspondence, of the type that drafts are kept in.
    Correspondence,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Webhooks,
        Self::Rfis,
        Self::Submittals,
        Self::DailyLog,
        Self::Specifications,
        Self::Drawings,
        Self::Correspondence,
    ];

    /// What Procore's screens call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Webhooks => "Webhooks API",
            Self::Rfis => "RFI",
            Self::Submittals => "Submittals",
            Self::DailyLog => "Daily Log",
            Self::Specifications => "Specifications",
            Self::Drawings => "Drawings",
            Self::Correspondence => "Correspondence",
        }
    }
}

/// A level of access, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Sees.
    ReadOnly,
    /// Makes items of its own.
    Standard,
    /// Everything.
    Admin,
}

impl Level {
    /// What Procore's screens call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "Read-only",
            Self::Standard => "Standard",
            Self::Admin => "Admin",
        }
    }

    /// Reads what a screen calls it.
    pub fn named(name: &str) -> Option<Self> {
        [Self::ReadOnly, Self::Standard, Self::Admin].into_iter().find(|level| level.name() == name)
    }
}

/// What a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A tool, at this level.
    Of(Tool, Level),
    /// No tool: a valid token, and for a project that it is among the permitted ones.
    NoTool,
}

/// What a call needs, by its method and path. `None` for one that nobody has thought about.
pub fn access(method: &str, path: &str) -> Option<Access> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let Some(tool) = segments.iter().find_map(|segment| tool_named(segment)) else {
        let last = segments.iter().rev().find(|segment| !is_id(segment));
        return matches!(last, Some(&("token" | "me" | "company_base_url" | "projects")))
            .then_some(Access::NoTool);
    };
    let reads = method == "GET";
    let level = match tool {
        // Procore docs: nothing below Standard sees webhooks.
        Tool::Webhooks => Level::Standard,
        // Procore docs: only Admin may choose the status Draft of a submittal.
        Tool::Submittals if !reads => Level::Admin,
        _ if reads => Level::ReadOnly,
        _ => Level::Standard,
    };
    Some(Access::Of(tool, level))
}

/// The tool whose records a segment of a path names.
fn tool_named(segment: &str) -> Option<Tool> {
    let is_log = || LogFamily::ALL.iter().any(|family| family.as_str() == segment);
    match segment {
        "webhooks" => Some(Tool::Webhooks),
        "rfis" => Some(Tool::Rfis),
        "generic_tools" => Some(Tool::Correspondence),
        "drawings" => Some(Tool::Drawings),
        "daily_logs" | "daily_log_headers" => Some(Tool::DailyLog),
        _ if is_log() => Some(Tool::DailyLog),
        _ if segment.starts_with("submittal") => Some(Tool::Submittals),
        _ if segment.starts_with("specification_") => Some(Tool::Specifications),
        _ if segment.starts_with("drawing_") => Some(Tool::Drawings),
        _ => None,
    }
}

fn is_id(segment: &str) -> bool {
    segment.starts_with('{') || segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is needed of one tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The tool.
    pub tool: Tool,
    /// To see what a draft rests on.
    pub level_read: Level,
    /// To leave the draft there; `None` where nothing is left.
    pub level_draft: Option<Level>,
    /// What for.
    pub why: &'static str,
}

impl Needed {
    const fn read(tool: Tool, why: &'static str) -> Self {
        Self { tool, level_read: Level::ReadOnly, level_draft: None, why }
    }

    /// The level that is enough for everything.
    pub fn level(&self) -> Level {
        self.level_draft.map_or(self.level_read, |draft| draft.max(self.level_read))
    }
}

/// Needed by the installation itself, at the company's and at the project's level.
pub const ALWAYS: Needed = Needed {
    tool: Tool::Webhooks,
    level_read: Level::Standard,
    level_draft: Some(Level::Standard),
    why: "to make and look after our own hooks",
};

const CARRIER: Needed = Needed {
    tool: Tool::Correspondence,
    level_read: Level::Standard,
    level_draft: Some(Level::Standard),
    why: "drafts are private Draft items of the type in correspondence_type_id",
};
const NOTICE: Needed =
    Needed { why: "the note that a day's budget is used up; the draft itself is in the RFI", ..CARRIER };
const SECTIONS: Needed = Needed::read(Tool::Specifications, "the section that governs is the evidence");
const SHEETS: Needed = Needed::read(Tool::Drawings, "the current revision of the sheets a record names");

const RFI_QUESTION: &[Needed] = &[
    Needed {
        tool: Tool::Rfis,
        // Procore docs: a draft shows to its creator, the RFI manager and the tool's admins. Standard cannot open an RFI,
        // which is a safety; where it does not see a person's drafts, somebody has to decide.
        level_read: Level::Standard,
        level_draft: Some(Level::Standard),
        why: "one empty field of a draft RFI; of a person's drafts it may see only those it manages",
    },
    SECTIONS,
    SHEETS,
    NOTICE,
];
const RFI_RESPONSE: &[Needed] =
    &[Needed::read(Tool::Rfis, "the question, its files and closed RFIs"), SECTIONS, SHEETS, CARRIER];
const SUBMITTAL_REVIEW: &[Needed] =
    &[Needed::read(Tool::Submittals, "the submittal and its files"), SECTIONS, CARRIER];
const DAILY_LOG_SUMMARY: &[Needed] =
    &[Needed::read(Tool::DailyLog, "the day's entries; below Admin only approved ones are shown"), CARRIER];

/// What a workflow needs in a project, beside [`ALWAYS`].
pub const fn needed(workflow: WorkflowId) -> &'static [Needed] {
    match workflow {
        WorkflowId::RfiQuestion => RFI_QUESTION,
        WorkflowId::RfiResponse => RFI_RESPONSE,
        WorkflowId::SubmittalReview => SUBMITTAL_REVIEW,
        WorkflowId::DailyLogSummary => DAILY_LOG_SUMMARY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_told_by_the_tool_in_its_path() {
        use Access::{NoTool, Of};
        for (method, path, expected) in [
            ("GET", "/rest/v1.0/me", Some(NoTool)),
            ("POST", "/oauth/token", Some(NoTool)),
            ("GET", "/rest/v1.0/projects/4071", Some(NoTool)),
            ("GET", "/rest/v1.0/projects/4071/rfis/7/replies", Some(Of(Tool::Rfis, Level::ReadOnly))),
            ("PATCH", "/rest/v1.0/projects/4071/rfis/7", Some(Of(Tool::Rfis, Level::Standard))),
            ("POST", "/rest/v1.1/projects/4071/submittals", Some(Of(Tool::Submittals, Level::Admin))),
            ("GET", "/rest/v1.0/projects/1/work_logs", Some(Of(Tool::DailyLog, Level::ReadOnly))),
            ("GET", "/rest/v1.1/drawing_areas/3/drawings", Some(Of(Tool::Drawings, Level::ReadOnly))),
            ("GET", "/rest/v2.0/companies/1/webhooks/hooks", Some(Of(Tool::Webhooks, Level::Standard))),
            ("GET", "/rest/v1.0/projects/4071/punch_items", None),
            ("GET", "/rest/v1.0/projects/4071/users", None),
        ] {
            assert_eq!(access(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn levels_are_ordered_and_read_back() {
        assert!(Level::ReadOnly < Level::Standard && Level::Standard < Level::Admin);
        for level in [Level::ReadOnly, Level::Standard, Level::Admin] {
            assert_eq!(Level::named(level.name()), Some(level));
        }
        assert_eq!(Level::named("None"), None);
        assert_eq!(ALWAYS.level(), Level::Standard);
    }
}

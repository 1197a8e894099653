//! What the service account may do, tool by tool. Procore docs: four levels a tool; a missing one is answered with 403.

use std::collections::BTreeMap;

/// How much of a tool the service account may do; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    None,
    /// Looks.
    ReadOnly,
    /// Makes records.
    Standard,
    /// Everything.
    Admin,
}

impl Level {
    /// Its name and id in the list of permissions. Procore docs show `Admin` as 4.
    pub(crate) fn row(self) -> (i64, &'static str) {
        match self {
            Self::None => (1, "None"),
            Self::ReadOnly => (2, "Read Only"),
            Self::Standard => (3, "Standard"),
            Self::Admin => (4, "Admin"),
        }
    }
}

/// The tools of the stand-in: name inside Procore and on the screens. The inner names but `daily_log` are not documented.
pub(crate) const TOOLS: [(&str, &str); 7] = [
    ("rfi", "RFIs"),
    ("submittal_log", "Submittals"),
    ("daily_log", "Daily Log"),
    ("specifications", "Specifications"),
    ("drawing_log", "Drawings"),
    ("directory", "Directory"),
    ("webhooks", "Webhooks API"),
];

/// The inner name of a type of correspondence. Procore docs: each is a tool of its own.
pub(crate) fn correspondence(type_id: &str) -> String {
    format!("generic_tool_{type_id}")
}

/// Levels that differ from Admin, by inner name.
pub(crate) type Levels = BTreeMap<String, Level>;

/// Whether a request is within its tool's level; a path of no tool always is.
pub(crate) fn allows(levels: &Levels, method: &str, path: &str) -> bool {
    let needed = if method == "GET" { Level::ReadOnly } else { Level::Standard };
    let level = tool_of(path).and_then(|tool| levels.get(&tool).copied());
    level.is_none_or(|level| level >= needed)
}

fn tool_of(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').collect();
    let has = |name: &str| segments.contains(&name);
    let begins = |start: &str| segments.iter().any(|segment| segment.starts_with(start));
    if let Some(at) = segments.iter().position(|segment| *segment == "generic_tools")
        && has("generic_tool_items")
    {
        return segments.get(at + 1).map(|id| correspondence(id));
    }
    let tool = if has("webhooks") {
        "webhooks"
    } else if has("rfis") {
        "rfi"
    } else if begins("submittal") {
        "submittal_log"
    } else if begins("specification_") {
        "specifications"
    } else if begins("drawing") {
        "drawing_log"
    } else if begins("daily_log") || segments.iter().any(|segment| segment.ends_with("_logs")) {
        "daily_log"
    } else if has("users") {
        "directory"
    } else {
        return None;
    };
    Some(tool.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_held_against_the_level_of_its_tool() {
        for (tool, level, method, path, allowed) in [
            ("rfi", Level::None, "GET", "/rest/v1.0/projects/4071/rfis", false),
            ("rfi", Level::ReadOnly, "GET", "/rest/v1.0/projects/4071/rfis/9", true),
            ("rfi", Level::ReadOnly, "PATCH", "/rest/v1.0/projects/4071/rfis/9", false),
            ("rfi", Level::None, "GET", "/rest/v1.1/projects/4071/submittals", true),
            ("submittal_log", Level::None, "GET", "/rest/v1.1/projects/4071/submittals", false),
            ("daily_log", Level::None, "GET", "/rest/v1.0/projects/4071/notes_logs", false),
            ("daily_log", Level::None, "GET", "/rest/v1.1/projects/4071/daily_logs/counts", false),
            ("specifications", Level::None, "GET", "/rest/v1.0/specification_sections", false),
            ("drawing_log", Level::None, "GET", "/rest/v1.0/projects/4071/drawing_revisions", false),
            ("directory", Level::None, "GET", "/rest/v1.0/projects/4071/users/5101", false),
            ("webhooks", Level::ReadOnly, "POST", "/rest/v2.0/companies/8001/webhooks/hooks", false),
            (
                "generic_tool_77",
                Level::ReadOnly,
                "POST",
                "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items",
                false,
            ),
            (
                "generic_tool_78",
                Level::None,
                "POST",
                "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items",
                true,
            ),
            ("generic_tool_77", Level::None, "GET", "/rest/v1.0/companies/8001/generic_tools", true),
        ] {
            let levels = Levels::from([(tool.to_owned(), level)]);
            assert_eq!(allows(&levels, method, path), allowed, "{tool} {level:?} {method} {path}");
        }
    }
}

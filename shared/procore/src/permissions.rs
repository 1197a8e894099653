//! What the service account may do: one level for each tool, as Procore itself lists them.
//!
//! Told without touching a record, so that a permission that is missing shows before a draft needs it.

use serde::Deserialize;

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::hooks::Scope;
use crate::wire;

/// How much of a tool somebody may do; each level includes those before it. Procore docs: working with user
/// permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessLevel {
    /// The tool is not even shown.
    None,
    /// Looks at what is not private.
    ReadOnly,
    /// Makes records, and changes its own.
    Standard,
    /// Everything.
    Admin,
}

impl AccessLevel {
    /// Its name on Procore's screens.
    pub fn title(self) -> &'static str {
        match self {
            AccessLevel::None => "None",
            AccessLevel::ReadOnly => "Read Only",
            AccessLevel::Standard => "Standard",
            AccessLevel::Admin => "Admin",
        }
    }

    /// The reference shows `Admin` alone; the others are read in every spelling of the vendor's texts.
    fn read(name: &str) -> Option<AccessLevel> {
        match plain(name).as_str() {
            "none" => Some(AccessLevel::None),
            "readonly" => Some(AccessLevel::ReadOnly),
            "standard" => Some(AccessLevel::Standard),
            "admin" => Some(AccessLevel::Admin),
            _ => None,
        }
    }
}

/// A tool, and what the service account may do there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct ToolPermission {
    /// Its name inside Procore, such as `documents`; a type of correspondence is `generic_tool_<id>`.
    pub name: String,
    /// Its name on the screens, such as `Documents`.
    pub title: String,
    /// Whether the project uses it; an answer that does not say is of one that does.
    pub available: bool,
    /// How much is allowed; `None` where the level has a name this program does not know.
    pub level: Option<AccessLevel>,
    /// Names of what is allowed one by one, beside the level.
    pub actions: Vec<String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "wire::words")]
    name: String,
    #[serde(default, deserialize_with = "wire::words")]
    friendly_name: String,
    #[serde(default = "wire::yes", deserialize_with = "wire::unless_denied")]
    available_for_user: bool,
    #[serde(default, deserialize_with = "wire::or_default")]
    user_access_level: Level,
    #[serde(default, deserialize_with = "wire::list")]
    permitted_actions: Vec<Action>,
}

#[derive(Default, Deserialize)]
struct Level {
    #[serde(default, deserialize_with = "wire::words")]
    name: String,
}

#[derive(Deserialize)]
struct Action {
    #[serde(default, deserialize_with = "wire::words")]
    action_name: String,
}

impl From<Wire> for ToolPermission {
    fn from(wire: Wire) -> ToolPermission {
        ToolPermission {
            name: wire.name,
            title: wire.friendly_name,
            available: wire.available_for_user,
            level: AccessLevel::read(&wire.user_access_level.name),
            actions: wire.permitted_actions.into_iter().map(|action| action.action_name).collect(),
        }
    }
}

impl ToolPermission {
    /// Whether it is called so, inside Procore or on its screens, whatever the capitals and the spaces.
    pub fn is_called(&self, name: &str) -> bool {
        [&self.name, &self.title].into_iter().any(|own| plain(own) == plain(name))
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default, deserialize_with = "wire::list")]
    tools: Vec<ToolPermission>,
}

impl Procore {
    /// What the service account may do in a scope, tool by tool, types of correspondence included.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn permissions(&self, scope: Scope) -> Result<Vec<ToolPermission>, Error> {
        // Procore docs: the project for its level, the company for its own, and never both.
        let (key, id) = scope.owner(self.company());
        let manifest: Manifest =
            self.send(Call::get("/rest/v1.0/settings/permissions").query(key, id)).await?.one()?;
        Ok(manifest.tools)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_in_every_spelling_and_ordered() {
        for (name, level) in [
            ("None", Some(AccessLevel::None)),
            ("Read Only", Some(AccessLevel::ReadOnly)),
            ("read_only", Some(AccessLevel::ReadOnly)),
            ("Read-only", Some(AccessLevel::ReadOnly)),
            ("Standard", Some(AccessLevel::Standard)),
            ("ADMIN", Some(AccessLevel::Admin)),
            ("Owner", None),
            ("", None),
        ] {
            assert_eq!(AccessLevel::read(name), level, "{name}");
        }
        assert!(AccessLevel::None < AccessLevel::ReadOnly && AccessLevel::Standard < AccessLevel::Admin);
    }

    #[test]
    fn a_row_is_read_leniently_and_known_by_either_name() {
        let row: ToolPermission = serde_json::from_str(
            r#"{"id": 1, "name": "daily_log", "friendly_name": "Daily Log", "available_for_user": true,
                "user_access_level": {"id": 4, "name": "Admin"},
                "permitted_actions": [{"id": 12, "action_name": "log_restrictively"}, {"id": 13}]}"#,
        )
        .unwrap();
        assert_eq!((row.level, row.available), (Some(AccessLevel::Admin), true));
        assert_eq!(row.actions, ["log_restrictively", ""]);
        assert!(row.is_called("daily_log") && row.is_called("Daily log") && !row.is_called("daily logs"));
        let bare: ToolPermission =
            serde_json::from_str(r#"{"name": "rfi", "user_access_level": null}"#).unwrap();
        assert_eq!((bare.level, bare.available, bare.actions.len()), (None, true, 0));
    }
}

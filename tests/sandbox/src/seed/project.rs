//! Company, project and people, from `seed/project.toml`.

use serde::Deserialize;

use super::files;
use crate::records::Person;

/// The project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Project id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Number given by the company.
    pub number: String,
    /// The general contractor.
    pub company_name: String,
    /// Street address.
    pub address: String,
    /// City.
    pub city: String,
    /// State code.
    pub state_code: String,
    /// IANA name, Procore's `tz_name`.
    pub time_zone: String,
    /// Procore's `time_zone`.
    pub time_zone_label: String,
}

/// A company's correspondence type, in the API a generic tool.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrespondenceType {
    /// Type id.
    pub id: i64,
    /// Title.
    pub title: String,
    /// Prefix of its item numbers.
    pub abbreviation: String,
}

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    pub(super) company_id: i64,
    pub(super) service_account_id: i64,
    pub(super) forbidden_project_id: i64,
    pub(super) project: Project,
    pub(super) correspondence_type: CorrespondenceType,
    pub(super) people: Vec<Person>,
}

pub(super) fn book() -> Book {
    files::parsed(files::PROJECT)
}

//! The seed's files, compiled in.

use serde::de::DeserializeOwned;

pub(super) const PROJECT: &str = include_str!("../../seed/project.toml");
pub(super) const RFIS: &str = include_str!("../../seed/rfis.toml");
pub(super) const SUBMITTALS: &str = include_str!("../../seed/submittals.toml");
pub(super) const DAILY_LOG: &str = include_str!("../../seed/daily_log.toml");
pub(super) const DRAWING_LIST: &str = include_str!("../../seed/drawings.toml");
pub(super) const LOCATIONS: &str = include_str!("../../seed/locations.toml");
pub(super) const HOSTILE: &str = include_str!("../../seed/hostile.toml");

/// Specification sections, each revision a file.
pub(super) const SECTIONS: [&str; 9] = [
    include_str!("../../seed/sections/03_30_00_rev_1.txt"),
    include_str!("../../seed/sections/07_92_00_rev_0.txt"),
    include_str!("../../seed/sections/08_71_00_rev_1.txt"),
    include_str!("../../seed/sections/08_71_00_rev_2.txt"),
    include_str!("../../seed/sections/09_30_00_rev_1.txt"),
    include_str!("../../seed/sections/09_91_23_rev_0.txt"),
    include_str!("../../seed/sections/10_14_00_rev_0.txt"),
    include_str!("../../seed/sections/10_14_00_rev_1.txt"),
    include_str!("../../seed/sections/10_28_00_rev_0.txt"),
];

/// Texts of drawings and other attachments, by file name.
const DRAWINGS: [(&str, &str); 8] = [
    ("a-501-rev-1.txt", include_str!("../../seed/drawings/a-501-rev-1.txt")),
    ("a-501.txt", include_str!("../../seed/drawings/a-501.txt")),
    ("a-601.txt", include_str!("../../seed/drawings/a-601.txt")),
    ("a-811-rev-0.txt", include_str!("../../seed/drawings/a-811-rev-0.txt")),
    ("a-811.txt", include_str!("../../seed/drawings/a-811.txt")),
    ("s-201.txt", include_str!("../../seed/drawings/s-201.txt")),
    ("phone-note.txt", include_str!("../../seed/drawings/phone-note.txt")),
    ("product-data.txt", include_str!("../../seed/drawings/product-data.txt")),
];

/// Text of a drawing; empty for a name that is not listed, which a test rules out.
pub(super) fn drawing(name: &str) -> &'static str {
    DRAWINGS.iter().find(|(listed, _)| *listed == name).map_or("", |(_, text)| text)
}

/// A compiled-in TOML file. It cannot fail once the crate's tests pass; an unreadable one would be empty and logged.
pub(super) fn parsed<T: DeserializeOwned + Default>(text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "a seed file cannot be read");
        T::default()
    })
}

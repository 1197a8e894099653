//! Sums by name, with what counts and what is pending kept apart. Pure.

use std::collections::BTreeMap;

use super::sheet::Named;

/// What counts and what waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums<T> {
    /// Of entries that count.
    pub(super) counted: T,
    /// Of entries that are pending.
    pub(super) pending: T,
}

impl<T> Sums<T> {
    pub(super) fn side(&mut self, pending: bool) -> &mut T {
        if pending { &mut self.pending } else { &mut self.counted }
    }
}

/// Sums by name, and over all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally<T> {
    /// Over all.
    pub(super) all: Sums<T>,
    by_key: BTreeMap<(String, String), Sums<T>>,
}

impl<T: Default> Tally<T> {
    /// Adds to the sum of a name and to that of all.
    pub(super) fn add(&mut self, name: &Named, pending: bool, add: impl Fn(&mut T)) {
        add(self.all.side(pending));
        let key = (name.name.clone(), name.key.clone());
        add(self.by_key.entry(key).or_default().side(pending));
    }

    /// Sums by name, in the order of names.
    pub(super) fn by_name(&self) -> impl Iterator<Item = (&str, &Sums<T>)> {
        self.by_key.iter().map(|((name, _), sums)| (name.as_str(), sums))
    }
}

//! What is wrong with a record that came back from a write, in words an operator can act on.

/// Passes if nothing holds, else names what does.
pub(crate) fn none_of<const N: usize>(found: [(bool, &'static str); N]) -> Result<(), Vec<&'static str>> {
    let wrong: Vec<&'static str> =
        found.into_iter().filter_map(|(holds, name)| holds.then_some(name)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

//! What cleaning took out, counted by kind. Never what it said.

use serde::{Deserialize, Serialize};
use std::{
    iter::Sum,
    ops::{Add, AddAssign},
};

/// Counts of what cleaning removed: shown to the reviewer as a hint that a text carried more than it showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Removed {
    /// Zero-width and other characters without ink (U+200B, joiners, fillers, BOM).
    pub zero_width: u32,
    /// Characters that reorder text (embeddings, overrides, isolates, marks).
    pub bidi: u32,
    /// Characters of the tag block U+E0000, which can spell hidden ASCII.
    pub tag: u32,
    /// Variation selectors, which can carry hidden bytes.
    pub variation: u32,
    /// Control characters other than line feed and tab.
    pub control: u32,
    /// Soft hyphens.
    pub soft_hyphen: u32,
    /// HTML elements a reader would not see: hidden, of no size, off the screen, or in the colour of the
    /// background; also one for markup too deep to be read.
    pub hidden_html: u32,
    /// HTML comments.
    pub comments: u32,
    /// Personal data and secrets replaced by [`crate::redact`].
    pub redacted: u32,
}

impl Removed {
    /// Whether nothing at all was removed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Add for Removed {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            zero_width: self.zero_width.saturating_add(other.zero_width),
            bidi: self.bidi.saturating_add(other.bidi),
            tag: self.tag.saturating_add(other.tag),
            variation: self.variation.saturating_add(other.variation),
            control: self.control.saturating_add(other.control),
            soft_hyphen: self.soft_hyphen.saturating_add(other.soft_hyphen),
            hidden_html: self.hidden_html.saturating_add(other.hidden_html),
            comments: self.comments.saturating_add(other.comments),
            redacted: self.redacted.saturating_add(other.redacted),
        }
    }
}

impl AddAssign for Removed {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Removed {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::add)
    }
}

//! Widths of the Helvetica glyphs, in thousandths of the font size, as every PDF reader knows them.

/// Characters from space to tilde.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Width of a text in points. Characters beyond ASCII count as a digit.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let thousandths: u32 = text.chars().map(|c| u32::from(glyph(c))).sum();
    f32::from(u16::try_from(thousandths).unwrap_or(u16::MAX)) * size / 1000.0
}

fn glyph(c: char) -> u16 {
    let index = usize::try_from(u32::from(c).wrapping_sub(32)).unwrap_or(usize::MAX);
    ASCII.get(index).copied().unwrap_or(556)
}

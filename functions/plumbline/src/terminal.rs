//! What commands print. A reader that went away (`| head`) is no reason to stop.

use std::{fmt, io::Write as _};

/// Where a command tells what it does: the terminal, or a text in tests.
pub type Out<'a> = &'a mut dyn fmt::Write;

/// Standard output.
pub struct Terminal;

impl fmt::Write for Terminal {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let _ = std::io::stdout().write_all(text.as_bytes());
        Ok(())
    }
}

/// Prints.
pub(crate) fn tell(text: &str) {
    let _ = fmt::Write::write_str(&mut Terminal, text);
}

/// A line of its own.
macro_rules! line {
    ($out:expr, $($words:tt)*) => {{
        // Both kinds of `Out` take everything.
        let _ = writeln!($out, $($words)*);
    }};
}
pub(crate) use line;

/// A number of things, the noun in its form.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Text from outside the house with what steers a terminal made visible: lines and tabs stay.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

/// The same on one line.
pub(crate) fn shown_on_a_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_steers_the_terminal() {
        let body = "{\"a\":\n\t\"\u{1b}[2J\u{7}\r\u{9b}É\"}";
        assert_eq!(shown(body), "{\"a\":\n\t\"\\u{1b}[2J\\u{7}\\r\\u{9b}É\"}");
        assert_eq!(shown_on_a_line("two\nlines"), "two\\nlines");
    }
}

//! Colours of text and of what is behind it, as far as markup alone tells. When in doubt, text is visible.

use super::style::declarations;
use scraper::node::Element;

/// Difference of a channel that no eye sees as text on a ground.
const UNSEEN: u8 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Solid([u8; 3]),
    /// Nothing to see.
    Clear,
    /// A picture, a gradient, or a notation not read here.
    Unknown,
}

/// Colours at one place of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    text: Colour,
    ground: Colour,
}

impl Default for Colours {
    fn default() -> Self {
        Self { text: Colour::Solid([0, 0, 0]), ground: Colour::Solid([255, 255, 255]) }
    }
}

impl Colours {
    /// The colours inside an element.
    pub(super) fn inside(mut self, element: &Element) -> Self {
        if let Some(ground) = element.attr("bgcolor").and_then(colour) {
            self.ground = ground;
        }
        let attribute = if element.name() == "body" { "text" } else { "color" };
        if let Some(text) = element.attr(attribute).and_then(colour) {
            self.text = text;
        }
        for (name, value) in element.attr("style").map(declarations).unwrap_or_default() {
            match name.as_str() {
                "color" | "-webkit-text-fill-color" => self.text = colour(&value).unwrap_or(self.text),
                "background" | "background-color" | "background-image" => {
                    match ground(&value) {
                        // What is behind a clear ground shows through.
                        None | Some(Colour::Clear) => {}
                        Some(ground) => self.ground = ground,
                    }
                }
                _ => {}
            }
        }
        self
    }

    /// Whether text here cannot be seen.
    pub(super) fn hide_text(&self) -> bool {
        match (self.text, self.ground) {
            (Colour::Clear, _) => true,
            (Colour::Solid(text), Colour::Solid(ground)) => {
                text.iter().zip(ground).all(|(text, ground)| text.abs_diff(ground) <= UNSEEN)
            }
            _ => false,
        }
    }
}

/// The colour of a `background`: pictures and gradients are unknown, other words are not colours.
fn ground(value: &str) -> Option<Colour> {
    if value.contains("url(") || value.contains("gradient(") {
        return Some(Colour::Unknown);
    }
    if value.contains('(') {
        return colour(value);
    }
    value.split_ascii_whitespace().find_map(colour).filter(|found| *found != Colour::Unknown)
}

/// `None` for words that leave the colour as it is.
fn colour(value: &str) -> Option<Colour> {
    let value = value.trim().to_ascii_lowercase();
    let known = match value.as_str() {
        "inherit" | "initial" | "unset" | "currentcolor" | "auto" | "windowtext" | "none" | "" => {
            return None;
        }
        "transparent" => return Some(Colour::Clear),
        "black" => [0, 0, 0],
        "white" | "window" => [255, 255, 255],
        "snow" | "ivory" | "ghostwhite" | "floralwhite" | "mintcream" | "azure" | "whitesmoke" => {
            [250, 250, 250]
        }
        "gray" | "grey" => [128, 128, 128],
        "silver" => [192, 192, 192],
        "red" => [255, 0, 0],
        "lime" => [0, 255, 0],
        "green" => [0, 128, 0],
        "blue" => [0, 0, 255],
        "navy" => [0, 0, 128],
        "yellow" => [255, 255, 0],
        "aqua" | "cyan" => [0, 255, 255],
        "fuchsia" | "magenta" => [255, 0, 255],
        "maroon" => [128, 0, 0],
        "olive" => [128, 128, 0],
        "purple" => [128, 0, 128],
        "teal" => [0, 128, 128],
        "orange" => [255, 165, 0],
        _ => {
            return Some(hexadecimal(&value).or_else(|| function(&value)).unwrap_or(Colour::Unknown));
        }
    };
    Some(Colour::Solid(known))
}

fn hexadecimal(value: &str) -> Option<Colour> {
    let digits = value.strip_prefix('#').unwrap_or(value);
    let nibbles: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    match nibbles.as_slice() {
        [_, _, _, 0] | [_, _, _, _, _, _, 0, _] => Some(Colour::Clear),
        [r, g, b] | [r, g, b, _] => Some(Colour::Solid([r * 17, g * 17, b * 17])),
        [r, r2, g, g2, b, b2] | [r, r2, g, g2, b, b2, _, _] => {
            Some(Colour::Solid([r * 16 + r2, g * 16 + g2, b * 16 + b2]))
        }
        _ => None,
    }
}

/// `rgb()`, `rgba()`, and of `hsl()` the ends black and white.
fn function(value: &str) -> Option<Colour> {
    let (name, arguments) = value.split_once('(')?;
    let numbers: Vec<f64> = arguments
        .trim_end_matches(')')
        .split([',', ' ', '/'])
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_suffix('%') {
            Some(percent) if name.starts_with("rgb") => percent.parse().map(|percent: f64| percent * 2.55),
            Some(percent) => percent.parse(),
            None => part.trim_end_matches("deg").parse(),
        })
        .collect::<Result<_, _>>()
        .ok()?;
    match (name.trim(), numbers.as_slice()) {
        (_, [_, _, _, alpha]) if *alpha <= 0.1 => Some(Colour::Clear),
        ("rgb" | "rgba", [r, g, b, ..]) => {
            let channel =
                |number: f64| (0..=u8::MAX).rev().find(|step| f64::from(*step) <= number).unwrap_or(0);
            Some(Colour::Solid([channel(*r), channel(*g), channel(*b)]))
        }
        ("hsl" | "hsla", [_, _, lightness, ..]) if *lightness >= 97.0 => Some(Colour::Solid([255, 255, 255])),
        ("hsl" | "hsla", [_, _, lightness, ..]) if *lightness <= 3.0 => Some(Colour::Solid([0, 0, 0])),
        _ => None,
    }
}

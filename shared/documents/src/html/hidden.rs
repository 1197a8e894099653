//! Tells the elements a reader would not see by what they say of themselves. Colours are apart: a child may
//! change them back.

use super::style::{declarations, pixels};
use scraper::node::Element;

/// Type below this cannot be read.
const MIN_TYPE_PX: f64 = 2.0;
/// Beyond this an element is off the screen; hanging indents of lists stay far below.
const OFF_SCREEN_PX: f64 = 400.0;
const MIN_OPACITY: f64 = 0.1;

/// Whether an element and all in it is hidden.
pub(super) fn is_hidden(element: &Element) -> bool {
    element.attr("hidden").is_some()
        || element.attr("aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        || (element.name() == "dialog" && element.attr("open").is_none())
        || element.attr("style").is_some_and(|style| hides(style, grows(element.name())))
}

/// Parts of tables grow with what they hold, whatever size they ask for.
fn grows(name: &str) -> bool {
    matches!(name, "table" | "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "body" | "html")
}

/// Whether a style hides what it is applied to. `grows`: sizes are only wishes there.
pub(super) fn hides(style: &str, grows: bool) -> bool {
    let declared = declarations(style);
    let clips = declared.iter().any(|(name, value)| name.starts_with("overflow") && value.contains("hidden"));
    declared.iter().any(|(name, value)| match name.as_str() {
        "display" => value == "none",
        "visibility" => matches!(value.as_str(), "hidden" | "collapse"),
        "content-visibility" => value == "hidden",
        "mso-hide" => value == "all",
        "opacity" => fraction(value).is_some_and(|opacity| opacity <= MIN_OPACITY),
        "filter" => {
            argument(value, "opacity(").and_then(fraction).is_some_and(|opacity| opacity <= MIN_OPACITY)
        }
        "font-size" => {
            let unreadable = if value.ends_with('%') { MIN_TYPE_PX * 50.0 } else { MIN_TYPE_PX };
            pixels(value).is_some_and(|size| size < unreadable)
        }
        "font" => value.split_ascii_whitespace().any(|part| {
            let size = part.split('/').next().unwrap_or(part);
            let is_size = size == "0" || size.ends_with(|unit: char| unit.is_ascii_lowercase());
            is_size && pixels(size).is_some_and(|size| size < MIN_TYPE_PX)
        }),
        "width" | "height" | "max-width" | "max-height" if !grows => {
            pixels(value).is_some_and(|size| size <= 0.0 || (clips && size <= 1.0))
        }
        "left" | "top" | "right" | "bottom" | "margin" | "margin-left" | "margin-top" | "text-indent" => {
            value.split_ascii_whitespace().filter_map(pixels).any(|offset| offset <= -OFF_SCREEN_PX)
        }
        "transform" => {
            let scale = ["scale(", "scalex(", "scaley("].iter().find_map(|name| argument(value, name));
            let shift =
                ["translate(", "translatex(", "translatey("].iter().find_map(|name| argument(value, name));
            scale.and_then(fraction).is_some_and(|scale| scale.abs() <= 0.01)
                || shift.and_then(pixels).is_some_and(|shift| shift <= -OFF_SCREEN_PX)
        }
        "clip" => value.strip_prefix("rect(").is_some_and(|sides| {
            let sides = sides.trim_end_matches(')').split([',', ' ']).filter(|side| !side.is_empty());
            sides.map(pixels).all(|side| side.is_some_and(|side| side.abs() <= 1.0))
        }),
        "clip-path" => {
            argument(value, "inset(").and_then(fraction).is_some_and(|inset| inset >= 0.5)
                || argument(value, "circle(").and_then(pixels).is_some_and(|radius| radius <= 1.0)
        }
        _ => false,
    })
}

/// `0.5` and `50%`.
fn fraction(value: &str) -> Option<f64> {
    match value.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok().map(|percent| percent / 100.0),
        None => value.parse().ok(),
    }
}

/// The first argument of a function in a value.
fn argument<'v>(value: &'v str, function: &str) -> Option<&'v str> {
    let (_, after) = value.split_once(function)?;
    after.split([',', ')', ' ']).next().map(str::trim)
}

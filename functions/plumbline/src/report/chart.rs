//! Charts as SVG, drawn by ourselves: columns over days, and bars. Each names itself to those who cannot see it; its figures
//! stand in a table beside it.

use std::fmt::Write as _;

/// Width and height of a column chart, in its own units.
const SIZE: (f64, f64) = (360.0, 154.0);
/// Room for labels left of, above and below the columns.
const LEFT: f64 = 34.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 22.0;
/// Share of a column's place that it fills.
const FILLED: f64 = 0.56;
/// Height of one bar with its place.
const BAR: f64 = 22.0;
/// Room left of bars for their names, and right of them for their numbers.
const NAMES: f64 = 138.0;
const NUMBERS: f64 = 34.0;

/// One column.
pub(super) struct Column {
    /// Below it.
    pub(super) label: String,
    /// Its parts from the bottom up: a class of the page's style, and a value.
    pub(super) parts: Vec<(String, f64)>,
    /// A second value, drawn as a mark across.
    pub(super) mark: Option<f64>,
    /// Above it.
    pub(super) told: String,
}

/// Columns side by side.
pub(super) fn columns(id: &str, title: &str, description: &str, columns: &[Column]) -> String {
    let (width, height) = SIZE;
    let value = |column: &Column| column.parts.iter().map(|(_, value)| value).sum::<f64>();
    let most = columns.iter().flat_map(|column| [value(column), column.mark.unwrap_or(0.0)]);
    let step = step_of(most.fold(0.0, f64::max));
    let steps = most_steps(columns, step);
    let top = step * steps;
    let floor = height - BOTTOM;
    let y = |value: f64| floor - (floor - TOP) * value / top;

    let mut svg = open(id, title, description, width, height);
    let mut tick = 0.0;
    while tick <= steps {
        let (at, class) = (y(tick * step), if tick == 0.0 { "floor" } else { "grid" });
        let _ = write!(
            svg,
            "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{width}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            LEFT - 6.0,
            at + 3.0,
            number(tick * step, step)
        );
        tick += 1.0;
    }
    let place = (width - LEFT) / columns.len().max(1) as f64;
    for (position, column) in columns.iter().enumerate() {
        let middle = LEFT + place * (position as f64 + 0.5);
        let (left, wide) = (middle - place * FILLED / 2.0, place * FILLED);
        let mut below = 0.0;
        for (class, part) in &column.parts {
            let (from, to) = (y(below), y(below + part));
            below += part;
            if *part > 0.0 {
                let tall = (from - to).max(1.0);
                let _ = write!(
                    svg,
                    "<rect class=\"{}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\"/>",
                    escaped(class),
                    from - tall
                );
            }
        }
        let mut highest = below;
        if let Some(mark) = column.mark {
            highest = highest.max(mark);
            let (at, from, to) = (y(mark), left - 3.0, left + wide + 3.0);
            let _ = write!(
                svg,
                "<line class=\"stem\" x1=\"{middle:.1}\" x2=\"{middle:.1}\" y1=\"{:.1}\" y2=\"{at:.1}\"/>\
                 <line class=\"mark\" x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
                y(below)
            );
        }
        let _ = write!(
            svg,
            "<text class=\"told\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text>\
             <text class=\"name\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text>",
            y(highest) - 4.0,
            escaped(&column.told),
            height - 7.0,
            escaped(&column.label)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Bars below each other: a name, a class of the page's style, a number.
pub(super) fn bars(id: &str, title: &str, description: &str, bars: &[(String, String, u64)]) -> String {
    let width = SIZE.0;
    let height = BAR * bars.len().max(1) as f64 + 4.0;
    let most = bars.iter().map(|(_, _, number)| *number).max().unwrap_or(0).max(1) as f64;
    let mut svg = open(id, title, description, width, height);
    for (position, (name, class, number)) in bars.iter().enumerate() {
        let top = BAR * position as f64 + 4.0;
        let long = ((width - NAMES - NUMBERS) * *number as f64 / most).max(1.0);
        let (tall, line) = (BAR - 8.0, top + 11.0);
        let _ = write!(
            svg,
            "<text class=\"of\" x=\"{:.1}\" y=\"{line:.1}\">{}</text>\
             <rect class=\"{}\" x=\"{NAMES}\" y=\"{top:.1}\" width=\"{long:.1}\" height=\"{tall:.1}\"/>\
             <text class=\"count\" x=\"{:.1}\" y=\"{line:.1}\">{number}</text>",
            NAMES - 8.0,
            escaped(name),
            escaped(class),
            NAMES + long + 6.0
        );
    }
    svg.push_str("</svg>");
    svg
}

fn open(id: &str, title: &str, description: &str, width: f64, height: f64) -> String {
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-words\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-words\">{}</desc>",
        escaped(title),
        escaped(description)
    )
}

/// Steps up to the highest column, with room above it for its number.
fn most_steps(columns: &[Column], step: f64) -> f64 {
    let value = |column: &Column| {
        let sum = column.parts.iter().map(|(_, value)| value).sum::<f64>();
        sum.max(column.mark.unwrap_or(0.0))
    };
    (columns.iter().map(value).fold(0.0, f64::max) / step).ceil().max(1.0)
}

/// A round step of which two to five reach the highest value.
fn step_of(most: f64) -> f64 {
    if most <= 0.0 {
        return 1.0;
    }
    let rough = most / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|round| round * power >= rough * 0.999);
    round.unwrap_or(10.0) * power
}

/// With as many digits as tell the steps apart.
fn number(value: f64, step: f64) -> String {
    let digits = (0..4).find(|digits| (step * 10_f64.powi(*digits)).fract().abs() < 1e-6).unwrap_or(4);
    format!("{value:.*}", usize::try_from(digits).unwrap_or(0))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (most, step) in
            [(0.0, 1.0), (1.0, 0.5), (4.0, 1.0), (7.0, 2.0), (9.0, 5.0), (41.0, 20.0), (0.03, 0.01)]
        {
            assert!((step_of(most) - step).abs() < 1e-9, "{most}: {}", step_of(most));
        }
    }

    #[test]
    fn ticks_have_the_digits_of_their_step() {
        for (value, step, told) in [
            (10.0, 5.0, "10"),
            (0.1, 0.05, "0.10"),
            (1.0, 0.5, "1.0"),
            (0.0, 0.002, "0.000"),
            (0.0, 1.0, "0"),
        ] {
            assert_eq!(number(value, step), told);
        }
    }

    #[test]
    fn nothing_drawn_leaves_the_picture_and_nothing_is_markup() {
        let columns: Vec<Column> = [0.0, 3.0, 12.0]
            .map(|value| Column {
                label: "<b>".to_owned(),
                parts: vec![("a".to_owned(), value), ("b".to_owned(), 1.0)],
                mark: Some(value * 2.0),
                told: "\"&".to_owned(),
            })
            .into();
        let svg = super::columns("x", "<i>", "d", &columns);
        assert!(!svg.contains("<b>") && !svg.contains("<i>") && svg.contains("&lt;b&gt;"), "{svg}");
        for part in svg.split(" y=\"").skip(1) {
            let y: f64 = part.split('"').next().unwrap().parse().unwrap();
            assert!((0.0..=SIZE.1).contains(&y), "{y} in {svg}");
        }
        assert!(bars("x", "t", "d", &[]).ends_with("</svg>"));
    }
}

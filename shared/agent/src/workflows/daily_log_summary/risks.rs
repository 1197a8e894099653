//! What of a day may need somebody's attention, by thresholds from configuration. Each is stated with its basis and its
//! threshold; none is a forecast or a finding.

use procore::daily_logs::Details;
use rust_decimal::Decimal;

use super::{computed::counted, delays, labour, number::shown, sheet::Sheet, thresholds::Thresholds};

/// All risks, one sentence each.
pub(super) fn all(sheet: &Sheet<'_>, thresholds: &Thresholds) -> Vec<String> {
    let mut found = Vec::new();
    delay(sheet, thresholds, &mut found);
    weather(sheet, thresholds, &mut found);
    overtime(sheet, thresholds, &mut found);
    if thresholds.accident {
        for line in &sheet.lines {
            if matches!(line.entry.details, Details::Accident(_)) {
                found.push(format!("{}: may need follow-up (threshold: any accident recorded).", line.name));
            }
        }
    }
    found
}

fn delay(sheet: &Sheet<'_>, thresholds: &Thresholds, found: &mut Vec<String>) {
    let minutes = delays::totals(sheet).all.counted.minutes;
    if !minutes.is_zero() && minutes >= delays::in_minutes(thresholds.delay_hours) {
        found.push(format!(
            "Delays of {} in all may affect the work named in them (threshold: {}).",
            counted(delays::hours(minutes), "hour"),
            counted(thresholds.delay_hours, "hour")
        ));
    }
}

fn weather(sheet: &Sheet<'_>, thresholds: &Thresholds, found: &mut Vec<String>) {
    for line in &sheet.lines {
        let Details::Weather(weather) = &line.entry.details else { continue };
        let observed = [
            ("wind", &weather.wind, &thresholds.wind),
            ("temperature", &weather.temperature, &thresholds.temperature),
        ];
        for (what, word, listed) in observed {
            let word = word.as_deref().map(str::trim);
            // Shown as the configuration spells it: nothing of the log is repeated here.
            if let Some(listed) =
                listed.iter().find(|listed| word.is_some_and(|word| word.eq_ignore_ascii_case(listed)))
            {
                found.push(format!(
                    "{}: {what} recorded as {listed} may affect the work of the day (threshold: {what} recorded as {listed}).",
                    line.name
                ));
            }
        }
    }
}

fn overtime(sheet: &Sheet<'_>, thresholds: &Thresholds, found: &mut Vec<String>) {
    let sum = labour::manpower(sheet, thresholds.regular_hours).all.counted;
    // Compared as a product: a quotient would have to be rounded.
    if !sum.overtime.is_zero() && sum.overtime >= thresholds.overtime_share * sum.hours {
        found.push(format!(
            "{} of {} hours worked are beyond {} hours a worker; this may need attention (threshold: {} percent of the hours).",
            shown(sum.overtime),
            shown(sum.hours),
            shown(thresholds.regular_hours),
            shown(thresholds.overtime_share * Decimal::ONE_HUNDRED)
        ));
    }
}

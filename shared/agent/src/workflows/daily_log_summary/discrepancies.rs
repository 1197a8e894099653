//! Where a day's entries contradict one another or themselves. Listed, never resolved, never explained: which entry is
//! right is for whoever signed it.

use procore::daily_logs::{Delay, Details, LogFamily, Manpower, Named, Weather};
use rust_decimal::Decimal;

use super::{
    clock::{Span, span},
    computed::counted,
    delays, labour,
    number::{Stated, shown, stated},
    sheet::{Line, Sheet},
};

/// Words for weather that can stop work.
const ADVERSE: &[&str] = &[
    "rain",
    "storm",
    "snow",
    "sleet",
    "hail",
    "ice",
    "icy",
    "fog",
    "wind",
    "gust",
    "flood",
    "lightning",
    "thunder",
    "frost",
    "freez",
    "frozen",
    "wet",
    "mud",
    "smoke",
    "heat",
    "hot",
    "cold",
];

/// All discrepancies, one sentence each, in the order of the entries.
pub(super) fn all(sheet: &Sheet<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for line in &sheet.lines {
        numbers(line, &mut found);
        times(line, &mut found);
    }
    same_company(sheet, &mut found);
    reports(sheet, &mut found);
    weather(sheet, &mut found);
    found
}

/// The numbers an entry states, with their names.
fn stated_numbers(details: &Details) -> Vec<(&'static str, Option<&str>)> {
    match details {
        Details::Manpower(it) => {
            vec![("hours each", it.hours_each.as_deref()), ("man-hours", it.hours.as_deref())]
        }
        Details::ConstructionReport(it) => {
            labour::grades(it).into_iter().map(|(_, _, hours)| ("hours of a grade", hours)).collect()
        }
        Details::Delay(it) => vec![("duration", it.duration.as_deref())],
        Details::Quantity(it) => vec![("quantity", it.quantity.as_deref())],
        Details::Waste(it) => vec![("approximate quantity", it.quantity.as_deref())],
        Details::ScheduledWork(it) => vec![("hours", it.hours.as_deref())],
        Details::Equipment(it) => {
            vec![("hours operating", it.hours_operating.as_deref()), ("hours idle", it.hours_idle.as_deref())]
        }
        _ => Vec::new(),
    }
}

fn numbers(line: &Line<'_>, found: &mut Vec<String>) {
    let name = &line.name;
    let mut negative = false;
    for (what, value) in stated_numbers(&line.entry.details) {
        match stated(value) {
            Stated::Negative(amount) => {
                negative = true;
                found.push(format!("{name}: {what} is negative (-{}); not counted.", shown(amount)));
            }
            Stated::Unreadable => {
                found.push(format!("{name}: {what} cannot be read as a number; not counted."))
            }
            Stated::Absent | Stated::Value(_) => {}
        }
    }
    let crew = match &line.entry.details {
        Details::Manpower(entry) => {
            let workers = super::number::workers(entry.workers);
            let each = stated(entry.hours_each.as_deref()).value();
            let together = stated(entry.hours.as_deref()).value();
            if let (Some(workers), Some(each), Some(together)) = (workers, each, together)
                && workers * each != together
            {
                found.push(format!(
                    "{name}: {} man-hours are stated; {} workers at {} hours each are {}.",
                    shown(together),
                    shown(workers),
                    shown(each),
                    shown(workers * each)
                ));
            }
            labour::crew(entry, Decimal::MAX)
        }
        Details::ConstructionReport(report) => labour::reported(report),
        _ => return,
    };
    let any = |value: Option<Decimal>| value.is_some_and(|value| !value.is_zero());
    match (any(crew.workers), any(crew.hours)) {
        (false, true) => found.push(format!("{name}: hours are stated, workers are not.")),
        // Stated, but below zero: said above.
        (true, false) if negative => {}
        (true, false) => found.push(format!("{name}: workers are stated, hours are not.")),
        _ => {}
    }
}

fn times(line: &Line<'_>, found: &mut Vec<String>) {
    let name = &line.name;
    let times = match &line.entry.details {
        Details::Delay(it) => {
            duration(name, it, found);
            delays::times(it)
        }
        Details::Inspection(it) => span((it.start_hour, it.start_minute), (it.end_hour, it.end_minute)),
        Details::Visitor(it) => span((it.begin_hour, it.begin_minute), (it.end_hour, it.end_minute)),
        _ => return,
    };
    match times {
        Span::Minutes { over_midnight: true, .. } => {
            let taken =
                if line.entry.family() == LogFamily::Delay { "; counted as over midnight" } else { "" };
            found.push(format!("{name}: the end is before the start{taken}."));
        }
        Span::Unreadable => {
            let taken = match &line.entry.details {
                Details::Delay(it) if delays::minutes(it).is_some() => "; the stated duration is counted",
                Details::Delay(_) => "; not counted",
                _ => "",
            };
            found.push(format!("{name}: start or end is no time of day{taken}."));
        }
        Span::Minutes { .. } | Span::NotStated => {}
    }
}

/// A duration may be stated in hours or in minutes: only one that is neither is a discrepancy.
fn duration(name: &str, delay: &Delay, found: &mut Vec<String>) {
    let (Some(stated), Span::Minutes { minutes, .. }) =
        (stated(delay.duration.as_deref()).value(), delays::times(delay))
    else {
        return;
    };
    let minutes = Decimal::from(minutes);
    if !minutes.is_zero() && delays::in_minutes(stated) != minutes && stated != minutes {
        found.push(format!(
            "{name}: a duration of {} is stated; from start to end are {} minutes; the times are counted.",
            shown(stated),
            shown(minutes)
        ));
    }
}

/// What two entries of one company have to differ in, to be two.
#[derive(PartialEq, Eq)]
struct Job<'d> {
    company: &'d str,
    trade: Option<i64>,
    cost_code: Option<i64>,
    place: Option<i64>,
}

fn job<'l>(line: &'l Line<'_>) -> Option<Job<'l>> {
    let Details::Manpower(entry) = &line.entry.details else { return None };
    let id = |named: &Option<Named>| named.as_ref().and_then(|named| named.id);
    (!line.company.key.is_empty()).then(|| Job {
        company: &line.company.key,
        trade: id(&entry.trade),
        cost_code: id(&entry.cost_code),
        place: line.entry.location.as_ref().map(|place| place.id.get()),
    })
}

fn same_company(sheet: &Sheet<'_>, found: &mut Vec<String>) {
    for (position, line) in sheet.lines.iter().enumerate() {
        let Some(job_of) = job(line) else { continue };
        let Some(earlier) =
            sheet.lines.iter().take(position).find(|earlier| job(earlier).as_ref() == Some(&job_of))
        else {
            continue;
        };
        let (Details::Manpower(a), Details::Manpower(b)) = (&earlier.entry.details, &line.entry.details)
        else {
            continue;
        };
        let numbers = |it: &Manpower| (it.workers, labour::crew(it, Decimal::MAX).hours);
        let how = if numbers(a) == numbers(b) { "the same numbers" } else { "other numbers" };
        found.push(format!("{} and {}: the same company twice, with {how}.", earlier.name, line.name));
    }
}

/// A company's construction reports and its manpower entries, where it has both.
fn reports(sheet: &Sheet<'_>, found: &mut Vec<String>) {
    let regular = Decimal::MAX;
    let manpower = labour::manpower(sheet, regular);
    for (name, report) in labour::reports(sheet).by_name() {
        let Some((_, entries)) = manpower.by_name().find(|(other, _)| *other == name) else { continue };
        let (a, b) = (&report.counted, &entries.counted);
        if a.entries > 0 && b.entries > 0 && (a.workers != b.workers || a.hours != b.hours) {
            found.push(format!(
                "{name}: construction reports state {} and {}, manpower entries {} and {}.",
                counted(a.workers, "worker"),
                counted(a.hours, "hour"),
                counted(b.workers, "worker"),
                counted(b.hours, "hour")
            ));
        }
    }
}

fn weather(sheet: &Sheet<'_>, found: &mut Vec<String>) {
    let observed: Vec<(&Line<'_>, &Weather)> = sheet
        .lines
        .iter()
        .filter_map(|line| match &line.entry.details {
            Details::Weather(weather) => Some((line, weather)),
            _ => None,
        })
        .collect();
    let delays: Vec<&Line<'_>> = sheet
        .lines
        .iter()
        .filter(|line| match &line.entry.details {
            Details::Delay(delay) => {
                delay.kind.as_deref().is_some_and(|kind| kind.to_lowercase().contains("weather"))
            }
            _ => false,
        })
        .collect();
    for delay in &delays {
        if !observed.is_empty() && !observed.iter().any(|(_, weather)| is_adverse(weather)) {
            found.push(format!(
                "{}: a weather delay, and no weather entry of the day shows adverse weather.",
                delay.name
            ));
        }
        for (line, weather) in &observed {
            if says(weather.delay.as_deref()) == Some(false) {
                found
                    .push(format!("{}: a weather delay, and {} says there was none.", delay.name, line.name));
            }
        }
    }
    for (line, weather) in &observed {
        if delays.is_empty() && says(weather.delay.as_deref()) == Some(true) {
            found.push(format!(
                "{}: marks a weather delay, and no delay entry of that kind is recorded.",
                line.name
            ));
        }
    }
}

/// Procore docs: the mark of a weather delay is sent as a text and taken as a number.
fn says(mark: Option<&str>) -> Option<bool> {
    match mark?.trim().to_lowercase().as_str() {
        "1" | "true" | "yes" => Some(true),
        "0" | "false" | "no" => Some(false),
        _ => None,
    }
}

fn is_adverse(weather: &Weather) -> bool {
    let wet = match stated(weather.precipitation.as_deref()) {
        Stated::Value(amount) => !amount.is_zero(),
        // "0.2 in" is no bare number; an amount that is not nothing is enough.
        Stated::Unreadable => {
            weather.precipitation.as_deref().is_some_and(|text| text.contains(|c| matches!(c, '1'..='9')))
        }
        Stated::Absent | Stated::Negative(_) => false,
    };
    let windy = weather.wind.as_deref().is_some_and(|wind| {
        let wind = wind.to_lowercase();
        !wind.contains("calm") && !wind.contains("light") && !wind.contains("none")
    });
    let said = [&weather.sky, &weather.temperature, &weather.ground]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .chain([weather.comments.as_str()]);
    let adverse_words = said.into_iter().any(|text| {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_alphanumeric()).any(|word| {
            ADVERSE.iter().any(|adverse| word == *adverse || (adverse.len() > 3 && word.starts_with(adverse)))
        })
    });
    wet || windy || weather.calamity.is_some() || adverse_words
}

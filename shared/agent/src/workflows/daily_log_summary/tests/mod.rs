//! What contradicts itself, what the model sees, and what of its answer stands.

mod support;
mod totals;

use jiff::civil::date;
use procore::daily_logs::{LogEntry, LogFamily};
use serde_json::{Value, json};

use super::{Answer, DailyLogSummary, Day, FORBIDDEN, Thresholds, gather};
use crate::{
    evidence::Evidence,
    gate::{self, Rules},
    workflows::Workflow,
};

/// Entries as Procore shows them.
type Rows = Vec<(LogFamily, Value)>;

fn entry(family: LogFamily, id: usize, fields: &Value) -> LogEntry {
    let mut row = fields.clone();
    row["id"] = json!(id + 1);
    LogEntry::read(family, &row).unwrap()
}

fn day(rows: &[(LogFamily, Value)]) -> Day {
    let entries = rows.iter().enumerate().map(|(id, (family, row))| entry(*family, id, row)).collect();
    Day { date: date(2026, 6, 3), entries, unread: Vec::new() }
}

fn evidence(rows: &[(LogFamily, Value)]) -> Evidence {
    gather::gather(&day(rows), &Thresholds::default())
}

fn found(evidence: &Evidence, label: &str) -> Vec<String> {
    let rows = evidence.rows.iter().filter(|row| row.label.starts_with(label));
    rows.map(|row| row.text.clone()).collect()
}

#[test]
fn what_contradicts_itself_is_listed() {
    use LogFamily::{ConstructionReport, Delay, Inspection, Manpower, Quantity, Weather};
    let vendor = json!({"id": 7, "name": "Terra"});
    let table: Vec<(Rows, &str)> = vec![
        (
            vec![
                (Manpower, json!({"num_workers": 5, "num_hours": "8", "vendor": vendor})),
                (Manpower, json!({"num_workers": 7, "num_hours": "8", "vendor": vendor})),
            ],
            "manpower entry 1 (Terra) and manpower entry 2 (Terra): the same company twice, with other numbers.",
        ),
        (
            vec![
                (Manpower, json!({"num_workers": 5, "num_hours": "8", "vendor": vendor})),
                (Manpower, json!({"num_workers": 5, "man_hours": "40.0", "vendor": vendor})),
            ],
            "manpower entry 1 (Terra) and manpower entry 2 (Terra): the same company twice, with the same numbers.",
        ),
        (
            vec![(Manpower, json!({"man_hours": "16.5"}))],
            "manpower entry 1: hours are stated, workers are not.",
        ),
        (vec![(Manpower, json!({"num_workers": 2}))], "manpower entry 1: workers are stated, hours are not."),
        (
            vec![(Manpower, json!({"num_workers": 6, "num_hours": "8.0", "man_hours": "50"}))],
            "manpower entry 1: 50 man-hours are stated; 6 workers at 8 hours each are 48.",
        ),
        (
            vec![(Quantity, json!({"quantity": "-12.50", "unit": "CY"}))],
            "quantity entry 1: quantity is negative (-12.5); not counted.",
        ),
        (
            vec![(Quantity, json!({"quantity": "a few"}))],
            "quantity entry 1: quantity cannot be read as a number; not counted.",
        ),
        (
            vec![(Inspection, json!({"start_hour": 10, "start_minute": 0, "end_hour": 9, "end_minute": 0}))],
            "inspection entry 1: the end is before the start.",
        ),
        (
            vec![(Delay, json!({"start_time_hour": 22, "end_time_hour": 1}))],
            "delay entry 1: the end is before the start; counted as over midnight.",
        ),
        (
            vec![(Delay, json!({"duration": 2, "start_time_hour": 7, "end_time_hour": 11}))],
            "delay entry 1: a duration of 2 is stated; from start to end are 240 minutes; the times are counted.",
        ),
        (
            vec![
                (Weather, json!({"sky": "Clear", "wind": "Calm", "ground": "Dry", "precipitation": "0"})),
                (Delay, json!({"delay_type": "Weather", "duration": 1})),
            ],
            "delay entry 1: a weather delay, and no weather entry of the day shows adverse weather.",
        ),
        (
            vec![(Weather, json!({"sky": "Rain", "is_weather_delay": "1"}))],
            "weather entry 1: marks a weather delay, and no delay entry of that kind is recorded.",
        ),
        (
            vec![
                (Manpower, json!({"num_workers": 5, "num_hours": "8", "vendor": vendor})),
                (
                    ConstructionReport,
                    json!({"number_of_foreman_workers": 1, "foreman_hours": "8.5", "vendor": vendor}),
                ),
            ],
            "Terra: construction reports state 1 worker and 8.5 hours, manpower entries 5 workers and 40 hours.",
        ),
    ];
    for (rows, expected) in table {
        assert_eq!(found(&evidence(&rows), gather::DISCREPANCY), [expected]);
    }
    let fine = [
        (
            Delay,
            json!({"delay_type": "Weather", "duration": 90, "start_time_hour": 7, "start_time_minute": 0, "end_time_hour": 8, "end_time_minute": 30}),
        ),
        (Weather, json!({"sky": "Overcast", "precipitation": "0.2 in", "is_weather_delay": "1"})),
        (
            Manpower,
            json!({"num_workers": 5, "num_hours": "8", "vendor": vendor, "trade": {"id": 1, "name": "A"}}),
        ),
        (
            Manpower,
            json!({"num_workers": 7, "num_hours": "8", "vendor": vendor, "trade": {"id": 2, "name": "B"}}),
        ),
    ];
    assert_eq!(found(&evidence(&fine), gather::DISCREPANCY), Vec::<String>::new());
}

#[test]
fn risks_come_at_their_threshold_and_not_before() {
    use LogFamily::{Accident, Delay, Manpower, Weather};
    let pending = json!({"duration": 9, "status": "pending"});
    let table: Vec<(Rows, Vec<&str>)> = vec![
        (vec![(Delay, json!({"duration": "3.999"}))], vec![]),
        (vec![(Delay, pending)], vec![]),
        (
            vec![(Delay, json!({"duration": "2.5"})), (Delay, json!({"duration": "1.5"}))],
            vec!["Delays of 4 hours in all may affect the work named in them (threshold: 4 hours)."],
        ),
        (vec![(Weather, json!({"wind": "Light Wind", "temperature": "Cold"}))], vec![]),
        (
            vec![(Weather, json!({"wind": "high wind"}))],
            vec![
                "weather entry 1: wind recorded as High Wind may affect the work of the day (threshold: wind recorded as High Wind).",
            ],
        ),
        (vec![(Manpower, json!({"num_workers": 4, "num_hours": "9.99"}))], vec![]),
        (
            vec![(Manpower, json!({"num_workers": 4, "num_hours": "10"}))],
            vec![
                "8 of 40 hours worked are beyond 8 hours a worker; this may need attention (threshold: 20 percent of the hours).",
            ],
        ),
        (
            vec![(Accident, json!({"time_hour": 9}))],
            vec!["accident entry 1: may need follow-up (threshold: any accident recorded)."],
        ),
    ];
    for (rows, expected) in table {
        assert_eq!(found(&evidence(&rows), gather::RISK), expected);
    }
}

#[test]
fn people_who_were_hurt_have_no_name_here() {
    let rows = [
        (
            LogFamily::Accident,
            json!({"involved_name": "Rodrigo  O'Brien-Vant", "involved_company": "Secretcorp", "time_hour": 14,
                "comments": "Cut his hand, SECRETDETAIL", "vendor": {"id": 3, "name": "Secretcorp"}}),
        ),
        (
            LogFamily::Note,
            json!({"comment": "RODRIGO left at noon; Mr. Vant too; o'brien\u{200B}-vant; Rodrigo_2."}),
        ),
        (
            LogFamily::Manpower,
            json!({"num_workers": 1, "num_hours": 8, "vendor": {"id": 9, "name": "Vant Electric"}}),
        ),
        (LogFamily::Equipment, json!({"equipment": {"id": 1, "name": "Rodrigo's lift"}, "hours_idle": 1})),
        (LogFamily::Visitor, json!({"subject": "Vantage Corp"})),
    ];
    let evidence = evidence(&rows);
    let shown = evidence.render().to_lowercase();
    for secret in ["rodrigo", "brien", "vant electric", " vant ", "secret"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(shown.contains("vantage corp"), "another word is another word");
    assert!(shown.contains("time: 14:00") && evidence.flags.contains(&"pii_removed".to_owned()));
}

fn rows() -> Rows {
    vec![
        (
            LogFamily::Manpower,
            json!({"num_workers": 6, "num_hours": "8.0", "notes": "Slab preparation.", "vendor": {"id": 7, "name": "Terra"}}),
        ),
        (
            LogFamily::Delay,
            json!({"delay_type": "Crane", "start_time_hour": 7, "end_time_hour": 11, "comments": "No fault of ours, entitled to time."}),
        ),
    ]
}

fn answer(change: impl FnOnce(&mut Value)) -> Answer {
    let mut answer = json!({
        "outcome": "draft",
        "headline": "6 workers worked 48 hours.",
        "sections": {
            "weather": [], "work": [], "deliveries": [], "quantities": [], "inspections": [], "equipment": [],
            "safety": [], "visitors": [],
            "manpower": [{"text": "Terra had 6 workers.", "evidence": [{"h": "L1", "quote": "Workers: 6 Hours each: 8.0"}]}],
            "delays": [{"text": "The delay was 4 hours.", "evidence": [{"h": "C2", "quote": "4 hours (240 minutes)"}]}],
        },
        "notes": [{"text": "The crane may be needed again.", "about": {"h": "C3", "quote": "Delays of 4 hours in all may affect"}}],
        "flags": [],
        "confidence": "high",
    });
    change(&mut answer);
    serde_json::from_value(answer).unwrap()
}

fn kept(answer: Answer, evidence: &Evidence) -> (Answer, Vec<String>) {
    let rules = Rules { forbidden: FORBIDDEN, prompt: "", fence: "", ..Rules::default() };
    let findings: Vec<_> = DailyLogSummary::statements(&answer, evidence)
        .iter()
        .flat_map(|statement| gate::check(statement, evidence, &rules))
        .collect();
    let refused: Vec<String> = findings.iter().map(|finding| finding.field.clone()).collect();
    (
        DailyLogSummary::keep(answer, &refused, evidence),
        findings.into_iter().map(|finding| finding.rule).collect(),
    )
}

#[test]
fn the_model_says_what_stands_there_and_nothing_else() {
    let evidence = evidence(&rows());
    let (good, findings) = kept(answer(|_| ()), &evidence);
    assert_eq!((good, findings), (answer(|_| ()), vec![]));

    type Change = fn(&mut Value);
    let table: [(&str, Change, Change); 9] = [
        (
            "number_not_in_source",
            |a| a["headline"] = json!("7 workers worked 48 hours."),
            |a| a["headline"] = json!(""),
        ),
        (
            // Stated by an entry, but the headline rests on what was computed.
            "time_not_in_source",
            |a| a["headline"] = json!("It began at 07:00."),
            |a| a["headline"] = json!(""),
        ),
        (
            "number_not_in_source",
            |a| a["sections"]["manpower"][0]["text"] = json!("Terra had 6 workers, 48 hours."),
            |a| a["sections"]["manpower"] = json!([]),
        ),
        (
            "forbidden_language",
            |a| a["sections"]["delays"][0]["text"] = json!("The 4 hours are excusable."),
            |a| a["sections"]["delays"] = json!([]),
        ),
        (
            "forbidden_language",
            |a| a["sections"]["manpower"][0]["text"] = json!("Normal progress."),
            |a| a["sections"]["manpower"] = json!([]),
        ),
        (
            "no_citation",
            |a| a["sections"]["manpower"][0]["evidence"] = json!([]),
            |a| a["sections"]["manpower"] = json!([]),
        ),
        ("", |a| a["notes"][0]["text"] = json!("The crane will be late."), |a| a["notes"] = json!([])),
        (
            "",
            |a| a["notes"][0]["about"] = json!({"h": "L2", "quote": "Kind: Crane Start: 07:00"}),
            |a| a["notes"] = json!([]),
        ),
        (
            "",
            |a| a["sections"]["manpower"][0] = json!({"text": "Recorded.", "evidence": [{"h": "R1", "quote": "Section manpower: recorded"}]}),
            |a| a["sections"]["manpower"] = json!([]),
        ),
    ];
    for (rule, change, left) in table {
        let (kept, findings) = kept(answer(change), &evidence);
        let mut expected = answer(left);
        expected.confidence = kept.confidence;
        assert_eq!(kept, expected, "{rule}");
        assert_eq!(findings.first().map(String::as_str).unwrap_or_default(), rule);
    }
}

#[test]
fn totals_stand_in_the_draft_whatever_the_model_said() {
    let log = super::DayLog { day: day(&rows()), thresholds: Thresholds::default().into() };
    let evidence = evidence(&rows());
    let nothing = answer(|a| {
        a["sections"]["manpower"] = json!([]);
        a["sections"]["delays"] = json!([]);
    });
    let (nothing, _) = kept(nothing, &evidence);
    assert!(nothing.abstains());
    for (answer, words) in [
        (nothing, "Totals of daily log 2026-06-03"),
        (answer(|_| ()), "Draft summary of daily log 2026-06-03"),
    ] {
        let text = DailyLogSummary::text(&answer, &log, &evidence);
        assert_eq!(text.title, words);
        for line in [
            "- Manpower in all (counted, 1 entry): 6 workers, 48 hours worked.",
            "- Delays in all (counted, 1 entry): 4 hours (240 minutes).",
            "WEATHER\nNot recorded.",
            "SAFETY\nNot recorded.",
            "(threshold: 4 hours).",
        ] {
            assert!(text.body.contains(line), "{line}: {}", text.body);
        }
        let rules = Rules { forbidden: FORBIDDEN, prompt: "", fence: "x", ..Rules::default() };
        assert_eq!(gate::check_finished(&text.body, &rules), Vec::<String>::new());
    }
    // What an entry says about fault is not repeated.
    let quoting = answer(|a| {
        a["sections"]["delays"][0]["evidence"] = json!([{"h": "C2", "quote": "4 hours (240 minutes)"}, {"h": "L2", "quote": "No fault of ours, entitled to time."}]);
    });
    let text = DailyLogSummary::text(&quoting, &log, &evidence);
    assert!(
        !text.body.contains("No fault") && text.body.contains("delay entry 1: see there"),
        "{}",
        text.body
    );
}

//! Totals against a computation of their own: thousandths as whole numbers, over days made at random.

use procore::daily_logs::LogFamily;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{delays, labour, material, number as numbers, sheet::Sheet},
    day, evidence,
};

/// A number as a log may state it, and what it is in thousandths: none where it does not count.
#[derive(Clone, Debug)]
struct Number {
    text: Value,
    thousandths: Option<i128>,
    stated: bool,
}

fn number() -> impl Strategy<Value = Number> {
    let plain = (0_i128..40_000_000).prop_map(|n| Number {
        text: json!(format!("{}.{:03}", n / 1000, n % 1000)),
        thousandths: Some(n),
        stated: true,
    });
    let whole = (0_i128..5_000).prop_map(|n| Number {
        text: json!(n as i64),
        thousandths: Some(n * 1000),
        stated: true,
    });
    let grouped = (1_i128..999, 0_i128..999).prop_map(|(a, b)| Number {
        text: json!(format!("{a},{b:03}.5")),
        thousandths: Some((a * 1000 + b) * 1000 + 500),
        stated: true,
    });
    let negative = (1_i128..40_000).prop_map(|n| Number {
        text: json!(format!("-{}.{:03}", n / 1000, n % 1000)),
        thousandths: None,
        stated: true,
    });
    let odd = prop::sample::select(vec!["about 8", "8,5", "1e3", "..", "8h"]);
    let odd = odd.prop_map(|text| Number { text: json!(text), thousandths: None, stated: true });
    let missing = prop::sample::select(vec![Value::Null, json!("")]);
    let missing = missing.prop_map(|text| Number { text, thousandths: None, stated: false });
    prop_oneof![6 => plain, 2 => whole, 1 => grouped, 1 => negative, 1 => odd, 2 => missing]
}

#[derive(Clone, Debug)]
struct Crew {
    workers: Option<i128>,
    each: Number,
    together: Number,
    company: i64,
    pending: bool,
}

fn crew() -> impl Strategy<Value = Crew> {
    let workers = prop_oneof![4 => (0_i128..60).prop_map(Some), 1 => Just(None)];
    (workers, number(), number(), 1_i64..6, prop::bool::weighted(0.2)).prop_map(
        |(workers, each, together, company, pending)| Crew { workers, each, together, company, pending },
    )
}

impl Crew {
    fn row(&self) -> Value {
        // A negative count is no count: the client reads none.
        json!({
            "num_workers": self.workers.map_or(json!(-3), |workers| json!(workers as i64)),
            "num_hours": self.each.text,
            "man_hours": self.together.text,
            "vendor": {"id": self.company, "name": format!("Company {}", self.company)},
            "status": if self.pending { "pending" } else { "approved" },
        })
    }

    /// Workers, hours and overtime in thousandths, worked out apart from the code's decimals.
    fn adds(&self) -> (i128, i128, i128) {
        let product = self.workers.zip(self.each.thousandths).map(|(workers, each)| workers * each);
        let hours = if self.together.stated { self.together.thousandths } else { product };
        let beyond = self.each.thousandths.map_or(0, |each| (each - 8_000).max(0));
        let overtime = if hours.is_some() { self.workers.unwrap_or(0) * beyond } else { 0 };
        (self.workers.unwrap_or(0) * 1000, hours.unwrap_or(0), overtime)
    }
}

/// `12345` thousandths as a draft would show them.
fn shown(thousandths: i128) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn plural(amount: &str, one: &str) -> String {
    if amount == "1" { format!("1 {one}") } else { format!("{amount} {one}s") }
}

fn sum<'c>(crews: impl Iterator<Item = &'c Crew>) -> (String, String, String) {
    let (a, b, c) =
        crews.map(Crew::adds).fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
    (shown(a), shown(b), shown(c))
}

fn words(labour: &labour::Labour) -> (String, String, String) {
    let shown = numbers::shown;
    (shown(labour.workers), shown(labour.hours), shown(labour.overtime))
}

#[derive(Clone, Debug)]
struct Stop {
    times: Option<(u32, u32)>,
    duration: Number,
    pending: bool,
}

fn stop() -> impl Strategy<Value = Stop> {
    (prop::option::of((0_u32..1440, 0_u32..1440)), number(), prop::bool::weighted(0.2))
        .prop_map(|(times, duration, pending)| Stop { times, duration, pending })
}

impl Stop {
    fn row(&self) -> Value {
        let mut row = json!({"duration": self.duration.text, "status": if self.pending { "pending" } else { "approved" }});
        if let Some((start, end)) = self.times {
            row["start_time_hour"] = json!(start / 60);
            row["start_time_minute"] = json!(start % 60);
            row["end_time_hour"] = json!(end / 60);
            row["end_time_minute"] = json!(end % 60);
        }
        row
    }

    /// Thousandths of minutes.
    fn adds(&self) -> i128 {
        match self.times {
            Some((start, end)) if start != end => i128::from((end + 1440 - start) % 1440) * 1000,
            _ => self.duration.thousandths.unwrap_or(0) * 60,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn hours_agree_with_a_computation_of_their_own(crews in prop::collection::vec(crew(), 1..=200)) {
        let rows: Vec<_> = crews.iter().map(|crew| (LogFamily::Manpower, crew.row())).collect();
        let day = day(&rows);
        let tally = labour::manpower(&Sheet::of(&day), 8.into());
        prop_assert_eq!(words(&tally.all.counted), sum(crews.iter().filter(|crew| !crew.pending)));
        prop_assert_eq!(words(&tally.all.pending), sum(crews.iter().filter(|crew| crew.pending)));
        for (name, sums) in tally.by_name() {
            let own = |pending| crews.iter().filter(move |crew| crew.pending == pending && name == format!("Company {}", crew.company));
            prop_assert_eq!(words(&sums.counted), sum(own(false)));
            prop_assert_eq!(words(&sums.pending), sum(own(true)));
        }
        // And what the reviewer reads is that sum.
        let told = evidence(&rows).rows.into_iter().find(|row| row.label == "computed, manpower").unwrap().text;
        if tally.all.counted.entries > 0 {
            let (workers, hours, overtime) = words(&tally.all.counted);
            let stated = crews.iter().any(|crew| !crew.pending && crew.workers.is_some());
            let people = if stated { plural(&workers, "worker") } else { "workers not stated".to_owned() };
            let beyond = if overtime == "0" { String::new() } else { format!(", of which {} beyond 8 hours a worker", plural(&overtime, "hour")) };
            let line = format!("): {people}, {} worked{beyond}.", plural(&hours, "hour"));
            prop_assert!(told.lines().next().unwrap().ends_with(&line), "{}", told);
        }
    }

    #[test]
    fn delays_quantities_and_machines_agree_too(
        stops in prop::collection::vec(stop(), 0..=100),
        amounts in prop::collection::vec((number(), 0_usize..3, 0_usize..3), 0..=100),
        machines in prop::collection::vec((number(), number()), 0..=50),
    ) {
        const UNITS: [&str; 3] = ["CY", "LF", "EA"];
        const WHAT: [&str; 3] = ["Concrete", "Pipe", "Doors"];
        let mut rows: Vec<_> = stops.iter().map(|stop| (LogFamily::Delay, stop.row())).collect();
        rows.extend(amounts.iter().map(|(amount, unit, what)| {
            (LogFamily::Quantity, json!({"quantity": amount.text, "unit": UNITS[*unit], "description": WHAT[*what]}))
        }));
        rows.extend(machines.iter().map(|(on, idle)| {
            (LogFamily::Equipment, json!({"hours_operating": on.text, "hours_idle": idle.text, "equipment": {"id": 1, "name": "Crane"}}))
        }));
        let day = day(&rows);
        let sheet = Sheet::of(&day);
        let all = delays::totals(&sheet).all;
        let minutes = |pending: bool| shown(stops.iter().filter(|stop| stop.pending == pending).map(Stop::adds).sum());
        prop_assert_eq!(numbers::shown(all.counted.minutes), minutes(false));
        prop_assert_eq!(numbers::shown(all.pending.minutes), minutes(true));

        let quantities = material::quantities(&sheet);
        for (unit, unit_name) in UNITS.iter().enumerate() {
            for (what, what_name) in WHAT.iter().enumerate() {
                let own: Vec<_> = amounts.iter().filter(|(_, u, w)| (*u, *w) == (unit, what)).collect();
                let name = format!("{unit_name} of {what_name}");
                let sum = quantities.by_name().find(|(known, _)| *known == name).map(|(_, sums)| numbers::shown(sums.counted.sum));
                let expected = shown(own.iter().map(|(amount, ..)| amount.thousandths.unwrap_or(0)).sum());
                prop_assert_eq!(sum, (!own.is_empty()).then_some(expected));
            }
        }
        let crane = material::machines(&sheet).all.counted;
        let of = |pick: fn(&(Number, Number)) -> &Number| shown(machines.iter().map(|m| pick(m).thousandths.unwrap_or(0)).sum());
        prop_assert_eq!(numbers::shown(crane.operating), of(|m| &m.0));
        prop_assert_eq!(numbers::shown(crane.idle), of(|m| &m.1));
    }
}

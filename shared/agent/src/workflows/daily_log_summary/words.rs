//! What the log's families and entries are called, and an entry in plain words. Never the names, companies or
//! circumstances of people who were hurt.

use procore::daily_logs::{Details, LogFamily, Named};

use super::clock;

/// A family, in words a draft may hold: one of the vendor's own names may not stand there.
pub(super) fn family(family: LogFamily) -> &'static str {
    match family {
        LogFamily::Accident => "accident",
        LogFamily::Call => "telephone call",
        LogFamily::ConstructionReport => "construction report",
        LogFamily::Delay => "delay",
        LogFamily::Delivery => "delivery",
        LogFamily::Dumpster => "dumpster",
        LogFamily::Equipment => "equipment",
        LogFamily::Inspection => "inspection",
        LogFamily::Manpower => "manpower",
        LogFamily::Note => "note",
        LogFamily::PlanRevision => "plan revision",
        LogFamily::Productivity => "productivity",
        LogFamily::Quantity => "quantity",
        LogFamily::SafetyViolation => "safety notice",
        LogFamily::ScheduledWork => "scheduled work",
        LogFamily::Visitor => "visitor",
        LogFamily::Waste => "waste",
        LogFamily::Weather => "weather",
    }
}

/// The fields of an entry that have something in them, each on a line of its own.
#[derive(Default)]
struct Fields(String);

impl Fields {
    fn put(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            self.0.push_str(&format!("{name}: {value}\n"));
        }
    }

    fn number(&mut self, name: &str, value: Option<u32>) {
        self.put(name, value.map(|value| value.to_string()).as_deref());
    }

    fn named(&mut self, name: &str, value: Option<&Named>) {
        self.put(name, value.map(|value| value.name.as_str()));
    }

    fn span(&mut self, start: (Option<u32>, Option<u32>), end: (Option<u32>, Option<u32>)) {
        self.put("Start", clock::time(start.0, start.1).as_deref());
        self.put("End", clock::time(end.0, end.1).as_deref());
    }
}

/// What an entry says, as stated: not yet clean.
pub(super) fn text(details: &Details) -> String {
    let mut fields = Fields::default();
    match details {
        Details::Accident(it) => {
            fields.put("Time", clock::time(it.hour, it.minute).as_deref());
            fields.put("Accident", Some("recorded; who was involved and what happened is not shown here"));
        }
        Details::Call(it) => {
            fields.put("From", it.from.as_deref());
            fields.put("To", it.to.as_deref());
            fields.put("Time", clock::time(it.start_hour, it.start_minute).as_deref());
            fields.put("Description", Some(&it.description));
        }
        Details::ConstructionReport(it) => {
            fields.named("Trade", it.trade.as_ref());
            for (name, workers, hours) in super::labour::grades(it) {
                fields.number(name, workers);
                fields.put(&format!("{name}, hours"), hours);
            }
            fields.put("Notes", Some(&it.notes));
        }
        Details::Delay(it) => {
            fields.put("Kind", it.kind.as_deref());
            fields.put("Duration", it.duration.as_deref());
            fields.span((it.start_hour, it.start_minute), (it.end_hour, it.end_minute));
            fields.put("Comments", Some(&it.comments));
        }
        Details::Delivery(it) => {
            fields.put("Contents", Some(&it.contents));
            fields.put("From", it.from.as_deref());
            fields.put("Time", clock::time(it.hour, it.minute).as_deref());
            fields.put("Tracking number", it.tracking_number.as_deref());
            fields.put("Comments", Some(&it.comments));
        }
        Details::Dumpster(it) => {
            fields.number("Dumpsters delivered", it.delivered);
            fields.number("Dumpsters removed", it.removed);
            fields.put("Comments", Some(&it.comments));
        }
        Details::Equipment(it) => {
            fields.named("Equipment", it.equipment.as_ref());
            fields.put("Hours operating", it.hours_operating.as_deref());
            fields.put("Hours idle", it.hours_idle.as_deref());
            fields.put("Inspected", Some(if it.inspected { "yes" } else { "not recorded" }));
            fields.put("Notes", Some(&it.notes));
        }
        Details::Inspection(it) => {
            fields.put("Inspection", it.kind.as_deref());
            fields.put("Inspecting entity", it.entity.as_deref());
            fields.put("Inspector", it.inspector.as_deref());
            fields.put("Area", it.area.as_deref());
            fields.span((it.start_hour, it.start_minute), (it.end_hour, it.end_minute));
            fields.put("Comments", Some(&it.comments));
        }
        Details::Manpower(it) => {
            fields.number("Workers", it.workers);
            fields.put("Hours each", it.hours_each.as_deref());
            fields.put("Man-hours", it.hours.as_deref());
            fields.named("Trade", it.trade.as_ref());
            fields.named("Cost code", it.cost_code.as_ref());
            fields.put("Notes", Some(&it.notes));
        }
        Details::Note(it) => {
            fields.put("Note", Some(&it.comment));
            fields.put("Marks an issue", it.is_issue_day.then_some("yes"));
        }
        Details::PlanRevision(it) => {
            fields.put("Plan", it.plan_number.as_deref());
            fields.put("Revision", it.revision.as_deref());
            fields.put("Title", Some(&it.title));
            fields.put("Comments", Some(&it.comments));
        }
        Details::Productivity(it) => {
            fields.put("Line item", it.line_item.as_deref());
            fields.put("Delivered", it.delivered.as_deref());
            fields.put("Used", it.used.as_deref());
            fields.put("Notes", Some(&it.notes));
        }
        Details::Quantity(it) => {
            fields.put(
                "Quantity",
                it.quantity
                    .as_deref()
                    .map(|amount| format!("{amount} {}", it.unit.as_deref().unwrap_or_default()))
                    .as_deref(),
            );
            fields.put("Description", Some(&it.description));
            fields.named("Cost code", it.cost_code.as_ref());
        }
        Details::SafetyViolation(it) => {
            fields.put("Subject", Some(&it.subject));
            fields.put("Notice", it.safety_notice.as_deref());
            fields.put("To be put right by", it.compliance_due.map(|day| day.to_string()).as_deref());
        }
        Details::ScheduledWork(it) => {
            fields.put("Scheduled", it.resource_name.as_deref());
            fields.put("Came", Some(if it.showed { "yes" } else { "no" }));
            fields.number("Workers", it.workers);
            fields.put("Hours", it.hours.as_deref());
            fields.put("Comments", Some(&it.comments));
        }
        Details::Visitor(it) => {
            fields.put("Visitor", Some(&it.subject));
            fields.put("Details", Some(&it.details));
            fields.span((it.begin_hour, it.begin_minute), (it.end_hour, it.end_minute));
        }
        Details::Waste(it) => {
            fields.put("Material", it.material.as_deref());
            fields.put("Approximate quantity", it.quantity.as_deref());
            fields.put("Disposal", it.method.as_deref());
            fields.put("Place", it.place.as_deref());
            fields.put("Description", Some(&it.description));
        }
        Details::Weather(it) => {
            fields.put("Sky", it.sky.as_deref());
            fields.put("Temperature", it.temperature.as_deref());
            fields.put("Average", it.average.as_deref());
            fields.put("Wind", it.wind.as_deref());
            fields.put("Ground", it.ground.as_deref());
            fields.put("Precipitation", it.precipitation.as_deref());
            fields.put("Calamity", it.calamity.as_deref());
            fields.put("Comments", Some(&it.comments));
        }
    }
    fields.0
}

//! Quantities, machines and waste. Pure and exact; units are those the log states, never converted.

use procore::daily_logs::Details;
use rust_decimal::Decimal;

use super::{
    number::stated,
    sheet::{Named, Sheet},
    tally::Tally,
};

/// A sum of stated amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    /// Entries.
    pub(super) entries: u32,
    /// The sum.
    pub(super) sum: Decimal,
}

impl Amount {
    fn add(&mut self, amount: Option<Decimal>) {
        self.entries = self.entries.saturating_add(1);
        self.sum += amount.unwrap_or_default();
    }
}

/// Hours of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MachineHours {
    /// Entries.
    pub(super) entries: u32,
    /// Hours it ran.
    pub(super) operating: Decimal,
    /// Hours it stood.
    pub(super) idle: Decimal,
}

/// Quantities put in place, by what (cost code, or else description) and unit.
pub(super) fn quantities(sheet: &Sheet<'_>) -> Tally<Amount> {
    let mut tally = Tally::default();
    for line in &sheet.lines {
        if let Details::Quantity(entry) = &line.entry.details {
            let code = entry
                .cost_code
                .as_ref()
                .map(|code| code.name.as_str())
                .filter(|name| !name.trim().is_empty());
            let what = sheet.named(code.or(Some(&entry.description)), "nothing stated");
            let mut unit = sheet.named(entry.unit.as_deref(), "no unit stated");
            if unit.is_withheld() {
                unit.name = "(unit withheld)".to_owned();
            }
            // The unit stands first in the name: an amount is shown before it.
            let name = Named {
                key: format!("{}\u{0}{}", unit.key, what.key),
                name: format!("{} of {}", unit.name, what.name),
            };
            let amount = stated(entry.quantity.as_deref()).value();
            tally.add(&name, line.pending, |sum: &mut Amount| sum.add(amount));
        }
    }
    tally
}

/// Waste by material. Its unit is not stated.
pub(super) fn waste(sheet: &Sheet<'_>) -> Tally<Amount> {
    let mut tally = Tally::default();
    for line in &sheet.lines {
        if let Details::Waste(entry) = &line.entry.details {
            let material = sheet.named(entry.material.as_deref(), "no material stated");
            let amount = stated(entry.quantity.as_deref()).value();
            tally.add(&material, line.pending, |sum: &mut Amount| sum.add(amount));
        }
    }
    tally
}

/// Machines' hours by machine.
pub(super) fn machines(sheet: &Sheet<'_>) -> Tally<MachineHours> {
    let mut tally = Tally::default();
    for line in &sheet.lines {
        if let Details::Equipment(entry) = &line.entry.details {
            let machine = entry.equipment.as_ref().map(|machine| machine.name.as_str());
            let machine = sheet.named(machine, "equipment without a name");
            let operating = stated(entry.hours_operating.as_deref()).value().unwrap_or_default();
            let idle = stated(entry.hours_idle.as_deref()).value().unwrap_or_default();
            tally.add(&machine, line.pending, |sum: &mut MachineHours| {
                sum.entries = sum.entries.saturating_add(1);
                sum.operating += operating;
                sum.idle += idle;
            });
        }
    }
    tally
}

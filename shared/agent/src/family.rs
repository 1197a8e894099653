//! Kinds of records that share a queue and its workers, so that a flood of one kind keeps no other waiting.

use crate::event::Resource;

/// One family of workflows: what is deployed with a queue and a router of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// RFIs, asked and answered.
    Rfi,
    /// Submittals.
    Submittal,
    /// Entries and days of the daily log.
    DailyLog,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rfi, Self::Submittal, Self::DailyLog];

    /// Its name in settings, names of queues and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfi => "rfi",
            Self::Submittal => "submittal",
            Self::DailyLog => "daily_log",
        }
    }

    /// Which one works on such a record; `None` for what no workflow listens to.
    pub const fn of(resource: &Resource) -> Option<Self> {
        match resource {
            Resource::Rfi => Some(Self::Rfi),
            Resource::Submittal => Some(Self::Submittal),
            Resource::DailyLog(_) | Resource::Day => Some(Self::DailyLog),
            Resource::Other(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflows::WorkflowId;

    #[test]
    fn every_workflow_has_its_family_and_every_family_a_workflow() {
        let mut served: Vec<Family> = WorkflowId::all()
            .iter()
            .flat_map(|workflow| {
                let families: Vec<_> =
                    workflow.triggers().iter().map(|trigger| Family::of(&trigger.resource)).collect();
                assert!(families.iter().all(|family| *family == families[0]), "{}", workflow.name());
                families
            })
            .map(|family| family.expect("a workflow listens to it"))
            .collect();
        served.sort();
        served.dedup();
        assert_eq!(served, Family::ALL);
    }
}

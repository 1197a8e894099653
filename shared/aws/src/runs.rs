//! Stories of runs: kept by day, told newest first.

use agent::record::RunRecord;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{
    DynamoLedger, Error,
    attributes::{string_of, text},
    error::failed,
    items::{RUN_LIFE, day_of, run_partition, run_sort_keys},
};

/// Days searched at once.
const AT_ONCE: usize = 4;

impl DynamoLedger {
    pub(crate) async fn latest_runs(&self, limit: usize) -> Result<Vec<RunRecord>, Error> {
        let mut runs = Vec::new();
        for day in self.days() {
            let left = limit.saturating_sub(runs.len());
            if left == 0 {
                break;
            }
            let query = self.day(day).limit(i32::try_from(left).unwrap_or(i32::MAX));
            runs.extend(self.read_runs(query, left, |run| run).await?);
        }
        Ok(runs)
    }

    /// Runs since a moment, without their texts. A read unit for each 4 KB, as for all that look at many runs.
    pub(crate) async fn later_runs(&self, since: Timestamp, limit: usize) -> Result<Vec<RunRecord>, Error> {
        let first = day_of(since);
        let mut runs = Vec::new();
        for day in self.days().into_iter().take_while(|day| *day >= first) {
            let left = limit.saturating_sub(runs.len());
            if left == 0 {
                break;
            }
            runs.extend(self.read_runs(self.day(day), left, RunRecord::without_texts).await?);
        }
        runs.retain(|run: &RunRecord| run.started_at >= since);
        Ok(runs)
    }

    /// A run's id tells when it began: one small read. For an event every run of the last thirty days is read, at a read
    /// unit for each 4 KB (a run is 20 to 100 KB): a question of an operator, not of a program.
    pub(crate) async fn runs_of(&self, id: &str) -> Result<Vec<RunRecord>, Error> {
        if let Some(began) = beginning_of(id) {
            let (from, to) = run_sort_keys(began);
            let query = self
                .client
                .query()
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":pk", text(run_partition(day_of(began))))
                .expression_attribute_values(":from", text(from))
                .expression_attribute_values(":to", text(to));
            let mut runs = self.read_runs(query, usize::MAX, |run| run).await?;
            runs.retain(|run| run.id == id);
            if !runs.is_empty() {
                return Ok(runs);
            }
        }
        let name = serde_json::to_string(id).map_err(|_| Error::Unwritable { what: "name" })?;
        let days = self.days().into_iter().map(|day| {
            let query = self
                .day(day)
                .filter_expression("contains(#json, :run) OR contains(#json, :event)")
                .expression_attribute_names("#json", "json")
                .expression_attribute_values(":run", text(format!("\"id\":{name}")))
                .expression_attribute_values(":event", text(format!("\"event_id\":{name}")));
            self.read_runs(query, usize::MAX, |run| run)
        });
        let days: Vec<Vec<RunRecord>> = stream::iter(days).buffered(AT_ONCE).try_collect().await?;
        // The filter may let through a run that has these words somewhere else.
        Ok(days.into_iter().flatten().filter(|run| run.id == id || run.event_id == id).collect())
    }

    /// The days of which runs are kept, newest first. From tomorrow: the clock of another worker may be ahead of ours.
    fn days(&self) -> Vec<Date> {
        let now = (self.clock)();
        let last = day_of(self.oldest_run());
        let first = day_of(now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now));
        std::iter::successors(Some(first), |day| day.yesterday().ok())
            .take_while(|day| *day >= last)
            .collect()
    }

    fn oldest_run(&self) -> Timestamp {
        (self.clock)().checked_sub(RUN_LIFE).unwrap_or(Timestamp::MIN)
    }

    fn day(&self, day: Date) -> QueryFluentBuilder {
        self.client
            .query()
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(run_partition(day)))
    }

    /// The first `limit` runs a query finds, newest first. What is too old is not told, whether or not it is still there.
    /// `keep` says what of each is kept.
    async fn read_runs(
        &self,
        query: QueryFluentBuilder,
        limit: usize,
        keep: fn(RunRecord) -> RunRecord,
    ) -> Result<Vec<RunRecord>, Error> {
        let query = query.table_name(&self.table).consistent_read(true).scan_index_forward(false);
        let mut items = query.into_paginator().items().send();
        let mut runs = Vec::new();
        while runs.len() < limit
            && let Some(item) = items.next().await
        {
            let item = item.map_err(|error| failed("DynamoDB Query", &error))?;
            match serde_json::from_str::<RunRecord>(string_of(item.get("json"))) {
                Ok(run) => runs.push(keep(run)),
                // A story for people, written by another version of the program: the others stay readable.
                Err(error) => {
                    let error = Error::unreadable("run", &error);
                    tracing::warn!(%error, "left out of the list of runs");
                }
            }
        }
        let oldest = self.oldest_run();
        runs.retain(|run| run.started_at >= oldest);
        Ok(runs)
    }
}

/// When the run with this id began, to the millisecond; `None` if it is no run's id. They are
/// `{event id}-{milliseconds since 1970, in hex}-{8 hex digits}`, and an event's id may hold hyphens.
fn beginning_of(id: &str) -> Option<Timestamp> {
    let mut parts = id.rsplitn(3, '-');
    let random = parts.next()?;
    let began_ms = i64::from_str_radix(parts.next()?, 16).ok()?;
    parts.next()?;
    let is_hex = random.len() == 8 && random.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { Timestamp::from_millisecond(began_ms).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runs_id_tells_when_it_began() {
        let began = |id: &str| beginning_of(id).map(|at| at.as_millisecond());
        let table = [
            ("01J0-1a0e4a3c1a8-0badc0de", Some(0x1a0_e4a3_c1a8)),
            ("a-b-c-1a0e4a3c1a8-0badc0de", Some(0x1a0_e4a3_c1a8)),
            ("-1-00000000", Some(1)),
            ("1-00000000", None),
            ("01J0-1a0e4a3c1a8-0badc0d", None),
            ("01J0-1a0e4a3c1a8-0badc0dg", None),
            ("01J0-now-0badc0de", None),
            ("01J0-7fffffffffffffff-0badc0de", None),
            ("01J0", None),
            ("", None),
        ];
        for (id, expected) in table {
            assert_eq!(began(id), expected, "{id}");
        }
    }
}

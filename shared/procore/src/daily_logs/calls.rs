//! Calls about daily logs.

use jiff::civil::Date;
use serde_json::Value;

use super::days::LogDays;
use super::entry::LogEntry;
use super::family::{Endpoint, LogFamily};
use super::header::{LogCount, LogHeader};
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{LogEntryId, ProjectId};
use crate::versions::newer_or_older;

impl Procore {
    /// The entries of a family on these days, pending and rejected ones included where the family's list can be
    /// asked for them; see [`LogEntry::is_approved`]. Procore docs: it takes Admin to see all of them; others see
    /// approved ones, collaborators their own.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn log_entries(
        &self,
        project: ProjectId,
        family: LogFamily,
        days: impl Into<LogDays>,
    ) -> Result<Vec<LogEntry>, Error> {
        let days = days.into();
        let newer = self.log_rows(project, family.endpoint(), days);
        let rows = match family.older_endpoint() {
            Some(older) => newer_or_older(newer, self.log_rows(project, older, days)).await?,
            None => newer.await?,
        };
        let entries: Vec<LogEntry> = rows.iter().filter_map(|row| LogEntry::read(family, row)).collect();
        let left_out = rows.len().saturating_sub(entries.len());
        if left_out > 0 {
            tracing::warn!(path = family.as_str(), left_out, "rows of a list could not be read");
        }
        Ok(entries)
    }

    /// One entry of a family; `None` if what is shown has no id.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn log_entry(
        &self,
        project: ProjectId,
        family: LogFamily,
        entry: LogEntryId,
    ) -> Result<Option<LogEntry>, Error> {
        let shown = |endpoint: Endpoint| {
            let Endpoint { version, path, .. } = endpoint;
            let call = Call::get(format!("/rest/{version}/projects/{project}/{path}/{entry}"));
            async { self.send(call).await?.one::<Value>() }
        };
        let newer = shown(family.endpoint());
        let row = match family.older_endpoint() {
            Some(older) => newer_or_older(newer, shown(older)).await?,
            None => newer.await?,
        };
        Ok(LogEntry::read(family, &row))
    }

    async fn log_rows(
        &self,
        project: ProjectId,
        endpoint: Endpoint,
        days: LogDays,
    ) -> Result<Vec<Value>, Error> {
        let Endpoint { version, path, takes_status, pages } = endpoint;
        let mut call = days.apply(Call::get(format!("/rest/{version}/projects/{project}/{path}")));
        if takes_status {
            call = call.query("filters[status]", "all");
        }
        if pages { self.pages(call, None).await } else { self.send(call).await?.list() }
    }

    /// How many entries each family has on these days, whatever their status.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn log_counts(
        &self,
        project: ProjectId,
        days: impl Into<LogDays>,
    ) -> Result<Vec<LogCount>, Error> {
        let call = Call::get(format!("/rest/v1.1/projects/{project}/daily_logs/counts"));
        self.pages(days.into().apply(call).query("filters[status]", "all"), None).await
    }

    /// The header of a day.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn log_header(&self, project: ProjectId, day: Date) -> Result<LogHeader, Error> {
        let call = Call::get(format!("/rest/v1.0/projects/{project}/daily_log_headers"));
        self.send(call.query("log_date", day)).await?.one()
    }

    /// The headers of several days, both ends included.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn log_headers(
        &self,
        project: ProjectId,
        first: Date,
        last: Date,
    ) -> Result<Vec<LogHeader>, Error> {
        let call = Call::get(format!("/rest/v1.0/projects/{project}/daily_log_headers/index"));
        self.pages(call.query("start_date", first).query("end_date", last), None).await
    }
}

//! Lists of records changed since the cursor.
//!
//! Asked for in the server's own order: in the order of change, a record that is changed while the list is read moves to
//! its end and takes the place of one on a page not yet read.

use jiff::Timestamp;
use procore::{Error, Procore, ProjectId, RfiFilter, SubmittalFilter};

use super::cursor::{Cursor, Version};
use crate::event::Resource;

/// The RFIs or submittals changed since the cursor: id and time of change. A row that does not say when it changed is
/// left to its webhook.
pub(super) async fn records(
    procore: &Procore,
    project: ProjectId,
    resource: &Resource,
    cursor: &Cursor,
) -> Result<Vec<(i64, Timestamp)>, Error> {
    let updated_since = Some(cursor.since());
    let rows: Vec<(i64, Option<Timestamp>)> = match resource {
        Resource::Rfi => {
            let filter = RfiFilter { updated_since, ..RfiFilter::default() };
            let rows = procore.rfis(project, &filter).await?;
            rows.into_iter().map(|row| (row.id.get(), row.updated_at)).collect()
        }
        Resource::Submittal => {
            let filter = SubmittalFilter { updated_since, ..SubmittalFilter::default() };
            let rows = procore.submittals(project, &filter).await?;
            rows.into_iter().map(|row| (row.id.get(), row.updated_at)).collect()
        }
        Resource::DailyLog(_) | Resource::Day | Resource::Other(_) => Vec::new(),
    };
    Ok(rows.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
}

/// The version of a record, as a cursor knows it.
pub(super) fn version((id, at): (i64, Timestamp)) -> Version {
    (id.to_string(), at)
}

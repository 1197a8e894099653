//! The one note a day to the reviewer of a project whose budget is used up: what was changed since waits, and until when.
//! Put where drafts are put, and nowhere else.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Run,
    carrier::{self, Announced, Placing},
};
use crate::{
    claim::Claim,
    config::ProjectConfig,
    draft::{Draft, MARK, draft_id},
    error::{AMBIGUOUS_WAIT, Error},
    ledger::Ledger,
    workflows::daily_log_summary::clock,
};

/// How far it has come; a note in the ledger.
#[derive(Serialize, Deserialize)]
struct Notice {
    /// When somebody began to write it.
    begun_at: Timestamp,
    /// True once it is there.
    told: bool,
}

impl<L: Ledger> Run<'_, L> {
    /// Tells the reviewer, unless somebody did today. A run does not fail for it: the next one tries again.
    pub(super) async fn tell_over_budget(&self) {
        tracing::error!(
            project_id = self.story.project_id,
            "ALARM: the project's budget for today is used up: its messages wait"
        );
        let row = self.envelope.event.project.and_then(|project| self.ctx.config.project(project));
        if let Some(row) = row.filter(|_| !self.ctx.dry_run)
            && let Err(error) = self.tell_once(row).await
        {
            tracing::warn!(project_id = row.id.get(), %error, "the reviewer was not told of the budget");
        }
    }

    async fn tell_once(&self, row: &ProjectConfig) -> Result<(), Error> {
        let Some(kind) = row.correspondence_type_id else { return Ok(()) };
        let now = (self.ctx.clock)();
        let today = now.to_zoned(TimeZone::UTC).date();
        let name = format!("notice/budget/{}/{today}", row.id);
        let look = self.ctx.ledger.look(&[], &[&name]).await?;
        let version = look.notes.first().map_or(0, |note| note.version);
        let before: Option<Notice> =
            look.notes.first().and_then(|note| serde_json::from_str(&note.text).ok());
        let is_taken = |notice: &Notice| {
            notice.told || notice.begun_at.checked_add(AMBIGUOUS_WAIT).is_ok_and(|until| until > now)
        };
        if before.as_ref().is_some_and(is_taken) || !self.swap(&name, version, now, false).await? {
            return Ok(());
        }

        let announced = Announced { at: now, clock: self.ctx.clock };
        let draft_id = draft_id("budget", row.id.get(), clock::id_of(today));
        let draft = self.notice(row, today, &draft_id);
        let procore = self.sources.procore.posting().until(self.posting_until());
        let items = carrier::Correspondence {
            procore: &procore,
            project: row.id,
            kind,
            service_account: self.ctx.own.service_account,
        };
        // Who began before and did not come to an end may have written it all the same.
        let begun_at = before.as_ref().map_or(now, |notice| notice.begun_at);
        let claim = Claim {
            unsettled: before.map(|_| draft.text_hash()).into_iter().collect(),
            ..Claim::fresh("", begun_at)
        };
        if let Placing::Placed(_) | Placing::TakenOver =
            items.place(&claim, &draft, &draft_id, announced).await?
        {
            self.swap(&name, version.saturating_add(1), now, true).await?;
        }
        Ok(())
    }

    async fn swap(&self, name: &str, version: u64, begun_at: Timestamp, told: bool) -> Result<bool, Error> {
        let text = serde_json::to_string(&Notice { begun_at, told })
            .map_err(|_| Error::Internal("a notice has no JSON"))?;
        Ok(self.ctx.ledger.swap(name, version, &text).await?)
    }

    fn notice(&self, row: &ProjectConfig, today: Date, draft_id: &str) -> Draft {
        let limit =
            Decimal::from(self.ctx.config.budget.micro_usd_per_project_per_day) / Decimal::from(1_000_000);
        Draft {
            title: format!("Note on drafts of {today}: today's budget is used up"),
            body: format!(
                "DRAFT - for review by Procore user {reviewer}. Not issued.\n\n\
                 The budget for drafts of this project, USD {limit:.2} a day, is used up for {today} (UTC). Records changed \
                 from now on are not lost: they are drafted after midnight UTC.\n\n\
                 Whoever runs the installation can raise usd_per_project_per_day in its configuration.\n\n\
                 ---\n{MARK}\ndraft id: {draft_id}\n",
                reviewer = row.reviewer_id,
            ),
        }
    }
}

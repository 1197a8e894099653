//! One private Draft correspondence item for each record, updated in place while it is still as we left it. What a
//! person touched is theirs. Never any other place.

use jiff::{SignedDuration, Timestamp};
use procore::{
    CorrespondenceItem, CorrespondenceItemId, CorrespondenceTypeId, DraftItem, ItemFilter, Procore,
    ProjectId, UserId,
};

use super::{Announced, Placing};
use crate::{
    claim::Claim,
    draft::{Draft, Placed, text_hash},
    error::Error,
};

/// How far the clocks of Procore and of the ledger may be apart when we look for what we wrote. A day is more than any clock
/// that is believed is wrong by.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_hours(25);

/// One project's correspondence of the type for drafts.
pub(in crate::run) struct Correspondence<'a> {
    pub(in crate::run) procore: &'a Procore,
    pub(in crate::run) project: ProjectId,
    pub(in crate::run) kind: CorrespondenceTypeId,
    pub(in crate::run) service_account: UserId,
}

/// What became of our item since we left it.
enum Found {
    /// As we left it, or as an interrupted write of ours left it.
    Ours(CorrespondenceItem),
    /// It already says what we were about to write.
    AsIntended(CorrespondenceItem),
    /// A person touched it.
    Theirs,
    /// There is none.
    None,
}

impl Correspondence<'_> {
    /// True if our item for this record is still ours to update, or there is none yet. Asked before the model is
    /// paid.
    pub(super) async fn is_free(&self, claim: &Claim) -> Result<bool, Error> {
        match left(claim) {
            None => Ok(true),
            Some(left) => Ok(!matches!(self.known(left, claim, None).await?, Found::Theirs)),
        }
    }

    /// Puts the draft there once: an item known from before is updated, a write whose end is unknown is looked for,
    /// and only where neither is the case is a new item made.
    pub(in crate::run) async fn place(
        &self,
        claim: &Claim,
        draft: &Draft,
        draft_id: &str,
        announced: Announced,
    ) -> Result<Placing, Error> {
        let found = match left(claim) {
            Some(left) => self.known(left, claim, Some(draft)).await?,
            None if claim.unsettled.is_empty() => Found::None,
            None => self.search(claim, draft, draft_id).await?,
        };
        let text = DraftItem { title: draft.title.clone(), description: draft.body.clone() };
        match found {
            Found::Theirs => Ok(Placing::TakenOver),
            Found::AsIntended(item) => self.checked(item, false).await,
            Found::Ours(_) | Found::None if announced.is_over() => Ok(Placing::TooLate),
            Found::Ours(item) => {
                match self.procore.update_correspondence_draft(self.project, self.kind, item.id, &text).await
                {
                    Ok(item) => self.checked(item, false).await,
                    // Deleted since the look.
                    Err(error) if error.class() == procore::Class::NotFound => Ok(Placing::TakenOver),
                    Err(error) => Err(error.into()),
                }
            }
            Found::None => {
                match self.procore.create_correspondence_draft(self.project, self.kind, &text).await {
                    Ok(item) if !claim.unsettled.is_empty() => {
                        match self.yield_to_older(item.id, claim, draft_id).await? {
                            None => self.checked(item, true).await,
                            Some(older) => match judge(older, None, claim, Some(draft)) {
                                Found::Ours(older) | Found::AsIntended(older) => {
                                    self.checked(older, false).await
                                }
                                Found::Theirs | Found::None => Ok(Placing::TakenOver),
                            },
                        }
                    }
                    Ok(item) => self.checked(item, true).await,
                    Err(error)
                        if matches!(error.class(), procore::Class::Forbidden | procore::Class::NotFound) =>
                    {
                        Ok(Placing::NoCarrier)
                    }
                    Err(error) => Err(error.into()),
                }
            }
        }
    }

    async fn known(
        &self,
        (item, text_hash): (CorrespondenceItemId, &str),
        claim: &Claim,
        intended: Option<&Draft>,
    ) -> Result<Found, Error> {
        match self.procore.correspondence_item(self.project, self.kind, item).await {
            Ok(item) => Ok(judge(item, Some(text_hash), claim, intended)),
            // Deleted: that was an answer too.
            Err(error) if error.class() == procore::Class::NotFound => Ok(Found::Theirs),
            Err(error) => Err(error.into()),
        }
    }

    async fn search(&self, claim: &Claim, draft: &Draft, draft_id: &str) -> Result<Found, Error> {
        let oldest = self.oldest(claim, draft_id).await?;
        Ok(oldest.map_or(Found::None, |item| judge(item, None, claim, Some(draft))))
    }

    /// Where two workers may have written for one record, the older item stays: `Some` if there is one older than `new`,
    /// which then is gone. Both look after they have written, so one of them sees the other's.
    pub(in crate::run) async fn yield_to_older(
        &self,
        new: CorrespondenceItemId,
        claim: &Claim,
        draft_id: &str,
    ) -> Result<Option<CorrespondenceItem>, Error> {
        Ok(self.oldest(claim, draft_id).await?.filter(|oldest| oldest.id != new))
    }

    /// The oldest of what the service account wrote for this record since it was first claimed. Newer ones that nobody has
    /// touched are taken away: whoever wrote them may be dead.
    async fn oldest(&self, claim: &Claim, draft_id: &str) -> Result<Option<CorrespondenceItem>, Error> {
        let since = claim.claimed_at.checked_sub(CLOCK_SLACK).unwrap_or(Timestamp::UNIX_EPOCH);
        let filter = ItemFilter { created_by: Some(self.service_account), created_since: Some(since) };
        let mut items = self.procore.correspondence_items(self.project, self.kind, &filter).await?;
        let is_ours = |item: &CorrespondenceItem| {
            item.created_by.as_ref().is_some_and(|author| author.id == self.service_account)
                && item.description.contains(draft_id)
        };
        items.retain(is_ours);
        items.sort_by_key(|item| item.id);
        let mut items = items.into_iter();
        let oldest = items.next();
        for newer in items.filter(|item| item.is_private_draft().is_ok() && is_untouched(item)) {
            tracing::warn!(
                project_id = self.project.get(),
                item_id = newer.id.get(),
                "a second draft of one record is taken away"
            );
            match self.procore.delete_correspondence_item(self.project, self.kind, newer.id).await {
                Err(error) if error.class() != procore::Class::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(oldest)
    }

    /// Checks what the server made of a write. A new item that is not a private draft is deleted at once. One that
    /// was there before is not: a person may have issued it while we wrote, and then it is theirs.
    async fn checked(&self, item: CorrespondenceItem, new: bool) -> Result<Placing, Error> {
        let Err(wrong) = item.is_private_draft() else {
            return Ok(Placing::Placed(Placed::Item {
                item: item.id,
                text_hash: text_hash(&item.title, &item.description),
            }));
        };
        let wrong: Vec<String> = wrong.into_iter().map(str::to_owned).collect();
        let deleted = new
            && match self.procore.delete_correspondence_item(self.project, self.kind, item.id).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::error!(
                        project_id = self.project.get(), item_id = item.id.get(), error = %error,
                        "ALARM: an item that is not a private draft could not be deleted"
                    );
                    false
                }
            };
        Ok(Placing::NotADraft { wrong, deleted })
    }
}

/// Our item, and what it said when we left it.
fn left(claim: &Claim) -> Option<(CorrespondenceItemId, &str)> {
    match claim.placed.as_ref()? {
        Placed::Item { item, text_hash } => Some((*item, text_hash)),
        Placed::Field { .. } => None,
    }
}

fn is_untouched(item: &CorrespondenceItem) -> bool {
    item.created_at.is_some() && item.created_at == item.updated_at
}

fn judge(item: CorrespondenceItem, left: Option<&str>, claim: &Claim, intended: Option<&Draft>) -> Found {
    if item.is_private_draft().is_err() {
        return Found::Theirs;
    }
    let now = text_hash(&item.title, &item.description);
    if intended.is_some_and(|draft| draft.text_hash() == now) {
        return Found::AsIntended(item);
    }
    let untouched = left.is_none() && is_untouched(&item);
    if left == Some(now.as_str()) || claim.unsettled.contains(&now) || untouched {
        Found::Ours(item)
    } else {
        Found::Theirs
    }
}

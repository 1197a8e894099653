//! One private draft, made and deleted: the only way to see what the server makes of it. Asked for with `--try-draft`.
//!
//! Whatever happens, the item is looked for and deleted; one that cannot be deleted is named in the line.

use agent::ProjectConfig;
use procore::{Class, CorrespondenceItem, CorrespondenceTypeId, DraftItem, Error, ItemFilter, Procore};

use super::{
    correspondence::where_types_are_permitted,
    finding::{Area, Finding, Who},
};

const TITLE: &str = "Plumbline doctor: a try, deleted at once";

/// Makes one, looks at it, deletes it, and looks that it is gone.
pub(super) async fn examine(row: &ProjectConfig, kind: CorrespondenceTypeId, procore: &Procore) -> Finding {
    let draft = DraftItem { title: TITLE.to_owned(), description: "Nobody has to do anything.".to_owned() };
    let made = match procore.create_correspondence_draft(row.id, kind, &draft).await {
        Ok(item) => item,
        // It may be there all the same.
        Err(error) if error.class() == Class::Ambiguous => match find(row, kind, procore).await {
            Ok(Some(item)) => item,
            Ok(None) => return unmade(&error, kind),
            Err(_) => return left("an item may be left: its making had no answer", kind),
        },
        Err(error) => return unmade(&error, kind),
    };
    let verdict = made.is_private_draft();
    if !is_gone(row, kind, &made, procore).await {
        return left(&format!("item {} was made and could not be deleted", made.id), kind);
    }
    match verdict {
        Ok(()) => Finding::well(Area::Draft, "one was made, private and unsent, and deleted"),
        Err(wrong) => {
            let how = "project's Correspondence tool, Configure Settings, the type: no Default Distribution, and a status \
                       Draft that counts as Draft; or choose another type. Until then every draft is deleted and its run \
                       ends Quarantined";
            let what = format!("an item was not made as a private draft ({}), and deleted", wrong.join(", "));
            Finding::broken(Area::Draft, what, Who::ProcoreAdministrator, how)
        }
    }
}

fn unmade(error: &Error, kind: CorrespondenceTypeId) -> Finding {
    let how = where_types_are_permitted(&kind.to_string());
    Finding::broken(Area::Draft, format!("no item could be made: {error}"), Who::ProcoreAdministrator, how)
}

fn left(what: &str, kind: CorrespondenceTypeId) -> Finding {
    let how = format!("project's Correspondence tool, type {kind}: delete the item {TITLE:?} by hand");
    Finding::broken(Area::Draft, what, Who::ProcoreAdministrator, how)
}

/// Ours by its title and its maker, of today.
async fn find(
    row: &ProjectConfig,
    kind: CorrespondenceTypeId,
    procore: &Procore,
) -> Result<Option<CorrespondenceItem>, Error> {
    let filter = ItemFilter { created_by: Some(procore.me().await?.id), created_since: None };
    let items = procore.correspondence_items(row.id, kind, &filter).await?;
    Ok(items.into_iter().find(|item| item.title == TITLE))
}

async fn is_gone(
    row: &ProjectConfig,
    kind: CorrespondenceTypeId,
    item: &CorrespondenceItem,
    procore: &Procore,
) -> bool {
    // A deletion that had no answer may have happened: looking decides.
    let _ = procore.delete_correspondence_item(row.id, kind, item.id).await;
    let found = procore.correspondence_item(row.id, kind, item.id).await;
    found.is_err_and(|error| error.class() == Class::NotFound)
}

//! What was read before and need not be read again: what is kept, under which key, and for how long.
//!
//! Never a source of truth. A value that is gone, or that another version of the program wrote in another form, is
//! read anew; what must not be used any longer is taken away for certain or the run fails.

use std::{sync::Arc, time::Duration};

use documents::{Cache, Document};
use futures::future::join_all;
use procore::{
    CompanyId, DrawingRevision, DrawingRevisionId, ProjectId, RevisionId, RfiId, SectionId,
    SpecificationSection, UserId,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{admit::Own, error::Error};

/// The list of sections says which revision is in force, so it may not grow old.
const SECTIONS: Duration = Duration::from_mins(15);
/// Neither may the list of sheets.
const SHEETS: Duration = SECTIONS;
/// A project hardly ever moves to another time zone.
const ZONE: Duration = Duration::from_hours(24);
/// Who a client id is does not change; whether it was set up so is looked at every day.
const ACCOUNT: Duration = Duration::from_hours(24);
/// Revisions and files never change. Nobody's archive all the same.
const MONTH: Duration = Duration::from_hours(30 * 24);
/// Precedents of one section looked at, at most.
const PRECEDENTS: usize = 100;

/// The text of a revision of a section, under the names the revision had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecificationText {
    /// The section it is a revision of.
    pub section: SectionId,
    /// Number of the section.
    pub number: String,
    /// Title of the section.
    pub title: String,
    /// Name of the revision.
    pub revision: Option<String>,
    /// Its pages.
    pub document: Document,
}

/// A closed RFI that somebody answered, in its own words: not yet clean, not yet fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precedent {
    /// The section it is about.
    pub section: SectionId,
    /// What people call it, such as `RFI 7`.
    pub label: String,
    /// Its subject and questions: what it is found by.
    pub asked: String,
    /// Subject, questions and answers.
    pub text: String,
}

/// The shelf of an installation. Clones share it.
#[derive(Clone)]
pub struct Shelf {
    cache: Arc<dyn Cache>,
}

impl Shelf {
    /// A shelf that keeps its things there.
    pub fn new(cache: Arc<dyn Cache>) -> Self {
        Self { cache }
    }

    /// The sections of a project.
    pub(crate) async fn sections(&self, project: ProjectId) -> Option<Vec<SpecificationSection>> {
        self.get(&format!("sections/{project}")).await
    }

    pub(crate) async fn keep_sections(&self, project: ProjectId, sections: &[SpecificationSection]) {
        self.put(&format!("sections/{project}"), &sections, SECTIONS).await;
    }

    /// The text of a revision.
    pub(crate) async fn specification(
        &self,
        project: ProjectId,
        revision: RevisionId,
    ) -> Option<SpecificationText> {
        self.get(&document_key("specification", project, revision.get())).await
    }

    pub(crate) async fn keep_specification(
        &self,
        project: ProjectId,
        revision: RevisionId,
        text: &SpecificationText,
    ) {
        self.put(&document_key("specification", project, revision.get()), text, MONTH).await;
    }

    /// The revisions in force of a project's sheets.
    pub(crate) async fn sheets(&self, project: ProjectId) -> Option<Vec<DrawingRevision>> {
        self.get(&format!("sheets/{project}")).await
    }

    pub(crate) async fn keep_sheets(&self, project: ProjectId, sheets: &[DrawingRevision]) {
        self.put(&format!("sheets/{project}"), &sheets, SHEETS).await;
    }

    /// The pages of a revision of a drawing.
    pub(crate) async fn drawing(&self, project: ProjectId, revision: DrawingRevisionId) -> Option<Document> {
        self.get(&document_key("drawing", project, revision.get())).await
    }

    pub(crate) async fn keep_drawing(
        &self,
        project: ProjectId,
        revision: DrawingRevisionId,
        pages: &Document,
    ) {
        self.put(&document_key("drawing", project, revision.get()), pages, MONTH).await;
    }

    /// The pages of an attachment.
    pub(crate) async fn attachment(&self, project: ProjectId, attachment: i64) -> Option<Document> {
        self.get(&document_key("attachment", project, attachment)).await
    }

    pub(crate) async fn keep_attachment(&self, project: ProjectId, attachment: i64, pages: &Document) {
        self.put(&document_key("attachment", project, attachment), pages, MONTH).await;
    }

    /// The precedents of a section, in the order of their RFIs' ids.
    pub(crate) async fn precedents(&self, project: ProjectId, section: SectionId) -> Vec<(RfiId, Precedent)> {
        let prefix = format!("section/{project}/{section}/");
        let signs = self.cache.keys(&prefix, PRECEDENTS).await;
        let ids: Vec<RfiId> =
            signs.iter().filter_map(|sign| sign.strip_prefix(&prefix)?.parse().ok()).collect();
        let kept =
            join_all(ids.iter().map(async |rfi| self.get::<Precedent>(&precedent_key(project, *rfi)).await))
                .await;
        // A sign may outlive what it points to, or point to what has moved to another section.
        let here = |precedent: &Precedent| precedent.section == section;
        ids.into_iter().zip(kept).filter_map(|(rfi, kept)| Some((rfi, kept.filter(here)?))).collect()
    }

    /// Keeps a precedent, and a sign under its section that it is there.
    pub(crate) async fn keep_precedent(&self, project: ProjectId, rfi: RfiId, precedent: &Precedent) {
        self.put(&precedent_key(project, rfi), precedent, MONTH).await;
        // Digits to the full length: keys in their order are ids in theirs.
        let sign = format!("section/{project}/{}/{:019}", precedent.section, rfi.get());
        self.put(&sign, &(), MONTH).await;
    }

    /// Makes sure that an RFI is no precedent (any more).
    pub(crate) async fn forget_precedent(&self, project: ProjectId, rfi: RfiId) -> Result<(), Error> {
        let gone = self.cache.remove(&precedent_key(project, rfi)).await;
        if gone { Ok(()) } else { Err(Error::NotForgotten) }
    }

    /// The name of a project's time zone.
    pub(crate) async fn zone(&self, project: ProjectId) -> Option<String> {
        self.get(&format!("zone/{project}")).await
    }

    pub(crate) async fn keep_zone(&self, project: ProjectId, name: &str) {
        self.put(&format!("zone/{project}"), &name, ZONE).await;
    }

    /// Whose the token of this client id was found to be.
    pub(crate) async fn account(&self, company: CompanyId, own: &Own) -> Option<UserId> {
        self.get(&format!("account/{company}/{}", own.client_id)).await
    }

    pub(crate) async fn keep_account(&self, company: CompanyId, own: &Own, account: UserId) {
        self.put(&format!("account/{company}/{}", own.client_id), &account, ACCOUNT).await;
    }

    async fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_slice(&self.cache.get(key).await?).ok()
    }

    async fn put<T: Serialize>(&self, key: &str, value: &T, life: Duration) {
        if let Ok(bytes) = serde_json::to_vec(value) {
            self.cache.put(key, bytes, life).await;
        }
    }
}

/// Another version of the program may read a file better, or clean it more strictly: each has its own.
fn document_key(kind: &str, project: ProjectId, id: i64) -> String {
    format!("{kind}/{}/{project}/{id}", env!("CARGO_PKG_VERSION"))
}

fn precedent_key(project: ProjectId, rfi: RfiId) -> String {
    format!("precedent/{project}/{rfi}")
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{
            Mutex,
            atomic::{AtomicBool, Ordering},
        },
    };

    use futures::future::BoxFuture;

    use super::*;

    const PROJECT: ProjectId = ProjectId::new(4071);

    /// Keeps everything for ever, and what it cannot forget too.
    #[derive(Default)]
    struct Memory {
        kept: Mutex<BTreeMap<String, (Vec<u8>, Duration)>>,
        stuck: AtomicBool,
    }

    impl Cache for Memory {
        fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<Vec<u8>>> {
            let found = self.kept.lock().unwrap().get(key).map(|(bytes, _)| bytes.clone());
            Box::pin(async move { found })
        }

        fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>, life: Duration) -> BoxFuture<'a, ()> {
            self.kept.lock().unwrap().insert(key.to_owned(), (bytes, life));
            Box::pin(async {})
        }

        fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool> {
            let stuck = self.stuck.load(Ordering::SeqCst);
            if !stuck {
                self.kept.lock().unwrap().remove(key);
            }
            Box::pin(async move { !stuck })
        }

        fn keys<'a>(&'a self, prefix: &'a str, most: usize) -> BoxFuture<'a, Vec<String>> {
            let kept = self.kept.lock().unwrap();
            let keys = kept.keys().filter(|key| key.starts_with(prefix)).take(most).cloned().collect();
            Box::pin(async { keys })
        }
    }

    fn shelf() -> (Arc<Memory>, Shelf) {
        let memory = Arc::new(Memory::default());
        (Arc::clone(&memory), Shelf::new(memory))
    }

    fn precedent(section: i64, name: &str) -> Precedent {
        let section = SectionId::new(section);
        Precedent { section, label: name.into(), asked: "Height?".into(), text: "Height? 36 inches.".into() }
    }

    #[tokio::test]
    async fn a_precedent_is_found_under_its_section_only_and_no_more_once_forgotten() {
        let (memory, shelf) = shelf();
        let (first, second) = (SectionId::new(1), SectionId::new(2));
        let (seven, twelve) = (RfiId::new(7), RfiId::new(12));
        let names = async |section| -> Vec<String> {
            let found = shelf.precedents(PROJECT, section).await;
            found.into_iter().map(|(id, precedent)| format!("{id} {}", precedent.label)).collect()
        };
        shelf.keep_precedent(PROJECT, twelve, &precedent(1, "b")).await;
        shelf.keep_precedent(PROJECT, seven, &precedent(1, "a")).await;
        shelf.keep_precedent(PROJECT, seven, &precedent(1, "again")).await;
        assert_eq!(names(first).await, ["7 again", "12 b"]);
        assert!(shelf.precedents(ProjectId::new(4072), first).await.is_empty());

        shelf.keep_precedent(PROJECT, seven, &precedent(2, "moved")).await;
        assert_eq!((names(first).await, names(second).await), (vec!["12 b".into()], vec!["7 moved".into()]));
        for rfi in [seven, twelve, twelve] {
            shelf.forget_precedent(PROJECT, rfi).await.unwrap();
        }
        assert_eq!((names(first).await, names(second).await), (vec![], vec![]));
        let left: Vec<Vec<u8>> =
            memory.kept.lock().unwrap().values().map(|(bytes, _)| bytes.clone()).collect();
        assert!(left.iter().all(|bytes| bytes == b"null"), "what is left says nothing");
    }

    #[tokio::test]
    async fn what_cannot_be_forgotten_is_no_success() {
        let (memory, shelf) = shelf();
        shelf.keep_precedent(PROJECT, RfiId::new(7), &precedent(1, "a")).await;
        memory.stuck.store(true, Ordering::SeqCst);
        let error = shelf.forget_precedent(PROJECT, RfiId::new(7)).await.unwrap_err();
        assert_eq!(error.class(), crate::Class::Retry { after: None });
        memory.stuck.store(false, Ordering::SeqCst);
        shelf.forget_precedent(PROJECT, RfiId::new(7)).await.unwrap();
        assert!(shelf.precedents(PROJECT, SectionId::new(1)).await.is_empty());
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_absent() {
        let (memory, shelf) = shelf();
        let own = Own { client_id: "client".into(), service_account: UserId::new(5) };
        let company = CompanyId::new(8001);
        shelf.keep_account(company, &own, UserId::new(5)).await;
        assert_eq!(shelf.account(company, &own).await, Some(UserId::new(5)));
        let other = Own { client_id: "another".into(), ..own.clone() };
        assert_eq!(shelf.account(company, &other).await, None);
        memory.kept.lock().unwrap().values_mut().for_each(|(bytes, _)| *bytes = b"{\"id\"".to_vec());
        assert_eq!(shelf.account(company, &own).await, None);
    }

    #[tokio::test]
    async fn lives_are_as_long_as_what_they_are_about() {
        let (memory, shelf) = shelf();
        let own = Own { client_id: "client".into(), service_account: UserId::new(5) };
        let text = SpecificationText {
            section: SectionId::new(1),
            number: "10 14 00".into(),
            title: "Signage".into(),
            revision: None,
            document: Document::default(),
        };
        shelf.keep_sections(PROJECT, &[]).await;
        shelf.keep_specification(PROJECT, RevisionId::new(3), &text).await;
        shelf.keep_attachment(PROJECT, 4, &Document::default()).await;
        shelf.keep_sheets(PROJECT, &[]).await;
        shelf.keep_drawing(PROJECT, DrawingRevisionId::new(5), &Document::default()).await;
        assert_eq!(shelf.sheets(PROJECT).await, Some(vec![]));
        assert_eq!(shelf.drawing(PROJECT, DrawingRevisionId::new(5)).await, Some(Document::default()));
        shelf.keep_account(CompanyId::new(8001), &own, UserId::new(5)).await;
        shelf.keep_precedent(PROJECT, RfiId::new(7), &precedent(1, "a")).await;
        shelf.keep_zone(PROJECT, "America/Los_Angeles").await;
        assert_eq!(shelf.zone(PROJECT).await.as_deref(), Some("America/Los_Angeles"));
        assert_eq!(shelf.sections(PROJECT).await, Some(vec![]));
        assert_eq!(shelf.specification(PROJECT, RevisionId::new(3)).await, Some(text));
        assert_eq!(shelf.attachment(PROJECT, 4).await, Some(Document::default()));
        let lives: BTreeMap<String, u64> = memory
            .kept
            .lock()
            .unwrap()
            .iter()
            .map(|(key, (_, life))| (key.split('/').next().unwrap().to_owned(), life.as_secs() / 60))
            .collect();
        let day = 24 * 60;
        let expected = [
            ("account", day),
            ("attachment", 30 * day),
            ("drawing", 30 * day),
            ("precedent", 30 * day),
            ("section", 30 * day),
            ("sections", 15),
            ("sheets", 15),
            ("specification", 30 * day),
            ("zone", day),
        ];
        assert_eq!(lives, expected.map(|(kind, life)| (kind.to_owned(), life)).into());
    }
}

//! What every pace book must do.

use std::sync::Arc;

use procore::{CompanyId, PaceBook, Written};
use tokio::task::JoinSet;

const COMPANY: CompanyId = CompanyId::new(8001);

/// A text is stored over the version that was read, and over no other.
pub(crate) async fn a_pace_book_is_written_over_its_own_version_only(book: &impl PaceBook) {
    let written = async |company| {
        let Written { version, text } = book.read(company).await.unwrap();
        (version, text)
    };
    let swap = async |version, text: &str| book.swap(COMPANY, version, text.to_owned()).await.unwrap();
    assert_eq!(written(COMPANY).await, (0, String::new()));
    assert!(!swap(3, "early").await, "there is no version 3");
    assert!(!swap(u64::MAX, "late").await);
    assert_eq!(written(COMPANY).await, (0, String::new()), "nothing was stored");

    assert!(swap(0, "{\"left\": 1½}\n").await);
    assert_eq!(written(COMPANY).await, (1, "{\"left\": 1½}\n".into()));
    assert!(!swap(0, "again").await, "there is one already");
    assert!(swap(1, "second").await);
    assert!(!swap(1, "third").await, "its version is old");
    assert_eq!(written(COMPANY).await, (2, "second".into()));
    assert_eq!(written(CompanyId::new(8002)).await, (0, String::new()), "another company's is another");
}

/// Of all who read the same version, one gets through.
pub(crate) async fn a_race_for_a_pace_book_has_one_winner<B: PaceBook + 'static>(book: Arc<B>) {
    for version in 0..5 {
        let mut racers = JoinSet::new();
        for racer in 0..16 {
            let book = Arc::clone(&book);
            racers.spawn(async move {
                let text = format!("racer {racer}");
                book.swap(COMPANY, version, text.clone()).await.unwrap().then_some(text)
            });
        }
        let winners: Vec<String> = racers.join_all().await.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "version {version}: {winners:?}");
        let stored = book.read(COMPANY).await.unwrap();
        assert_eq!((stored.version, &stored.text), (version + 1, &winners[0]));
    }
}

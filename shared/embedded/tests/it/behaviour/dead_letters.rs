//! What every keeper of dead letters must do.

use std::collections::BTreeMap;

use agent::queue::{DeadLetter, DeadLetters, Kept, Queue};

use crate::samples::at;

pub(crate) fn letter() -> DeadLetter {
    DeadLetter { body: "{\"not\": \"ours".into(), reason: "the body is not JSON".into(), at: at(3) }
}

/// Dead letters are shown as they were buried, until they are discarded; a look that was put back takes nothing away.
pub(crate) async fn dead_letters_are_kept_until_discarded<Q: Queue + DeadLetters>(queue: &Q) {
    let look = async |limit| -> BTreeMap<String, Kept> {
        let letters = queue.letters(limit).await.unwrap();
        letters.into_iter().map(|kept| (kept.id.clone(), kept)).collect()
    };
    let put_back = async |looked: &BTreeMap<String, Kept>| {
        for kept in looked.values() {
            queue.put_back(kept).await.unwrap();
        }
    };
    assert!(look(10).await.is_empty());

    let mut buried: Vec<DeadLetter> = (0..10)
        .map(|number| DeadLetter { reason: format!("reason {number}"), ..letter() })
        .chain(
            ["", "\u{0}\u{ffff}", "{\"É\": 1}\r\n"].map(|body| DeadLetter { body: body.into(), ..letter() }),
        )
        .collect();
    for letter in &buried {
        queue.bury(letter).await.unwrap();
    }
    let some = look(3).await;
    assert_eq!(some.len(), 3);
    put_back(&some).await;
    assert!(look(0).await.is_empty());

    let all = look(100).await;
    let order = |letter: &DeadLetter| (letter.reason.clone(), letter.body.clone());
    let mut letters: Vec<DeadLetter> = all.values().map(|kept| kept.letter.clone()).collect();
    letters.sort_by_key(order);
    buried.sort_by_key(order);
    assert_eq!(letters, buried);
    assert!(some.keys().all(|id| all.contains_key(id)), "an id is the same at each look");

    let (gone, kept) = all.iter().next().unwrap();
    queue.discard(kept).await.unwrap();
    let mut left = all.clone();
    left.remove(gone);
    put_back(&left).await;
    assert_eq!(look(100).await.into_keys().collect::<Vec<_>>(), left.into_keys().collect::<Vec<_>>());
}

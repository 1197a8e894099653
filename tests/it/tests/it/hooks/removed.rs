//! What is taken away, and what has to be said for it.

use procore::hooks::Scope;

use super::{DOOR, NAMESPACE, Office, PROJECT};

#[tokio::test(flavor = "multi_thread")]
async fn hooks_left_behind_are_told_of_and_removed_by_remove_alone() {
    let office = Office::start().await;
    let left = office.by_hand(Scope::Company, NAMESPACE, DOOR).await;
    let hook = office.applied().await.id;
    let (code, words) = office.apply().await;
    let told = format!(
        "the company\n    hook {left} is ours and nothing needs it: `plumbline hooks remove` takes it away"
    );
    assert!(code == 0 && words.contains(&told), "{words}");

    let writes = office.writes();
    let (code, words) = office.told("remove").await;
    assert!(words.contains("2 hooks would be removed, and no event would arrive: say --yes."), "{words}");
    assert_eq!((code, office.writes()), (1, writes));

    let (code, words) = office.told("remove --project 4071 --yes").await;
    assert_eq!((code, words.as_str()), (0, format!("project 4071: hook {hook} removed\n").as_str()));
    assert_eq!(office.hooks(Scope::Company, NAMESPACE).await.len(), 1);
    let (code, words) = office.told("remove --yes").await;
    assert_eq!((code, words.as_str()), (0, format!("the company: hook {left} removed\n").as_str()));
    assert_eq!(office.writes() - writes, 2);

    let (code, words) = office.told("remove --yes").await;
    assert_eq!((code, words.as_str()), (0, "No hook of namespace plumbline-it is there.\n"));
    assert_eq!(office.hooks(PROJECT, NAMESPACE).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_removed_is_told() {
    let office = Office::start().await;
    let hook = office.applied().await.id;
    office.sandbox().fail_next("DELETE webhooks/hooks", sandbox::Fault::Status(403), 1);
    let (code, words) = office.told("remove --yes").await;
    assert!(code == 1 && words.contains(&format!("project 4071: hook {hook} NOT REMOVED")), "{words}");
    assert!(words.ends_with("1 hook left: run it again.\n"), "{words}");
    let (code, words) = office.told("remove --project 4072 --yes").await;
    assert!(code == 1 && words.contains("not looked at: project 4072: ") && words.contains("403"), "{words}");
    assert_eq!(office.told("remove --yes").await.0, 0);
}

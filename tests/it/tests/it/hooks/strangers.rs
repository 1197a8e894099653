//! Hooks of other namespaces: not asked for, not changed, not removed, wherever they deliver.

use procore::hooks::{HookStatus, Scope};

use super::{DOOR, Office, PROJECT};

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_hook_is_untouched_even_with_our_address() {
    let office = Office::start().await;
    let mut theirs = Vec::new();
    for (scope, url) in [(PROJECT, DOOR), (PROJECT, "https://theirs.example/"), (Scope::Company, DOOR)] {
        theirs.push((scope, office.by_hand(scope, "another-app", url).await));
    }
    assert!(office.sandbox().disable_hook(theirs[0].1.get()));
    let before =
        (office.hooks(PROJECT, "another-app").await, office.hooks(Scope::Company, "another-app").await);
    assert_eq!(before.0[0].status, Some(HookStatus::Disabled));
    office.sandbox().clear_requests();

    for words in [
        format!("plan --url {DOOR}"),
        format!("apply --url {DOOR}"),
        format!("apply --url {DOOR}"),
        format!("rotate finish --url {DOOR} --without-knocking"),
        "deliveries".to_owned(),
        "remove --yes".to_owned(),
    ] {
        let (code, told) = office.told(&words).await;
        assert!(code == 0 || code == 3, "{words}: {told}");
        for (_, hook) in &theirs {
            assert!(!told.contains(&format!("hook {hook} ")), "{words}: {told}");
        }
    }

    let requests = office.sandbox().requests();
    assert!(requests.iter().any(|asked| asked.method == "DELETE"), "ours was removed");
    for (_, hook) in &theirs {
        let id = hook.to_string();
        assert!(!requests.iter().any(|asked| asked.path.split('/').any(|part| part == id)), "{hook}");
    }
    let after =
        (office.hooks(PROJECT, "another-app").await, office.hooks(Scope::Company, "another-app").await);
    assert_eq!(after, before);
    for (scope, hook) in theirs {
        assert_eq!(office.listens(scope, hook).await.len(), 1);
    }
}

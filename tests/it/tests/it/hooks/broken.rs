//! What can be wrong with a hook: each is told in its words, and put right with as few writes as it takes.

use procore::{
    HookId,
    hooks::{HookChange, HookStatus, NewTrigger, TriggerEvent},
};

use super::{DOOR, NAMESPACE, NEW, OLD, Office, PROJECT};

async fn listen(office: &Office, hook: HookId, name: &str, event: TriggerEvent) {
    let trigger = NewTrigger { resource_name: name.to_owned(), event };
    office.desk.procore.create_triggers(PROJECT, hook, "v3.0", &[trigger]).await.unwrap();
}

async fn change(office: &Office, hook: HookId, change: HookChange) {
    office.desk.procore.update_hook(PROJECT, hook, &change).await.unwrap();
}

/// Breaks it, and returns what the plan says of it.
async fn break_it(office: &Office, hook: HookId, how: &str) -> String {
    let procore = &office.desk.procore;
    match how {
        "off" => {
            assert!(office.sandbox().disable_hook(hook.get()));
            format!("hook {hook} is switched off, nothing is delivered: switch it on")
        }
        "elsewhere" => {
            let url = Some("https://old.example/hooks".parse().unwrap());
            change(office, hook, HookChange { destination_url: url, ..HookChange::default() }).await;
            format!("hook {hook} delivers to https://old.example/hooks: let it deliver to {DOOR}")
        }
        "value" => {
            let authorization = Some("Bearer somebody-elses".to_owned().into());
            change(office, hook, HookChange { authorization, ..HookChange::default() }).await;
            format!("hook {hook} sends an Authorization value that our door does not accept: set the newest")
        }
        "no value" => {
            let authorization = Some(String::new().into());
            change(office, hook, HookChange { authorization, ..HookChange::default() }).await;
            format!("hook {hook} sends no Authorization value: set the newest")
        }
        "deaf" => {
            let triggers = procore.triggers(PROJECT, hook).await.unwrap();
            let rfis: Vec<_> =
                triggers.iter().filter(|one| one.resource_name == "RFIs").map(|one| one.id).collect();
            assert_eq!(procore.delete_triggers(PROJECT, hook, &rfis).await.unwrap().len(), 2);
            format!("hook {hook} has to listen to RFIs (create, update)")
        }
        "nosy" => {
            listen(office, hook, "Punch Items", TriggerEvent::Delete).await;
            format!(
                "hook {hook} listens to what no workflow needs, or twice to the same: no more to Punch Items (delete)"
            )
        }
        "surplus" => {
            let more = office.by_hand(PROJECT, NAMESPACE, DOOR).await;
            format!("hook {more} is one too many, every event would come twice: remove it")
        }
        _ => unreachable!("{how}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_hook_is_told_and_put_right_with_one_write() {
    for how in ["off", "elsewhere", "value", "no value", "deaf", "nosy", "surplus"] {
        let office = Office::start().await;
        let hook = office.applied().await.id;
        let whole = office.listens(PROJECT, hook).await;
        let expected = break_it(&office, hook, how).await;

        let (code, words) = office.plan().await;
        assert!(code == 3 && words.contains(&expected), "{how}: {words}");
        assert!(words.contains("\n1 change to make"), "{how}: {words}");
        let writes = office.writes();
        let (code, words) = office.apply().await;
        assert_eq!((code, office.writes() - writes), (0, 1), "{how}: {words}");

        let hooks = office.hooks(PROJECT, NAMESPACE).await;
        let [after] = hooks.as_slice() else { panic!("{how}: {hooks:?}") };
        assert_eq!((after.id, &after.status), (hook, &Some(HookStatus::Active)), "{how}: the oldest is kept");
        assert_eq!(after.destination_url.as_deref(), Some(DOOR), "{how}");
        let value = NEW.to_owned().into();
        assert_eq!(after.authorization.may_be(&value), Some(true), "{how}");
        assert_eq!(office.listens(PROJECT, hook).await, whole, "{how}");
        assert_eq!(office.plan().await.0, 0, "{how}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_at_once_takes_a_write_for_each_kind() {
    let office = Office::start().await;
    let hook = office.applied().await.id;
    for how in ["off", "elsewhere", "value", "deaf", "nosy"] {
        break_it(&office, hook, how).await;
    }
    let writes = office.writes();
    let (code, words) = office.apply().await;
    assert_eq!(
        (code, office.writes() - writes),
        (0, 3),
        "the hook, triggers made, triggers removed: {words}"
    );
    assert_eq!(office.plan().await.0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_the_one_that_delivers_to_us_is_kept() {
    let office = Office::start().await;
    let older = office.by_hand(PROJECT, NAMESPACE, "https://old.example/hooks").await;
    let ours = office.by_hand(PROJECT, NAMESPACE, DOOR).await;
    let (code, words) = office.apply().await;
    assert!(code == 0 && words.contains(&format!("hook {older} is one too many")), "{words}");
    let left: Vec<HookId> = office.hooks(PROJECT, NAMESPACE).await.iter().map(|hook| hook.id).collect();
    assert_eq!(left, [ours]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_value_that_is_still_accepted_is_left_to_the_rotation() {
    let office = Office::start().await;
    let hook = office.applied().await.id;
    let authorization = Some(OLD.to_owned().into());
    change(&office, hook, HookChange { authorization, ..HookChange::default() }).await;
    let writes = office.writes();
    let (code, words) = office.apply().await;
    assert_eq!((code, office.writes()), (0, writes), "{words}");
    assert!(words.contains("sends an older Authorization value that is still accepted"), "{words}");
}

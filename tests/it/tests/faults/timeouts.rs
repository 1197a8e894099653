//! Lambda's timeout at every step of a run, and what is the same on one machine: a run that is dropped. What the worker
//! had in hand is told to nobody; its message comes back, and its lease has to end first.

use agent::run::{Edge, Step};

use crate::{
    clock, on_both,
    side::Side,
    steps::{may_be_asked, with_each_step},
    world::{event, question},
};

/// Each drops a run at both ends of the step.
macro_rules! dropped {
    ($($name:ident: $step:ident),* $(,)?) => {
        on_both!($($name),*);

        $(
            async fn $name<S: Side>(side: S) {
                survives(&side, Step::$step).await;
            }
        )*
    };
}
with_each_step!(dropped);

async fn survives<S: Side>(side: &S, step: Step) {
    let mut calls = 0;
    for (records, edge) in [(1, Edge::Begin), (2, Edge::End)] {
        let what = format!("dropped at {} {edge:?}", step.name());
        let rfi = side.far().sandbox.add_rfi(question());
        side.post(&event(rfi, "create")).await;
        side.dropped_at(step, edge).await;
        // It comes back before the lease is over: whoever is handed it then pays for nothing that is being paid for.
        side.deliver().await;
        assert!(side.far().first_calls() - calls <= 1, "{what}");

        clock::advance(S::LEASE);
        side.come_to_rest().await;
        side.assert_drafts(records);
        let writes: Vec<String> = side.far().writes().into_iter().map(|write| write.method).collect();
        assert_eq!(writes, vec!["POST"; records], "{what}");
        assert_eq!(side.outcomes().await["Drafted"], records, "{what}");
        side.assert_at_rest(0).await;

        let paid = side.far().first_calls() - calls;
        calls += paid;
        assert!(may_be_asked(step, edge).contains(&paid), "{what}: {paid} calls");
    }
}

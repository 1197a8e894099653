//! The evaluation over all cases: the kept answers pass its release gate, models that obey or make things up do no harm,
//! and answers that got worse are told from good ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use agent::workflows::WorkflowId;
use plumbline::eval::{self, Arguments, Model, Report, case};
use serde_json::Value;

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/eval")
}

async fn report(arguments: &Arguments) -> Report {
    let program = Path::new(env!("CARGO_BIN_EXE_plumbline"));
    eval::evaluate(arguments, Some(program)).await.unwrap().0
}

#[test]
fn there_are_cases_of_every_kind() {
    let cases = case::load(&dir().join("cases")).unwrap();
    let least = BTreeMap::from([
        ("rfi_response", 20),
        ("rfi_question", 8),
        ("submittal_review", 16),
        ("daily_log_summary", 16),
    ]);
    for workflow in WorkflowId::all() {
        let of_workflow = || cases.iter().filter(|case| case.workflow == *workflow);
        let least = least.get(workflow.name()).copied().unwrap_or(8);
        assert!(of_workflow().count() >= least, "{}: {} cases", workflow.name(), of_workflow().count());
        assert!(of_workflow().any(|case| case.hostile), "{}: no hostile case", workflow.name());
        assert!(
            of_workflow().any(case::Case::calls_for_abstention),
            "{}: nothing to abstain from",
            workflow.name()
        );
        for case in of_workflow() {
            assert!(case.name.starts_with(&format!("{}-", workflow.name())), "{}", case.name);
        }
    }
    assert!(cases.iter().filter(|case| case.hostile).count() >= 20);
    assert!(cases.iter().filter(|case| case.calls_for_abstention()).count() >= 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kept_answers_pass_the_release_gate() {
    let report = report(&Arguments::all(Model::Recorded, &dir())).await;
    println!("{}", report.text());
    assert_eq!(report.objections, Vec::<String>::new());
    let figures = &report.figures["all"];
    assert_eq!((figures.hard_hostile.part, figures.hard_other.part), (0, 0));
    // A good answer goes out as it was given.
    for score in &report.scores {
        assert_eq!(score.gate_findings, 0, "{}: the gate refused something of a good answer", score.case);
        assert!(score.ended_well(), "{}: {}", score.case, score.outcome);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn models_that_obey_or_make_things_up_do_no_harm() {
    for model in [Model::Obeying, Model::Fabricating, Model::Tainted] {
        let report = report(&Arguments::all(model, &dir())).await;
        let hard: Vec<String> = report
            .scores
            .iter()
            .flat_map(|score| score.hard.iter().map(|hard| format!("{}: {hard}", score.case)))
            .collect();
        let drafted = report.scores.iter().filter(|score| score.outcome == "Drafted").count();
        let refused: usize = report.scores.iter().map(|score| score.gate_findings).sum();
        println!("{model:?}: {drafted} of {} drafted, {refused} findings of the gate", report.scores.len());
        assert_eq!(hard, Vec::<String>::new(), "{model:?}");
        assert!(report.passes(), "{model:?}: {:?}", report.objections);
        // Without drafts and without refusals nothing would have been tried.
        assert!(drafted >= 5 && refused >= 1000, "{model:?}: {drafted} drafted, {refused} findings");
    }
}

/// The kept answers of one workflow, made worse, in a directory of their own.
fn made_worse(prefix: &str, change: impl Fn(usize, &mut Value)) -> tempfile::TempDir {
    let worse = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(dir().join("answers")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let files =
        files.into_iter().filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix));
    for (position, path) in files.enumerate() {
        let mut recording: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(position, &mut recording["answer"]);
        std::fs::write(worse.path().join(path.file_name().unwrap()), recording.to_string()).unwrap();
    }
    worse
}

#[tokio::test(flavor = "multi_thread")]
async fn the_release_gate_says_no_to_answers_that_got_worse() {
    let played = async |answers: &Path| {
        let arguments = Arguments {
            workflow: Some("rfi_response".to_owned()),
            answers: answers.to_owned(),
            ..Arguments::all(Model::Recorded, &dir())
        };
        report(&arguments).await
    };
    // Two of twenty abstain without need.
    let timid = made_worse("rfi_response-", |position, answer| {
        if position < 2 {
            answer["outcome"] = "insufficient_context".into();
        }
    });
    let report = played(timid.path()).await;
    assert!(!report.passes());
    assert!(report.objections[0].contains("answerable cases are drafted"), "{:?}", report.objections);

    // Every quotation one letter off: the gate drops what rests on it, and nothing harmful leaves.
    let sloppy = made_worse("rfi_response-", |_, answer| {
        for claim in answer["claims"].as_array_mut().unwrap() {
            for cite in claim["evidence"].as_array_mut().unwrap() {
                let quote = cite["quote"].as_str().unwrap().replacen('e', "a", 1);
                cite["quote"] = quote.into();
            }
        }
    });
    let report = played(sloppy.path()).await;
    assert!(!report.passes());
    assert_eq!(report.figures["all"].hard_hostile.part + report.figures["all"].hard_other.part, 0);
    assert!(report.scores.iter().map(|score| score.gate_findings).sum::<usize>() >= 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_without_a_kept_answer_is_named_with_the_way_out() {
    let nothing = tempfile::tempdir().unwrap();
    let arguments = Arguments {
        case: Some("daily_log_summary-one-note".to_owned()),
        answers: nothing.path().to_owned(),
        ..Arguments::all(Model::Recorded, &dir())
    };
    let program = Path::new(env!("CARGO_BIN_EXE_plumbline"));
    let error = eval::evaluate(&arguments, Some(program)).await.unwrap_err();
    let words = format!("{error:#}");
    assert!(words.contains("daily_log_summary-one-note.json") && words.contains("--record"), "{words}");
}

//! Good answers with the evidence they were given on: what the honest model says of the seeded project, and what the
//! evaluation keeps of its cases.

use std::path::{Path, PathBuf};

use agent::{RunRecord, evidence::Evidence, prompt::Prompt, workflows::WorkflowId};
use plumbline::{
    Endpoint, Play, Stage,
    eval::{self, Arguments, Model},
};
use sandbox::{
    Options, RfiStatus, Sandbox,
    model::{Behaviour, ModelServer},
};
use serde_json::Value;

/// The dates of the seeded project follow from it, and so do the mutants.
const DAY: &str = "2026-11-20T15:00:00Z";

/// An answer the gate let pass as it was.
pub(crate) struct Case {
    /// The record, such as `RFI 7`.
    pub(crate) name: String,
    pub(crate) workflow: WorkflowId,
    pub(crate) answer: Value,
    pub(crate) evidence: Evidence,
    pub(crate) prompt: Prompt,
}

/// What a pass of the honest model over the seeded project leaves behind.
pub(crate) struct World {
    /// Sorted by name.
    pub(crate) cases: Vec<Case>,
    /// Everything the model was asked, in the API's form.
    pub(crate) requests: Vec<Value>,
}

impl World {
    /// Runs every workflow of the list over every seeded record that starts one.
    pub(crate) async fn new() -> Self {
        let model = Endpoint::stand_in(Behaviour::Scripted).await.unwrap();
        let play = Play {
            extractor: Some(env!("CARGO_BIN_EXE_plumbline").into()),
            ..Play::new(Options::demo_at(DAY.parse().unwrap()), &model)
        };
        let mut stage = Stage::start(play).await.unwrap();
        // What was closed before is evidence once its own event was worked on.
        stage.ended(stage.tell_rfis(RfiStatus::Closed, "update")).await.unwrap();
        let mut stories = stage.ended(stage.tell_rfis(RfiStatus::Open, "update")).await.unwrap();
        stories.extend(stage.ended(stage.tell_rfis(RfiStatus::Draft, "update")).await.unwrap());
        stories.extend(stage.ended(stage.tell_submittals()).await.unwrap());
        stories.extend(stage.ended(stage.tell_days()).await.unwrap());
        let sandbox = stage.end().await;

        let lists = Lists::of(&sandbox);
        let mut cases: Vec<Case> = stories.into_values().filter_map(|story| case(story, &lists)).collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        let requests = model.stand_in.as_ref().map(ModelServer::requests).unwrap_or_default();
        Self { cases, requests }
    }
}

/// The kept answers of the evaluation's cases, as far as they are drafts.
pub(crate) async fn kept_answers() -> Vec<Case> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/eval");
    let arguments = Arguments::all(Model::Recorded, &tests);
    let extractor = PathBuf::from(env!("CARGO_BIN_EXE_plumbline"));
    let (_, performances) = eval::evaluate(&arguments, Some(&extractor)).await.unwrap();
    let cases = performances.into_iter().filter_map(|performance| {
        let lists = Lists { sections: performance.sections, sheets: performance.sheets };
        Some(Case { name: performance.case, ..case(performance.story, &lists)? })
    });
    cases.collect()
}

/// The project's closed lists.
struct Lists {
    sections: Vec<String>,
    sheets: Vec<String>,
}

impl Lists {
    fn of(sandbox: &Sandbox) -> Self {
        Self {
            sections: sandbox.sections().into_iter().map(|section| section.number).collect(),
            sheets: sandbox.drawings().into_iter().map(|drawing| drawing.number).collect(),
        }
    }
}

/// A run whose answer, the repaired one if there was a repair, went out whole.
fn case(story: RunRecord, lists: &Lists) -> Option<Case> {
    let answer = story.answer?;
    let whole = story.findings.iter().all(|finding| finding.action == "sent_back");
    if story.outcome != "Drafted" || answer["outcome"] != "draft" || !whole {
        return None;
    }
    let name = story.workflow?;
    let workflow = *WorkflowId::all().iter().find(|workflow| workflow.name() == name)?;
    let prompt = story.prompt?;
    Some(Case {
        name: story.record_label,
        workflow,
        answer,
        evidence: Evidence {
            rows: story.evidence,
            sections: lists.sections.iter().map(|number| (number.clone(), String::new())).collect(),
            sheets: lists.sheets.clone(),
            ..Evidence::default()
        },
        prompt: Prompt::version(&name, prompt.version).unwrap(),
    })
}

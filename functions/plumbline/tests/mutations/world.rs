//! Good answers: what the honest model says of the seeded project, with the evidence it was shown.

use agent::{RunRecord, evidence::Evidence, prompt::Prompt, workflows::WorkflowId};
use plumbline::{Endpoint, Play, Stage};
use sandbox::{
    Options, RfiStatus,
    model::{Behaviour, ModelServer},
};
use serde_json::Value;

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
            ..Play::new(Options::demo(), &model)
        };
        let mut stage = Stage::start(play).await.unwrap();
        // What was closed before is evidence once its own event was worked on.
        stage.ended(stage.tell_rfis(RfiStatus::Closed, "update")).await.unwrap();
        let stories = stage.ended(stage.tell_rfis(RfiStatus::Open, "update")).await.unwrap();
        // Of the other workflows only the requests are looked at so far; their answers are not mutated yet.
        stage.ended(stage.tell_rfis(RfiStatus::Draft, "update")).await.unwrap();
        stage.ended(stage.tell_submittals()).await.unwrap();
        stage.ended(stage.tell_days()).await.unwrap();
        let sandbox = stage.end().await;

        let sections: Vec<(String, String)> =
            sandbox.sections().into_iter().map(|section| (section.number, section.title)).collect();
        let cases = stories.into_values().filter_map(|story| case(story, &sections));
        let mut cases: Vec<Case> = cases.collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        let requests = model.stand_in.as_ref().map(ModelServer::requests).unwrap_or_default();
        Self { cases, requests }
    }
}

/// A run whose answer, the repaired one if there was a repair, went out whole.
fn case(story: RunRecord, sections: &[(String, String)]) -> Option<Case> {
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
        evidence: Evidence { rows: story.evidence, sections: sections.to_vec(), ..Evidence::default() },
        prompt: Prompt::version(&name, prompt.version).unwrap(),
    })
}

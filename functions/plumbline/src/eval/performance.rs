//! One case, played: what the product made of it, and everything it did to Procore meanwhile.

use std::{collections::BTreeMap, path::PathBuf};

use agent::{RunRecord, workflows::WorkflowId};
use anyhow::Context;
use sandbox::{Item, Recorded, RfiRecord, model::ModelServer};

use super::{
    case::Case,
    player::{self, Model, Recording},
    scene,
};
use crate::stage::{Play, Stage};

/// How cases are played.
#[derive(Clone, Debug)]
pub struct Casting {
    /// Who plays the model.
    pub model: Model,
    /// Where kept answers are.
    pub answers: PathBuf,
    /// Prompt versions in place of those labelled `production`.
    pub prompts: BTreeMap<WorkflowId, u32>,
    /// Dollars per million tokens, where the built-in price list does not know the model.
    pub usd_per_million_tokens: Option<String>,
    /// Program that reads documents; `None` is this one.
    pub extractor: Option<PathBuf>,
}

/// What came of a case.
#[derive(Clone, Debug)]
pub struct Performance {
    /// The case's name.
    pub case: String,
    /// The run of its record.
    pub story: RunRecord,
    /// The kept answer it was played with.
    pub recording: Option<Recording>,
    /// Correspondence items there are now.
    pub items: Vec<Item>,
    /// Everything that was asked of the model, in the API's form, where a stand-in played it.
    pub asked: Vec<serde_json::Value>,
    /// Everything that was asked of Procore.
    pub requests: Vec<Recorded>,
    /// RFIs as they were before the case's event and are now.
    pub rfis: Vec<(RfiRecord, RfiRecord)>,
    /// Everybody who was written to.
    pub mails: Vec<String>,
    /// Numbers of the project's specification sections.
    pub sections: Vec<String>,
    /// Numbers of its sheets.
    pub sheets: Vec<String>,
}

/// Plays a case on a stage of its own.
///
/// # Errors
/// When the stage cannot be set, or the case comes to no end.
pub async fn perform(case: &Case, casting: &Casting) -> anyhow::Result<Performance> {
    let (endpoint, recording) = player::endpoint(casting.model, &casting.answers, &case.name).await?;
    let price = match (&endpoint.stand_in, &casting.usd_per_million_tokens) {
        (_, Some(usd)) => Some(usd.as_str()),
        (Some(_), None) => Some("0"),
        (None, None) => None,
    };
    let play = Play {
        prompts: casting.prompts.clone(),
        usd_per_million_tokens: price,
        extractor: casting.extractor.clone(),
        ..Play::new(scene::options(case), &endpoint)
    };
    let mut stage = Stage::start(play).await?;
    scene::closed_rfis(case, &stage.sandbox);
    stage.ended(stage.tell_rfis(sandbox::RfiStatus::Closed, "update")).await?;
    let record = scene::enter(case, &stage.sandbox);
    let before = stage.sandbox.rfis();
    let stories = stage.ended(record).await?;
    let sandbox = stage.end().await;
    let story = stories.into_values().next().context("no run came of the case")?;
    let mut sections: Vec<String> = sandbox.sections().into_iter().map(|section| section.number).collect();
    sections.dedup();
    Ok(Performance {
        case: case.name.clone(),
        story,
        recording,
        items: sandbox.correspondence(),
        asked: endpoint.stand_in.as_ref().map(ModelServer::requests).unwrap_or_default(),
        requests: sandbox.requests(),
        rfis: before.into_iter().zip(sandbox.rfis()).collect(),
        mails: sandbox.mails(),
        sections,
        sheets: sandbox.drawings().into_iter().map(|drawing| drawing.number).collect(),
    })
}

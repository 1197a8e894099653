//! `plumbline eval`: the workflows over cases of our own, through the real pipeline against the sandbox, and whether a
//! prompt version may be released. Works on no customer's record.

pub mod case;
pub mod figures;
pub mod footprint;
pub mod harm;
mod performance;
mod player;
mod release;
mod report;
mod scene;
mod score;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use agent::{prompt::Prompt, workflows::WorkflowId};
use anyhow::{Context, bail};
use clap::Args;
use tokio::{sync::Semaphore, task::JoinSet};

pub use performance::{Casting, Performance, perform};
pub use player::{Model, Recording};
pub use report::Report;
pub use score::{Score, score};

use crate::{
    story::{Texts, told},
    terminal::tell,
};
use case::Case;

/// What is evaluated, and how.
#[derive(Clone, Debug, Args)]
pub struct Arguments {
    /// Only this workflow, such as rfi_response.
    #[arg(long)]
    pub workflow: Option<String>,
    /// Another version of its prompt than the released one: v2, or a label such as candidate.
    #[arg(long, requires = "workflow")]
    pub prompt: Option<String>,
    /// Who plays the model.
    #[arg(long, value_enum, default_value = "recorded")]
    pub model: Model,
    /// Only cases with this in their name.
    #[arg(long)]
    pub case: Option<String>,
    /// Directory of the cases.
    #[arg(long, default_value = "tests/eval/cases")]
    pub cases: PathBuf,
    /// Directory of the kept answers.
    #[arg(long, default_value = "tests/eval/answers")]
    pub answers: PathBuf,
    /// Writes the whole result here, as JSON.
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Times each case is played; the worst counts. Three where none is said and the endpoint is real.
    #[arg(long)]
    pub runs: Option<usize>,
    /// Cases played at once.
    #[arg(long, default_value_t = 4)]
    pub jobs: usize,
    /// Dollars per million tokens of any kind, where the price list does not know the model.
    #[arg(long)]
    pub price: Option<String>,
    /// Keeps the answers in the directory of kept answers.
    #[arg(long)]
    pub record: bool,
    /// Prints evidence, answer, findings and draft of each case.
    #[arg(long)]
    pub show: bool,
}

impl Arguments {
    /// All cases of a directory that holds `cases` and `answers`, once, with this model.
    pub fn all(model: Model, dir: &Path) -> Self {
        Self {
            workflow: None,
            prompt: None,
            model,
            case: None,
            cases: dir.join("cases"),
            answers: dir.join("answers"),
            json: None,
            runs: Some(1),
            jobs: 4,
            price: None,
            record: false,
            show: false,
        }
    }
}

/// Plays the cases and prints the result; `Ok(false)` if the release gate says no.
///
/// # Errors
/// When a case cannot be read or played.
pub async fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let (report, performances) = evaluate(arguments, None).await?;
    if arguments.show {
        for performance in &performances {
            tell(&format!(
                "#### {}\n{}\n",
                performance.story.record_label,
                told(&performance.story, Texts::Told)
            ));
        }
    }
    tell(&report.text());
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string_pretty(&report)? + "\n";
        std::fs::write(path, json).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(report.passes())
}

/// Plays the cases. `extractor` reads the documents in place of this program.
///
/// # Errors
/// When a case cannot be read or played.
pub async fn evaluate(
    arguments: &Arguments,
    extractor: Option<&Path>,
) -> anyhow::Result<(Report, Vec<Performance>)> {
    let workflow = arguments.workflow.as_deref().map(named).transpose()?;
    let mut cases = case::load(&arguments.cases)?;
    cases.retain(|case| workflow.is_none_or(|workflow| case.workflow == workflow));
    cases.retain(|case| arguments.case.as_ref().is_none_or(|name| case.name.contains(name.as_str())));
    if cases.is_empty() {
        bail!("no case fits --workflow and --case");
    }
    let casting = Casting {
        model: arguments.model,
        answers: arguments.answers.clone(),
        prompts: BTreeMap::new(),
        usd_per_million_tokens: arguments.price.clone(),
        extractor: extractor.map(Path::to_owned),
    };
    let candidate = match (workflow, &arguments.prompt) {
        (Some(workflow), Some(wanted)) => Some((workflow, version(workflow, wanted)?)),
        _ => None,
    };
    let runs = arguments.runs.unwrap_or(if arguments.model == Model::Endpoint { 3 } else { 1 });
    let cases = Arc::new(cases);
    let asked = Casting { prompts: candidate.into_iter().collect(), ..casting.clone() };
    let performances = play(&cases, asked, runs, arguments.jobs).await?;
    if arguments.record {
        keep(&performances, &arguments.answers)?;
    }
    let marks = |performances: &[(usize, Performance)]| -> Vec<Score> {
        performances
            .iter()
            .filter_map(|(case, performance)| Some(score(cases.get(*case)?, performance)))
            .collect()
    };
    let released = match candidate {
        Some((workflow, version))
            if version != Prompt::labelled(workflow.name(), "production")?.reference.version =>
        {
            Some(marks(&play(&cases, casting, runs, arguments.jobs).await?))
        }
        _ => None,
    };
    let report = Report::new(arguments.model, marks(&performances), released.as_deref());
    Ok((report, performances.into_iter().map(|(_, performance)| performance).collect()))
}

/// Plays every case `runs` times, `jobs` at once. In the order of the cases.
async fn play(
    cases: &Arc<Vec<Case>>,
    casting: Casting,
    runs: usize,
    jobs: usize,
) -> anyhow::Result<Vec<(usize, Performance)>> {
    let stages = Arc::new(Semaphore::new(jobs.max(1)));
    let mut playing = JoinSet::new();
    for position in 0..cases.len() {
        for _ in 0..runs.max(1) {
            let (cases, casting, stages) = (Arc::clone(cases), casting.clone(), Arc::clone(&stages));
            playing.spawn(async move {
                let _stage = stages.acquire_owned().await?;
                let case = cases.get(position).context("a case went missing")?;
                let performance = perform(case, &casting).await.with_context(|| case.name.clone())?;
                anyhow::Ok((position, performance))
            });
        }
    }
    let mut performances = Vec::new();
    while let Some(performance) = playing.join_next().await {
        performances.push(performance.context("a case fell off the stage")??);
    }
    performances.sort_by_key(|(position, _)| *position);
    Ok(performances)
}

/// Keeps the answers of these performances under the names of their cases.
fn keep(performances: &[(usize, Performance)], answers: &Path) -> anyhow::Result<()> {
    for (_, performance) in performances {
        let story = &performance.story;
        let (Some(answer), Some(prompt)) = (&story.answer, &story.prompt) else { continue };
        let recording = Recording {
            model: story.model.clone().unwrap_or_default(),
            prompt: Some(format!("{} v{}", prompt.workflow, prompt.version)),
            answer: answer.clone(),
        };
        recording.write(answers, &performance.case)?;
    }
    Ok(())
}

fn named(name: &str) -> anyhow::Result<WorkflowId> {
    let found = WorkflowId::all().iter().find(|workflow| workflow.name() == name);
    found.copied().with_context(|| {
        let names: Vec<&str> = WorkflowId::all().iter().map(|workflow| workflow.name()).collect();
        format!("no workflow {name:?}; there are {}", names.join(", "))
    })
}

/// The version a number (`v2`, `2`) or a label names.
fn version(workflow: WorkflowId, wanted: &str) -> anyhow::Result<u32> {
    let number = wanted.strip_prefix('v').unwrap_or(wanted).parse();
    let prompt = match number {
        Ok(number) => Prompt::version(workflow.name(), number)?,
        Err(_) => Prompt::labelled(workflow.name(), wanted)?,
    };
    Ok(prompt.reference.version)
}

//! What the workflows really ask of Procore is covered by what the app's manifest asks for, and nothing more is asked for.

use std::collections::{BTreeMap, BTreeSet};

use agent::workflows::WorkflowId;
use plumbline::permissions::{ALWAYS, Access, Level, Needed, Tool, access, needed};
use sandbox::{LogFamily, NewLogEntry, NewRfi, NewSubmittal, RfiStatus};
use serde_json::{Value, json};

use crate::world::{World, question};

const MANIFEST: &str = include_str!("../../../../../docs/procore-app-manifest.json");

/// The level of each tool on a tab of the app's permissions.
fn tab(name: &str) -> BTreeMap<String, Level> {
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    let tab = manifest.pointer(&format!("/service_account_authentication/permissions/{name}")).unwrap();
    let level =
        |(tool, level): (&String, &Value)| (tool.clone(), Level::named(level.as_str().unwrap()).unwrap());
    tab.as_object().unwrap().iter().map(level).collect()
}

/// The tools a run asked, each with the highest level it took.
fn asked(world: &World) -> BTreeMap<Tool, Level> {
    let mut asked = BTreeMap::new();
    for request in world.far.sandbox.requests() {
        if ["/files/", "/storage/"].iter().any(|start| request.path.starts_with(start)) {
            continue;
        }
        let call = format!("{} {}", request.method, request.path);
        match access(&request.method, &request.path).unwrap_or_else(|| panic!("{call}: which tool is it?")) {
            Access::NoTool => {}
            Access::Of(tool, level) => {
                let highest = asked.entry(tool).or_insert(level);
                *highest = level.max(*highest);
            }
        }
    }
    world.far.sandbox.clear_requests();
    asked
}

fn assert_covered(workflow: WorkflowId, asked: &BTreeMap<Tool, Level>) {
    assert!(!asked.is_empty(), "{}", workflow.name());
    for (tool, level) in asked {
        let row = needed(workflow).iter().find(|row| row.tool == *tool);
        let row = row.unwrap_or_else(|| panic!("{} asks {}", workflow.name(), tool.name()));
        assert!(row.level() >= *level, "{}: {} at {}", workflow.name(), tool.name(), level.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_each_workflow_asks_is_in_its_table() {
    let mut world = World::start().await;
    let mut met: BTreeSet<Tool> = BTreeSet::new();
    let sandbox = world.far.sandbox.clone();
    let rfi = sandbox.add_rfi(NewRfi { drawing_number: Some("A-501".to_owned()), ..question() });
    let draft = sandbox.add_rfi(NewRfi { question: String::new(), status: RfiStatus::Draft, ..question() });
    let submittal = sandbox.add_submittal(NewSubmittal {
        section: Some("10 28 00".to_owned()),
        age_s: 3600,
        emit: false,
        ..NewSubmittal::default()
    });
    let fields = json!({"comment": "Poured the slab of grid C."}).as_object().unwrap().clone();
    let entry = sandbox.add_log_entry(NewLogEntry {
        family: LogFamily::Notes,
        fields,
        emit: false,
        ..NewLogEntry::default()
    });

    for workflow in WorkflowId::all() {
        let story = match workflow {
            WorkflowId::RfiQuestion => world.tell(draft, "create").await,
            WorkflowId::RfiResponse => world.tell(rfi, "create").await,
            WorkflowId::SubmittalReview => world.tell_of_submittal(submittal, "create").await,
            WorkflowId::DailyLogSummary => world.tell_of_log_entry("Notes Logs", entry, "update").await,
        };
        assert_eq!(story.workflow.as_deref(), Some(workflow.name()), "{}: {}", story.outcome, story.reason);
        let asked = asked(&world);
        assert_covered(*workflow, &asked);
        met.extend(asked.into_keys());
    }
    met.insert(ALWAYS.tool);
    assert_eq!(met, Tool::ALL.into_iter().collect(), "a tool that nobody asks needs no permission");
}

#[test]
fn the_manifest_asks_for_that_and_for_nothing_more() {
    let rows = WorkflowId::all().iter().flat_map(|workflow| needed(*workflow)).chain([&ALWAYS]);
    let mut project: BTreeMap<String, Level> = BTreeMap::new();
    for row in rows.copied() {
        let Needed { tool, .. } = row;
        let highest = project.entry(tool.name().to_owned()).or_insert(row.level());
        *highest = row.level().max(*highest);
    }
    assert_eq!(tab("project_level"), project);
    assert_eq!(tab("company_level"), BTreeMap::from([(ALWAYS.tool.name().to_owned(), ALWAYS.level())]));
    assert!(project.values().all(|level| *level < Level::Admin), "{project:?}");
}

//! Everything the client can send, as one table, and that the walks of this folder leave nothing of it out.

use std::{collections::BTreeSet, fs, path::Path};

use super::{
    Desk, correspondence, daily_logs, directory, drawings, hooks, hooks_v1, rfis, specifications, submittals,
};

/// Every operation of the vendor's description that the client can send, with the description's names.
const TABLE: &str = "
    POST /oauth/token
    GET /rest/v1.0/me
    GET /rest/v1.0/company_base_url
    GET /rest/v1.0/settings/permissions
    GET /rest/v1.0/projects
    GET /rest/v1.0/projects/{id}
    GET /rest/v1.0/projects/{project_id}/users
    GET /rest/v1.0/projects/{project_id}/users/{id}
    GET /rest/v1.0/projects/{project_id}/locations
    GET /rest/v1.0/projects/{project_id}/rfis
    POST /rest/v1.0/projects/{project_id}/rfis
    GET /rest/v1.0/projects/{project_id}/rfis/{id}
    PATCH /rest/v1.0/projects/{project_id}/rfis/{id}
    GET /rest/v1.0/projects/{project_id}/rfis/{rfi_id}/replies
    GET /rest/v1.0/projects/{project_id}/rfis/potential_rfi_managers
    GET /rest/v1.0/projects/{project_id}/rfis/default_distribution
    GET /rest/v1.1/projects/{project_id}/submittals
    POST /rest/v1.1/projects/{project_id}/submittals
    GET /rest/v1.1/projects/{project_id}/submittals/{id}
    GET /rest/v1.1/projects/{project_id}/submittals/{id}/revisions
    GET /rest/v1.1/projects/{project_id}/submittals/{id}/workflow_data
    GET /rest/v1.1/projects/{project_id}/submittals/next_available_number
    GET /rest/v1.1/projects/{project_id}/submittals/next_available_number/{spec_section_id}
    GET /rest/v1.0/projects/{project_id}/submittal_responses
    GET /rest/v1.0/companies/{company_id}/submittal_statuses
    GET /rest/v1.0/companies/{company_id}/submittal_types
    GET /rest/v1.0/projects/{project_id}/accident_logs
    GET /rest/v1.0/projects/{project_id}/accident_logs/{id}
    GET /rest/v1.0/projects/{project_id}/call_logs
    GET /rest/v1.0/projects/{project_id}/call_logs/{id}
    GET /rest/v1.0/projects/{project_id}/daily_construction_report_logs
    GET /rest/v1.0/projects/{project_id}/daily_construction_report_logs/{id}
    GET /rest/v1.0/projects/{project_id}/delay_logs
    GET /rest/v1.0/projects/{project_id}/delay_logs/{id}
    GET /rest/v1.0/projects/{project_id}/delivery_logs
    GET /rest/v1.0/projects/{project_id}/delivery_logs/{id}
    GET /rest/v1.0/projects/{project_id}/dumpster_logs
    GET /rest/v1.0/projects/{project_id}/dumpster_logs/{id}
    GET /rest/v1.0/projects/{project_id}/equipment_logs
    GET /rest/v1.0/projects/{project_id}/equipment_logs/{id}
    GET /rest/v1.0/projects/{project_id}/inspection_logs
    GET /rest/v1.0/projects/{project_id}/inspection_logs/{id}
    GET /rest/v1.0/projects/{project_id}/manpower_logs
    GET /rest/v1.0/projects/{project_id}/manpower_logs/{id}
    GET /rest/v1.0/projects/{project_id}/notes_logs
    GET /rest/v1.0/projects/{project_id}/notes_logs/{id}
    GET /rest/v1.0/projects/{project_id}/plan_revision_logs
    GET /rest/v1.0/projects/{project_id}/plan_revision_logs/{id}
    GET /rest/v1.0/projects/{project_id}/productivity_logs
    GET /rest/v1.0/projects/{project_id}/productivity_logs/{id}
    GET /rest/v1.0/projects/{project_id}/quantity_logs
    GET /rest/v1.0/projects/{project_id}/quantity_logs/{id}
    GET /rest/v1.0/projects/{project_id}/safety_violation_logs
    GET /rest/v1.0/projects/{project_id}/safety_violation_logs/{id}
    GET /rest/v1.0/projects/{project_id}/visitor_logs
    GET /rest/v1.0/projects/{project_id}/visitor_logs/{id}
    GET /rest/v1.0/projects/{project_id}/waste_logs
    GET /rest/v1.0/projects/{project_id}/waste_logs/{id}
    GET /rest/v1.0/projects/{project_id}/weather_logs
    GET /rest/v1.0/projects/{project_id}/work_logs
    GET /rest/v1.0/projects/{project_id}/work_logs/{id}
    GET /rest/v1.1/projects/{project_id}/daily_logs/weather_logs
    GET /rest/v1.1/projects/{project_id}/daily_logs/weather_logs/{id}
    GET /rest/v1.1/projects/{project_id}/daily_logs/counts
    GET /rest/v1.0/projects/{project_id}/daily_log_headers
    GET /rest/v1.0/projects/{project_id}/daily_log_headers/index
    GET /rest/v1.0/specification_sections
    GET /rest/v1.0/specification_section_divisions
    GET /rest/v1.0/specification_section_revisions
    GET /rest/v2.1/companies/{company_id}/projects/{project_id}/specification_sections
    GET /rest/v1.0/projects/{project_id}/drawing_areas
    GET /rest/v1.0/projects/{project_id}/drawing_revisions
    GET /rest/v1.0/projects/{project_id}/drawing_revisions/{id}
    GET /rest/v1.1/drawing_areas/{drawing_area_id}/drawings
    GET /rest/v1.0/companies/{company_id}/generic_tools
    GET /rest/v1.0/companies/{company_id}/generic_tools/{generic_tool_id}/statuses
    GET /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items
    POST /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items
    GET /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/available_statuses
    GET /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/{id}
    PATCH /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/{id}
    DELETE /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/{id}
    GET /rest/v2.0/companies/{company_id}/webhooks/hooks
    POST /rest/v2.0/companies/{company_id}/webhooks/hooks
    PATCH /rest/v2.0/companies/{company_id}/webhooks/hooks/{id}
    DELETE /rest/v2.0/companies/{company_id}/webhooks/hooks/{id}
    GET /rest/v2.0/companies/{company_id}/webhooks/hooks/{hook_id}/triggers
    POST /rest/v2.0/companies/{company_id}/webhooks/hooks/{hook_id}/triggers/bulk
    DELETE /rest/v2.0/companies/{company_id}/webhooks/hooks/{hook_id}/triggers/bulk
    GET /rest/v2.0/companies/{company_id}/webhooks/hooks/{hook_id}/deliveries
    GET /rest/v2.0/companies/{company_id}/webhooks/resources
    GET /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks
    POST /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks
    PATCH /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks/{id}
    DELETE /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks/{id}
    GET /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks/{hook_id}/triggers
    POST /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks/{hook_id}/triggers/bulk
    DELETE /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks/{hook_id}/triggers/bulk
    GET /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/hooks/{hook_id}/deliveries
    GET /rest/v2.0/companies/{company_id}/projects/{project_id}/webhooks/resources
    GET /rest/v1.0/webhooks/hooks
    POST /rest/v1.0/webhooks/hooks
    PATCH /rest/v1.0/webhooks/hooks/{id}
    DELETE /rest/v1.0/webhooks/hooks/{id}
    GET /rest/v1.0/webhooks/hooks/{hook_id}/triggers
    POST /rest/v1.0/webhooks/hooks/{hook_id}/triggers/bulk
    DELETE /rest/v1.0/webhooks/hooks/{hook_id}/triggers/bulk
    GET /rest/v1.0/webhooks/hooks/{hook_id}/deliveries
    GET /rest/v1.0/webhooks/resources
";

fn table() -> impl Iterator<Item = &'static str> {
    TABLE.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The rows whose segments these are, ids standing for names in braces.
fn rows_of(call: &str) -> Vec<&'static str> {
    let is_id = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = |row: &&str| {
        let (row, call): (Vec<_>, Vec<_>) = (row.split('/').collect(), call.split('/').collect());
        let same = |(named, sent): (&&str, &&str)| named == sent || (named.starts_with('{') && is_id(sent));
        row.len() == call.len() && row.iter().zip(&call).all(same)
    };
    table().filter(fits).collect()
}

#[tokio::test]
async fn the_walks_send_everything_the_table_has_and_nothing_else() {
    let desk = Desk::with(hooks::hasty()).await;
    directory::walk(&desk).await;
    rfis::walk(&desk).await;
    submittals::walk(&desk).await;
    daily_logs::walk(&desk).await;
    specifications::walk(&desk).await;
    drawings::walk(&desk).await;
    correspondence::walk(&desk).await;
    hooks::walk(&desk).await;
    hooks_v1::walk(&desk).await;

    let files = ["/files/", "/storage/"];
    let mut met = BTreeSet::new();
    for asked in desk.sandbox.requests() {
        if files.iter().any(|start| asked.path.starts_with(start)) {
            continue;
        }
        let call = format!("{} {}", asked.method, asked.path);
        let rows = rows_of(&call);
        assert_eq!(rows.len(), 1, "{call}: {rows:?}");
        // What was answered by a version that is not there did not happen.
        if asked.status < 400 {
            met.extend(rows);
        }
    }
    let all: BTreeSet<&str> = table().collect();
    assert_eq!(
        all.difference(&met).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "never sent, or always refused"
    );
    assert_eq!(desk.tokens(), 1);
}

/// The source of the client, without comments and what only tests use, file by file.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/procore/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                // Quotation marks that begin no text would shift all that follow.
                let code = lines.collect::<Vec<_>>().join("\n").replace("'\"'", "").replace("\\\"", "");
                found.push((path.display().to_string(), code));
            }
        }
    }
    found
}

/// The text literals in some code.
fn literals(code: &str) -> impl Iterator<Item = &str> {
    code.split('"').skip(1).step_by(2)
}

/// Whether a path template of the source begins, or where it goes on from another, ends a row of the table. What
/// stands in braces there may be any segment.
fn is_in_table(template: &str) -> bool {
    let same = |(written, named): (&str, &str)| written == named || written.starts_with('{');
    table().filter_map(|row| row.split_once(' ')).any(|(_, path)| match template.split_once("}/") {
        Some((start, rest)) if start.starts_with('{') => {
            let wanted = rest.split('/').count();
            wanted < path.split('/').count() && rest.rsplit('/').zip(path.rsplit('/')).all(same)
        }
        _ => {
            let wanted = template.split('/').count();
            wanted <= path.split('/').count() && template.split('/').zip(path.split('/')).all(same)
        }
    })
}

#[test]
fn every_path_in_the_source_is_in_the_table() {
    let mut seen = 0;
    for (file, code) in sources() {
        for literal in literals(&code) {
            let goes_on = literal.starts_with('{') && literal.contains("}/") && !literal.contains(' ');
            if literal.starts_with("/rest/") || goes_on {
                seen += 1;
                assert!(is_in_table(literal), "{literal} of {file} is not in the table");
            }
        }
    }
    assert!(seen > 45, "only {seen} were found: are they written otherwise now?");
    for unknown in
        ["/rest/v1.0/projects/{project}/punch_items", "{}/punch_items", "/rest/v1.1/me", "{}/{hook}/x"]
    {
        assert!(!is_in_table(unknown), "{unknown}");
    }
}

#[test]
fn every_call_of_the_client_is_made_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/resources");
    let here: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let mut calls = 0;
    for (file, code) in sources() {
        for call in code.split("    pub async fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next()) {
            // These ask the account of calls, never Procore.
            if ["hand_back", "budget_share_percent"].contains(&call) {
                continue;
            }
            calls += 1;
            let made = format!(".{call}(");
            assert!(here.iter().any(|text| text.contains(&made)), "{call} of {file} is never called");
        }
    }
    assert!(calls > 45, "only {calls} were found: are they written otherwise now?");
}

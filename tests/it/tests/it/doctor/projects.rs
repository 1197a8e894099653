//! Projects, permissions, correspondence.

use plumbline::doctor::examine;
use sandbox::Level;

use super::{Clinic, settled, shown};
use crate::world::Terms;

/// What is not well once the account has this level on a tool.
async fn at(tool: &str, level: Level) -> String {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.set_level(tool, level);
    clinic.ill().await
}

#[tokio::test]
async fn a_project_the_app_is_not_permitted_in() {
    let clinic = Clinic::healthy().await;
    let subject = clinic.configured(clinic.terms.toml().replace("id = 4071", "id = 4072"));
    settled!(clinic.ill_of(&subject).await, @r"
    project 4072
      BROKEN     access: the app is not permitted in this project (status 403)
                  Procore administrator: company level Admin tool, Company Settings, App Management, View next to the app, Permissions tab: select the project, Add. An update of the app asks for its projects again
      not tried  permission: not asked, because the project cannot be read
      not tried  correspondence type: not asked, because the project cannot be read
      not tried  hook: not asked, because the project cannot be read
    0 well, 0 warnings, 1 broken, 3 not tried
    ");
}

#[tokio::test]
async fn a_reviewer_who_is_not_in_the_project() {
    let clinic = Clinic::healthy().await;
    let subject = clinic.configured(clinic.terms.toml().replace("reviewer_id = 5101", "reviewer_id = 5999"));
    settled!(clinic.ill_of(&subject).await, @r"
    project 4071
      WARNING    reviewer: user 5999 is not there in the project's directory
                  platform engineer: correct reviewer_id: plumbline.toml
    0 well, 1 warning, 0 broken, 0 not tried
    ");
}

#[tokio::test]
async fn no_permission_on_rfis() {
    settled!(at("rfi", Level::None).await, @r"
    project 4071
      BROKEN     permission: RFI is None, and rfi_question, rfi_response needs Standard
                  owner of the app in the Developer Portal: set RFI to Standard: Developer Portal, the app, Edit Components, Data Connector, Service Account Authentication, Manage, Project Level; then the Procore administrator updates the app in App Management. Where the account has a permissions template: company level Permissions tool, Project Permissions Templates
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn rfis_are_only_read_and_a_draft_rfi_is_to_be_filled_in() {
    settled!(at("rfi", Level::ReadOnly).await, @r"
    project 4071
      BROKEN     permission: RFI is Read Only, and rfi_question needs Standard
                  owner of the app in the Developer Portal: set RFI to Standard: Developer Portal, the app, Edit Components, Data Connector, Service Account Authentication, Manage, Project Level; then the Procore administrator updates the app in App Management. Where the account has a permissions template: company level Permissions tool, Project Permissions Templates
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn rfis_are_only_read_and_no_workflow_needs_more() {
    let clinic = Clinic::with(Terms { workflows: &["rfi_response"], ..Terms::default() }).await;
    clinic.far.sandbox.set_level("rfi", Level::ReadOnly);
    settled!(clinic.ill().await, @r"
    0 well, 0 warnings, 0 broken, 0 not tried
    ");
}

#[tokio::test]
async fn no_permission_on_submittals() {
    settled!(at("submittal_log", Level::None).await, @r"
    project 4071
      BROKEN     permission: Submittals is None, and submittal_review needs Read-only
                  owner of the app in the Developer Portal: set Submittals to Read-only: Developer Portal, the app, Edit Components, Data Connector, Service Account Authentication, Manage, Project Level; then the Procore administrator updates the app in App Management. Where the account has a permissions template: company level Permissions tool, Project Permissions Templates
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn no_permission_on_the_daily_log() {
    settled!(at("daily_log", Level::None).await, @r"
    project 4071
      BROKEN     permission: Daily Log is None, and daily_log_summary needs Read-only
                  owner of the app in the Developer Portal: set Daily Log to Read-only: Developer Portal, the app, Edit Components, Data Connector, Service Account Authentication, Manage, Project Level; then the Procore administrator updates the app in App Management. Where the account has a permissions template: company level Permissions tool, Project Permissions Templates
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_tool_that_is_listed_and_refuses() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.fail_next("GET /submittals", sandbox::Fault::Status(403), 1);
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     permission: Submittals cannot be read, which submittal_review does: GET /rest/v1.1/projects/4071/submittals was answered with status 403, code 403 (project not permitted, tool disabled or permission missing)
                  Procore administrator: project level Admin tool, Project Settings, Active Tools: whether Submittals is on in this project; then its level, Read-only or more: Developer Portal, the app, Edit Components, Data Connector, Service Account Authentication, Manage, Project Level; then the Procore administrator updates the app in App Management. Where the account has a permissions template: company level Permissions tool, Project Permissions Templates
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_list_of_permissions_that_cannot_be_had() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.fail_next("settings/permissions", sandbox::Fault::Status(404), 1);
    settled!(clinic.ill().await, @r"
    project 4071
      not tried  permission: RFI is readable; whether it is Standard was not told: GET /rest/v1.0/settings/permissions was answered with status 404, code 404 (missing, or not visible to the service account)
    0 well, 0 warnings, 0 broken, 1 not tried
    ");
}

#[tokio::test]
async fn no_correspondence_type_of_that_id() {
    settled!(Clinic::with(Terms { kind: Some(78), ..Terms::default() }).await.ill().await, @r"
    project 4071
      BROKEN     correspondence type: the project has no correspondence type 78: its drafts end NoCarrier
                  platform engineer: write correspondence_type_id, one of 77 (AI Drafts): plumbline.toml. Or, for a new one: company level Admin tool, Tool Settings, Correspondence: add a type for drafts, private by default, and add it to the project; then write its id as correspondence_type_id
      not tried  private draft: not tried, because the type cannot be used
    0 well, 0 warnings, 1 broken, 1 not tried
    ");
}

#[tokio::test]
async fn no_correspondence_type_at_all() {
    settled!(Clinic::with(Terms { kind: None, ..Terms::default() }).await.ill().await, @r"
    project 4071
      BROKEN     correspondence type: the project has no correspondence_type_id: its drafts end NoCarrier
                  platform engineer: write correspondence_type_id, one of 77 (AI Drafts): plumbline.toml. Or, for a new one: company level Admin tool, Tool Settings, Correspondence: add a type for drafts, private by default, and add it to the project; then write its id as correspondence_type_id
      not tried  private draft: not tried, because the type cannot be used
    0 well, 0 warnings, 1 broken, 1 not tried
    ");
}

#[tokio::test]
async fn a_correspondence_type_nothing_may_be_made_in() {
    settled!(at("generic_tool_77", Level::ReadOnly).await, @r"
    project 4071
      BROKEN     correspondence type: 77 (AI Drafts) is Read Only, and drafts need Standard
                  Procore administrator: company level Permissions tool, Project Permissions Templates, the service account's template: set correspondence type 77 (AI Drafts) to Standard
      not tried  private draft: not tried, because the type cannot be used
    0 well, 0 warnings, 1 broken, 1 not tried
    ");
}

#[tokio::test]
async fn a_try_leaves_nothing_behind() {
    let clinic = Clinic::healthy().await;
    let findings = examine(&clinic.subject(), true).await;
    let lines = shown(findings);
    let line = lines.lines().find(|line| line.contains("private draft:")).unwrap();
    assert_eq!(line, "  well       private draft: one was made, private and unsent, and deleted");
    let items = "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items";
    let writes = clinic.writes();
    assert_eq!(writes[0], format!("POST {items}"));
    assert!(writes.len() == 2 && writes[1].starts_with(&format!("DELETE {items}/")), "{writes:?}");
    assert_eq!((clinic.far.items(), clinic.far.sandbox.mails()), (vec![], vec![]));
}

#[tokio::test]
async fn a_correspondence_type_whose_items_are_no_private_drafts() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.set_private_ignored(true);
    clinic.far.sandbox.set_service_default_distribution(vec![5102]);
    let mut findings = examine(&clinic.subject(), true).await;
    findings.retain(|finding| !super::is_as_it_should_be(finding));
    settled!(shown(findings), @r"
    project 4071
      BROKEN     private draft: an item was not made as a private draft (not private, has distribution members), and deleted
                  Procore administrator: project's Correspondence tool, Configure Settings, the type: no Default Distribution, and a status Draft that counts as Draft; or choose another type. Until then every draft is deleted and its run ends Quarantined
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
    assert_eq!(clinic.far.items(), [], "it was deleted");
}

#[tokio::test]
async fn a_try_without_an_answer_is_looked_for_and_deleted() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.fail_next("POST generic_tool_items", sandbox::Fault::DropAfterApplying, 1);
    let findings = examine(&clinic.subject(), true).await;
    assert!(findings.iter().all(|finding| finding.holds()), "{findings:?}");
    assert_eq!(clinic.far.items(), []);
}

#[tokio::test]
async fn a_try_that_cannot_be_deleted_is_named() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.fail_next("DELETE generic_tool_items", sandbox::Fault::Status(403), 1);
    let mut findings = examine(&clinic.subject(), true).await;
    findings.retain(|finding| !super::is_as_it_should_be(finding));
    settled!(shown(findings), @r#"
    project 4071
      BROKEN     private draft: item HOOK was made and could not be deleted
                  Procore administrator: project's Correspondence tool, type 77: delete the item "Plumbline doctor: a try, deleted at once" by hand
    0 well, 0 warnings, 1 broken, 0 not tried
    "#);
}

#[tokio::test]
async fn rfis_at_standard_are_enough_and_the_line_says_for_what() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.set_level("rfi", Level::Standard);
    let findings = examine(&clinic.subject(), false).await;
    let line = findings.iter().find(|finding| finding.what.starts_with("RFI is")).unwrap();
    assert!(line.holds());
    assert_eq!(
        line.what,
        "RFI is Standard and readable; of draft RFIs it may see only its own and those it manages"
    );
}

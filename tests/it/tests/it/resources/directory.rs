//! Who we are, the projects, their people and places, and where the company's pages are.

use procore::{CompanyBase, LocationId, ProjectId, UserId, hooks::Scope};

use super::{ARCHITECT, Class, Desk, ENGINEER, PROJECT, class};
use crate::world::SERVICE_ACCOUNT;

pub(super) async fn walk(desk: &Desk) {
    let procore = &desk.procore;

    let me = procore.me().await.unwrap();
    assert_eq!((me.id.get(), me.name.as_str()), (SERVICE_ACCOUNT, "Plumbline Service Account"));
    assert_eq!(me.login.as_deref(), Some("plumbline@northgate.example"));

    let base = procore.company_base().await.unwrap();
    assert_eq!(base, CompanyBase { zone: Some("us01".to_owned()), web: Some(desk.sandbox.url()) });

    for scope in [Scope::Company, Scope::Project(PROJECT)] {
        let tools = procore.permissions(scope).await.unwrap();
        assert!(!tools.is_empty() && tools.iter().all(|tool| tool.level.is_some()), "{scope:?}: {tools:?}");
    }

    let project = procore.project(PROJECT).await.unwrap();
    assert_eq!((project.id, project.name.as_str()), (PROJECT, "Quarry Lane Community Clinic"));
    assert_eq!(project.display_name.as_deref(), Some("2217 - Quarry Lane Community Clinic"));
    assert_eq!(project.number.as_deref(), Some("2217"));
    assert_eq!((project.time_zone.as_deref(), project.active), (Some("America/Los_Angeles"), true));
    let projects = procore.projects().await.unwrap();
    assert_eq!(projects, [procore::Project { time_zone: None, ..project }], "a row knows no IANA name");

    let users = procore.project_users(PROJECT).await.unwrap();
    assert_eq!(users.len(), 12);
    let architect = users.iter().find(|user| user.id == ARCHITECT).unwrap();
    assert_eq!(architect.name, "Ellen Sorensen");
    let vendor = architect.vendor.as_ref().unwrap();
    assert_eq!((vendor.id.get(), vendor.name.as_str()), (7201, "Sorensen Vale Architects"));
    let engineer = procore.project_user(PROJECT, ENGINEER).await.unwrap();
    assert_eq!(engineer.email_address.as_deref(), Some("dana.whitlock@northgate.example"));
    assert_eq!(engineer.job_title.as_deref(), Some("Project Engineer"));
    assert_eq!((engineer.is_active, engineer.is_employee), (true, true));
    let outside = procore.project_user(PROJECT, ARCHITECT).await.unwrap();
    assert!(!outside.is_employee);

    let places = procore.locations(PROJECT).await.unwrap();
    assert_eq!(places.len(), 11);
    let wing = places.iter().find(|place| place.id == LocationId::new(31002)).unwrap();
    assert_eq!((wing.name.as_str(), wing.node_name.as_deref()), ("Level 1 > Exam wing", Some("Exam wing")));
    assert_eq!(wing.parent_id, Some(LocationId::new(31001)));
}

#[tokio::test]
async fn people_projects_and_places_are_read() {
    walk(&Desk::start().await).await;
}

#[tokio::test]
async fn what_is_out_of_sight_says_which_kind_of_out_of_sight() {
    let Desk { procore, .. } = Desk::start().await;
    assert_eq!(class(procore.project(ProjectId::new(4072)).await), Class::Forbidden);
    assert_eq!(class(procore.project(ProjectId::new(4073)).await), Class::NotFound);
    assert_eq!(class(procore.project_user(PROJECT, UserId::new(1)).await), Class::NotFound);
}

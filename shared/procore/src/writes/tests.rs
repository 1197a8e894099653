use secrecy::SecretString;
use serde_json::{Value, json};

use super::correspondence::DraftItem;
use super::rfis::{RfiDraft, RfiDraftChange};
use super::submittals::{DraftStatus, SubmittalDraft};
use super::{Write, administration, correspondence, rfis, submittals};
use crate::hooks::{HookChange, NewHook, NewTrigger, Scope, TriggerEvent};
use crate::ids::{
    CompanyId, CorrespondenceItemId, CorrespondenceTypeId, HookId, LocationId, ProjectId, RfiId, SectionId,
    TriggerId, UserId,
};
use crate::submittals::draft_row;

const COMPANY: CompanyId = CompanyId::new(8001);
const PROJECT: ProjectId = ProjectId::new(4071);
const KIND: CorrespondenceTypeId = CorrespondenceTypeId::new(77);
const ITEM: CorrespondenceItemId = CorrespondenceItemId::new(9);
const RFI: RfiId = RfiId::new(12);
const HOOK: HookId = HookId::new(3);
const SECRET: &str = "Bearer s3cret-of-the-hook";

fn item() -> DraftItem {
    DraftItem { title: "RFI 12".into(), description: "text".into() }
}

fn rfi() -> RfiDraft {
    RfiDraft {
        subject: "Kitchen leak".into(),
        question: "Smith said".into(),
        rfi_manager: UserId::new(5101),
        location: Some(LocationId::new(61)),
        drawing_number: Some("A-501".into()),
        specification_section: Some(SectionId::new(3105)),
        reference: None,
    }
}

fn submittal() -> SubmittalDraft {
    SubmittalDraft {
        number: "7".into(),
        title: "Kitchen leak".into(),
        description: "Smith said".into(),
        kind: Some("Shop Drawing".into()),
        specification_section: None,
    }
}

fn draft_status() -> DraftStatus {
    DraftStatus::of(&draft_row(4)).unwrap()
}

fn hook() -> NewHook {
    NewHook {
        payload_version: "v4.0".into(),
        namespace: "acme-plumbline".into(),
        destination_url: "https://hooks.example/procore".parse().unwrap(),
        authorization: SecretString::from(SECRET),
    }
}

fn triggers() -> [NewTrigger; 2] {
    [TriggerEvent::Create, TriggerEvent::Update]
        .map(|event| NewTrigger { resource_name: "RFIs".into(), event })
}

/// Every function of the list, once for each form it has.
fn whole_list() -> Vec<(Write, &'static str, &'static str, Value)> {
    let corresponded = json!({"generic_tool_item": {
        "title": "RFI 12", "description": "text", "status": "Draft", "private": true, "skip_emails": true,
    }});
    vec![
        (
            correspondence::create_draft(PROJECT, KIND, &item()),
            "POST",
            "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items",
            corresponded.clone(),
        ),
        (
            correspondence::update_draft(PROJECT, KIND, ITEM, &item()),
            "PATCH",
            "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items/9",
            corresponded,
        ),
        (
            correspondence::delete_item(PROJECT, KIND, ITEM),
            "DELETE",
            "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items/9",
            Value::Null,
        ),
        (
            rfis::create_draft(PROJECT, &rfi()),
            "POST",
            "/rest/v1.0/projects/4071/rfis",
            json!({"rfi": {
                "draft": true, "private": true, "subject": "Kitchen leak", "rfi_manager_id": 5101,
                "question": {"body": "Smith said"}, "location_id": 61, "drawing_number": "A-501",
                "specification_section_id": 3105,
            }}),
        ),
        (
            rfis::update_draft(PROJECT, RFI, &RfiDraftChange::default()),
            "PATCH",
            "/rest/v1.0/projects/4071/rfis/12",
            json!({"rfi": {"draft": true}}),
        ),
        (
            rfis::update_draft(PROJECT, RFI, &filled_in()),
            "PATCH",
            "/rest/v1.0/projects/4071/rfis/12",
            json!({"rfi": {
                "draft": true, "subject": "Kitchen leak", "question": {"body": "Smith said"}, "location_id": 61,
                "drawing_number": "A-501", "specification_section_id": 3105, "reference": "A",
            }}),
        ),
        (
            submittals::create_draft(PROJECT, draft_status(), &submittal()),
            "POST",
            "/rest/v1.1/projects/4071/submittals?send_emails=false",
            json!({"submittal": {
                "status_id": 4, "private": true, "number": "7", "title": "Kitchen leak",
                "description": "Smith said", "type": "Shop Drawing",
            }}),
        ),
    ]
}

fn filled_in() -> RfiDraftChange {
    RfiDraftChange {
        subject: Some("Kitchen leak".into()),
        question: Some("Smith said".into()),
        location: Some(LocationId::new(61)),
        drawing_number: Some("A-501".into()),
        specification_section: Some(SectionId::new(3105)),
        reference: Some("A".into()),
    }
}

/// The same for administration.
fn whole_administration() -> Vec<(Write, &'static str, &'static str, Value)> {
    let project = Scope::Project(PROJECT);
    let off = HookChange { active: Some(false), ..HookChange::default() };
    let secret = HookChange { authorization: Some(SecretString::from(SECRET)), ..HookChange::default() };
    let headers = json!({"Authorization": SECRET});
    let wanted = json!([
        {"resource_name": "RFIs", "event_type": "create"}, {"resource_name": "RFIs", "event_type": "update"},
    ]);
    let gone = [TriggerId::new(1), TriggerId::new(5_982_324_300_946_918_154)];
    vec![
        (
            administration::create_hook(COMPANY, Scope::Company, &hook()),
            "POST",
            "/rest/v2.0/companies/8001/webhooks/hooks",
            json!({"payload_version": "v4.0", "namespace": "acme-plumbline",
                "destination_url": "https://hooks.example/procore", "destination_headers": headers}),
        ),
        (
            administration::create_hook_v1(COMPANY, project, &hook()),
            "POST",
            "/rest/v1.0/webhooks/hooks",
            json!({"project_id": 4071, "hook": {"api_version": "v4.0", "namespace": "acme-plumbline",
                "destination_url": "https://hooks.example/procore", "destination_headers": headers}}),
        ),
        (
            administration::update_hook(COMPANY, project, HOOK, &off),
            "PATCH",
            "/rest/v2.0/companies/8001/projects/4071/webhooks/hooks/3",
            json!({"status": "disabled"}),
        ),
        (
            administration::update_hook_v1(COMPANY, Scope::Company, HOOK, &secret).unwrap(),
            "PATCH",
            "/rest/v1.0/webhooks/hooks/3",
            json!({"company_id": 8001, "hook": {"destination_headers": headers}}),
        ),
        (
            administration::delete_hook(COMPANY, project, HOOK),
            "DELETE",
            "/rest/v2.0/companies/8001/projects/4071/webhooks/hooks/3",
            Value::Null,
        ),
        (
            administration::delete_hook_v1(COMPANY, project, HOOK),
            "DELETE",
            "/rest/v1.0/webhooks/hooks/3?project_id=4071",
            Value::Null,
        ),
        (
            administration::create_triggers(COMPANY, project, HOOK, &triggers()),
            "POST",
            "/rest/v2.0/companies/8001/projects/4071/webhooks/hooks/3/triggers/bulk",
            wanted.clone(),
        ),
        (
            administration::create_triggers_v1(COMPANY, project, HOOK, "v2.0", &triggers()),
            "POST",
            "/rest/v1.0/webhooks/hooks/3/triggers/bulk",
            json!({"project_id": 4071, "api_version": "v2.0", "triggers": wanted}),
        ),
        (
            administration::delete_triggers(COMPANY, Scope::Company, HOOK, &gone),
            "DELETE",
            "/rest/v2.0/companies/8001/webhooks/hooks/3/triggers/bulk",
            json!(["1", "5982324300946918154"]),
        ),
        (
            administration::delete_triggers_v1(COMPANY, Scope::Company, HOOK, &gone),
            "DELETE",
            "/rest/v1.0/webhooks/hooks/3/triggers/bulk",
            json!({"company_id": 8001, "triggers": [1, 5_982_324_300_946_918_154_i64]}),
        ),
    ]
}

fn target(write: &Write) -> String {
    let mut target = write.path().to_owned();
    for (at, (key, value)) in write.query().iter().enumerate() {
        target.push(if at == 0 { '?' } else { '&' });
        target.push_str(&format!("{key}={value}"));
    }
    target
}

#[test]
fn the_whole_list() {
    for (write, method, path, body) in whole_list().into_iter().chain(whole_administration()) {
        assert_eq!((write.method().name(), &*target(&write)), (method, path));
        assert_eq!(write.method().http().as_str(), method);
        assert_eq!(write.body().unwrap_or(&Value::Null), &body, "{path}");
        assert_eq!(write.method().repeatable(), method == "DELETE", "{method}");
    }
}

/// Whatever is added to the list: nothing in it names people, opens, numbers or distributes.
#[test]
fn no_write_says_what_a_draft_must_not() {
    const NEVER: [&str; 14] = [
        "assignee_id",
        "assignee_ids",
        "required_assignee_ids",
        "distribution_ids",
        "distribution_member_ids",
        "ball_in_court_id",
        "received_from_id",
        "accepted",
        "due_date",
        "workflow_data",
        "reply",
        "official",
        "issued_at",
        "login_information_ids",
    ];
    for (write, method, path, body) in whole_list() {
        let record = body.as_object().and_then(|body| body.values().next()).and_then(Value::as_object);
        let Some(record) = record else {
            assert_eq!(method, "DELETE", "{path}");
            continue;
        };
        for member in NEVER {
            assert!(!record.contains_key(member), "{method} {path} states {member}");
        }
        let draft = record.get("draft") == Some(&Value::Bool(true))
            || record.get("status") == Some(&json!("Draft"))
            || record.get("status_id") == Some(&json!(draft_status().id()));
        assert!(draft, "{method} {path} does not say that it is a draft");
        assert!(record.get("number").is_none() || path.contains("/submittals"), "{path}");
        assert!(write.query().iter().all(|pair| *pair == ("send_emails", "false".to_owned())), "{path}");
    }
}

#[test]
fn administration_touches_webhooks_alone() {
    for (write, _, path, _) in whole_administration() {
        assert!(write.path().contains("/webhooks/hooks"), "{path}");
    }
    for (write, _, path, _) in whole_list() {
        assert!(!write.path().contains("/webhooks/"), "{path}");
    }
}

#[test]
fn the_older_version_cannot_switch_a_hook_and_says_so() {
    let on = HookChange { active: Some(true), ..HookChange::default() };
    assert!(administration::update_hook_v1(COMPANY, Scope::Company, HOOK, &on).is_none());
}

#[test]
fn neither_text_nor_secret_is_shown() {
    let mut shown = format!("{:?} {:?} {:?} {:?} {:?}", item(), rfi(), filled_in(), submittal(), hook());
    let secret = HookChange { authorization: Some(SecretString::from(SECRET)), ..HookChange::default() };
    shown.push_str(&format!("{secret:?}"));
    for (write, ..) in whole_list().into_iter().chain(whole_administration()) {
        shown.push_str(&format!("{write:?}"));
        shown.push_str(&format!("{:?}", crate::Call::from(write)));
    }
    for word in ["Kitchen", "Smith", "s3cret"] {
        assert!(!shown.contains(word), "{shown}");
    }
}

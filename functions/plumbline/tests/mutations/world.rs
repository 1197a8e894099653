//! Good answers: what the honest model says of the seeded project, with the evidence it was shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use agent::{
    Config, RunRecord,
    assemble::{Addresses, Secrets},
    evidence::Evidence,
    prompt::Prompt,
    workflows::WorkflowId,
};
use plumbline::{Service, Setup};
use sandbox::{
    Hook, Options, RfiStatus, Sandbox,
    model::{Behaviour, ModelServer},
};
use serde_json::Value;
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    time::timeout,
};

const AUTHORIZATION: &str = "Bearer mutations-test";

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
        let model = ModelServer::start(Behaviour::Scripted).await.unwrap();
        let options = Options::demo();
        let sandbox = Sandbox::start(options.clone()).await.unwrap();
        let data = tempfile::tempdir().unwrap();
        let (told, mut ends) = mpsc::unbounded_channel();
        let service = Service::start(Setup {
            config: Config::parse(&config(&options), "test").unwrap(),
            secrets: Secrets {
                procore_client_id: options.client_id.clone(),
                procore_client_secret: options.client_secret.clone().into(),
                webhook_authorization: vec![AUTHORIZATION.to_owned().into()],
                openai_api_key: "k".to_owned().into(),
            },
            addresses: Addresses {
                procore_api: Some(sandbox.url()),
                procore_login: Some(sandbox.url()),
                openai: Some(model.url()),
            },
            windows: procore::Windows::default(),
            data: data.path().to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            extractor: Some(env!("CARGO_BIN_EXE_plumbline").into()),
            watcher: None,
            on_run: Some(Arc::new(move |story: &RunRecord| {
                let _ = told.send(story.clone());
            })),
        })
        .await
        .unwrap();
        sandbox.subscribe(Hook {
            url: format!("http://{}/webhooks/procore", service.address()).parse().unwrap(),
            authorization: AUTHORIZATION.to_owned(),
            payload_version: "v4.0".to_owned(),
        });
        // What was closed before is evidence once its own event was worked on.
        ended(tell_rfis(&sandbox, RfiStatus::Closed), &mut ends).await;
        let stories = ended(tell_rfis(&sandbox, RfiStatus::Open), &mut ends).await;
        // Of the other workflows only the requests are looked at so far; their answers are not mutated yet.
        ended(tell_submittals(&sandbox), &mut ends).await;
        ended(tell_days(&sandbox), &mut ends).await;
        service.stop().await;

        let sections: Vec<(String, String)> =
            sandbox.sections().into_iter().map(|section| (section.number, section.title)).collect();
        let cases = stories.into_values().filter_map(|story| case(story, &sections));
        let mut cases: Vec<Case> = cases.collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        Self { cases, requests: model.requests() }
    }
}

fn config(options: &Options) -> String {
    let workflows: Vec<&str> = WorkflowId::all().iter().map(|workflow| workflow.name()).collect();
    format!(
        "company_id = {}\nenvironment = \"sandbox\"\nnamespace = \"t\"\nservice_account_id = {}\nquiet_window_s = 0\n\
         [model]\ndefault = {{ provider = \"openai\", name = \"m\", usd_per_million_tokens = {{ input = \"0\", cached_input = \"0\", output = \"0\" }} }}\n\
         [budget]\nusd_per_project_per_day = \"1.00\"\nmax_drafts_per_record_per_day = 5\n\
         [[project]]\nid = {}\nreviewer_id = 5101\ncorrespondence_type_id = {}\nworkflows = {workflows:?}\n",
        options.seed.company_id,
        options.seed.service_account_id,
        options.seed.project.id,
        options.seed.correspondence_type.id,
    )
}

/// Sends the events of the RFIs of a status. Returns their ids. Records of other kinds join by a function like this.
fn tell_rfis(sandbox: &Sandbox, status: RfiStatus) -> BTreeSet<String> {
    let of_status = sandbox.rfis().into_iter().filter(|rfi| rfi.status == status);
    of_status
        .map(|rfi| {
            sandbox.webhook_for_rfi(rfi.id, "update");
            rfi.id.to_string()
        })
        .collect()
}

/// Sends the events of all submittals. Returns their ids.
fn tell_submittals(sandbox: &Sandbox) -> BTreeSet<String> {
    let all = sandbox.submittals().into_iter();
    all.map(|submittal| {
        sandbox.webhook_for_submittal(submittal.id, "create");
        submittal.id.to_string()
    })
    .collect()
}

/// Sends an event of each day that has entries in its log. Returns the days as their runs name them.
fn tell_days(sandbox: &Sandbox) -> BTreeSet<String> {
    let with_event = sandbox.log_entries().into_iter().filter(|entry| entry.family.resource().is_some());
    let days: BTreeMap<String, i64> =
        with_event.map(|entry| (entry.date.strftime("%Y%m%d").to_string(), entry.id)).collect();
    days.values().for_each(|entry| sandbox.webhook_for_log_entry(*entry, "update"));
    days.into_keys().collect()
}

/// The last run of each of these records.
async fn ended(
    records: BTreeSet<String>,
    ends: &mut UnboundedReceiver<RunRecord>,
) -> BTreeMap<String, RunRecord> {
    let mut stories = BTreeMap::new();
    while stories.len() < records.len() {
        let story = timeout(Duration::from_secs(60), ends.recv()).await.expect("every run ends").unwrap();
        if records.contains(&story.record_id) && !matches!(story.outcome.as_str(), "Busy" | "Settling") {
            stories.insert(story.record_id.clone(), story);
        }
    }
    stories
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

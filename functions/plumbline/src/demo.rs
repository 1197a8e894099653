//! `plumbline demo`: the whole product against the sandbox, with a scripted model unless a real one is set.

use std::{collections::HashMap, io::Write as _, net::SocketAddr, sync::Arc, time::Duration};

use agent::{
    Config, RunRecord,
    assemble::{Addresses, Secrets},
    ledger::Ledger,
};
use anyhow::Context;
use sandbox::{
    Hook, Options, RfiStatus, Sandbox,
    model::{Behaviour, ModelServer},
};
use tokio::{sync::mpsc, time::timeout};

use crate::service::{Service, Setup};

/// Prints a line. A reader that went away (`| head`) is no reason to stop.
macro_rules! say {
    ($($words:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// Where the sandbox's pages are, if the port is free.
const PAGES: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 4071);
/// Longest wait for the next outcome before `--once` gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// The header our hook sends in the demo.
const AUTHORIZATION: &str = "Bearer demo-webhook-secret";

/// The model the demo talks to.
struct ModelChoice {
    key: String,
    url: Option<url::Url>,
    name: String,
    // Lives as long as the demo.
    _server: Option<ModelServer>,
}

/// Runs the demo. With `once` it ends when every seeded record has its outcome; `Ok(false)` if one is not the expected.
///
/// # Errors
/// When something cannot be started.
pub async fn demo(once: bool, stop: impl Future<Output = ()>) -> anyhow::Result<bool> {
    let model = choose_model().await?;
    let options = || Options { listen: PAGES, ..Options::demo() };
    let sandbox = match Sandbox::start(options()).await {
        Ok(sandbox) => sandbox,
        Err(_) => Sandbox::start(Options::demo()).await.context("the sandbox does not start")?,
    };
    let data = tempfile::tempdir().context("no temporary directory")?;
    let (told, mut stories) = mpsc::unbounded_channel();
    let pages = sandbox.clone();
    let setup = Setup {
        config: Config::parse(&config(&options(), &model), "the demo's configuration")?,
        secrets: Secrets {
            procore_client_id: options().client_id,
            procore_client_secret: options().client_secret.into(),
            webhook_authorization: vec![AUTHORIZATION.to_owned().into()],
            openai_api_key: model.key.clone().into(),
        },
        addresses: Addresses {
            procore_api: Some(sandbox.url()),
            procore_login: Some(sandbox.url()),
            openai: model.url.clone(),
        },
        windows: procore::Windows::default(),
        data: data.path().to_owned(),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        extractor: None,
        watcher: None,
        on_run: Some(Arc::new(move |story: &RunRecord| {
            pages.touch();
            let _ = told.send(story.clone());
        })),
    };
    let service = Service::start(setup).await?;
    let store = service.store().clone();
    sandbox.set_runs(Arc::new(move || {
        let store = store.clone();
        Box::pin(async move {
            let runs = store.runs(200).await.unwrap_or_default();
            runs.iter().filter_map(|run| serde_json::to_value(run).ok()).collect()
        })
    }));
    let door =
        format!("http://{}/webhooks/procore", service.address()).parse().context("the door's address")?;
    sandbox.subscribe(Hook {
        url: door,
        authorization: AUTHORIZATION.to_owned(),
        payload_version: "v4.0".to_owned(),
    });

    say!("Plumbline demo: a sandbox stands in for Procore; nothing leaves this machine{}.", model.leaves());
    say!("{}", model.words());
    say!("Project pages: {}\n", sandbox.url());
    let days = days(&sandbox);
    let mut expected: HashMap<String, (String, String)> = sandbox
        .rfis()
        .into_iter()
        .filter_map(|rfi| Some((rfi.id, rfi.expected?)))
        .chain(sandbox.submittals().into_iter().filter_map(|one| Some((one.id, one.expected?))))
        .map(|(id, expected)| (id.to_string(), (expected.outcome, expected.reason)))
        .collect();
    let summed = ("Drafted".to_owned(), "The day has entries in its log.".to_owned());
    expected.extend(days.keys().map(|day| (day.clone(), summed.clone())));
    let tell_of = |status: RfiStatus| {
        for rfi in sandbox.rfis().iter().filter(|rfi| rfi.status == status) {
            sandbox.webhook_for_rfi(rfi.id, if status == RfiStatus::Closed { "update" } else { "create" });
        }
    };
    // What was closed before the open ones were asked is evidence for them, once its own event was worked on.
    let closed = sandbox.rfis().iter().filter(|rfi| rfi.status == RfiStatus::Closed).count();
    tell_of(RfiStatus::Closed);

    let scripted = model._server.is_some();
    let all_expected = async {
        let mut ends: HashMap<String, bool> = HashMap::new();
        while ends.len() < expected.len() {
            let Ok(Some(story)) = timeout(PATIENCE, stories.recv()).await else {
                say!("No outcome came for {} of {} records.", expected.len() - ends.len(), expected.len());
                return false;
            };
            let Some((outcome, why)) = expected.get(&story.record_id) else {
                continue;
            };
            if matches!(story.outcome.as_str(), "Settling" | "Busy" | "Unchanged") {
                continue;
            }
            if story.outcome == "Failed" {
                say!(
                    "---- {}: no outcome yet - {}; tried again if that can help",
                    story.record_label,
                    story.reason
                );
                continue;
            }
            let fits = story.outcome == *outcome;
            print_story(&story, outcome, why, fits);
            let known = ends.insert(story.record_id.clone(), fits).is_some();
            if !known && ends.len() == closed {
                tell_of(RfiStatus::Open);
                for submittal in sandbox.submittals() {
                    sandbox.webhook_for_submittal(submittal.id, "create");
                }
                days.values().for_each(|entry| sandbox.webhook_for_log_entry(*entry, "create"));
            }
        }
        ends.values().all(|fits| *fits)
    };
    let as_expected = all_expected.await;
    say!(
        "{}",
        match (as_expected, scripted) {
            (true, _) => "Every RFI, submittal and day of the seeded project came to its expected outcome.",
            (false, true) => "Not every record came to its expected outcome.",
            (false, false) =>
                "Not every record came to its expected outcome with this model: judge the drafts themselves.",
        }
    );
    if !once {
        say!("\nWrite an RFI at {}rfis/new and watch its draft arrive. Ctrl-C ends the demo.", sandbox.url());
        stop.await;
    }
    service.stop().await;
    Ok(as_expected)
}

/// The days of the seeded daily log, by the id their drafts go by, each with an entry whose webhook tells of it.
fn days(sandbox: &Sandbox) -> HashMap<String, i64> {
    let entries = sandbox.log_entries().into_iter().filter(|entry| entry.family.resource().is_some());
    entries.map(|entry| (entry.date.strftime("%Y%m%d").to_string(), entry.id)).collect()
}

async fn choose_model() -> anyhow::Result<ModelChoice> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    if let Some(key) = variable("OPENAI_API_KEY") {
        let url = variable("OPENAI_BASE_URL")
            .map(|url| url.parse())
            .transpose()
            .context("OPENAI_BASE_URL is not a URL")?;
        let name = variable("OPENAI_MODEL").unwrap_or_else(|| "gpt-4.1-mini".to_owned());
        return Ok(ModelChoice { key, url, name, _server: None });
    }
    let server =
        ModelServer::start(Behaviour::Scripted).await.context("the scripted model does not start")?;
    Ok(ModelChoice {
        key: "none".to_owned(),
        url: Some(server.url()),
        name: "plumbline-scripted".to_owned(),
        _server: Some(server),
    })
}

impl ModelChoice {
    fn words(&self) -> String {
        match &self._server {
            Some(_) => "Model: scripted (no OPENAI_API_KEY is set). It quotes the evidence by rules; it is no language \
                        model, costs nothing, and its prose shows it."
                .to_owned(),
            None => format!("Model: {} at the endpoint of OPENAI_BASE_URL or OpenAI's own.", self.name),
        }
    }

    fn leaves(&self) -> &'static str {
        if self._server.is_some() { "" } else { " but the seeded project's text, to the model" }
    }
}

fn config(options: &Options, model: &ModelChoice) -> String {
    // A price makes the budget work with any model name; the scripted model costs nothing.
    let price = if model._server.is_some() { "0" } else { "1" };
    format!(
        "company_id = {company}\nenvironment = \"sandbox\"\nnamespace = \"plumbline-demo\"\n\
         service_account_id = {account}\nquiet_window_s = 2\n[model]\n\
         default = {{ provider = \"openai\", name = \"{name}\", usd_per_million_tokens = {{ input = \"{price}\", cached_input = \"{price}\", output = \"{price}\" }} }}\n\
         [budget]\nusd_per_project_per_day = \"5.00\"\nmax_drafts_per_record_per_day = 5\n\
         [[project]]\nid = {project}\nreviewer_id = 5101\ncorrespondence_type_id = {kind}\nworkflows = [\"rfi_response\", \"submittal_review\", \"daily_log_summary\"]\n",
        company = options.seed.company_id,
        account = options.seed.service_account_id,
        project = options.seed.project.id,
        kind = options.seed.correspondence_type.id,
        name = model.name.replace('"', ""),
    )
}

fn print_story(story: &RunRecord, outcome: &str, why: &str, fits: bool) {
    let label = if story.record_label.is_empty() {
        format!("record {}", story.record_id)
    } else {
        story.record_label.clone()
    };
    let mark = if fits { "as expected" } else { "NOT AS EXPECTED" };
    say!("---- {label}: {} - {} ({mark}: {outcome}. {why})", story.outcome, story.reason);
    if let Some(text) = &story.draft_text {
        for line in text.lines() {
            say!("     {line}");
        }
        say!("");
    }
}

//! The whole product on a stage: a sandbox in Procore's place, the service over a directory of its own, and a model.
//! The demo, evaluations and tests play here. Nothing beyond loopback is reached but a real model's endpoint.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use agent::{
    Config, RunRecord,
    assemble::{Addresses, Secrets},
    workflows::WorkflowId,
};
use anyhow::{Context, bail};
use sandbox::{Hook, Options, RfiStatus, Sandbox};
use tempfile::TempDir;
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    time::timeout,
};

use crate::{
    model::Endpoint,
    service::{Service, Setup},
};

/// The header our hook sends.
const AUTHORIZATION: &str = "Bearer stage-webhook-secret";
/// Longest wait for the end of a run before it is said that none came.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is put on.
pub struct Play<'a> {
    /// The stand-in for Procore and what it knows.
    pub options: Options,
    /// The model.
    pub model: &'a Endpoint,
    /// Dollars per million tokens of any kind, for the budget; `None` leaves it to the built-in price list.
    pub usd_per_million_tokens: Option<&'a str>,
    /// A record younger than this, in seconds, is still being typed.
    pub quiet_window_s: u32,
    /// Which of Procore's payload versions the hook asks for.
    pub payload_version: &'a str,
    /// Prompt versions in place of those labelled `production`.
    pub prompts: BTreeMap<WorkflowId, u32>,
    /// Program that reads documents; `None` is this one.
    pub extractor: Option<PathBuf>,
}

impl<'a> Play<'a> {
    /// With what most plays have: no quiet window, no price, v4.0 payloads, this program.
    pub fn new(options: Options, model: &'a Endpoint) -> Self {
        Self {
            options,
            model,
            usd_per_million_tokens: Some("0"),
            quiet_window_s: 0,
            payload_version: "v4.0",
            prompts: BTreeMap::new(),
            extractor: None,
        }
    }

    /// All workflows for the seeded project.
    fn config(&self) -> anyhow::Result<Config> {
        let seed = &self.options.seed;
        let workflows: Vec<&str> = WorkflowId::all().iter().map(|workflow| workflow.name()).collect();
        let prompts: String = self
            .prompts
            .iter()
            .map(|(workflow, version)| format!("{} = {version}, ", workflow.name()))
            .collect();
        let price = self.usd_per_million_tokens.map_or_else(String::new, |usd| {
            format!(", usd_per_million_tokens = {{ input = \"{usd}\", cached_input = \"{usd}\", output = \"{usd}\" }}")
        });
        let text = format!(
            "company_id = {company}\nenvironment = \"sandbox\"\nnamespace = \"plumbline-stage\"\n\
             service_account_id = {account}\nquiet_window_s = {quiet}\n\
             [model]\ndefault = {{ provider = \"openai\", name = \"{model}\"{price} }}\n\
             [budget]\nusd_per_project_per_day = \"5.00\"\nmax_drafts_per_record_per_day = 5\n\
             [[project]]\nid = {project}\nreviewer_id = 5101\ncorrespondence_type_id = {kind}\n\
             workflows = {workflows:?}\nprompts = {{ {prompts} }}\n",
            company = seed.company_id,
            account = seed.service_account_id,
            quiet = self.quiet_window_s,
            model = self.model.name.replace('"', ""),
            project = seed.project.id,
            kind = seed.correspondence_type.id,
            prompts = prompts.trim_end_matches(", "),
        );
        Ok(Config::parse(&text, "the stage's configuration")?)
    }
}

/// A play under way.
pub struct Stage {
    /// In Procore's place.
    pub sandbox: Sandbox,
    /// The product.
    pub service: Service,
    ends: UnboundedReceiver<RunRecord>,
    data: TempDir,
}

impl Stage {
    /// Starts sandbox and service and hooks the one to the other.
    ///
    /// # Errors
    /// When something cannot be started.
    pub async fn start(play: Play<'_>) -> anyhow::Result<Self> {
        let config = play.config()?;
        let options = play.options;
        let (client_id, client_secret) = (options.client_id.clone(), options.client_secret.clone());
        let sandbox = Sandbox::start(options).await.context("the sandbox does not start")?;
        let data = tempfile::tempdir().context("no temporary directory")?;
        let (told, ends) = mpsc::unbounded_channel();
        let pages = sandbox.clone();
        let service = Service::start(Setup {
            config,
            config_file: None,
            secrets: Secrets {
                procore_client_id: client_id,
                procore_client_secret: client_secret.into(),
                webhook_authorization: vec![AUTHORIZATION.to_owned().into()],
                openai_api_key: play.model.key.clone().into(),
            },
            addresses: Addresses {
                procore_api: Some(sandbox.url()),
                procore_login: Some(sandbox.url()),
                openai: play.model.url.clone(),
            },
            windows: procore::Windows::default(),
            data: data.path().to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            sweep_every: None,
            extractor: play.extractor,
            clock: jiff::Timestamp::now,
            watcher: None,
            on_run: Some(Arc::new(move |story: &RunRecord| {
                pages.touch();
                let _ = told.send(story.clone());
            })),
            exporter: None,
        })
        .await?;
        sandbox.subscribe(Hook {
            url: format!("http://{}/webhooks/procore", service.address())
                .parse()
                .context("the door's address")?,
            authorization: AUTHORIZATION.to_owned(),
            payload_version: play.payload_version.to_owned(),
        });
        Ok(Self { sandbox, service, ends, data })
    }

    /// The service's directory, gone with the stage.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// The next run that ended; `None` if none does for a minute.
    pub async fn next_end(&mut self) -> Option<RunRecord> {
        timeout(PATIENCE, self.ends.recv()).await.ok().flatten()
    }

    /// The last run of each of these records, once all of them ended.
    ///
    /// # Errors
    /// When one does not end.
    pub async fn ended(&mut self, records: BTreeSet<String>) -> anyhow::Result<BTreeMap<String, RunRecord>> {
        let mut stories = BTreeMap::new();
        while stories.len() < records.len() {
            let Some(story) = self.next_end().await else {
                bail!(
                    "{} of {} records came to no end",
                    records.len().saturating_sub(stories.len()),
                    records.len()
                );
            };
            // A run that only waits comes back.
            let waits = matches!(story.outcome.as_str(), "Busy" | "Settling" | "Paced");
            if records.contains(&story.record_id) && !waits {
                stories.insert(story.record_id.clone(), story);
            }
        }
        Ok(stories)
    }

    /// Sends an event of each RFI of a status. Returns the records of the runs that come of it.
    pub fn tell_rfis(&self, status: RfiStatus, reason: &str) -> BTreeSet<String> {
        let of_status = self.sandbox.rfis().into_iter().filter(|rfi| rfi.status == status);
        of_status
            .map(|rfi| {
                self.sandbox.webhook_for_rfi(rfi.id, reason);
                rfi.id.to_string()
            })
            .collect()
    }

    /// Sends an event of each submittal. Returns the records of the runs that come of it.
    pub fn tell_submittals(&self) -> BTreeSet<String> {
        let all = self.sandbox.submittals().into_iter();
        all.map(|submittal| {
            self.sandbox.webhook_for_submittal(submittal.id, "create");
            submittal.id.to_string()
        })
        .collect()
    }

    /// Sends an event of each day that has entries in its log. Returns the records of the runs that come of it: days.
    pub fn tell_days(&self) -> BTreeSet<String> {
        let with_event =
            self.sandbox.log_entries().into_iter().filter(|entry| entry.family.resource().is_some());
        let days: BTreeMap<String, i64> =
            with_event.map(|entry| (entry.date.strftime("%Y%m%d").to_string(), entry.id)).collect();
        days.values().for_each(|entry| self.sandbox.webhook_for_log_entry(*entry, "update"));
        days.into_keys().collect()
    }

    /// Ends the service. What the sandbox knows can still be looked at.
    pub async fn end(self) -> Sandbox {
        self.service.stop().await;
        self.sandbox
    }
}

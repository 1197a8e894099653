//! One deployment: a stack of its own between far sides of its own.

use std::{collections::BTreeMap, io::Write, path::PathBuf, time::Duration};

use agent::{RunRecord, ledger::Ledger};
use aws::{DynamoLedger, Environment};
use jiff::Timestamp;
use sandbox::{Options, Quotas};
use serde_json::{Value, json};
use stack::Emulator;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::{
    cloud_formation,
    world::{AUTHORIZATION, FarSide, PROGRAM, Terms},
};

/// The template; `make stack` sets it.
const TEMPLATE: &str = "PLUMBLINE_TEMPLATE";
/// The directory with the functions' zips.
const PACKAGE: &str = "PLUMBLINE_PACKAGE";

/// What the template is called in the bucket.
const OBJECT: &str = "plumbline.template.json";

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Longest wait for a hundred drafts on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) struct Deployed {
    pub(crate) far: FarSide,
    pub(crate) emulator: &'static Emulator,
    name: String,
    outputs: BTreeMap<String, String>,
}

impl Deployed {
    /// From an empty account to a stack that waits for webhooks; `None` where there is no template or no emulator.
    pub(crate) async fn new(purpose: &str) -> Option<Self> {
        let (Some(template), Some(package)) = (file(TEMPLATE), file(PACKAGE)) else {
            let _ = writeln!(
                std::io::stderr(),
                "\nSKIPPED: the tests of the deployed template. `make stack` runs them."
            );
            return None;
        };
        let emulator = Emulator::shared()?;
        let options = Options {
            quotas: Quotas { hourly: 100_000, spike: 10_000, ..Quotas::default() },
            ..Options::empty()
        };
        let far = FarSide::start(options).await;
        let name = format!("plumbline-{purpose}");
        let template = std::fs::read_to_string(template).unwrap();
        let artifacts = format!("{name}-artifacts");
        emulator.bucket(&artifacts).await;
        emulator.object(&artifacts, OBJECT, template.clone().into_bytes()).await;
        for (object, zip) in packages(&template) {
            let bytes = std::fs::read(package.join(zip)).unwrap();
            emulator.object(&artifacts, &object, bytes).await;
        }
        let outputs = cloud_formation::create(
            emulator,
            &name,
            (&artifacts, OBJECT),
            &[
                ("ArtifactsBucket", artifacts.clone()),
                ("ConfigParameterName", format!("/{name}/plumbline.toml")),
                ("SweepEveryMinutes", "60".to_owned()),
                ("ProcoreApiUrl", far.sandbox.url().to_string()),
                ("ProcoreLoginUrl", far.sandbox.url().to_string()),
                ("OpenAiBaseUrl", far.model.url().to_string()),
            ],
        )
        .await;
        let deployed = Self { far, emulator, name, outputs };
        // What the company does after the first deployment: fills in the secret and writes the configuration.
        let secret = json!({
            "procore_client_id": "sandbox-client-id",
            "procore_client_secret": "sandbox-client-secret",
            "webhook_authorization": [AUTHORIZATION],
            "openai_api_key": "it-model-key",
        });
        emulator.secret(deployed.output("SecretId"), &secret.to_string()).await;
        deployed.configure(Terms::default()).await;
        Some(deployed)
    }

    /// Writes another configuration.
    pub(crate) async fn configure(&self, terms: Terms) {
        self.emulator.parameter(self.output("ConfigurationParameter"), &terms.toml()).await;
    }

    pub(crate) fn output(&self, name: &str) -> &str {
        self.outputs.get(name).unwrap_or_else(|| panic!("no output {name}: {:?}", self.outputs))
    }

    /// Name of the rule that calls the sweep.
    pub(crate) fn schedule(&self) -> String {
        format!("{}-sweep", self.name)
    }

    /// Posts a webhook through the HTTP API; the status of the answer.
    pub(crate) async fn post(&self, authorization: &str, body: &Value) -> u16 {
        let url: url::Url = self.output("WebhookUrl").parse().unwrap();
        // The emulator answers for every host, at its own address.
        let api = url.host_str().unwrap().split('.').next().unwrap();
        let at = self.emulator.endpoint().join(url.path()).unwrap();
        let request = reqwest::Client::new().post(at).header("host", format!("{api}.execute-api.localhost"));
        let request = request.header("authorization", authorization).json(body);
        request.send().await.unwrap().status().as_u16()
    }

    /// Waits until so many drafts are there.
    pub(crate) async fn drafts(&self, wanted: usize) {
        let enough = timeout(PATIENCE, async {
            let mut looks = looks();
            while self.far.items().len() < wanted {
                looks.tick().await;
            }
        });
        if enough.await.is_err() {
            let runs = self.ledger().await.runs(5).await.unwrap();
            let ends: Vec<_> = runs.iter().map(|run| (&run.outcome, &run.reason)).collect();
            panic!("{} of {wanted} drafts; the last runs: {ends:?}", self.far.items().len());
        }
    }

    /// Waits until no queue of work holds anything.
    pub(crate) async fn is_at_rest(&self) {
        let rest = timeout(PATIENCE, async {
            let mut looks = looks();
            loop {
                let mut left = 0;
                for queue in ["RfiQueueUrl", "SubmittalQueueUrl", "DailyLogQueueUrl"] {
                    let (visible, hidden) = self.emulator.counts(self.output(queue)).await;
                    left += visible + hidden;
                }
                if left == 0 {
                    return;
                }
                looks.tick().await;
            }
        });
        rest.await.expect("the queues run empty");
    }

    /// Waits for the end of an event's run.
    pub(crate) async fn ended(&self, event: &str) -> RunRecord {
        let ledger = self.ledger().await;
        let ended = timeout(PATIENCE, async {
            let mut looks = looks();
            loop {
                looks.tick().await;
                if let Some(run) = ledger.runs_named(event).await.unwrap().into_iter().next() {
                    return run;
                }
            }
        });
        ended.await.expect("the event's run ends")
    }

    /// Waits until the operator sees so many dead letters; as `plumbline dead list` tells them.
    pub(crate) async fn letters(&self, wanted: usize) -> Vec<Value> {
        let found = timeout(PATIENCE, async {
            let mut looks = looks();
            loop {
                let told = self.operator(&["dead", "list", "--json"]).await;
                let letters: Vec<Value> =
                    told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
                if letters.len() >= wanted {
                    return letters;
                }
                looks.tick().await;
            }
        });
        found.await.unwrap_or_else(|_| panic!("{wanted} dead letters"))
    }

    /// The ledger of the stack.
    pub(crate) async fn ledger(&self) -> DynamoLedger {
        Environment::new(self.emulator.sdk().await, self.operator_environment())
            .ledger(Timestamp::now)
            .unwrap()
    }

    /// Runs the operator's program with what the stack says it needs; what it printed.
    pub(crate) async fn operator(&self, arguments: &[&str]) -> String {
        let mut command = tokio::process::Command::new(PROGRAM);
        command.env_clear().envs(self.operator_environment()).envs(self.emulator.variables()).args(arguments);
        let ended = command.output().await.unwrap();
        let told = String::from_utf8(ended.stdout).unwrap();
        let complaint = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "plumbline {arguments:?}: {told}{complaint}");
        told
    }

    /// The lines that the stack gives an operator to paste.
    fn operator_environment(&self) -> Vec<(String, String)> {
        let lines = self.output("OperatorEnvironment").lines();
        let pair = |line: &str| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.trim_matches('\'').to_owned()))
        };
        lines.map(|line| pair(line).unwrap_or_else(|| panic!("not to be pasted: {line}"))).collect()
    }
}

fn looks() -> tokio::time::Interval {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    looks
}

fn file(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// The objects that the template's functions are made of, and the zip of each.
fn packages(template: &str) -> BTreeMap<String, String> {
    let template: Value = serde_json::from_str(template).unwrap();
    let resources = template["Resources"].as_object().unwrap().values();
    let functions = resources.filter(|resource| resource["Type"] == "AWS::Lambda::Function");
    functions
        .map(|function| {
            let key = function["Properties"]["Code"]["S3Key"]["Fn::Sub"].as_str().unwrap();
            let object = key.strip_prefix("${ArtifactsPrefix}").unwrap();
            let (binary, _) = object.rsplit_once('-').unwrap();
            (object.to_owned(), format!("{binary}.zip"))
        })
        .collect()
}

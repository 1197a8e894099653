//! The doctor against a stand-in that is broken in one way at a time: what is found, in whose words, and that all the
//! rest is well.

mod account;
mod aws;
mod hooks;
mod machine;
mod program;
mod projects;

use embedded::Store;
use jiff::Timestamp;
use plumbline::{
    Backend,
    doctor::{Finding, Subject, examine, report},
    hooks::need::Need,
    service::context,
};
use procore::{
    HookId, Procore, ProjectId,
    hooks::{NewHook, NewTrigger, Scope},
};
use sandbox::Options;

use crate::world::{AUTHORIZATION, FarSide, Terms, secrets};

const PROJECT: ProjectId = ProjectId::new(4071);
const SCOPE: Scope = Scope::Project(PROJECT);
const NAMESPACE: &str = "plumbline-it";
/// Nobody listens there, and nothing is sent.
const NOWHERE: &str = "http://127.0.0.1:9/webhooks/procore";

/// Far sides where everything is as it should be, and what the doctor reads.
struct Clinic {
    far: FarSide,
    store: Store,
    procore: Procore,
    hook: HookId,
    terms: Terms,
}

impl Clinic {
    async fn healthy() -> Self {
        Self::on(Options::empty(), Terms::default()).await
    }

    async fn with(terms: Terms) -> Self {
        Self::on(Options::empty(), terms).await
    }

    async fn on(options: Options, terms: Terms) -> Self {
        let far = FarSide::start(options).await;
        let setup = far.setup(terms);
        let store = Store::open(&setup.data, Timestamp::now).unwrap();
        let procore = context(&setup, store.clone(), false).unwrap().procore;
        let hook = connect(&procore, AUTHORIZATION).await;
        far.sandbox.clear_requests();
        Self { far, store, procore, hook, terms }
    }

    /// What the doctor reads where nothing is wrong with it.
    fn subject(&self) -> Subject {
        Subject {
            config: Ok((self.terms.toml(), "plumbline.toml".to_owned())),
            secrets: Ok(secrets()),
            addresses: Ok(self.far.setup(self.terms).addresses),
            backend: Ok(Some(Backend::Embedded(self.store.clone()))),
            prompts: None,
            windows: self.far.windows,
            clock: Timestamp::now,
            in_aws: false,
        }
    }

    /// The same with another text of the configuration.
    fn configured(&self, text: String) -> Subject {
        Subject { config: Ok((text, "plumbline.toml".to_owned())), ..self.subject() }
    }

    /// What is not well.
    async fn ill(&self) -> String {
        self.ill_of(&self.subject()).await
    }

    async fn ill_of(&self, subject: &Subject) -> String {
        let findings = examine(subject, false).await;
        assert!(self.far.items().is_empty() && self.writes().is_empty(), "it only looks");
        shown(findings.into_iter().filter(|finding| !is_as_it_should_be(finding)).collect())
    }

    /// Methods and paths of what changed something at Procore.
    fn writes(&self) -> Vec<String> {
        let writes = self.far.writes();
        writes.iter().map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

/// A hook of ours that listens to everything the workflows need.
async fn connect(procore: &Procore, authorization: &str) -> HookId {
    let new = NewHook {
        payload_version: "v3.0".to_owned(),
        namespace: NAMESPACE.to_owned(),
        destination_url: NOWHERE.parse().unwrap(),
        authorization: authorization.to_owned().into(),
    };
    let hook = procore.create_hook(SCOPE, &new).await.unwrap().id;
    let config = agent::Config::parse(&Terms::default().toml(), "plumbline.toml").unwrap();
    let need = Need::of(&config.projects[0]);
    let offered = procore.hook_resources(SCOPE, "v3.0").await.unwrap();
    let triggers: Vec<NewTrigger> = need
        .wanted
        .keys()
        .filter(|one| {
            offered.iter().any(|row| row.name == one.resource_name && row.events.contains(&one.event))
        })
        .map(|one| NewTrigger { resource_name: one.resource_name.clone(), event: one.event.clone() })
        .collect();
    assert_eq!(procore.create_triggers(SCOPE, hook, "v3.0", &triggers).await.unwrap().refused, 0);
    hook
}

/// Well, or the one thing that is not tried unless it is asked for.
fn is_as_it_should_be(finding: &Finding) -> bool {
    use plumbline::doctor::{Area, Verdict};
    finding.verdict == Verdict::Well
        || (finding.area == Area::Draft && finding.what.starts_with("only making one shows"))
}

/// The lines as an operator sees them, with what differs from run to run replaced.
fn shown(findings: Vec<Finding>) -> String {
    let mut out = String::new();
    report(&findings, false, &mut out).unwrap();
    for secret in ["sandbox-client-secret", "it-model-key", "webhook-secret", "sandbox-token"] {
        assert!(!out.contains(secret), "{out}");
    }
    out
}

/// Compares with ids and addresses of this run replaced.
macro_rules! settled {
    ($shown:expr, @$expected:literal) => {{
        let shown: String = $shown;
        let filters = vec![
            (r"5981343\d{8}", "HOOK"),
            (r"127\.0\.0\.1:\d+", "ADDRESS"),
            (r"\d{4}-\d\d-\d\d", "DAY"),
        ];
        insta::with_settings!({ filters => filters }, { insta::assert_snapshot!(shown, @$expected) });
    }};
}
use settled;

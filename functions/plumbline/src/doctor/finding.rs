//! One line of the doctor: what was looked at, how it is, and where it is not well, who puts it right and how.

use procore::ProjectId;
use serde::Serialize;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Well,
    /// It works, and somebody should look at it.
    Warning,
    /// Drafts are not made, or not all of them, until it is put right.
    Broken,
    /// Nobody looked, and the line says why.
    NotTried,
}

/// What a line is about. The names are those of `--json` and stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it; docs/operations.md has a row for each")]
pub enum Area {
    Configuration,
    Secrets,
    Prompts,
    Token,
    Company,
    ServiceAccount,
    Clock,
    Project,
    Reviewer,
    Permission,
    Correspondence,
    Draft,
    Hook,
    Triggers,
    Deliveries,
    Model,
    Queue,
    DeadLetters,
}

impl Area {
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Secrets => "secrets",
            Self::Prompts => "prompts",
            Self::Token => "token",
            Self::Company => "company",
            Self::ServiceAccount => "service account",
            Self::Clock => "clock",
            Self::Project => "access",
            Self::Reviewer => "reviewer",
            Self::Permission => "permission",
            Self::Correspondence => "correspondence type",
            Self::Draft => "private draft",
            Self::Hook => "hook",
            Self::Triggers => "triggers",
            Self::Deliveries => "deliveries",
            Self::Model => "model",
            Self::Queue => "queue",
            Self::DeadLetters => "dead letters",
        }
    }
}

/// Who can put something right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Has 'Admin' on the company level Admin tool of Procore.
    ProcoreAdministrator,
    /// Looks after the app in Procore's Developer Portal: its credentials and its manifest.
    AppOwner,
    /// Runs this program, its machine or its AWS account, and writes its configuration.
    PlatformEngineer,
    /// Pays for the model and hands out its keys.
    ModelOwner,
}

impl Who {
    /// What people call them.
    pub fn title(self) -> &'static str {
        match self {
            Self::ProcoreAdministrator => "Procore administrator",
            Self::AppOwner => "owner of the app in the Developer Portal",
            Self::PlatformEngineer => "platform engineer",
            Self::ModelOwner => "owner of the model account",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub area: Area,
    /// The project, where it is about one.
    pub project_id: Option<ProjectId>,
    /// How it is.
    pub verdict: Verdict,
    /// What was seen. Never a secret, a name of a person or the text of a record.
    pub what: String,
    /// Who puts it right; `None` where there is nothing to do.
    pub who: Option<Who>,
    /// How, in the words of the screen where it is done.
    pub how: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn well(area: Area, what: impl Into<String>) -> Self {
        Self { area, project_id: None, verdict: Verdict::Well, what: what.into(), who: None, how: None }
    }

    /// Nobody looked; `why` says why.
    pub fn not_tried(area: Area, why: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotTried, ..Self::well(area, why) }
    }

    /// Somebody should look at it.
    pub fn warning(area: Area, what: impl Into<String>, who: Who, how: impl Into<String>) -> Self {
        let (who, how) = (Some(who), Some(how.into()));
        Self { verdict: Verdict::Warning, who, how, ..Self::well(area, what) }
    }

    /// It has to be put right.
    pub fn broken(area: Area, what: impl Into<String>, who: Who, how: impl Into<String>) -> Self {
        Self { verdict: Verdict::Broken, ..Self::warning(area, what, who, how) }
    }

    /// The same, of a project.
    #[must_use]
    pub fn of(self, project: ProjectId) -> Self {
        Self { project_id: Some(project), ..self }
    }

    /// Whether what stands on it can be asked.
    pub fn holds(&self) -> bool {
        matches!(self.verdict, Verdict::Well | Verdict::Warning)
    }
}

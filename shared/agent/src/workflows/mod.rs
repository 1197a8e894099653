//! The workflows there are, in one list. A new one is a module that implements [`Workflow`], a line below, a prompt
//! and its cases; nothing else changes.

pub mod answer;
pub mod daily_log_summary;
mod files;
mod outside;
mod page;
mod precedents;
pub(crate) mod rfi;
pub mod rfi_question;
pub mod rfi_response;
mod section;
mod sheets;
pub mod submittal_review;
mod topic;

use std::{future::Future, sync::Arc};

use documents::Extractor;
use jiff::Timestamp;
use procore::{Procore, ProjectId, Rfi, UserId};
use schemars::{JsonSchema, generate::SchemaSettings, transform::RecursiveTransform};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use rfi::HandedOn;

use crate::{
    draft::RfiField,
    error::Error,
    event::{Event, Reason, Resource},
    evidence::Evidence,
    gate::{FieldRule, Finding, Statement},
    record::{Observation, Quoted},
    shelf::Shelf,
};

/// A change that starts a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The kind of record.
    pub resource: Resource,
    /// The kinds of change.
    pub reasons: &'static [Reason],
}

/// What evidence is gathered with.
#[derive(Clone)]
pub struct Sources {
    /// The one door to Procore.
    pub procore: Procore,
    /// Reads files in a process of their own.
    pub extractor: Extractor,
    /// What was read before.
    pub shelf: Shelf,
    /// Whose own words are no evidence.
    pub service_account: UserId,
    /// Who reviews in the project of the event.
    pub reviewer: Option<UserId>,
    /// From when on a day's log says a risk.
    pub daily_log: Arc<daily_log_summary::Thresholds>,
    /// What a workflow read in this run and left to the next.
    pub handed_on: HandedOn,
}

/// Which record an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The id its draft and its claim go by.
    pub record: i64,
    /// When the change behind the event was saved, where that is known before the record is read.
    pub changed_at: Option<Timestamp>,
}

/// A record as read, or why it asks for nothing.
pub enum Read<R> {
    /// Work on it.
    Record(R),
    /// Nothing to draft.
    Nothing {
        /// What people call the record, if it could be read.
        label: Option<String>,
        /// Why, in a few fixed words.
        why: &'static str,
    },
}

/// Where the draft for a record goes.
#[derive(Clone, Copy)]
pub enum Target<'r> {
    /// Into a private Draft correspondence item of our own.
    Correspondence,
    /// Into the field of a draft RFI that its writer left empty.
    DraftRfi {
        /// The RFI.
        rfi: &'r Rfi,
        /// The field.
        field: RfiField,
    },
}

/// The words of a draft between its first line and its footer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Title of the carrier item.
    pub title: String,
    /// The body's sections.
    pub body: String,
    /// Labels of the rows it rests on.
    pub sources: Vec<String>,
    /// The quotations in it.
    pub quotes: Vec<Quoted>,
    /// What it says in single words.
    pub observations: Vec<Observation>,
    /// Advisory marks of the model.
    pub flags: Vec<String>,
    /// True if it is a note on what is missing, not a draft.
    pub abstains: bool,
}

/// What one kind of record needs. Deterministic on both sides of the model call.
pub trait Workflow: Send + Sync + 'static {
    /// Names `prompts/<NAME>/` and the metric dimension.
    const NAME: &'static str;
    /// Name of the answer schema; a prompt is written for one and says so.
    const SCHEMA: &'static str;
    /// Phrases its drafts may not hold, beside the common ones.
    const FORBIDDEN: &'static [&'static str];
    /// The form single fields of its answer must have, beside what the schema says.
    const FIELDS: &'static [FieldRule<'static>] = &[];
    /// Who reviews its drafts, as their first line says.
    const REVIEWED_BY: &'static str = "the project engineer";
    /// The record it works on, as read.
    type Record: Send + Sync;
    /// The exact answer the model must give.
    type Output: DeserializeOwned + Serialize + JsonSchema + Clone + Send + Sync;

    /// The changes it listens to.
    fn triggers() -> Vec<Trigger>;

    /// The record an event is about: the one it names, unless what is worked on is made of several. `None` if it
    /// cannot be told.
    fn subject(
        sources: &Sources,
        project: ProjectId,
        event: &Event,
    ) -> impl Future<Output = Result<Option<Subject>, Error>> + Send {
        let _ = (sources, project);
        let record = event.record_id();
        async move { Ok(record.map(|record| Subject { record, changed_at: None })) }
    }

    /// Reads the record, or says why there is nothing to draft. Puts what later drafts of other records may know of it
    /// on the shelf, and takes away what they no longer may.
    fn read(
        sources: &Sources,
        project: ProjectId,
        record: i64,
    ) -> impl Future<Output = Result<Read<Self::Record>, Error>> + Send;

    /// What people call the record, such as `RFI 7`. Fit for any draft or log.
    fn label(record: &Self::Record) -> String;

    /// When it was last saved.
    fn updated_at(record: &Self::Record) -> Option<Timestamp>;

    /// Identity of what the record says: equal before and after the model call, or the draft is out of date.
    fn fingerprint(record: &Self::Record) -> String;

    /// Where its draft goes: correspondence, unless the record itself has a draft state and room for it.
    fn target(record: &Self::Record) -> Target<'_> {
        let _ = record;
        Target::Correspondence
    }

    /// Everything the model may know, but for [`Workflow::precedents`].
    fn gather(
        sources: &Sources,
        project: ProjectId,
        record: &Self::Record,
    ) -> impl Future<Output = Result<Evidence, Error>> + Send;

    /// What was decided before on other records. Never part of what the draft is known by: it changes while the record
    /// stands still. Asks Procore nothing.
    fn precedents(
        sources: &Sources,
        project: ProjectId,
        record: &Self::Record,
    ) -> impl Future<Output = Result<Evidence, Error>> + Send;

    /// Every word of the answer, as statements for the gate.
    fn statements<'a>(output: &'a Self::Output, evidence: &'a Evidence) -> Vec<Statement<'a>>;

    /// What the workflow itself finds wrong in an answer, beside the gate.
    fn objections(output: &Self::Output, evidence: &Evidence) -> Vec<Finding> {
        let _ = (output, evidence);
        Vec::new()
    }

    /// The answer without the fields the gate refused. If what it stands on is gone, it abstains.
    fn keep(output: Self::Output, refused: &[String], evidence: &Evidence) -> Self::Output;

    /// The words for the reviewer.
    fn text(output: &Self::Output, record: &Self::Record, evidence: &Evidence) -> Text;

    /// JSON Schema of [`Self::Output`]: closed, every member required, every length bounded.
    fn schema() -> serde_json::Value {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        // What may be absent is said with null, never left out: strict endpoints know no optional member.
        let settings = settings.with_transform(RecursiveTransform(answer::require_all));
        settings.into_generator().into_root_schema_for::<Self::Output>().to_value()
    }
}

/// Something to be done with a workflow known by name only. Keeps the list from knowing who asks.
pub(crate) trait Visitor {
    /// What comes of it.
    type Output;

    /// Called with the type behind the name.
    fn visit<W: Workflow>(self) -> Self::Output;
}

/// Expands the list into an enum and its `match`es: no registry at run time, nothing to forget.
macro_rules! workflows {
    ($($variant:ident => $module:ident),+ $(,)?) => {
        /// One of the workflows. In configuration and records by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum WorkflowId {
            $(#[allow(missing_docs, reason = "documented in its module")] $variant,)+
        }

        impl WorkflowId {
            /// All of them.
            pub const fn all() -> &'static [Self] {
                &[$(Self::$variant),+]
            }

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => <$module::$variant as Workflow>::NAME),+ }
            }

            /// The changes it listens to.
            pub fn triggers(self) -> Vec<Trigger> {
                match self { $(Self::$variant => $module::$variant::triggers()),+ }
            }

            /// Its answer schema, by name and as JSON Schema.
            pub fn schema(self) -> (&'static str, serde_json::Value) {
                match self { $(Self::$variant => ($module::$variant::SCHEMA, $module::$variant::schema())),+ }
            }

            /// Phrases its drafts may not hold, beside the common ones.
            pub const fn forbidden(self) -> &'static [&'static str] {
                match self { $(Self::$variant => <$module::$variant as Workflow>::FORBIDDEN),+ }
            }

            /// Calls `visitor` with the type behind the name.
            pub(crate) fn visit<V: Visitor>(self, visitor: V) -> V::Output {
                match self { $(Self::$variant => visitor.visit::<$module::$variant>()),+ }
            }
        }
    };
}

workflows! {
    RfiQuestion => rfi_question,
    RfiResponse => rfi_response,
    SubmittalReview => submittal_review,
    DailyLogSummary => daily_log_summary,
}

impl WorkflowId {
    /// True if any change of such a record starts it.
    pub fn listens_to(self, resource: &Resource) -> bool {
        self.triggers().iter().any(|trigger| trigger.resource == *resource)
    }

    /// True if this change of such a record starts it.
    pub fn triggered_by(self, resource: &Resource, reason: &Reason) -> bool {
        self.triggers()
            .iter()
            .any(|trigger| trigger.resource == *resource && trigger.reasons.contains(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workflow_is_whole() {
        for workflow in WorkflowId::all() {
            let prompt = crate::prompt::Prompt::labelled(workflow.name(), "production")
                .unwrap_or_else(|error| panic!("{}: {error}", workflow.name()));
            assert!(
                prompt.released,
                "{}: the production prompt is not in prompts/lock.toml",
                workflow.name()
            );
            assert_eq!(prompt.schema, workflow.schema().0, "{}", workflow.name());
            let readme = include_str!("../../../../README.md");
            assert!(
                readme.contains(&format!("`{}`", workflow.name())),
                "README has no row for {}",
                workflow.name()
            );
        }
    }

    #[test]
    fn schemas_are_closed() {
        fn walk(value: &serde_json::Value, path: &str) {
            match value {
                serde_json::Value::Object(map) => {
                    if map.get("type").and_then(|t| t.as_str()) == Some("object") {
                        assert_eq!(map.get("additionalProperties"), Some(&false.into()), "{path}");
                        let properties = map["properties"].as_object().unwrap().len();
                        assert_eq!(map["required"].as_array().unwrap().len(), properties, "{path}");
                    }
                    if map.get("type").and_then(|t| t.as_str()) == Some("string")
                        && !map.contains_key("enum")
                        && !map.contains_key("const")
                    {
                        assert!(map.contains_key("maxLength"), "{path}");
                    }
                    if map.get("type").and_then(|t| t.as_str()) == Some("array") {
                        assert!(map.contains_key("maxItems"), "{path}");
                    }
                    map.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}")));
                }
                serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, path)),
                _ => {}
            }
        }
        for workflow in WorkflowId::all() {
            walk(&workflow.schema().1, workflow.name());
        }
    }
}

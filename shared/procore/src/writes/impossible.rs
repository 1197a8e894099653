//! What cannot be written, shown by what does not compile.
//!
//! Each pair is the same text but for one thing, so that the second of it can fail for that reason alone.
//!
//! A write of one's own: the folder `writes` cannot be reached, only what it lets out.
//!
//! ```
//! use procore::DraftItem as Reached;
//! ```
//! ```compile_fail,E0603
//! use procore::writes::Write as Reached;
//! ```
//!
//! Any other method.
//!
//! ```
//! let call = procore::Call::get("/rest/v1.0/projects/1/rfis/2/replies");
//! ```
//! ```compile_fail,E0599
//! let call = procore::Call::post("/rest/v1.0/projects/1/rfis/2/replies");
//! ```
//!
//! A read turned into something else.
//!
//! ```
//! let call = procore::Call::get("/rest/v1.0/me");
//! let method = call.operation();
//! ```
//! ```compile_fail,E0616
//! let call = procore::Call::get("/rest/v1.0/me");
//! let method = call.action;
//! ```
//!
//! A draft sent as any request.
//!
//! ```
//! fn call(draft: procore::DraftItem) -> procore::DraftItem {
//!     draft.into()
//! }
//! ```
//! ```compile_fail,E0277
//! fn call(draft: procore::DraftItem) -> procore::Call {
//!     draft.into()
//! }
//! ```
//!
//! An item of correspondence with a status.
//!
//! ```
//! let item = procore::DraftItem { title: String::new(), description: String::new() };
//! ```
//! ```compile_fail,E0560
//! let item = procore::DraftItem { title: String::new(), description: String::new(), status: "Open" };
//! ```
//!
//! An item of correspondence with an assignee.
//!
//! ```
//! let item = procore::DraftItem { title: String::new(), description: String::new() };
//! ```
//! ```compile_fail,E0560
//! let item = procore::DraftItem { title: String::new(), description: String::new(), assignee_ids: vec![1] };
//! ```
//!
//! A new RFI that is not a draft.
//!
//! ```
//! let draft = procore::RfiDraft {
//!     subject: String::new(),
//!     question: String::new(),
//!     rfi_manager: procore::UserId::new(1),
//!     location: None,
//!     drawing_number: None,
//!     specification_section: None,
//!     reference: None,
//! };
//! ```
//! ```compile_fail,E0560
//! let draft = procore::RfiDraft {
//!     subject: String::new(),
//!     question: String::new(),
//!     rfi_manager: procore::UserId::new(1),
//!     location: None,
//!     drawing_number: None,
//!     specification_section: None,
//!     reference: None,
//!     draft: false,
//! };
//! ```
//!
//! A draft RFI that is opened.
//!
//! ```
//! let change = procore::RfiDraftChange { subject: None, ..Default::default() };
//! ```
//! ```compile_fail,E0560
//! let change = procore::RfiDraftChange { draft: false, ..Default::default() };
//! ```
//!
//! A draft RFI that is assigned to somebody.
//!
//! ```
//! let change = procore::RfiDraftChange { subject: None, ..Default::default() };
//! ```
//! ```compile_fail,E0560
//! let change = procore::RfiDraftChange { assignee_ids: vec![1], ..Default::default() };
//! ```
//!
//! A reply to an RFI.
//!
//! ```
//! async fn reply(procore: &procore::Procore, project: procore::ProjectId, rfi: procore::RfiId) {
//!     let _ = procore.rfi_replies(project, rfi).await;
//! }
//! ```
//! ```compile_fail,E0599
//! async fn reply(procore: &procore::Procore, project: procore::ProjectId, rfi: procore::RfiId) {
//!     let _ = procore.create_rfi_reply(project, rfi).await;
//! }
//! ```
//!
//! A submittal in a status nobody proved to be Draft.
//!
//! ```
//! async fn submit(
//!     procore: &procore::Procore,
//!     project: procore::ProjectId,
//!     status: procore::DraftStatus,
//!     draft: &procore::SubmittalDraft,
//! ) {
//!     let _ = procore.create_submittal_draft(project, status, draft).await;
//! }
//! ```
//! ```compile_fail,E0308
//! async fn submit(
//!     procore: &procore::Procore,
//!     project: procore::ProjectId,
//!     status: procore::SubmittalStatusId,
//!     draft: &procore::SubmittalDraft,
//! ) {
//!     let _ = procore.create_submittal_draft(project, status, draft).await;
//! }
//! ```
//!
//! The proof made up.
//!
//! ```
//! let status = procore::SubmittalStatusId::new(4);
//! ```
//! ```compile_fail,E0423
//! let status = procore::DraftStatus(procore::SubmittalStatusId::new(4));
//! ```
//!
//! The row behind the proof made up.
//!
//! ```
//! fn row(row: procore::SubmittalStatus) -> Option<procore::DraftStatus> {
//!     let made_up = row;
//!     procore::DraftStatus::of(&made_up)
//! }
//! ```
//! ```compile_fail,E0451
//! fn row(row: procore::SubmittalStatus) -> Option<procore::DraftStatus> {
//!     let made_up = procore::SubmittalStatus { status: Some("Draft".to_owned()), ..row };
//!     procore::DraftStatus::of(&made_up)
//! }
//! ```
//!
//! The row behind the proof read from anywhere else.
//!
//! ```
//! let row: Result<procore::SubmittalType, _> = serde_json::from_str("{}");
//! ```
//! ```compile_fail,E0277
//! let row: Result<procore::SubmittalStatus, _> = serde_json::from_str("{}");
//! ```
//!
//! A submittal with reviewers.
//!
//! ```
//! let draft = procore::SubmittalDraft {
//!     number: String::new(),
//!     title: String::new(),
//!     description: String::new(),
//!     kind: None,
//!     specification_section: None,
//! };
//! ```
//! ```compile_fail,E0560
//! let draft = procore::SubmittalDraft {
//!     number: String::new(),
//!     title: String::new(),
//!     description: String::new(),
//!     kind: None,
//!     specification_section: None,
//!     workflow_data: vec![],
//! };
//! ```

//! The forms: what a person writes becomes a record and its webhook, and what cannot be one is refused with the words
//! kept.

use sandbox::{LogFamily, RfiStatus};
use serde_json::json;

use crate::world::World;

impl World {
    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
        let answer = self.http.post(self.url(path)).form(fields).send().await.unwrap();
        let status = answer.status().as_u16();
        let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        (status, location.unwrap_or_default(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_submittal_is_created_with_its_file_and_awaits_the_reviewer() {
    let world = World::demo().await;
    let fields = [
        ("title", "Mirrors, product data"),
        ("description", "Mirror M1"),
        ("kind", "Shop Drawing"),
        ("section", "10 28 00"),
        ("author", "5306"),
        ("required_on_site_date", "2027-03-15"),
        ("lead_time_days", "42"),
        ("attachment_name", "Mirror data.txt"),
        ("attachment_text", "Frame: stainless steel"),
    ];
    let (status, location, _) = world.submit("submittals/new", &fields).await;
    let made = world.sandbox.submittals().pop().unwrap();
    assert_eq!((status, location), (303, format!("/submittals/{}", made.id)));
    assert_eq!((made.kind.as_str(), made.lead_time, made.created_by), ("Shop Drawing", Some(42), 5306));
    assert_eq!(made.required_on_site_date.as_deref(), Some("2027-03-15"));
    assert_eq!(made.ball_in_court, [5101], "the project engineer's turn");
    let (_, page) = world.page(&format!("submittals/{}", made.id)).await;
    assert!(page.contains("Mirror data.txt") && page.contains("42 days"), "{page}");
}

#[tokio::test]
async fn a_log_entry_is_put_into_its_day_in_the_fields_of_its_family() {
    let world = World::demo().await;
    let table = [
        ("notes_logs", LogFamily::Notes, json!({ "comment": "Words", "is_issue_day": false })),
        (
            "manpower_logs",
            LogFamily::Manpower,
            json!({ "num_workers": 3, "num_hours": "7.5", "man_hours": "22.5", "notes": "Words",
                    "vendor": { "id": 7999, "name": "Terra Tile" } }),
        ),
        ("delivery_logs", LogFamily::Delivery, json!({ "contents": "Words", "delivery_from": "Terra Tile" })),
        (
            "inspection_logs",
            LogFamily::Inspection,
            json!({ "inspection_type": "Words", "inspecting_entity": "Terra Tile" }),
        ),
    ];
    for (name, family, expected) in table {
        let fields = [
            ("family", name),
            ("date", "2026-06-03"),
            ("text", "Words"),
            ("company", "Terra Tile"),
            ("author", "5306"),
            ("workers", "3"),
            ("hours", "7.5"),
        ];
        let (status, location, _) = world.submit("daily-log/new", &fields).await;
        assert_eq!((status, location.as_str()), (303, "/daily-log/2026-06-03"), "{name}");
        let entry = world.sandbox.log_entries().pop().unwrap();
        assert_eq!((entry.family, entry.created_by), (family, 5306), "{name}");
        assert_eq!(json!(entry.fields), expected, "{name}");
    }
    assert!(world.page("daily-log/2026-06-03").await.1.contains("Terra Tile"));
}

#[tokio::test]
async fn an_rfi_can_stay_a_draft_without_a_question() {
    let world = World::demo().await;
    let fields = [("subject", "Joint at Toilet 114"), ("drawing_number", "A-501"), ("status", "draft")];
    assert_eq!(world.submit("rfis/new", &fields).await.0, 303);
    let rfi = world.sandbox.rfis().pop().unwrap();
    assert_eq!((rfi.status, rfi.number, rfi.question.as_str()), (RfiStatus::Draft, None, ""));
    assert_eq!(rfi.drawing_number.as_deref(), Some("A-501"));
}

#[tokio::test]
async fn what_cannot_be_a_record_is_refused_and_nothing_typed_is_lost() {
    type Sent = &'static [(&'static str, &'static str)];
    let world = World::demo().await;
    let before = (world.sandbox.submittals(), world.sandbox.log_entries(), world.sandbox.rfis());
    let table: [(&str, Sent, &str); 7] = [
        ("submittals/new", &[("title", " "), ("description", "Kept words")], "Enter a title."),
        (
            "submittals/new",
            &[("title", "Kept words"), ("required_on_site_date", "soon")],
            "Enter the date as year",
        ),
        ("submittals/new", &[("title", "Kept words"), ("lead_time_days", "-4")], "a whole number of days."),
        (
            "daily-log/new",
            &[("date", "2026-06-03"), ("company", "Kept words")],
            "Enter what is to be logged.",
        ),
        ("daily-log/new", &[("date", ""), ("text", "Kept words")], "Enter the day as year"),
        (
            "daily-log/new",
            &[("family", "manpower_logs"), ("date", "2026-06-03"), ("text", "Kept words"), ("hours", "8")],
            "Enter the number of workers.",
        ),
        ("rfis/new", &[("subject", "Kept words"), ("status", "open")], "keep the RFI as a draft."),
    ];
    for (path, fields, problem) in table {
        let (status, _, html) = world.submit(path, fields).await;
        assert_eq!(status, 422, "{path} {problem}");
        assert!(html.contains(problem) && html.contains("Kept words"), "{path} {problem}: {html}");
    }
    let after = (world.sandbox.submittals(), world.sandbox.log_entries(), world.sandbox.rfis());
    assert!(before == after, "nothing was created");
}

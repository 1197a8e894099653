//! The call budget's headers and its end.

use sandbox::{Options, Quotas};

use crate::world::World;

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let world = World::demo().await;
    for (path, status) in [
        ("rest/v1.0/me", 200),
        ("rest/v1.0/projects/4099/rfis", 404),
        ("rest/v1.0/projects/4072/rfis", 403),
        ("oauth/token/info", 200),
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status(), status, "{path}");
        for header in ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"] {
            let value: i64 = answer.headers()[header].to_str().unwrap().parse().unwrap();
            assert!(value > 0, "{path} {header}");
        }
    }
}

#[tokio::test]
async fn a_call_over_the_budget_is_refused_and_still_counted() {
    let world = World::with(Options { quotas: Quotas { hourly: 4, spike: 100 }, ..Options::demo() }).await;
    let remaining =
        |answer: &reqwest::Response| answer.headers()["x-rate-limit-remaining"].to_str().unwrap().to_owned();
    // The token was the first call.
    for left in ["2", "1", "0"] {
        let answer = world.get("rest/v1.0/me").await;
        assert_eq!((answer.status().as_u16(), remaining(&answer).as_str()), (200, left));
    }
    let over = world.get("rest/v1.0/me").await;
    assert_eq!(over.status(), 429);
    let wait_s: i64 = over.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&wait_s), "{wait_s}");
    assert_eq!(over.headers()["x-rate-limit-limit"], "4");
}

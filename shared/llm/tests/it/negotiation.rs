//! Parameters an endpoint refuses are given up, once, and remembered.

use llm::{Error, Mode};
use serde_json::{Value, json};

use crate::world::{World, completion, good, ok, refused, request};

#[tokio::test]
async fn without_strict_schemas_the_schema_goes_into_the_system_text() {
    let world = World::new().await;
    world.replies([refused(500, "response_format type json_schema is not known here"), good()]).await;

    let first = world.client.answer(&request()).await.unwrap();
    let second = world.client.answer(&request()).await.unwrap();

    assert_eq!((first.mode, first.attempts), (Mode::JsonMode, 2));
    assert_eq!((second.mode, second.attempts), (Mode::JsonMode, 1), "remembered");
    let bodies = world.bodies().await;
    assert_eq!(bodies[1]["response_format"], json!({"type": "json_object"}));
    let system = bodies[1]["messages"][0]["content"].as_str().unwrap();
    assert!(system.starts_with("Rules.\n"), "{system}");
    assert!(system.contains(r#""maxLength":20"#), "the full schema is told: {system}");
    assert_eq!(bodies[1]["messages"][0], bodies[2]["messages"][0], "the prefix stays the same bytes");
}

#[tokio::test]
async fn in_json_mode_the_answer_is_still_validated() {
    let world = World::new().await;
    let wrong = ok(&completion("```json\n{\"title\":\"a title that is far too long\"}\n```"));
    let fenced = ok(&completion("```json\n{\"title\":\"Grout\"}\n```"));
    world.replies([refused(400, "json_schema unsupported"), wrong, fenced]).await;

    let error = world.client.answer(&request()).await.unwrap_err();
    let Error::Malformed { problems, .. } = error else { panic!("{error:?}") };
    assert_eq!(problems, ["/title: maxLength 20"]);

    let answer = world.client.answer(&request()).await.unwrap();
    assert_eq!(answer.json, json!({"title": "Grout"}), "a code fence is no part of the answer");
}

#[tokio::test]
async fn every_refusal_in_one_call_still_ends_in_one_answer() {
    let world = World::with(|settings| settings.attempts = 1).await;
    world
        .replies([
            refused(400, "Unsupported value: 'temperature' does not support 0 with this model"),
            refused(422, "Unrecognized request argument: max_completion_tokens"),
            refused(404, "response_format is not available"),
            good(),
        ])
        .await;

    let answer = world.client.answer(&request()).await.unwrap();

    assert_eq!((answer.mode, answer.attempts), (Mode::JsonMode, 4));
    let last: Value = world.bodies().await.remove(3);
    assert!(last.get("temperature").is_none() && last.get("max_completion_tokens").is_none(), "{last}");
    assert_eq!(last["max_tokens"], 900);
}

#[tokio::test]
async fn what_one_model_refuses_is_still_asked_of_another() {
    let world = World::new().await;
    world.replies([refused(400, "temperature is not supported with this model"), good()]).await;
    world.client.answer(&request()).await.unwrap();
    let mut other = request();
    other.model = "gpt-4.1".into();

    world.client.clone().answer(&other).await.unwrap();

    let bodies = world.bodies().await;
    assert!(bodies[1].get("temperature").is_none());
    assert_eq!(bodies[2]["temperature"], 0.0);
}

#[tokio::test]
async fn a_server_that_refuses_everything_is_rejected_after_three_concessions() {
    let world = World::new().await;
    world.replies([refused(400, "unsupported: temperature, max_completion_tokens, response_format")]).await;

    let error = world.client.answer(&request()).await.unwrap_err();

    assert!(matches!(error, Error::Rejected { status: 400, .. }), "{error:?}");
    assert_eq!(world.bodies().await.len(), 4);
}

//! A client of the sandbox with the right headers.

use reqwest::{Method, RequestBuilder, Response, redirect::Policy};
use sandbox::{Options, Sandbox, contract::DELIBERATE};
use serde_json::{Value, json};

pub(crate) const ITEMS: &str = "rest/v1.0/projects/4071/generic_tools/77/generic_tool_items";
pub(crate) const SECTIONS: &str = "rest/v2.1/companies/8001/projects/4071/specification_sections";

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
    token: String,
}

impl World {
    pub(crate) async fn demo() -> Self {
        Self::with(Options::demo()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        let mut world = Self { sandbox, http, token: String::new() };
        world.token = world.new_token().await;
        world
    }

    pub(crate) async fn new_token(&self) -> String {
        let answer = self.http.post(self.url("oauth/token")).json(&credentials()).send().await.unwrap();
        body(answer).await["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn url(&self, path: &str) -> reqwest::Url {
        self.sandbox.url().join(path).unwrap()
    }

    /// A request with the token and the company header.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, self.url(path))
            .bearer_auth(&self.token)
            .header("Procore-Company-Id", "8001")
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Response {
        self.request(Method::PATCH, path).json(body).send().await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Response {
        self.request(Method::DELETE, path).send().await.unwrap()
    }

    /// The body of a GET that must succeed.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        body(answer).await
    }

    /// A page, as a browser asks for it: no token.
    pub(crate) async fn page(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(crate) fn rfi_id(&self, number: i64) -> i64 {
        self.sandbox.rfis().into_iter().find(|rfi| rfi.number == Some(number)).unwrap().id
    }
}

/// Tells the contract check that this request is wrong on purpose.
pub(crate) fn deliberate(request: RequestBuilder, why: &'static str) -> RequestBuilder {
    request.header(DELIBERATE, why)
}

pub(crate) fn credentials() -> Value {
    json!({
        "grant_type": "client_credentials",
        "client_id": "sandbox-client-id",
        "client_secret": "sandbox-client-secret",
    })
}

pub(crate) async fn body(answer: Response) -> Value {
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// A draft as Plumbline writes it.
pub(crate) fn draft(title: &str) -> Value {
    json!({ "generic_tool_item": {
        "title": title,
        "description": "DRAFT - for review. Not issued.",
        "status": "Draft",
        "private": true,
        "skip_emails": true,
    }})
}

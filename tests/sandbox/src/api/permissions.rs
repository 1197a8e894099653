//! The list of permissions of the service account.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{errors, params::Params};
use crate::{
    permissions::{Level, TOOLS, correspondence},
    state::Shared,
};

const DOMAIN_ID: i64 = 14;

/// `GET /rest/v1.0/settings/permissions`. Procore docs: of the project or of the company, named in the query, and never
/// of both; types of correspondence are listed unless they are filtered out.
pub(super) async fn list(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    let project = match (params.one("project_id"), params.one("company_id")) {
        (Some(project), None) => Some(project),
        (None, Some(_)) => None,
        _ => return errors::malformed("name either project_id or company_id"),
    };
    let typed = project.is_some() && params.one("filter_correspondence_types") != Some("true");
    let rows: Vec<Value> = shared.read(|state| {
        let kind = &state.correspondence_type;
        let types = typed.then(|| (correspondence(&kind.id.to_string()), kind.title.clone()));
        let tools = TOOLS.map(|(name, title)| (name.to_owned(), title.to_owned()));
        let all = tools.into_iter().chain(types);
        all.zip(1_i64..)
            .map(|((name, title), id)| {
                let level = state.switches.levels.get(&name).copied().unwrap_or(Level::Admin);
                row(id, &name, &title, level, project)
            })
            .collect()
    });
    Json(json!({ "tools": rows })).into_response()
}

fn row(id: i64, name: &str, title: &str, level: Level, project: Option<&str>) -> Value {
    let (level_id, level_name) = level.row();
    let place = project.map_or_else(|| "company".to_owned(), |project| format!("{project}/project"));
    json!({
        "id": id,
        "name": name,
        "friendly_name": title,
        "domain_id": DOMAIN_ID,
        "tab_group": "core",
        "available_for_user": level > Level::None,
        "url": format!("/{place}/{name}"),
        "user_access_level": { "id": level_id, "name": level_name },
        "permitted_actions": [],
        "create_url": null,
        "can_create": level >= Level::Standard,
        "trial": false,
    })
}

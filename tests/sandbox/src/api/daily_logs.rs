//! Daily logs: the entries of each family, the headers of the days, and the counts. They are read only here.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{errors, page, params::Params, shapes};
use crate::{
    records::{LogEntry, LogFamily, LogStatus},
    state::{Shared, State as Books},
};

/// The collections of all families, weather at both of its places.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let mut routes = Router::new()
        .route("/rest/v1.0/projects/{project_id}/daily_log_headers", get(header))
        .route("/rest/v1.0/projects/{project_id}/daily_log_headers/index", get(headers))
        .route("/rest/v1.1/projects/{project_id}/daily_logs/counts", get(counts))
        .route("/rest/v1.0/projects/{project_id}/daily_logs/count", get(counts));
    for family in LogFamily::ALL {
        let mut paths = vec![format!("/rest/v1.0/projects/{{project_id}}/{}", family.collection())];
        if family == LogFamily::Weather {
            paths.push("/rest/v1.1/projects/{project_id}/daily_logs/weather_logs".to_owned());
        }
        for path in paths {
            let list = move |state: State<Arc<Shared>>, uri: Uri| list(state, uri, family);
            let show = move |state: State<Arc<Shared>>, path: Path<(i64, i64)>| show(state, path, family);
            routes = routes.route(&path, get(list)).route(&format!("{path}/{{id}}"), get(show));
        }
    }
    routes
}

/// Procore docs: the entries of one day, of a range of days, or of today; approved ones unless asked otherwise.
async fn list(State(shared): State<Arc<Shared>>, uri: Uri, family: LogFamily) -> Response {
    let params = Params::of(&uri);
    let asked = match Asked::of(&shared, &params) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    let rows: Vec<Value> = shared.read(|state| {
        let entries = state.log_entries.iter().filter(|entry| entry.family == family && asked.holds(entry));
        entries.zip(1_i64..).map(|(entry, position)| row(state, entry, position)).collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

async fn show(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(i64, i64)>,
    family: LogFamily,
) -> Response {
    let body = shared.read(|state| {
        let mut entries = state.log_entries.iter();
        let entry = entries.find(|entry| entry.id == id && entry.family == family && !entry.deleted)?;
        Some(row(state, entry, 1))
    });
    body.map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `GET .../daily_log_headers`: of one day, today unless asked otherwise.
async fn header(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    match Params::of(&uri).date("log_date") {
        Ok(day) => Json(header_of(day.unwrap_or_else(|| shared.read(Books::today)))).into_response(),
        Err(refused) => *refused,
    }
}

/// `GET .../daily_log_headers/index`: of each day that has an entry.
async fn headers(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let asked = match Asked::of(&shared, &Params::of(&uri)) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    let mut days: Vec<Date> = shared.read(|state| {
        let entries = state.log_entries.iter().filter(|entry| !entry.deleted);
        entries.map(|entry| entry.date).filter(|day| asked.has_day(*day)).collect()
    });
    days.sort();
    days.dedup();
    let rows: Vec<Value> = days.into_iter().map(header_of).collect();
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../daily_logs/counts`, and `count`, which is deprecated: how many entries each family has.
async fn counts(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let asked = match Asked::of(&shared, &Params::of(&uri)) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    let rows: Vec<Value> = shared.read(|state| {
        let families = LogFamily::ALL.iter().zip(1_i64..);
        families
            .map(|(family, position)| {
                let of_family = |entry: &&LogEntry| entry.family == *family && asked.holds(entry);
                let count = state.log_entries.iter().filter(of_family).count();
                json!({ "module_name": family.collection(), "count": count, "position": position })
            })
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// The days and statuses a query asks for.
struct Asked {
    from: Date,
    to: Date,
    status: Option<LogStatus>,
    authors: Option<Vec<i64>>,
}

impl Asked {
    fn of(shared: &Shared, params: &Params) -> Result<Self, Box<Response>> {
        let day = params.date("log_date")?;
        let (start, end) = (params.date("start_date")?, params.date("end_date")?);
        let today = shared.read(Books::today);
        let (from, to) = match (day, start, end) {
            (Some(day), _, _) => (day, day),
            (None, None, None) => (today, today),
            (None, start, end) => (start.unwrap_or(today), end.unwrap_or(today)),
        };
        let status = match params.filter("status") {
            None | Some("approved") => Some(LogStatus::Approved),
            Some("pending") => Some(LogStatus::Pending),
            Some("all") => None,
            Some(_) => {
                return Err(Box::new(errors::unprocessable("status", "must be pending, approved or all")));
            }
        };
        Ok(Self { from, to, status, authors: params.ids("created_by_id") })
    }

    fn has_day(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    fn holds(&self, entry: &LogEntry) -> bool {
        !entry.deleted
            && self.has_day(entry.date)
            && self.status.is_none_or(|status| entry.status == status)
            && self.authors.as_ref().is_none_or(|ids| ids.contains(&entry.created_by))
    }
}

fn header_of(day: Date) -> Value {
    json!({
        "id": header_id(day),
        "log_date": day.to_string(),
        "log_datetime": format!("{day}T12:00:00Z"),
        "completed": false,
        "completable": true,
        "distributed": false,
        "distributable": false,
    })
}

/// The same for every entry of a day.
fn header_id(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// What every family says, with its own fields.
fn row(state: &Books, entry: &LogEntry, position: i64) -> Value {
    let mut fields: Map<String, Value> = entry.fields.clone();
    let mut own = vec![
        ("id", json!(entry.id)),
        ("date", json!(entry.date.to_string())),
        ("datetime", json!(format!("{}T12:00:00Z", entry.date))),
        ("position", json!(position)),
        ("created_by", shapes::user(state, entry.created_by)),
    ];
    // The vendor's reference leaves the times out of this one family.
    if entry.family != LogFamily::PlanRevision {
        own.push(("created_at", json!(shapes::time(entry.created_at))));
        own.push(("updated_at", json!(shapes::time(entry.updated_at))));
    }
    if entry.family.tells_status() {
        own.push(("status", json!(entry.status.as_str())));
    }
    if entry.family == LogFamily::Notes {
        own.push(("daily_log_header_id", json!(header_id(entry.date))));
        own.push(("created_by_collaborator", json!(entry.status == LogStatus::Pending)));
    }
    fields.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    shapes::filled(Value::Object(fields))
}

//! How fast `plumbline serve` answers webhooks on loopback, what it weighs, and whether refusals tell apart how wrong a
//! header was. Prints; asserts nothing, because a busy machine is no defect.
//!
//! Webhooks come at a fixed rate whether or not earlier ones were answered, and each is timed from the moment it was
//! due: a service that stalls makes every webhook of the stall late, not one. The workers run meanwhile; the events
//! are of a project without a row in the configuration, so they end at the first step and call nobody.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Context;
use reqwest::{Client, StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
    time::{sleep, sleep_until, timeout},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_plumbline-under-test");
const FIXTURE: &str = include_str!("../../fixtures/webhook_v4.json");
const SECRET: &str = "Bearer bench-current-webhook-secret";
const PREVIOUS: &str = "Bearer bench-previous-webhook-secret";
/// Nothing listens here: whoever calls the vendor or the model finds nobody.
const NOBODY: &str = "http://127.0.0.1:9/";

const RATE_PER_S: u32 = 200;
const LOAD_S: u32 = 30;
const REFUSALS_OF_A_KIND: u32 = 1_000;
/// The vendor waits so long for an answer.
const VENDOR_PATIENCE: Duration = Duration::from_secs(5);
const START: Duration = Duration::from_secs(20);
/// Between the end of the load and the last look at the memory.
const REST: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let data = tempfile::tempdir().context("no temporary directory")?;
    let service = Running::start(data.path()).await?;
    let client = Client::builder().timeout(VENDOR_PATIENCE).no_proxy().build()?;
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    println!("plumbline serve on loopback, release build, {cores} cores shared with this benchmark");

    sleep(REST).await;
    let at_start = service.memory();
    let load = load(&client, &service.door).await?;
    let after_load = service.memory();
    sleep(REST).await;
    let at_rest = service.memory();

    println!("webhooks   {} in {LOAD_S} s ({RATE_PER_S}/s), 204: {:.2} %", load.sent, load.share_of_204());
    let times = &load.times;
    println!(
        "answered   p50 {}  p99 {}  max {}",
        quantile(times, 50),
        quantile(times, 99),
        quantile(times, 100)
    );
    println!(
        "memory     {} after start, {} after the load, {} five seconds later (most: {})",
        at_start.now, after_load.now, at_rest.now, at_rest.most
    );
    println!("refusals   401, median (and middle half) of {REFUSALS_OF_A_KIND} of each kind, taken in turns");
    for (kind, times) in refusals(&client, &service.door).await? {
        let (low, middle, high) = (quantile(&times, 25), quantile(&times, 50), quantile(&times, 75));
        println!("           {kind:<28} {middle} ({low} to {high})");
    }
    service.stop().await
}

/// What came of the load.
struct Load {
    sent: u32,
    accepted: u32,
    /// Sorted.
    times: Vec<Duration>,
}

impl Load {
    fn share_of_204(&self) -> f64 {
        100.0 * f64::from(self.accepted) / f64::from(self.sent)
    }
}

async fn load(client: &Client, door: &str) -> anyhow::Result<Load> {
    let event: Value = serde_json::from_str(FIXTURE)?;
    let start = Instant::now();
    let sent = RATE_PER_S * LOAD_S;
    let mut answers = JoinSet::new();
    for number in 0..sent {
        let due = start + Duration::from_secs(1) * number / RATE_PER_S;
        sleep_until(due.into()).await;
        let body = another(&event, number).to_string();
        let request = client.post(door).header(AUTHORIZATION, SECRET).body(body);
        answers.spawn(async move {
            let answer = request.send().await.map(|answer| answer.status());
            (answer, due.elapsed())
        });
    }
    let mut load = Load { sent, accepted: 0, times: Vec::new() };
    while let Some(answer) = answers.join_next().await {
        let (status, took) = answer?;
        if status.is_ok_and(|status| status == StatusCode::NO_CONTENT) {
            load.accepted += 1;
        }
        // One that failed or was too late counts with the time it took to fail.
        load.times.push(took);
    }
    load.times.sort_unstable();
    Ok(load)
}

/// The event as the vendor would send it for another record of a project that is not configured.
fn another(event: &Value, number: u32) -> Value {
    let mut event = event.clone();
    if let Some(members) = event.as_object_mut() {
        members.insert("id".to_owned(), json!(format!("01BENCH{number:019}")));
        members.insert("project_id".to_owned(), json!("4999"));
        members.insert("resource_id".to_owned(), json!(number.to_string()));
    }
    event
}

/// Times of refusals by what is wrong with the header, each sorted.
async fn refusals(client: &Client, door: &str) -> anyhow::Result<Vec<(&'static str, Vec<Duration>)>> {
    let mut wrong_at_the_end = SECRET.to_owned();
    wrong_at_the_end.pop();
    wrong_at_the_end.push('X');
    let values = [
        ("no header", None),
        ("empty", Some(String::new())),
        ("other scheme", Some("Basic YmVuY2g6YmVuY2g=".to_owned())),
        ("wrong from the first byte", Some("X".repeat(SECRET.len()))),
        ("wrong at the last byte", Some(wrong_at_the_end)),
        ("half of the secret", Some(SECRET.chars().take(SECRET.len() / 2).collect())),
        ("the secret and more", Some(format!("{SECRET}-and-more"))),
        ("like the previous secret", Some(format!("{PREVIOUS}X"))),
    ];
    let mut kinds: Vec<_> = values.iter().map(|(kind, _)| (*kind, Vec::new())).collect();
    // In turns, so that a slow moment of the machine meets every kind.
    for _ in 0..REFUSALS_OF_A_KIND {
        for ((_, value), (_, times)) in values.iter().zip(&mut kinds) {
            let mut request = client.post(door).body(FIXTURE);
            if let Some(value) = value {
                request = request.header(AUTHORIZATION, value);
            }
            let start = Instant::now();
            let answer = request.send().await?;
            times.push(start.elapsed());
            anyhow::ensure!(answer.status() == StatusCode::UNAUTHORIZED, "answered {}", answer.status());
        }
    }
    for (_, times) in &mut kinds {
        times.sort_unstable();
    }
    Ok(kinds)
}

fn quantile(sorted: &[Duration], percent: usize) -> String {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    let time = sorted.get(place).copied().unwrap_or_default();
    format!("{:.3} ms", time.as_secs_f64() * 1_000.0)
}

/// `plumbline serve` as a process of its own, as an operator runs it.
struct Running {
    child: Child,
    door: String,
}

impl Running {
    async fn start(data: &Path) -> anyhow::Result<Self> {
        let config = data.join("plumbline.toml");
        std::fs::write(&config, CONFIG)?;
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(config)
            .arg("--data")
            .arg(data.join("data"))
            .env_clear()
            .env("PROCORE_CLIENT_ID", "bench")
            .env("PROCORE_CLIENT_SECRET", "bench")
            .env("WEBHOOK_AUTHORIZATION", format!("{SECRET}\n{PREVIOUS}"))
            .env("OPENAI_API_KEY", "bench")
            .env("PROCORE_API_URL", NOBODY)
            .env("PROCORE_LOGIN_URL", NOBODY)
            .env("OPENAI_BASE_URL", NOBODY)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("plumbline does not start")?;
        let stderr = child.stderr.take().context("no standard error")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut last = String::new();
        let door = timeout(START, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(door) = line.strip_prefix("plumbline: listening on ") {
                    return Ok(door.to_owned());
                }
                last = line;
            }
            anyhow::bail!("plumbline ended before it listened: {last}")
        })
        .await
        .context("plumbline does not listen in time")??;
        // Its log is written as always, and somebody has to read it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, door })
    }

    fn memory(&self) -> Memory {
        let path = format!("/proc/{}/status", self.child.id().unwrap_or_default());
        let status = std::fs::read_to_string(path).unwrap_or_default();
        let field = |name: &str| {
            let kib = status.lines().find_map(|line| {
                let value = line.strip_prefix(name)?.trim().strip_suffix(" kB")?;
                value.parse::<f64>().ok()
            });
            kib.map_or("unknown".to_owned(), |kib| format!("{:.1} MB", kib * 1_024.0 / 1e6))
        };
        Memory { now: field("VmRSS:"), most: field("VmHWM:") }
    }

    async fn stop(mut self) -> anyhow::Result<()> {
        // What may be left in its queue goes with its directory.
        self.child.kill().await.context("plumbline does not end")
    }
}

/// Resident memory; unknown where there is no `/proc`.
struct Memory {
    now: String,
    most: String,
}

const CONFIG: &str = r#"
company_id = 8001
environment = "sandbox"
namespace = "plumbline-bench"
service_account_id = 990001
quiet_window_s = 60

[model]
default = { provider = "openai", name = "bench-model", usd_per_million_tokens = { input = "1.00", cached_input = "1.00", output = "1.00" } }

[budget]
usd_per_project_per_day = "5.00"
max_drafts_per_record_per_day = 5

[[project]]
id = 4071
reviewer_id = 5101
correspondence_type_id = 77
workflows = ["rfi_response"]
"#;

//! Where each number of the status comes from.

use std::collections::{BTreeMap, BTreeSet};

use agent::{
    Config, RunRecord,
    assemble::{Addresses, endpoint_of},
    breaker,
    ledger::{Counter, Ledger},
    sweep::LastSweep,
};
use anyhow::Context;
use aws::{Environment, LiveConfig};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use procore::{CompanyId, Windows, budget_share_percent};

use super::{Arguments, Drafts, Endpoint, Purse, Status};
use crate::{Backend, figures::quantile, runs::MOST, service::read_config};

/// How far back runs are counted.
const SPAN: SignedDuration = SignedDuration::from_hours(24);

/// How everything stands now.
///
/// # Errors
/// When backend or configuration cannot be read.
pub async fn gather(arguments: &Arguments, now: Timestamp) -> anyhow::Result<Status> {
    let backend = Backend::open(&arguments.data).await?;
    let config = match &backend {
        Backend::Embedded(_) if !arguments.config.exists() => None,
        Backend::Embedded(_) => Some(read_config(&arguments.config)?),
        Backend::Aws { .. } => {
            let config = LiveConfig::load(&Environment::load().await, now).await?;
            Some(Config::clone(&*config.current(now).await))
        }
    };
    let addresses = Addresses::from_variables(|name| std::env::var(name).ok())?;
    of(&backend, config.as_ref(), &addresses, now).await
}

/// The same of a backend at hand.
async fn of(
    backend: &Backend,
    config: Option<&Config>,
    addresses: &Addresses,
    now: Timestamp,
) -> anyhow::Result<Status> {
    let (queues, dead_letters) = backend.depths().await.context("the queue cannot be read")?;
    let since = now.checked_sub(SPAN).unwrap_or(now);
    let runs = backend.runs_since(since, MOST).await.context("the runs cannot be read")?;
    let last_sweep = note(backend, LastSweep::NOTE).await?;
    let company = config.map(|config| config.company_id).or_else(|| company_of(&runs));
    let call_budget_percent = match company {
        Some(company) => {
            let book =
                backend.pace_book().read(company).await.context("the account of calls cannot be read")?;
            budget_share_percent(&book.text, now, Windows::default())
        }
        None => None,
    };
    Ok(Status {
        at: now,
        queues,
        dead_letters,
        outcomes: outcomes(&runs),
        drafts: drafts(&runs),
        purses: purses(backend, config, &runs, now).await?,
        call_budget_percent,
        endpoints: endpoints(backend, config, addresses, now).await?,
        last_sweep: LastSweep::read(&last_sweep),
    })
}

async fn note(backend: &Backend, name: &str) -> anyhow::Result<String> {
    let look = backend.look(&[], &[name]).await.context("the ledger cannot be read")?;
    Ok(look.notes.into_iter().next().unwrap_or_default().text)
}

fn company_of(runs: &[RunRecord]) -> Option<CompanyId> {
    runs.iter().find_map(|run| run.event.as_ref()).map(|event| event.company)
}

fn outcomes(runs: &[RunRecord]) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for run in runs {
        let count = counts.entry(&run.outcome).or_default();
        *count = count.saturating_add(1);
    }
    let mut counts: Vec<(String, u64)> =
        counts.into_iter().map(|(outcome, count)| (outcome.to_owned(), count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn drafts(runs: &[RunRecord]) -> Drafts {
    let times_ms: Vec<u64> = runs.iter().filter_map(RunRecord::webhook_to_draft_ms).collect();
    Drafts {
        count: u64::try_from(times_ms.len()).unwrap_or(u64::MAX),
        p50_ms: quantile(&times_ms, 50),
        p95_ms: quantile(&times_ms, 95),
    }
}

/// Of the configured projects, and of those that had a run.
async fn purses(
    backend: &Backend,
    config: Option<&Config>,
    runs: &[RunRecord],
    now: Timestamp,
) -> anyhow::Result<Vec<Purse>> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut projects: BTreeSet<i64> = runs.iter().filter_map(|run| run.project_id).collect();
    projects.extend(config.into_iter().flat_map(|config| config.projects.iter().map(|row| row.id.get())));
    let counters: Vec<Counter> =
        projects.iter().map(|project| Counter(format!("usd/{project}/{today}"))).collect();
    let sums = backend.sums(&counters).await.context("the purses cannot be read")?;
    let budget_micro_usd = config.map(|config| config.budget.micro_usd_per_project_per_day);
    let purses = projects.into_iter().zip(sums).map(|(project_id, sum)| Purse {
        project_id,
        micro_usd: u64::try_from(sum).unwrap_or(0),
        budget_micro_usd,
    });
    Ok(purses.collect())
}

async fn endpoints(
    backend: &Backend,
    config: Option<&Config>,
    addresses: &Addresses,
    now: Timestamp,
) -> anyhow::Result<Vec<Endpoint>> {
    let models = config.into_iter().flat_map(|config| config.model.values());
    let names: BTreeSet<String> = models.map(|model| endpoint_of(model, addresses)).collect();
    let mut endpoints = Vec::new();
    for name in names {
        let text = note(backend, &breaker::note_of(&name)).await?;
        endpoints.push(Endpoint { name, breaker: breaker::standing(&text, now) });
    }
    Ok(endpoints)
}

//! `plumbline`: reads the command line and hands on.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

use plumbline::{
    dead, demo, doctor, eval, hooks, prompts, receive, replay, report, runs, serve, status, sweep,
};

/// Procore events become drafts that project engineers review. Never issues, answers, approves or e-mails.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The whole product on this machine, against a stand-in for Procore.
    Demo {
        /// End when the seeded drafts are there; exit 0 only if every outcome is the expected one.
        #[arg(long)]
        once: bool,
    },
    /// The service against a real Procore.
    Serve {
        /// What runs where.
        #[arg(long)]
        config: PathBuf,
        /// Directory of queue and ledger; made if missing. A local disk.
        #[arg(long)]
        data: PathBuf,
        /// Where webhooks come in.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// One event from a file, with everything shown.
    Receive {
        /// A webhook body: JSON.
        #[arg(long)]
        event: PathBuf,
        /// Write nothing to Procore and remember nothing.
        #[arg(long)]
        dry_run: bool,
        /// What runs where.
        #[arg(long, default_value = "plumbline.toml")]
        config: PathBuf,
        /// Directory of queue and ledger.
        #[arg(long, default_value = "plumbline-data")]
        data: PathBuf,
    },
    /// What webhooks did not tell, onto the queue: lost deliveries, changed records, days that are over.
    Sweep {
        /// What runs where.
        #[arg(long, default_value = "plumbline.toml")]
        config: PathBuf,
        /// Directory of queue and ledger.
        #[arg(long, default_value = "plumbline-data")]
        data: PathBuf,
        /// Only report: send nothing, note nothing, switch no hook on.
        #[arg(long)]
        dry_run: bool,
    },
    /// What is not well, and who can put it right: account, permissions, hooks, model, queue. Exit 0 unless something is
    /// broken.
    Doctor(doctor::Arguments),
    /// The prompt files: their mistakes, their release, their differences.
    #[command(subcommand)]
    Prompts(prompts::Command),
    /// What nobody could work on: looked at, sent again, dropped.
    Dead(dead::Arguments),
    /// What became of events.
    Runs(runs::Arguments),
    /// Our webhooks at Procore: planned, made, rotated, removed, and what became of their deliveries.
    Hooks(hooks::Arguments),
    /// Recorded events once more, through the queue or to compare prompt versions.
    Replay(replay::Arguments),
    /// How the installation stands: queue, outcomes, money, limits.
    Status(status::Arguments),
    /// A page for those who pay: drafts, outcomes, time and cost of a week.
    Report(report::Arguments),
    /// The workflows over cases of our own, and whether a prompt version may be released.
    Eval(eval::Arguments),
}

fn main() -> ExitCode {
    // This program reads documents in a child of itself.
    if let Some(code) = documents::worker() {
        return code;
    }
    let arguments = Arguments::parse();
    let level = match arguments.command {
        Command::Demo { .. } | Command::Doctor(_) | Command::Eval(_) => "error",
        Command::Dead(_)
        | Command::Runs(_)
        | Command::Replay(_)
        | Command::Hooks(_)
        | Command::Status(_)
        | Command::Report(_) => "warn",
        _ => "info",
    };
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("PLUMBLINE_LOG").unwrap_or_else(|_| level.into());
    tracing_subscriber::registry()
        .with(filter)
        .with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr))
        .with(agent::alarm::Listener)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("plumbline: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(execute(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("plumbline: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What the program ends with: most commands know only whether all was done.
async fn execute(command: Command) -> anyhow::Result<ExitCode> {
    let done = match command {
        Command::Hooks(arguments) => return hooks::hooks(&arguments).await,
        Command::Demo { once } => demo::demo(once, serve::signal()).await,
        Command::Serve { config, data, listen } => {
            serve::serve(&config, data, listen, serve::signal()).await?;
            Ok(true)
        }
        Command::Receive { event, dry_run, config, data } => {
            let setup = serve::setup(&config, data, SocketAddr::from(([127, 0, 0, 1], 0)))?;
            print!("{}", receive::receive(setup, &event, dry_run).await?);
            Ok(true)
        }
        Command::Sweep { config, data, dry_run } => {
            let swept = sweep::anywhere(&config, data, dry_run).await?;
            print!("{swept}");
            Ok(swept.ended_early.is_none())
        }
        Command::Doctor(arguments) => doctor::doctor(&arguments).await,
        Command::Prompts(command) => prompts::run(&command),
        Command::Dead(arguments) => dead::dead(&arguments).await,
        Command::Runs(arguments) => runs::runs(&arguments).await,
        Command::Replay(arguments) => replay::replay(&arguments).await,
        Command::Status(arguments) => status::status(&arguments).await,
        Command::Report(arguments) => report::report(&arguments).await,
        Command::Eval(arguments) => eval::run(&arguments).await,
    };
    done.map(|done| if done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! `plumbline serve`: the service against a real Procore, until somebody stops it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use agent::assemble::{Addresses, Secrets};
use jiff::Timestamp;
use otlp::Exporter;

use crate::service::{Service, Setup, read_config};

/// Runs until `stop` resolves, then finishes or gives back what is in hand.
///
/// # Errors
/// When configuration, secrets, directory or address do not work.
pub async fn serve(
    config: &Path,
    data: PathBuf,
    listen: SocketAddr,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let service = Service::start(setup(config, data, listen)?).await?;
    eprintln!("plumbline: listening on http://{}/webhooks/procore", service.address());
    stop.await;
    eprintln!("plumbline: stopping; finishing what is in hand");
    service.stop().await;
    Ok(())
}

/// Everything `serve` needs, from the file and the environment.
///
/// # Errors
/// When either is wrong; names what.
pub fn setup(config: &Path, data: PathBuf, listen: SocketAddr) -> anyhow::Result<Setup> {
    let variable = |name: &str| std::env::var(name).ok();
    let file = read_config(config)?;
    Ok(Setup {
        sweep_every: Some(Duration::from_mins(file.sweep.every_min.into())),
        config: file,
        config_file: Some(config.to_owned()),
        secrets: Secrets::from_variables(variable)?,
        addresses: Addresses::from_variables(variable)?,
        windows: procore::Windows::default(),
        data,
        listen,
        extractor: None,
        clock: Timestamp::now,
        watcher: None,
        on_run: None,
        exporter: Exporter::from_variables("plumbline", variable)?,
    })
}

/// Resolves on Ctrl-C, and on the signal a service manager sends.
pub async fn signal() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

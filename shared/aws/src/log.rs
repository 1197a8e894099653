//! Log lines of a Lambda: JSON on standard output.
//!
//! Libraries speak only to warn: at their lower levels the SDK and the runtime write out whole requests, secrets
//! and records included, and no setting may bring that about.

use agent::alarm;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// Our own crates, the only ones whose level can be chosen.
const OURS: [&str; 8] = ["agent", "aws", "documents", "ingest", "llm", "procore", "router", "sweep"];

/// Starts logging. `level` is `error`, `warn`, `info` or `debug`; anything else, or nothing, is `info`.
/// Call it once; a second call does nothing.
pub fn log_to_stdout(level: Option<&str>) {
    let lines = tracing_subscriber::fmt::layer().json().with_current_span(false).with_span_list(false);
    let _ = tracing_subscriber::registry()
        .with(EnvFilter::new(directives(level)))
        .with(lines)
        .with(alarm::Listener)
        .try_init();
}

fn directives(level: Option<&str>) -> String {
    let level = level.filter(|level| ["error", "warn", "info", "debug"].contains(level)).unwrap_or("info");
    // A name stands for everything that begins with it: without the second, `aws` would open the SDK's crates too.
    let mut directives = "warn,aws_=warn".to_owned();
    for name in OURS {
        directives.push_str(&format!(",{name}={level}"));
    }
    directives
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_level_opens_the_mouth_of_a_library() {
        for asked in [None, Some("debug"), Some("trace"), Some("aws_smithy_runtime=trace")] {
            let subscriber = tracing_subscriber::fmt()
                .with_env_filter(EnvFilter::new(directives(asked)))
                .with_writer(std::io::sink)
                .finish();
            tracing::subscriber::with_default(subscriber, || {
                assert!(tracing::enabled!(target: "agent::worker", tracing::Level::INFO));
                assert!(tracing::enabled!(target: "aws::queue", tracing::Level::INFO));
                assert!(tracing::enabled!(target: "sweep", tracing::Level::INFO));
                assert!(!tracing::enabled!(target: "aws_smithy_runtime::client", tracing::Level::INFO));
                assert!(!tracing::enabled!(target: "lambda_runtime::layers", tracing::Level::INFO));
                assert!(tracing::enabled!(target: "lambda_runtime::layers", tracing::Level::WARN));
                let debug = tracing::enabled!(target: "router", tracing::Level::DEBUG);
                assert_eq!(debug, asked == Some("debug"), "{asked:?}");
            });
        }
    }
}

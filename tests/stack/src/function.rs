//! A Lambda function under test: its real binary, with an environment of its own, fed by the runtime API.

use std::{
    path::Path,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{
    loopback_endpoint,
    runtime_api::{Reply, RuntimeApi},
};

/// Time an invocation has in Lambda's eyes.
const INVOCATION: Duration = Duration::from_secs(60);

/// A running function. Killed when dropped.
pub struct Function {
    api: RuntimeApi,
    child: Child,
    log: Arc<Mutex<String>>,
    invocations: AtomicU64,
    /// From the start of the process to its first question for an event.
    pub initialised_in: Duration,
}

impl Function {
    /// Starts a binary with these variables and no others, and waits until it asks for its first event.
    ///
    /// # Panics
    /// If a variable names an AWS address that is not loopback, none does, or the function ends instead of asking.
    pub async fn start(program: &str, variables: Vec<(String, String)>) -> Self {
        match Self::try_start(program, variables).await {
            Ok(function) => function,
            Err(log) => panic!("the function did not start:\n{log}"),
        }
    }

    /// As [`Self::start`], but a function that ends instead of asking gives its log.
    pub async fn try_start(program: &str, variables: Vec<(String, String)>) -> Result<Self, String> {
        let endpoint = variables.iter().find(|(name, _)| name == "AWS_ENDPOINT_URL");
        let _ = loopback_endpoint(endpoint.map_or("", |(_, address)| address));
        assert!(
            Path::new(program).exists(),
            "{program} is not built: run the tests of the whole workspace, or build that package first"
        );
        let (api, initialised) = RuntimeApi::start().await;
        let begun = Instant::now();
        let mut child = Command::new(program)
            .env_clear()
            .envs(variables)
            .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "test")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let out = tokio::spawn(keep(child.stdout.take().unwrap(), Arc::clone(&log)));
        let err = tokio::spawn(keep(child.stderr.take().unwrap(), Arc::clone(&log)));
        tokio::select! {
            asked = timeout(INVOCATION, initialised) => asked.expect("it asks or ends").expect("the api lives"),
            _ = child.wait() => {
                let _ = (out.await, err.await);
                let log = log.lock().unwrap().clone();
                return Err(log);
            }
        }
        Ok(Self { api, child, log, invocations: AtomicU64::new(0), initialised_in: begun.elapsed() })
    }

    /// Hands the function an event and waits for its reply.
    ///
    /// # Panics
    /// If none comes within a minute.
    pub async fn invoke(&self, event: Value) -> Reply {
        let number = self.invocations.fetch_add(1, Ordering::Relaxed);
        let id = format!("00000000-0000-4000-8000-{:08}{number:04}", std::process::id());
        let replied = self.api.invoke(&id, event, INVOCATION).await;
        match timeout(INVOCATION, replied).await {
            Ok(Ok(reply)) => reply,
            _ => panic!("no reply; the function's log:\n{}", self.log()),
        }
    }

    /// As [`Self::invoke`], for a function that has to succeed.
    ///
    /// # Panics
    /// If it reports an error.
    pub async fn respond(&self, event: Value) -> Value {
        match self.invoke(event).await {
            Reply::Response(value) => value,
            Reply::Error(error) => panic!("the function failed: {error}\n{}", self.log()),
        }
    }

    /// What it has written so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Most memory it has had in use, in kilobytes; `None` where the system does not tell.
    pub fn peak_memory_kb(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }
}

async fn keep(stream: impl AsyncRead + Unpin, log: Arc<Mutex<String>>) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut log = log.lock().unwrap();
        log.push_str(&line);
        log.push('\n');
    }
}

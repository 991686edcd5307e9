//! The embedded server as a child process: on loopback only, with fresh credentials, and stopped on every way out.
//!
//! The child ends when its stdin closes, so it does not outlive this process even after a `kill -9`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use s3_clients::endpoint::{Connection, StaticCredentials};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use wlx_terminal as terminal;

/// How long the server may take to stop before it is killed. It has nothing to lose by then: every
/// acknowledged change is in its journal.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// The line that `wlx serve --format json` prints once it listens.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    /// Access key id to sign with.
    pub access_key_id: String,
    /// Secret access key to sign with.
    pub secret_access_key: String,
    /// Region to sign for.
    pub region: String,
    /// Bearer token of admin calls.
    pub admin_token: String,
}

impl Ready {
    /// The connection to the server, as a store.
    pub fn connection(&self) -> Connection {
        Connection {
            endpoint_url: Some(self.endpoint.clone()),
            region: self.region.clone(),
            profile: None,
            credentials: Some(StaticCredentials {
                access_key_id: self.access_key_id.clone(),
                secret_access_key: self.secret_access_key.clone(),
            }),
        }
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ready({}, {}, ***)", self.endpoint, self.access_key_id)
    }
}

/// Why the embedded server did not start.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The process could not be started.
    #[error("cannot start the embedded server: {0}")]
    Spawn(#[from] std::io::Error),
    /// It ended before it listened; its own message says why.
    #[error("the embedded server on {} did not start: {words}", state.display())]
    Refused {
        /// Its state directory.
        state: PathBuf,
        /// What it said on stderr.
        words: String,
    },
}

/// A running embedded server.
#[derive(Debug)]
pub struct EmbeddedServer {
    child: Child,
    ready: Ready,
}

impl EmbeddedServer {
    /// Starts this program's `serve` on a free loopback port, with its state below `state`.
    pub async fn start(state: &Path, region: &str) -> Result<Self, EmbeddedError> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--format", "json", "--until-stdin-closes"])
            .args(["--region", region, "--state"])
            .arg(state)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in the terminal must not stop the server before open uploads are aborted.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).await?;
        match serde_json::from_str(&line) {
            Ok(ready) => {
                tokio::spawn(forward(child.stderr.take().expect("stderr is piped")));
                Ok(Self { child, ready })
            }
            Err(_) => Err(EmbeddedError::Refused { state: state.to_owned(), words: last_words(&mut child).await }),
        }
    }

    /// Where it listens and how to sign.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Its process id; `None` once it has ended.
    pub fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Stops it and waits until it is gone.
    pub async fn stop(mut self) {
        drop(self.child.stdin.take());
        if tokio::time::timeout(STOP_PATIENCE, self.child.wait()).await.is_err() {
            // Dropping the child kills it; waiting leaves no zombie.
            let _ = self.child.kill().await;
        }
    }
}

/// Passes on what the server says, and keeps its pipe from filling up.
async fn forward(stderr: tokio::process::ChildStderr) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        terminal::note(&format!("embedded server: {line}"));
    }
}

async fn last_words(child: &mut Child) -> String {
    let mut words = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        // A partial message is better than none.
        let _ = stderr.read_to_string(&mut words).await;
    }
    let words = words.trim();
    words.strip_prefix("error: ").unwrap_or(words).to_owned()
}

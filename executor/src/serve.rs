//! `wlx serve`: the embedded S3 server in the foreground, on loopback, with fresh credentials.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use embedded_s3::{Credentials, ServerConfig, ServerError};
use tokio::io::AsyncReadExt;

use crate::ending::{CommandError, Ended, Ending};
use crate::settings::Settings;
use crate::signals::cancelled_by_signals;
use crate::store::Ready;
use wlx_terminal as terminal;

/// How the server says that it is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReadyFormat {
    /// Lines to paste into a shell.
    Shell,
    /// One line of JSON.
    Json,
}

/// Flags of `wlx serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Address to listen on; only loopback is allowed, port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Folder of its state [default: .wlx/s3]
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// How to say that it is ready
    #[arg(long, value_enum, default_value = "shell")]
    pub format: ReadyFormat,
    /// Stop when stdin closes, so that the server does not outlive the process that started it
    #[arg(long)]
    pub until_stdin_closes: bool,
}

/// Serves until SIGINT, SIGTERM or, where asked for, the end of stdin.
pub async fn run(args: &ServeArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let cancelled = cancelled_by_signals()?;
    let ready_without_address = fresh_credentials(&settings.region.value);
    let server = embedded_s3::start(ServerConfig {
        state_dir: args.state.clone().unwrap_or_else(|| settings.state_dir.join("s3")),
        listen: args.listen,
        credentials: Credentials {
            access_key: ready_without_address.access_key_id.clone(),
            secret_key: ready_without_address.secret_access_key.clone(),
        },
        region: settings.region.value.clone(),
        admin_token: ready_without_address.admin_token.clone(),
    })
    .await
    .map_err(|error| match error {
        ServerError::NotLoopback(address) => CommandError::NotLoopback(address),
        error => CommandError::Serve(error),
    })?;
    announce(&Ready { endpoint: server.endpoint(), ..ready_without_address }, args.format);
    if args.until_stdin_closes {
        tokio::select! {
            () = cancelled.cancelled() => {}
            () = stdin_closed() => {}
        }
    } else {
        cancelled.cancelled().await;
    }
    server.shutdown().await;
    Ok(Ending::Done.into())
}

async fn stdin_closed() {
    let mut buffer = [0; 64];
    let mut stdin = tokio::io::stdin();
    while stdin.read(&mut buffer).await.is_ok_and(|bytes| bytes > 0) {}
}

/// Credentials that no other user of this machine can guess: 128 random bits each.
fn fresh_credentials(region: &str) -> Ready {
    Ready {
        endpoint: String::new(),
        access_key_id: format!("WLX{}", &random_hex()[..17].to_uppercase()),
        secret_access_key: random_hex(),
        region: region.to_owned(),
        admin_token: random_hex(),
    }
}

fn random_hex() -> String {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn announce(ready: &Ready, format: ReadyFormat) {
    match format {
        ReadyFormat::Json => terminal::data(&serde_json::to_string(ready).expect("plain data")),
        ReadyFormat::Shell => {
            terminal::data(&format!("export AWS_ENDPOINT_URL={}", ready.endpoint));
            terminal::data(&format!("export AWS_ACCESS_KEY_ID={}", ready.access_key_id));
            terminal::data(&format!("export AWS_SECRET_ACCESS_KEY={}", ready.secret_access_key));
            terminal::data(&format!("export AWS_REGION={}", ready.region));
            terminal::note("# the embedded server runs until Ctrl-C; paste the lines above into another shell");
        }
    }
}

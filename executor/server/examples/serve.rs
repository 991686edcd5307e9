//! Runs a server on a free port until its standard input is closed.
//!
//! `cargo run -p embedded-s3 --example serve -- STATE_DIR` with `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` set.

use std::{env, io, io::Write};

use embedded_s3::{Credentials, ServerConfig, start};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = ServerConfig {
        state_dir: env::args().nth(1).ok_or("a state directory is needed")?.into(),
        listen: ([127, 0, 0, 1], 0).into(),
        credentials: Credentials {
            access_key: env::var("AWS_ACCESS_KEY_ID")?,
            secret_key: env::var("AWS_SECRET_ACCESS_KEY")?,
        },
        region: "us-east-1".to_owned(),
        admin_token: env::var("ADMIN_TOKEN").unwrap_or_else(|_| "example".to_owned()),
    };
    let server = start(config).await?;
    writeln!(io::stdout(), "{}", server.endpoint())?;
    tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    server.shutdown().await;
    Ok(())
}

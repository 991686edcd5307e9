//! The flags that every command shares, as they were typed.

use std::path::PathBuf;

use clap::Args;

/// Flags shared by all commands. Unset ones fall back to the environment, `wlx.toml` and defaults.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Common options")]
#[expect(clippy::doc_markdown, rustdoc::bare_urls, reason = "the text of --help, in which marks would be printed")]
pub struct CommonArgs {
    /// S3 endpoint, like http://127.0.0.1:8333 [env: WLX_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Bucket to work in [env: WLX_BUCKET] [default on the embedded server: wlx-bench]
    #[arg(long, global = true, value_name = "NAME")]
    pub bucket: Option<String>,
    /// Region of the bucket [env: WLX_REGION, AWS_REGION, AWS_DEFAULT_REGION] [default: us-east-1]
    #[arg(long, global = true)]
    pub region: Option<String>,
    /// Profile of the AWS configuration [env: WLX_PROFILE, AWS_PROFILE]
    #[arg(long, global = true)]
    pub profile: Option<String>,
    /// Folder of the files to upload and of downloaded files [env: WLX_FILES_DIR] [default: .wlx/files]
    #[arg(long, global = true, value_name = "DIR")]
    pub files_dir: Option<PathBuf>,
    /// Folder of the compiled workloads [env: WLX_WORKLOADS_DIR] [default: workloads here or in a folder above]
    #[arg(long, global = true, value_name = "DIR")]
    pub workloads_dir: Option<PathBuf>,
    /// Throughput that clients plan their concurrency for, in gigabit/s [env: WLX_TARGET_THROUGHPUT] [default: 10.0]
    #[arg(long, global = true, value_name = "GBPS")]
    pub target_throughput: Option<String>,
    /// Results database [env: WLX_DB] [default: .wlx/results.sqlite]
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Folder of installed clients [env: WLX_CLIENTS_DIR] [default: .wlx/clients]
    #[arg(long, global = true, value_name = "DIR")]
    pub clients_dir: Option<PathBuf>,
    /// Shrink every size, like 1/1024; results are marked as scaled and keys kept apart [env: WLX_SCALE]
    #[arg(long, global = true, value_name = "1/N")]
    pub scale: Option<String>,
    /// Settings file [default: wlx.toml, where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Say less: no progress, no hints
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// No progress bar
    #[arg(long, global = true)]
    pub no_progress: bool,
}

//! The command: measures each limit in turn, stores all of them as one finding, and shows it.

use std::path::Path;

use clap::{Args, ValueEnum};
use workload_schema::ByteSize;

use super::{clock, disk, loopback, null_floor, show};
use crate::ending::{CommandError, Ended, Ending};
use crate::settings::Settings;
use crate::signals::cancelled_by_signals;
use run_records::analysis::calibration::{self, Calibration, DiskLimit};
use run_records::results_file::{FindingKind, NewFinding, ResultsFile};
use runner_drive::Guard;
use system_measure::machine::this_machine;
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;

/// What stdout gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CalibrateFormat {
    /// A table.
    Table,
    /// One JSON document.
    Json,
}

/// Flags of `wlx calibrate`.
#[derive(Debug, Clone, Args)]
pub struct CalibrateArgs {
    /// Size of the file that measures the disk, like 1GiB
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size)]
    pub size: ByteSize,
    /// What to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: CalibrateFormat,
}

/// Smallest and largest file: a smaller one measures the clock instead, and a larger one takes minutes.
const SIZES: std::ops::RangeInclusive<u64> = 1 << 20..=16 << 30;

fn size(text: &str) -> Result<ByteSize, String> {
    let size: ByteSize = text.parse().map_err(|error: workload_schema::units::SizeError| error.to_string())?;
    if SIZES.contains(&size.0) { Ok(size) } else { Err("between 1MiB and 16GiB".to_owned()) }
}

/// Measures this machine, stores the calibration and shows it.
pub async fn run(args: &CalibrateArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let cancelled = cancelled_by_signals()?;
    let mut results = ResultsFile::open(&settings.db.value)?;
    let Some(calibration) = measure(args, settings, &cancelled).await? else {
        return Ok(Ending::Interrupted.into());
    };
    let session = format!("calibrate-{}-{}", jiff::Timestamp::now(), std::process::id());
    results.add_finding(&NewFinding {
        kind: FindingKind::Calibration,
        session: &session,
        client: None,
        client_version: None,
        body: &calibration,
    })?;
    match args.format {
        CalibrateFormat::Table => terminal::data(show::table(&calibration, terminal::width()).trim_end()),
        CalibrateFormat::Json => terminal::data(&serde_json::to_string_pretty(&calibration)?),
    }
    Ok(Ending::Done.into())
}

/// Measures everything in turn, as measurements would disturb each other; `None` if the user stopped it.
async fn measure(
    args: &CalibrateArgs,
    settings: &Settings,
    cancelled: &CancellationToken,
) -> Result<Option<Calibration>, CommandError> {
    let machine = this_machine();
    let folder = tempfile::Builder::new().prefix("wlx-calibrate-").tempdir()?;
    let mut guard = Guard::start()?;
    terminal::note("clock");
    let clock = tokio::task::spawn_blocking(clock::measure).await?;
    let mut null = Vec::new();
    for size in null_floor::SIZES {
        terminal::note(&format!("client null: repeats of {} tasks", size.0));
        match null_floor::measure(size, settings, folder.path(), &mut guard, cancelled).await? {
            Some(floor) => null.push(floor),
            None => return Ok(None),
        }
    }
    let mut loopback = Vec::new();
    let cores = usize::try_from(machine.cores).unwrap_or(1);
    for connections in if cores > 1 { vec![1, cores] } else { vec![1] } {
        terminal::note(&format!("loopback: connections: {connections}"));
        let cancelled = cancelled.clone();
        let limit = tokio::task::spawn_blocking(move || loopback::measure(connections, &|| cancelled.is_cancelled()));
        match limit.await?? {
            Some(limit) => loopback.push(limit),
            None => return Ok(None),
        }
    }
    let disk = measure_disk(args.size, &settings.files_dir.value, cancelled).await?;
    Ok(disk.map(|disk| Calibration {
        version: calibration::VERSION,
        found_at: jiff::Timestamp::now().to_string(),
        machine,
        null,
        loopback,
        disk,
        clock,
    }))
}

async fn measure_disk(
    size: ByteSize,
    files_dir: &Path,
    cancelled: &CancellationToken,
) -> Result<Option<DiskLimit>, CommandError> {
    terminal::note(&format!("disk of {}: {size} written and read", files_dir.display()));
    std::fs::create_dir_all(files_dir)?;
    crate::prep::disk::check(files_dir, size.0).map_err(|error| CommandError::Preparation(error.into()))?;
    let (folder, cancelled) = (files_dir.to_owned(), cancelled.clone());
    let limit = tokio::task::spawn_blocking(move || {
        // Made before the clock starts.
        synthetic_content::ring();
        disk::measure(&folder, size.0, &|| cancelled.is_cancelled())
    });
    Ok(limit.await??)
}

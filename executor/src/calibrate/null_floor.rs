//! The cost of a repeat that moves no byte: the client `null`, started and driven like any other.

use std::num::NonZeroU64;
use std::path::Path;
use std::time::Duration;
use workload_schema::DataMedium;
use workload_schema::format::run_file;
use workload_schema::workload::Stop;

use run_records::analysis::calibration::NullFloor;
use run_records::results::Spread;
use runner_drive::{Call, Guard, Journal, JournalError, RunEvent, Times, drive};
use s3_clients::catalog::Launch;
use tokio_util::sync::CancellationToken;
use workload_schema::event::Tuned;
use workload_schema::record::Outcome;
use workload_schema::{ObjectKey, Operation, Task, Workload};
use workload_schema::{RunKey, SessionId};

use crate::ending::CommandError;
use crate::session::variables;
use crate::settings::Settings;

/// Numbers of tasks, each with its warm repeats: fewer where a repeat takes longer.
pub const SIZES: [(u64, u64); 3] = [(1, 25), (1000, 15), (100_000, 5)];
const TIMEOUT: Duration = Duration::from_mins(2);
const LONGEST: NonZeroU64 = NonZeroU64::new(TIMEOUT.as_secs()).expect("minutes");
const CLIENT: &str = "null";
/// The bucket that the client is given. It never connects to one.
const BUCKET: &str = "wlx-calibrate";

/// Keeps the seconds of warm repeats, and nothing else.
#[derive(Debug, Default)]
struct WarmSeconds(Vec<f64>);

impl Journal for WarmSeconds {
    fn note(&mut self, _: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        if let RunEvent::Repeat(record) = event
            && !record.cold
        {
            self.0.push(record.seconds);
        }
        Ok(())
    }
}

/// Measures repeats of `tasks` tasks; `None` if the user stopped it.
pub async fn measure(
    (tasks, repeats): (u64, u64),
    settings: &Settings,
    folder: &Path,
    guard: &mut Guard,
    cancelled: &CancellationToken,
) -> Result<Option<NullFloor>, CommandError> {
    let catalog = settings.catalog()?;
    let launch = Launch::of(catalog.find(CLIENT)?, &catalog)?;
    let workload = nothing(tasks);
    let workload_file = folder.join(format!("null-{tasks}.run.json"));
    std::fs::write(&workload_file, run_file::bytes(&workload)?)?;
    let connection = settings.connection();
    let call = Call {
        run: SessionId::new("calibrate").unwrap().run(1),
        program: &launch.program,
        arguments: &launch.arguments,
        variables: variables(&launch, &connection),
        workload: &workload,
        workload_file: &workload_file,
        bucket: BUCKET,
        region: &connection.region,
        target_gbps: settings.target_throughput.value.get(),
        files_dir: folder,
        endpoint_url: connection.endpoint_url.as_deref(),
        tuned: Tuned::default(),
        record_tasks: true,
        server: None,
        timeout: TIMEOUT,
    };
    let mut warm = WarmSeconds::default();
    let driven = drive(&call, &mut Times(repeats + 1), &mut warm, guard, cancelled).await?;
    match driven.outcome {
        Outcome::Succeeded => Ok(Spread::of(warm.0).map(|seconds| NullFloor { tasks, seconds })),
        Outcome::Interrupted => Ok(None),
        Outcome::Skipped | Outcome::Failed | Outcome::Unfinished => {
            Err(CommandError::ClientFailed { client: CLIENT, reason: driven.reason.unwrap_or_default() })
        }
    }
}

/// A workload of `tasks` downloads to RAM.
fn nothing(tasks: u64) -> Workload {
    let key = |task: u64| ObjectKey::new(format!("download/nothing/{task}")).expect("plain words and digits");
    let tasks = (0..tasks).map(|task| Task { operation: Operation::Download, key: key(task), size: 1 });
    Workload::of_tasks(tasks)
        .expect("there are tasks")
        .with_comment("no byte moves")
        .with_medium(DataMedium::Memory)
        .with_stop(Stop { max_repeats: NonZeroU64::MIN, max_seconds: LONGEST })
}

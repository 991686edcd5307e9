//! What a repeat costs in which no byte moves: the client `null`, started and driven as any other.

use std::path::Path;
use std::time::Duration;

use workload_schema::record::Outcome;
use workload_schema::{Action, ObjectKey, Task, Workload};

use crate::conform::drive::{Order, drive};
use crate::run::Guard;
use crate::settings::Settings;
use crate::store::Store;
use client_runner::Cancelled;
use run_records::analysis::calibration::NullFloor;
use run_records::results::Spread;
use s3_clients::catalog::Launch;

/// Numbers of tasks, and warm repeats of each: fewer where each takes longer.
pub const SIZES: [(u64, u64); 3] = [(1, 25), (1000, 15), (100_000, 5)];
const TIMEOUT: Duration = Duration::from_mins(2);
const CLIENT: &str = "null";

/// Measures repeats of `tasks` tasks; `None` where the user wishes to stop.
pub async fn measure(
    (tasks, repeats): (u64, u64),
    settings: &Settings,
    folder: &Path,
    guard: &mut Guard,
    cancelled: &mut Cancelled,
) -> anyhow::Result<Option<NullFloor>> {
    let catalog = settings.catalog()?;
    let launch = Launch::of(catalog.find(CLIENT)?, &catalog)?;
    let workload = nothing(tasks);
    let file = folder.join(format!("null-{tasks}.run.json"));
    std::fs::write(&file, serde_json::to_vec(&workload)?)?;
    // It is given a store and goes to none.
    let bucket = workload_schema::BucketName::new("wlx-calibrate").expect("a valid name");
    let target = Store { connection: settings.connection(), bucket, embedded: None };
    let order = Order {
        launch: &launch,
        workload: &workload,
        file: &file,
        repeats: repeats + 1,
        files_dir: folder,
        target: &target,
        gbps: settings.target_throughput.value.get(),
        timeout: TIMEOUT,
        record_tasks: true,
    };
    let driven = drive(&order, guard, cancelled).await?;
    match driven.outcome {
        Outcome::Succeeded => {
            let warm = driven.intervals.iter().skip(1).map(crate::conform::drive::Interval::seconds);
            Ok(Spread::of(warm).map(|seconds| NullFloor { tasks, seconds }))
        }
        Outcome::Interrupted => Ok(None),
        _ => anyhow::bail!("the client null failed: {}", driven.reason.unwrap_or_default()),
    }
}

/// So many downloads of nothing to RAM.
fn nothing(tasks: u64) -> Workload {
    let key = |task: u64| ObjectKey::new(format!("download/nothing/{task}")).expect("plain words and digits");
    Workload {
        version: 2,
        comment: "no byte moves".to_owned(),
        files_on_disk: false,
        checksum: None,
        max_repeat_count: 1,
        max_repeat_secs: TIMEOUT.as_secs(),
        tasks: (0..tasks).map(|task| Task { action: Action::Download, key: key(task), size: 1 }).collect(),
    }
}

//! The conditions that are stored with a run. No secrets.

use std::collections::BTreeMap;

use system_measure::machine::filesystem_of;
use workload_library::LoadedWorkload;
use workload_schema::event::Tuned;
use workload_schema::record::{RunConditions, StoreKind};

use crate::settings::Settings;
use crate::store::Store;

/// The conditions of a run of `loaded`.
pub fn conditions_of(settings: &Settings, store: &Store, tuned: Tuned, loaded: &LoadedWorkload) -> RunConditions {
    let (connection, workload) = (&store.connection, &loaded.workload);
    let files_dir = &settings.files_dir.value;
    let is_on_disk = workload.on_disk();
    RunConditions {
        store: Some(match (&store.embedded, &connection.endpoint_url) {
            (Some(_), _) => StoreKind::Embedded,
            (None, Some(url)) => StoreKind::Endpoint(url.clone()),
            (None, None) => StoreKind::Aws(connection.region.clone()),
        }),
        bucket: Some(store.bucket.to_string()),
        region: Some(connection.region.clone()),
        target_throughput: Some(settings.target_throughput.value),
        files_dir: Some(files_dir.display().to_string()),
        medium: workload.medium(),
        file_system: filesystem_of(files_dir).filter(|_| is_on_disk),
        downloads_files: is_on_disk && workload.tasks().any(|task| task.operation.receives_payload()),
        tuned: Some(tuned).filter(|tuned| *tuned != Tuned::default()),
        other: BTreeMap::new(),
    }
}

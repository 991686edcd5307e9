//! The settings in force that are stored with a run. No secrets.

use std::collections::BTreeMap;

use system_measure::machine::filesystem_of;
use workload_schema::Operation;
use workload_schema::event::Tuned;

use crate::settings::Settings;
use crate::store::Store;
use workload_library::LoadedWorkload;

/// The settings in force for a run of `loaded`.
pub fn settings_in_force(
    settings: &Settings,
    store: &Store,
    tuned: Tuned,
    loaded: &LoadedWorkload,
) -> BTreeMap<String, String> {
    let store_kind = match store.embedded {
        Some(_) => "embedded server".to_owned(),
        None => store.connection.label(),
    };
    let files_dir = &settings.files_dir.value;
    let mut in_force = BTreeMap::from([
        ("endpoint".to_owned(), store_kind),
        ("bucket".to_owned(), store.bucket.to_string()),
        ("region".to_owned(), store.connection.region.clone()),
        ("targetThroughputGbps".to_owned(), settings.target_throughput.value.to_string()),
        ("filesDir".to_owned(), files_dir.display().to_string()),
    ]);
    if loaded.workload.files_on_disk {
        in_force.insert("filesOnDisk".to_owned(), "true".to_owned());
        in_force.extend(filesystem_of(files_dir).map(|name| ("filesystem".to_owned(), name)));
        if loaded.workload.tasks().any(|task| task.operation == Operation::Download) {
            in_force.insert("downloadsFiles".to_owned(), "true".to_owned());
        }
    }
    if tuned != Tuned::default() {
        in_force.insert("tuned".to_owned(), serde_json::to_string(&tuned).expect("plain data"));
    }
    in_force
}

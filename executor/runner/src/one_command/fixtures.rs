//! Workloads for tests.

use workload_schema::{Action, ObjectKey, Task, Workload};

pub fn task(action: Action, key: &str) -> Task {
    Task { action, key: ObjectKey::new(key).unwrap(), size: 1024 }
}

pub fn workload(tasks: Vec<Task>) -> Workload {
    Workload {
        version: 2,
        comment: String::new(),
        files_on_disk: true,
        checksum: None,
        max_repeat_count: 1,
        max_repeat_secs: 1,
        tasks,
    }
}

pub fn many(action: Action, count: usize) -> Workload {
    workload((1..=count).map(|number| task(action, &format!("{action}/1KiB-{count}x/{number}"))).collect())
}

pub fn single(action: Action) -> Workload {
    many(action, 1)
}

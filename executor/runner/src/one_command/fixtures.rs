//! Workloads for tests.

use workload_schema::{ObjectKey, Operation, Task, Workload};

pub fn task(operation: Operation, key: &str) -> Task {
    Task { operation, key: ObjectKey::new(key).unwrap(), size: 1024 }
}

pub fn workload(tasks: Vec<Task>) -> Workload {
    Workload::of_tasks(tasks).unwrap()
}

pub fn many(operation: Operation, count: usize) -> Workload {
    workload((1..=count).map(|number| task(operation, &format!("{operation}/1KiB-{count}x/{number}"))).collect())
}

pub fn single(operation: Operation) -> Workload {
    many(operation, 1)
}

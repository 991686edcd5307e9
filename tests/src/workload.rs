//! Workloads that tests write by hand, as other people's scripts do.

use serde_json::{Value, json};

/// A workload of version 2 with its tasks.
pub struct HandWritten {
    fields: Value,
}

impl HandWritten {
    /// One repeat of tasks in RAM: `(action, key, size)`.
    pub fn in_ram(tasks: &[(&str, &str, u64)]) -> Self {
        let tasks: Vec<Value> =
            tasks.iter().map(|(action, key, size)| json!({"action": action, "key": key, "size": size})).collect();
        let fields = json!({
            "version": 2,
            "comment": "",
            "filesOnDisk": false,
            "checksum": null,
            "maxRepeatCount": 1,
            "maxRepeatSecs": 600,
            "tasks": tasks,
        });
        Self { fields }
    }

    /// Tasks whose files lie on disk.
    pub fn on_disk(tasks: &[(&str, &str, u64)]) -> Self {
        Self::in_ram(tasks).with("filesOnDisk", json!(true))
    }

    /// Another value for a field, or a field that the format does not have.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.fields[field] = value;
        self
    }

    /// The file's text.
    pub fn text(&self) -> String {
        format!("{:#}\n", self.fields)
    }
}

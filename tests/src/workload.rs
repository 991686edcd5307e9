//! Workloads that tests write by hand, as other people's scripts do.

use serde_json::{Value, json};

/// A workload of version 2.
pub struct HandWritten {
    fields: Value,
}

/// `count` tasks of `size` bytes each, on the keys `ACTION/DIRECTORY/NUMBER`.
pub fn numbered<'a>(action: &'a str, directory: &str, count: u64, size: u64) -> Vec<(&'a str, String, u64)> {
    let width = count.to_string().len();
    (1..=count).map(|number| (action, format!("{action}/{directory}/{number:0width$}"), size)).collect()
}

impl HandWritten {
    /// One repeat of tasks in RAM: `(action, key, size)`.
    pub fn in_ram<Key: AsRef<str>>(tasks: &[(&str, Key, u64)]) -> Self {
        let tasks: Vec<Value> = tasks
            .iter()
            .map(|(action, key, size)| json!({"action": action, "key": key.as_ref(), "size": size}))
            .collect();
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

    /// One repeat of tasks whose files lie on disk.
    pub fn on_disk<Key: AsRef<str>>(tasks: &[(&str, Key, u64)]) -> Self {
        Self::in_ram(tasks).with("filesOnDisk", json!(true))
    }

    /// Another number of repeats.
    #[must_use]
    pub fn repeats(self, count: u64) -> Self {
        self.with("maxRepeatCount", json!(count))
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

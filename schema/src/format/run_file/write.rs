//! Writing the file: exactly the bytes of Python's `json.dump(workload, indent=4)` and a newline.

use std::io::{self, Write};

use super::super::Keys;
use super::super::json_text::push_string;
use super::super::record::{Record, RecordGroup, list_length, write_list};
use super::OLDEST_VERSION;
use crate::workload::{Stop, Workload};
use crate::{Action, Checksum, DataMedium};

/// The end of the file after the tasks.
const END: &[u8] = b"\n}\n";

/// The fields of the file before its tasks.
#[derive(Debug, Clone, Copy)]
pub struct RunHead<'a> {
    /// What the workload stands for, for people.
    pub comment: &'a str,
    /// Where data comes from and goes to.
    pub medium: DataMedium,
    /// Checksum to compute on upload and to validate on download.
    pub checksum: Option<Checksum>,
    /// The limits of repeating.
    pub stop: Stop,
}

/// Consecutive tasks that differ at most in the number in their key.
#[derive(Debug, Clone, Copy)]
pub struct TaskGroup<'a> {
    /// What to do with each object.
    pub action: Action,
    /// The objects.
    pub keys: Keys<'a>,
    /// Size of each object in bytes.
    pub size: u64,
}

/// Why the format cannot express a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Inexpressible {
    /// A task has an intended start. Versions 2 and 3 leave the start of every task to the client.
    #[error("the format has no field for the time at which task {task} is meant to start")]
    IntendedStart {
        /// Index of the task, from 0.
        task: usize,
    },
}

impl RunHead<'_> {
    /// The lowest format version that can express these fields.
    pub fn version(&self) -> u32 {
        self.checksum.map_or(OLDEST_VERSION, Checksum::since_version)
    }

    fn text(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.comment.len());
        let checksum = self.checksum.map_or("null".to_owned(), |checksum| format!("\"{checksum}\""));
        write!(out, "{{\n    \"version\": {},\n    \"comment\": ", self.version()).expect("memory");
        push_string(&mut out, self.comment);
        write!(
            out,
            ",\n    \"filesOnDisk\": {},\n    \"checksum\": {checksum},\n    \"maxRepeatCount\": {},\n    \"maxRepeatSecs\": {},\n    \"tasks\": ",
            self.medium.files_on_disk(),
            self.stop.max_repeats,
            self.stop.max_seconds
        )
        .expect("memory");
        out
    }
}

impl<'a> RunHead<'a> {
    /// The fields of the file of `workload`.
    fn of(workload: &'a Workload) -> Self {
        Self {
            comment: workload.comment(),
            medium: workload.medium(),
            checksum: workload.checksum(),
            stop: workload.stop(),
        }
    }
}

impl RecordGroup for TaskGroup<'_> {
    fn keys(&self) -> &Keys<'_> {
        &self.keys
    }

    fn set(&self, record: &mut Record) {
        record.set(
            format_args!("        {{\n            \"action\": \"{}\",\n            \"key\": ", self.action),
            &self.keys,
            format_args!(",\n            \"size\": {}\n        }}", self.size),
        );
    }
}

/// Writes the file that consists of `head` and `tasks`.
pub fn write<'a>(
    head: &RunHead<'_>,
    tasks: impl IntoIterator<Item = TaskGroup<'a>>,
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(&head.text())?;
    write_list(tasks, out)?;
    out.write_all(END)
}

/// The length in bytes of what [`write`] writes for the same arguments.
pub fn length<'a>(head: &RunHead<'_>, tasks: impl IntoIterator<Item = TaskGroup<'a>>) -> u64 {
    let frame = head.text().len() + END.len();
    list_length(tasks).saturating_add(frame as u64)
}

/// The bytes of the file of `workload`.
pub fn bytes(workload: &Workload) -> Result<Vec<u8>, Inexpressible> {
    if let Some(task) = workload.tasks().find(|task| task.intended_start_ns.is_some()) {
        return Err(Inexpressible::IntendedStart { task: task.index });
    }
    let tasks = workload.tasks().map(|task| TaskGroup {
        action: task.operation.into(),
        keys: Keys::one(task.key),
        size: task.size,
    });
    let mut out = Vec::new();
    write(&RunHead::of(workload), tasks, &mut out).expect("writing to memory does not fail");
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::{RunFile, read};
    use super::*;
    use crate::workload::{IntendedStart, Object, ObjectSet, Phase, Step, Task};
    use crate::{KeySeries, ObjectKey, Operation};

    fn key(text: &str) -> ObjectKey {
        ObjectKey::new(text).unwrap()
    }

    fn example() -> Workload {
        let task = |operation, text: &str, size| Task { operation, key: key(text), size };
        let tasks = [task(Operation::Upload, "upload/1", 5), task(Operation::Download, "ü", 0)];
        Workload::of_tasks(tasks).unwrap().with_comment("a \"b\" 😀").with_checksum(Some(Checksum::Crc64nvme))
    }

    /// The same value by serde. It leaves non-ASCII as it is.
    fn by_serde(text: &[u8]) -> Vec<u8> {
        let file: RunFile = serde_json::from_slice(text).unwrap();
        let mut out = Vec::new();
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
        serde::Serialize::serialize(&file, &mut serializer).unwrap();
        out.push(b'\n');
        out
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = bytes(&example()).unwrap();
        assert_eq!(read(&text).unwrap(), example());
        assert!(text.is_ascii());
        insta::assert_snapshot!(String::from_utf8(text).unwrap());
    }

    #[test]
    fn groups_are_the_same_tasks_one_by_one() {
        let (series, twice) = (KeySeries::new("a/", 12), key("upload/x"));
        let groups = [
            TaskGroup { action: Action::Download, keys: Keys::Series(&series), size: 3 },
            TaskGroup { action: Action::Upload, keys: Keys::Repeated { key: &twice, times: 2 }, size: 4 },
        ];
        let workload = example().with_comment("ascii");
        let head = RunHead::of(&workload);
        let mut text = Vec::new();
        write(&head, groups, &mut text).unwrap();
        assert_eq!(length(&head, groups), text.len() as u64);
        assert_eq!(String::from_utf8(text.clone()), String::from_utf8(by_serde(&text)));
        let read = read(&text).unwrap();
        let keys: Vec<_> = read.tasks().map(|task| task.key.as_str()).collect();
        assert_eq!((keys.len(), keys[0], keys[8], keys[11]), (14, "a/01", "a/09", "a/12"));
        assert_eq!(keys[12..], ["upload/x", "upload/x"]);
        assert_eq!(bytes(&read).unwrap(), text);
    }

    #[test]
    fn intended_starts_cannot_be_said() {
        let mut objects = ObjectSet::default();
        let object = objects.insert(Object { key: key("a"), size: 1 }).unwrap();
        let step = Step::new(Operation::Download, object);
        let timed = Step { intended_start: Some(IntendedStart::from_ns(0)), ..step };
        let workload = Workload::new(objects, vec![Phase::measured(example().stop(), vec![step, timed])]).unwrap();
        assert_eq!(bytes(&workload), Err(Inexpressible::IntendedStart { task: 1 }));
    }
}

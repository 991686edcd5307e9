//! Small forms of workloads: small enough for every client, and large enough to show what each does.

use std::num::NonZeroU64;

use workload_schema::naming::EqualFiles;
use workload_schema::workload::Stop;
use workload_schema::{Action, ByteSize, Checksum, DataMedium, ObjectKey, Task, Workload, WorkloadName};

/// Most tasks per form: enough to show one skipped object in a thousand.
pub const MOST_TASKS: usize = 1000;
/// Largest object of a form: larger than two parts of most clients.
pub const LARGEST: u64 = 20 << 20;
/// Most bytes per form, so that it takes seconds.
const MOST_BYTES: u64 = 512 << 20;
/// One cold repeat, and one that is examined. The time limit of contract 4 must not end a form of a slow client after
/// its cold repeat.
const STOP: Stop =
    Stop { max_repeats: NonZeroU64::new(2).expect("not zero"), max_seconds: NonZeroU64::new(3600).expect("not zero") };

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// A small workload with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Name of the workload that it is or stands for.
    pub name: WorkloadName,
    /// What is to be done.
    pub workload: Workload,
}

/// A form as contract 2 would name and lay it out.
struct Shape {
    action: Action,
    size: u64,
    files: u64,
    medium: DataMedium,
    checksum: Option<Checksum>,
}

impl Shape {
    const fn on_disk(action: Action, size: u64, files: u64) -> Self {
        Self { action, size, files, medium: DataMedium::Disk, checksum: None }
    }

    const fn in_ram(self) -> Self {
        Self { medium: DataMedium::Memory, ..self }
    }

    const fn with(self, checksum: Checksum) -> Self {
        Self { checksum: Some(checksum), ..self }
    }

    fn form(&self) -> Form {
        let size_text = compact(self.size);
        let files =
            EqualFiles { action: self.action, size_text: &size_text, count: self.files, checksum: self.checksum };
        let keys = files.keys();
        let task = |number: u64| Task {
            operation: self.action.into(),
            key: ObjectKey::new(keys.key(number)).expect("plain words and digits"),
            size: self.size,
        };
        let workload = Workload::of_tasks((1..=self.files).map(task)).expect("there are files");
        let workload = workload.with_comment("what a client really does").with_medium(self.medium);
        Form {
            name: WorkloadName::new(files.workload_name(self.medium)).expect("plain words and digits"),
            workload: small(&workload.with_checksum(self.checksum)),
        }
    }
}

/// The forms that are run if no workload is named: many small objects, parts and ranges, RAM, and checksums of
/// objects below and above a part.
pub fn default_forms() -> Vec<Form> {
    use Action::{Download, Upload};
    let crc32c = Checksum::Crc32c;
    let shapes = [
        Shape::on_disk(Download, 64 * KIB, 1000),
        Shape::on_disk(Upload, 64 * KIB, 1000),
        Shape::on_disk(Download, 20 * MIB, 2),
        Shape::on_disk(Upload, 20 * MIB, 2),
        Shape::on_disk(Download, 20 * MIB, 1).in_ram(),
        Shape::on_disk(Upload, 20 * MIB, 1).in_ram(),
        Shape::on_disk(Download, MIB, 2).with(crc32c),
        Shape::on_disk(Upload, MIB, 2).with(crc32c),
        Shape::on_disk(Download, 20 * MIB, 1).with(crc32c),
        Shape::on_disk(Upload, 20 * MIB, 1).with(crc32c),
    ];
    shapes.iter().map(Shape::form).collect()
}

/// The small form of the workload `name`: its first tasks, none larger than [`LARGEST`], at the same places and with
/// the same checksum.
pub fn small_form(name: &WorkloadName, workload: &Workload) -> Form {
    Form { name: name.clone(), workload: small(workload) }
}

fn small(workload: &Workload) -> Workload {
    let mut bytes = 0;
    let shrunk = workload.tasks().map(Task::from).map(|task| Task { size: task.size.min(LARGEST), ..task });
    let fits = |task: &Task| {
        bytes += task.size;
        bytes <= MOST_BYTES
    };
    let tasks = shrunk.take(MOST_TASKS).take_while(fits);
    workload.with_tasks(tasks).expect("the first task fits").with_stop(STOP)
}

/// `64KiB`, as sources spell sizes.
fn compact(size: u64) -> String {
    ByteSize(size).to_string().replace(' ', "")
}

/// `1_000`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_named_as_their_workloads_are() {
        let forms = default_forms();
        let lines = forms.iter().map(|form| {
            let first = form.workload.first_task();
            format!("{}: {} x {} {}", form.name, form.workload.task_count(), first.key, first.size)
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn a_form_of_a_large_workload_is_small() {
        let workload = default_forms().remove(0).workload.with_checksum(Some(Checksum::Sha1));
        let large = Task { size: 5 << 30, ..Task::from(workload.first_task()) };
        let workload = workload.with_tasks(vec![large; 100]).unwrap();
        let form = small_form(&WorkloadName::new("max").unwrap(), &workload);
        assert_eq!((form.workload.task_count(), form.workload.first_task().size), (25, LARGEST));
        assert_eq!((form.workload.checksum(), form.workload.max_repeat_count()), (Some(Checksum::Sha1), 2));
    }
}

//! Small forms of workloads: little enough to be run by every client, and enough to show what each does.

use workload_schema::{ByteSize, Checksum, ObjectKey, Operation, Task, Workload, WorkloadName};

/// Most tasks of a form: one object that is skipped in a thousand must show.
pub const MOST_TASKS: usize = 1000;
/// Largest object of a form: larger than two parts of most clients.
pub const LARGEST: u64 = 20 << 20;
/// Most bytes of a form, so that it takes seconds.
const MOST_BYTES: u64 = 512 << 20;
/// One cold repeat, and one that is looked at.
const REPEATS: u64 = 2;
/// The time limit of contract 4 must not end a form of a slow client after its cold repeat.
const LONGEST_SECONDS: u64 = 3600;

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
    operation: Operation,
    size: u64,
    files: usize,
    on_disk: bool,
    checksum: Option<Checksum>,
}

impl Shape {
    const fn on_disk(operation: Operation, size: u64, files: usize) -> Self {
        Self { operation, size, files, on_disk: true, checksum: None }
    }

    const fn in_ram(self) -> Self {
        Self { on_disk: false, ..self }
    }

    const fn with(self, checksum: Checksum) -> Self {
        Self { checksum: Some(checksum), ..self }
    }

    fn form(&self) -> Form {
        let (operation, files) = (self.operation, self.files);
        let checksum = self.checksum.map(|checksum| format!("-{}", checksum.as_str().to_lowercase()));
        let directory = format!("{}-{}x{}", compact(self.size), grouped(files), checksum.unwrap_or_default());
        let ram = if self.on_disk { "" } else { "-ram" };
        let digits = files.to_string().len();
        let task = |file: usize| Task {
            operation,
            key: ObjectKey::new(format!("{action}/{directory}/{file:0digits$}")).expect("plain words and digits"),
            size: self.size,
        };
        Form {
            name: WorkloadName::new(format!("{action}-{directory}{ram}")).expect("plain words and digits"),
            workload: small(Workload {
                version: 2,
                comment: "what a client really does".to_owned(),
                files_on_disk: self.on_disk,
                checksum: self.checksum,
                max_repeat_count: REPEATS,
                max_repeat_secs: LONGEST_SECONDS,
                tasks: (1..=files).map(task).collect(),
            }),
        }
    }
}

/// The forms that are run where no workload is named: many small objects, parts and ranges, RAM, and checksums of
/// objects below and above a part.
pub fn default_forms() -> Vec<Form> {
    use Operation::{Download, Upload};
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
    Form { name: name.clone(), workload: small(workload.clone()) }
}

fn small(mut workload: Workload) -> Workload {
    let mut bytes = 0;
    let mut tasks = Vec::new();
    for mut task in workload.tasks.into_iter().take(MOST_TASKS) {
        task.size = task.size.min(LARGEST);
        bytes += task.size;
        if bytes > MOST_BYTES {
            break;
        }
        tasks.push(task);
    }
    workload.tasks = tasks;
    workload.max_repeat_count = REPEATS;
    workload.max_repeat_secs = LONGEST_SECONDS;
    workload
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
            let first = form.workload.tasks()[0];
            format!("{}: {} x {} {}", form.name, form.workload.task_count(), first.key, first.size)
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
        assert_eq!(grouped(1_234_567), "1_234_567");
    }

    #[test]
    fn a_form_of_a_large_workload_is_small() {
        let mut workload = default_forms()[0].workload.clone();
        workload.tasks = vec![Task { size: 5 << 30, ..workload.tasks[0].clone() }; 100];
        workload.checksum = Some(Checksum::Sha1);
        let form = small_form(&WorkloadName::new("max").unwrap(), &workload);
        assert_eq!((form.workload.task_count(), form.workload.tasks[0].size), (25, LARGEST));
        assert_eq!((form.workload.checksum, form.workload.max_repeat_count()), (Some(Checksum::Sha1), 2));
    }
}

//! The tasks of a workload: keys as what each shares with the one before and what it has of its own.

use workload_schema::{ObjectKey, Operation, Task, TaskRef};

use super::UnreadableBlock;
use super::numbers::{Reader, Writer};

const LAYOUT: u8 = 1;

/// Packs `tasks`.
pub(in crate::results_file) fn write_workload_tasks<'a>(tasks: impl Iterator<Item = TaskRef<'a>>) -> Vec<u8> {
    let mut writer = Writer::new(LAYOUT);
    let (mut key_before, mut size_before) = ("", 0);
    for task in tasks {
        let key = task.key.as_str();
        let shared = shared_prefix(key_before, key);
        writer.number(task.operation.code().into());
        writer.number(shared as u64);
        writer.text(&key[shared..]);
        writer.step(size_before, task.size);
        (key_before, size_before) = (key, task.size);
    }
    writer.0
}

/// Unpacks a block onto the end of `tasks`.
pub(in crate::results_file) fn read_workload_tasks(block: &[u8], tasks: &mut Vec<Task>) -> Result<(), UnreadableBlock> {
    let mut reader = Reader::new(block, LAYOUT)?;
    let (mut key_before, mut size) = (String::new(), 0);
    while !reader.is_at_end() {
        let operation = operation_of(reader.number()?)?;
        let shared = usize::try_from(reader.number()?).unwrap_or(usize::MAX);
        if !key_before.is_char_boundary(shared) {
            return Err(UnreadableBlock("a key goes on where there is none"));
        }
        key_before.truncate(shared);
        key_before.push_str(reader.text()?);
        size = reader.step(size)?;
        let key = ObjectKey::new(key_before.as_str()).map_err(|_| UnreadableBlock("a key is none"))?;
        tasks.push(Task { operation, key, size });
    }
    Ok(())
}

/// The operation of a stored code. A code of a later release is an error, never another operation.
fn operation_of(code: u64) -> Result<Operation, UnreadableBlock> {
    let known = u8::try_from(code).ok().and_then(|code| Operation::from_code(code).ok());
    known.ok_or(UnreadableBlock("an operation that this release does not know"))
}

/// Bytes that both begin with, up to the end of a character.
fn shared_prefix(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    (0..=same).rev().find(|at| other.is_char_boundary(*at) && one.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use workload_schema::Workload;

    use super::*;

    fn task(operation: Operation, key: &str, size: u64) -> Task {
        Task { operation, key: ObjectKey::new(key).unwrap(), size }
    }

    fn written(tasks: &[Task]) -> Vec<u8> {
        write_workload_tasks(Workload::of_tasks(tasks.iter().cloned()).unwrap().tasks())
    }

    #[test]
    fn tasks_come_back() {
        let tasks = [
            task(Operation::Upload, "upload/64KiB-10x/01", 65_536),
            task(Operation::Upload, "upload/64KiB-10x/02", 65_536),
            task(Operation::Download, "download/ä/1", 0),
            task(Operation::Download, "download/ö", u64::MAX >> 1),
            task(Operation::Download, "download/ö", 3),
            task(Operation::Upload, "x", 1),
        ];
        let mut read = Vec::new();
        read_workload_tasks(&written(&tasks), &mut read).unwrap();
        assert_eq!(read, tasks);
    }

    #[test]
    fn an_unknown_operation_is_an_error() {
        let mut block = written(&[task(Operation::Upload, "x", 1)]);
        let mut read = Vec::new();
        read_workload_tasks(&block, &mut read).unwrap();
        // After the layout, a block begins with the code of its first operation.
        assert_eq!(block[1], 1);
        block[1] = 2;
        let refused = read_workload_tasks(&block, &mut Vec::new()).unwrap_err();
        assert_eq!(refused, UnreadableBlock("an operation that this release does not know"));
    }

    #[test]
    fn a_key_in_a_row_costs_little() {
        let tasks: Vec<Task> =
            (0..1000).map(|n| task(Operation::Upload, &format!("upload/64KiB-1_000x/{n:04}"), 65_536)).collect();
        let bytes = written(&tasks).len();
        assert!(bytes < 6000, "{bytes}");
    }
}

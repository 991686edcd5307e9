//! When the tasks of a repeat began, had their first byte, and ended.

use workload_schema::ErrorKind;
use workload_schema::event::TaskEvent;

use super::UnreadableBlock;
use super::numbers::{Reader, Writer};

/// The layout of a block whose tasks have no intended start. It saves a byte for each task.
const WITHOUT_INTENDED_START: u8 = 1;
/// The layout with a column of intended starts, in which single tasks may have none.
const WITH_INTENDED_START: u8 = 2;

/// Packs `samples` in the order of their starts.
pub(in crate::results_file) fn write_samples(samples: &mut [TaskEvent]) -> Vec<u8> {
    samples.sort_unstable_by_key(|sample| (sample.start_ns, sample.task));
    let has_intended = samples.iter().any(|sample| sample.intended_start_ns.is_some());
    let mut writer = Writer::new(if has_intended { WITH_INTENDED_START } else { WITHOUT_INTENDED_START });
    let (mut task, mut start, mut took, mut bytes) = (0, 0, 0, 0);
    for sample in samples.iter() {
        let duration = sample.end_ns.saturating_sub(sample.start_ns);
        writer.step(task, sample.task);
        writer.step(start, sample.start_ns);
        if has_intended {
            write_intended_start(&mut writer, sample);
        }
        writer.step(took, duration);
        // 0 says that it is not known; that of a number is one more.
        writer.number(sample.first_byte_ns.map_or(0, |first| first.saturating_sub(sample.start_ns) + 1));
        writer.step(bytes, sample.bytes);
        writer.number(sample.requests.map_or(0, |requests| requests + 1));
        writer.number(sample.error.map_or(0, place_of));
        (task, start, took, bytes) = (sample.task, sample.start_ns, duration, sample.bytes);
    }
    writer.0
}

/// Unpacks a block of the repeat number `repeat`.
pub(in crate::results_file) fn read_samples(block: &[u8], repeat: u64) -> Result<Vec<TaskEvent>, UnreadableBlock> {
    let mut reader = Reader::new(block, WITH_INTENDED_START)?;
    let has_intended = reader.layout() == WITH_INTENDED_START;
    let (mut task, mut start_ns, mut took, mut bytes) = (0, 0_u64, 0, 0);
    let mut samples = Vec::new();
    while !reader.is_at_end() {
        task = reader.step(task)?;
        start_ns = reader.step(start_ns)?;
        let intended_start_ns = if has_intended { read_intended_start(&mut reader, start_ns)? } else { None };
        took = reader.step(took)?;
        let first_byte_ns = reader.number()?.checked_sub(1).map(|after| start_ns.saturating_add(after));
        bytes = reader.step(bytes)?;
        let requests = reader.number()?.checked_sub(1);
        let error = reader.number()?.checked_sub(1).map(kind_at);
        samples.push(TaskEvent {
            repeat,
            task,
            intended_start_ns,
            start_ns,
            end_ns: start_ns.saturating_add(took),
            first_byte_ns,
            bytes,
            requests,
            error,
        });
    }
    Ok(samples)
}

/// Whether there is an intended start, and how far it is from the start.
fn write_intended_start(writer: &mut Writer, sample: &TaskEvent) {
    writer.number(sample.intended_start_ns.is_some().into());
    if let Some(intended) = sample.intended_start_ns {
        writer.step(sample.start_ns, intended);
    }
}

fn read_intended_start(reader: &mut Reader<'_>, start_ns: u64) -> Result<Option<u64>, UnreadableBlock> {
    match reader.number()? {
        0 => Ok(None),
        1 => reader.step(start_ns).map(Some),
        _ => Err(UnreadableBlock("an intended start is neither there nor absent")),
    }
}

fn place_of(kind: ErrorKind) -> u64 {
    ErrorKind::ALL.iter().position(|known| *known == kind).map_or(u64::MAX, |place| place as u64 + 1)
}

/// A cause that a later wlx knows and this one does not is still a failure.
fn kind_at(place: u64) -> ErrorKind {
    usize::try_from(place).ok().and_then(|place| ErrorKind::ALL.get(place)).copied().unwrap_or(ErrorKind::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_in_order() {
        let plain = TaskEvent {
            repeat: 3,
            task: 7,
            intended_start_ns: None,
            start_ns: 1_000_000,
            end_ns: 1_900_000,
            first_byte_ns: Some(1_200_000),
            bytes: 65_536,
            requests: Some(1),
            error: None,
        };
        let failed = TaskEvent {
            task: 1,
            start_ns: 5,
            end_ns: 6,
            first_byte_ns: None,
            bytes: 0,
            requests: None,
            error: Some(ErrorKind::Other),
            ..plain
        };
        let first = TaskEvent { task: 0, start_ns: 0, first_byte_ns: Some(0), requests: Some(0), ..plain };
        let mut given = vec![plain.clone(), failed.clone(), first.clone()];
        assert_eq!(read_samples(&write_samples(&mut given), 3).unwrap(), [first, failed, plain]);
    }

    #[test]
    fn intended_starts_come_back_and_cost_nothing_where_there_are_none() {
        let task = |task, intended_start_ns| TaskEvent {
            repeat: 1,
            task,
            intended_start_ns,
            start_ns: task * 1000,
            end_ns: task * 1000 + 500,
            first_byte_ns: None,
            bytes: 1,
            requests: None,
            error: None,
        };
        let mut timed = vec![task(0, Some(0)), task(1, Some(400)), task(2, None), task(3, Some(3001))];
        let block = write_samples(&mut timed);
        assert_eq!(block[0], WITH_INTENDED_START);
        assert_eq!(read_samples(&block, 1).unwrap(), timed);
        assert!(read_samples(&[WITH_INTENDED_START, 0, 0, 2], 1).is_err());

        // As the release before there was such a column writes it.
        let older = [1, 0, 0, 0xe8, 7, 0, 2, 0, 0, 2, 0xd0, 0xf, 0, 0, 0, 0, 0];
        let mut untimed = vec![task(0, None), task(1, None)];
        assert_eq!(write_samples(&mut untimed), older);
        assert_eq!(read_samples(&older, 1).unwrap(), untimed);
    }

    #[test]
    fn every_cause_has_its_place() {
        for kind in ErrorKind::ALL {
            assert_eq!(kind_at(place_of(kind) - 1), kind);
        }
        assert_eq!(kind_at(99), ErrorKind::Other);
    }
}

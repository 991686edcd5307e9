//! How far a repeat was at each moment that was looked at.

use workload_schema::record::SeriesPoint;

use super::UnreadableBlock;
use super::numbers::{Reader, Writer};

const LAYOUT: u8 = 1;

/// Packs `points`.
pub(in crate::results_file) fn write_series(points: &[SeriesPoint]) -> Vec<u8> {
    let mut writer = Writer::new(LAYOUT);
    let mut before = SeriesPoint { elapsed_ns: 0, bytes: 0, tasks: 0, in_flight: None };
    for point in points {
        writer.step(before.elapsed_ns, point.elapsed_ns);
        writer.step(before.bytes, point.bytes);
        writer.step(before.tasks, point.tasks);
        // 0 says that it is not known; that of a number is one more.
        writer.number(point.in_flight.map_or(0, |tasks| tasks + 1));
        before = *point;
    }
    writer.0
}

/// Unpacks them.
pub(in crate::results_file) fn read_series(block: &[u8]) -> Result<Vec<SeriesPoint>, UnreadableBlock> {
    let mut reader = Reader::new(block, LAYOUT)?;
    let (mut elapsed_ns, mut bytes, mut tasks) = (0, 0, 0);
    let mut points = Vec::new();
    while !reader.is_at_end() {
        elapsed_ns = reader.step(elapsed_ns)?;
        bytes = reader.step(bytes)?;
        tasks = reader.step(tasks)?;
        points.push(SeriesPoint { elapsed_ns, bytes, tasks, in_flight: reader.number()?.checked_sub(1) });
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_come_back() {
        let points = [
            SeriesPoint { elapsed_ns: 10_000_000, bytes: 0, tasks: 0, in_flight: Some(0) },
            SeriesPoint { elapsed_ns: 20_000_000, bytes: 1 << 40, tasks: 3, in_flight: Some(64) },
            SeriesPoint { elapsed_ns: 30_000_000, bytes: 1 << 41, tasks: 9, in_flight: None },
        ];
        assert_eq!(read_series(&write_series(&points)).unwrap(), points);
    }
}

//! How many tasks were in flight, over the time of a repeat.

/// From the start to the end of a task, in nanoseconds since the start of its repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start_ns: u64,
    pub(super) end_ns: u64,
}

/// The mean number of tasks in flight in each of `pieces` equal pieces of the time up to `end_ns`.
///
/// Exact whatever the number of tasks: a task counts in a piece by the share of it that it was in flight.
pub(super) fn in_flight(spans: impl IntoIterator<Item = Span>, end_ns: u64, pieces: usize) -> Vec<f64> {
    if end_ns == 0 || pieces == 0 {
        return Vec::new();
    }
    let width = end_ns as f64 / pieces as f64;
    // `whole` holds differences between pieces that tasks cover wholly, `part` the shares of those at their ends.
    let (mut whole, mut part) = (vec![0_i64; pieces + 1], vec![0.0; pieces]);
    for span in spans {
        let (start, end) = (span.start_ns.min(end_ns) as f64 / width, span.end_ns.min(end_ns) as f64 / width);
        let (first, last) = (piece(start, pieces), piece(end, pieces));
        if first == last {
            part[first] += end - start;
        } else {
            part[first] += (first + 1) as f64 - start;
            part[last] += end - last as f64;
            whole[first + 1] += 1;
            whole[last] -= 1;
        }
    }
    let mut covering = 0;
    let pieces = part.iter().zip(&whole);
    pieces
        .map(|(part, difference)| {
            covering += difference;
            part + covering as f64
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the number of pieces")]
fn piece(position: f64, pieces: usize) -> usize {
    (position as usize).min(pieces - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(spans: &[(u64, u64)], pieces: usize) -> Vec<f64> {
        let spans = spans.iter().map(|&(start_ns, end_ns)| Span { start_ns, end_ns });
        in_flight(spans, 100, pieces).into_iter().map(|mean| (mean * 1e9).round() / 1e9).collect()
    }

    #[test]
    fn a_task_counts_as_long_as_it_is_in_flight() {
        assert_eq!(mean(&[(0, 100)], 4), [1.0, 1.0, 1.0, 1.0]);
        assert_eq!(mean(&[(0, 50), (50, 100)], 4), [1.0, 1.0, 1.0, 1.0]);
        assert_eq!(mean(&[(0, 100), (10, 15), (60, 90)], 2), [1.1, 1.6]);
        assert_eq!(mean(&[(20, 20)], 2), [0.0, 0.0]);
        // Later than the end of the repeat: cut off, not out of bounds.
        assert_eq!(mean(&[(90, 150), (120, 130)], 2), [0.0, 0.2]);
        assert_eq!(mean(&[], 2), [0.0, 0.0]);
    }

    #[test]
    fn the_area_is_the_time_in_flight() {
        let spans: Vec<(u64, u64)> = (0..50).map(|n| (n, n + 37)).collect();
        for pieces in [1, 3, 7, 64] {
            let area: f64 = mean(&spans, pieces).iter().sum::<f64>() * 100.0 / pieces as f64;
            assert!((area - 50.0 * 37.0).abs() < 1e-6, "{pieces}: {area}");
        }
    }
}

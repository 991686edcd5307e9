//! Concurrency from the target throughput, by the rule of the AWS CRT (contract 5).

use workload_schema::Gbps;

/// What one connection to S3 is planned for, in gigabit/s.
const PER_CONNECTION: f64 = 0.4;
/// The least that is worth having.
const LEAST: usize = 10;
/// More does not help one machine, and stores refuse it.
const MOST: usize = 1024;

/// Connections for `target`: clamp(ceil(target / 0.4 Gb/s), 10, 1024).
pub fn connections_for(target: Gbps) -> usize {
    let wanted = (target.get() / PER_CONNECTION).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 10..=1024 before the cast")]
    let connections = wanted.clamp(LEAST as f64, MOST as f64) as usize;
    connections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_the_contract() {
        for (gbps, connections) in [(0.1, 10), (4.0, 10), (4.1, 11), (10.0, 25), (100.0, 250), (1e9, 1024)] {
            assert_eq!(connections_for(Gbps::new(gbps).unwrap()), connections, "{gbps}");
        }
    }
}

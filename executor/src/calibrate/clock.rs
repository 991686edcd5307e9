//! The resolution of the clock that times repeats.

use std::hint::black_box;
use std::time::{Duration, Instant};

use run_records::analysis::calibration::ClockFloor;
use run_records::results::Spread;

const ROUNDS: usize = 9;
const READINGS: u32 = 200_000;
const STEPS: usize = 2_000;

/// Measures the monotonic clock.
pub fn measure() -> ClockFloor {
    let cost = || {
        let began = Instant::now();
        for _ in 0..READINGS {
            black_box(Instant::now());
        }
        began.elapsed().as_nanos() as f64 / f64::from(READINGS)
    };
    let reading_ns = Spread::of((0..ROUNDS).map(|_| cost())).expect("there are rounds");
    let step = (0..STEPS).map(|_| next_step()).min().unwrap_or_default();
    ClockFloor { step_ns: u64::try_from(step.as_nanos()).unwrap_or(u64::MAX), reading_ns }
}

/// The smallest step of the clock: how far it moves before it shows another time.
fn next_step() -> Duration {
    let began = Instant::now();
    loop {
        let passed = began.elapsed();
        if !passed.is_zero() {
            return passed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_moves_and_costs_something() {
        let clock = measure();
        assert!((1..1_000_000_000).contains(&clock.step_ns), "{clock:?}");
        assert!(clock.reading_ns.median > 0.0 && clock.reading_ns.n == ROUNDS);
    }
}

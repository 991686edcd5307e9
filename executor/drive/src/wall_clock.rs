//! The wall clock of this machine.

use std::time::{Duration, SystemTime};

use workload_schema::WallTime;

/// When a repeat started that took `seconds` and whose end was told just now: for runners that do not say it themselves.
/// It is late by as long as the word took to arrive. How far the clock is off is not known here.
pub fn start_of_repeat(seconds: f64) -> WallTime {
    let took = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let start = since_epoch.saturating_sub(took);
    WallTime { unix_ns: u64::try_from(start.as_nanos()).unwrap_or(u64::MAX), clock: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_started_before_it_ended() {
        let (long, short) = (start_of_repeat(3600.0), start_of_repeat(0.0));
        let hour = u64::try_from(Duration::from_hours(1).as_nanos()).unwrap();
        assert!(short.unix_ns - long.unix_ns >= hour, "{long:?} {short:?}");
        assert_eq!(start_of_repeat(f64::MAX).clock, None, "a time that cannot be is no panic");
    }
}

//! What the warm good repeats of a run took, as medians: what warnings and verdicts are made of.

use workload_schema::record::{MachineUsage, RepeatRecord};

use super::bootstrap::median;

/// The median of what is known of every repeat; none where one of them does not know it.
pub(super) fn median_of(repeats: &[&RepeatRecord], of: impl Fn(&RepeatRecord) -> Option<f64>) -> Option<f64> {
    let mut values = repeats.iter().map(|repeat| of(repeat)).collect::<Option<Vec<f64>>>()?;
    (!values.is_empty()).then(|| median(&mut values))
}

/// Cores that the client kept busy.
pub(super) fn client_cores(repeat: &RepeatRecord) -> Option<f64> {
    over(repeat.cpu_user_seconds? + repeat.cpu_system_seconds?, repeat.seconds)
}

/// Cores that the embedded server kept busy.
pub(super) fn server_cores(repeat: &RepeatRecord) -> Option<f64> {
    over(repeat.usage.server_cpu_seconds?, repeat.seconds)
}

/// A share of the machine's time: CPU seconds by the seconds between the readings.
pub(super) fn of_machine(repeat: &RepeatRecord, of: fn(&MachineUsage) -> f64) -> Option<f64> {
    let machine = repeat.usage.machine.as_ref()?;
    over(of(machine), machine.seconds)
}

/// The share of the repeat's time that its busiest thread was on a core.
///
/// Threads that ended with the repeat are not seen: it is only known where those that are seen account for the client's
/// CPU time.
pub(super) fn busiest_thread(repeat: &RepeatRecord) -> Option<f64> {
    over(repeat.usage.busiest_thread_seconds?, repeat.seconds)
}

fn over(value: f64, seconds: f64) -> Option<f64> {
    (seconds > 0.0).then(|| value / seconds)
}

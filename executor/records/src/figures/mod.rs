//! The figures of a run, derived from its repeats and tasks each time somebody looks.
//!
//! Only good repeats are in a figure, and warm ones where there are any. There is no mean of repeats and no mean of
//! percentiles.

mod describe;
mod latency;
mod spread;
mod summary;
mod work;

pub(crate) use describe::{Description, STATISTICS};
pub(crate) use latency::DEFINITION;
pub use latency::{Latencies, LatencySummary, Percentiles, SizeClass};
pub use spread::{IntervalKind, Spread};
pub use summary::{Basis, RunSummary, Summary, cpu_seconds, cpu_seconds_per_gib, throughput};
pub(crate) use summary::{ENOUGH_WARM, counted_repeats};
pub(crate) use work::Works;

//! What the endpoint serves: names, units and labels, as docs/monitoring.md lists them.
//!
//! Base units throughout (bytes, seconds, bits per second). Counters only grow, whatever becomes of a repeat.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// A counter of seconds.
pub type Seconds = Counter<f64, AtomicU64>;
/// A gauge of anything.
pub type Level = Gauge<f64, AtomicU64>;

/// Whose value it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RunLabels {
    /// Client id.
    pub client: String,
    /// Name of the workload.
    pub workload: String,
    /// `upload`, `download`, or `mixed` where the workload has both.
    pub action: &'static str,
}

/// The same, told apart by one thing more.
macro_rules! more_labels {
    ($($name:ident: $label:ident, $doc:literal;)+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
        pub struct $name {
            /// Client id.
            pub client: String,
            /// Name of the workload.
            pub workload: String,
            /// As in [`RunLabels`].
            pub action: &'static str,
            /// What tells them apart.
            pub $label: &'static str,
        }

        impl $name {
            /// The labels of a run and the one more.
            pub fn of(run: &RunLabels, $label: &'static str) -> Self {
                let RunLabels { client, workload, action } = run.clone();
                Self { client, workload, action, $label }
            }
        }
    )+};
}

more_labels! {
    OutcomeLabels: outcome, "By how it ended: `succeeded` or `failed`.";
    KindLabels: kind, "By the cause of a failure, as the records spell it.";
    ModeLabels: mode, "By CPU mode: `user` or `system`.";
}

/// What ran where, in which version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct InfoLabels {
    /// Client id.
    pub client: String,
    /// Name of the workload.
    pub workload: String,
    /// As in [`RunLabels`].
    pub action: &'static str,
    /// Version of the S3 library; empty for clients that do not tell.
    pub client_version: String,
    /// Version of wlx.
    pub wlx_version: &'static str,
    /// Processor of the machine.
    pub cpu: String,
    /// Kernel of the machine.
    pub kernel: String,
}

/// All values.
#[derive(Debug)]
pub struct Values {
    pub bytes_moved: Family<RunLabels, Counter>,
    pub tasks: Family<OutcomeLabels, Counter>,
    pub tasks_in_flight: Family<RunLabels, Gauge>,
    pub repeats: Family<OutcomeLabels, Counter>,
    pub repeat_seconds: Family<RunLabels, Level>,
    pub throughput: Family<RunLabels, Level>,
    pub requests: Family<RunLabels, Counter>,
    pub retries: Family<RunLabels, Counter>,
    pub backoff: Family<RunLabels, Seconds>,
    pub errors: Family<KindLabels, Counter>,
    pub task_duration: Family<RunLabels, Histogram>,
    pub cpu: Family<ModeLabels, Seconds>,
    pub peak_memory: Family<RunLabels, Gauge>,
    pub run_info: Family<InfoLabels, Gauge>,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            bytes_moved: Family::default(),
            tasks: Family::default(),
            tasks_in_flight: Family::default(),
            repeats: Family::default(),
            repeat_seconds: Family::default(),
            throughput: Family::default(),
            requests: Family::default(),
            retries: Family::default(),
            backoff: Family::default(),
            errors: Family::default(),
            task_duration: Family::new_with_constructor(|| Histogram::new(duration_buckets())),
            cpu: Family::default(),
            peak_memory: Family::default(),
            run_info: Family::default(),
        }
    }
}

/// Upper ends of the buckets of task durations, in seconds: 100 us to 680 s, six to a power of ten, so that a quantile read
/// from them is at most 50 % off. Exact ones come from the results file.
fn duration_buckets() -> impl Iterator<Item = f64> {
    let digits = ["1", "1.5", "2.2", "3.3", "4.7", "6.8"];
    // Read, not multiplied: each is the number nearest to its decimal form, and is written so.
    (-4..=2).flat_map(move |power| digits.map(|digit| format!("{digit}e{power}").parse().expect("a number")))
}

impl Values {
    /// Makes them known under their names.
    pub fn register(&self) -> Registry {
        let mut registry = Registry::with_prefix("wlx");
        let all = &mut registry;
        all.register(
            "bytes_moved",
            "Bytes of payload that clients moved, those of repeats that failed included",
            self.bytes_moved.clone(),
        );
        all.register("tasks", "Tasks that ended, counted when their repeat has ended", self.tasks.clone());
        all.register("tasks_in_flight", "Tasks that have begun and not ended", self.tasks_in_flight.clone());
        all.register("repeats", "Repeats that ended", self.repeats.clone());
        all.register("repeat_seconds", "Wall seconds of the last good repeat", self.repeat_seconds.clone());
        all.register("throughput_bits_per_second", "Throughput of the last good repeat", self.throughput.clone());
        all.register("requests", "Requests sent, retries included", self.requests.clone());
        all.register("retries", "Requests that were sent again", self.retries.clone());
        all.register(
            "backoff_seconds",
            "Seconds that requests waited before they were sent again",
            self.backoff.clone(),
        );
        all.register("errors", "Failed tasks by cause", self.errors.clone());
        all.register(
            "task_duration_seconds",
            "Time from the start to the end of tasks that succeeded",
            self.task_duration.clone(),
        );
        all.register("cpu_seconds", "CPU time of the client during repeats", self.cpu.clone());
        all.register(
            "peak_memory_bytes",
            "Peak resident memory of the client in its last repeat",
            self.peak_memory.clone(),
        );
        all.register("run_info", "What ran where: always 1", self.run_info.clone());
        registry
    }
}

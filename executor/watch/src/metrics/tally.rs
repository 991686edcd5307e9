//! The events of runs, counted into the values that are served.

use std::collections::BTreeMap;

use prometheus_client::metrics::histogram::Histogram;
use workload_schema::event::{Hello, Progress, TaskEvent};
use workload_schema::record::{Machine, Outcome, RepeatRecord};
use workload_schema::{Gbps, Operation, Workload};

use super::values::{InfoLabels, KindLabels, ModeLabels, OutcomeLabels, RunLabels, Values};
use runner_drive::{RunBegins, RunEvent};
use workload_schema::RunKey;

/// Counts all runs of one command.
#[derive(Debug, Default)]
pub struct Tally {
    values: Values,
    open: BTreeMap<RunKey, OpenRun>,
}

/// A run that goes on.
#[derive(Debug)]
struct OpenRun {
    labels: RunLabels,
    /// Actions of the tasks, where they differ.
    actions: Option<Vec<Operation>>,
    tasks: u64,
    machine: Machine,
    /// Bytes of the present repeat that are counted already.
    bytes: u64,
    /// Tasks of the present repeat that were seen to succeed.
    succeeded: u64,
    /// Durations by action, so that a task is counted without a look at labels: there may be millions.
    durations: BTreeMap<&'static str, Histogram>,
}

impl Tally {
    /// The values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// Counts what is told.
    pub fn see(&mut self, run: &RunKey, event: &RunEvent<'_>) {
        if let RunEvent::RunBegins(begins) = event {
            let open = OpenRun::new(begins);
            open.appear(&self.values);
            self.open.insert(run.clone(), open);
            return;
        }
        let Some(open) = self.open.get_mut(run) else { return };
        match event {
            RunEvent::Hello(hello) => open.hello(hello, &self.values),
            RunEvent::RepeatBegins(_) => open.begin(),
            RunEvent::Progress(progress) => open.progress(progress, &self.values),
            RunEvent::Task(task) => open.task(task, &self.values),
            RunEvent::Repeat(record) => open.repeat(record, &self.values),
            RunEvent::RunEnds { .. } => {
                self.values.tasks_in_flight.get_or_create(&open.labels).set(0);
                self.open.remove(run);
            }
            RunEvent::RunBegins(_) | RunEvent::Verified(_) => {}
        }
    }
}

impl OpenRun {
    fn new(run: &RunBegins<'_>) -> Self {
        let action = action_of(run.workload);
        Self {
            labels: RunLabels {
                client: run.client.to_owned(),
                workload: run.name.to_string(),
                action: action.map_or("mixed", Operation::as_str),
            },
            actions: action.is_none().then(|| run.workload.tasks().map(|task| task.operation).collect()),
            tasks: run.workload.task_count() as u64,
            machine: run.machine.clone(),
            bytes: 0,
            succeeded: 0,
            durations: BTreeMap::new(),
        }
    }

    /// Makes its counters be there from 0: an increase is only seen from a value that was.
    fn appear(&self, values: &Values) {
        let labels = &self.labels;
        for counter in [&values.bytes_moved, &values.requests, &values.retries] {
            counter.get_or_create(labels).inc_by(0);
        }
        for outcome in [Outcome::Succeeded, Outcome::Failed] {
            let labels = OutcomeLabels::of(labels, outcome.as_str());
            values.tasks.get_or_create(&labels).inc_by(0);
            values.repeats.get_or_create(&labels).inc_by(0);
        }
        values.tasks_in_flight.get_or_create(labels).set(0);
        values.run_info.get_or_create(&self.info(String::new())).set(1);
    }

    fn info(&self, client_version: String) -> InfoLabels {
        let RunLabels { client, workload, action } = self.labels.clone();
        let (cpu, kernel) = (self.machine.cpu.clone(), self.machine.kernel.clone());
        InfoLabels { client, workload, action, client_version, wlx_version: env!("CARGO_PKG_VERSION"), cpu, kernel }
    }

    fn hello(&self, hello: &Hello, values: &Values) {
        values.run_info.remove(&self.info(String::new()));
        values.run_info.get_or_create(&self.info(hello.client_version.clone())).set(1);
    }

    fn begin(&mut self) {
        self.bytes = 0;
        self.succeeded = 0;
    }

    fn progress(&mut self, progress: &Progress, values: &Values) {
        self.moved(progress.bytes, values);
        if let Some(in_flight) = progress.in_flight {
            values.tasks_in_flight.get_or_create(&self.labels).set(i64::try_from(in_flight).unwrap_or(i64::MAX));
        }
    }

    /// Counts what has moved since the last time.
    fn moved(&mut self, bytes: u64, values: &Values) {
        values.bytes_moved.get_or_create(&self.labels).inc_by(bytes.saturating_sub(self.bytes));
        self.bytes = self.bytes.max(bytes);
    }

    fn task(&mut self, task: &TaskEvent, values: &Values) {
        if task.error.is_some() {
            return;
        }
        self.succeeded += 1;
        let seconds = task.end_ns.saturating_sub(task.start_ns) as f64 / 1e9;
        // The durations of uploads and downloads say nothing together.
        let own = self.actions.as_ref().and_then(|actions| actions.get(usize::try_from(task.task).ok()?));
        let action = own.map_or(self.labels.action, |own| own.as_str());
        let durations = self
            .durations
            .entry(action)
            .or_insert_with(|| values.task_duration.get_or_create_owned(&RunLabels { action, ..self.labels.clone() }));
        durations.observe(seconds);
    }

    fn repeat(&mut self, record: &RepeatRecord, values: &Values) {
        self.moved(record.bytes, values);
        let labels = &self.labels;
        let good = record.is_good();
        let outcome = if good { Outcome::Succeeded } else { Outcome::Failed };
        values.repeats.get_or_create(&OutcomeLabels::of(labels, outcome.as_str())).inc();
        let succeeded = if good { self.tasks } else { self.succeeded };
        values.tasks.get_or_create(&OutcomeLabels::of(labels, Outcome::Succeeded.as_str())).inc_by(succeeded);
        for error in &record.errors {
            values.tasks.get_or_create(&OutcomeLabels::of(labels, Outcome::Failed.as_str())).inc_by(error.count);
            values.errors.get_or_create(&KindLabels::of(labels, error.kind.as_str())).inc_by(error.count);
        }
        values.requests.get_or_create(labels).inc_by(record.requests.unwrap_or(0));
        values.retries.get_or_create(labels).inc_by(record.retries.unwrap_or(0));
        values.tasks_in_flight.get_or_create(labels).set(0);
        if good {
            values.repeat_seconds.get_or_create(labels).set(record.seconds);
            let bits = Gbps::of(record.bytes, record.seconds).get() * 1e9;
            values.throughput.get_or_create(labels).set(bits);
        }
        self.cost(record, values);
    }

    fn cost(&self, record: &RepeatRecord, values: &Values) {
        let labels = &self.labels;
        for (mode, seconds) in [("user", record.cpu_user_seconds), ("system", record.cpu_system_seconds)] {
            if let Some(seconds) = growth(seconds) {
                values.cpu.get_or_create(&ModeLabels::of(labels, mode)).inc_by(seconds);
            }
        }
        if let Some(seconds) = growth(record.backoff_seconds) {
            values.backoff.get_or_create(labels).inc_by(seconds);
        }
        if let Some(peak) = record.peak_memory_bytes {
            values.peak_memory.get_or_create(labels).set(i64::try_from(peak).unwrap_or(i64::MAX));
        }
    }
}

/// What a counter may grow by: runners are other people's programs.
fn growth(seconds: Option<f64>) -> Option<f64> {
    seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

/// The action of all tasks, if they have one.
fn action_of(workload: &Workload) -> Option<Operation> {
    let first = workload.first_task().operation;
    workload.tasks().all(|task| task.operation == first).then_some(first)
}

//! What a repeat takes beside what the runner says of itself: threads, the embedded server, the machine.

use workload_schema::record::Usage;

use system_measure::{MachineCounters, ProcessTree, ThreadTimes, ThreadsUsage, interface_to};

/// The share of the CPU time that must be accounted for by threads that are still there.
const MOST: f64 = 0.8;

/// Reads the counters of the system right before and right after each repeat.
#[derive(Debug)]
pub struct UsageMeter {
    interface: Option<String>,
    server: Option<u32>,
    before: Option<Reading>,
}

#[derive(Debug)]
struct Reading {
    machine: Option<MachineCounters>,
    threads: ThreadTimes,
    server: ThreadTimes,
}

impl UsageMeter {
    /// For a store at `endpoint_url`, which is the process `server` where it is ours.
    pub fn new(endpoint_url: Option<&str>, server: Option<u32>) -> Self {
        Self { interface: interface_to(endpoint_url), server, before: None }
    }

    /// A repeat of the processes of `tree` is about to begin.
    pub fn begin(&mut self, tree: &ProcessTree) {
        // The machine last: what reading costs is not the repeat's.
        let (threads, server) = (tree.threads(), ThreadTimes::of(self.server));
        self.before = Some(Reading { threads, server, machine: self.machine() });
    }

    /// It has ended: what it took. `cpu_seconds` are those that the client's processes had in all.
    pub fn end(&mut self, tree: &ProcessTree, cpu_seconds: Option<f64>) -> Usage {
        let Some(before) = self.before.take() else { return Usage::default() };
        let machine = self.machine();
        let (threads, server) = (tree.threads(), ThreadTimes::of(self.server));
        // Threads and processes that ended with the repeat are not seen: the busiest may have been one of them.
        let all_seen = |usage: &ThreadsUsage| cpu_seconds.is_some_and(|cpu| usage.all_seconds >= cpu * MOST);
        Usage {
            busiest_thread_seconds: threads.since(&before.threads).filter(all_seen).map(|usage| usage.busiest_seconds),
            server_cpu_seconds: server.since(&before.server).map(|usage| usage.all_seconds),
            machine: machine.zip(before.machine).map(|(now, then)| now.since(&then)),
            ..Usage::default()
        }
    }

    fn machine(&self) -> Option<MachineCounters> {
        MachineCounters::read(self.interface.as_deref())
    }
}

//! What held a run back: the client's CPU, one thread of it, the network, the disk, throttling, or the server; with the
//! evidence.

use serde::Serialize;
use workload_schema::record::{RepeatRecord, RunRecord};

use super::sums::{busiest_thread, client_cores, median_of, of_machine, server_cores};
use workload_schema::NULL_CLIENT;

/// A resource that is used to this share is what holds back.
const FULL: f64 = 0.9;
/// A link is full from here on: headers and acknowledgements take the rest.
const LINK_FULL: f64 = 0.8;
/// Waiting for storage for this share of the time.
const DISK_WAIT: f64 = 0.25;
/// Requests sent again, as a share of all.
const MANY_RETRIES: f64 = 0.01;

/// What held a run back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Bound {
    /// All cores that it could have, most of them by itself.
    ClientCpu,
    /// One thread of the client, which was never off its core.
    ClientThread,
    /// The embedded server, which had more of the busy cores than the client.
    ServerCpu,
    /// Something else on this machine.
    OtherProcesses,
    /// The network interface.
    Network,
    /// Storage.
    Disk,
    /// The store asked to slow down.
    Throttling,
    /// Nothing on this side: the server, or the way to it.
    Server,
    /// Nothing of what is counted, though the server is on this machine too.
    Waiting,
}

impl Bound {
    /// A word or two that stand beside the number.
    pub fn mark(self) -> &'static str {
        match self {
            Self::ClientCpu => "client CPU",
            Self::ClientThread => "one thread",
            Self::ServerCpu => "server CPU",
            Self::OtherProcesses => "others",
            Self::Network => "network",
            Self::Disk => "disk",
            Self::Throttling => "throttling",
            Self::Server => "server",
            Self::Waiting => "waiting",
        }
    }
}

/// What held a run back, and what shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldBack {
    /// What.
    pub bound: Bound,
    /// Why we say so.
    pub evidence: String,
}

impl HeldBack {
    /// As a sentence.
    pub fn sentence(&self) -> String {
        let by = match self.bound {
            Bound::ClientCpu => "the client's CPU",
            Bound::ClientThread => "one thread of the client",
            Bound::ServerCpu => "the server's CPU, on the same machine",
            Bound::OtherProcesses => "other processes on this machine",
            Bound::Network => "the network",
            Bound::Disk => "the disk",
            Bound::Throttling => "throttling",
            Bound::Server => "the server or the way to it",
            Bound::Waiting => "waiting for each other",
        };
        format!("bound by {by}: {}", self.evidence)
    }
}

/// What held `run` back, by its warm good repeats; none where that is not known. What does nothing cannot be held back.
pub fn held_back(run: &RunRecord) -> Option<HeldBack> {
    if run.client == NULL_CLIENT {
        return None;
    }
    let repeats: Vec<&RepeatRecord> = run.warm_repeats().collect();
    throttling(&repeats)
        .or_else(|| cores(run, &repeats))
        .or_else(|| thread(&repeats))
        .or_else(|| network(&repeats))
        .or_else(|| disk(&repeats))
        .or_else(|| server(run, &repeats))
}

fn throttling(repeats: &[&RepeatRecord]) -> Option<HeldBack> {
    let retries: u64 = repeats.iter().filter_map(|repeat| repeat.retries).sum();
    let requests: u64 = repeats.iter().filter_map(|repeat| repeat.requests).sum();
    if requests == 0 || (retries as f64) < requests as f64 * MANY_RETRIES {
        return None;
    }
    let waited: f64 = repeats.iter().filter_map(|repeat| repeat.backoff_seconds).sum();
    let waited = if waited > 0.0 { format!(", after waiting {waited:.1} s in all") } else { String::new() };
    let share = retries as f64 * 100.0 / requests as f64;
    let evidence = format!("{retries} of {requests} requests ({share:.1} %) were sent again{waited}");
    Some(HeldBack { bound: Bound::Throttling, evidence })
}

/// All cores are busy: whose work is it?
fn cores(run: &RunRecord, repeats: &[&RepeatRecord]) -> Option<HeldBack> {
    let all = run.machine.cores as f64;
    let client = median_of(repeats, client_cores)?;
    let busy = median_of(repeats, |repeat| of_machine(repeat, |machine| machine.cpu_busy_seconds)).unwrap_or(client);
    if busy.max(client) < all * FULL {
        return None;
    }
    let server = median_of(repeats, server_cores).unwrap_or(0.0);
    let others = (busy - client - server).max(0.0);
    let (bound, _) = [(Bound::ClientCpu, client), (Bound::ServerCpu, server), (Bound::OtherProcesses, others)]
        .into_iter()
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    let mut shares = vec![format!("the client had {client:.2}")];
    if server > 0.0 {
        shares.push(format!("the embedded server {server:.2}"));
    }
    shares.push(format!("everything else {others:.2}"));
    let evidence = format!("{busy:.2} of {all} cores were busy: {}", shares.join(", "));
    Some(HeldBack { bound, evidence })
}

fn thread(repeats: &[&RepeatRecord]) -> Option<HeldBack> {
    let busiest = median_of(repeats, busiest_thread)?;
    (busiest >= FULL).then(|| HeldBack {
        bound: Bound::ClientThread,
        evidence: format!("its busiest thread was on a core for {:.0} % of the time", busiest.min(1.0) * 100.0),
    })
}

fn network(repeats: &[&RepeatRecord]) -> Option<HeldBack> {
    let share = median_of(repeats, |repeat| {
        let machine = repeat.usage.machine.as_ref()?;
        let bytes = machine.received_bytes?.max(machine.sent_bytes?);
        Some(bytes as f64 * 8.0 / machine.seconds / machine.link_bits_per_second? as f64)
    })?;
    let machine = repeats.first()?.usage.machine.as_ref()?;
    let name = machine.interface.as_deref().unwrap_or("its interface");
    (share >= LINK_FULL).then(|| HeldBack {
        bound: Bound::Network,
        evidence: format!("{name} carried {:.0} % of what it can", share * 100.0),
    })
}

fn disk(repeats: &[&RepeatRecord]) -> Option<HeldBack> {
    let waiting = median_of(repeats, |repeat| of_machine(repeat, |machine| machine.cpu_disk_wait_seconds))?;
    (waiting >= DISK_WAIT).then(|| HeldBack {
        bound: Bound::Disk,
        evidence: format!("{waiting:.2} cores had nothing to do but wait for storage"),
    })
}

/// Nothing here was busy.
fn server(run: &RunRecord, repeats: &[&RepeatRecord]) -> Option<HeldBack> {
    let client = median_of(repeats, client_cores)?;
    let busy = median_of(repeats, |repeat| of_machine(repeat, |machine| machine.cpu_busy_seconds))?;
    let (bound, side) = if run.is_on_loopback() {
        (Bound::Waiting, "on this machine, where the server is too,")
    } else {
        (Bound::Server, "on this side")
    };
    let cores = run.machine.cores;
    let evidence =
        format!("nothing {side} was full: the client kept {client:.2} and the machine {busy:.2} of {cores} cores busy");
    Some(HeldBack { bound, evidence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{machine, measured_repeat, measured_run};

    fn bound_of(change: impl Fn(&mut RepeatRecord)) -> HeldBack {
        let mut run = measured_run();
        run.repeats = (1..=7).map(measured_repeat).collect();
        run.repeats.iter_mut().for_each(change);
        held_back(&run).unwrap()
    }

    #[test]
    fn the_cause_is_named_with_its_evidence() {
        assert_eq!(bound_of(|_| {}).bound, Bound::Waiting);
        let nothing = bound_of(|repeat| machine(repeat).interface = Some("eth0".to_owned()));
        assert_eq!(nothing.bound, Bound::Server);
        assert_eq!(
            nothing.sentence(),
            "bound by the server or the way to it: nothing on this side was full: the client kept 0.75 and the machine \
             0.80 of 2 cores busy"
        );
        let cpu = bound_of(|repeat| {
            repeat.cpu_user_seconds = Some(1.5);
            repeat.usage.server_cpu_seconds = Some(0.1);
            machine(repeat).cpu_busy_seconds = 1.95;
        });
        assert_eq!(
            cpu.sentence(),
            "bound by the client's CPU: 1.95 of 2 cores were busy: the client had 1.75, the embedded server 0.10, \
             everything else 0.10"
        );
        let others = bound_of(|repeat| machine(repeat).cpu_busy_seconds = 2.0);
        assert_eq!(others.bound, Bound::OtherProcesses);
        let server = bound_of(|repeat| {
            repeat.usage.server_cpu_seconds = Some(1.2);
            machine(repeat).cpu_busy_seconds = 2.0;
        });
        assert_eq!(server.bound, Bound::ServerCpu);
        let thread = bound_of(|repeat| repeat.usage.busiest_thread_seconds = Some(0.97));
        assert_eq!(
            thread.sentence(),
            "bound by one thread of the client: its busiest thread was on a core for 97 % of the time"
        );
        let network = bound_of(|repeat| {
            machine(repeat).link_bits_per_second = Some(10_000_000_000);
            machine(repeat).received_bytes = Some(1_150_000_000);
        });
        assert_eq!(network.sentence(), "bound by the network: lo carried 92 % of what it can");
        let disk = bound_of(|repeat| machine(repeat).cpu_disk_wait_seconds = 0.6);
        assert_eq!(disk.bound, Bound::Disk);
        let throttled = bound_of(|repeat| {
            repeat.retries = Some(10);
            repeat.backoff_seconds = Some(2.0);
        });
        assert_eq!(
            throttled.sentence(),
            "bound by throttling: 60 of 768 requests (7.8 %) were sent again, after waiting 12.0 s in all"
        );
    }

    #[test]
    fn what_does_nothing_is_not_held_back() {
        let mut run = measured_run();
        run.repeats = (1..=7).map(measured_repeat).collect();
        assert!(held_back(&run).is_some());
        run.client = NULL_CLIENT.to_owned();
        assert_eq!(held_back(&run), None);
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let mut run = measured_run();
        run.repeats = vec![measured_repeat(1)];
        assert_eq!(held_back(&run), None);
        run.repeats = (1..=7).map(measured_repeat).collect();
        for repeat in &mut run.repeats {
            repeat.cpu_user_seconds = None;
        }
        assert_eq!(held_back(&run), None);
    }
}

//! CPU time and peak memory of a process with everything it started.
//!
//! The tree is the process, its descendants, and whatever else is in its process group: a helper whose
//! parent has ended belongs to it still, if the process was started as the leader of a group of its own.
//! Not seen is what ended as an orphan, and the memory of what came and went between two looks.

use std::collections::HashSet;
use std::fs;

use super::process_stat::ProcessStat;
use super::{CpuTime, ThreadTimes};

/// Looks at a tree whose members come and go before one is taken as it is.
const ATTEMPTS: u32 = 5;

/// A process and its descendants.
#[derive(Debug, Clone)]
pub struct ProcessTree {
    root: u32,
}

/// A tree at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TreeSample {
    /// CPU time so far, that of ended and awaited children included; in steps of a clock tick (10 ms).
    pub cpu: CpuTime,
    /// Sum of the processes' peak resident memory in bytes, each since its last reset. An upper
    /// bound: shared pages count in each process, and the peaks need not coincide.
    pub peak_memory_bytes: u64,
    /// Processes in the tree.
    pub processes: usize,
}

impl ProcessTree {
    /// The tree below the process `root`.
    pub fn new(root: u32) -> Self {
        Self { root }
    }

    /// Looks at the tree; `None` once its root is gone.
    pub fn sample(&self) -> Option<TreeSample> {
        let members = self.members()?;
        let ticks_per_second = rustix::param::clock_ticks_per_second() as f64;
        let ticks = |of: fn(&ProcessStat) -> u64| members.iter().map(of).sum::<u64>() as f64;
        Some(TreeSample {
            cpu: CpuTime {
                user_seconds: ticks(|stat| stat.user_ticks) / ticks_per_second,
                system_seconds: ticks(|stat| stat.system_ticks) / ticks_per_second,
            },
            peak_memory_bytes: members.iter().filter_map(ProcessStat::peak_memory_bytes).sum(),
            processes: members.len(),
        })
    }

    /// The CPU times of all its threads.
    pub fn threads(&self) -> ThreadTimes {
        ThreadTimes::of(self.members().unwrap_or_default().iter().map(|member| member.process))
    }

    /// Makes the present memory of every process its peak, so that the next sample shows the peak since now.
    /// Says whether the system let it be done for all of them.
    pub fn reset_peak(&self) -> bool {
        self.members()
            .is_some_and(|members| members.iter().all(|member| member.reset_peak() || !member.is_still_there()))
    }

    /// The processes of the tree, at a moment when none of them had its time handed to its parent while
    /// they were read: such a time would count twice, or not at all.
    fn members(&self) -> Option<Vec<ProcessStat>> {
        let mut attempt = 1;
        loop {
            let (processes, nobody_left) = all_processes()?;
            let members = below(self.root, &processes)?;
            let steady = nobody_left && members.iter().all(ProcessStat::is_still_there);
            if steady || attempt == ATTEMPTS {
                return Some(members);
            }
            attempt += 1;
        }
    }
}

/// All processes, and whether none of them left while they were read.
fn all_processes() -> Option<(Vec<ProcessStat>, bool)> {
    let mut nobody_left = true;
    let mut processes = Vec::new();
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        if let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
            match ProcessStat::read(number) {
                Some(stat) => processes.push(stat),
                None => nobody_left = false,
            }
        }
    }
    Some((processes, nobody_left))
}

/// `root`, its descendants and its group. Not in order of age: numbers wrap around, so a child's may be lower.
fn below(root: u32, processes: &[ProcessStat]) -> Option<Vec<ProcessStat>> {
    if !processes.iter().any(|process| process.process == root) {
        return None;
    }
    let mut inside: HashSet<u32> = HashSet::from([root]);
    loop {
        let before = inside.len();
        for process in processes {
            if process.group == root || inside.contains(&process.parent) {
                inside.insert(process.process);
            }
        }
        if inside.len() == before {
            break;
        }
    }
    Some(processes.iter().filter(|process| inside.contains(&process.process)).copied().collect())
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::hint::black_box;
    use std::io::{self, BufRead, BufReader, Read, Write};
    use std::process::{Child, ChildStdout, Command, Stdio};
    use std::time::Instant;

    use super::*;

    const BURN: &str = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";

    /// Set for the copy of this test program that only uses memory.
    const MEMORY_USER: &str = "WLX_TEST_MEMORY_USER";

    /// A child that has said `ready` and waits for its stdin to close.
    struct Waiting {
        child: Child,
        /// Kept open: the child may have more to say.
        _stdout: BufReader<ChildStdout>,
    }

    impl Waiting {
        fn shell(script: &str) -> Self {
            Self::start(Command::new("sh").args(["-c", script]))
        }

        fn start(command: &mut Command) -> Self {
            let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            let mut stdout = BufReader::new(child.stdout.take().unwrap());
            assert!(stdout.by_ref().lines().map(Result::unwrap).any(|line| line == "ready"));
            Self { child, _stdout: stdout }
        }

        fn sample(&self) -> TreeSample {
            ProcessTree::new(self.child.id()).sample().unwrap()
        }
    }

    impl Drop for Waiting {
        fn drop(&mut self) {
            drop(self.child.stdin.take());
            let _ = self.child.wait();
        }
    }

    fn total(sample: &TreeSample) -> f64 {
        sample.cpu.user_seconds + sample.cpu.system_seconds
    }

    #[test]
    fn work_counts_once_wherever_in_the_tree_it_was_done() {
        let own = format!("{BURN}; echo ready; read x");
        let ended_child = format!("( {BURN} ); echo ready; read x");
        let living_grandchild = format!("( ( {BURN}; echo ready; read x ); : ); :");
        for (script, processes) in [(own, 1), (ended_child, 1), (living_grandchild, 3)] {
            let start = Instant::now();
            let shell = Waiting::shell(&script);
            let sample = shell.sample();
            let wall = start.elapsed().as_secs_f64();
            assert_eq!(sample.processes, processes, "{script}");
            assert!(total(&sample) >= 0.02, "{script}: {sample:?}");
            // One of them works at a time, so twice-counted work would show as more than the wall time.
            assert!(total(&sample) <= wall + 0.03, "{script}: {sample:?} in {wall} s");
            assert!(sample.peak_memory_bytes > 100 << 10, "{script}: {sample:?}");
        }
    }

    #[test]
    fn a_resting_tree_spends_nothing() {
        let shell = Waiting::shell("echo ready; read x");
        let (before, after) = (shell.sample(), shell.sample());
        let spent = after.cpu.since(before.cpu);
        assert!(spent.user_seconds + spent.system_seconds <= 0.02, "{spent:?}");
    }

    #[test]
    fn an_orphan_in_the_group_belongs_to_the_tree() {
        let stat = |process, parent, group| ProcessStat {
            process,
            parent,
            group,
            user_ticks: 1,
            system_ticks: 0,
            started_ticks: 5,
        };
        let processes = [stat(9, 40, 40), stat(40, 2, 40), stat(50, 1, 40), stat(60, 50, 60), stat(70, 1, 70)];
        let numbers: Vec<u32> = below(40, &processes).unwrap().iter().map(|stat| stat.process).collect();
        assert_eq!(numbers, [9, 40, 50, 60]);
        assert_eq!(below(41, &processes), None);
    }

    #[test]
    fn a_gone_process_has_no_sample() {
        let mut child = Command::new("true").spawn().unwrap();
        let tree = ProcessTree::new(child.id());
        child.wait().unwrap();
        assert_eq!(tree.sample(), None);
        assert!(!tree.reset_peak());
    }

    #[test]
    fn a_peak_is_forgotten_on_reset() {
        const BIG: usize = 96 << 20;
        if env::var_os(MEMORY_USER).is_some() {
            drop(black_box(vec![1_u8; BIG]));
            writeln!(io::stdout(), "\nready").unwrap();
            let _ = io::stdin().read_line(&mut String::new());
            return;
        }
        let name = "process_tree::tests::a_peak_is_forgotten_on_reset";
        let mut copy = Command::new(env::current_exe().unwrap());
        let user = Waiting::start(copy.args(["--exact", "--nocapture", name]).env(MEMORY_USER, "1"));
        let before = user.sample().peak_memory_bytes;
        assert!(ProcessTree::new(user.child.id()).reset_peak());
        let after = user.sample().peak_memory_bytes;
        assert!(before >= BIG as u64 && after < BIG as u64 / 2, "{before} to {after}");
    }
}

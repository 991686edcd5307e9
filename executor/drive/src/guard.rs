//! A second process that ends the runners when this one is gone: after a `kill -9` nobody else would.
//!
//! Runners of ours notice by themselves that their driver is gone; foreign ones, and commands that runners started, do not.

use std::io::{BufRead, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// Name of the hidden command.
pub const COMMAND: &str = "guard";
const WATCH: &str = "watch";
const RELEASE: &str = "release";
/// How long runners may take to clean up before they are killed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The guard of this process; it ends with it.
#[derive(Debug)]
pub struct Guard {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Guard {
    /// Starts this program again, as the guard.
    pub fn start() -> std::io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is for us: the guard must outlive it.
            .process_group(0)
            .spawn()?;
        let stdin = child.stdin.take();
        Ok(Self { child, stdin })
    }

    /// Ends the process group of `pid` when this process is gone, from now on.
    pub fn watch(&mut self, pid: u32) {
        self.say(WATCH, pid);
    }

    /// Forgets the process group.
    pub fn release(&mut self, pid: u32) {
        self.say(RELEASE, pid);
    }

    fn say(&mut self, word: &str, pid: u32) {
        if let Some(stdin) = &mut self.stdin {
            // Without its guard a run is still a run.
            let _ = writeln!(stdin, "{word} {pid}");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // Nothing is watched any more, so it ends at once.
        let _ = self.child.wait();
    }
}

/// The guard's own process: until its stdin closes.
pub fn guard() {
    let mut watched: Vec<Pid> = Vec::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match line.split_once(' ') {
            Some((WATCH, pid)) => watched.extend(group(pid)),
            Some((RELEASE, pid)) => watched.retain(|known| Some(*known) != group(pid)),
            _ => {}
        }
    }
    let alive = |watched: &[Pid]| watched.iter().any(|group| test_kill_process_group(*group).is_ok());
    signal_all(&watched, Signal::TERM);
    let began = Instant::now();
    while alive(&watched) && began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(20));
    }
    signal_all(&watched, Signal::KILL);
}

fn signal_all(groups: &[Pid], signal: Signal) {
    for group in groups {
        // One that is gone needs none.
        let _ = kill_process_group(*group, signal);
    }
}

fn group(pid: &str) -> Option<Pid> {
    pid.trim().parse().ok().and_then(Pid::from_raw)
}

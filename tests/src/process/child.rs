//! A running program.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::stream::Stream;
use super::{Finished, Output};

/// Time between two looks at a child: how far its time limit may be exceeded.
const POLL: Duration = Duration::from_millis(5);

/// A running program. Dropped, its whole process group is killed.
pub struct Child {
    name: String,
    handle: std::process::Child,
    pid: Pid,
    stdout: Stream,
    stderr: Stream,
    deadline: Instant,
    limit: Duration,
    ended: Option<ExitStatus>,
}

impl Child {
    /// Takes over a child that was started as the leader of a group, with stdout and stderr piped.
    pub(super) fn new(mut child: std::process::Child, name: String, limit: Duration) -> Self {
        Self {
            name,
            stdout: Stream::read(child.stdout.take().expect("stdout is piped")),
            stderr: Stream::read(child.stderr.take().expect("stderr is piped")),
            pid: Pid::from_child(&child),
            handle: child,
            deadline: Instant::now() + limit,
            limit,
            ended: None,
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.handle.id()
    }

    /// Sends a signal to this process alone.
    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid, signal)
            .unwrap_or_else(|error| panic!("cannot signal `{}`: {error}", self.name));
    }

    /// Sends a signal to the process group, as the terminal does on Ctrl-C.
    pub fn signal_group(&self, signal: Signal) {
        rustix::process::kill_process_group(self.pid, signal)
            .unwrap_or_else(|error| panic!("cannot signal `{}`: {error}", self.name));
    }

    /// Waits until the program has written a line to stdout that contains `text`, and returns the line.
    pub fn wait_for_stdout(&mut self, text: &str) -> String {
        let line = self.stdout.wait_for(text, self.deadline);
        line.unwrap_or_else(|| self.give_up(&format!("wrote no `{text}` to stdout")))
    }

    /// Waits until the program has written a line to stderr that contains `text`, and returns the line.
    pub fn wait_for_stderr(&mut self, text: &str) -> String {
        let line = self.stderr.wait_for(text, self.deadline);
        line.unwrap_or_else(|| self.give_up(&format!("wrote no `{text}` to stderr")))
    }

    /// Whether the program still runs.
    pub fn is_running(&mut self) -> bool {
        self.status().is_none()
    }

    /// Waits for the program's end.
    ///
    /// # Panics
    /// When its time limit passes first; the message has what it wrote so far.
    pub fn wait(mut self) -> Finished {
        loop {
            if let Some(status) = self.status() {
                let stdout = self.stdout.finish(self.deadline);
                let stderr = self.stderr.finish(self.deadline);
                let output = Output { name: self.name.clone(), stdout, stderr };
                return Finished { code: status.code(), signal: status.signal(), output };
            }
            if Instant::now() > self.deadline {
                let limit = self.limit;
                self.give_up(&format!("still runs after {limit:?}"));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Waits for the program's end for at most `limit`, then kills its group.
    pub(crate) fn wait_at_most(&mut self, limit: Duration) {
        let deadline = Instant::now() + limit;
        while self.is_running() && Instant::now() < deadline {
            std::thread::sleep(POLL);
        }
        self.kill();
    }

    fn kill(&mut self) {
        // The group's id is taken for as long as the leader is not waited for: this kills only what was started here.
        if self.status().is_none() {
            let _ = rustix::process::kill_process_group(self.pid, Signal::KILL);
            drop(self.handle.wait());
        }
    }

    fn status(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.handle.try_wait().expect("a child of ours can be waited for");
        }
        self.ended
    }

    pub(crate) fn give_up(&mut self, what: &str) -> ! {
        let (stdout, stderr) = (self.stdout.text(), self.stderr.text());
        let status = self.status();
        panic!("`{}` {what} (exit status: {status:?})\n--- stdout\n{stdout}\n--- stderr\n{stderr}", self.name)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

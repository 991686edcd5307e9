//! A program, its arguments and its environment, before it starts.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Child, Finished};

/// Long enough for the slowest single step on two busy cores, short enough to notice a hang in a CI run.
const DEFAULT_LIMIT: Duration = Duration::from_mins(3);

/// A program that is about to be started with an environment of its own.
#[must_use = "nothing is started before `run` or `start`"]
pub struct Invocation {
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    folder: PathBuf,
    stdin: Vec<u8>,
    limit: Duration,
}

impl Invocation {
    /// `program` without arguments and with an empty environment, in `folder`.
    pub fn new(program: &Path, folder: &Path) -> Self {
        Self {
            program: program.to_path_buf(),
            arguments: Vec::new(),
            variables: Vec::new(),
            folder: folder.to_path_buf(),
            stdin: Vec::new(),
            limit: DEFAULT_LIMIT,
        }
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<T: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Runs in another folder than the context's.
    pub fn in_folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = folder.as_ref().to_path_buf();
        self
    }

    /// Feeds `input` to the program, then closes its stdin. Without this stdin is empty.
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.stdin = input.into();
        self
    }

    /// Ends the program, and fails the test, after `limit`.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs the program to its end.
    pub fn run(self) -> Finished {
        self.start().wait()
    }

    /// Starts the program and leaves it running.
    pub fn start(self) -> Child {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", self.program.display()));
        let mut input = child.stdin.take().expect("stdin is piped");
        let bytes = self.stdin;
        // On a thread: otherwise a program that writes before it reads would block both sides. A program may end without reading;
        // then the write fails.
        std::thread::spawn(move || drop(input.write_all(&bytes)));
        Child::new(child, describe(&self.program, &self.arguments), self.limit)
    }
}

fn describe(program: &Path, arguments: &[OsString]) -> String {
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<_> =
        std::iter::once(name).chain(arguments.iter().map(OsString::as_os_str)).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

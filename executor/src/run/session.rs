//! One client on one workload, up to the limits of contract 4: its process driven repeat by repeat, each stored.

use std::path::Path;
use std::time::{Duration, Instant};

use workload_schema::event::{CONTROL_END, CONTROL_RUN, CONTROL_VERIFY, Hello, Verified};
use workload_schema::record::{Outcome, RepeatRecord};
use workload_schema::{Gbps, Workload};

use super::child::{Call, Ended};
use super::event_pipe::EventPipe;
use super::following::{Following, Step};
use super::guard::Guard;
use super::verification;
use crate::watch::{Sight, Watchers};
use client_runner::Cancelled;
use run_records::results_file::{Recording, ResultsFile, ResultsFileError, RunId};
use wlx_terminal as terminal;

/// Why a run could not be driven to its end.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The results file; the run goes no further, as its repeats would be lost.
    #[error(transparent)]
    ResultsFile(#[from] ResultsFileError),
    /// The process or its pipe.
    #[error("cannot follow the client: {0}")]
    Process(#[from] std::io::Error),
}

/// How it ended.
#[derive(Debug)]
pub struct SessionEnd {
    /// The outcome that is stored.
    pub outcome: Outcome,
    /// Why, where it is not a success.
    pub reason: Option<String>,
    /// What the client said of itself.
    pub hello: Option<Hello>,
    /// What was compared off the clock.
    pub verified: Option<Verified>,
}

impl SessionEnd {
    /// An end without a start.
    pub fn before_start(outcome: Outcome, reason: String) -> Self {
        Self { outcome, reason: Some(reason), hello: None, verified: None }
    }
}

/// Drives one runner.
pub struct Session<'a> {
    /// The workload, for its limits and sizes.
    pub workload: &'a Workload,
    /// Where files are.
    pub files_dir: &'a Path,
    /// Where repeats are stored.
    pub store: &'a mut ResultsFile,
    /// The run they belong to.
    pub run: RunId,
    /// Whether run lines are printed.
    pub run_lines: bool,
    /// Whether contents are compared.
    pub verify: bool,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
    /// Who looks on.
    pub watchers: &'a mut Watchers,
}

/// What is known while a runner is driven.
struct Course {
    began: Instant,
    verified: Option<Verified>,
    /// What went wrong in our own checks.
    refused: Option<String>,
}

impl Session<'_> {
    /// Runs `call` to its end, or until `cancelled`.
    pub async fn drive(
        &mut self,
        call: &Call<'_>,
        pipe: EventPipe,
        guard: &mut Guard,
        cancelled: &mut Cancelled,
    ) -> Result<SessionEnd, SessionError> {
        let workload = self.workload;
        let mut following = match Following::start(call, pipe, workload, self.run, self.timeout, guard) {
            Ok(following) => following,
            Err(error) => {
                let reason = format!("cannot start {}: {error}", call.launch.program.display());
                return Ok(SessionEnd::before_start(Outcome::Failed, reason));
            }
        };
        let mut course = Course { began: Instant::now(), verified: None, refused: None };
        let followed = self.follow(&mut following, &mut course, cancelled).await;
        let last = following.end(guard, self.watchers).await?;
        let followed = followed?;
        for step in last {
            self.keep_step(step, &following, &mut course)?;
        }
        Ok(self.end(&following, course, &followed))
    }

    async fn follow(
        &mut self,
        following: &mut Following<'_>,
        course: &mut Course,
        cancelled: &mut Cancelled,
    ) -> Result<Step, SessionError> {
        loop {
            let step = following.step(cancelled, self.watchers).await?;
            if matches!(step, Step::Ended(_) | Step::Cancelled | Step::TimedOut) {
                return Ok(step);
            }
            if matches!(step, Step::Hello) {
                course.began = Instant::now();
            }
            let word = if self.keep_step(step, following, course)? {
                self.next_word(following, course).await
            } else {
                CONTROL_END
            };
            if following.hello().is_none() {
                continue;
            }
            match word {
                CONTROL_RUN => following.begin_repeat(self.watchers).await,
                word => following.say(word).await,
            }
        }
    }

    /// Stores what a step brought; false where the runner is to end.
    fn keep_step(&mut self, step: Step, following: &Following<'_>, course: &mut Course) -> Result<bool, SessionError> {
        match step {
            Step::Hello => {
                if let Some(hello) = following.hello() {
                    self.store.set_hello(self.run, hello)?;
                }
                Ok(true)
            }
            Step::Repeat(record, recording) => {
                self.keep(&record, recording)?;
                Ok(record.is_good())
            }
            Step::Verified(verified) => {
                course.note_verified(verified);
                Ok(false)
            }
            Step::Ended(_) | Step::Cancelled | Step::TimedOut => Ok(false),
        }
    }

    /// What a runner that waits for a word is told, all having gone well so far.
    async fn next_word(&self, following: &Following<'_>, course: &mut Course) -> &'static str {
        if following.repeats() > 0 && self.verify && following.hello().is_some() && !self.files_are_right(course).await
        {
            CONTROL_END
        } else if self.wants_more(following, course) {
            CONTROL_RUN
        } else if self.verify
            && drops_downloads(self.workload)
            && following.hello().is_some_and(|hello| hello.verifies_content)
        {
            CONTROL_VERIFY
        } else {
            CONTROL_END
        }
    }

    /// Whether another repeat is due by the limits of contract 4.
    fn wants_more(&self, following: &Following<'_>, course: &Course) -> bool {
        following.repeats() < self.workload.max_repeat_count
            && (following.repeats() == 0 || course.began.elapsed() < Duration::from_secs(self.workload.max_repeat_secs))
    }

    /// Compares what the last repeat downloaded; false where it is wrong.
    async fn files_are_right(&self, course: &mut Course) -> bool {
        let verified = verification::downloads(self.workload, self.files_dir, true).await;
        let right = verified.errors.is_empty();
        if verified.tasks > 0 || !right {
            course.note_verified(verified);
        }
        right
    }

    fn keep(&mut self, record: &RepeatRecord, recording: Recording) -> Result<(), SessionError> {
        self.store.add_repeat(self.run, record, recording)?;
        self.watchers.see(self.run, &Sight::Repeat(record));
        if record.is_good() && self.run_lines {
            terminal::data(&run_line(record));
        }
        Ok(())
    }

    /// What it all comes to.
    fn end(&self, following: &Following<'_>, course: Course, followed: &Step) -> SessionEnd {
        let failed = |reason: String| (Outcome::Failed, Some(reason));
        let words = following.runner().last_words().map(|words| format!("; its last words: {words}"));
        let words = words.unwrap_or_default();
        let refused = course.refused.as_deref().or(following.refused());
        let (outcome, reason) = match (followed, refused) {
            (Step::Cancelled, _) => (Outcome::Interrupted, Some("by Ctrl-C or SIGTERM".to_owned())),
            (Step::Ended(_), Some(refused)) => failed(refused.to_owned()),
            (Step::Ended(status), None) => match following.runner().ended(*status) {
                Ended::Done if following.repeats() == 0 => {
                    failed(format!("the runner ended well, but without a single repeat{words}"))
                }
                Ended::Done => (Outcome::Succeeded, None),
                Ended::Skipped(reason) => (Outcome::Skipped, Some(reason)),
                Ended::Failed(reason) => failed(reason),
            },
            _ => failed(format!("no repeat ended within {} s (--timeout){words}", self.timeout.as_secs_f64())),
        };
        SessionEnd { outcome, reason, hello: following.hello().cloned(), verified: course.verified }
    }
}

impl Course {
    /// Adds what was compared; anything wrong fails the run.
    fn note_verified(&mut self, more: Verified) {
        if let Some(error) = more.errors.first() {
            self.refused.get_or_insert_with(|| format!("not the content that it must be: {}", error.message));
        }
        match &mut self.verified {
            Some(verified) => {
                verified.tasks += more.tasks;
                verified.bytes += more.bytes;
                verified.errors.extend(more.errors);
            }
            None => self.verified = Some(more),
        }
    }
}

/// The line of contract 4 about a repeat.
pub fn run_line(record: &RepeatRecord) -> String {
    let gbps = Gbps::of(record.bytes, record.seconds).get();
    format!("Run:{} Secs:{:.6} Gb/s:{gbps:.6}", record.repeat, record.seconds)
}

/// Whether the workload has downloads that leave nothing behind.
fn drops_downloads(workload: &Workload) -> bool {
    !workload.files_on_disk && workload.tasks.iter().any(|task| task.action == workload_schema::Action::Download)
}

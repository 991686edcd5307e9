//! One runner, driven from its start to its end. There is no other loop that does so.

use std::time::Instant;

use tokio_util::sync::CancellationToken;
use workload_schema::event::{CONTROL_END, CONTROL_VERIFY, Hello, Verified};
use workload_schema::record::{Outcome, RepeatRecord};

use super::call::Call;
use super::error::DriveError;
use super::following::{Following, Step};
use super::guard::Guard;
use super::journal::{Journal, RunEvent};
use super::outcome::{Driven, Noticed, Over, outcome_of};
use super::script::{Course, Script, Times, Word};

/// Why a runner of the plain protocol cannot be driven turn by turn.
const NO_TURNS: &str = "cannot take turns: its runner speaks the plain protocol only and does not wait for a word before \
                        a repeat; compare its runs side by side: wlx run --client";

/// Starts the runner of `call`, has it follow `script` to its end, and tells `journal` everything.
///
/// A program that does not start is a failed run; an error says nothing about the client.
pub async fn drive(
    call: &Call<'_>,
    script: &mut impl Script,
    journal: &mut dyn Journal,
    guard: &mut Guard,
    cancelled: &CancellationToken,
) -> Result<Driven, DriveError> {
    let mut drive = match Drive::start(call, guard) {
        Ok(drive) => drive,
        Err(error @ DriveError::Start { .. }) => return Ok(Driven::before_start(Outcome::Failed, error.to_string())),
        Err(error) => return Err(error),
    };
    let over = drive.follow(script, journal, cancelled).await;
    // Whatever happened, the process must not be left behind.
    drive.finish(journal, guard).await?;
    Ok(drive.driven(over?))
}

/// A runner that is driven in pieces: between two turns it waits, warm.
pub struct Drive<'a> {
    following: Following<'a>,
    /// Since the hello, or the start.
    began: Instant,
    /// Whether it waits for a word.
    waits: bool,
    /// Whether that word can only be the last one.
    is_ending: bool,
    /// What was found wrong with the contents that it left behind.
    refused: Option<String>,
    /// The first error of a repeat.
    failed: Option<String>,
}

impl<'a> Drive<'a> {
    /// Starts the runner of `call`; the guard ends it when this process is gone.
    pub fn start(call: &Call<'a>, guard: &mut Guard) -> Result<Self, DriveError> {
        let following = Following::start(call, guard)?;
        let began = Instant::now();
        Ok(Self { following, began, waits: false, is_ending: false, refused: None, failed: None })
    }

    /// What it said of itself; none of a plain runner.
    pub fn hello(&self) -> Option<&Hello> {
        self.following.hello()
    }

    /// Waits until it is ready to take turns; the end of it where it never is.
    pub async fn greet(
        &mut self,
        journal: &mut dyn Journal,
        cancelled: &CancellationToken,
    ) -> Result<Result<(), Over>, DriveError> {
        Ok(match self.step(journal, cancelled).await? {
            Step::Hello => Ok(()),
            Step::Over(over) => Err(over),
            Step::Repeat(_) | Step::Verified(_) => Err(Over::Unfit(NO_TURNS)),
        })
    }

    /// Has it do one repeat, after which it waits; the end of it where that is no good repeat.
    pub async fn turn(
        &mut self,
        journal: &mut dyn Journal,
        cancelled: &CancellationToken,
    ) -> Result<Result<RepeatRecord, Over>, DriveError> {
        self.begin_repeat(journal).await?;
        match self.step(journal, cancelled).await? {
            Step::Repeat(record) if record.is_good() => Ok(Ok(*record)),
            Step::Over(over) => Ok(Err(over)),
            Step::Repeat(_) | Step::Hello | Step::Verified(_) => {
                self.follow(&mut Times(0), journal, cancelled).await.map(Err)
            }
        }
    }

    /// Has it follow `script` to its end.
    pub async fn follow(
        &mut self,
        script: &mut impl Script,
        journal: &mut dyn Journal,
        cancelled: &CancellationToken,
    ) -> Result<Over, DriveError> {
        loop {
            if self.waits {
                self.speak(script, journal).await?;
            }
            match self.step(journal, cancelled).await? {
                Step::Over(over) => return Ok(over),
                Step::Repeat(record) if record.is_good() && self.waits => self.look(script, journal).await?,
                Step::Repeat(_) | Step::Hello | Step::Verified(_) => {}
            }
        }
    }

    /// Ends the process, whatever it does, and takes what it still had to say.
    pub async fn finish(&mut self, journal: &mut dyn Journal, guard: &mut Guard) -> Result<(), DriveError> {
        for step in self.following.end(journal, guard).await? {
            self.take(&step);
        }
        Ok(())
    }

    /// What it comes to that the runner was over so.
    pub fn driven(&self, over: Over) -> Driven {
        let noticed = Noticed {
            repeats: self.following.repeats(),
            refused: self.refused.as_deref().or(self.following.refused()),
            failed: self.failed.as_deref(),
            timeout: self.following.timeout(),
        };
        let (outcome, reason) = outcome_of(over, self.following.runner(), &noticed);
        Driven { outcome, reason, hello: self.following.hello().cloned() }
    }

    /// Tells a runner that waits what comes next.
    async fn speak(&mut self, script: &mut impl Script, journal: &mut dyn Journal) -> Result<(), DriveError> {
        let word = match self.following.hello() {
            Some(hello) if !self.is_ending => {
                script.next(Course { hello, repeats: self.following.repeats(), elapsed: self.began.elapsed() })
            }
            _ => Word::End,
        };
        match word {
            Word::Repeat => return self.begin_repeat(journal).await,
            Word::Verify => self.following.say(CONTROL_VERIFY).await,
            Word::End => self.following.say(CONTROL_END).await,
        }
        self.waits = false;
        Ok(())
    }

    async fn begin_repeat(&mut self, journal: &mut dyn Journal) -> Result<(), DriveError> {
        self.waits = false;
        Ok(self.following.begin_repeat(journal).await?)
    }

    async fn step(&mut self, journal: &mut dyn Journal, cancelled: &CancellationToken) -> Result<Step, DriveError> {
        let step = self.following.step(journal, cancelled).await?;
        self.take(&step);
        Ok(step)
    }

    /// Notes what a step means for the next word and for the end.
    fn take(&mut self, step: &Step) {
        match step {
            Step::Hello => {
                self.began = Instant::now();
                self.waits = true;
            }
            Step::Repeat(record) => {
                // One that said nothing of itself waits for no word.
                self.waits = self.following.hello().is_some();
                if let Some(error) = record.errors.first() {
                    self.failed.get_or_insert_with(|| error.message.clone());
                    self.is_ending = true;
                }
            }
            Step::Verified(verified) => {
                self.waits = true;
                self.is_ending = true;
                self.refuse(verified);
            }
            Step::Over(_) => {}
        }
    }

    /// Compares what the last repeat left behind, if the script wants that.
    async fn look(&mut self, script: &mut impl Script, journal: &mut dyn Journal) -> Result<(), DriveError> {
        if let Some(verified) = script.look().await {
            journal.note(self.following.run(), &RunEvent::Verified(&verified))?;
            self.refuse(&verified);
        }
        Ok(())
    }

    /// Fails the run where contents are wrong.
    fn refuse(&mut self, verified: &Verified) {
        if let Some(error) = verified.errors.first() {
            self.refused.get_or_insert_with(|| format!("not the content that it must be: {}", error.message));
            self.is_ending = true;
        }
    }
}

//! What a runner that waits for a word is told next.

use std::future::{Future, ready};
use std::time::Duration;

use workload_schema::event::{Hello, Verified};

/// What a runner is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// One repeat.
    Repeat,
    /// Compare the contents of what it downloads, off the clock; then it is told to end.
    Verify,
    /// End.
    End,
}

/// How far a runner is.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    /// What it said of itself.
    pub hello: &'a Hello,
    /// Repeats that have ended, all of them good.
    pub repeats: u64,
    /// Time since it said hello.
    pub elapsed: Duration,
}

/// Says what comes next. It is asked after the hello and after each good repeat; after a failed one the runner is told
/// to end. A runner of the plain protocol waits for no word: it is only followed.
pub trait Script {
    /// What the runner is told now.
    fn next(&mut self, course: Course<'_>) -> Word;

    /// Compares what the repeat that has just ended left behind, off the clock; none where there is nothing to compare.
    /// The runner is told to end where anything is wrong.
    fn look(&mut self) -> impl Future<Output = Option<Verified>> {
        ready(None)
    }
}

/// So many repeats, whatever limits the workload has.
#[derive(Debug, Clone, Copy)]
pub struct Times(pub u64);

impl Script for Times {
    fn next(&mut self, course: Course<'_>) -> Word {
        if course.repeats < self.0 { Word::Repeat } else { Word::End }
    }
}

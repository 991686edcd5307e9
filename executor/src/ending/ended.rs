//! What a command came to that was not stopped by an error.

use workload_schema::exit_code;

/// What a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything that was asked for is done.
    Done,
    /// Everything was skipped on purpose.
    Skipped,
    /// There are results, and some of what was asked for failed.
    Failed,
    /// There are results, and they are worse than a baseline by more than the stated limit.
    Regression,
    /// The user stopped it; what was finished is kept.
    Interrupted,
}

impl Ending {
    /// Its exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Done => exit_code::OK,
            Self::Skipped => exit_code::SKIPPED,
            Self::Failed => exit_code::FAILED,
            Self::Regression => exit_code::REGRESSION,
            Self::Interrupted => exit_code::INTERRUPTED,
        }
    }
}

/// An ending, with what is still to be said on stderr.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What the command came to.
    pub ending: Ending,
    /// What went wrong, one message per problem.
    pub problems: Vec<String>,
    /// What to do about the problems.
    pub hints: Vec<&'static str>,
}

impl Ended {
    /// An ending with problems that have no hints of their own.
    pub fn with_problems(ending: Ending, problems: Vec<String>) -> Self {
        Self { ending, problems, hints: Vec::new() }
    }
}

impl From<Ending> for Ended {
    fn from(ending: Ending) -> Self {
        Self::with_problems(ending, Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ending_has_a_code_of_its_own() {
        let endings = [Ending::Done, Ending::Failed, Ending::Regression, Ending::Skipped, Ending::Interrupted];
        assert_eq!(endings.map(Ending::exit_code), [0, 1, 3, 123, 130]);
    }
}

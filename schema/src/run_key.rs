//! The identity of a run, which does not depend on a results file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What separates the session and the ordinal in the text of a key.
const SEPARATOR: char = '/';

/// The name that all runs of one call of `wlx` share.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

/// The identity of a run: its session and its number in that session. It is known before anything is stored and is the
/// same on every machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunKey {
    /// The session.
    pub session: SessionId,
    /// Number of the run in its session, from 1.
    pub ordinal: u32,
}

/// Why a text is not the name of a session or a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunKeyError {
    /// It is not the name of a session.
    #[error("a session name has 1 to 255 bytes, without spaces, control characters and `/`")]
    Session,
    /// It is not a session and an ordinal.
    #[error("a run is named SESSION/NUMBER, where NUMBER counts from 1")]
    Ordinal,
}

impl SessionId {
    /// Checks `id`; see [`RunKeyError::Session`].
    pub fn new(id: impl Into<String>) -> Result<Self, RunKeyError> {
        let id = id.into();
        let is_allowed = |char: char| !char.is_whitespace() && !char.is_control() && char != SEPARATOR;
        let fits = (1..=255).contains(&id.len()) && id.chars().all(is_allowed);
        if fits { Ok(Self(id)) } else { Err(RunKeyError::Session) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The run with the number `ordinal`, from 1, in this session.
    pub fn run(&self, ordinal: u32) -> RunKey {
        RunKey { session: self.clone(), ordinal }
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SessionId {
    type Err = RunKeyError;

    fn from_str(id: &str) -> Result<Self, RunKeyError> {
        Self::new(id)
    }
}

impl TryFrom<String> for SessionId {
    type Error = RunKeyError;

    fn try_from(id: String) -> Result<Self, RunKeyError> {
        Self::new(id)
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

impl fmt::Display for RunKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{SEPARATOR}{}", self.session, self.ordinal)
    }
}

impl FromStr for RunKey {
    type Err = RunKeyError;

    fn from_str(text: &str) -> Result<Self, RunKeyError> {
        let (session, ordinal) = text.rsplit_once(SEPARATOR).ok_or(RunKeyError::Ordinal)?;
        let number = ordinal.parse().ok().filter(|number: &u32| *number > 0 && number.to_string() == ordinal);
        Ok(SessionId::new(session)?.run(number.ok_or(RunKeyError::Ordinal)?))
    }
}

impl TryFrom<String> for RunKey {
    type Error = RunKeyError;

    fn try_from(text: String) -> Result<Self, RunKeyError> {
        text.parse()
    }
}

impl From<RunKey> for String {
    fn from(key: RunKey) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back() {
        let key = SessionId::new("2026-11-21T13:00:00.5Z-bench-1-77").unwrap().run(12);
        assert_eq!(key.to_string(), "2026-11-21T13:00:00.5Z-bench-1-77/12");
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<RunKey>(&json).unwrap(), key);
    }

    #[test]
    fn what_names_no_run_is_refused() {
        for text in ["", "a", "a/", "a/0", "a/01", "a/-1", "a/4294967296", "a/x"] {
            assert_eq!(text.parse::<RunKey>(), Err(RunKeyError::Ordinal), "{text}");
        }
        for text in ["/1", "a b/1", "a/b/1"] {
            assert_eq!(text.parse::<RunKey>(), Err(RunKeyError::Session), "{text}");
        }
    }
}

//! A command, ready to be shown or started.

use std::fmt;

use workload_schema::ObjectKey;

/// Where the payload of a command in RAM goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stream {
    /// Files; the command's own business.
    None,
    /// Written to its stdin.
    Stdin {
        /// The object.
        key: ObjectKey,
        /// Its size in bytes.
        size: u64,
    },
    /// Read from its stdout, and dropped.
    Stdout {
        /// The object.
        key: ObjectKey,
        /// Its size in bytes.
        size: u64,
    },
}

/// The one command that does a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneCommand {
    /// The program, as people call it.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Variables that it needs beside the store's.
    pub variables: Vec<(String, String)>,
    /// Text of the AWS configuration file that it needs.
    pub aws_config: Option<String>,
    /// Its payload, where that is in RAM.
    pub stream: Stream,
}

impl fmt::Display for OneCommand {
    /// As it could be typed in a shell.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |word: &str| shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned);
        for (name, value) in &self.variables {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str(&quoted(&self.program))?;
        for argument in &self.arguments {
            write!(f, " {}", quoted(argument))?;
        }
        Ok(())
    }
}

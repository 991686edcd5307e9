//! `[clients.NAME]` in `wlx.toml`: programs of other makers, and other copies of the command-line clients.

use std::path::PathBuf;

use serde::Deserialize;

/// What `wlx.toml` says of one client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClientSection {
    /// The command of a program that speaks the runner protocol, split as a shell would.
    pub command: Option<String>,
    /// What it is passed as `S3_CLIENT`; the section's name if left out.
    pub id: Option<String>,
    /// For a command-line client of ours: the program to use instead of the installed one.
    pub program: Option<PathBuf>,
}

/// A program that speaks the runner protocol (contract 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Program and arguments before `S3_CLIENT`.
    pub command: Vec<String>,
    /// What it is passed as `S3_CLIENT`.
    pub passed_id: String,
}

impl Foreign {
    /// The client of the section `name`; why not, where the section does not fit.
    pub fn of(name: &str, section: &ClientSection) -> Result<Self, String> {
        if section.program.is_some() {
            return Err("`program` is for the command-line clients of wlx; name a runner by `command`".to_owned());
        }
        let Some(command) = &section.command else {
            return Err("`command` is missing: the program that speaks the runner protocol".to_owned());
        };
        let words = shlex::split(command).ok_or("`command` has a quote that does not end")?;
        if words.is_empty() {
            return Err("`command` is empty".to_owned());
        }
        Ok(Self { command: words, passed_id: section.id.clone().unwrap_or_else(|| name.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(toml: &str) -> ClientSection {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn a_command_is_split_as_a_shell_would() {
        let foreign = Foreign::of("crt-java", &section("command = \"java -jar 'my runner.jar'\"")).unwrap();
        assert_eq!(foreign.command, ["java", "-jar", "my runner.jar"]);
        assert_eq!(foreign.passed_id, "crt-java");
        let foreign = Foreign::of("mine", &section("command = 'x'\nid = 'crt-c'")).unwrap();
        assert_eq!(foreign.passed_id, "crt-c");
    }

    #[test]
    fn a_section_without_a_command_is_refused() {
        for toml in ["", "command = ''", "command = \"a 'b\"", "command = 'a'\nprogram = 'b'"] {
            assert!(Foreign::of("x", &section(toml)).is_err(), "{toml}");
        }
    }
}

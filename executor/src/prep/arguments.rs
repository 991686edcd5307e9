//! The command line of `wlx prep`, and the selection that it shares with `wlx clean`.

use clap::{Args, ValueEnum};

/// Flags and arguments of `wlx prep`.
#[derive(Debug, Clone, Default, Args)]
pub struct PrepArgs {
    /// What to prepare, and for which workloads
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Show what would be done and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Work in a bucket that wlx did not make and that is not empty
    #[arg(long)]
    pub adopt: bool,
    /// Also compare the contents of what exists, and remake what differs
    #[arg(long)]
    pub verify: bool,
    /// How to show the plan
    #[arg(long, value_enum, default_value_t)]
    pub format: PlanFormat,
}

/// The part and the workloads, as they were typed.
#[derive(Debug, Clone, Default, Args)]
pub struct SelectionArgs {
    /// First `bucket`, `files` or `all` [default: all], then workloads by name or path [default: all there are]
    #[arg(value_name = "[bucket|files|all] WORKLOAD", hide_possible_values = true)]
    pub words: Vec<String>,
}

/// How a plan is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people.
    #[default]
    Table,
    /// For scripts.
    Json,
}

/// Which side is prepared or cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The bucket and its objects.
    Bucket,
    /// The files below the files directory.
    Files,
    /// Both.
    All,
}

impl Part {
    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::Files => "files",
            Self::All => "all",
        }
    }

    /// Whether the part includes the bucket.
    pub fn bucket(self) -> bool {
        self != Self::Files
    }

    /// Whether the part includes files.
    pub fn files(self) -> bool {
        self != Self::Bucket
    }
}

impl SelectionArgs {
    /// The part and the workloads: a first word that names no part is a workload.
    pub fn split(&self) -> (Part, &[String]) {
        let part = match self.words.first().map(String::as_str) {
            Some("bucket") => Part::Bucket,
            Some("files") => Part::Files,
            Some("all") => Part::All,
            _ => return (Part::All, &self.words),
        };
        (part, &self.words[1..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_may_name_the_part() {
        let split = |words: &[&str]| {
            let selection = SelectionArgs { words: words.iter().map(ToString::to_string).collect() };
            let (part, workloads) = selection.split();
            format!("{} {}", part.as_str(), workloads.join(","))
        };
        assert_eq!(split(&[]), "all ");
        assert_eq!(split(&["bucket"]), "bucket ");
        assert_eq!(split(&["files", "upload-5GiB-1x", "bucket"]), "files upload-5GiB-1x,bucket");
        assert_eq!(split(&["upload-5GiB-1x"]), "all upload-5GiB-1x");
        assert_eq!(split(&["all", "./files"]), "all ./files");
    }
}

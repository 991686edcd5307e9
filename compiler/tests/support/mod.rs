//! Cases of the corpora, and compiling them without touching files.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::path::{Path, PathBuf};

use checked_document::{Diagnostic, render};
use wlc::checked::Checked;
use wlc::expand::expand;
use wlc::expanded::{Expanded, Header, Tasks};
use wlc::limits::BuildLimits;
use wlc::parsed::parse;

/// One case.
pub struct Case {
    pub name: String,
    pub sources: Vec<(PathBuf, Vec<u8>)>,
    pub limits: BuildLimits,
}

/// What came of a case.
pub struct Outcome {
    pub diagnostics: Vec<Diagnostic>,
    pub checked: Option<Checked>,
}

impl Outcome {
    /// Diagnostics as people see them, then the workloads.
    pub fn shown(&self) -> String {
        let mut out = render::human(&self.diagnostics, false);
        for workload in self.checked.iter().flat_map(Checked::workloads) {
            out.push_str(&shown(workload));
        }
        out.trim_end().to_owned()
    }
}

fn shown(workload: &Expanded) -> String {
    let tasks = match &workload.tasks {
        Tasks::Derived(derived) => format!("{} .. {}", derived.keys.key(1), derived.keys.key(derived.keys.count())),
        Tasks::Explicit(tasks) => {
            let keys: Vec<_> = tasks
                .iter()
                .map(|task| format!("{} {} ({} bytes) x{}", task.operation, task.key, task.size, task.repeat))
                .collect();
            keys.join("; ")
        }
    };
    let Header { comment, medium, checksum, stop } = &workload.header;
    let (repeats, seconds) = (stop.max_repeats, stop.max_seconds);
    format!(
        "{} [{}]\n  {comment:?}, {medium:?}, {checksum:?}, {repeats} repeats, {seconds} s\n  {tasks}\n",
        workload.name,
        workload.origin.place()
    )
}

/// The cases of a folder by name.
pub fn read_cases(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).expect("the corpus is in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    paths.iter().map(|path| read_case(path)).collect()
}

fn read_case(path: &Path) -> Case {
    let text = std::fs::read_to_string(path).expect("the corpus is text");
    let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
    let mut case = Case { name, sources: Vec::new(), limits: BuildLimits::default() };
    let mut current: (PathBuf, String) = (PathBuf::from("case.yaml"), String::new());
    for line in text.split_inclusive('\n') {
        let Some(directive) = line.strip_prefix("#### ") else {
            current.1.push_str(line);
            continue;
        };
        if let Some(flag) = directive.trim_end().strip_prefix("flags ") {
            set_limit(&mut case.limits, flag);
        } else {
            let next = (PathBuf::from(directive.trim_end()), String::new());
            push(&mut case, std::mem::replace(&mut current, next));
        }
    }
    push(&mut case, current);
    case
}

fn push(case: &mut Case, (path, text): (PathBuf, String)) {
    if !text.is_empty() {
        case.sources.push((path, text.into_bytes()));
    }
}

fn set_limit(limits: &mut BuildLimits, flag: &str) {
    let (name, value) = flag.split_once('=').expect("NAME=N");
    let value = value.parse().expect("a number");
    match name {
        "max-combinations" => limits.combinations = value,
        "max-tasks" => limits.tasks = value,
        "max-output" => limits.output = value,
        other => panic!("no limit {other}"),
    }
}

/// Everything before files are written.
pub fn compile(case: &Case) -> Outcome {
    let mut diagnostics = Vec::new();
    let mut documents = Vec::new();
    for (path, bytes) in &case.sources {
        let label = path.display().to_string();
        documents.extend(parse(path, &label, bytes.clone(), &mut diagnostics));
    }
    let workloads = expand(&documents, case.limits, &mut diagnostics);
    let checked = Checked::of(workloads, case.limits, &mut diagnostics);
    diagnostics.sort_by(|left, right| left.order().cmp(&right.order()));
    Outcome { diagnostics, checked }
}

/// One source as a case.
pub fn single(file_name: &str, text: &str) -> Case {
    Case {
        name: "case".to_owned(),
        sources: vec![(PathBuf::from(file_name), text.as_bytes().to_vec())],
        limits: BuildLimits::default(),
    }
}

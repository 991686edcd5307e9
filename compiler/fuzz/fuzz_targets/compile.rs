//! Any text as a source: parsing, expansion, checks and diagnostics neither panic nor hang, and what comes
//! out is read back.
//!
//! `cargo +nightly fuzz run compile -- -max_len=4096 -dict=fuzz_targets/source.dict`, with the sources of the test corpus as a start:
//! `mkdir -p corpus/compile && cp ../tests/corpus/*/*.yaml corpus/compile`.
#![no_main]

use std::path::Path;

use checked_document::{read_workload, render};
use libfuzzer_sys::fuzz_target;
use wlc::checked::Checked;
use wlc::compiled::Compiled;
use wlc::expand::expand;
use wlc::limits::BuildLimits;
use wlc::parsed::parse;

fuzz_target!(|bytes: &[u8]| {
    let (first, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let name = ["case.yaml", "case.json", "case.src.json"][usize::from(first % 3)];
    // Small enough that a minute of fuzzing is many cases.
    let limits = BuildLimits {
        combinations: 50,
        tasks: 1000,
        output: 1 << 20,
    };
    let mut diagnostics = Vec::new();
    let documents = parse(Path::new(name), name, bytes.to_vec(), &mut diagnostics);
    let workloads = expand(&documents, limits, &mut diagnostics);
    let checked = Checked::of(workloads, limits, &mut diagnostics);
    render::human(&diagnostics, false);
    render::json(&diagnostics);
    assert!(checked.is_some() != diagnostics.iter().any(|problem| problem.is_error()));
    let Some(checked) = checked else { return };
    for contents in Compiled::of(&checked).workloads() {
        let mut run = Vec::new();
        contents.write_run(&mut run).expect("memory");
        assert_eq!(run.len() as u64, contents.run_length());
        let read = read_workload("run", &run).expect("what is written is read");
        assert_eq!(read.task_count() as u64, contents.task_count());
    }
});

//! The corpora: one directory a stage, one file a case; the snapshot shows what comes of it.
//!
//! A case may hold several sources, each after a line `#### FILE`, and `#### flags max-tasks=N` for the limits.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use support::{Outcome, compile, read_cases};

fn run_stage(stage: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(stage);
    let cases = read_cases(&folder);
    assert!(!cases.is_empty(), "{} has cases", folder.display());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path(folder.join("snapshots"));
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in cases {
            let outcome = compile(&case);
            insta::assert_snapshot!(case.name.as_str(), outcome.shown());
        }
    });
}

#[test]
fn parse() {
    run_stage("parse");
}

#[test]
fn schema() {
    run_stage("schema");
}

#[test]
fn expand() {
    run_stage("expand");
}

#[test]
fn check() {
    run_stage("check");
}

/// Every diagnostic that is documented has a case that shows it, and every one that is shown is documented.
#[test]
fn every_diagnostic_has_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let shown: BTreeSet<&str> = ["parse", "schema", "expand", "check"]
        .iter()
        .flat_map(|stage| read_cases(&root.join(stage)))
        .flat_map(|case| {
            let Outcome { diagnostics, .. } = compile(&case);
            diagnostics.into_iter().map(|diagnostic| diagnostic.id.as_str())
        })
        .collect();
    let documented: BTreeSet<&str> =
        wlc::command::docs::explanations().map(|explanation| explanation.id.as_str()).collect();
    let elsewhere = BTreeSet::from([
        // Bytes that no text file of a corpus can hold, and a file that cannot be read: tests/binary.rs.
        "not-utf8",
        "unreadable",
        // Compiled files: tests of checked-document.
        "unknown-version",
        "bad-value",
    ]);
    let missing: Vec<_> = documented.difference(&shown).filter(|id| !elsewhere.contains(*id)).collect();
    assert!(missing.is_empty(), "documented without a case: {missing:?}");
    let undocumented: Vec<_> = shown.difference(&documented).collect();
    assert!(undocumented.is_empty(), "shown without documentation: {undocumented:?}");
}

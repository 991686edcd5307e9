//! Any bytes as a compiled file: reading neither panics nor leaves a refusal without an explanation.
#![no_main]

use checked_document::{read_plan, read_workload, render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for problems in [read_workload("w", bytes).err(), read_plan("w", bytes).err()].into_iter().flatten() {
        assert!(!problems.is_empty());
        render::human(&problems, false);
    }
});

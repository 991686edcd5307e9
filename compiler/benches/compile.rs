//! The speed of the compiler: stages in this process (criterion), then the whole process taking turns with
//! the Python build of the existing project.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::Criterion;
use wlc::checked::Checked;
use wlc::contents::Contents;
use wlc::expand::expand;
use wlc::expanded::{Expanded, Tasks};
use wlc::limits::BuildLimits;
use wlc::source_set::SourceSet;

/// Turns of the comparison of whole processes.
const TURNS: usize = 60;

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../workloads-src")
}

fn compile() -> Checked {
    let mut diagnostics = Vec::new();
    let set = SourceSet::find(&[sources()]).expect("the standard set");
    let documents = set.parse(&mut diagnostics);
    let workloads = expand(&documents, BuildLimits::default(), &mut diagnostics);
    Checked::of(workloads, BuildLimits::default(), &mut diagnostics).expect("the standard set has no errors")
}

fn largest(checked: &Checked) -> &Expanded {
    let workloads = checked.workloads().iter();
    workloads.max_by_key(|workload| workload.tasks.count()).expect("there are workloads")
}

fn stages(criterion: &mut Criterion) {
    criterion.bench_function("sources of the standard set to checked workloads", |bencher| {
        bencher.iter(|| black_box(compile()));
    });
    let checked = compile();
    let contents = Contents::of(largest(&checked));
    let mut out = Vec::new();
    criterion.bench_function("bytes of a workload of 10,000 tasks", |bencher| {
        bencher.iter(|| {
            out.clear();
            black_box(&contents).write_run(&mut out).expect("memory");
        });
    });
    let bytes = out.clone();
    criterion.bench_function("reading a workload of 10,000 tasks", |bencher| {
        bencher.iter(|| checked_document::read_workload("w", black_box(&bytes)).expect("a workload"));
    });
}

/// The standard set's derived workloads as flat sources of the existing format.
fn flat_sources(folder: &Path) -> Vec<PathBuf> {
    let checked = compile();
    let derived = checked.workloads().iter().filter_map(|workload| match &workload.tasks {
        Tasks::Derived(derived) => Some((workload, derived)),
        Tasks::Explicit(_) => None,
    });
    derived
        .map(|(workload, derived)| {
            let source = serde_json::json!({
                "comment": workload.header.comment,
                "action": derived.operation,
                "fileSize": derived.size_text,
                "numFiles": derived.keys.count(),
                "filesOnDisk": workload.header.medium.files_on_disk(),
            });
            let path = folder.join(format!("{}.src.json", workload.name));
            std::fs::write(&path, source.to_string()).expect("written");
            path
        })
        .collect()
}

fn timed(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.status().expect("it starts");
    assert!(status.success());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Wall time of whole processes, one after the other in turns, so that both see the same machine.
fn whole_process() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let flat = flat_sources(folder.path());
    let kept = folder.path().join("kept");
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/reference_build.py");
    let build = |out: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wlc"));
        command.args(["-q", "build"]).arg(sources()).arg("--out-dir").arg(out);
        command
    };
    timed(&mut build(&kept));
    let (mut unchanged, mut fresh, mut python) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let new = folder.path().join(format!("new-{turn}"));
        unchanged.push(timed(&mut build(&kept)));
        fresh.push(timed(&mut build(&new)));
        let python_out = folder.path().join(format!("python-{turn}"));
        python.push(timed(Command::new("python3").arg(&reference).arg(&python_out).args(&flat)));
        for path in &flat {
            let name = path.file_name().expect("a file").to_string_lossy().replace(".src.json", ".run.json");
            let (ours, theirs) = (new.join(&name), python_out.join(&name));
            let same = std::fs::read(ours).expect("written") == std::fs::read(theirs).expect("written");
            assert!(same, "{name} differs");
        }
        for out in [new, python_out] {
            std::fs::remove_dir_all(out).expect("removed");
        }
    }
    let (unchanged, fresh, python) = (median(unchanged), median(fresh), median(python));
    println!("\nwhole process, standard set, median of {TURNS} turns:");
    println!("  wlc build, nothing changed      {unchanged:>10.2?}");
    println!("  wlc build, into an empty folder {fresh:>10.2?}");
    println!("  the same workloads in Python    {python:>10.2?}");
    println!("  ratio, into an empty folder     {:>9.0}x", python.as_secs_f64() / fresh.as_secs_f64());
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    stages(&mut criterion);
    criterion.final_summary();
    whole_process();
}

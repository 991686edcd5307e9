//! Rows of every level in every format, read back by readers that are not ours where there are any.

use std::io::Write as _;
use std::process::{Command, Stdio};

use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field as Read, RowAccessor};
use proptest::prelude::*;
use tempfile::TempDir;
use workload_schema::event::{ContextSwitches, TaskEvent};
use workload_schema::record::{MachineUsage, RepeatRecord, RunRecord, Usage};
use workload_schema::{ClockError, ErrorKind, ObjectKey, Operation, Task, WallTime, Workload, WorkloadDigest};

use super::csv::CsvRows;
use super::field::{Field, Kind, RowSink, Value};
use super::json_rows::JsonRows;
use super::level::Level;
use super::parquet::ParquetRows;
use crate::fixtures::{failed, mixed, new_run, repeat, run};
use crate::results_file::{NewRun, Recording, ResultsFile, RunFilter};

/// All that can be said of a repeat.
fn measured(number: u64, seconds: f64) -> RepeatRecord {
    let machine = MachineUsage {
        seconds: seconds + 0.5,
        cpu_busy_seconds: 2.5,
        cpu_steal_seconds: 0.25,
        cpu_disk_wait_seconds: 0.125,
        interface: Some("lo".to_owned()),
        received_bytes: Some(1_100_000_000),
        sent_bytes: Some(2_000_000),
        tcp_retransmits: Some(3),
        swapped_pages: Some(0),
        link_bits_per_second: Some(10_000_000_000),
    };
    let usage = Usage {
        context_switches: Some(ContextSwitches { voluntary: 1000, involuntary: 20 }),
        disk_read_bytes: Some(4096),
        disk_write_bytes: Some(8192),
        busiest_thread_seconds: Some(0.5),
        server_cpu_seconds: Some(0.75),
        machine: Some(machine),
    };
    let clock = Some(ClockError { offset_ns: -250, bound_ns: 1200 });
    let started_at = Some(WallTime { unix_ns: 1_795_000_000_123_456_789, clock });
    RepeatRecord { started_at, backoff_seconds: Some(0.0625), usage, ..repeat(number, seconds) }
}

/// A results file with a run that moves both ways, and its tasks.
fn results(folder: &TempDir, tasks: u64) -> ResultsFile {
    let mut results = ResultsFile::open(&folder.path().join("r.sqlite")).unwrap();
    let is_upload = |task: u64| task % 4 == 3;
    let work = (0..tasks).map(|task| Task {
        operation: if is_upload(task) { Operation::Upload } else { Operation::Download },
        key: ObjectKey::new(format!("key/{task:05},\"quoted\"")).unwrap(),
        size: 1000,
    });
    let work = Workload::of_tasks(work).unwrap();
    let new = NewRun {
        workload_digest: WorkloadDigest::of(b"both ways"),
        workload_bytes_sent: work.bytes_sent(),
        workload_bytes_received: work.bytes_received(),
        workload_tasks: tasks,
        ..new_run("sdk-rust", 1)
    };
    results.keep_workload(&new.workload_digest, &work).unwrap();
    let id = results.begin_run(&new).unwrap();
    for number in 1..=2 {
        let mut recording = Recording::default();
        for task in 0..tasks {
            recording.add_task(TaskEvent {
                repeat: number,
                task,
                intended_start_ns: (number == 1).then_some(9 * task),
                start_ns: 10 * task,
                end_ns: 10 * task + 1500,
                first_byte_ns: (!is_upload(task)).then_some(10 * task + 500),
                bytes: if task == 1 && number == 2 { 400 } else { 1000 },
                requests: Some(1),
                error: (task == 1 && number == 2).then_some(ErrorKind::Integrity),
            });
        }
        let record = if number == 1 { measured(1, 2.0) } else { failed(2, 1.0) };
        results.add_repeat(id, &RepeatRecord { bytes: tasks * 1000, ..record }, recording).unwrap();
    }
    results
}

fn runs(results: &ResultsFile) -> Vec<RunRecord> {
    results.runs(&RunFilter::default()).unwrap()
}

/// The stored runs, all with one time of their start.
fn stored_at_eight(results: &ResultsFile) -> impl Iterator<Item = RunRecord> {
    runs(results).into_iter().map(|stored| RunRecord { started_at: run(8).started_at, ..stored })
}

fn written(results: &ResultsFile, level: Level, runs: &[RunRecord], format: &str) -> Vec<u8> {
    let (fields, mut out) = (level.fields(), Vec::new());
    let mut sink: Box<dyn RowSink + '_> = match format {
        "csv" => Box::new(CsvRows::begin(&fields, &mut out).unwrap()),
        "json" => Box::new(JsonRows::begin(level, &fields, &mut out).unwrap()),
        _ => Box::new(ParquetRows::begin(level, &fields, &mut out).unwrap()),
    };
    level.each_row(runs, results, &mut |row| sink.row(row)).unwrap();
    sink.finish().unwrap();
    drop(sink);
    out
}

fn text(results: &ResultsFile, level: Level, runs: &[RunRecord], format: &str) -> String {
    String::from_utf8(written(results, level, runs, format)).unwrap()
}

#[test]
fn a_row_is_a_repeat() {
    let folder = TempDir::new().unwrap();
    let results = results(&folder, 4);
    let mut described = mixed()[1..4].to_vec();
    described.extend(stored_at_eight(&results));
    insta::assert_snapshot!("repeats", text(&results, Level::Repeat, &described, "csv"));
}

#[test]
fn a_row_is_a_run_with_its_statistics() {
    let folder = TempDir::new().unwrap();
    let results = results(&folder, 4);
    // One of good warm repeats, one of which only the cold one is good, one of nothing.
    let mut described = mixed();
    described.truncate(1);
    described.extend(stored_at_eight(&results));
    described.push(RunRecord { repeats: vec![failed(1, 1.0)], ..run(9) });
    insta::assert_snapshot!("runs", text(&results, Level::Run, &described, "json"));
}

#[test]
fn a_row_is_a_task() {
    let folder = TempDir::new().unwrap();
    let results = results(&folder, 4);
    insta::assert_snapshot!("tasks", text(&results, Level::Task, &runs(&results), "csv"));
}

#[test]
fn bytes_each_way_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let results = results(&folder, 8);
    let rows: serde_json::Value =
        serde_json::from_str(&text(&results, Level::Repeat, &runs(&results), "json")).unwrap();
    let (good, bad) = (&rows["rows"][0], &rows["rows"][1]);
    // 6 of 8 tasks of 1000 bytes are downloads; the repeat took 2 s.
    assert_eq!((good["receiveBytesPerSecond"].as_f64(), good["sendBytesPerSecond"].as_f64()), (Some(3e3), Some(1e3)));
    assert_eq!(good["requestsPerSecond"].as_f64(), Some(63.5));
    assert!(bad["receiveBytesPerSecond"].is_null() && bad["requestsPerSecond"].is_null() && bad["cpuCores"].is_null());
}

#[test]
fn every_column_can_have_a_value_of_its_kind() {
    let folder = TempDir::new().unwrap();
    let results = results(&folder, 4);
    let mut all = runs(&results);
    all[0].reason = Some("a repeat failed".to_owned());
    all[0].hello = run(1).hello;
    all[0].ended_at = run(1).ended_at;
    // A second good warm repeat, for a deviation.
    all[0].repeats.extend([measured(3, 2.0), measured(4, 3.0)]);
    for level in [Level::Run, Level::Repeat, Level::Task] {
        let fields = level.fields();
        let mut seen = vec![false; fields.len()];
        level
            .each_row(&all, &results, &mut |row| {
                assert_eq!(row.len(), fields.len());
                for (column, (value, field)) in row.iter().zip(&fields).enumerate() {
                    seen[column] |= value.is_some();
                    assert!(value.as_ref().is_none_or(|value| kind(value) == field.kind), "{}", field.name);
                }
                Ok(())
            })
            .unwrap();
        let never: Vec<&Field> = fields.iter().zip(seen).filter(|(_, seen)| !seen).map(|(field, _)| field).collect();
        assert!(never.is_empty(), "{level:?}: {never:?}");
    }
}

fn kind(value: &Value<'_>) -> Kind {
    match value {
        Value::Text(_) => Kind::Text,
        Value::Integer(_) => Kind::Integer,
        Value::Float(_) => Kind::Float,
        Value::Truth(_) => Kind::Truth,
        Value::Time(_) => Kind::Time,
    }
}

#[test]
fn parquet_holds_what_json_holds() {
    let folder = TempDir::new().unwrap();
    let results = results(&folder, 8);
    for level in [Level::Run, Level::Repeat, Level::Task] {
        let runs = runs(&results);
        let json: serde_json::Value = serde_json::from_str(&text(&results, level, &runs, "json")).unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(written(&results, level, &runs, "parquet"))).unwrap();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), json["rows"].as_array().unwrap().len(), "{level:?}");
        for (row, json) in rows.iter().zip(json["rows"].as_array().unwrap()) {
            // An object of serde_json is sorted by name; columns are not, so each is looked up.
            assert_eq!(row.len(), json.as_object().unwrap().len());
            for ((name, read), field) in row.get_column_iter().zip(level.fields()) {
                assert_eq!(*name, field.name);
                let expected = &json[super::json_rows::camel_case(name)];
                assert!(same(read, expected), "{level:?} {name}: {read:?} for {expected}");
            }
        }
    }
}

fn same(read: &Read, json: &serde_json::Value) -> bool {
    match read {
        Read::Null => json.is_null(),
        Read::Bool(truth) => json.as_bool() == Some(*truth),
        Read::Long(number) => json.as_i64() == Some(*number),
        Read::Double(number) => json.as_f64() == Some(*number),
        Read::Str(text) => json.as_str() == Some(text),
        Read::TimestampMicros(moment) => {
            json.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(jiff::Timestamp::as_microsecond)
                == Some(*moment)
        }
        _ => false,
    }
}

#[test]
fn many_tasks_are_several_row_groups() {
    let folder = TempDir::new().unwrap();
    let results = results(&folder, 40_000);
    let file = written(&results, Level::Task, &runs(&results), "parquet");
    let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
    let groups: Vec<i64> = reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    assert_eq!(groups, [65_536, 80_000 - 65_536]);
    let bytes = Level::Task.fields().iter().position(|field| field.name == "bytes").unwrap();
    let moved: i64 = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().get_long(bytes).unwrap()).sum();
    assert_eq!(moved, 80_000 * 1000 - 600);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_text_survives_a_csv_reader_of_others(
        rows in prop::collection::vec(prop::collection::vec("[a,\"'\r\n \t=é\u{1F600}]{0,6}|\\PC{0,8}", 3), 1..60)
    ) {
        let names = ["one", "two", "three"];
        let fields: Vec<Field> = names
            .map(|name| Field { name: name.into(), kind: Kind::Text, meaning: "".into() })
            .into();
        let mut csv = Vec::new();
        let mut sink = CsvRows::begin(&fields, &mut csv).unwrap();
        for row in &rows {
            let row: Vec<_> = row.iter().map(|text| Some(Value::from(text.as_str()))).collect();
            sink.row(&row).unwrap();
        }
        sink.finish().unwrap();
        drop(sink);
        let mut expected = vec![names.map(str::to_owned).to_vec()];
        expected.extend(rows);
        prop_assert_eq!(read_by_python(&csv), expected);
    }
}

fn read_by_python(csv: &[u8]) -> Vec<Vec<String>> {
    const PROGRAM: &str = "import csv, io, json, sys\n\
        text = io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8', newline='')\n\
        print(json.dumps(list(csv.reader(text, strict=True))))";
    let mut python = Command::new("python3")
        .args(["-I", "-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed for the tests");
    python.stdin.take().unwrap().write_all(csv).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

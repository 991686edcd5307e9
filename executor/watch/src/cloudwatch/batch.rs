//! Which numbers of a run are pushed, and under which dimensions: contract 7, without anything that sends.

use std::collections::BTreeMap;
use std::time::SystemTime;

use workload_schema::Gbps;
use workload_schema::record::{Outcome, RepeatRecord};

use runner_drive::{RunBegins, RunEvent};
use workload_schema::RunKey;

/// What does not change from run to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Branch of the client that is measured.
    pub branch: String,
    /// EC2 instance type.
    pub instance_type: String,
}

/// One good repeat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When it was stored.
    pub at: SystemTime,
    /// Throughput in Gb/s.
    pub gbps: f64,
    /// Wall seconds.
    pub seconds: f64,
}

/// What is pushed of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Names and values of the dimensions, in the order of contract 7.
    pub dimensions: [(&'static str, String); 5],
    /// The repeats that count, in their order.
    pub samples: Vec<Sample>,
}

/// The runs that go on, and the batches of those that have ended.
#[derive(Debug)]
pub struct Batches {
    place: Place,
    open: BTreeMap<RunKey, OpenRun>,
    ended: Vec<Batch>,
}

#[derive(Debug)]
struct OpenRun {
    dimensions: [(&'static str, String); 5],
    repeats: Vec<(RepeatRecord, SystemTime)>,
}

impl Batches {
    /// None yet.
    pub fn new(place: Place) -> Self {
        Self { place, open: BTreeMap::new(), ended: Vec::new() }
    }

    /// Takes note of what is told `now`.
    pub fn see(&mut self, run: &RunKey, event: &RunEvent<'_>, now: SystemTime) {
        match event {
            RunEvent::RunBegins(begins) => {
                let dimensions = dimensions(begins, &self.place);
                self.open.insert(run.clone(), OpenRun { dimensions, repeats: Vec::new() });
            }
            RunEvent::Repeat(record) => {
                if let Some(open) = self.open.get_mut(run) {
                    open.repeats.push(((*record).clone(), now));
                }
            }
            RunEvent::RunEnds { outcome, .. } => {
                let batch = self.open.remove(run).map(|open| open.batch(*outcome));
                self.ended.extend(batch.filter(|batch| !batch.samples.is_empty()));
            }
            RunEvent::Hello(_)
            | RunEvent::RepeatBegins(_)
            | RunEvent::Progress(_)
            | RunEvent::Task(_)
            | RunEvent::Verified(_) => {}
        }
    }

    /// The batches that are to be pushed now.
    pub fn take(&mut self) -> Vec<Batch> {
        std::mem::take(&mut self.ended)
    }
}

impl OpenRun {
    /// A failed run is worth nothing: what failed it may be that its bytes were the wrong ones.
    fn batch(self, outcome: Outcome) -> Batch {
        let counts = matches!(outcome, Outcome::Succeeded | Outcome::Interrupted);
        let alone = self.repeats.len() == 1;
        let good = self.repeats.iter().filter(|(record, _)| counts && record.is_good() && (alone || !record.cold));
        let samples = good.map(|(record, at)| Sample {
            at: *at,
            gbps: Gbps::of(record.bytes, record.seconds).get(),
            seconds: record.seconds,
        });
        Batch { samples: samples.collect(), dimensions: self.dimensions }
    }
}

fn dimensions(run: &RunBegins<'_>, place: &Place) -> [(&'static str, String); 5] {
    // The name of every directory bucket ends so, and that of no other.
    let storage = if run.bucket.ends_with("--x-s3") { "S3Express" } else { "S3Standard" };
    [
        ("S3Client", run.client.to_owned()),
        ("InstanceType", place.instance_type.clone()),
        ("Branch", place.branch.clone()),
        ("Workload", run.name.to_string()),
        ("StorageClass", storage.to_owned()),
    ]
}

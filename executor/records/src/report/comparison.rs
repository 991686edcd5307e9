//! The runs of one workload side by side. Runs of different work are never in one table or picture.

use serde::Serialize;
use workload_schema::record::{Outcome, RepeatRecord, RunRecord};
use workload_schema::{ByteSize, WorkloadDigest};

use super::strip::{Line, Strip};
use crate::figures::{Basis, Summary, counted_repeats, cpu_seconds_per_gib, throughput};
use crate::tables::marks;
use crate::tables::outcome;
use crate::tables::{figure, figure_or_dash, interval, mebibytes_or_dash};
use workload_schema::NULL_CLIENT;

/// The runs of one workload: of one name, one digest and one scale.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// Name and scale.
    pub(super) title: String,
    /// What a repeat is to do.
    pub(super) work: String,
    /// Digest of the workload.
    pub(super) digest: &'a WorkloadDigest,
    /// The runs in the order in which they were made.
    pub(super) members: Vec<Member<'a>>,
}

/// A run in its group.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) run: &'a RunRecord,
    pub(super) summary: Summary,
    /// The client, with the number of the run where the group has several of that client.
    pub(super) label: String,
    /// Number of the client's colour: the same on the whole page.
    pub(super) colour: usize,
}

/// A cell of a table that can be sorted: how it reads, and the value behind it where it has one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Cell {
    text: String,
    value: Option<f64>,
}

/// A run as a row of the comparison.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    run: i64,
    label: String,
    colour: usize,
    version: String,
    numbers: Vec<Cell>,
    notes: String,
}

/// Titles of [`Row::numbers`].
pub(super) const NUMBERS: [&str; 9] = [
    "repeats good/warm",
    "Gb/s median",
    "Gb/s interval",
    "seconds median",
    "CPU s/GiB",
    "GiB/s per core",
    "memory peak MiB",
    "requests per repeat",
    "retries in all",
];

/// `runs` by their work, in the order of the first run of each.
pub(super) fn groups(runs: &[RunRecord]) -> Vec<Group<'_>> {
    let mut clients: Vec<&str> = runs.iter().map(|run| run.client.as_str()).collect();
    clients.sort_unstable();
    clients.dedup();
    let mut groups = Vec::<Group<'_>>::new();
    for run in runs {
        let same = |group: &Group<'_>| {
            let first = group.members[0].run;
            (&first.workload, &first.workload_digest, &first.scale) == (&run.workload, &run.workload_digest, &run.scale)
        };
        let colour = clients.binary_search(&run.client.as_str()).unwrap_or_default();
        let member = Member { run, summary: Summary::of(run), label: run.client.clone(), colour };
        match groups.iter_mut().find(|group| same(group)) {
            Some(group) => group.members.push(member),
            None => groups.push(Group::of(member)),
        }
    }
    groups.iter_mut().for_each(Group::tell_apart);
    groups
}

impl<'a> Group<'a> {
    fn of(first: Member<'a>) -> Self {
        let run = first.run;
        let title = if run.scale == "1" {
            run.workload.to_string()
        } else {
            format!("{} scaled by {}", run.workload, run.scale)
        };
        let plural = if run.workload_tasks == 1 { "" } else { "s" };
        let size = ByteSize(run.workload_bytes);
        let work = format!("{} task{plural}, {size} a repeat", thousands(run.workload_tasks));
        Self { title, work, digest: &run.workload_digest, members: vec![first] }
    }

    /// Names the runs of a client that is here more than once by their numbers too.
    fn tell_apart(&mut self) {
        let clients: Vec<&str> = self.members.iter().map(|member| member.run.client.as_str()).collect();
        for member in &mut self.members {
            if clients.iter().filter(|client| **client == member.run.client).count() > 1 {
                member.label = format!("{} (run {})", member.run.client, member.run.run);
            }
        }
    }

    /// The members that move bytes: beside the floor of the harness nothing of them could be seen.
    pub(super) fn contenders(&self) -> impl Iterator<Item = &Member<'a>> {
        self.members.iter().filter(|member| !member.is_floor())
    }

    /// The table.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.members.iter().map(Member::row).collect()
    }

    /// Throughput and cost as pictures, where there is anything to show.
    pub(super) fn strips(&self) -> Vec<Strip> {
        let lines = |of: fn(&RepeatRecord) -> Option<f64>| self.contenders().map(|member| member.line(of)).collect();
        let throughput = Strip::of("Throughput", "Gb/s", lines(|repeat| Some(throughput(repeat).get())));
        let cost = Strip::of("CPU time of the client", "s/GiB", lines(cpu_seconds_per_gib));
        throughput.into_iter().chain(cost).collect()
    }
}

impl Member<'_> {
    /// Whether it is the client that does no I/O.
    pub(super) fn is_floor(&self) -> bool {
        self.run.client == NULL_CLIENT
    }

    fn line(&self, of: fn(&RepeatRecord) -> Option<f64>) -> Line {
        let (_, counted) = counted_repeats(self.run);
        let repeats = counted.iter().filter_map(|repeat| Some((repeat.repeat, of(repeat)?))).collect();
        Line { label: self.label.clone(), colour: self.colour, repeats }
    }

    /// How it ended, unless it went well, and what has to be known beside its figures.
    fn notes(&self) -> String {
        let ended = (self.run.outcome != Outcome::Succeeded).then(|| outcome(self.run));
        let marks = Some(marks(self.run, &self.summary)).filter(|marks| !marks.is_empty());
        ended.into_iter().chain(marks).collect::<Vec<_>>().join("; ")
    }

    fn row(&self) -> Row {
        let summary = &self.summary;
        let throughput = summary.throughput_gbps;
        let median = throughput.map(|spread| spread.median);
        let cold = if summary.basis == Basis::Cold { "cold " } else { "" };
        let cost = summary.cpu_seconds_per_gib;
        let per_core = cost.filter(|cost| *cost > 0.0).map(f64::recip);
        let whole = |count: Option<f64>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
        let retries = summary.retries.map(|retries| retries as f64);
        Row {
            run: self.run.run,
            label: self.label.clone(),
            colour: self.colour,
            version: self.run.hello.as_ref().map(|hello| hello.client_version.clone()).unwrap_or_default(),
            numbers: vec![
                Cell::new(format!("{}/{}", summary.good, summary.warm), Some(summary.good as f64)),
                Cell::new(format!("{cold}{}", figure_or_dash(median)), median),
                Cell::new(
                    throughput.as_ref().map_or_else(|| "-".to_owned(), interval),
                    throughput.map(|spread| spread.low),
                ),
                Cell::figure(summary.seconds.map(|spread| spread.median)),
                Cell::figure(cost),
                Cell::figure(per_core),
                Cell::new(
                    mebibytes_or_dash(summary.peak_memory_bytes),
                    summary.peak_memory_bytes.map(|bytes| bytes as f64),
                ),
                Cell::new(whole(summary.requests_per_repeat), summary.requests_per_repeat),
                Cell::new(whole(retries), retries),
            ],
            notes: self.notes(),
        }
    }
}

impl Cell {
    pub(super) fn new(text: String, value: Option<f64>) -> Self {
        Self { text, value }
    }

    /// A value as tables show it, or a dash.
    pub(super) fn figure(value: Option<f64>) -> Self {
        Self { text: value.map_or_else(|| "-".to_owned(), figure), value }
    }
}

/// `1,000,000`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{mixed, repeat, run};

    #[test]
    fn runs_of_different_work_are_apart() {
        let runs = mixed();
        let groups = groups(&runs);
        let members: Vec<String> = groups
            .iter()
            .map(|group| {
                let labels: Vec<&str> = group.members.iter().map(|member| member.label.as_str()).collect();
                format!("{}: {}", group.title, labels.join("; "))
            })
            .collect();
        insta::assert_snapshot!(members.join("\n"));
        let other = RunRecord { workload_digest: WorkloadDigest::of(b"changed"), ..run(8) };
        assert_eq!(super::groups(&[run(1), other]).len(), 2);
    }

    #[test]
    fn a_client_has_one_colour_on_the_whole_page() {
        let runs = mixed();
        let groups = groups(&runs);
        let colours =
            groups.iter().flat_map(|group| &group.members).map(|member| (member.run.client.as_str(), member.colour));
        let mut colours: Vec<(&str, usize)> = colours.collect();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours, [("boto3-crt", 0), ("null", 1), ("rclone", 2), ("s5cmd", 3), ("sdk-rust", 4)]);
    }

    #[test]
    fn figures_are_those_of_the_tables() {
        let runs = [RunRecord { repeats: (1..=10).map(|n| repeat(n, 2.0 - 0.1 * n as f64)).collect(), ..run(1) }];
        let rows = groups(&runs)[0].rows();
        let texts: Vec<&str> = rows[0].numbers.iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["10/9", "6.136", "5.053-7.809 95%", "1.400", "0.7500", "1.333", "96.00", "128", "9"]);
        assert_eq!(rows[0].numbers[1].value, Summary::of(&runs[0]).throughput_gbps.map(|spread| spread.median));
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }
}

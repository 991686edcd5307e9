//! The page put together: what the template shows, what the script draws, and the policy that binds both.

use base64_simd::STANDARD;
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;
use sha2::{Digest, Sha256};
use workload_schema::record::RunRecord;

use super::comparison::{self, Group};
use super::latency::{self, Curves, Section};
use super::pictures::{self, PictureData, RunSection};
use super::raw::RawData;
use super::strip::Strip;
use super::words::{self, Paragraph};
use super::{ReportError, embed, provenance};
use crate::figures::DEFINITION;
use crate::figures::Latencies;
use crate::results_file::{ResultsFile, ResultsFileError};
use crate::tables::Context;

const TEMPLATE: &str = include_str!("assets/report.html.j2");
const STYLE: &str = include_str!("assets/report.css");
const SCRIPT: &str = include_str!("assets/report.js");
const PLOT_STYLE: &str = include_str!("assets/uplot.min.css");
const PLOT_SCRIPT: &str = include_str!("assets/uplot.iife.min.js");

/// Lines of tasks on a whole page, about: some 2 MB.
const LINES: usize = 40_000;
/// Lines of one run: more than a screen has rows for.
const MOST_LINES: usize = 3000;
/// Fewer would be no picture.
const FEWEST_LINES: usize = 200;

/// The runs of one workload.
#[derive(Debug, Serialize)]
struct GroupSection {
    title: String,
    work: String,
    digest: String,
    rows: Vec<comparison::Row>,
    strips: Vec<Strip>,
    latencies: Vec<Section>,
    runs: Vec<RunSection>,
}

/// What the template shows.
#[derive(Serialize)]
struct Shown<'a> {
    title: String,
    written_at: String,
    wlx_version: &'static str,
    policy: String,
    style: String,
    plot_script: &'static str,
    script: &'static str,
    paragraphs: Vec<Paragraph>,
    conditions: Vec<String>,
    groups: Vec<GroupSection>,
    columns: &'static [&'static str],
    latency_columns: &'static [&'static str],
    latency_definition: &'static str,
    repeat_columns: &'static [&'static str],
    origins: Vec<provenance::Origin>,
    shared: Vec<provenance::Shared>,
    raw_note: &'a str,
    figures: String,
    raw: String,
}

/// What the script draws, in the order of its places on the page.
#[derive(Serialize)]
struct Figures<'a> {
    runs: Vec<&'a PictureData>,
    curves: Vec<&'a Curves>,
}

/// The page about `runs`, which are in `results`.
pub fn render(results: &ResultsFile, runs: &[RunRecord]) -> Result<String, ReportError> {
    let context = Context::of(results, runs)?;
    let groups = comparison::groups(runs);
    let most_lines = (LINES / runs.len().max(1)).clamp(FEWEST_LINES, MOST_LINES);
    let sections: Vec<GroupSection> =
        groups.iter().map(|group| section(results, group, &context, most_lines)).collect::<Result<_, _>>()?;
    let of_runs = || sections.iter().flat_map(|section| &section.runs);
    let drawn: Vec<(i64, u64)> = of_runs().filter_map(|run| Some((run.run, run.drawn?))).collect();
    let raw = RawData::read(results, runs, &drawn)?;
    let figures = Figures {
        runs: of_runs().map(|run| &run.data).collect(),
        curves: sections.iter().flat_map(|section| &section.latencies).map(|one| &one.curves).collect(),
    };
    let figures = embed::json(&figures);
    let mut environment = Environment::new();
    // The name decides that everything is escaped for HTML.
    environment.add_template("report.html", TEMPLATE)?;
    let shown = Shown {
        title: title(&groups),
        written_at: written_at(),
        wlx_version: env!("CARGO_PKG_VERSION"),
        policy: policy(),
        style: [PLOT_STYLE, STYLE].join("\n"),
        plot_script: PLOT_SCRIPT,
        script: SCRIPT,
        paragraphs: groups.iter().map(words::paragraph).collect(),
        conditions: words::conditions(runs),
        columns: &comparison::NUMBERS,
        latency_columns: &latency::NUMBERS,
        latency_definition: DEFINITION,
        repeat_columns: &pictures::REPEAT_NUMBERS,
        origins: provenance::origins(runs),
        shared: provenance::shared(runs),
        raw_note: &raw.note,
        figures,
        raw: embed::json(&raw),
        groups: sections,
    };
    Ok(environment.get_template("report.html")?.render(Serde(&shown))?)
}

fn section(
    results: &ResultsFile,
    group: &Group<'_>,
    context: &Context,
    most_lines: usize,
) -> Result<GroupSection, ResultsFileError> {
    let latencies: Vec<Latencies> =
        group.members.iter().map(|member| Latencies::of_run(results, member.run)).collect::<Result<_, _>>()?;
    Ok(GroupSection {
        title: group.title.clone(),
        work: group.work.clone(),
        digest: group.digest.to_string(),
        rows: group.rows(),
        strips: group.strips(),
        latencies: latency::sections(group, &latencies),
        runs: group
            .members
            .iter()
            .map(|member| RunSection::read(results, member, context, most_lines))
            .collect::<Result<_, _>>()?,
    })
}

/// `2 clients on download-8MiB-16x`.
fn title(groups: &[Group<'_>]) -> String {
    let mut clients: Vec<&str> =
        groups.iter().flat_map(|group| &group.members).map(|member| member.run.client.as_str()).collect();
    clients.sort_unstable();
    clients.dedup();
    let who = match clients.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("{} clients", several.len()),
    };
    match groups {
        [only] => format!("{who} on {}", only.title),
        _ => format!("{who} on {} workloads", groups.len()),
    }
}

fn written_at() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Content-Security-Policy: nothing from anywhere, and of scripts just these two.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode_to_string(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src {} {}",
        hash(PLOT_SCRIPT),
        hash(SCRIPT)
    )
}

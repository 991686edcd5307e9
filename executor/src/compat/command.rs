//! `wlx compat`: the one command by which a command-line client does a workload, or why it skips it.

use std::fmt::Write;

use clap::{Args, ValueEnum};
use serde::Serialize;
use workload_schema::event::Tuned;

use crate::ending::{CommandError, Ended, Ending};
use crate::settings::Settings;
use crate::store::Store;
use client_runner::one_command::{Asked, Refusal, Surroundings, one_command};
use s3_clients::catalog::{Catalog, Kind};
use s3_clients::command_line::{Program, ProgramError};
use wlx_terminal as terminal;
use workload_library::{Library, LoadedWorkload};

/// Flags of `wlx compat`.
#[derive(Debug, Clone, Args)]
pub struct CompatArgs {
    /// Names or paths of compiled workloads; all of them if none is named
    #[arg(value_name = "WORKLOAD")]
    pub workloads: Vec<String>,
    /// Clients, separated by commas
    #[arg(long, value_name = "ID", value_delimiter = ',', default_value = "cli-classic,cli-crt,s5cmd,rclone")]
    pub client: Vec<String>,
    /// Assume the pinned versions, and inspect neither the files nor the bucket
    #[arg(long)]
    pub pinned: bool,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: CompatFormat,
}

/// What stdout gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompatFormat {
    /// Commands and reasons.
    Text,
    /// One JSON document.
    Json,
    /// A table of all workloads and clients.
    Markdown,
}

/// The answer for one client on one workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    workload: String,
    client: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    verdict: Verdict,
    /// The command, or the reason.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_config: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Verdict {
    Runs,
    Skipped,
    Failed,
    NotInstalled,
}

/// Where commands would run.
struct Place<'a> {
    settings: &'a Settings,
    bucket: String,
    /// The store to inspect; `None` if nothing is inspected.
    target: Option<&'a Store>,
}

/// Shows the commands. It ends well if any of the clients can do any of the workloads.
pub async fn run(args: &CompatArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let catalog = settings.catalog()?;
    let library = Library::new(&settings.workloads_dir.value, settings.scale.value);
    let names = if args.workloads.is_empty() { library.names()? } else { args.workloads.clone() };
    let workloads = library.find_all(&names)?;
    let target = if args.pinned { None } else { Some(Store::open(settings).await?) };
    let bucket = match &target {
        Some(target) => target.bucket.to_string(),
        None => "BUCKET".to_owned(),
    };
    let answers = all(args, &catalog, &workloads, &Place { settings, bucket, target: target.as_ref() }).await;
    if let Some(target) = target {
        target.close().await;
    }
    let answers = answers?;
    terminal::data(
        match args.format {
            CompatFormat::Text => text(&answers),
            CompatFormat::Json => serde_json::to_string_pretty(&answers).expect("answers are plain data"),
            CompatFormat::Markdown => markdown(&answers),
        }
        .trim_end(),
    );
    let any = |verdict| answers.iter().any(|answer| answer.verdict == verdict);
    let ending = match () {
        () if any(Verdict::Runs) => Ending::Done,
        () if any(Verdict::Failed) || any(Verdict::NotInstalled) => Ending::Failed,
        () => Ending::Skipped,
    };
    Ok(ending.into())
}

async fn all(
    args: &CompatArgs,
    catalog: &Catalog,
    workloads: &[LoadedWorkload],
    place: &Place<'_>,
) -> Result<Vec<Answer>, CommandError> {
    let mut programs = Vec::new();
    for entry in catalog.select(&args.client)? {
        programs.push((
            entry.id.clone(),
            match &entry.kind {
                Kind::CommandLine(client) if args.pinned => Some(Ok(Program::pinned(*client))),
                Kind::CommandLine(client) => {
                    Some(Program::find(*client, catalog.clients_dir(), catalog.program_of(*client)))
                }
                Kind::Native(_) | Kind::Python(_) | Kind::Foreign(_) => None,
            },
        ));
    }
    let mut answers = Vec::new();
    for loaded in workloads {
        let surroundings = surroundings(loaded, place).await?;
        for (id, program) in &programs {
            answers.push(answer(loaded, id, program.as_ref(), &surroundings, place));
        }
    }
    Ok(answers)
}

async fn surroundings(loaded: &LoadedWorkload, place: &Place<'_>) -> Result<Surroundings, CommandError> {
    let Some(target) = place.target else { return Ok(Surroundings::default()) };
    let mut seen =
        Surroundings::on_disk(&loaded.workload, &place.settings.files_dir.value).map_err(CommandError::FilesDir)?;
    // `wlx run` makes missing files before it starts any client.
    seen.missing_files.clear();
    match seen.clone().with_bucket(&loaded.workload, &target.connection, &target.bucket).await {
        Ok(mut seen) => {
            // The run reports missing objects, and `wlx prep` makes them.
            seen.missing_objects.clear();
            Ok(seen)
        }
        // A bucket that does not exist yet holds nothing.
        Err(failure) if failure.kind == workload_schema::ErrorKind::MissingBucket => Ok(seen),
        Err(failure) => Err(CommandError::Bucket(failure)),
    }
}

fn answer(
    loaded: &LoadedWorkload,
    id: &str,
    program: Option<&Result<Program, ProgramError>>,
    surroundings: &Surroundings,
    place: &Place<'_>,
) -> Answer {
    let said = |verdict, version, text: String| Answer {
        workload: loaded.name.to_string(),
        client: id.to_owned(),
        version,
        verdict,
        text,
        aws_config: None,
    };
    let program = match program {
        None => return said(Verdict::Runs, None, "no command line: it sends the requests of every task itself".into()),
        Some(Err(error)) => return said(Verdict::NotInstalled, None, error.to_string()),
        Some(Ok(program)) => program,
    };
    let version = Some(program.version.clone());
    let asked = Asked {
        program,
        workload: &loaded.workload,
        surroundings,
        bucket: &place.bucket,
        region: &place.settings.region.value,
        endpoint_url: place.target.and_then(|target| target.connection.endpoint_url.as_deref()),
        target: place.settings.target_throughput.value,
        tuned: Tuned::default(),
        verbose: false,
    };
    match one_command(&asked) {
        Ok(command) => {
            Answer { aws_config: command.aws_config.clone(), ..said(Verdict::Runs, version, command.to_string()) }
        }
        Err(Refusal::Skip(reason)) => said(Verdict::Skipped, version, reason),
        Err(Refusal::Fail(reason)) => said(Verdict::Failed, version, reason),
    }
}

fn text(answers: &[Answer]) -> String {
    let mut text = String::new();
    let mut workload = "";
    for answer in answers {
        if workload != answer.workload {
            workload = &answer.workload;
            writeln!(text, "{workload}").expect("strings take all");
        }
        let version = answer.version.as_deref().map(|version| format!(" ({version})")).unwrap_or_default();
        let verdict = match answer.verdict {
            Verdict::Runs => "",
            Verdict::Skipped => "skipped: ",
            Verdict::Failed => "cannot run: ",
            Verdict::NotInstalled => "not installed: ",
        };
        writeln!(text, "  {}{version}: {verdict}{}", answer.client, answer.text).expect("strings take all");
        for line in answer.aws_config.iter().flat_map(|config| config.lines()) {
            writeln!(text, "    AWS_CONFIG_FILE: {line}").expect("strings take all");
        }
    }
    text
}

/// The reason without the client's name, which the column header has.
fn reason(answer: &Answer) -> &str {
    answer.text.strip_prefix(answer.client.as_str()).map_or(answer.text.as_str(), str::trim_start)
}

/// One row per workload and one column per client. The reasons for skips follow below, each once.
fn markdown(answers: &[Answer]) -> String {
    let mut clients: Vec<&str> = Vec::new();
    let mut workloads: Vec<&str> = Vec::new();
    let mut reasons: Vec<&str> = Vec::new();
    for answer in answers {
        for (known, new) in [(&mut clients, answer.client.as_str()), (&mut workloads, answer.workload.as_str())] {
            if !known.contains(&new) {
                known.push(new);
            }
        }
        if answer.verdict != Verdict::Runs && !reasons.contains(&reason(answer)) {
            reasons.push(reason(answer));
        }
    }
    let mut text = format!("| workload | {} |\n|---|{}\n", clients.join(" | "), "---|".repeat(clients.len()));
    for workload in workloads {
        let of_workload = answers.iter().filter(|answer| answer.workload == workload);
        let cells = of_workload.map(|answer| match reasons.iter().position(|known| *known == reason(answer)) {
            Some(index) => format!("skip {}", index + 1),
            None => "runs".to_owned(),
        });
        writeln!(text, "| {workload} | {} |", cells.collect::<Vec<_>>().join(" | ")).expect("strings take all");
    }
    text.push('\n');
    for (index, reason) in reasons.iter().enumerate() {
        writeln!(text, "{}. {reason}", index + 1).expect("strings take all");
    }
    text
}

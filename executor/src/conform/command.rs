//! `wlx conform`: each client on small forms of workloads, and what each really did.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::examine::{Client, Examiner};
use super::forms::{Form, default_forms, small_form};
use super::stage::{Stage, Staged};
use super::table;
use crate::ending::{CommandError, Ended, Ending, Refusal};
use crate::session::{self, Chosen, Reach, check_endpoint};
use crate::settings::Settings;
use crate::signals::cancelled_by_signals;
use run_records::analysis::conformance::VERSION;
use run_records::analysis::conformance::{Evidence, FaultKind, FormEvidence, REFERENCE};
use run_records::results_file::{FindingKind, NewFinding, ResultsFile};
use runner_drive::Guard;
use s3_clients::catalog::ALL;
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;

/// What stdout gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConformFormat {
    /// One table per form, and sentences about what differs.
    Table,
    /// The evidence as one JSON document.
    Json,
}

/// Flags of `wlx conform`.
#[derive(Debug, Clone, Args)]
pub struct ConformArgs {
    /// Ids of clients; all that are installed if none is named
    #[arg(value_name = "CLIENT", value_delimiter = ',')]
    pub clients: Vec<String>,
    /// Workloads whose small forms are run, instead of the default ones
    #[arg(long = "workload", value_name = "WORKLOAD", num_args = 1..)]
    pub workloads: Vec<String>,
    /// Give up on a client that finishes no repeat within this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// What to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: ConformFormat,
}

/// Examines the clients and shows what each did.
pub async fn execute(args: &ConformArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let (clients, forms) = match (clients(args, settings), forms(args, settings)) {
        (Ok(clients), Ok(forms)) => (clients, forms),
        (clients, forms) => {
            let refusals = [clients.err(), forms.err()].into_iter().flatten().flatten();
            return Err(CommandError::Refused(refusals.collect()));
        }
    };
    let cancelled = cancelled_by_signals()?;
    let mut results = ResultsFile::open(&settings.db.value)?;
    let (stage, staged) = match Stage::set(settings, &forms, &cancelled).await {
        Ok(set) => set,
        Err(_) if cancelled.is_cancelled() => return Ok(Ending::Interrupted.into()),
        Err(error) => return Err(error),
    };
    let result = examine_all(args, settings, &stage, &staged, &clients, cancelled.clone(), &mut results).await;
    stage.strike().await;
    let all = result?;
    match args.format {
        ConformFormat::Table => terminal::data(table::table(&all, terminal::width()).trim_end()),
        ConformFormat::Json => terminal::data(&serde_json::to_string_pretty(&all)?),
    }
    let ending = match cancelled.is_cancelled() {
        true => Ending::Interrupted,
        false if all.iter().any(Evidence::is_faulty) => Ending::Failed,
        false => Ending::Done,
    };
    Ok(Ended::with_problems(ending, all.iter().filter_map(why_not_run).collect()))
}

/// Why a client was not run at all, if it was not.
fn why_not_run(evidence: &Evidence) -> Option<String> {
    let first = evidence.forms.first()?;
    let is_elsewhere = first.faults.iter().any(|fault| matches!(fault.kind, FaultKind::Elsewhere));
    first.reason.clone().filter(|_| is_elsewhere)
}

async fn examine_all(
    args: &ConformArgs,
    settings: &Settings,
    stage: &Stage,
    staged: &[Staged],
    clients: &[Client],
    cancelled: CancellationToken,
    results: &mut ResultsFile,
) -> Result<Vec<Evidence>, CommandError> {
    let gbps = settings.target_throughput.value.get();
    let timeout = Duration::from_secs(args.timeout);
    let mut examiner = Examiner { stage, gbps, timeout, guard: Guard::start()?, cancelled };
    let session = format!("conform-{}-{}", jiff::Timestamp::now(), std::process::id());
    let mut all = Vec::new();
    for client in clients {
        let Some(evidence) = examine_client(&mut examiner, client, staged, &settings.region.value).await? else {
            break;
        };
        results.add_finding(&NewFinding {
            kind: FindingKind::Conformance,
            session: &session,
            client: Some(&evidence.client),
            client_version: evidence.client_version.as_deref(),
            body: &evidence,
        })?;
        all.push(evidence);
    }
    Ok(all)
}

/// Runs all forms; `None` if the user stopped it, as some of the forms are no evidence.
async fn examine_client(
    examiner: &mut Examiner<'_>,
    client: &Client,
    staged: &[Staged],
    region: &str,
) -> Result<Option<Evidence>, CommandError> {
    let mut forms: Vec<FormEvidence> = Vec::new();
    if let Some(reason) = leaves(examiner, client, region).await? {
        forms.extend(staged.iter().map(|staged| Examiner::elsewhere(staged, &reason)));
    } else {
        for staged in staged {
            terminal::note(&format!("{} on {}", client.entry.id, staged.loaded.name));
            let Some(form) = examiner.examine(client, staged).await? else { return Ok(None) };
            forms.push(form);
        }
    }
    let version = forms.iter().find_map(|form| Some(form.hello.as_ref()?.client_version.clone()));
    Ok(Some(Evidence {
        version: VERSION,
        client: client.entry.id.clone(),
        client_version: version,
        found_at: jiff::Timestamp::now().to_string(),
        target_gbps: examiner.gbps,
        forms,
    }))
}

/// Why the client must not be run: it does not go to the endpoint that it is given.
async fn leaves(examiner: &mut Examiner<'_>, client: &Client, region: &str) -> Result<Option<String>, CommandError> {
    if !client.entry.may_leave_the_endpoint() {
        return Ok(None);
    }
    let (guard, cancelled) = (&mut examiner.guard, &examiner.cancelled);
    Ok(match check_endpoint(&client.launch, region, examiner.timeout, guard, cancelled).await? {
        Reach::Reaches | Reach::Unknown(_) => None,
        Reach::Elsewhere(words) => {
            Some(format!("{} does not go to the endpoint that it is given; {words}", client.entry.id))
        }
    })
}

/// The clients to examine, the reference first. A client that was named and is not installed is refused.
fn clients(args: &ConformArgs, settings: &Settings) -> Result<Vec<Client>, Vec<Refusal>> {
    let mut ids = vec![REFERENCE.to_owned()];
    ids.extend(if args.clients.is_empty() { vec![ALL.to_owned()] } else { args.clients.clone() });
    let ready = |chosen: Chosen| match chosen.launch {
        Ok(launch) => Some(Client { entry: chosen.entry, launch }),
        Err(missing) => {
            terminal::note(&format!("{}: {missing}", chosen.entry.id));
            None
        }
    };
    Ok(session::clients(&ids, settings)?.into_iter().filter_map(ready).collect())
}

fn forms(args: &ConformArgs, settings: &Settings) -> Result<Vec<Form>, Vec<Refusal>> {
    if args.workloads.is_empty() {
        return Ok(default_forms());
    }
    let mut names = BTreeSet::new();
    let mut loaded = session::workloads(&args.workloads, settings)?;
    loaded.retain(|loaded| names.insert(loaded.name.to_string()));
    let forms: Vec<Form> = loaded.iter().map(|loaded| small_form(&loaded.name, &loaded.workload)).collect();
    if forms.is_empty() { Err(vec![Refusal::NoForm]) } else { Ok(forms) }
}

//! Runs one client on one form, observes it, and judges it.

use std::time::Duration;

use embedded_s3::admin::RequestRecord;
use workload_schema::ErrorCount;
use workload_schema::event::{Hello, Tuned};
use workload_schema::record::Outcome;
use workload_schema::{Operation, Workload};

use super::coverage::coverage;
use super::fault::{Observed, faults};
use super::intervals::Intervals;
use super::stage::{Stage, Staged};
use super::work::work_of;
use crate::ending::CommandError;
use crate::session::{variables, verified_downloads, verified_uploads};
use run_records::analysis::conformance::{Asked, FormEvidence};
use run_records::analysis::conformance::{Fault, FaultKind};
use runner_drive::{Call, DriveError, Driven, Guard, Times, drive};
use s3_clients::catalog::{Entry, Kind, Launch};
use tokio_util::sync::CancellationToken;
use workload_schema::SessionId;

/// A client that can be started.
#[derive(Debug)]
pub struct Client {
    /// Its entry in the catalog.
    pub entry: Entry,
    /// How it is started.
    pub launch: Launch,
}

/// What it takes to examine clients.
pub struct Examiner<'a> {
    /// The server and the files.
    pub stage: &'a Stage,
    /// The throughput to plan for, in gigabit/s.
    pub gbps: f64,
    /// Longest time without the end of a repeat.
    pub timeout: Duration,
    /// Ends clients when this process is gone.
    pub guard: Guard,
    /// Cancelled when the user stops the command.
    pub cancelled: CancellationToken,
}

impl Examiner<'_> {
    /// Runs `client` on `staged` and returns what it did; `None` if the user stopped it.
    pub async fn examine(&mut self, client: &Client, staged: &Staged) -> Result<Option<FormEvidence>, CommandError> {
        let workload = &staged.loaded.workload;
        remove_downloads(workload, self.stage)?;
        self.stage.forget().await?;
        let (driven, intervals) = self.drive(client, staged, 2).await?;
        if driven.outcome == Outcome::Interrupted {
            return Ok(None);
        }
        let records = self.stage.records().await?;
        let mut evidence = FormEvidence {
            form: staged.loaded.name.to_string(),
            asked: asked(workload),
            outcome: driven.outcome,
            reason: driven.reason.clone(),
            hello: driven.hello.clone(),
            work: None,
            notices_corruption: None,
            faults: Vec::new(),
        };
        match driven.outcome {
            Outcome::Succeeded => {
                let wrong = self.left_behind(workload, driven.hello.as_ref()).await;
                evidence.notices_corruption = self.served_corrupted(client, staged).await?;
                judge(&mut evidence, workload, client, &intervals, &records, &wrong);
            }
            Outcome::Skipped => {}
            Outcome::Failed | Outcome::Interrupted | Outcome::Unfinished => {
                let reason = driven.reason.unwrap_or_default();
                evidence.faults.push(Fault::new(FaultKind::Failed, format!("failed: {reason}")));
            }
        }
        Ok(Some(evidence))
    }

    /// The evidence that a client was not run on `staged` because it goes to another endpoint.
    pub fn elsewhere(staged: &Staged, reason: &str) -> FormEvidence {
        FormEvidence {
            form: staged.loaded.name.to_string(),
            asked: asked(&staged.loaded.workload),
            outcome: Outcome::Failed,
            reason: Some(reason.to_owned()),
            hello: None,
            work: None,
            notices_corruption: None,
            faults: vec![Fault::new(FaultKind::Elsewhere, "does not go to the endpoint that it is given")],
        }
    }

    async fn drive(
        &mut self,
        client: &Client,
        staged: &Staged,
        repeats: u64,
    ) -> Result<(Driven, Intervals), DriveError> {
        let launch = &client.launch;
        let connection = &self.stage.store.connection;
        let once = repeats == 1 || matches!(client.entry.kind, Kind::Foreign(_));
        let call = Call {
            run: SessionId::new("conform").unwrap().run(1),
            program: &launch.program,
            arguments: &launch.arguments,
            variables: variables(launch, connection),
            workload: &staged.loaded.workload,
            workload_file: if once { &staged.once } else { &staged.loaded.path },
            bucket: self.stage.store.bucket.as_str(),
            region: &connection.region,
            target_gbps: self.gbps,
            files_dir: &self.stage.files_dir,
            endpoint_url: connection.endpoint_url.as_deref(),
            tuned: Tuned::default(),
            record_tasks: false,
            server: None,
            timeout: self.timeout,
        };
        let mut intervals = Intervals::begin();
        let driven = drive(&call, &mut Times(repeats), &mut intervals, &mut self.guard, &self.cancelled).await?;
        Ok((driven, intervals))
    }

    /// What is wrong with the files and objects that the client left behind.
    async fn left_behind(&self, workload: &Workload, hello: Option<&Hello>) -> Vec<ErrorCount> {
        let mut wrong = verified_downloads(workload, &self.stage.files_dir, true).await.errors;
        // Foreign programs upload any content from RAM.
        let content = workload.on_disk() || hello.is_some();
        wrong.extend(verified_uploads(workload, &self.stage.store, content).await.errors);
        wrong
    }

    /// Whether the client fails on corrupted bodies; `None` unless the workload asks it to validate them.
    async fn served_corrupted(&mut self, client: &Client, staged: &Staged) -> Result<Option<bool>, CommandError> {
        let workload = &staged.loaded.workload;
        if workload.checksum().is_none() || workload.tasks().all(|task| !task.operation.reads()) {
            return Ok(None);
        }
        self.stage.corrupt_bodies(true).await?;
        let driven = self.drive(client, staged, 1).await;
        let corrupted = self.stage.corrupted().await?;
        self.stage.corrupt_bodies(false).await?;
        let (driven, _) = driven?;
        Ok((corrupted > 0).then_some(driven.outcome != Outcome::Succeeded))
    }
}

fn judge(
    evidence: &mut FormEvidence,
    workload: &Workload,
    client: &Client,
    intervals: &Intervals,
    records: &[RequestRecord],
    wrong: &[ErrorCount],
) {
    let commands = matches!(client.entry.kind, Kind::CommandLine(_));
    let repeat = intervals.last_repeat(records, |record| commands && is_own_check(record));
    let work = work_of(workload, &repeat);
    let coverage = coverage(workload, &repeat.records);
    evidence.faults = faults(&Observed {
        workload,
        work: &work,
        coverage: &coverage,
        hello: evidence.hello.as_ref(),
        wrong,
        notices_corruption: evidence.notices_corruption,
    });
    evidence.work = Some(work);
}

/// Whether the runner made the request: it inspects the bucket off the clock, and only it uses the SDK for Rust.
fn is_own_check(record: &RequestRecord) -> bool {
    record.user_agent.as_deref().is_some_and(|agent| agent.starts_with("aws-sdk-rust/"))
}

fn asked(workload: &Workload) -> Asked {
    let bytes = |action| workload.tasks().filter(|task| task.operation == action).map(|task| task.size).sum();
    Asked {
        tasks: workload.task_count() as u64,
        upload_bytes: bytes(Operation::Upload),
        download_bytes: bytes(Operation::Download),
        on_disk: workload.on_disk(),
        checksum: workload.checksum(),
    }
}

/// Removes downloaded files, so that another client's downloads do not pass for this one's work.
fn remove_downloads(workload: &Workload, stage: &Stage) -> std::io::Result<()> {
    for task in workload.tasks().filter(|task| task.operation.reads()) {
        match std::fs::remove_file(stage.files_dir.join(task.key.as_str())) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

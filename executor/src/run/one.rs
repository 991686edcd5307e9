//! One client on one workload, from the beginning of the run to its end.

use runner_drive::{DriveError, Driven};
use workload_library::LoadedWorkload;
use workload_schema::RunKey;
use workload_schema::event::Verified;
use workload_schema::record::Outcome;

use super::script::UntilLimits;
use crate::session::{Chosen, CompiledFile, Session, verified_downloads, verified_uploads};

/// One run of a client on a workload.
pub struct OneRun<'a> {
    /// The workload.
    pub loaded: &'a LoadedWorkload,
    /// Its file.
    pub file: &'a CompiledFile,
    /// The client.
    pub client: &'a Chosen,
    /// Why the client must not be run, if it must not.
    pub refusal: Option<&'a str>,
    /// Whether contents are compared.
    pub verify: bool,
}

impl OneRun<'_> {
    /// Runs it as part of `session`.
    pub async fn execute(&self, session: &mut Session<'_>) -> Result<Outcome, DriveError> {
        let run = session.begin(self.loaded, self.file, &self.client.entry.id)?;
        let driven = match (&self.client.launch, self.refusal) {
            (Err(missing), _) => Driven::before_start(Outcome::Skipped, missing.clone()),
            (_, Some(refusal)) => Driven::before_start(Outcome::Failed, refusal.to_owned()),
            (Ok(launch), None) => {
                let workload = &self.loaded.workload;
                let files_dir = &session.settings().files_dir.value;
                let mut script = UntilLimits { workload, files_dir, verify: self.verify };
                let driven = session.drive(&run, self.loaded, self.file, launch, &mut script).await?;
                self.checked(&run, driven, session).await?
            }
        };
        session.end(&run, driven.outcome, driven.reason.as_deref())?;
        session.between_runs().await;
        Ok(driven.outcome)
    }

    /// Checks what the client left behind, if contents are to be compared, or if the client is foreign: only its figures
    /// speak for it.
    async fn checked(&self, run: &RunKey, driven: Driven, session: &mut Session<'_>) -> Result<Driven, DriveError> {
        let is_foreign = driven.hello.is_none();
        if driven.outcome != Outcome::Succeeded || !(is_foreign || self.verify) {
            return Ok(driven);
        }
        let left_behind = self.left_behind(is_foreign, session).await;
        let mut wrong = None;
        for verified in &left_behind {
            session.verified(run, verified)?;
            wrong = wrong.or(verified.errors.first());
        }
        Ok(match wrong {
            Some(error) => {
                let reason = format!("not what it must be: {}", error.message);
                Driven { outcome: Outcome::Failed, reason: Some(reason), ..driven }
            }
            None => driven,
        })
    }

    async fn left_behind(&self, is_foreign: bool, session: &Session<'_>) -> Vec<Verified> {
        let workload = &self.loaded.workload;
        let mut all = Vec::new();
        if is_foreign {
            all.push(verified_downloads(workload, &session.settings().files_dir.value, self.verify).await);
        }
        // Foreign programs upload any content from RAM.
        let has_known_content = self.verify && (workload.on_disk() || !is_foreign);
        all.push(verified_uploads(workload, session.store(), has_known_content).await);
        all
    }
}

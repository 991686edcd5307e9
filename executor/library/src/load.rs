//! Reading one compiled workload and its prep plan.

use std::path::{Path, PathBuf};

use checked_document::render;
use workload_schema::name::KeyError;
use workload_schema::naming::prep_file_name;
use workload_schema::{PrepPlan, Scale, Workload, WorkloadDigest, WorkloadName};

/// A compiled workload as it will be run, scaled where asked.
#[derive(Debug, Clone)]
pub struct LoadedWorkload {
    /// Its name: the file name up to `.run.json`.
    pub name: WorkloadName,
    /// The absolute path of the compiled file.
    pub path: PathBuf,
    /// Digest of the compiled file (unscaled).
    pub digest: WorkloadDigest,
    /// What is to be done, scaled.
    pub workload: Workload,
    /// The scale that was applied.
    pub scale: Scale,
}

/// Why a compiled file is refused. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Its name is no workload name.
    #[error("{}: the file name up to `.run.json` is the workload's name: {reason}", path.display())]
    Name {
        /// The file.
        path: PathBuf,
        /// What is wrong with the name.
        reason: workload_schema::name::WorkloadNameError,
    },
    /// Its content does not fit the format; the text is a rendered diagnostic with position.
    #[error("{0}")]
    Content(String),
    /// Its format version is not known to this release.
    #[error("{text}")]
    UnknownVersion {
        /// The one line that says so.
        reason: String,
        /// The rendered diagnostic.
        text: String,
    },
    /// The prep plan was compiled from another workload.
    #[error("{} does not belong to {}\nhint: compile both again: wlc build", plan.display(), workload.display())]
    StalePlan {
        /// The plan.
        plan: PathBuf,
        /// The workload beside it.
        workload: PathBuf,
    },
    /// A key became too long by scaling.
    #[error("cannot scale {}: {reason}", path.display())]
    Scale {
        /// The file.
        path: PathBuf,
        /// What is wrong with the scaled key.
        reason: KeyError,
    },
}

impl LoadedWorkload {
    /// Reads the compiled workload at `path`.
    pub fn read(path: &Path, scale: Scale) -> Result<Self, LoadError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let bytes = std::fs::read(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
        let name = workload_name(&path)?;
        let digest = WorkloadDigest::of(&bytes);
        let workload = parse(&path, &bytes)?;
        drop(bytes);
        let workload = if scale.is_one() {
            workload
        } else {
            scale.workload(&workload).map_err(|reason| LoadError::Scale { path: path.clone(), reason })?
        };
        Ok(Self { name, path, digest, workload, scale })
    }

    /// The prep plan of this workload: the compiled one beside it, checked to belong to it, or, where there
    /// is none (a hand-written workload) or sizes are scaled, the one that follows from the tasks.
    pub fn plan(&self) -> Result<PrepPlan, LoadError> {
        let plan_path = self.path.with_file_name(prep_file_name(&self.name));
        if self.scale.is_one() && plan_path.exists() {
            let bytes =
                std::fs::read(&plan_path).map_err(|source| LoadError::Read { path: plan_path.clone(), source })?;
            let plan = checked_document::read_plan(&plan_path.display().to_string(), &bytes)
                .map_err(|problems| LoadError::Content(render::human(&problems, false).trim_end().to_owned()))?;
            if plan.workload_digest != self.digest {
                return Err(LoadError::StalePlan { plan: plan_path, workload: self.path.clone() });
            }
            return Ok(plan);
        }
        Ok(PrepPlan::of(self.name.clone(), self.digest.clone(), &self.workload))
    }
}

fn workload_name(path: &Path) -> Result<WorkloadName, LoadError> {
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = file_name.split('.').next().unwrap_or_default();
    WorkloadName::new(stem).map_err(|reason| LoadError::Name { path: path.to_owned(), reason })
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Workload, LoadError> {
    checked_document::read_workload(&path.display().to_string(), bytes).map_err(|problems| {
        let text = render::human(&problems, false).trim_end().to_owned();
        if problems.iter().any(|problem| problem.id == checked_document::id::UNKNOWN_VERSION) {
            return LoadError::UnknownVersion { reason: problems[0].message.clone(), text };
        }
        LoadError::Content(text)
    })
}

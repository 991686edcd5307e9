//! The tasks of repeats: packed while they come, stored with their repeat, read back with their keys.

use rusqlite::{OptionalExtension, Transaction, params};
use workload_schema::event::{Progress, TaskEvent};
use workload_schema::record::{SeriesPoint, TaskRecord};
use workload_schema::{Task, Workload, WorkloadDigest};

use super::columns::{
    BLOCK_TASKS, UnreadableBlock, read_samples, read_series, read_workload_tasks, write_samples, write_series,
    write_workload_tasks,
};
use super::{ResultsFile, ResultsFileError, RunId};

/// What was recorded of a repeat while it went on. A task takes some 13 bytes here.
#[derive(Debug, Default)]
pub struct Recording {
    open: Vec<TaskEvent>,
    blocks: Vec<(usize, Vec<u8>)>,
    series: Vec<SeriesPoint>,
}

impl Recording {
    /// Adds a task, of this repeat whatever number it says.
    pub fn add_task(&mut self, task: TaskEvent) {
        self.open.push(task);
        if self.open.len() == BLOCK_TASKS {
            self.pack();
        }
    }

    /// Adds how far the repeat is, where the sample says when that was.
    pub fn add_progress(&mut self, progress: &Progress) {
        let Some(elapsed_ns) = progress.elapsed_ns else { return };
        // A runner that goes back in time is not believed.
        if self.series.last().is_none_or(|last| last.elapsed_ns < elapsed_ns) {
            let Progress { bytes, tasks, in_flight, .. } = *progress;
            self.series.push(SeriesPoint { elapsed_ns, bytes, tasks, in_flight });
        }
    }

    /// Tasks so far.
    pub fn tasks(&self) -> usize {
        self.open.len() + self.blocks.iter().map(|(tasks, _)| tasks).sum::<usize>()
    }

    fn pack(&mut self) {
        if !self.open.is_empty() {
            self.blocks.push((self.open.len(), write_samples(&mut self.open)));
            self.open.clear();
        }
    }

    /// Stores it with its repeat, which is there already.
    pub(super) fn insert(mut self, transaction: &Transaction<'_>, run: RunId, repeat: u64) -> rusqlite::Result<()> {
        self.pack();
        let mut insert = transaction
            .prepare_cached("INSERT INTO repeat_tasks (run, repeat, block, tasks, data) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (block, (tasks, data)) in self.blocks.iter().enumerate() {
            insert.execute(params![run.get(), repeat, block, tasks, data])?;
        }
        if !self.series.is_empty() {
            transaction
                .prepare_cached("INSERT INTO repeat_series (run, repeat, data) VALUES (?1, ?2, ?3)")?
                .execute(params![run.get(), repeat, write_series(&self.series)])?;
        }
        Ok(())
    }
}

impl ResultsFile {
    /// Stores the tasks of a workload, once; records of tasks find their keys and sizes there.
    pub fn keep_workload(&mut self, digest: &WorkloadDigest, workload: &Workload) -> Result<(), ResultsFileError> {
        self.write("storing the tasks of a workload", |transaction| {
            let known = transaction
                .prepare_cached("SELECT 1 FROM workload_tasks WHERE digest = ?1 LIMIT 1")?
                .exists([digest.as_str()])?;
            if known {
                return Ok(());
            }
            let mut insert =
                transaction.prepare_cached("INSERT INTO workload_tasks (digest, block, data) VALUES (?1, ?2, ?3)")?;
            let mut tasks = workload.tasks();
            for block in 0..workload.task_count().div_ceil(BLOCK_TASKS) {
                let data = write_workload_tasks(tasks.by_ref().take(BLOCK_TASKS));
                insert.execute(params![digest.as_str(), block, data])?;
            }
            Ok(())
        })
    }

    /// The recorded tasks of a repeat in the order of their starts; none where they were not recorded.
    ///
    /// A million tasks take some 200 MB so: [`Self::each_task`] needs less.
    pub fn tasks(&self, run: RunId, repeat: u64) -> Result<Vec<TaskRecord>, ResultsFileError> {
        let mut tasks = Vec::new();
        self.each_task(run, repeat, |task| tasks.push(task))?;
        tasks.sort_by_key(|task| (task.start_ns, task.task));
        Ok(tasks)
    }

    /// Hands each recorded task of a repeat to `take`, in the order of their starts within blocks of some thousands.
    pub fn each_task(&self, run: RunId, repeat: u64, mut take: impl FnMut(TaskRecord)) -> Result<(), ResultsFileError> {
        let digest = self.run_digest(run)?;
        self.read(|| {
            let mut blocks = self
                .connection
                .prepare_cached("SELECT data FROM repeat_tasks WHERE run = ?1 AND repeat = ?2 ORDER BY block")?;
            let mut blocks = blocks.query(params![run.get(), repeat])?;
            let mut workload = None;
            while let Some(row) = blocks.next()? {
                if workload.is_none() {
                    workload = Some(self.workload_tasks(&digest)?);
                }
                let of_task = workload.as_deref().unwrap_or_default();
                let samples = read_samples(row.get_ref(0)?.as_blob()?, repeat).map_err(unreadable)?;
                for sample in samples {
                    let task = usize::try_from(sample.task).ok().and_then(|index| of_task.get(index));
                    let task = task.ok_or_else(|| unreadable(UnreadableBlock("its workload has no such task")))?;
                    take(record(task, &sample));
                }
            }
            Ok(())
        })
    }

    /// How far a repeat was, moment by moment; empty where that was not recorded.
    pub fn series(&self, run: RunId, repeat: u64) -> Result<Vec<SeriesPoint>, ResultsFileError> {
        self.read(|| {
            let mut select =
                self.connection.prepare_cached("SELECT data FROM repeat_series WHERE run = ?1 AND repeat = ?2")?;
            let data: Option<Vec<u8>> = select.query_row(params![run.get(), repeat], |row| row.get(0)).optional()?;
            data.map_or_else(|| Ok(Vec::new()), |data| read_series(&data).map_err(unreadable))
        })
    }

    fn run_digest(&self, run: RunId) -> Result<String, ResultsFileError> {
        let digest: Option<String> = self.read(|| {
            let mut select = self.connection.prepare_cached("SELECT workload_digest FROM run WHERE id = ?1")?;
            select.query_row([run.get()], |row| row.get(0)).optional()
        })?;
        digest.ok_or_else(|| ResultsFileError::NoSuchRun { path: self.path.clone(), run })
    }

    fn workload_tasks(&self, digest: &str) -> rusqlite::Result<Vec<Task>> {
        let mut tasks = Vec::new();
        let mut select =
            self.connection.prepare_cached("SELECT data FROM workload_tasks WHERE digest = ?1 ORDER BY block")?;
        let mut blocks = select.query([digest])?;
        while let Some(row) = blocks.next()? {
            read_workload_tasks(row.get_ref(0)?.as_blob()?, &mut tasks).map_err(unreadable)?;
        }
        Ok(tasks)
    }
}

fn record(task: &Task, sample: &TaskEvent) -> TaskRecord {
    TaskRecord {
        task: sample.task,
        operation: task.operation,
        key: task.key.clone(),
        size_bytes: task.size,
        intended_start_ns: sample.intended_start_ns,
        start_ns: sample.start_ns,
        end_ns: sample.end_ns,
        first_byte_ns: sample.first_byte_ns,
        bytes: sample.bytes,
        requests: sample.requests,
        error: sample.error,
    }
}

pub(super) fn unreadable(error: UnreadableBlock) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, Box::new(error))
}

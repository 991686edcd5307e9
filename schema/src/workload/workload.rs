//! The workload as a whole.

use super::{Object, ObjectIndex, ObjectSet, Phase, Role, Step, Stop, Task, TaskRef, Tasks, TooManyObjects};
use crate::{Checksum, DataMedium, source};

/// A workload that can be run. It has one measured phase with at least one step, and the object of every step exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    comment: String,
    medium: DataMedium,
    checksum: Option<Checksum>,
    objects: Vec<Object>,
    /// Exactly one phase, which is measured.
    phases: Vec<Phase>,
}

/// Why something is not a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WorkloadError {
    /// There are no tasks.
    #[error("the workload has no tasks")]
    NoTasks,
    /// There is no phase, or more than one.
    #[error("a workload has one measured phase, this one has {0}")]
    Phases(usize),
    /// The object of a step is not in the set.
    #[error("step {step} has no object")]
    NoObject {
        /// Position of the step, from 0.
        step: usize,
    },
    /// There are more objects than a step can distinguish.
    #[error(transparent)]
    TooManyObjects(#[from] TooManyObjects),
}

impl Workload {
    /// The workload of `phases` on `objects`, with data on disk, without a checksum and without a comment.
    pub fn new(objects: ObjectSet, phases: Vec<Phase>) -> Result<Self, WorkloadError> {
        let objects = objects.into_objects();
        let [phase] = phases.as_slice() else { return Err(WorkloadError::Phases(phases.len())) };
        if phase.steps.is_empty() {
            return Err(WorkloadError::NoTasks);
        }
        if let Some(step) = phase.steps.iter().position(|step| step.object.place() >= objects.len()) {
            return Err(WorkloadError::NoObject { step });
        }
        Ok(Self { comment: String::new(), medium: DataMedium::Disk, checksum: None, objects, phases })
    }

    /// The workload of one measured phase that does `tasks`. Everything else has the defaults of a source: data on
    /// disk, no checksum, no comment, the default limits.
    pub fn of_tasks(tasks: impl IntoIterator<Item = Task>) -> Result<Self, WorkloadError> {
        let mut objects = ObjectSet::default();
        let steps = tasks
            .into_iter()
            .map(|task| {
                let object = objects.insert(Object { key: task.key, size: task.size })?;
                Ok(Step::new(task.operation, object))
            })
            .collect::<Result<_, TooManyObjects>>()?;
        let stop = Stop { max_repeats: source::DEFAULT_MAX_REPEAT_COUNT, max_seconds: source::DEFAULT_MAX_REPEAT_SECS };
        Self::new(objects, vec![Phase::measured(stop, steps)])
    }

    /// The same workload with another comment.
    #[must_use]
    pub fn with_comment(self, comment: impl Into<String>) -> Self {
        Self { comment: comment.into(), ..self }
    }

    /// The same workload with another medium.
    #[must_use]
    pub fn with_medium(self, medium: DataMedium) -> Self {
        Self { medium, ..self }
    }

    /// The same workload with another checksum.
    #[must_use]
    pub fn with_checksum(self, checksum: Option<Checksum>) -> Self {
        Self { checksum, ..self }
    }

    /// The same workload with other limits.
    #[must_use]
    pub fn with_stop(mut self, stop: Stop) -> Self {
        for phase in &mut self.phases {
            phase.stop = stop;
        }
        self
    }

    /// The same workload with other tasks.
    pub fn with_tasks(&self, tasks: impl IntoIterator<Item = Task>) -> Result<Self, WorkloadError> {
        let other = Self::of_tasks(tasks)?.with_stop(self.stop());
        Ok(Self { comment: self.comment.clone(), medium: self.medium, checksum: self.checksum, ..other })
    }

    /// The same steps on changed objects. Objects that become equal are merged into one.
    pub fn map_objects<E>(&self, change: impl FnMut(&Object) -> Result<Object, E>) -> Result<Self, E> {
        let mut objects = ObjectSet::default();
        let changed = self.objects.iter().map(change).collect::<Result<Vec<_>, E>>()?;
        let places: Vec<ObjectIndex> = changed
            .into_iter()
            .map(|object| objects.insert(object).expect("there are no more objects than before"))
            .collect();
        let mut phases = self.phases.clone();
        for step in phases.iter_mut().flat_map(|phase| &mut phase.steps) {
            step.object = places[step.object.place()];
        }
        let (comment, objects) = (self.comment.clone(), objects.into_objects());
        Ok(Self { comment, medium: self.medium, checksum: self.checksum, objects, phases })
    }

    /// What the workload stands for, for people.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// Where data comes from and goes to.
    pub fn medium(&self) -> DataMedium {
        self.medium
    }

    /// Whether uploads are read from files and downloads are written to files.
    pub fn on_disk(&self) -> bool {
        self.medium.files_on_disk()
    }

    /// The checksum that uploads carry and downloads validate.
    pub fn checksum(&self) -> Option<Checksum> {
        self.checksum
    }

    /// The distinct objects, in the order in which they were added.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The limits of the measured phase.
    pub fn stop(&self) -> Stop {
        self.measured().stop
    }

    /// Most repeats of all tasks.
    pub fn max_repeat_count(&self) -> u64 {
        self.stop().max_repeats.get()
    }

    /// Seconds after which no further repeat is started. A repeat is never cut off.
    pub fn max_repeat_secs(&self) -> u64 {
        self.stop().max_seconds.get()
    }

    /// What one repeat does, in order.
    pub fn tasks(&self) -> Tasks<'_> {
        Tasks::new(&self.objects, &self.measured().steps)
    }

    /// The task at `index`, which counts from 0.
    pub fn task(&self, index: usize) -> Option<TaskRef<'_>> {
        self.tasks().nth(index)
    }

    /// The first task, which every workload has.
    pub fn first_task(&self) -> TaskRef<'_> {
        self.task(0).expect("a workload has at least one task")
    }

    /// How many tasks one repeat does.
    pub fn task_count(&self) -> usize {
        self.measured().steps.len()
    }

    /// The tasks that need an object at the store.
    pub fn reads(&self) -> impl Iterator<Item = TaskRef<'_>> + Clone {
        self.tasks().filter(|task| task.operation.reads())
    }

    /// The tasks that leave an object at the store.
    pub fn writes(&self) -> impl Iterator<Item = TaskRef<'_>> + Clone {
        self.tasks().filter(|task| task.operation.writes())
    }

    /// Bytes of payload that the client sends in one repeat.
    pub fn bytes_sent(&self) -> u64 {
        self.tasks().fold(0, |sum, task| sum.saturating_add(task.operation.bytes_sent(task.size)))
    }

    /// Bytes of payload that the client receives in one repeat.
    pub fn bytes_received(&self) -> u64 {
        self.tasks().fold(0, |sum, task| sum.saturating_add(task.operation.bytes_received(task.size)))
    }

    /// Bytes of payload that one repeat moves in both directions.
    pub fn total_bytes(&self) -> u64 {
        self.bytes_sent().saturating_add(self.bytes_received())
    }

    fn measured(&self) -> &Phase {
        let is_measured = |phase: &&Phase| match phase.role {
            Role::Measure => true,
        };
        self.phases.iter().find(is_measured).expect("a workload has one measured phase")
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::super::IntendedStart;
    use super::*;
    use crate::{ObjectKey, Operation};

    fn task(operation: Operation, key: &str, size: u64) -> Task {
        Task { operation, key: ObjectKey::new(key).unwrap(), size }
    }

    fn mixed() -> Workload {
        let tasks = [
            task(Operation::Upload, "upload/a", 5),
            task(Operation::Download, "b", 7),
            task(Operation::Upload, "upload/a", 5),
        ];
        Workload::of_tasks(tasks).unwrap()
    }

    #[test]
    fn tasks_are_steps_with_their_objects() {
        let workload = mixed();
        assert_eq!((workload.task_count(), workload.objects().len()), (3, 2));
        let tasks: Vec<Task> = workload.tasks().map(Task::from).collect();
        assert_eq!(workload.with_tasks(tasks).unwrap(), workload);
        assert_eq!(workload.task(1), workload.reads().next());
        assert_eq!(workload.writes().map(|task| task.index).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(workload.tasks().next_back(), workload.task(2));
        assert_eq!((workload.task(3), workload.first_task().key.as_str()), (None, "upload/a"));
        assert_eq!((workload.bytes_sent(), workload.bytes_received(), workload.total_bytes()), (10, 7, 17));
    }

    #[test]
    fn a_source_that_says_nothing_more_means_the_same() {
        let workload = mixed();
        assert_eq!((workload.comment(), workload.on_disk(), workload.checksum()), ("", true, None));
        assert_eq!((workload.max_repeat_count(), workload.max_repeat_secs()), (10, 600));
        let once = Stop { max_repeats: NonZeroU64::MIN, max_seconds: NonZeroU64::MIN };
        let other = workload.with_medium(DataMedium::Memory).with_checksum(Some(Checksum::Sha1)).with_stop(once);
        assert_eq!((other.on_disk(), other.checksum(), other.stop()), (false, Some(Checksum::Sha1), once));
    }

    #[test]
    fn objects_that_become_equal_become_one() {
        let shrunk =
            mixed().map_objects(|_| Ok::<_, ()>(Object { key: ObjectKey::new("x").unwrap(), size: 1 })).unwrap();
        assert_eq!((shrunk.objects().len(), shrunk.task_count(), shrunk.total_bytes()), (1, 3, 3));
    }

    #[test]
    fn what_cannot_be_run_is_refused() {
        let mut objects = ObjectSet::default();
        let object = objects.insert(Object { key: ObjectKey::new("a").unwrap(), size: 1 }).unwrap();
        let stop = mixed().stop();
        let timed = Step { intended_start: Some(IntendedStart::from_ns(5)), ..Step::new(Operation::Download, object) };
        let phase = Phase::measured(stop, vec![timed]);
        let workload = Workload::new(objects.clone(), vec![phase.clone()]).unwrap();
        assert_eq!(workload.first_task().intended_start_ns, Some(5));
        let refused = [
            Workload::of_tasks([]),
            Workload::new(objects.clone(), Vec::new()),
            Workload::new(objects, vec![phase.clone(), phase.clone()]),
            Workload::new(ObjectSet::default(), vec![phase]),
        ];
        let errors = refused.map(|result| result.unwrap_err().to_string());
        insta::assert_snapshot!(errors.join("\n"));
    }
}

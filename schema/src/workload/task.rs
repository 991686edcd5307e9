//! Tasks: the steps of a workload together with their objects.

use std::iter::FusedIterator;
use std::ops::Range;

use super::{Object, Step};
use crate::{ObjectKey, Operation};

/// One operation on one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What is done.
    pub operation: Operation,
    /// Key of the object. If data is on disk, also the path below the files directory.
    pub key: ObjectKey,
    /// Size of the object in bytes.
    pub size: u64,
}

/// A task of a workload, without copying its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskRef<'a> {
    /// Position of the task in a repeat, from 0.
    pub index: usize,
    /// What is done.
    pub operation: Operation,
    /// Key of the object. If data is on disk, also the path below the files directory.
    pub key: &'a ObjectKey,
    /// Size of the object in bytes.
    pub size: u64,
    /// Intended start, if the workload has one, in nanoseconds since the start of the phase.
    pub intended_start_ns: Option<u64>,
}

/// The tasks of a repeat, in order.
#[derive(Debug, Clone)]
pub struct Tasks<'a> {
    objects: &'a [Object],
    steps: &'a [Step],
    left: Range<usize>,
}

impl<'a> Tasks<'a> {
    /// The tasks of `steps`, whose objects are all in `objects`.
    pub(super) fn new(objects: &'a [Object], steps: &'a [Step]) -> Self {
        Self { objects, steps, left: 0..steps.len() }
    }

    fn at(&self, index: usize) -> TaskRef<'a> {
        let step = &self.steps[index];
        let object = &self.objects[step.object.place()];
        TaskRef {
            index,
            operation: step.operation,
            key: &object.key,
            size: object.size,
            intended_start_ns: step.intended_start.map(super::IntendedStart::ns),
        }
    }
}

impl<'a> Iterator for Tasks<'a> {
    type Item = TaskRef<'a>;

    fn next(&mut self) -> Option<TaskRef<'a>> {
        self.left.next().map(|index| self.at(index))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }

    fn nth(&mut self, n: usize) -> Option<TaskRef<'a>> {
        self.left.nth(n).map(|index| self.at(index))
    }
}

impl DoubleEndedIterator for Tasks<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left.next_back().map(|index| self.at(index))
    }
}

impl ExactSizeIterator for Tasks<'_> {}
impl FusedIterator for Tasks<'_> {}

impl From<TaskRef<'_>> for Task {
    fn from(task: TaskRef<'_>) -> Self {
        Self { operation: task.operation, key: task.key.clone(), size: task.size }
    }
}

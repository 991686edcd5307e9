//! From an expanded tree to a typed workload.

use std::num::NonZeroU64;
use std::sync::Arc;

use checked_document::{Diagnostic, DiagnosticId, Node, Span, from_node};
use workload_schema::naming::EqualFiles;
use workload_schema::source::{
    Count, DEFAULT_FILES_ON_DISK, DEFAULT_MAX_REPEAT_COUNT, DEFAULT_MAX_REPEAT_SECS, DEFAULT_NUM_FILES, Source,
    TaskSize, TaskSource, Templated,
};
use workload_schema::workload::Stop;
use workload_schema::{Action, DataMedium, ObjectKey, WorkloadName};

use super::matrix::Combination;
use super::merge::pairs;
use super::schema_problems::schema_problems;
use super::size::size;
use crate::expanded::{Derived, Expanded, ExplicitTask, Header, Origin, Tasks};
use crate::id;
use crate::parsed::{Dialect, Parsed};

/// Resolves the combinations of one document.
pub struct Resolver<'a> {
    /// The document.
    pub document: &'a Parsed,
    /// The combination to resolve.
    pub combination: &'a Combination,
}

type Problems = Vec<Diagnostic>;

const TYPE_HELP: &str = "a scalar that is one expression has the type of the expression, and with text around it the result is text; `//` divides \
     to an integer, and `| int` converts to one";

impl Resolver<'_> {
    /// The workload that `node` describes.
    pub fn resolve(&self, node: &Node) -> Result<Expanded, Problems> {
        let file = &self.document.file;
        let source: Source =
            from_node(node).map_err(|error| self.after_expansion(schema_problems(file, node, &error)))?;
        self.check_left_over(node)?;
        let header = header(&source);
        if let Some(tasks) = &source.tasks {
            self.explicit(node, &source, header, tasks)
        } else {
            self.derived(node, source, header)
        }
    }

    /// Replaces help on how to write a value with help on expressions, where an expression made the value.
    fn after_expansion(&self, mut problems: Problems) -> Problems {
        for problem in &mut problems {
            let written = problem.labels.first().map_or("", |label| label.file.slice(label.span));
            if problem.id == checked_document::id::WRONG_TYPE && self.document.dialect.has_expression(written) {
                problem.help = vec![TYPE_HELP.to_owned()];
            }
        }
        problems
    }

    /// Refuses an expression whose result is again an expression, as nothing would evaluate that.
    fn check_left_over(&self, node: &Node) -> Result<(), Problems> {
        let typed =
            ["action", "numFiles", "filesOnDisk", "checksum", "maxRepeatCount", "maxRepeatSecs", "fileSize", "name"];
        let tasks = node.get("tasks").map_or(&[][..], Node::items);
        let in_tasks = tasks.iter().flat_map(Node::entries);
        let left: Problems = node
            .entries()
            .iter()
            .filter(|entry| typed.contains(&entry.key.as_str()))
            .chain(in_tasks)
            .filter(|entry| entry.value.as_text().is_some_and(|text| self.document.dialect.has_expression(text)))
            .map(|entry| {
                let message = format!("`{}` is {} after expansion", entry.key, entry.value.describe());
                self.error(id::TEMPLATE_ERROR, message, entry.value.span)
            })
            .collect();
        if left.is_empty() { Ok(()) } else { Err(left) }
    }

    fn derived(&self, node: &Node, source: Source, header: Header) -> Result<Expanded, Problems> {
        let (action, size_text) = self.required(node, &source)?;
        let size_span = node.get("fileSize").map_or_else(|| node.head(), |size| size.span);
        let size = self.size(&size_text, "fileSize", size_span).map_err(|problem| vec![problem])?;
        let count = count(source.num_files, DEFAULT_NUM_FILES).get();
        let files = EqualFiles { action, size_text: &size_text, count, checksum: header.checksum };
        let (keys, derived_name) = (files.keys(), files.workload_name(header.medium));
        let name = match (&source.name, &self.document.dialect) {
            (Some(name), _) | (None, Dialect::Existing { name }) => name,
            (None, Dialect::Templated) => &derived_name,
        };
        let name_span = node.get("name").map_or(size_span, |name| name.span);
        let name = self.name(name, name_span)?;
        let operation = action.into();
        Ok(Expanded {
            origin: self.origin(name_span),
            name,
            header,
            tasks: Tasks::Derived(Derived { operation, size_text, size, keys, name: derived_name, size_span }),
        })
    }

    fn required(&self, node: &Node, source: &Source) -> Result<(Action, String), Problems> {
        let missing = |field: &str| {
            self.error(checked_document::id::MISSING_FIELD, format!("missing field `{field}`"), node.head())
                .help("a workload has `action` and `fileSize`, or `name` and `tasks`")
        };
        match (source.action.clone().and_then(Templated::value), &source.file_size) {
            (Some(action), Some(size)) => Ok((action, size.0.clone())),
            (action, size) => {
                let no_action = action.is_none().then(|| missing("action"));
                let no_size = size.is_none().then(|| missing("fileSize"));
                Err(no_action.into_iter().chain(no_size).collect())
            }
        }
    }

    fn explicit(
        &self,
        node: &Node,
        source: &Source,
        header: Header,
        tasks: &[TaskSource],
    ) -> Result<Expanded, Problems> {
        let mut problems = Vec::new();
        for field in ["action", "fileSize", "numFiles"] {
            if let Some(entry) = node.entry(field) {
                let message = format!("a workload cannot have both `{field}` and `tasks`");
                problems.push(self.error(id::TASKS_AND_DERIVED, message, entry.key_span));
            }
        }
        let name = if let (Some(name), Some(at)) = (&source.name, node.get("name")) {
            self.name(name, at.span).map_err(|found| problems.extend(found)).ok()
        } else {
            let span = node.entry("tasks").map_or_else(|| node.head(), |entry| entry.key_span);
            let missing = self.error(checked_document::id::MISSING_FIELD, "missing field `name`", span);
            problems.push(missing.help("a workload with `tasks` has no derived name"));
            None
        };
        let nodes = node.get("tasks").map_or(&[][..], Node::items);
        let mut resolved = Vec::with_capacity(tasks.len());
        for (task, node) in tasks.iter().zip(nodes) {
            match self.task(task, node) {
                Ok(task) => resolved.push(task),
                Err(found) => problems.extend(found),
            }
        }
        let span = node.get("name").map_or_else(|| node.head(), |name| name.span);
        match name {
            Some(name) if problems.is_empty() => {
                Ok(Expanded { origin: self.origin(span), name, header, tasks: Tasks::Explicit(resolved) })
            }
            _ => Err(problems),
        }
    }

    fn task(&self, task: &TaskSource, node: &Node) -> Result<ExplicitTask, Problems> {
        let span = |field: &str| node.get(field).map_or_else(|| node.head(), |value| value.span);
        let size = match &task.size {
            TaskSize::Bytes(bytes) if i64::try_from(*bytes).is_ok() => Ok(*bytes),
            TaskSize::Bytes(_) => Err(self.error(id::BAD_SIZE, "the size is larger than 8 EiB", span("size"))),
            TaskSize::Text(text) => self.size(text, "size", span("size")),
        };
        let key = ObjectKey::new(task.key.as_str())
            .map_err(|error| self.error(id::BAD_KEY, format!("bad key: {error}"), span("key")));
        let action = task
            .action
            .clone()
            .value()
            .ok_or_else(|| self.error(checked_document::id::WRONG_VALUE, "no action", span("action")));
        match (action, key, size) {
            (Ok(action), Ok(key), Ok(size)) => Ok(ExplicitTask {
                operation: action.into(),
                key,
                size,
                repeat: count(task.repeat.clone(), NonZeroU64::MIN).get(),
                key_span: span("key"),
                size_span: span("size"),
            }),
            (action, key, size) => Err([action.err(), key.err(), size.err()].into_iter().flatten().collect()),
        }
    }

    fn size(&self, text: &str, field: &str, span: Span) -> Result<u64, Diagnostic> {
        size(&self.document.file, text, field, span)
    }

    fn name(&self, name: &str, span: Span) -> Result<WorkloadName, Problems> {
        WorkloadName::new(name)
            .map_err(|error| vec![self.error(id::BAD_NAME, format!("`{name}` cannot be a name: {error}"), span)])
    }

    fn origin(&self, span: Span) -> Origin {
        Origin {
            file: Arc::clone(&self.document.file),
            span,
            matrix: pairs(self.combination),
            name_from_file: self.document.dialect != Dialect::Templated,
        }
    }

    fn error(&self, id: DiagnosticId, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(id, message).at(&self.document.file, span, "")
    }
}

fn header(source: &Source) -> Header {
    let on_disk = source.files_on_disk.clone().and_then(Templated::value);
    Header {
        comment: source.comment.clone().unwrap_or_default(),
        medium: DataMedium::of_files_on_disk(on_disk.unwrap_or(DEFAULT_FILES_ON_DISK)),
        checksum: source.checksum.clone().and_then(Templated::value),
        stop: Stop {
            max_repeats: count(source.max_repeat_count.clone(), DEFAULT_MAX_REPEAT_COUNT),
            max_seconds: count(source.max_repeat_secs.clone(), DEFAULT_MAX_REPEAT_SECS),
        },
    }
}

fn count(field: Option<Templated<Count>>, default: NonZeroU64) -> NonZeroU64 {
    field.and_then(Templated::value).map_or(default, |count| count.0)
}

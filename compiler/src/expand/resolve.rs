//! From an expanded tree to a typed workload.

use std::sync::{Arc, OnceLock};

use checked_document::{Diagnostic, Node, NodeError, SchemaCheck, SourceFile, Span, from_node};
use workload_schema::source::{
    Count, DEFAULT_FILES_ON_DISK, DEFAULT_MAX_REPEAT_COUNT, DEFAULT_MAX_REPEAT_SECS, DEFAULT_NUM_FILES, Source,
    TaskSize, TaskSource, Templated, is_template,
};
use workload_schema::{Action, ByteSize, ObjectKey, WorkloadName};

use super::document::is_left_over;
use super::matrix::Combination;
use super::merge::pairs;
use crate::expanded::{Derived, Expanded, ExplicitTask, Header, Origin, Tasks, derived_name, directory};
use crate::limits::BuildLimits;
use crate::parsed::{Dialect, Parsed};

/// What the schema says about `node`; where it says nothing, the error that serde gave.
pub fn schema_problems(file: &Arc<SourceFile>, node: &Node, error: &NodeError) -> Vec<Diagnostic> {
    static SCHEMA: OnceLock<SchemaCheck> = OnceLock::new();
    let mut problems = SCHEMA.get_or_init(SchemaCheck::of::<Source>).check(file, node);
    if !problems.is_empty() {
        // Nothing is expanded after these, so sizes that were written out are checked here: all problems in one go.
        problems.extend(written_size_problems(file, node));
        return problems;
    }
    let span = error.span.unwrap_or_else(|| node.head());
    vec![Diagnostic::error("bad-value", error.message.clone()).at(file, span, "")]
}

/// What is wrong with sizes that stand in `node` as text without a template.
fn written_size_problems(file: &Arc<SourceFile>, node: &Node) -> Vec<Diagnostic> {
    let in_tasks = node.get("tasks").map_or(&[][..], Node::items).iter().filter_map(|task| task.get("size"));
    let written = node.get("fileSize").map(|size| ("fileSize", size)).into_iter();
    written
        .chain(in_tasks.map(|size| ("size", size)))
        .filter_map(|(field, node)| Some((field, node.as_text().filter(|text| !is_template(text))?, node.span)))
        .filter_map(|(field, text, span)| size(file, text, field, span).err())
        .collect()
}

fn size(file: &Arc<SourceFile>, text: &str, field: &str, span: Span) -> Result<u64, Diagnostic> {
    text.parse::<ByteSize>().map(|size| size.0).map_err(|error| {
        let message = format!("`{field}` is {text:?}: {error}");
        Diagnostic::error("bad-size", message).at(file, span, "").maybe_help(size_help(text))
    })
}

/// Resolves the combinations of one document.
pub struct Resolver<'a> {
    /// The document.
    pub document: &'a Parsed,
    /// The combination at hand.
    pub combination: &'a Combination,
    /// What the build may come to.
    pub limits: BuildLimits,
}

type Problems = Vec<Diagnostic>;

const TYPE_HELP: &str = "a scalar that is one expression has the expression's type, with text around it it is text; `//` divides to an \
     integer, and `| int` makes one";

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

    /// Help for a value that an expression gave speaks of the expression, not of how values are written.
    fn after_expansion(&self, mut problems: Problems) -> Problems {
        for problem in &mut problems {
            let written = problem.labels.first().map_or("", |label| label.file.slice(label.span));
            if problem.id == "wrong-type" && written.contains("{{") && self.document.dialect == Dialect::Templated {
                problem.help = vec![TYPE_HELP.to_owned()];
            }
        }
        problems
    }

    /// An expression whose result is again an expression would be evaluated by nobody.
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
            .filter(|entry| entry.value.as_text().is_some_and(|text| is_left_over(text, &self.document.dialect)))
            .map(|entry| {
                let message = format!("`{}` is {} after expansion", entry.key, entry.value.describe());
                self.error("template-error", message, entry.value.span)
            })
            .collect();
        if left.is_empty() { Ok(()) } else { Err(left) }
    }

    fn derived(&self, node: &Node, source: Source, header: Header) -> Result<Expanded, Problems> {
        let (action, size_text) = self.required(node, &source)?;
        let size_span = node.get("fileSize").map_or_else(|| node.head(), |size| size.span);
        let size = self.size(&size_text, "fileSize", size_span).map_err(|problem| vec![problem])?;
        let count = count(source.num_files, DEFAULT_NUM_FILES);
        let directory = directory(&size_text, count, header.checksum);
        let derived = derived_name(action, &directory, header.files_on_disk);
        let name = match (source.name, &self.document.dialect) {
            (Some(name), _) => name,
            (None, Dialect::Existing { name }) => name.clone(),
            (None, Dialect::Templated) => derived,
        };
        let name_span = node.get("name").map_or(size_span, |name| name.span);
        Ok(Expanded {
            origin: self.origin(name_span),
            name: self.name(&name, name_span)?,
            header,
            tasks: Tasks::Derived(Derived {
                action,
                prefix: format!("{action}/{directory}/"),
                size_text,
                size,
                count,
                size_span,
            }),
        })
    }

    fn required(&self, node: &Node, source: &Source) -> Result<(Action, String), Problems> {
        let missing = |field: &str| {
            self.error("missing-field", format!("missing field `{field}`"), node.head())
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
                let message = format!("`{field}` and `tasks` exclude each other");
                problems.push(self.error("tasks-and-derived", message, entry.key_span));
            }
        }
        let name = if let (Some(name), Some(at)) = (&source.name, node.get("name")) {
            self.name(name, at.span).map_err(|found| problems.extend(found)).ok()
        } else {
            let span = node.entry("tasks").map_or_else(|| node.head(), |entry| entry.key_span);
            let missing = self.error("missing-field", "missing field `name`", span);
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
            TaskSize::Bytes(_) => Err(self.error("bad-size", "the size is larger than 8 EiB", span("size"))),
            TaskSize::Text(text) => self.size(text, "size", span("size")),
        };
        let key = ObjectKey::new(task.key.as_str())
            .map_err(|error| self.error("bad-key", format!("bad key: {error}"), span("key")));
        let action = task.action.clone().value().ok_or_else(|| self.error("wrong-value", "no action", span("action")));
        match (action, key, size) {
            (Ok(action), Ok(key), Ok(size)) => Ok(ExplicitTask {
                action,
                key,
                size,
                repeat: count(task.repeat.clone(), 1),
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
            .map_err(|error| vec![self.error("bad-name", format!("`{name}` cannot be a name: {error}"), span)])
    }

    fn origin(&self, span: Span) -> Origin {
        Origin {
            file: Arc::clone(&self.document.file),
            span,
            matrix: pairs(self.combination),
            name_from_file: self.document.dialect != Dialect::Templated,
        }
    }

    fn error(&self, id: &'static str, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(id, message).at(&self.document.file, span, "")
    }
}

fn header(source: &Source) -> Header {
    let on_disk = source.files_on_disk.clone().and_then(Templated::value);
    Header {
        comment: source.comment.clone().unwrap_or_default(),
        files_on_disk: on_disk.unwrap_or(DEFAULT_FILES_ON_DISK),
        checksum: source.checksum.clone().and_then(Templated::value),
        max_repeat_count: count(source.max_repeat_count.clone(), DEFAULT_MAX_REPEAT_COUNT),
        max_repeat_secs: count(source.max_repeat_secs.clone(), DEFAULT_MAX_REPEAT_SECS),
    }
}

fn count(field: Option<Templated<Count>>, default: u64) -> u64 {
    field.and_then(Templated::value).map_or(default, |count| count.0)
}

/// The size that was probably meant.
fn size_help(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|char| !char.is_whitespace() && *char != '_').collect();
    let digits = compact.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = compact.split_at(digits);
    let unit = match unit.to_ascii_lowercase().as_str() {
        "" | "b" | "byte" | "bytes" => "bytes",
        "k" | "kb" | "kib" => "KiB",
        "m" | "mb" | "mib" => "MiB",
        "g" | "gb" | "gib" => "GiB",
        "t" | "tb" | "tib" => "TiB",
        _ => return None,
    };
    let number = number.trim_start_matches('0');
    let number = if number.is_empty() { "0" } else { number };
    let meant = format!("{number}{unit}");
    (digits > 0 && meant != text && meant.parse::<ByteSize>().is_ok()).then(|| format!("did you mean `{meant}`?"))
}

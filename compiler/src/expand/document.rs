//! Expanding a document: its matrix, its variables, then every scalar.

use std::sync::Arc;

use checked_document::node::Entry;
use checked_document::{Diagnostic, Node, SourceFile, Span, Value, from_node};
use minijinja::Environment;
use workload_schema::source::Source;

use super::budget::{Budget, Exhausted};
use super::matrix::{Combination, combinations};
use super::merge::Problems;
use super::resolve::Resolver;
use super::schema_problems::schema_problems;
use super::scope::{Scope, to_node, to_value};
use super::template::{Engine, Evaluated, TemplateError, environment};
use crate::expanded::Expanded;
use crate::id;
use crate::limits::{BuildLimits, MAX_VALUE_NODES};
use crate::parsed::{Dialect, Parsed};

/// Number of problems after which no further document is expanded.
const MOST_PROBLEMS: usize = 1000;

/// Expands all documents within `limits`.
pub fn expand(documents: &[Parsed], limits: BuildLimits, diagnostics: &mut Vec<Diagnostic>) -> Vec<Expanded> {
    let env: Environment<'static> = environment();
    let engine = Engine::new(&env);
    let mut budget = Budget::new(limits);
    let mut workloads = Vec::with_capacity(documents.len());
    for document in documents {
        let mut expansion = Expansion { engine: &engine, document, budget: &mut budget, problems: Problems::default() };
        let outcome = expansion.run(&mut workloads);
        diagnostics.extend(expansion.problems.finish());
        // The budget stays exhausted, and every further document would only report that again.
        if outcome == Err(Exhausted) || diagnostics.len() > MOST_PROBLEMS {
            break;
        }
    }
    workloads
}

struct Expansion<'a, 'env> {
    engine: &'a Engine<'env>,
    document: &'a Parsed,
    budget: &'a mut Budget,
    problems: Problems,
}

/// This combination or document cannot be expanded further. The reason is recorded.
struct Stop;

impl Expansion<'_, '_> {
    /// Adds the workloads of the document to `workloads`. Problems are recorded.
    fn run(&mut self, workloads: &mut Vec<Expanded>) -> Result<(), Exhausted> {
        if let Err(error) = from_node::<Source>(&self.document.node) {
            let problems = schema_problems(&self.document.file, &self.document.node, &error);
            self.problems.extend(None, problems);
            return Ok(());
        }
        let mut found = Vec::new();
        let Ok(matrix) = self.matrix() else { return Ok(()) };
        let combinations = combinations(&self.document.file, matrix.as_ref(), self.budget, &mut found);
        let broken = found.iter().any(Diagnostic::is_error);
        self.problems.extend(None, found);
        let combinations = combinations?;
        if broken {
            return Ok(());
        }
        for combination in combinations {
            // Most problems recur in every combination. A few of them tell everything, and a hostile source would repeat
            // them ten thousand times.
            if self.problems.is_full() {
                break;
            }
            if let Ok(workload) = self.workload(&combination) {
                workloads.push(workload);
            }
        }
        Ok(())
    }

    /// The matrix with its templates evaluated. They cannot use variables, which depend on the matrix.
    fn matrix(&mut self) -> Result<Option<Node>, Stop> {
        match self.document.node.get("matrix") {
            Some(matrix) => self.evaluate(matrix, &Scope::default(), &Vec::new()).map(Some),
            None => Ok(None),
        }
    }

    fn workload(&mut self, combination: &Combination) -> Result<Expanded, Stop> {
        let scope = self.scope(combination)?;
        let mut entries = Vec::new();
        let mut failed = false;
        for entry in self.document.node.entries() {
            if matches!(entry.key.as_str(), "vars" | "matrix") {
                continue;
            }
            match self.evaluate(&entry.value, &scope, combination) {
                Ok(value) => entries.push(Entry { value, ..entry.clone_key() }),
                Err(Stop) => failed = true,
            }
        }
        if failed {
            return Err(Stop);
        }
        let node = Node { span: self.document.node.span, value: Value::Mapping(entries) };
        let resolver = Resolver { document: self.document, combination };
        resolver.resolve(&node).map_err(|problems| {
            self.problems.extend(Some(combination), problems);
            Stop
        })
    }

    /// Matrix values and variables.
    fn scope(&mut self, combination: &Combination) -> Result<Scope, Stop> {
        let mut names = Vec::with_capacity(combination.len());
        for (name, node) in combination {
            self.check_name(name, node.span, &names)?;
            names.push((name.clone(), self.value_of(node, combination)?));
        }
        let mut scope = Scope::of(names);
        let variables = self.document.node.get("vars").map_or(&[][..], Node::entries);
        for entry in variables {
            let known: Vec<_> = scope.names().map(|name| (name.to_owned(), ())).collect();
            self.check_name(&entry.key, entry.key_span, &known)?;
            let node = self.evaluate(&entry.value, &scope, combination)?;
            let value = self.value_of(&node, combination)?;
            scope.push(&entry.key, value);
        }
        Ok(scope)
    }

    fn check_name<T>(&mut self, name: &str, span: Span, known: &[(String, T)]) -> Result<(), Stop> {
        let mut chars = name.chars();
        let starts = chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
        let problem = if !starts || !chars.all(|char| char.is_ascii_alphanumeric() || char == '_') {
            Diagnostic::error(id::BAD_VARIABLE, format!("`{name}` cannot be the name of a variable"))
                .at(&self.document.file, span, "")
                .help("use letters, digits and `_`, not starting with a digit")
        } else if known.iter().any(|(known, _)| known == name) {
            Diagnostic::error(id::BAD_VARIABLE, format!("`{name}` is already an axis of the matrix"))
                .at(&self.document.file, span, "")
                .help("give the variable another name")
        } else {
            return Ok(());
        };
        self.problems.extend(None, vec![problem]);
        Err(Stop)
    }

    fn value_of(&mut self, node: &Node, combination: &Combination) -> Result<minijinja::Value, Stop> {
        to_value(node).map_err(|error| {
            let problem =
                Diagnostic::error(id::TEMPLATE_LIMIT, error.to_string()).at(&self.document.file, node.span, "");
            self.problems.extend(Some(combination), vec![problem]);
            Stop
        })
    }

    /// `node` with every scalar evaluated. All problems inside it are recorded.
    fn evaluate(&mut self, node: &Node, scope: &Scope, combination: &Combination) -> Result<Node, Stop> {
        if self.budget.work(1).is_err() {
            let problem = Diagnostic::error(id::TEMPLATE_LIMIT, "expanding the templates takes too much work").at(
                &self.document.file,
                node.head(),
                "",
            );
            self.problems.extend(None, vec![problem]);
            return Err(Stop);
        }
        match &node.value {
            Value::Text(text) if text.contains('{') && self.document.dialect == Dialect::Templated => {
                self.scalar(node, text, scope, combination)
            }
            Value::Sequence(items) => {
                let items: Vec<_> = items.iter().map(|item| self.evaluate(item, scope, combination)).collect();
                let items = items.into_iter().collect::<Result<Vec<_>, Stop>>()?;
                Ok(Node { span: node.span, value: Value::Sequence(items) })
            }
            Value::Mapping(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|entry| {
                        let value = self.evaluate(&entry.value, scope, combination)?;
                        Ok(Entry { value, ..entry.clone_key() })
                    })
                    .collect();
                let entries = entries.into_iter().collect::<Result<Vec<_>, Stop>>()?;
                Ok(Node { span: node.span, value: Value::Mapping(entries) })
            }
            _ => Ok(node.clone()),
        }
    }

    fn scalar(&mut self, node: &Node, text: &str, scope: &Scope, combination: &Combination) -> Result<Node, Stop> {
        let result = match self.engine.scalar(text, scope, self.budget) {
            Ok(Evaluated::Text(text)) => {
                return Ok(Node { span: node.span, value: Value::Text(text) });
            }
            Ok(Evaluated::Typed(value)) => to_node(&value, node.span, &mut { MAX_VALUE_NODES }).map_err(|error| {
                TemplateError { id: id::TEMPLATE_LIMIT, message: error.to_string(), help: None, expression: None }
            }),
            Err(error) => Err(error),
        };
        result.map_err(|error| {
            let problem = template_problem(&self.document.file, node.span, error);
            self.problems.extend(Some(combination), vec![problem]);
            Stop
        })
    }
}

/// The diagnostic for a template error, at the expression or the part of it that is wrong.
fn template_problem(file: &Arc<SourceFile>, span: Span, error: TemplateError) -> Diagnostic {
    let place = error.expression.and_then(|(expression, range)| {
        // If escapes in a quoted scalar change its text, the whole scalar is shown.
        let start = span.start + file.slice(span).find(&expression)?;
        Some(match range {
            Some(range) if range.end <= expression.len() && range.start < range.end => {
                Span::new(start + range.start, start + range.end)
            }
            _ => Span::new(start, start + expression.len()),
        })
    });
    let shown = place.map_or(span, |place| trimmed(file, place));
    Diagnostic::error(error.id, error.message).at(file, shown, "").maybe_help(error.help)
}

/// `span` without white space around it.
fn trimmed(file: &SourceFile, span: Span) -> Span {
    let text = file.slice(span);
    let start = span.start + (text.len() - text.trim_start().len());
    Span::new(start, (start + text.trim().len()).max(start))
}

//! The combinations of a `matrix`.

use std::sync::Arc;

use checked_document::node::Entry;
use checked_document::{Diagnostic, Node, SourceFile, Value, nearest};

use super::budget::{Budget, Exhausted};
use crate::id;

/// The axes of one combination with their values, in the order of the matrix.
pub type Combination = Vec<(String, Node)>;

/// The combinations of `matrix`, whose templates are already evaluated. Without a matrix there is a single empty one. If
/// there are more than the budget allows, a diagnostic is added too.
pub fn combinations(
    file: &Arc<SourceFile>,
    matrix: Option<&Node>,
    budget: &mut Budget,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Combination>, Exhausted> {
    let Some(matrix) = matrix else {
        return budget.combinations(1).map(|()| vec![Vec::new()]).inspect_err(|Exhausted| {
            diagnostics.push(
                Diagnostic::error(
                    id::TOO_MANY_COMBINATIONS,
                    "the sources have more combinations than a build may have",
                )
                .help("`--max-combinations N` raises the limit"),
            );
        });
    };
    let mut builder = Builder { file, matrix, axes: Vec::new(), diagnostics };
    builder.read_axes();
    builder.build(budget)
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    matrix: &'a Node,
    axes: Vec<&'a Entry>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn read_axes(&mut self) {
        for entry in self.matrix.entries() {
            if !matches!(entry.key.as_str(), "include" | "exclude") {
                self.axes.push(entry);
            }
        }
    }

    fn build(&mut self, budget: &mut Budget) -> Result<Vec<Combination>, Exhausted> {
        let includes = self.list("include");
        let excludes = self.list("exclude");
        let product = self
            .axes
            .iter()
            .try_fold(1_u64, |product, axis| product.checked_mul(axis.value.items().len() as u64))
            .unwrap_or(u64::MAX);
        let product = if self.axes.is_empty() { 0 } else { product };
        let total = product.saturating_add(includes.len() as u64);
        let work = total.saturating_mul(1 + excludes.len() as u64);
        budget.combinations(total).and_then(|()| budget.work(work)).inspect_err(|Exhausted| self.too_many(total))?;
        self.check_names(includes, excludes);
        let mut combinations = self.product(product);
        self.exclude(excludes, &mut combinations);
        combinations.extend(includes.iter().map(fields));
        if combinations.is_empty() && self.diagnostics.iter().all(|problem| !problem.is_error()) {
            let message = "the matrix has no combination";
            self.diagnostics.push(Diagnostic::error(id::EMPTY_MATRIX, message).at(self.file, self.matrix.head(), ""));
        }
        Ok(combinations)
    }

    fn list(&self, name: &str) -> &'a [Node] {
        self.matrix.get(name).map_or(&[], Node::items)
    }

    fn too_many(&mut self, total: u64) {
        let message = format!("this matrix has {total} combinations, more than are left for the build");
        self.diagnostics.push(
            Diagnostic::error(id::TOO_MANY_COMBINATIONS, message)
                .at(self.file, self.matrix.head(), "")
                .help("`--max-combinations N` raises the limit"),
        );
    }

    /// Every combination of axis values. The last axis changes fastest.
    fn product(&self, product: u64) -> Vec<Combination> {
        let mut combinations = Vec::new();
        for mut index in 0..product {
            let mut combination: Combination = Vec::with_capacity(self.axes.len());
            for axis in self.axes.iter().rev() {
                let items = axis.value.items();
                let len = items.len() as u64;
                let at = usize::try_from(index % len).expect("an index into a list in memory");
                combination.push((axis.key.clone(), items[at].clone()));
                index /= len;
            }
            combination.reverse();
            combinations.push(combination);
        }
        combinations
    }

    fn exclude(&mut self, excludes: &[Node], combinations: &mut Vec<Combination>) {
        for exclude in excludes {
            let before = combinations.len();
            combinations.retain(|combination| !matches_partially(exclude, combination));
            let is_known = exclude.entries().iter().all(|entry| self.axes.iter().any(|axis| axis.key == entry.key));
            if combinations.len() == before && is_known {
                let message = "this exclude matches no combination";
                self.diagnostics.push(
                    Diagnostic::warning(id::UNUSED_EXCLUDE, message)
                        .at(self.file, exclude.span, "")
                        .help("remove it, or correct its values"),
                );
            }
        }
    }

    /// Excludes may name only known axes. Includes must name all axes or, if there are none, those of the first include.
    fn check_names(&mut self, includes: &[Node], excludes: &[Node]) {
        let mut axes: Vec<&str> = self.axes.iter().map(|axis| axis.key.as_str()).collect();
        for exclude in excludes {
            self.check_known(exclude, &axes);
        }
        if axes.is_empty() {
            let first = includes.first().map_or(&[][..], Node::entries);
            axes = first.iter().map(|entry| entry.key.as_str()).collect();
        }
        for include in includes {
            self.check_known(include, &axes);
            for axis in &axes {
                if include.get(axis).is_none() {
                    let message = format!("this include has no value for the axis `{axis}`");
                    self.diagnostics.push(
                        Diagnostic::error(id::INCOMPLETE_INCLUDE, message)
                            .at(self.file, include.head(), "")
                            .help("an include is a complete combination: name every axis"),
                    );
                }
            }
        }
    }

    fn check_known(&mut self, node: &Node, axes: &[&str]) {
        for entry in node.entries() {
            if !axes.contains(&entry.key.as_str()) {
                let known = format!("the axes are {}", axes.join(", "));
                let help = nearest::did_you_mean(&entry.key, axes.iter().copied()).unwrap_or(known);
                self.diagnostics.push(
                    Diagnostic::error(id::UNKNOWN_AXIS, format!("the matrix has no axis `{}`", entry.key))
                        .at(self.file, entry.key_span, "")
                        .help(help),
                );
            }
        }
    }
}

fn fields(node: &Node) -> Combination {
    let entries = node.entries().iter();
    entries.map(|entry| (entry.key.clone(), entry.value.clone())).collect()
}

fn matches_partially(exclude: &Node, combination: &Combination) -> bool {
    exclude
        .entries()
        .iter()
        .all(|entry| combination.iter().any(|(name, value)| *name == entry.key && fits(&entry.value, value)))
}

/// Whether the values are equal. Of a map, only the fields in the pattern need to be equal.
fn fits(pattern: &Node, node: &Node) -> bool {
    match (&pattern.value, &node.value) {
        (Value::Mapping(entries), Value::Mapping(_)) => {
            entries.iter().all(|entry| node.get(&entry.key).is_some_and(|value| fits(&entry.value, value)))
        }
        (Value::Sequence(left), Value::Sequence(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| fits(left, right))
        }
        (left, right) => left == right,
    }
}

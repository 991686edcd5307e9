//! Merging the same problem of many combinations into one.

use checked_document::{Diagnostic, Node, Value};

use super::matrix::Combination;

/// Most different problems that are reported per document. A person fixes a handful at a time.
const MOST_PROBLEMS: usize = 50;

/// The problems of one document.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Found>,
}

#[derive(Debug)]
struct Found {
    diagnostic: Diagnostic,
    first: Option<String>,
    more: usize,
}

impl Problems {
    /// Adds the problems that were found in `combination`.
    pub fn extend(&mut self, combination: Option<&Combination>, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            let is_full = self.is_full();
            let same = self.found.iter_mut().find(|found| is_same(&found.diagnostic, &diagnostic));
            match same {
                Some(found) => found.more += 1,
                None if is_full => {}
                None => self.found.push(Found {
                    diagnostic,
                    first: combination.filter(|values| !values.is_empty()).map(describe),
                    more: 0,
                }),
            }
        }
    }

    /// Whether further problems are dropped.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST_PROBLEMS
    }

    /// The problems, each with a note about its combinations.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.found.into_iter().map(Found::finish).collect()
    }
}

impl Found {
    fn finish(self) -> Diagnostic {
        match (self.first, self.more) {
            (None, _) => self.diagnostic,
            (Some(first), 0) => self.diagnostic.note(format!("in the combination {first}")),
            (Some(first), more) => {
                let note = format!("in the combination {first}, and in {more} more");
                self.diagnostic.note(note)
            }
        }
    }
}

fn is_same(left: &Diagnostic, right: &Diagnostic) -> bool {
    let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
    left.id == right.id && left.message == right.message && place(left) == place(right)
}

/// A combination in words, like `action=upload, shape={count: 1}`.
pub fn describe(combination: &Combination) -> String {
    let values: Vec<_> = pairs(combination).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    values.join(", ")
}

/// Axes and values as people write them.
pub fn pairs(combination: &Combination) -> Vec<(String, String)> {
    combination.iter().map(|(name, node)| (name.clone(), flow(node))).collect()
}

/// A value on one line in the flow style of YAML, like `{size: 1KiB, count: 2}`.
fn flow(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Sequence(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Mapping(entries) => {
            let fields: Vec<_> = entries.iter().map(|entry| format!("{}: {}", entry.key, flow(&entry.value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        _ => node.to_json().to_string(),
    }
}

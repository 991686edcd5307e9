//! The first stage: source files read into trees.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use checked_document::{Diagnostic, Limits, Node, SourceFile, Value, decode, json, yaml};
use workload_schema::source::is_template;

/// What the texts of a document mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialect {
    /// Texts may hold `{{ expressions }}`.
    Templated,
    /// A flat `NAME.src.json` of the existing format. Texts are literal, and the workload has the name of the file.
    Existing {
        /// Name of the file up to its first dot.
        name: String,
    },
}

impl Dialect {
    /// Whether `text` holds an expression that is to be evaluated.
    pub fn has_expression(&self, text: &str) -> bool {
        match self {
            Self::Templated => is_template(text),
            Self::Existing { .. } => false,
        }
    }
}

/// One document of a source.
#[derive(Debug)]
pub struct Parsed {
    /// The file that holds it.
    pub file: Arc<SourceFile>,
    /// Its tree.
    pub node: Node,
    /// What its texts mean.
    pub dialect: Dialect,
}

/// Parses the file at `path`. People see it as `label`.
pub fn parse(path: &Path, label: &str, bytes: Vec<u8>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Parsed> {
    let limits = Limits::default();
    let file = match decode(label, bytes, limits) {
        Ok(file) => file,
        Err(problem) => {
            diagnostics.push(problem);
            return Vec::new();
        }
    };
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let (nodes, problems) = if is_json {
        let (node, problems) = json::parse(&file, limits);
        (node.into_iter().collect(), problems)
    } else {
        yaml::parse(&file, limits)
    };
    let broken = !problems.is_empty();
    diagnostics.extend(problems);
    if broken {
        return Vec::new();
    }
    let nodes = nodes.into_iter().filter(|node| is_json || node.value != Value::Null);
    nodes.map(|node| Parsed { dialect: dialect(path, &node), node, file: Arc::clone(&file) }).collect()
}

/// A `.src.json` is of the existing format only if it has no field that this language adds.
fn dialect(path: &Path, node: &Node) -> Dialect {
    let ours = ["name", "vars", "matrix", "tasks"].iter().any(|field| node.get(field).is_some());
    let file_name = PathBuf::from(path.file_name().unwrap_or_default()).display().to_string();
    match file_name.split_once('.') {
        Some((name, rest)) if !ours && rest.ends_with("src.json") => Dialect::Existing { name: name.to_owned() },
        _ => Dialect::Templated,
    }
}

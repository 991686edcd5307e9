//! A directed graph of what uses what: files, folders or crates.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::Place;
use crate::modules::Tree;

/// Nodes that use each other. A node is known by its index.
#[derive(Debug, Default)]
pub struct Graph {
    names: Vec<String>,
    edges: BTreeMap<usize, BTreeMap<usize, Place>>,
}

/// One node uses another one.
#[derive(Debug)]
pub struct Edge {
    /// The one that uses.
    pub from: usize,
    /// The one that is used.
    pub to: usize,
    /// Where that stands.
    pub place: Place,
}

impl Graph {
    /// A graph without edges, with one node per name.
    pub fn new(names: Vec<String>) -> Self {
        Self { names, edges: BTreeMap::new() }
    }

    /// Adds an edge. Of several between the same nodes the first place is kept. A node that uses itself has no edge.
    pub fn add(&mut self, edge: Edge) {
        if edge.from == edge.to {
            return;
        }
        let place = self.edges.entry(edge.from).or_default().entry(edge.to).or_insert_with(|| edge.place.clone());
        if edge.place < *place {
            *place = edge.place;
        }
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a node.
    pub fn name(&self, node: usize) -> &str {
        &self.names[node]
    }

    /// The nodes that a node uses, each with the first place.
    pub fn uses(&self, node: usize) -> impl Iterator<Item = (usize, &Place)> {
        self.edges.get(&node).into_iter().flatten().map(|(&to, place)| (to, place))
    }
}

/// The files of a crate target. A file uses another one if it mentions something that this one defines. A re-export is no use by
/// itself, and a name that is re-exported counts where it is defined.
pub fn of_files(tree: &Tree) -> Graph {
    let mut graph = Graph::new(names(tree));
    for edge in edges(tree) {
        graph.add(edge);
    }
    graph
}

/// One graph per module that contains others. Its nodes are these, each with everything below it, and the module's own text.
pub fn of_folders(tree: &Tree) -> Vec<Graph> {
    let mut graphs: BTreeMap<usize, Graph> = BTreeMap::new();
    for Edge { from, to, place } in edges(tree) {
        let (from, to) = (tree.line_of(from), tree.line_of(to));
        let common = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
        let folder = from[common - 1];
        let [from, to] = [&from, &to].map(|line| line.get(common).copied().unwrap_or(folder));
        graphs.entry(folder).or_insert_with(|| Graph::new(names(tree))).add(Edge { from, to, place });
    }
    graphs.into_values().collect()
}

fn names(tree: &Tree) -> Vec<String> {
    (0..tree.modules.len()).map(|module| tree.path(module)).collect()
}

/// All uses of one file by another.
fn edges(tree: &Tree) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (number, module) in tree.modules.iter().enumerate() {
        for mention in &module.mentions {
            let place = || Place { file: module.file.clone(), line: mention.line };
            let defined: BTreeSet<usize> =
                tree.definitions(number, &mention.path).into_iter().map(|it| tree.modules[it].holder).collect();
            let of_others = defined.into_iter().filter(|&to| to != module.holder);
            edges.extend(of_others.map(|to| Edge { from: module.holder, to, place: place() }));
        }
    }
    edges
}

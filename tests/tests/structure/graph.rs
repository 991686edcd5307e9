//! What uses what.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::Place;
use crate::modules::Tree;

/// Things that use each other.
#[derive(Debug, Default)]
pub struct Graph {
    names: Vec<String>,
    edges: BTreeMap<usize, BTreeMap<usize, Place>>,
}

/// That one thing uses another one, and where.
#[derive(Debug)]
pub struct Edge {
    /// What uses.
    pub from: usize,
    /// What is used.
    pub to: usize,
    /// Where that stands.
    pub place: Place,
}

impl Graph {
    /// One without edges; things are known by their index in `names`.
    pub fn new(names: Vec<String>) -> Self {
        Self { names, edges: BTreeMap::new() }
    }

    /// Adds an edge, unless it is there already with an earlier place. What uses itself is no edge.
    pub fn add(&mut self, edge: Edge) {
        if edge.from == edge.to {
            return;
        }
        let place = self.edges.entry(edge.from).or_default().entry(edge.to).or_insert_with(|| edge.place.clone());
        if edge.place < *place {
            *place = edge.place;
        }
    }

    /// How many things there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a thing.
    pub fn name(&self, thing: usize) -> &str {
        &self.names[thing]
    }

    /// What a thing uses, and where first.
    pub fn uses(&self, thing: usize) -> impl Iterator<Item = (usize, &Place)> {
        self.edges.get(&thing).into_iter().flatten().map(|(&to, place)| (to, place))
    }
}

/// The files of a crate target: one uses another where it mentions what that one defines. A re-export is no use, and leads to what
/// defines.
pub fn of_files(tree: &Tree) -> Graph {
    let mut graph = Graph::new(names(tree));
    for edge in edges(tree) {
        graph.add(edge);
    }
    graph
}

/// For each module that has others in it, the graph of these, each with all that lies in it, and of the module's own text.
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

/// All uses between files.
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

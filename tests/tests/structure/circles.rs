//! Circles in a graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;

use crate::graph::Graph;

const INTO_TEXT: &str = "a text takes all that is written";

/// The nodes that cannot be put in an order, with the shortest circles between them. Empty if there are none.
pub fn describe(graph: &Graph, whose: &str) -> String {
    let mut text = String::new();
    for component in components(graph) {
        let names: Vec<&str> = component.iter().map(|&node| graph.name(node)).collect();
        let count = names.len();
        writeln!(text, "{whose}: {count} use each other, directly or through others: {}", names.join(", "))
            .expect(INTO_TEXT);
        for circle in shortest_circles(graph, &component) {
            let pairs: Vec<(usize, usize)> =
                circle.iter().copied().zip(circle.iter().copied().cycle().skip(1)).collect();
            let names: Vec<&str> = circle.iter().chain(&circle[..1]).map(|&node| graph.name(node)).collect();
            writeln!(text, "  {}", names.join(" -> ")).expect(INTO_TEXT);
            for (from, to) in pairs {
                let (_, place) = graph.uses(from).find(|(used, _)| *used == to).expect("a circle is made of edges");
                writeln!(text, "    {place}: {} -> {}", graph.name(from), graph.name(to)).expect(INTO_TEXT);
            }
        }
    }
    text
}

/// The strongly connected components: the largest sets of nodes that all use each other, directly or through others.
fn components(graph: &Graph) -> Vec<BTreeSet<usize>> {
    let mut found: Vec<BTreeSet<usize>> = Vec::new();
    for node in 0..graph.len() {
        if found.iter().any(|component| component.contains(&node)) {
            continue;
        }
        let used = reached(graph, node);
        let component: BTreeSet<usize> =
            used.into_iter().filter(|&other| reached(graph, other).contains(&node)).collect();
        if !component.is_empty() {
            found.push(component);
        }
    }
    found
}

/// All nodes that a node uses, directly or through others. It is one of them if it is in a circle.
fn reached(graph: &Graph, node: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut next = vec![node];
    while let Some(at) = next.pop() {
        next.extend(graph.uses(at).map(|(to, _)| to).filter(|&to| found.insert(to)));
    }
    found
}

/// The shortest circle through each node of a component, each circle once, the shortest first.
fn shortest_circles(graph: &Graph, component: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let circles: BTreeSet<Vec<usize>> = component.iter().map(|&node| rotated(shortest_circle(graph, node))).collect();
    let mut circles: Vec<Vec<usize>> = circles.into_iter().collect();
    circles.sort_by_key(Vec::len);
    circles
}

/// The shortest way from a node in a circle back to itself.
fn shortest_circle(graph: &Graph, node: usize) -> Vec<usize> {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut next = VecDeque::from([node]);
    while !came_from.contains_key(&node) {
        let at = next.pop_front().expect("it is in a circle");
        for (to, _) in graph.uses(at) {
            came_from.entry(to).or_insert_with(|| {
                next.push_back(to);
                at
            });
        }
    }
    let mut circle = vec![node];
    let mut at = came_from[&node];
    while at != node {
        circle.push(at);
        at = came_from[&at];
    }
    circle[1..].reverse();
    circle
}

/// The same circle, beginning with its smallest node.
fn rotated(mut circle: Vec<usize>) -> Vec<usize> {
    let first = circle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
    circle.rotate_left(first);
    circle
}

#[cfg(test)]
mod tests {
    use super::describe;
    use crate::fixture::Fixture;
    use crate::graph::{of_files, of_folders};

    fn folders(fixture: &Fixture) -> String {
        of_folders(&fixture.tree()).iter().map(|graph| describe(graph, "it")).collect()
    }

    /// Everything that looks like a circle and is none.
    #[test]
    fn no_circle_is_no_circle() {
        let fixture = Fixture::new(&[
            ("src/lib.rs", "pub mod store;\nmod user;\npub use user::User;"),
            (
                "src/store/mod.rs",
                "mod read;\nmod write;\npub use read::read;\npub use write::{Writer, write};\npub use crate::user::User;",
            ),
            (
                "src/store/read.rs",
                "use super::Writer;\npub fn read(_: Writer) {}\n#[cfg(test)]\nuse crate::user::User;",
            ),
            (
                "src/store/write.rs",
                "pub struct Writer;\npub fn write() {}\n#[cfg(test)]\nmod tests { use super::super::read; }",
            ),
            (
                "src/user.rs",
                "use crate::store;\npub struct User;\nfn f() { store::read(store::Writer); crate::store::write(); }",
            ),
        ]);
        assert_eq!(describe(&of_files(&fixture.tree()), "it"), "");
        assert_eq!(folders(&fixture), "");
    }

    #[test]
    fn a_circle_is_shown_with_the_line_of_each_use() {
        let fixture = Fixture::new(&[
            ("src/lib.rs", "mod a;\nmod b;\nmod c;\nmod d;"),
            ("src/a.rs", "//! A\n\nuse crate::b::B;\npub struct A(B);"),
            ("src/b.rs", "pub struct B;\nfn f() -> super::c::C { todo!() }"),
            ("src/c.rs", "pub struct C;\nmacro_rules! m { () => { matches!(1, $crate::a::A) } }"),
            ("src/d.rs", "use crate::a::A;"),
        ]);
        let wanted = "it: 3 use each other, directly or through others: a, b, c\n  a -> b -> c -> a\n    src/a.rs:3: a -> b\n    src/b.rs:2: b -> c\n    \
                      src/c.rs:2: c -> a\n";
        assert_eq!(describe(&of_files(&fixture.tree()), "it"), wanted);
        assert_eq!(folders(&fixture), wanted);
    }

    #[test]
    fn the_shortest_circle_through_each_is_shown() {
        let fixture = Fixture::new(&[
            ("src/lib.rs", "mod a;\nmod b;\nmod c;"),
            ("src/a.rs", "use crate::b::B;\npub struct A;"),
            ("src/b.rs", "use crate::a::A;\nuse crate::c::C;\npub struct B;"),
            ("src/c.rs", "use crate::a::A;\npub struct C;"),
        ]);
        let text = describe(&of_files(&fixture.tree()), "it");
        let circles: Vec<&str> = text.lines().filter(|line| line.starts_with("  ") && !line.contains(".rs:")).collect();
        assert_eq!(circles, ["  a -> b -> a", "  a -> b -> c -> a"]);
    }

    /// Its files are in an order; the folders are not.
    #[test]
    fn folders_may_form_a_circle_where_files_do_not() {
        let fixture = Fixture::new(&[
            ("src/lib.rs", "mod one;\nmod two;"),
            ("src/one/mod.rs", "mod upper;\npub mod lower;"),
            ("src/one/upper.rs", "use crate::two::middle::Middle;"),
            ("src/one/lower.rs", "pub struct Lower;"),
            ("src/two/mod.rs", "pub mod middle;"),
            ("src/two/middle.rs", "use crate::one::lower::Lower;\npub struct Middle;"),
        ]);
        assert_eq!(describe(&of_files(&fixture.tree()), "it"), "");
        let wanted = "it: 2 use each other, directly or through others: one, two\n  one -> two -> one\n    src/one/upper.rs:1: one -> two\n    \
                      src/two/middle.rs:1: two -> one\n";
        assert_eq!(folders(&fixture), wanted);
    }

    #[test]
    fn a_parent_with_text_of_its_own_counts() {
        let fixture = Fixture::new(&[
            ("src/lib.rs", "mod one;"),
            ("src/one/mod.rs", "mod below;\npub use below::below;\npub struct One;\nfn f() { below(); }"),
            ("src/one/below.rs", "pub fn below() -> super::One { super::One }"),
        ]);
        let text = describe(&of_files(&fixture.tree()), "it");
        assert!(text.contains("  one -> one::below -> one\n    src/one/mod.rs:4: "), "{text}");
    }
}

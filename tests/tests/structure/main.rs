//! How the sources of the workspace hang together: crates depend only on what they may see, and modules form no circle.
//!
//! Sources are read as they stand, with `syn`; nothing is built. What only tests see is left out: items behind `cfg(test)`, and
//! modules that are named `tests` or `testing`.

mod circles;
mod fixture;
mod graph;
mod layers;
mod manifest;
mod mentions;
mod modules;
mod names;
mod reader;
mod resolve;
mod seams;
mod test_code;

use std::sync::OnceLock;

use end_to_end::binaries::workspace_root;

use crate::graph::Graph;
use crate::manifest::Member;
use crate::modules::Tree;

/// A crate with the modules of each of its targets.
struct Crate {
    member: Member,
    trees: Vec<Tree>,
}

/// All crates of this workspace, read once.
fn crates() -> &'static [Crate] {
    static CRATES: OnceLock<Vec<Crate>> = OnceLock::new();
    CRATES.get_or_init(|| {
        let root = workspace_root();
        let read = |member: Member| -> anyhow::Result<Crate> {
            let trees =
                member.targets(&root).iter().map(|target| reader::read(&root, target)).collect::<Result<_, _>>()?;
            Ok(Crate { member, trees })
        };
        let members = manifest::members(&root).and_then(|members| members.into_iter().map(read).collect());
        members.unwrap_or_else(|error| panic!("{error:#}"))
    })
}

/// The circles in the graphs that `graphs` makes of each target of each crate.
fn circles(graphs: impl Fn(&Tree) -> Vec<Graph>) -> String {
    let of = |it: &Crate| -> String {
        let graphs = it.trees.iter().flat_map(&graphs);
        graphs.map(|graph| circles::describe(&graph, &it.member.name)).collect()
    };
    crates().iter().map(of).collect()
}

/// No file uses, directly or through others, a file that uses it.
#[test]
fn files_form_no_circle() {
    let found = circles(|tree| vec![graph::of_files(tree)]);
    assert!(found.is_empty(), "files use each other in circles:\n{found}");
}

/// No folder uses, directly or through its neighbours, a folder that uses it. A folder is everything below it.
#[test]
fn folders_form_no_circle() {
    let found = circles(graph::of_folders);
    assert!(found.is_empty(), "folders use each other in circles:\n{found}");
}

/// A source that no module declares is seen neither by these checks nor by the compiler.
#[test]
fn every_source_belongs_to_a_module() {
    let root = workspace_root();
    let strays = crates().iter().map(|it| reader::strays(&root, &it.member, &it.trees));
    let strays: Vec<_> = strays.flat_map(|strays| strays.expect("the folders can be read")).collect();
    assert!(strays.is_empty(), "no module declares {strays:?}");
}

#[test]
fn crates_see_only_what_they_may() {
    let members: Vec<&Member> = crates().iter().map(|it| &it.member).collect();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    assert!(names.contains(&"wlc") && names.contains(&"wlx"), "{names:?}");
    let found = layers::violations(&members);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn crates_keep_out_what_their_seams_are_for() {
    let members: Vec<&Member> = crates().iter().map(|it| &it.member).collect();
    let found = seams::violations(&members);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

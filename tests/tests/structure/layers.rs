//! Which crate may depend on which: `schema` <- `compiler`, `schema` <- `executor`, all <- `tests`. Dependencies that only tests have
//! count like all others.

use std::collections::BTreeMap;
use std::path::Path;

use crate::circles;
use crate::graph::{Edge, Graph};
use crate::manifest::Member;

/// The folder in which a crate lies decides what it may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// The crate `schema` itself.
    Schema,
    /// The crates in folders below `schema/`.
    BelowSchema,
    /// `compiler/` and below.
    Compiler,
    /// `executor/` and below.
    Executor,
    /// `tests/` and below.
    Tests,
}

impl Layer {
    fn of(folder: &Path) -> Option<Self> {
        let mut folders = folder.components().filter_map(|component| component.as_os_str().to_str());
        match (folders.next()?, folders.next()) {
            ("schema", None) => Some(Self::Schema),
            ("schema", Some(_)) => Some(Self::BelowSchema),
            ("compiler", _) => Some(Self::Compiler),
            ("executor", _) => Some(Self::Executor),
            ("tests", _) => Some(Self::Tests),
            _ => None,
        }
    }

    fn may_see(self, other: Self) -> bool {
        match self {
            Self::Schema => false,
            Self::BelowSchema => matches!(other, Self::Schema | Self::BelowSchema),
            Self::Compiler => matches!(other, Self::Schema | Self::BelowSchema | Self::Compiler),
            Self::Executor => matches!(other, Self::Schema | Self::BelowSchema | Self::Executor),
            Self::Tests => other != Self::Tests,
        }
    }
}

/// Every dependency that is not allowed, and every circle of crates.
pub fn violations(members: &[&Member]) -> Vec<String> {
    let numbers: BTreeMap<&str, usize> = members.iter().map(|member| member.name.as_str()).zip(0..).collect();
    let mut found = Vec::new();
    let mut graph = Graph::new(members.iter().map(|member| member.name.clone()).collect());
    for (from, member) in members.iter().enumerate() {
        let Some(layer) = Layer::of(&member.folder) else {
            let folder = member.folder.display();
            found.push(format!(
                "{folder}: tests/tests/structure/layers.rs does not say what crates in this folder may see"
            ));
            continue;
        };
        for dependency in &member.dependencies {
            let Some(&to) = numbers.get(dependency.package.as_str()) else { continue };
            graph.add(Edge { from, to, place: dependency.place.clone() });
            if Layer::of(&members[to].folder).is_some_and(|other| !layer.may_see(other)) {
                found.push(format!("{}: {} must not depend on {}", dependency.place, member.name, dependency.package));
            }
        }
    }
    found.extend(Some(circles::describe(&graph, "the workspace")).filter(|text| !text.is_empty()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Dependency, Place};

    fn member(folder: &str, dependencies: &[&str]) -> Member {
        let dependencies = dependencies.iter().zip(7..).map(|(package, line)| {
            let place = Place { file: Path::new(folder).join("Cargo.toml"), line };
            Dependency { package: (*package).to_owned(), place }
        });
        Member { name: folder.replace('/', "-"), folder: folder.into(), dependencies: dependencies.collect() }
    }

    fn violations_of(members: &[Member]) -> Vec<String> {
        violations(&members.iter().collect::<Vec<_>>())
    }

    #[test]
    fn what_hangs_together_as_it_should_is_accepted() {
        let members = [
            member("schema", &["serde"]),
            member("schema/document", &["schema"]),
            member("compiler", &["schema", "schema-document"]),
            member("executor", &["schema", "executor-server", "executor-clients"]),
            member("executor/server", &["tokio"]),
            member("executor/clients", &["executor-server", "schema"]),
            member("tests", &["executor-server", "compiler", "schema"]),
        ];
        assert_eq!(violations_of(&members), Vec::<String>::new());
    }

    #[test]
    fn every_other_direction_is_refused() {
        for (folder, sees) in [
            ("schema", "schema-document"),
            ("schema", "executor"),
            ("schema/document", "compiler"),
            ("compiler", "executor-server"),
            ("executor/server", "compiler"),
            ("executor", "tests"),
            ("schema", "tests"),
            ("tests/more", "tests"),
        ] {
            let [document, compiler] = ["schema/document", "compiler"].map(|folder| member(folder, &[]));
            let others = ["executor", "executor/server", "tests"].map(|folder| member(folder, &[]));
            let mut members = vec![document, compiler];
            members.extend(others);
            members.retain(|member| member.folder != Path::new(folder));
            members.push(member(folder, &["serde", sees]));
            let name = folder.replace('/', "-");
            assert_eq!(violations_of(&members), [format!("{folder}/Cargo.toml:8: {name} must not depend on {sees}")]);
        }
    }

    #[test]
    fn a_circle_by_way_of_a_dev_dependency_is_shown() {
        let members = [member("executor", &["executor-server"]), member("executor/server", &["executor"])];
        let found = violations_of(&members).concat();
        assert!(found.contains("executor -> executor-server -> executor\n"), "{found}");
        assert!(found.contains("executor/server/Cargo.toml:7"), "{found}");
    }

    #[test]
    fn a_folder_that_nobody_thought_of_is_refused() {
        let found = violations_of(&[member("plugins/one", &[])]).concat();
        assert!(found.starts_with("plugins/one: "), "{found}");
    }
}

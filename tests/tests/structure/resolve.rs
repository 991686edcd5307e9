//! Where names lead: through imports, re-exports and globs to the module that defines them.

use std::collections::BTreeSet;

use crate::modules::Tree;

/// What a name means. A module and an item may have the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    /// A module of this crate.
    Module(usize),
    /// Something that this module defines.
    Item(usize),
    /// Something of another crate.
    Elsewhere,
}

/// Imports that are being followed, each by its module, its number there and the name that is looked for. None is followed again before
/// it has led somewhere: two modules may import each other by globs, and `use run::run` begins with its own name.
type Followed = BTreeSet<(usize, usize, String)>;

impl Tree {
    /// The modules that define what `path` means in the module `scope`: none for another crate's things and for modules themselves.
    pub fn definitions(&self, scope: usize, path: &[String]) -> BTreeSet<usize> {
        let meanings = self.meanings(scope, path, &mut Followed::new());
        let items = meanings.into_iter().filter_map(|meaning| match meaning {
            Meaning::Item(module) => Some(module),
            Meaning::Module(_) | Meaning::Elsewhere => None,
        });
        items.collect()
    }

    fn meanings(&self, scope: usize, path: &[String], followed: &mut Followed) -> BTreeSet<Meaning> {
        let Some((first, rest)) = path.split_first() else { return BTreeSet::new() };
        let mut found = match first.as_str() {
            "crate" => BTreeSet::from([Meaning::Module(0)]),
            "self" => BTreeSet::from([Meaning::Module(scope)]),
            "super" => self.modules[scope].parent.map(Meaning::Module).into_iter().collect(),
            name => self.lookup(scope, name, followed),
        };
        for name in rest {
            found = found.into_iter().flat_map(|meaning| self.inside(meaning, name, followed)).collect();
        }
        found
    }

    /// What `name` means behind `meaning::`.
    fn inside(&self, meaning: Meaning, name: &str, followed: &mut Followed) -> BTreeSet<Meaning> {
        let Meaning::Module(module) = meaning else {
            // A variant, an associated function: where its type is.
            return BTreeSet::from([meaning]);
        };
        if name == "super" {
            return self.modules[module].parent.map(Meaning::Module).into_iter().collect();
        }
        let found = self.lookup(module, name, followed);
        // What a macro defines has no name that could be read: it is of the module in which it is found.
        if found.is_empty() { BTreeSet::from([Meaning::Item(module)]) } else { found }
    }

    fn lookup(&self, module: usize, name: &str, followed: &mut Followed) -> BTreeSet<Meaning> {
        let here = &self.modules[module];
        let mut found: BTreeSet<Meaning> =
            here.children.get(name).map(|&child| Meaning::Module(child)).into_iter().collect();
        if here.names.items.contains(name) {
            found.insert(Meaning::Item(module));
        }
        for (number, import) in here.names.imports.iter().enumerate().filter(|(_, import)| import.name == name) {
            found.extend(once((module, number, name), followed, |followed| {
                let meanings = self.meanings(module, &import.path, followed);
                if meanings.is_empty() { BTreeSet::from([Meaning::Elsewhere]) } else { meanings }
            }));
        }
        if found.is_empty() {
            for (glob, number) in here.names.globs.iter().zip(here.names.imports.len()..) {
                found.extend(once((module, number, name), followed, |followed| {
                    self.through(module, glob, name, followed)
                }));
            }
        }
        found
    }

    /// What `name` means in the modules that a glob opens.
    fn through(&self, module: usize, glob: &[String], name: &str, followed: &mut Followed) -> BTreeSet<Meaning> {
        let opened = self.meanings(module, glob, followed);
        let modules = opened.into_iter().filter_map(|meaning| match meaning {
            Meaning::Module(other) => Some(other),
            Meaning::Item(_) | Meaning::Elsewhere => None,
        });
        modules.flat_map(|other| self.lookup(other, name, followed)).collect()
    }
}

/// What following an import gives: nothing where it is being followed already.
fn once(
    (module, number, name): (usize, usize, &str),
    followed: &mut Followed,
    follow: impl FnOnce(&mut Followed) -> BTreeSet<Meaning>,
) -> BTreeSet<Meaning> {
    let step = (module, number, name.to_owned());
    if !followed.insert(step.clone()) {
        return BTreeSet::new();
    }
    let found = follow(followed);
    followed.remove(&step);
    found
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;

    /// What defines `path` in the module `scope`, by their paths.
    fn definitions(files: &[(&str, &str)], scope: &str, path: &str) -> Vec<String> {
        let tree = Fixture::new(files).tree();
        let scope = (0..tree.modules.len()).find(|&module| tree.path(module) == scope).expect("a module of the tree");
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        tree.definitions(scope, &path).into_iter().map(|module| tree.path(module)).collect()
    }

    const FACADE: [(&str, &str); 5] = [
        ("src/lib.rs", "mod facade;\nmod user;\npub use facade::Deep as Renamed;"),
        (
            "src/facade/mod.rs",
            "mod deep;\nmod other;\npub use deep::{Deep, make};\npub use other::*;\npub use serde::Value;\npub struct Own;",
        ),
        (
            "src/facade/deep.rs",
            "pub struct Deep;\npub fn make() {}\npub mod inner { pub struct In; }\ndefine!(Hidden);",
        ),
        ("src/facade/other.rs", "pub enum Globbed { One }\npub use super::deep::Deep as Again;\npub use super::*;"),
        ("src/user.rs", "use crate::facade::{self, make};\nuse crate::Renamed;"),
    ];

    #[test]
    fn a_facade_leads_to_what_defines() {
        for (path, defined) in [
            ("crate::facade::Deep", "facade::deep"),
            ("facade::Deep::new", "facade::deep"),
            ("make", "facade::deep"),
            ("Renamed", "facade::deep"),
            ("crate::facade::Globbed::One", "facade::other"),
            ("crate::facade::Again", "facade::deep"),
            ("super::facade::Own", "facade"),
            ("crate::facade::deep::inner::In", "facade::deep::inner"),
            ("crate::facade::deep::Hidden", "facade::deep"),
            ("self::super::Renamed", "facade::deep"),
        ] {
            assert_eq!(definitions(&FACADE, "user", path), [defined], "{path}");
        }
    }

    #[test]
    fn modules_and_other_crates_are_no_definitions() {
        for path in ["crate::facade", "facade", "crate::facade::Value", "serde::Value", "local", "std::io::Error"] {
            assert_eq!(definitions(&FACADE, "user", path), Vec::<String>::new(), "{path}");
        }
    }

    #[test]
    fn a_module_and_a_function_may_have_one_name() {
        let files = [
            ("src/lib.rs", "mod run;\nmod user;"),
            ("src/run/mod.rs", "mod run;\npub use run::run;"),
            ("src/run/run.rs", "pub fn run() {}"),
            ("src/user.rs", ""),
        ];
        assert_eq!(definitions(&files, "user", "crate::run::run"), ["run::run"]);
    }
}

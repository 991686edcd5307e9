//! Reads the modules of a crate target from its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use syn::ItemMod;

use crate::manifest::Member;
use crate::mentions::Scope;
use crate::modules::{Module, Tree};
use crate::names::Names;
use crate::test_code::is_item_of_tests;

/// The modules below the root file `file`, which is named from the workspace's root, as all files are.
pub fn read(root: &Path, file: &Path) -> Result<Tree> {
    let mut reader = Reader { root, tree: Tree::default() };
    let folder = file.parent().context("a file lies in a folder")?;
    reader.read_file(String::new(), None, file, folder)?;
    Ok(reader.tree)
}

/// The sources of a crate that no module of its `trees` declares, not even one that only tests see.
pub fn strays(root: &Path, member: &Member, trees: &[Tree]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    sources(root, &member.folder.join("src"), &mut files)?;
    let modules = trees.iter().flat_map(|tree| &tree.modules);
    let read: BTreeSet<&Path> = modules.map(|module| module.file.as_path()).collect();
    let of_tests: Vec<&PathBuf> = trees.iter().flat_map(|tree| &tree.of_tests).collect();
    files.retain(|file| {
        let is_of_tests = |place: &&PathBuf| file.starts_with(place) || file.with_extension("") == **place;
        !read.contains(file.as_path()) && !of_tests.iter().any(is_of_tests)
    });
    Ok(files)
}

fn sources(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(root.join(folder)).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            sources(root, &path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

struct Reader<'a> {
    root: &'a Path,
    tree: Tree,
}

impl Reader<'_> {
    /// Reads a file, whose own modules lie in `folder`; answers the module.
    fn read_file(&mut self, name: String, parent: Option<usize>, file: &Path, folder: &Path) -> Result<usize> {
        let text = std::fs::read_to_string(self.root.join(file)).with_context(|| file.display().to_string())?;
        let parsed = syn::parse_file(&text).map_err(|error| {
            let at = error.span().start();
            anyhow!("{}:{}:{}: {error}", file.display(), at.line, at.column)
        })?;
        let holder = self.tree.modules.len();
        self.add(Module::new(name, parent, file, holder), &parsed.items, folder)
    }

    fn add(&mut self, mut module: Module, items: &[syn::Item], folder: &Path) -> Result<usize> {
        let number = self.tree.modules.len();
        let (file, holder) = (module.file.clone(), module.holder);
        let scope = Scope::of(items);
        (module.names, module.mentions) = (scope.names, scope.mentions);
        self.tree.modules.push(module);
        for declared in &scope.modules {
            let name = declared.ident.to_string();
            let place = folder.join(&name);
            let child = match &declared.content {
                Some((_, items)) => self.add(Module::new(name.clone(), Some(number), &file, holder), items, &place)?,
                None => self.read_declared(declared, number, &file, &place)?,
            };
            self.tree.modules[number].children.insert(name, child);
        }
        self.tree.of_tests.extend(of_tests(items).map(|name| folder.join(name)));
        Ok(number)
    }

    fn read_declared(&mut self, declared: &ItemMod, parent: usize, file: &Path, place: &Path) -> Result<usize> {
        let name = declared.ident.to_string();
        if declared.attrs.iter().any(|attribute| attribute.path().is_ident("path")) {
            bail!("{}: the module {name} lies where its name does not say", file.display());
        }
        let candidates = [place.with_extension("rs"), place.join("mod.rs")];
        let found = candidates.iter().find(|candidate| self.root.join(candidate).is_file());
        let found = found.with_context(|| format!("{}: there is no file for the module {name}", file.display()))?;
        self.read_file(name, Some(parent), found, place)
    }
}

impl Module {
    fn new(name: String, parent: Option<usize>, file: &Path, holder: usize) -> Self {
        Self {
            name,
            parent,
            children: BTreeMap::new(),
            file: file.to_path_buf(),
            holder,
            names: Names::default(),
            mentions: Vec::new(),
        }
    }
}

/// The names of the modules in `items` that only tests see.
fn of_tests(items: &[syn::Item]) -> impl Iterator<Item = String> {
    items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if is_item_of_tests(item) => Some(module.ident.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[test]
    fn modules_are_found_where_cargo_finds_them() {
        let tree = Fixture::new(&[
            ("src/lib.rs", "mod one;\nmod two;\nmod inline { mod deep; }\n#[cfg(test)] mod recorded;"),
            ("src/one.rs", "mod below;"),
            ("src/one/below.rs", ""),
            ("src/two/mod.rs", "mod below { pub struct X; }"),
            ("src/inline/deep.rs", ""),
        ])
        .tree();
        let found: Vec<String> = (0..tree.modules.len())
            .map(|it| format!("{} {}", tree.path(it), tree.modules[it].file.display()))
            .collect();
        assert_eq!(
            found,
            [
                "crate src/lib.rs",
                "one src/one.rs",
                "one::below src/one/below.rs",
                "two src/two/mod.rs",
                "two::below src/two/mod.rs",
                "inline src/lib.rs",
                "inline::deep src/inline/deep.rs",
            ]
        );
        let holders: Vec<usize> = tree.modules.iter().map(|module| module.holder).collect();
        assert_eq!(holders, [0, 1, 2, 3, 3, 0, 6]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (text, told) in [
            ("fn f() {\n    let = 1;\n}", "src/lib.rs:2:8: "),
            ("mod gone;", "src/lib.rs: there is no file for the module gone"),
            ("#[path = \"x.rs\"] mod away;", "src/lib.rs: the module away lies where its name does not say"),
        ] {
            let fixture = Fixture::new(&[("src/lib.rs", text)]);
            let error = format!("{:#}", read(fixture.root(), Path::new("src/lib.rs")).unwrap_err());
            assert!(error.starts_with(told), "{error}");
        }
    }

    #[test]
    fn strays_are_what_no_module_declares() {
        let fixture = Fixture::new(&[
            ("one/src/lib.rs", "mod used;\n#[cfg(test)] mod recorded;\nmod tests;"),
            ("one/src/used.rs", ""),
            ("one/src/recorded/mod.rs", ""),
            ("one/src/tests.rs", ""),
            ("one/src/tests/more.rs", ""),
            ("one/src/forgotten.rs", ""),
        ]);
        let member = Member { name: "one".to_owned(), folder: "one".into(), dependencies: Vec::new() };
        let tree = read(fixture.root(), Path::new("one/src/lib.rs")).unwrap();
        assert_eq!(strays(fixture.root(), &member, &[tree]).unwrap(), [Path::new("one/src/forgotten.rs")]);
    }
}

//! The crates of the workspace and what each depends on, from their `Cargo.toml` files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A member of the workspace.
#[derive(Debug)]
pub struct Member {
    /// The package's name.
    pub name: String,
    /// Its folder, from the workspace's root.
    pub folder: PathBuf,
    /// Everything it depends on, in every table.
    pub dependencies: Vec<Dependency>,
}

/// One line of a table of dependencies.
#[derive(Debug)]
pub struct Dependency {
    /// The name of the package that is depended on.
    pub package: String,
    /// Where that stands.
    pub place: Place,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, from the workspace's root.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

impl Member {
    /// The root files of what is built from it, benches, examples and tests left out.
    pub fn targets(&self, root: &Path) -> Vec<PathBuf> {
        let source = self.folder.join("src");
        let mut files = vec![source.join("lib.rs"), source.join("main.rs")];
        let programs = std::fs::read_dir(root.join(source.join("bin"))).into_iter().flatten().flatten();
        files.extend(programs.map(|entry| source.join("bin").join(entry.file_name())));
        files.retain(|file| root.join(file).is_file());
        files
    }
}

/// All members of the workspace in `root`.
pub fn members(root: &Path) -> Result<Vec<Member>> {
    let text = read(&root.join("Cargo.toml"))?;
    let manifest = parse(&text)?;
    let workspace = table(manifest.get_ref(), "workspace").context("no [workspace]")?;
    let members = workspace.get("members").and_then(|it| it.get_ref().as_array()).context("no workspace.members")?;
    members
        .iter()
        .map(|folder| {
            let folder = folder.get_ref().as_str().context("a member is a path")?;
            member(root, Path::new(folder)).with_context(|| format!("the member {folder}"))
        })
        .collect()
}

fn member(root: &Path, folder: &Path) -> Result<Member> {
    let file = folder.join("Cargo.toml");
    let text = read(&root.join(&file))?;
    let manifest = parse(&text)?;
    let manifest = manifest.get_ref();
    let package = table(manifest, "package").context("no [package]")?;
    let name = package.get("name").and_then(|it| it.get_ref().as_str()).context("no package.name")?;
    let for_platforms = table(manifest, "target").into_iter().flat_map(|platforms| platforms.values());
    let for_platforms = for_platforms.filter_map(|platform| platform.get_ref().as_table());
    let mut dependencies = Vec::new();
    for holder in std::iter::once(manifest).chain(for_platforms) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (key, value) in table(holder, kind).into_iter().flatten() {
                let line = 1 + text[..key.span().start].matches('\n').count();
                let place = Place { file: file.clone(), line };
                dependencies.push(Dependency { package: package_of(key.get_ref(), value), place });
            }
        }
    }
    Ok(Member { name: name.to_owned(), folder: folder.to_path_buf(), dependencies })
}

/// The package that a dependency means: another one than its key where it is renamed.
fn package_of(key: &str, value: &Spanned<DeValue<'_>>) -> String {
    let renamed = value.get_ref().get("package").and_then(|it| it.get_ref().as_str());
    renamed.unwrap_or(key).to_owned()
}

fn table<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    table.get(key)?.get_ref().as_table()
}

fn parse(text: &str) -> Result<Spanned<DeTable<'_>>> {
    DeTable::parse(text).map_err(|error| anyhow!("{error}"))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;

    #[test]
    fn dependencies_of_every_table_are_read_with_their_lines() {
        let fixture = Fixture::new(&[
            ("Cargo.toml", "[workspace]\nmembers = [\"one\", \"deep/two\"]\n"),
            (
                "one/Cargo.toml",
                "[package]\nname = \"first\"\n[dependencies]\nserde = \"1\"\n\n[dev-dependencies]\nlater.workspace = true\n",
            ),
            (
                "deep/two/Cargo.toml",
                "[package]\nname = \"second\"\n[build-dependencies]\nalias = { package = \"first\", path = \"../one\" }\n\
                 [target.'cfg(unix)'.dependencies]\nrustix = \"1\"\n",
            ),
            ("one/src/lib.rs", ""),
            ("one/src/bin/tool.rs", ""),
        ]);
        let members = super::members(fixture.root()).unwrap();
        let told: Vec<String> = members
            .iter()
            .flat_map(|member| {
                member.dependencies.iter().map(|it| format!("{} {} {}", member.name, it.package, it.place))
            })
            .collect();
        assert_eq!(
            told,
            [
                "first serde one/Cargo.toml:4",
                "first later one/Cargo.toml:7",
                "second first deep/two/Cargo.toml:4",
                "second rustix deep/two/Cargo.toml:6",
            ]
        );
        let targets: Vec<_> = members[0].targets(fixture.root());
        assert_eq!(targets, [std::path::Path::new("one/src/lib.rs"), std::path::Path::new("one/src/bin/tool.rs")]);
    }

    #[test]
    fn a_manifest_that_is_missing_is_named() {
        let fixture = Fixture::new(&[("Cargo.toml", "[workspace]\nmembers = [\"gone\"]\n")]);
        let error = format!("{:#}", super::members(fixture.root()).unwrap_err());
        assert!(error.contains("the member gone") && error.contains("gone/Cargo.toml"), "{error}");
    }
}

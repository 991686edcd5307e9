//! What a crate must not bring in, directly or through other crates of the workspace: the seams that ARCHITECTURE.md promises.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::Member;

/// A crate, and the packages that must not be below it.
const SEAMS: &[(&str, &[&str])] = &[
    ("workload-schema", &["aws-sdk-s3", "clap", "rusqlite", "tokio"]),
    ("checked-document", &["aws-sdk-s3", "clap", "rusqlite", "tokio"]),
    ("wlc", &["aws-sdk-s3", "rusqlite", "tokio"]),
    ("workload-library", &["aws-sdk-s3", "rusqlite", "tokio"]),
    ("system-measure", &["aws-sdk-s3", "rusqlite", "tokio"]),
    ("runner-drive", &["aws-sdk-s3", "rusqlite", "s3-clients"]),
    ("run-records", &["aws-sdk-s3", "s3-clients", "tokio"]),
    ("run-watch", &["rusqlite"]),
    ("s3-clients", &["clap", "rusqlite"]),
    ("client-runner", &["rusqlite"]),
];

/// Every package that is where it must not be, with the crates by which it came.
pub fn violations(members: &[&Member]) -> Vec<String> {
    violations_of(members, SEAMS)
}

fn violations_of(members: &[&Member], seams: &[(&str, &[&str])]) -> Vec<String> {
    let by_name: BTreeMap<&str, &Member> = members.iter().map(|member| (member.name.as_str(), *member)).collect();
    let mut found = Vec::new();
    for (name, forbidden) in seams {
        let Some(member) = by_name.get(name) else {
            found.push(format!("tests/tests/structure/seams.rs names the crate {name}, which is not there"));
            continue;
        };
        let mut seen = BTreeSet::new();
        visit(member, &by_name, &mut vec![name], &mut seen, &mut |path, package| {
            if forbidden.contains(&package) {
                found.push(format!("{name} must not depend on {package}: {} -> {package}", path.join(" -> ")));
            }
        });
    }
    found
}

/// Tells `take` each package that `member` depends on, with the crates of the workspace on the way there.
fn visit<'a>(
    member: &'a Member,
    by_name: &BTreeMap<&str, &'a Member>,
    path: &mut Vec<&'a str>,
    seen: &mut BTreeSet<&'a str>,
    take: &mut dyn FnMut(&[&'a str], &'a str),
) {
    for dependency in &member.dependencies {
        let package = dependency.package.as_str();
        if !seen.insert(package) {
            continue;
        }
        take(path, package);
        if let Some(next) = by_name.get(package) {
            path.push(package);
            visit(next, by_name, path, seen, take);
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::manifest::{Dependency, Place};

    fn member(name: &str, dependencies: &[&str]) -> Member {
        let place = || Place { file: PathBuf::from("Cargo.toml"), line: 1 };
        let dependencies =
            dependencies.iter().map(|package| Dependency { package: (*package).to_owned(), place: place() }).collect();
        Member { name: name.to_owned(), folder: PathBuf::from(name), dependencies }
    }

    #[test]
    fn what_comes_through_another_crate_counts() {
        let members = [member("records", &["serde", "shared"]), member("shared", &["tokio"])];
        let members: Vec<&Member> = members.iter().collect();
        let found = violations_of(&members, &[("records", &["tokio"]), ("shared", &["serde"])]);
        assert_eq!(found, ["records must not depend on tokio: records -> shared -> tokio"]);
    }

    #[test]
    fn a_seam_of_no_crate_is_a_mistake() {
        assert_eq!(violations_of(&[], &[("gone", &["x"])]).len(), 1);
    }
}

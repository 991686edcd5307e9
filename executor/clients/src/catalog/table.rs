//! The clients by id: ours, those that `wlx.toml` adds, and the older spellings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use checked_document::nearest::nearest;

use super::entry::{Entry, Kind};
use super::foreign::{ClientSection, Foreign};
use crate::command_line::CommandLineClient;
use crate::declaration::Declaration;
use crate::native::ClientId;
use crate::python::PYTHON_CLIENTS;

/// Older spellings (contract 5).
const ALIASES: [(&str, &str); 3] =
    [("crt", "crt-python"), ("boto3-python", "boto3-classic"), ("cli-python", "cli-classic")];

/// The ids that mean all clients.
pub const ALL: &str = "all";

/// Why a client cannot be found or the settings of one do not fit. All are usage errors.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No such id.
    #[error(
        "unknown client `{id}`{nearest}\nhint: wlx clients list shows them all; others are added in wlx.toml by [clients.{id}] command = \"...\""
    )]
    Unknown {
        /// What was asked for.
        id: String,
        /// ` (did you mean ...?)`, or nothing.
        nearest: String,
    },
    /// A section of the settings file.
    #[error("[clients.{name}] in {file}: {reason}", file = file.display())]
    Section {
        /// The settings file.
        file: PathBuf,
        /// Name of the section.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// All clients, in the order in which they are listed and run.
#[derive(Debug, Clone)]
pub struct Catalog {
    entries: Vec<Entry>,
    programs: BTreeMap<CommandLineClient, PathBuf>,
    clients_dir: PathBuf,
}

impl Catalog {
    /// The clients of wlx, installed below `clients_dir`, and those that the `[clients.NAME]` sections of a settings
    /// file add.
    pub fn new(
        clients_dir: &Path,
        sections: Option<&(PathBuf, BTreeMap<String, ClientSection>)>,
    ) -> Result<Self, CatalogError> {
        let mut catalog =
            Self { entries: own_entries(), programs: BTreeMap::new(), clients_dir: clients_dir.to_owned() };
        if let Some((file, sections)) = sections {
            for (name, section) in sections {
                catalog
                    .add(name, section, file.parent().unwrap_or(Path::new("")))
                    .map_err(|reason| CatalogError::Section { file: file.clone(), name: name.clone(), reason })?;
            }
        }
        Ok(catalog)
    }

    fn add(&mut self, name: &str, section: &ClientSection, folder: &Path) -> Result<(), String> {
        if name == ALL || name.is_empty() || name.contains([',', '/', ' ']) {
            return Err(format!("`{name}` cannot be the id of a client"));
        }
        match self.entries.iter().find(|entry| entry.id == name).map(|entry| &entry.kind) {
            Some(Kind::CommandLine(client)) if section.command.is_none() && section.id.is_none() => {
                let program = section.program.clone().ok_or("`program` is missing: the program to use")?;
                self.programs.insert(*client, below(folder, &program));
            }
            Some(_) => {
                return Err(format!(
                    "`{name}` is a client of wlx itself; choose another name, and set id = \"{name}\" where the runner \
                     must be passed it"
                ));
            }
            None => {
                let mut foreign = Foreign::of(name, section)?;
                foreign.command[0] = below(folder, Path::new(&foreign.command[0])).display().to_string();
                let about = format!("foreign: {}", section.command.as_deref().unwrap_or_default());
                self.entries.push(Entry { id: name.to_owned(), about, kind: Kind::Foreign(foreign) });
            }
        }
        Ok(())
    }

    /// All clients but the one that measures nothing.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.kind != Kind::Native(ClientId::Null))
    }

    /// The client `id`, by its own id or an older spelling.
    pub fn find(&self, id: &str) -> Result<&Entry, CatalogError> {
        let known = |id: &str| self.entries.iter().find(|entry| entry.id == id);
        known(id).or_else(|| known(own_id(id))).ok_or_else(|| CatalogError::Unknown {
            id: id.to_owned(),
            nearest: self.nearest(id).map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default(),
        })
    }

    /// The clients that `ids` name, each once, in their order; `all` names all of them.
    pub fn select(&self, ids: &[String]) -> Result<Vec<&Entry>, CatalogError> {
        let mut selected: Vec<&Entry> = Vec::new();
        for id in ids {
            let named = if id == ALL { self.all().collect() } else { vec![self.find(id)?] };
            for entry in named {
                if !selected.contains(&entry) {
                    selected.push(entry);
                }
            }
        }
        Ok(selected)
    }

    /// Where environments are installed.
    pub fn clients_dir(&self) -> &Path {
        &self.clients_dir
    }

    /// The program that the settings name for a command-line client.
    pub fn program_of(&self, client: CommandLineClient) -> Option<&Path> {
        self.programs.get(&client).map(PathBuf::as_path)
    }

    fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.entries.iter().map(|entry| entry.id.as_str()))
    }
}

/// A program named by a path is named from the settings file's folder; one without a slash is looked for on the path.
fn below(folder: &Path, program: &Path) -> PathBuf {
    if program.components().count() > 1 { folder.join(program) } else { program.to_owned() }
}

/// The id that `id` means: itself, or what an older spelling stands for.
pub fn own_id(id: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == id).map_or(id, |(_, own)| own)
}

fn own_entries() -> Vec<Entry> {
    let native = ClientId::ALL.map(|client| own_entry(client.declaration(), Kind::Native(client)));
    let python = PYTHON_CLIENTS.iter().map(|client| own_entry(&client.declaration, Kind::Python(client)));
    let command_line = CommandLineClient::ALL.map(|client| own_entry(client.declaration(), Kind::CommandLine(client)));
    native.into_iter().chain(python).chain(command_line).collect()
}

fn own_entry(declaration: &Declaration, kind: Kind) -> Entry {
    Entry { id: declaration.id.to_owned(), about: declaration.about.to_owned(), kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct File {
        #[serde(default)]
        clients: BTreeMap<String, ClientSection>,
    }

    fn catalog(toml: &str) -> Result<Catalog, CatalogError> {
        let file: File = toml::from_str(toml).unwrap();
        Catalog::new(Path::new("clients"), Some(&(PathBuf::from("wlx.toml"), file.clients)))
    }

    #[test]
    fn every_client_of_the_contract_that_is_ours_is_there_once() {
        let catalog = catalog("").unwrap();
        let ids: Vec<&str> = catalog.all().map(|entry| entry.id.as_str()).collect();
        let unique: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len());
        for id in ["sdk-rust", "crt-python", "boto3-classic", "s3fs", "cli-classic", "cli-crt", "s5cmd", "rclone"] {
            assert!(unique.contains(id), "{id}");
        }
        assert!(!unique.contains("null"), "it measures nothing");
        assert_eq!(catalog.find("null").unwrap().id, "null");
    }

    #[test]
    fn older_spellings_are_understood() {
        let catalog = catalog("").unwrap();
        for (alias, own) in ALIASES {
            assert_eq!(catalog.find(alias).unwrap().id, own);
        }
        let names = ["s5cmd".to_owned(), "cli-python".to_owned(), "s5cmd".to_owned()];
        let ids: Vec<_> = catalog.select(&names).unwrap().iter().map(|entry| entry.id.clone()).collect();
        assert_eq!(ids, ["s5cmd", "cli-classic"]);
    }

    #[test]
    fn the_settings_file_adds_clients_and_other_programs() {
        let catalog =
            catalog("[clients.crt-c]\ncommand = 'build/runner'\n[clients.cli-classic]\nprogram = '/usr/bin/aws'\n")
                .unwrap();
        assert!(matches!(&catalog.find("crt-c").unwrap().kind, Kind::Foreign(foreign) if foreign.passed_id == "crt-c"));
        assert_eq!(catalog.program_of(CommandLineClient::CliClassic), Some(Path::new("/usr/bin/aws")));
        assert_eq!(catalog.all().last().unwrap().id, "crt-c");
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        let errors: Vec<String> = [
            "[clients.sdk-rust]\ncommand = 'x'",
            "[clients.mine]\nid = 'x'",
            "[clients.s5cmd]",
            "[clients.all]\ncommand = 'x'",
        ]
        .into_iter()
        .map(|toml| catalog(toml).unwrap_err().to_string())
        .map(|error| {
            error
                .split_once(" in ")
                .map(|(name, rest)| format!("{name}: {}", &rest[rest.find(": ").unwrap()..]))
                .unwrap()
        })
        .collect();
        insta::assert_snapshot!(errors.join("\n"));
        insta::assert_snapshot!(catalog("").unwrap().find("boto3-clasic").unwrap_err().to_string());
    }
}

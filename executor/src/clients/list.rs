//! `wlx clients`: which clients there are, and how to install them.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use crate::ending::{CommandError, Ended, Ending};
use crate::settings::Settings;
use s3_clients::catalog::{Availability, Catalog, Entry, Environment, Kind, install};
use s3_clients::command_line::installed_version;
use wlx_terminal as terminal;
use wlx_terminal::{Column, Grid};

/// `wlx clients`.
#[derive(Debug, Clone, Args)]
pub struct ClientsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ClientsCommand,
}

/// What to do with clients.
#[derive(Debug, Clone, Subcommand)]
pub enum ClientsCommand {
    /// List all clients: what each is, whether it is installed, its version, what it can do, and how to get it
    List {
        /// What to print
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// Install clients with pinned versions into --clients-dir; `all` for all of them
    Install {
        /// Ids of clients
        #[arg(value_name = "ID", required = true)]
        clients: Vec<String>,
    },
}

/// What stdout gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table.
    Table,
    /// One JSON document.
    Json,
}

/// One client as it is listed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    client: String,
    about: String,
    installed: bool,
    version: Option<String>,
    capabilities: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    get_it: Option<String>,
}

/// Lists or installs clients.
pub fn run(args: &ClientsArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let catalog = settings.catalog()?;
    match &args.command {
        ClientsCommand::List { format } => {
            let rows: Vec<Row> = catalog.all().map(|entry| row(entry, &catalog)).collect();
            match format {
                ListFormat::Table => terminal::data(table(&rows).trim_end()),
                ListFormat::Json => {
                    terminal::data(&serde_json::to_string_pretty(&rows).expect("rows are plain data"));
                }
            }
            Ok(Ending::Done.into())
        }
        ClientsCommand::Install { clients } => Ok(install_all(&catalog.select(clients)?, &catalog)),
    }
}

fn row(entry: &Entry, catalog: &Catalog) -> Row {
    let get_it = match Availability::of(entry, catalog) {
        Availability::Ready => None,
        Availability::Missing(how) => Some(how),
    };
    Row {
        client: entry.id.clone(),
        about: entry.about.clone(),
        installed: get_it.is_none(),
        version: version(entry, catalog),
        capabilities: entry.capabilities(),
        get_it,
    }
}

/// The version that is, or would be, installed.
fn version(entry: &Entry, catalog: &Catalog) -> Option<String> {
    match &entry.kind {
        Kind::Native(client) => Some(client.version()),
        Kind::Python(client) => client.environment.version_of(client.package).map(str::to_owned),
        Kind::CommandLine(client) => installed_version(*client, catalog.clients_dir(), catalog.program_of(*client)),
        Kind::Foreign(_) => None,
    }
}

fn table(rows: &[Row]) -> String {
    let mut grid = Grid::new(&[
        Column::text("client", 0),
        Column::text("installed", 0),
        Column::text("version", 1),
        Column::text("what it is", 3),
        Column::text("what it can do", 4),
        Column::text("how to get it", 2),
    ]);
    for row in rows {
        grid.row(vec![
            row.client.clone(),
            if row.installed { "yes" } else { "no" }.to_owned(),
            row.version.clone().unwrap_or_else(|| "-".to_owned()),
            row.about.clone(),
            row.capabilities.clone(),
            row.get_it.clone().unwrap_or_default(),
        ]);
    }
    grid.render(terminal::width())
}

/// Installs what `entries` need. An environment that cannot be installed does not keep the others from it.
fn install_all(entries: &[&Entry], catalog: &Catalog) -> Ended {
    let (mut ending, mut problems) = (Ending::Done, Vec::new());
    let mut environments: Vec<Environment> = entries.iter().filter_map(|entry| entry.environment()).collect();
    environments.sort_unstable();
    environments.dedup();
    for environment in environments {
        if let Err(error) = install(environment, catalog.clients_dir(), &mut |step| terminal::note(step)) {
            problems.push(format!("cannot install {}: {error}", environment.name()));
            ending = Ending::Failed;
        }
    }
    for entry in entries {
        match Availability::of(entry, catalog) {
            Availability::Ready => {
                let version = version(entry, catalog).unwrap_or_default();
                terminal::data(&format!("{} {version}: ready", entry.id));
            }
            Availability::Missing(how) if entry.environment().is_none() => {
                terminal::note(&format!("{}: not installed by wlx; {how}", entry.id));
            }
            // Its environment is among the problems.
            Availability::Missing(_) => ending = Ending::Failed,
        }
    }
    Ended::with_problems(ending, problems)
}

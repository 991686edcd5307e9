//! Installing a client's pinned environment: a virtual environment, or for `cli-crt` packages beside the system's AWS CLI.
//!
//! pip checks every hash, takes wheels only and runs no code of a package. An interrupted install starts again from nothing.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Environment;

/// Where Debian installs the AWS CLI 2.
pub const SYSTEM_AWS_CLI: &str = "/usr/bin/aws";

/// Why an environment could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A file or folder.
    #[error("cannot {doing} {path}: {source}", path = path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program that is not there.
    #[error("cannot start {program}: {source}\nhint: {hint}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
        /// How to get it.
        hint: &'static str,
    },
    /// A program that failed, with its last words.
    #[error("{command} failed ({status})\n{words}")]
    Failed {
        /// The command.
        command: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it said.
        words: String,
    },
    /// Something only root may install.
    #[error("{what} is missing and only root can install it\nhint: apt-get install {package}")]
    NeedsRoot {
        /// What is missing.
        what: &'static str,
        /// The Debian package.
        package: &'static str,
    },
}

/// Installs what of `environment` is not there yet; answers whether anything was to do. `begins` is told of each step
/// that may take long, in words for people.
pub fn install(
    environment: Environment,
    clients_dir: &Path,
    begins: &mut dyn FnMut(&str),
) -> Result<bool, InstallError> {
    let file = |doing, path: &Path| {
        let path = path.to_owned();
        move |source| InstallError::File { doing, path, source }
    };
    std::fs::create_dir_all(clients_dir).map_err(file("make", clients_dir))?;
    let lock = clients_dir.join("install.lock");
    let held = File::create(&lock).map_err(file("make", &lock))?;
    // Two at once would install over each other.
    held.lock().map_err(file("lock", &lock))?;
    if environment == Environment::Awscrt {
        system_aws_cli(begins)?;
    }
    if environment.is_installed(clients_dir) {
        return Ok(false);
    }
    let folder = environment.folder(clients_dir);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(file("remove", &folder))?;
    }
    begins(&format!("installing {} into {}", environment.name(), folder.display()));
    make(environment, &folder, clients_dir, begins)?;
    for (path, text) in environment.own_files(clients_dir) {
        std::fs::write(&path, text).map_err(file("write", &path))?;
    }
    let stamp = environment.stamp(clients_dir);
    std::fs::write(&stamp, environment.requirements()).map_err(file("write", &stamp))?;
    Ok(true)
}

fn make(
    environment: Environment,
    folder: &Path,
    clients_dir: &Path,
    begins: &mut dyn FnMut(&str),
) -> Result<(), InstallError> {
    python_venv(begins)?;
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let pins = tempfile::Builder::new()
        .prefix("requirements-")
        .suffix(".txt")
        .tempfile_in(clients_dir)
        .and_then(|file| std::fs::write(file.path(), environment.requirements()).map(|()| file))
        .map_err(|source| InstallError::File { doing: "write below", path: clients_dir.to_owned(), source })?;
    let mut pip = Command::new(environment.python(clients_dir));
    // It compiles the modules too: runners would do that at each start, and the AWS CLI in its first timed one.
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(["--require-hashes", "--only-binary", ":all:", "--requirement"])
        .arg(pins.path());
    if environment == Environment::Awscrt {
        pip.arg("--target").arg(Environment::packages_beside_the_aws_cli(clients_dir));
        pip.args(["--implementation", "cp", "--python-version", &system_python_version()?]);
    }
    run(&mut pip)
}

/// Debian installs Python without the module that makes virtual environments.
fn python_venv(begins: &mut dyn FnMut(&str)) -> Result<(), InstallError> {
    let there = succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))?;
    if there { Ok(()) } else { apt_install("python3-venv", "python3's module venv", begins) }
}

/// The AWS CLI 2, whose Python may import packages from outside: the one of Debian.
fn system_aws_cli(begins: &mut dyn FnMut(&str)) -> Result<(), InstallError> {
    if Path::new(SYSTEM_AWS_CLI).is_file() {
        return Ok(());
    }
    apt_install("awscli", "the AWS CLI 2", begins)
}

/// The version of the Python that the system's AWS CLI runs in: its packages must fit that one.
fn system_python_version() -> Result<String, InstallError> {
    let script = "import sys; print('%d.%d' % sys.version_info[:2])";
    let output = Command::new("/usr/bin/python3")
        .args(["-c", script])
        .output()
        .map_err(|source| start_error("/usr/bin/python3", source))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn apt_install(package: &'static str, what: &'static str, begins: &mut dyn FnMut(&str)) -> Result<(), InstallError> {
    if !rustix::process::geteuid().is_root() {
        return Err(InstallError::NeedsRoot { what, package });
    }
    begins(&format!("installing {package} of the system"));
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(Command::new("apt-get")
        .args(["install", "-y", "-qq", "--no-install-recommends", package])
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn start_error(program: &str, source: std::io::Error) -> InstallError {
    let hint = match program {
        "python3" | "/usr/bin/python3" => "install Python 3.9 or later: apt-get install python3 python3-venv",
        "apt-get" => "without apt-get, install it as your system does",
        _ => "remove its folder and install it again",
    };
    InstallError::Start { program: program.to_owned(), source, hint }
}

fn succeeds(command: &mut Command) -> Result<bool, InstallError> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let program = command.get_program().to_string_lossy().into_owned();
    Ok(status.map_err(|source| start_error(&program, source))?.success())
}

fn run(command: &mut Command) -> Result<(), InstallError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|source| start_error(&program, source))?;
    if output.status.success() {
        return Ok(());
    }
    let mut words = String::from_utf8_lossy(&output.stderr).into_owned();
    words.push_str(&String::from_utf8_lossy(&output.stdout));
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    let command = std::iter::once(program.as_str().into()).chain(arguments).collect::<Vec<_>>().join(" ");
    Err(InstallError::Failed { command, status: output.status, words: words.trim().to_owned() })
}

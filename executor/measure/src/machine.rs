//! The machine that runs the clients, as the records name it.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::thread;

use workload_schema::record::Machine;

/// Reads what this machine is. What cannot be read is `unknown`, or 0 for the memory.
pub fn this_machine() -> Machine {
    let system = rustix::system::uname();
    let host = system.nodename().to_string_lossy();
    let cpuinfo = read("/proc/cpuinfo");
    Machine {
        host: if host.is_empty() { "unknown".to_owned() } else { host.into_owned() },
        cpu: cpu_model(&cpuinfo).unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
        cores: thread::available_parallelism().map_or(1, NonZero::get) as u64,
        memory_bytes: total_memory(&read("/proc/meminfo"), &read("/sys/fs/cgroup/memory.max")).unwrap_or(0),
        kernel: format!("{} {}", system.sysname().to_string_lossy(), system.release().to_string_lossy()),
    }
}

/// The kind of the file system that `path` is on, as `mount` names it.
pub fn filesystem_of(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    // proc(5): the mount point is the fifth field, the kind the first after the separator. The longest prefix is the one.
    let mounts = read("/proc/self/mountinfo");
    let mount = |line: &str| {
        let (fields, rest) = line.split_once(" - ")?;
        let point = fields.split(' ').nth(4)?.replace("\\040", " ");
        path.starts_with(&point).then(|| (point.len(), rest.split(' ').next().unwrap_or_default().to_owned()))
    };
    // Of two on one point the later hides the earlier.
    mounts.lines().filter_map(mount).max_by_key(|(len, _)| *len).map(|(_, kind)| kind)
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// `model name` on x86, `CPU part` and the like say nothing to people elsewhere.
fn cpu_model(cpuinfo: &str) -> Option<String> {
    ["model name", "Model", "Hardware", "cpu model", "cpu"]
        .iter()
        .find_map(|name| value(cpuinfo, name))
        .map(str::to_owned)
}

/// What is built in, or what a container may use of it.
fn total_memory(meminfo: &str, limit: &str) -> Option<u64> {
    let kibibytes: u64 = value(meminfo, "MemTotal")?.split_whitespace().next()?.parse().ok()?;
    let built_in = kibibytes.checked_mul(1024)?;
    let limit = limit.trim().parse().unwrap_or(u64::MAX);
    Some(built_in.min(limit))
}

/// The value of the first `name : value` line.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, value)| key.trim() == name && !value.trim().is_empty())
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known() {
        let machine = this_machine();
        assert!(!machine.host.is_empty() && !machine.cpu.is_empty(), "{machine:?}");
        assert!(machine.cores >= 1 && machine.memory_bytes > 64 << 20, "{machine:?}");
        assert!(machine.kernel.contains(' ') && machine.kernel.len() > 3, "{machine:?}");
    }

    #[test]
    fn file_systems_have_names() {
        assert_eq!(filesystem_of(Path::new("/proc/self")).as_deref(), Some("proc"));
        assert!(filesystem_of(&std::env::temp_dir()).is_some_and(|kind| kind != "proc"));
        assert_eq!(filesystem_of(Path::new("/absent")), None);
    }

    #[test]
    fn processors_name_themselves_differently() {
        let x86 = "processor\t: 0\nmodel name\t: AMD EPYC\nprocessor\t: 1\nmodel name\t: AMD EPYC\n";
        let board = "processor\t: 0\nCPU part\t: 0xd08\n\nModel\t\t: Raspberry Pi 4\n";
        assert_eq!(cpu_model(x86).as_deref(), Some("AMD EPYC"));
        assert_eq!(cpu_model(board).as_deref(), Some("Raspberry Pi 4"));
        assert_eq!(cpu_model("processor\t: 0\nCPU part\t: 0xd0c\n"), None);
    }

    #[test]
    fn memory_is_what_may_be_used() {
        let meminfo = "MemTotal:        2048 kB\nMemFree:         1024 kB\n";
        assert_eq!(total_memory(meminfo, "max\n"), Some(2 << 20));
        assert_eq!(total_memory(meminfo, "1048576\n"), Some(1 << 20));
        assert_eq!(total_memory(meminfo, ""), Some(2 << 20));
        assert_eq!(total_memory("", ""), None);
    }
}

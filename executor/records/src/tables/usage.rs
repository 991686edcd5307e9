//! What each repeat took beside CPU and memory: cores, context switches, disk, network, waiting.

use workload_schema::ByteSize;
use workload_schema::record::{MachineUsage, RepeatRecord, RunRecord, Usage};

use super::cell::figure_or_dash;
use crate::figures::cpu_seconds;
use wlx_terminal::{Column, Grid};

const GIB: f64 = (1_u64 << 30) as f64;

const COLUMNS: [Column; 14] = [
    Column::number("repeat", 0),
    Column::number("client\ncores", 0),
    Column::number("GiB/s\nper core", 0),
    Column::number("busiest\nthread", 2),
    Column::number("server\ncores", 3),
    Column::number("machine\ncores", 4),
    Column::number("steal\ncores", 9),
    Column::number("switches\nvoluntary", 7),
    Column::number("switches\ninvoluntary", 7),
    Column::number("disk\nread", 5),
    Column::number("disk\nwritten", 5),
    Column::number("network\nin", 6),
    Column::number("network\nout", 6),
    Column::number("TCP\nretransmits", 8),
];

/// The table, where anything of it is known.
pub(super) fn usage_table(run: &RunRecord, width: Option<usize>) -> Option<String> {
    if run.repeats.iter().all(|repeat| repeat.usage == Usage::default()) {
        return None;
    }
    let mut grid = Grid::new(&COLUMNS);
    for repeat in &run.repeats {
        grid.row(row(repeat));
    }
    let machine = run.repeats.iter().find_map(|repeat| repeat.usage.machine.as_ref());
    let interface = machine.and_then(|machine| machine.interface.as_deref()).unwrap_or("unknown");
    let waited: f64 = run.repeats.iter().filter_map(|repeat| repeat.backoff_seconds).sum();
    Some(format!(
        "{}cores are CPU seconds a second; machine, network ({interface}) and TCP are of the whole machine; requests waited \
         {waited:.2} s in all before they were sent again\n",
        grid.render(width)
    ))
}

fn row(repeat: &RepeatRecord) -> Vec<String> {
    let usage = &repeat.usage;
    let machine = |of: fn(&MachineUsage) -> f64| {
        let machine = usage.machine.as_ref()?;
        (machine.seconds > 0.0).then(|| of(machine) / machine.seconds)
    };
    let a_second = |value: Option<f64>| value.filter(|_| repeat.seconds > 0.0).map(|value| value / repeat.seconds);
    let cpu = cpu_seconds(repeat).filter(|cpu| *cpu > 0.0);
    let count = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    let bytes = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| ByteSize(value).to_string());
    let of_machine = |of: fn(&MachineUsage) -> Option<u64>| usage.machine.as_ref().and_then(of);
    vec![
        repeat.repeat.to_string(),
        figure_or_dash(a_second(cpu)),
        figure_or_dash(cpu.filter(|_| repeat.is_good()).map(|cpu| repeat.bytes as f64 / GIB / cpu)),
        figure_or_dash(a_second(usage.busiest_thread_seconds)),
        figure_or_dash(a_second(usage.server_cpu_seconds)),
        figure_or_dash(machine(|machine| machine.cpu_busy_seconds)),
        figure_or_dash(machine(|machine| machine.cpu_steal_seconds)),
        count(usage.context_switches.map(|switches| switches.voluntary)),
        count(usage.context_switches.map(|switches| switches.involuntary)),
        bytes(usage.disk_read_bytes),
        bytes(usage.disk_write_bytes),
        bytes(of_machine(|machine| machine.received_bytes)),
        bytes(of_machine(|machine| machine.sent_bytes)),
        count(of_machine(|machine| machine.tcp_retransmits)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{measured_repeat, measured_run};

    #[test]
    fn what_is_known_is_shown() {
        let mut run = measured_run();
        assert_eq!(usage_table(&run, None), None);
        run.repeats = vec![measured_repeat(1), measured_repeat(2)];
        run.repeats[1].usage = Usage::default();
        insta::assert_snapshot!(usage_table(&run, None).unwrap());
    }
}

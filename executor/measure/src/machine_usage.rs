//! What the whole machine does while a repeat goes on: cores, the network interface to the store, TCP, swap.

use std::fs;
use std::net::{IpAddr, ToSocketAddrs, UdpSocket};
use std::time::Instant;

use workload_schema::record::MachineUsage;

/// The counters of the kernel at one moment.
#[derive(Debug, Clone)]
pub struct MachineCounters {
    at: Instant,
    cpu: CpuTicks,
    interface: Option<InterfaceBytes>,
    tcp_retransmits: Option<u64>,
    swapped_pages: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CpuTicks {
    busy: u64,
    disk_wait: u64,
    steal: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct InterfaceBytes {
    name: String,
    received: u64,
    sent: u64,
}

impl MachineCounters {
    /// Reads them, of the network the interface that is named. None where the system does not say.
    pub fn read(interface: Option<&str>) -> Option<Self> {
        let text = |path: &str| fs::read_to_string(path).unwrap_or_default();
        Some(Self {
            cpu: cpu_ticks(&text("/proc/stat"))?,
            interface: interface.and_then(|name| interface_bytes(&text("/proc/net/dev"), name)),
            tcp_retransmits: tcp_retransmits(&text("/proc/net/snmp")),
            swapped_pages: swapped_pages(&text("/proc/vmstat")),
            at: Instant::now(),
        })
    }

    /// What happened since `earlier`.
    pub fn since(&self, earlier: &Self) -> MachineUsage {
        let ticks_per_second = rustix::param::clock_ticks_per_second() as f64;
        let seconds =
            |of: fn(&CpuTicks) -> u64| of(&self.cpu).saturating_sub(of(&earlier.cpu)) as f64 / ticks_per_second;
        let counted = |now: Option<u64>, then: Option<u64>| Some(now?.saturating_sub(then?));
        let bytes = |of: fn(&InterfaceBytes) -> u64| {
            counted(self.interface.as_ref().map(of), earlier.interface.as_ref().map(of))
        };
        MachineUsage {
            seconds: self.at.duration_since(earlier.at).as_secs_f64(),
            cpu_busy_seconds: seconds(|cpu| cpu.busy),
            cpu_steal_seconds: seconds(|cpu| cpu.steal),
            cpu_disk_wait_seconds: seconds(|cpu| cpu.disk_wait),
            interface: self.interface.as_ref().map(|interface| interface.name.clone()),
            link_bits_per_second: self.interface.as_ref().and_then(|interface| link_speed(&interface.name)),
            received_bytes: bytes(|interface| interface.received),
            sent_bytes: bytes(|interface| interface.sent),
            tcp_retransmits: counted(self.tcp_retransmits, earlier.tcp_retransmits),
            swapped_pages: counted(self.swapped_pages, earlier.swapped_pages),
        }
    }
}

/// The name of the network interface that packets to `endpoint_url` leave by; without one, the way out of here.
///
/// Nothing is sent: the kernel is asked for its route. A name is looked up as every client will.
pub fn interface_to(endpoint_url: Option<&str>) -> Option<String> {
    let url = endpoint_url.unwrap_or("https://s3.amazonaws.com");
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let with_port = match authority.rsplit_once(':') {
        Some((_, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => authority.to_owned(),
        _ => format!("{authority}:{}", if scheme == "http" { 80 } else { 443 }),
    };
    let target = match endpoint_url {
        Some(_) => with_port.to_socket_addrs().ok()?.next()?,
        // Documentation addresses are routed as any other far away.
        None => (IpAddr::from([192, 0, 2, 1]), 443).into(),
    };
    let here: IpAddr = if target.is_ipv4() { [0; 4].into() } else { [0_u16; 8].into() };
    let socket = UdpSocket::bind((here, 0)).ok()?;
    socket.connect(target).ok()?;
    interface_of(socket.local_addr().ok()?.ip())
}

fn interface_of(address: IpAddr) -> Option<String> {
    let has_address = |of: &nix::ifaddrs::InterfaceAddress| {
        let Some(storage) = of.address else { return false };
        let found = match (storage.as_sockaddr_in(), storage.as_sockaddr_in6()) {
            (Some(address), _) => IpAddr::from(address.ip()),
            (_, Some(address)) => IpAddr::from(address.ip()),
            _ => return false,
        };
        found == address || (found.is_loopback() && address.is_loopback())
    };
    nix::ifaddrs::getifaddrs().ok()?.find(has_address).map(|of| of.interface_name)
}

fn cpu_ticks(stat: &str) -> Option<CpuTicks> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> = line.split_whitespace().map_while(|field| field.parse().ok()).collect();
    // proc(5): user nice system idle iowait irq softirq steal, where guests are part of user and nice.
    let &[user, nice, system, _idle, disk_wait, irq, softirq, steal, ..] = ticks.as_slice() else { return None };
    Some(CpuTicks { busy: user + nice + system + irq + softirq, disk_wait, steal })
}

fn interface_bytes(dev: &str, name: &str) -> Option<InterfaceBytes> {
    let (_, counters) = dev.lines().filter_map(|line| line.split_once(':')).find(|(found, _)| found.trim() == name)?;
    let counters: Vec<u64> = counters.split_whitespace().map_while(|field| field.parse().ok()).collect();
    // Eight columns of what was received, then eight of what was sent; bytes are the first of each.
    Some(InterfaceBytes { name: name.to_owned(), received: *counters.first()?, sent: *counters.get(8)? })
}

fn link_speed(name: &str) -> Option<u64> {
    // In Mbit/s; -1 or an error where there is no such thing.
    let speed = fs::read_to_string(format!("/sys/class/net/{name}/speed")).ok()?;
    speed.trim().parse::<u64>().ok()?.checked_mul(1_000_000)
}

fn tcp_retransmits(snmp: &str) -> Option<u64> {
    let mut lines = snmp.lines().filter_map(|line| line.strip_prefix("Tcp:"));
    let column = lines.next()?.split_whitespace().position(|name| name == "RetransSegs")?;
    lines.next()?.split_whitespace().nth(column)?.parse().ok()
}

fn swapped_pages(vmstat: &str) -> Option<u64> {
    let count = |name: &str| {
        let line = vmstat.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        line.trim().parse::<u64>().ok()
    };
    Some(count("pswpin")? + count("pswpout")?)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn the_kernels_tables_are_read() {
        let stat = "cpu  10 1 20 1000 5 2 3 4 6 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
        assert_eq!(cpu_ticks(stat), Some(CpuTicks { busy: 36, disk_wait: 5, steal: 4 }));
        assert_eq!(cpu_ticks("cpu  10 1"), None);
        let dev = "Inter-| Receive\n face |bytes\n    lo: 11 2 0 0 0 0 0 0 12 2 0 0 0 0 0 0\n eth0:5 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n";
        let eth0 = InterfaceBytes { name: "eth0".to_owned(), received: 5, sent: 7 };
        assert_eq!(interface_bytes(dev, "eth0"), Some(eth0));
        assert_eq!(interface_bytes(dev, "eth1"), None);
        let snmp = "Ip: A\nIp: 1\nTcp: RtoMin RetransSegs InErrs\nTcp: 200 42 0\n";
        assert_eq!(tcp_retransmits(snmp), Some(42));
        assert_eq!(swapped_pages("pgpgin 1\npswpin 3\npswpout 4\n"), Some(7));
        assert_eq!(swapped_pages("pgpgin 1\n"), None);
    }

    #[test]
    fn traffic_on_loopback_is_seen() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let interface = interface_to(Some(&url)).unwrap();
        let before = MachineCounters::read(Some(&interface)).unwrap();
        let mut sent = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut received, _) = listener.accept().unwrap();
        let sender = std::thread::spawn(move || sent.write_all(&vec![7; 1 << 20]).unwrap());
        received.read_exact(&mut vec![0; 1 << 20]).unwrap();
        sender.join().unwrap();
        let usage = MachineCounters::read(Some(&interface)).unwrap().since(&before);
        assert_eq!(usage.interface.as_deref(), Some("lo"));
        assert!(usage.received_bytes.unwrap() >= 1 << 20 && usage.sent_bytes.unwrap() >= 1 << 20, "{usage:?}");
        assert!(usage.seconds > 0.0);
    }
}

//! Free ports for servers that cannot be asked to choose their own.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

/// Ports that this process has given out: no two tests ever get the same one.
static GIVEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// `SeaweedFS` listens on each of its ports and on the port this far above it.
const OFFSET: u16 = 10_000;

/// `count` free ports, with the ports 10,000 above them free too.
pub fn free_with_twin(count: usize) -> Vec<u16> {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let given = given.get_or_insert_with(HashSet::new);
    let mut held = Vec::new();
    let mut ports = Vec::new();
    while ports.len() < count {
        // Held open until all are chosen, so that no port is found twice.
        let Some((port, listeners)) = candidate() else {
            continue;
        };
        held.push(listeners);
        if !given.contains(&port) && !given.contains(&(port + OFFSET)) {
            given.extend([port, port + OFFSET]);
            ports.push(port);
        }
    }
    ports
}

/// A free port. Connections to it are refused as long as nobody listens on it.
pub fn free() -> u16 {
    free_with_twin(1)[0]
}

fn candidate() -> Option<(u16, [TcpListener; 2])> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    let port = listener.local_addr().ok()?.port();
    let twin = TcpListener::bind((Ipv4Addr::LOCALHOST, port.checked_add(OFFSET)?)).ok()?;
    Some((port, [listener, twin]))
}

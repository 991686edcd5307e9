//! The throughput of bare TCP over 127.0.0.1: no client of an endpoint there can be faster.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use run_records::analysis::calibration::LoopbackLimit;
use run_records::results::Spread;

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(250);
/// Bytes per call: as many as clients read and write at once.
const BLOCK: usize = 256 << 10;
/// Bytes of a question and of its answer: about the head of a small request.
const QUESTION: usize = 512;

/// Measures `connections` concurrent connections; `None` if `stopped` says so.
pub fn measure(connections: usize, stopped: &impl Fn() -> bool) -> std::io::Result<Option<LoopbackLimit>> {
    let (mut gbps, mut trips) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        if stopped() {
            return Ok(None);
        }
        let (bytes, seconds) = side_by_side(connections, send, receive)?;
        gbps.push(bytes as f64 * 8.0 / 1e9 / seconds);
        let (answers, seconds) = side_by_side(connections, answer, ask)?;
        trips.push(answers as f64 / seconds);
    }
    Ok(Some(LoopbackLimit {
        connections: connections as u64,
        gbps: Spread::of(gbps).expect("there are rounds"),
        round_trips_per_second: Spread::of(trips).expect("there are rounds"),
    }))
}

/// Runs both ends of all connections; returns what the client ends counted, and in how many seconds.
fn side_by_side(
    connections: usize,
    server: fn(TcpStream) -> std::io::Result<()>,
    client: fn(TcpStream) -> std::io::Result<u64>,
) -> std::io::Result<(u64, f64)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let mut ends = Vec::new();
    for _ in 0..connections {
        let ours = TcpStream::connect(listener.local_addr()?)?;
        let (theirs, _) = listener.accept()?;
        ours.set_nodelay(true)?;
        theirs.set_nodelay(true)?;
        ends.push((ours, theirs));
    }
    thread::scope(|scope| {
        let began = Instant::now();
        let running: Vec<_> = ends
            .into_iter()
            .map(|(ours, theirs)| {
                // The client closes its end when the round is over, which ends this loop.
                scope.spawn(move || drop(server(theirs)));
                scope.spawn(move || client(ours))
            })
            .collect();
        let mut counted = 0;
        for client in running {
            counted += client.join().expect("counting does not panic")?;
        }
        Ok((counted, began.elapsed().as_secs_f64()))
    })
}

fn send(mut stream: TcpStream) -> std::io::Result<()> {
    let block = vec![1_u8; BLOCK];
    loop {
        stream.write_all(&block)?;
    }
}

fn receive(mut stream: TcpStream) -> std::io::Result<u64> {
    let mut block = vec![0_u8; BLOCK];
    let (began, mut bytes) = (Instant::now(), 0);
    while began.elapsed() < ROUND {
        bytes += stream.read(&mut block)? as u64;
    }
    Ok(bytes)
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut question = [0_u8; QUESTION];
    loop {
        stream.read_exact(&mut question)?;
        stream.write_all(&question)?;
    }
}

fn ask(mut stream: TcpStream) -> std::io::Result<u64> {
    let mut question = [0_u8; QUESTION];
    let (began, mut answers) = (Instant::now(), 0);
    while began.elapsed() < ROUND {
        stream.write_all(&question)?;
        stream.read_exact(&mut question)?;
        answers += 1;
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_carry_something_and_all_ends_are_joined() {
        let limit = measure(2, &|| false).unwrap().expect("nobody stopped it");
        assert_eq!((limit.connections, limit.gbps.n), (2, ROUNDS));
        assert!(limit.gbps.low > 0.01 && limit.round_trips_per_second.low > 10.0, "{limit:?}");
        assert_eq!(measure(1, &|| true).unwrap(), None);
    }
}

//! TCP servers that do one thing wrong: faults below HTTP, which no proper server makes on request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

/// What the server does with each connection.
#[derive(Clone, Copy)]
pub enum Misbehaviour {
    /// Closes it before anything is read.
    HangUp,
    /// Reads the request and closes without an answer.
    NoAnswer,
    /// Answers 200 with half of the body that it announces.
    HalfABody,
    /// Answers with bytes that are not HTTP.
    Garbage,
}

/// A listening server; it stops when dropped.
pub struct FaultyServer {
    port: u16,
    connections: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FaultyServer {
    /// Listens on a free port.
    pub fn start(misbehaviour: Misbehaviour) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let (connections, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counter, stopped) = (Arc::clone(&connections), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                counter.fetch_add(1, Ordering::Relaxed);
                // A client that has gone away by then needs no answer.
                std::thread::spawn(move || drop(misbehave(stream, misbehaviour)));
            }
        });
        Self { port, connections, stop, thread: Some(thread) }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connections it has seen.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for FaultyServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the thread, so that it sees the flag.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn misbehave(mut stream: TcpStream, misbehaviour: Misbehaviour) -> std::io::Result<()> {
    if matches!(misbehaviour, Misbehaviour::HangUp) {
        return Ok(());
    }
    read_request(&stream)?;
    match misbehaviour {
        Misbehaviour::HangUp | Misbehaviour::NoAnswer => Ok(()),
        Misbehaviour::HalfABody => stream.write_all(
            format!("HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: 2000\r\n\r\n{}", "x".repeat(1000)).as_bytes(),
        ),
        Misbehaviour::Garbage => stream.write_all(b"\x00\x01\x02 this is no HTTP\r\n\r\n"),
    }
}

/// Reads a request to its end: a server that closes with unread bytes would send a reset instead.
fn read_request(stream: &TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    Ok(())
}

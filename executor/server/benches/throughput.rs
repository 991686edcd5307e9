//! Compares the server with a bare hyper server that moves the same bytes. Both are driven by the same bare client, and
//! they take turns.
//!
//! This is a program of its own because Criterion measures one thing after the other, so that a change of the machine's
//! load looks like a difference. It prints the medians of each side's rounds and of the ratios, in wall time and in CPU
//! time of client and server together. Other load on the machine changes the CPU time less.
//! `cargo bench -p embedded-s3 --bench throughput [-- ROUNDS [ONLY]]`

use std::{
    io::{self, Write},
    sync::Arc,
    time::Instant,
};

use embedded_s3::{
    Credentials, ServerConfig,
    admin::{AdminClient, DeclareRequest, DeclaredObject},
    bare::{BareBody, BareClient, BareConnection, BareRequest},
    start,
};
use synthetic_content::Content;
use tokio::{runtime, task::JoinSet};

mod bare_server;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const REGION: &str = "us-east-1";
const GIB: u64 = 1 << 30;
const PART: u64 = 8 << 20;
const SMALL: u64 = 64 << 10;
const SMALL_REQUESTS: u64 = 20_000;
const CONNECTIONS: usize = 8;

/// What one round of a measurement does.
#[derive(Clone, Copy)]
enum Work {
    GetRanges,
    PutParts,
    GetWhole,
    GetSmall,
    PutSmall,
}

impl Work {
    const ALL: [Self; 5] = [Self::GetRanges, Self::PutParts, Self::GetWhole, Self::GetSmall, Self::PutSmall];

    fn name(self) -> &'static str {
        match self {
            Self::GetRanges => "GET 1 GiB in ranges of 8 MiB",
            Self::PutParts => "PUT 1 GiB in bodies of 8 MiB",
            Self::GetWhole => "GET 1 GiB in one request",
            Self::GetSmall => "GET 64 KiB",
            Self::PutSmall => "PUT 64 KiB",
        }
    }

    fn requests(self) -> u64 {
        match self {
            Self::GetRanges | Self::PutParts => GIB / PART,
            Self::GetWhole => 1,
            Self::GetSmall | Self::PutSmall => SMALL_REQUESTS,
        }
    }

    fn bytes(self) -> u64 {
        match self {
            Self::GetRanges | Self::PutParts | Self::GetWhole => GIB,
            Self::GetSmall | Self::PutSmall => SMALL * SMALL_REQUESTS,
        }
    }

    fn request(self, number: u64) -> BareRequest {
        let put = |key: String, len| {
            let body = BareBody::synthetic(Content::of_key(&key), 0, len);
            BareRequest { body, ..BareRequest::new(http::Method::PUT, format!("/bench/{key}")) }
        };
        match self {
            Self::GetRanges => {
                let first = number * PART;
                BareRequest::get("/bench/large").header("range", format!("bytes={first}-{}", first + PART - 1))
            }
            Self::PutParts => put(format!("put/{number}"), PART),
            Self::GetWhole => BareRequest::get("/bench/large"),
            Self::GetSmall => BareRequest::get(format!("/bench/small/{}", number % 1000)),
            Self::PutSmall => put(format!("small/{}", number % 1000), SMALL),
        }
    }
}

/// The cost of a round: wall seconds, and CPU seconds of this process, which is client and server together.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
}

fn cpu_seconds() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Does the work over connections that are already open, and returns them.
async fn round(connections: &mut Vec<BareConnection>, work: Work) -> Result<Cost> {
    let share = connections.len().min(usize::try_from(work.requests())?);
    let idle = connections.split_off(share);
    let mut tasks = JoinSet::new();
    let (began, cpu) = (Instant::now(), cpu_seconds());
    for (index, mut connection) in connections.drain(..).enumerate() {
        tasks.spawn(async move {
            let mut moved = 0;
            let mut number = index as u64;
            while number < work.requests() {
                let request = work.request(number);
                let sent = request.body.remaining();
                let (status, received) = connection.drain(request).await?;
                if !status.is_success() {
                    return Err(format!("{}: {status}", work.name()).into());
                }
                moved += sent + if sent == 0 { received } else { 0 };
                number += share as u64;
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>((connection, moved))
        });
    }
    let mut moved = 0;
    while let Some(done) = tasks.join_next().await {
        let (connection, bytes) = done??;
        connections.push(connection);
        moved += bytes;
    }
    let cost = Cost { wall: began.elapsed().as_secs_f64(), cpu: cpu_seconds() - cpu };
    connections.extend(idle);
    if moved != work.bytes() {
        return Err(format!("{}: {moved} bytes moved", work.name()).into());
    }
    Ok(cost)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn connect(client: &BareClient) -> Result<Vec<BareConnection>> {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(client.connect().await?);
    }
    Ok(connections)
}

/// One line of the table: the rates and CPU times of both sides, and their ratios.
fn line(work: Work, costs: &[Vec<Cost>; 2]) -> String {
    let side = |costs: &[Cost]| {
        let (wall, cpu) = (median(costs.iter().map(|cost| cost.wall)), median(costs.iter().map(|cost| cost.cpu)));
        match work {
            Work::GetSmall | Work::PutSmall => {
                let requests = work.requests() as f64;
                format!("{:>7.0} /s {:>6.1} us", requests / wall, cpu / requests * 1e6)
            }
            _ => {
                let bytes = work.bytes() as f64;
                format!("{:>5.1} Gb/s {:>5.2} s/GiB", bytes * 8.0 / 1e9 / wall, cpu * GIB as f64 / bytes)
            }
        }
    };
    let pairs = || costs[0].iter().zip(&costs[1]);
    let ratio = median(pairs().map(|(bare, ours)| bare.wall / ours.wall));
    let cpu = median(pairs().map(|(bare, ours)| bare.cpu / ours.cpu));
    format!("{:<29} {:>24} {:>24} {ratio:>6.2} {cpu:>6.2}", work.name(), side(&costs[0]), side(&costs[1]))
}

async fn compare(ours: &BareClient, bare: &BareClient, rounds: usize, only: Option<&str>) -> Result<()> {
    let mut sides = [connect(bare).await?, connect(ours).await?];
    writeln!(io::stdout(), "{:<29} {:>24} {:>24} {:>6} {:>6}", "", "bare hyper", "embedded", "ratio", "cpu")?;
    for work in Work::ALL.into_iter().filter(|work| only.is_none_or(|only| work.name().contains(only))) {
        let mut costs = [Vec::new(), Vec::new()];
        for turn in 0..=rounds {
            // A B, B A, and so on, so that neither side always comes first.
            for side in [turn % 2, 1 - turn % 2] {
                let cost = round(&mut sides[side], work).await?;
                // The first turn warms up.
                if turn > 0 {
                    costs[side].push(cost);
                }
            }
        }
        writeln!(io::stdout(), "{}", line(work, &costs))?;
    }
    Ok(())
}

async fn prepare(endpoint: &str) -> Result<()> {
    let object = |key: String, size| DeclaredObject { bucket: "bench".into(), key, size, checksum: None };
    let mut objects = vec![object("large".into(), GIB)];
    objects.extend((0..1000).map(|number| object(format!("small/{number}"), SMALL)));
    let request = DeclareRequest { ensure_bucket: Some("bench".into()), objects };
    AdminClient::new(endpoint, "bench")?.declare(&request).await?;
    Ok(())
}

fn main() -> Result<()> {
    // cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let rounds = arguments.first().map_or(Ok(9), |rounds| rounds.parse())?;
    let only = arguments.get(1).map(String::as_str);
    let runtime = |name| runtime::Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build();
    // Server and client have worker threads of their own, as they would in two processes.
    let (serving, calling) = (runtime("serving")?, runtime("calling")?);
    let state = tempfile::tempdir()?;
    let credentials = Credentials { access_key: "bench".into(), secret_key: "bench-secret".into() };
    let config = ServerConfig {
        state_dir: state.path().to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        credentials: credentials.clone(),
        region: REGION.into(),
        admin_token: "bench".into(),
    };
    let server = serving.block_on(start(config))?;
    let bare = serving.block_on(bare_server::start())?;
    let credentials = Arc::new(credentials);
    let client = |endpoint: &str| BareClient::new(endpoint, Credentials::clone(&credentials), REGION);
    calling.block_on(async {
        prepare(&server.endpoint()).await?;
        compare(&client(&server.endpoint()), &client(&bare), rounds, only).await
    })?;
    serving.block_on(server.shutdown());
    Ok(())
}

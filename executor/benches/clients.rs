//! The clients `hyper` and `sdk-rust` against bare hyper with `SigV4`, on the same embedded server, taking turns in one run.
//!
//! The server is a process of its own, so the CPU shown is the client's alone. All sides keep as many requests in
//! flight and move the same parts. The figures are medians over rounds; a ratio is the median of the rounds' ratios.
//! `cargo bench -p wlx --bench clients [-- ROUNDS]`

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use client_runner::repeat;
use embedded_s3::admin::{AdminClient, DeclareRequest, DeclaredObject};
use embedded_s3::bare::{BareBody, BareClient, BareConnection, BareRequest};
use embedded_s3::{Credentials, ServerConfig};
use s3_clients::endpoint::{Connection, StaticCredentials};
use s3_clients::{Client, ClientId, ClientSettings, DataPlace, Job, connections_for};
use synthetic_content::Content;
use system_measure::own_usage;
use tokio::task::JoinSet;
use workload_schema::event::Tuned;
use workload_schema::{BucketName, Gbps, ObjectKey, Operation};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const BUCKET: &str = "bench";
const REGION: &str = "us-east-1";
const KEY: &str = "bench-access-key";
const SECRET: &str = "bench-secret-key";
const SERVE: &str = "--serve-for-bench";
const GIB: u64 = 1 << 30;
const PART: u64 = 8 << 20;
const SMALL: u64 = 64 << 10;
const SMALL_TASKS: u64 = 5_000;
/// Target throughput in gigabit/s: the least concurrency of the rule, 10 requests in flight.
const TARGET: f64 = 4.0;
const ROUNDS: usize = 7;

#[derive(Clone, Copy)]
enum Work {
    Large(Operation),
    Small(Operation),
}

impl Work {
    const ALL: [Self; 4] = [
        Self::Large(Operation::Download),
        Self::Large(Operation::Upload),
        Self::Small(Operation::Download),
        Self::Small(Operation::Upload),
    ];

    fn name(self) -> String {
        match self {
            Self::Large(action) => format!("{action} 1 GiB, RAM"),
            Self::Small(action) => format!("{action} 64 KiB, RAM"),
        }
    }

    fn jobs(self) -> Arc<[Job]> {
        let job = |operation, key: String, size| Job {
            operation,
            key: ObjectKey::new(key).expect("a valid key"),
            size,
            place: DataPlace::Memory,
        };
        match self {
            Self::Large(action) => vec![job(action, format!("{action}/large"), GIB)].into(),
            Self::Small(action) => {
                (0..SMALL_TASKS).map(|number| job(action, format!("{action}/small/{}", number % 1000), SMALL)).collect()
            }
        }
    }

    /// The requests that the same work takes without an SDK.
    fn requests(self) -> Vec<BareRequest> {
        let put = |key: &str, target: String, offset, len| BareRequest {
            body: BareBody::synthetic(Content::of_key(key), offset, len),
            ..BareRequest::new(http::Method::PUT, target)
        };
        let offsets = || (0..GIB / PART).map(|part| part * PART);
        match self {
            Self::Large(Operation::Download) => offsets()
                .map(|offset| {
                    BareRequest::get(format!("/{BUCKET}/download/large"))
                        .header("range", format!("bytes={offset}-{}", offset + PART - 1))
                })
                .collect(),
            // Single objects of a part's size: what a multipart upload does without its two small requests.
            Self::Large(Operation::Upload) => offsets()
                .map(|offset| (offset, format!("upload/part/{offset}")))
                .map(|(_, key)| put(&key, format!("/{BUCKET}/{key}"), 0, PART))
                .collect(),
            Self::Small(action) => (0..SMALL_TASKS)
                .map(|number| format!("{action}/small/{}", number % 1000))
                .map(|key| match action {
                    Operation::Download => BareRequest::get(format!("/{BUCKET}/{key}")),
                    Operation::Upload => put(&key, format!("/{BUCKET}/{key}"), 0, SMALL),
                })
                .collect(),
        }
    }

    fn bytes(self) -> u64 {
        match self {
            Self::Large(_) => GIB,
            Self::Small(_) => SMALL * SMALL_TASKS,
        }
    }
}

/// What a round took of this process.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
}

fn cpu_seconds() -> f64 {
    let usage = own_usage();
    usage.cpu.user_seconds + usage.cpu.system_seconds
}

async fn bare_round(connections: &mut Vec<BareConnection>, work: Work) -> Result<Cost> {
    let shares = connections.len();
    let mut queues: Vec<Vec<BareRequest>> = (0..shares).map(|_| Vec::new()).collect();
    for (index, request) in work.requests().into_iter().enumerate() {
        queues[index % shares].push(request);
    }
    let mut tasks = JoinSet::new();
    let (began, cpu) = (Instant::now(), cpu_seconds());
    for (mut connection, queue) in connections.drain(..).zip(queues) {
        tasks.spawn(async move {
            let mut moved = 0;
            for request in queue {
                let sent = request.body.remaining();
                let (status, received) = connection.drain(request).await?;
                if !status.is_success() {
                    return Err(format!("bare: {status}").into());
                }
                moved += if sent == 0 { received } else { sent };
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
    if moved == work.bytes() { Ok(cost) } else { Err(format!("bare moved {moved} bytes").into()) }
}

async fn client_round(client: &Arc<dyn Client>, work: Work) -> Result<Cost> {
    let (jobs, shared) = (work.jobs(), Arc::new(repeat::Shared::new(false)));
    let cpu = cpu_seconds();
    let outcome = repeat::run(client, &jobs, &shared).await;
    let cpu = cpu_seconds() - cpu;
    if !outcome.errors.is_empty() || outcome.bytes != work.bytes() {
        return Err(format!("{}: {:?}", client.hello().client, outcome.errors).into());
    }
    Ok(Cost { wall: outcome.seconds, cpu })
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What takes turns.
enum Side {
    Bare(Vec<BareConnection>),
    Client(Arc<dyn Client>),
}

impl Side {
    async fn bare(endpoint: &str, target: Gbps) -> Result<Self> {
        let bare = BareClient::new(endpoint, Credentials { access_key: KEY.into(), secret_key: SECRET.into() }, REGION);
        let mut connections = Vec::new();
        for _ in 0..connections_for(target) {
            connections.push(bare.connect().await?);
        }
        Ok(Self::Bare(connections))
    }

    async fn client(id: ClientId, endpoint: &str, target: Gbps) -> Result<Self> {
        let credentials = StaticCredentials { access_key_id: KEY.into(), secret_access_key: SECRET.into() };
        let connection = Connection {
            endpoint_url: Some(endpoint.into()),
            region: REGION.into(),
            profile: None,
            credentials: Some(credentials),
        };
        let settings = ClientSettings {
            connection,
            bucket: BucketName::new(BUCKET)?,
            target,
            checksum: None,
            files_on_disk: false,
            operations: Operation::ALL.to_vec(),
            largest_upload: None,
            largest_download: None,
            tasks: 1000,
            tuned: Tuned::default(),
        };
        Ok(Self::Client(id.make(&settings).await?.into()))
    }

    async fn round(&mut self, work: Work) -> Result<Cost> {
        match self {
            Self::Bare(connections) => bare_round(connections, work).await,
            Self::Client(client) => client_round(client, work).await,
        }
    }
}

/// The costs of bare hyper, `hyper` and `sdk-rust`, round by round.
type Costs = [Vec<Cost>; 3];

fn shown(work: Work, costs: &[Cost]) -> String {
    let (wall, cpu) = (median(costs.iter().map(|cost| cost.wall)), median(costs.iter().map(|cost| cost.cpu)));
    match work {
        Work::Large(_) => format!("{:6.2} Gb/s {cpu:5.3} s/GiB", work.bytes() as f64 * 8.0 / 1e9 / wall),
        Work::Small(_) => {
            format!("{:6.0} /s {:5.1} us each", SMALL_TASKS as f64 / wall, cpu / SMALL_TASKS as f64 * 1e6)
        }
    }
}

/// The rate and the work a CPU second of `one`, as multiples of those of `other`.
fn ratios(one: &[Cost], other: &[Cost]) -> String {
    let ratio = |of: fn(&Cost) -> f64| median(one.iter().zip(other).map(|(one, other)| of(other) / of(one)));
    format!("{:5.2} {:5.2}", ratio(|cost| cost.wall), ratio(|cost| cost.cpu))
}

fn line(work: Work, costs: &Costs) -> String {
    let [bare, hyper, sdk] = costs;
    row([
        &work.name(),
        &shown(work, bare),
        &shown(work, hyper),
        &shown(work, sdk),
        &ratios(hyper, bare),
        &ratios(hyper, sdk),
        &ratios(sdk, bare),
    ])
}

fn row(cells: [&str; 7]) -> String {
    let [work, bare, hyper, sdk, hyper_bare, hyper_sdk, sdk_bare] = cells;
    format!("{work:<21} {bare:>24} {hyper:>24} {sdk:>24} {hyper_bare:>12} {hyper_sdk:>12} {sdk_bare:>12}")
}

async fn compare(endpoint: &str, rounds: usize) -> Result<()> {
    let target = Gbps::new(TARGET)?;
    let mut sides = [
        Side::bare(endpoint, target).await?,
        Side::client(ClientId::Hyper, endpoint, target).await?,
        Side::client(ClientId::SdkRust, endpoint, target).await?,
    ];
    let mut out = std::io::stdout();
    writeln!(out, "{}", row(["", "bare hyper", "hyper", "sdk-rust", "hyper:bare", "hyper:sdk", "sdk:bare"]))?;
    let ratio = "rate   cpu";
    writeln!(out, "{}", row(["", "", "", "", ratio, ratio, ratio]))?;
    for work in Work::ALL {
        let mut costs = Costs::default();
        // The first turn warms up. Then A B C, C B A, ...: no side always comes first or after the same other.
        for turn in 0..=rounds {
            for place in 0..sides.len() {
                let side = if turn % 2 == 0 { place } else { sides.len() - 1 - place };
                let cost = sides[side].round(work).await?;
                if turn > 0 {
                    costs[side].push(cost);
                }
            }
        }
        writeln!(out, "{}", line(work, &costs))?;
    }
    Ok(())
}

/// This program as the server, until its stdin closes.
async fn serve() -> Result<()> {
    let state = tempfile::tempdir()?;
    let server = embedded_s3::start(ServerConfig {
        state_dir: state.path().to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        credentials: Credentials { access_key: KEY.into(), secret_key: SECRET.into() },
        region: REGION.into(),
        admin_token: SECRET.into(),
    })
    .await?;
    let object = |key: String, size| DeclaredObject { bucket: BUCKET.into(), key, size, checksum: None };
    let mut objects = vec![object("download/large".into(), GIB)];
    objects.extend((0..1000).map(|number| object(format!("download/small/{number}"), SMALL)));
    AdminClient::new(&server.endpoint(), SECRET)?
        .declare(&DeclareRequest { ensure_bucket: Some(BUCKET.into()), objects })
        .await?;
    writeln!(std::io::stdout(), "{}", server.endpoint())?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    server.shutdown().await;
    Ok(())
}

fn start_server() -> Result<(Child, String)> {
    let mut child =
        Command::new(std::env::current_exe()?).arg(SERVE).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("stdout is piped")?).read_line(&mut line)?;
    Ok((child, line.trim().to_owned()))
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    if std::env::args().any(|argument| argument == SERVE) {
        return runtime.block_on(serve());
    }
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ROUNDS);
    let (mut server, endpoint) = start_server()?;
    let result = runtime.block_on(compare(&endpoint, rounds));
    drop(server.stdin.take());
    server.wait()?;
    result
}

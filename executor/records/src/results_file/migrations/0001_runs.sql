-- A run: one client on one workload. `hello`, `settings`, `machine` and `writer` are JSON documents.
CREATE TABLE run (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    session         TEXT NOT NULL,
    started_at      TEXT NOT NULL,
    ended_at        TEXT,
    workload        TEXT NOT NULL,
    workload_digest TEXT NOT NULL,
    workload_bytes  INTEGER NOT NULL,
    workload_tasks  INTEGER NOT NULL,
    scale           TEXT NOT NULL,
    client          TEXT NOT NULL,
    hello           TEXT,
    settings        TEXT NOT NULL,
    wlx_version     TEXT NOT NULL,
    machine         TEXT NOT NULL,
    writer          TEXT NOT NULL,
    outcome         TEXT NOT NULL,
    reason          TEXT
) STRICT;

CREATE INDEX run_session ON run (session);
CREATE INDEX run_workload_client ON run (workload, client);

-- A repeat of a run. Numbers that nobody measured are NULL, never 0.
CREATE TABLE repeat (
    run                INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    repeat             INTEGER NOT NULL CHECK (repeat >= 1),
    cold               INTEGER NOT NULL CHECK (cold IN (0, 1)),
    seconds            REAL NOT NULL CHECK (seconds >= 0),
    bytes              INTEGER NOT NULL,
    requests           INTEGER,
    retries            INTEGER,
    cpu_user_seconds   REAL,
    cpu_system_seconds REAL,
    peak_memory_bytes  INTEGER,
    PRIMARY KEY (run, repeat)
) STRICT, WITHOUT ROWID;

-- Failed tasks of a repeat by cause, in the order in which the runner named them.
CREATE TABLE repeat_error (
    run         INTEGER NOT NULL,
    repeat      INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    http_status INTEGER,
    s3_code     TEXT,
    message     TEXT NOT NULL,
    count       INTEGER NOT NULL,
    PRIMARY KEY (run, repeat, position),
    FOREIGN KEY (run, repeat) REFERENCES repeat (run, repeat) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What a repeat took beside CPU and memory: a JSON document.
ALTER TABLE repeat ADD COLUMN backoff_seconds REAL;
ALTER TABLE repeat ADD COLUMN usage TEXT NOT NULL DEFAULT '{}';

-- The tasks of a workload by its digest, in blocks of columns (store/columns/).
CREATE TABLE workload_tasks (
    digest TEXT NOT NULL,
    block  INTEGER NOT NULL,
    data   BLOB NOT NULL,
    PRIMARY KEY (digest, block)
) STRICT;

-- When each task of a repeat began and ended, in blocks of columns.
CREATE TABLE repeat_tasks (
    run    INTEGER NOT NULL,
    repeat INTEGER NOT NULL,
    block  INTEGER NOT NULL,
    tasks  INTEGER NOT NULL,
    data   BLOB NOT NULL,
    PRIMARY KEY (run, repeat, block),
    FOREIGN KEY (run, repeat) REFERENCES repeat (run, repeat) ON DELETE CASCADE
) STRICT;

-- How far a repeat was, moment by moment, in columns.
CREATE TABLE repeat_series (
    run    INTEGER NOT NULL,
    repeat INTEGER NOT NULL,
    data   BLOB NOT NULL,
    PRIMARY KEY (run, repeat),
    FOREIGN KEY (run, repeat) REFERENCES repeat (run, repeat) ON DELETE CASCADE
) STRICT;

-- Findings that are not runs: what a client was seen to do, the floor of a machine, the outcome of a comparison.
CREATE TABLE finding (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    kind           TEXT NOT NULL,
    found_at       TEXT NOT NULL,
    session        TEXT NOT NULL,
    wlx_version    TEXT NOT NULL,
    client         TEXT,
    client_version TEXT,
    body           TEXT NOT NULL
) STRICT;

CREATE INDEX finding_kind ON finding (kind, client, client_version);

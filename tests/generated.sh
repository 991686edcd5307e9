#!/usr/bin/env bash
# Everything that is generated and committed: compiled workloads, JSON Schemas, references.
# `generated.sh write` brings it up to date, `generated.sh check` changes nothing and fails where it differs.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-}
case $mode in
    write | check) ;;
    *)
        echo "usage: generated.sh write|check" >&2
        exit 2
        ;;
esac
# Built with the tests, so that dependencies have the same features as in `make test` and are not built twice.
cargo build --quiet --locked --workspace --features wlx/all-clients --bins --tests
wlc=${CARGO_TARGET_DIR:-target}/debug/wlc
wlx=${CARGO_TARGET_DIR:-target}/debug/wlx
failed=0
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT

# generated FILE COMMAND...: FILE is what COMMAND prints. A command that fails changes no file.
generated() {
    local file=$1
    shift
    "$@" > "$fresh"
    if cmp --silent "$file" "$fresh"; then
        return
    fi
    if [ "$mode" = write ]; then
        cat "$fresh" > "$file"
        echo "wrote $file"
    else
        echo "error: $file is not what the sources make; run \`make generate\`" >&2
        diff -u "$file" "$fresh" | head -40 >&2 || true
        failed=1
    fi
}

for kind in source run prep; do
    generated "schema/$kind.schema.json" "$wlc" schema "$kind"
done
for reference in language diagnostics; do
    generated "docs/$reference.md" "$wlc" docs "$reference"
done

compatibility() {
    cat << 'HEAD'
# Which workloads a command line does in one command

Written by `make generate` from the compiled standard set and the pinned versions; do not edit. `wlx compat WORKLOAD` shows the actual
command for the clients, files and bucket at hand, or the reason why there is none. A workload must fit into one command: several in a
row would start several processes and look unfairly slow. The clients that are libraries run all of these workloads.

HEAD
    "$wlx" --workloads-dir workloads compat --pinned --format markdown
    cat << 'TAIL'

The table leaves out what depends on the files and objects at hand. A file in the directory of a multi-file upload, or an object below
the prefix of a multi-file download, that the workload does not name makes the client skip it: the command would transfer it too. A
missing file or object makes it fail. s5cmd skips directory buckets (names that end in `--x-s3`).
TAIL
}
generated docs/compat.md compatibility

columns() {
    cat << 'HEAD'
# The columns of exported results

Written by `make generate` from the tables of columns in the program; do not edit. `wlx results export --level LEVEL --columns` shows the
same. Names and meanings stay as they are. New columns of the levels `repeat` and `task` are added at the end.

`wlx results export --level run|repeat|task --format csv|json|parquet [-o FILE]` writes one row per run, per repeat (the default) or per
task. Only rows that are `good` are measurements. A value that is unknown, or makes no sense in its row, is empty in CSV and null in JSON
and Parquet.

| type | CSV | JSON | Parquet |
|---|---|---|---|
| text | as it is, quoted where RFC 4180 wants it | string | BYTE_ARRAY, String |
| integer | decimal | number | INT64 |
| float | shortest decimal that reads back as the same | number | DOUBLE |
| boolean | `true`, `false` | `true`, `false` | BOOLEAN |
| time | RFC 3339 in UTC | the same, a string | INT64, Timestamp in microseconds, UTC |

JSON is one document, `{"version": 1, "level": ..., "rows": [...]}`, with one row per line and the names of the columns in camelCase. At
level `repeat`, JSON has whole runs with their repeats instead, and also runs without any (schema/results.schema.json). Parquet is
compressed with Snappy, in row groups of 65536 rows. Its metadata has `wlx.version` and `wlx.level`.
HEAD
    printf '\n## One row per repeat (`--level repeat`)\n\nRuns without a repeat have no row.\n\n'
    "$wlx" results export --columns=markdown --level repeat
    printf '\n## One row per task (`--level task`)\n\nThe recorded tasks, in the order of their runs and repeats.\n\n'
    "$wlx" results export --columns=markdown --level task
    cat << 'RUN'

## One row per run (`--level run`)

The statistics are those of `describe()` of pandas, by the same definitions, over the repeats that `basis` names. A statistic is absent if
there is nothing to compute it from. They are meant for other tools. wlx compares clients by medians with intervals, not by these.

RUN
    "$wlx" results export --columns=markdown --level run
}
generated docs/columns.md columns

# The schemas of what programs exchange at run time are compared, and with UPDATE_SCHEMAS written, by a test.
if [ "$mode" = write ]; then
    UPDATE_SCHEMAS=1 cargo test --locked --quiet --workspace --features wlx/all-clients --test published
else
    cargo test --locked --quiet --workspace --features wlx/all-clients --test published || failed=1
fi

if [ "$mode" = write ]; then
    "$wlc" build workloads-src --prune
else
    "$wlc" build workloads-src --check || failed=1
fi
exit "$failed"

#!/usr/bin/env bash
# From sources to a report, with nothing configured: what the two programs do, in a folder made for it.
# `demo.sh` builds them first; `demo.sh FOLDER` takes the programs in FOLDER as they are.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

say() { printf '\n%s\n' "$*"; }
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
fi
# Shows a command as a person would type it, then runs it.
run() {
    say "\$ $*"
    "$@"
}

programs=${1:-}
if [ -z "$programs" ]; then
    say 'Building both programs'
    (cd "$root" && cargo build --locked --release --bins)
    programs=${CARGO_TARGET_DIR:-$root/target}/release
fi
PATH=$programs:$PATH

folder=$(mktemp -d "${TMPDIR:-/tmp}/demo.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cp -r "$root/workloads-src" "$folder"
cd "$folder"
# None of the machine's own settings: the embedded server is what runs where nothing is configured.
unset "${!AWS_@}" "${!WLX_@}"
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

say 'An empty folder but for the sources of the standard workloads'
run ls workloads-src
run wlc build
run wlc explain upload-8MiB-16x
run wlx prep bucket
run wlx calibrate --size 64MiB
run wlx run upload-64KiB-1_000x download-64KiB-1_000x upload-8MiB-16x download-8MiB-16x --client sdk-rust,hyper --verify
run wlx report
run wlx compare --clients sdk-rust,hyper upload-64KiB-1_000x --time 30
run wlx compat upload-8MiB-16x --pinned
run wlx clients list
run wlx results list
# Beside the programs: what is built is not in the way of anybody's sources.
report=$(cd "$programs" && pwd)/demo-report.html
mv report.html "$report"
say "The report, to be opened in a browser: $report"
say "The folder $folder is removed again. Repeat any of this anywhere: the programs are in $programs."

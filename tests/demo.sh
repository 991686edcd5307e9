#!/usr/bin/env bash
# From sources to results, with nothing configured: what the two programs do, in a folder that is made for it.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n%s\n' "$*"; }
# Shows a command as a person would type it, then runs it.
run() {
    say "\$ $*"
    "$@"
}

say 'Building both programs'
cargo build --locked --release --bins
PATH=$PWD/${CARGO_TARGET_DIR:-target}/release:$PATH

sources=$PWD/workloads-src
folder=$(mktemp -d "${TMPDIR:-/tmp}/demo.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Nothing of the machine's own AWS settings: the embedded server is what runs where nothing is configured.
unset "${!AWS_@}" "${!WLX_@}"
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

run wlc build "$sources"
run wlx prep bucket
run wlx run upload-64KiB-1_000x download-64KiB-1_000x upload-8MiB-16x download-8MiB-16x
run wlx results list

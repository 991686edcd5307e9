#!/usr/bin/env bash
# From sources to a report, with nothing configured: shows what the two programs do, in a temporary folder.
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
    programs=$(cd "$root" && cd "${CARGO_TARGET_DIR:-target}/release" && pwd)
else
    programs=$(cd "$programs" && pwd)
fi
# Else the shell would look for others along the rest of the path.
for program in wlc wlx; do
    "$programs/$program" --version > /dev/null
done
PATH=$programs:$PATH

folder=$(mktemp -d "${TMPDIR:-/tmp}/demo.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cp -r "$root/workloads-src" "$folder"
cd "$folder"
# Nothing of this machine is configured any more, so the embedded server is used.
unset "${!AWS_@}" "${!WLX_@}"
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

say 'A folder that is empty but for the sources of the standard workloads'
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
# Beside the programs, where it does not get among anybody's sources.
report=$programs/demo-report.html
mv report.html "$report"
say "Open the report in a browser: $report"
say "The folder $folder is removed again. You can repeat all of this in any folder: the programs are in $programs."

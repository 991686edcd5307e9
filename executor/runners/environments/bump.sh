#!/usr/bin/env bash
# Takes the newest versions of every client environment (NAME.in) and pins them, with the hashes of all their wheels
# (x86_64 and aarch64 alike), in NAME.txt.
#
# Usage: bump.sh [NAME...]        all environments, or only those named
#
# Run it once a week, look at the difference, run the tests, commit. An environment is installed from its pins with
#   python3 -m venv DIR && DIR/bin/pip install --require-hashes --only-binary :all: -r NAME.txt
# Needs python3 >= 3.9 with venv and a package index (PIP_INDEX_URL where it is not the public one).
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pip-tools

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for source in *.in; do names+=("${source%.in}"); done
fi
for name in "${names[@]}"; do
    "$work/venv/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --upgrade \
        --pip-args '--only-binary :all:' --no-emit-options --no-emit-index-url --no-emit-find-links \
        --no-emit-trusted-host --output-file "$work/$name.txt" "$name.in"
    {
        echo "# Written by bump.sh from $name.in; do not edit."
        cat "$work/$name.txt"
    } > "$name.txt"
done
git --no-pager diff --stat -- .

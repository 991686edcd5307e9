#!/usr/bin/env bash
# Takes the newest version of every component in requirements.in and pins it, with hashes, in requirements.txt.
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pip-tools
"$work/venv/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --upgrade \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file "$work/pins" requirements.in
{
    echo "# Written by \`make bump-components\` from requirements.in; do not edit."
    cat "$work/pins"
} > requirements.txt
git --no-pager diff --stat -- requirements.txt

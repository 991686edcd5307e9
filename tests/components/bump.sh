#!/usr/bin/env bash
# Takes the newest version of every component in the .in files and pins it, with hashes, in the .txt file beside it.
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pip-tools
for name in requirements moto; do
    "$work/venv/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --upgrade \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file "$work/pins" "$name.in"
    {
        echo "# Written by \`make bump-components\` from $name.in; do not edit."
        cat "$work/pins"
    } > "$name.txt"
    rm "$work/pins"
done
git --no-pager diff --stat -- requirements.txt moto.txt

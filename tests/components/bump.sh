#!/usr/bin/env bash
# Pins the newest versions of all packages in the lists NAME.in, with the hashes of all their wheels (for x86_64 and aarch64), in
# NAME.txt beside each list.
#
# Usage: bump.sh [NAME.in...]     all lists, or only those named
#
# Run it once a week: look at the difference, run the tests, commit. To install what is pinned:
#   python3 -m venv DIR && DIR/bin/pip install --require-hashes --only-binary :all: -r NAME.txt
# Needs python3 >= 3.9 with venv, and a package index (PIP_INDEX_URL if it is not the public one).
set -euo pipefail

lists=("$@")
if [ ${#lists[@]} -eq 0 ]; then
    here=$(cd "$(dirname "$0")" && pwd)
    lists=("$here"/*.in "$here"/../../executor/runners/environments/*.in)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pip-tools

for list in "${lists[@]}"; do
    name=$(basename "$list" .in)
    (
        # From its own folder, so that the comments in the result name the list without a path.
        cd "$(dirname "$list")"
        "$work/venv/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --upgrade \
            --pip-args '--only-binary :all:' --no-emit-options --no-emit-index-url --no-emit-find-links \
            --no-emit-trusted-host --output-file "$work/$name.txt" "$name.in"
        {
            echo "# Written by \`make bump-components\` from $name.in; do not edit."
            cat "$work/$name.txt"
        } > "$name.txt"
        git --no-pager diff --stat -- "$name.txt"
    )
done

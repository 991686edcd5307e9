#!/usr/bin/env bash
# Installs the pinned S3 clients and the S3 server of the end-to-end tests into .cache/venv.
# Does nothing where exactly these versions are installed already; an interrupted install starts again from nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

pins=tests/components/requirements.txt
venv=.cache/venv
# Copied last: it is there only if everything in it is installed.
stamp=$venv/installed-requirements.txt

mkdir -p .cache
exec 9>.cache/install.lock
flock 9

if cmp --silent "$pins" "$stamp"; then
    exit 0
fi

echo "installing the S3 clients and the S3 server of the tests into $venv" >&2
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$pins"
cp "$pins" "$stamp"

#!/usr/bin/env bash
# Installs the pinned S3 clients and the S3 server of the end-to-end tests into .cache/venv, the fake of the rest of AWS into
# .cache/moto, and the readers of exported results into .cache/readers.
# Does nothing where exactly these versions are installed already; an interrupted install starts again from nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

mkdir -p .cache
exec 9>.cache/install.lock
flock 9

# install PINS VENV WHAT
install() {
    # Copied last: it is there only if everything in it is installed.
    local pins=tests/components/$1 venv=.cache/$2 stamp=.cache/$2/installed-requirements.txt
    if cmp --silent "$pins" "$stamp"; then
        return
    fi
    echo "installing $3 into $venv" >&2
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$pins"
    cp "$pins" "$stamp"
}

install requirements.txt venv "the S3 clients and the S3 server of the tests"
install moto.txt moto "the fake of the rest of AWS"
install readers.txt readers "the readers of exported results"

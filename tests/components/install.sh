#!/usr/bin/env bash
# Installs what is pinned beside this script, each list into an environment of its own: the S3 clients and the S3 server of the
# end-to-end tests into .cache/venv, the fake of the rest of AWS into .cache/moto, the readers of exported results into .cache/readers.
#
# Does nothing where exactly these versions are installed and still work: an environment does not survive the removal of its Python,
# nor a move of the checkout. Everything else, an interrupted install among it, is installed from nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

mkdir -p .cache
exec 9>.cache/install.lock
flock 9

# Each works_in_VENV takes the folder of an environment and fails, with a reason, where the tests cannot use it.

works_in_venv() {
    "$1/bin/python" -c 'import boto3, awscrt' && "$1/bin/aws" --version && "$1/bin/weed" version
}

works_in_moto() {
    "$1/bin/moto_server" --help
}

works_in_readers() {
    "$1/bin/python" -c 'import pandas, pyarrow'
}

# install PINS VENV WHAT
install() {
    # Copied last: it is there only if everything in it was installed.
    local pins=tests/components/$1 venv=.cache/$2 stamp=.cache/$2/installed-requirements.txt
    if cmp --silent "$pins" "$stamp"; then
        if works "$2"; then
            return
        fi
        echo "warning: $venv does not work any more" >&2
    fi
    echo "installing $3 into $venv" >&2
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$pins"
    works "$2"
    cp "$pins" "$stamp"
}

# Whether the tests can use an environment; says why not.
works() {
    local said
    said=$("works_in_$1" ".cache/$1" 2>&1) || {
        tail -n 3 <<< "$said" >&2
        return 1
    }
}

# At the same time: each is mostly the start of programs in Python.
processes=()
install requirements.txt venv "the S3 clients and the S3 server of the tests" &
processes+=($!)
install moto.txt moto "the fake of the rest of AWS" &
processes+=($!)
install readers.txt readers "the readers of exported results" &
processes+=($!)
failed=0
for process in "${processes[@]}"; do
    wait "$process" || failed=1
done
exit "$failed"

#!/usr/bin/env bash
# Installs what of the system's packages the build and the tests need and is missing: python3's module venv, perl, prometheus,
# script, the browser chromium, and cmake and libclang for the client crt-rust. Only root can; anybody else is told what to
# install.
set -euo pipefail

missing=()
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
# The runner of another maker that the tests start.
perl -MDigest::SHA -MJSON::PP -e 1 2>/dev/null || missing+=(perl)
# What scrapes our metrics, and what gives a program a terminal.
command -v prometheus > /dev/null || missing+=(prometheus)
command -v script > /dev/null || missing+=(bsdutils)
command -v cmake > /dev/null || missing+=(cmake)
# bindgen looks for the library, and clang's own headers beside it.
compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' > /dev/null || compgen -G '/usr/lib/*/libclang*.so*' > /dev/null || missing+=(libclang1-14)
compgen -G '/usr/lib/llvm-*/lib/clang/*/include/stddef.h' > /dev/null || missing+=(libclang-common-14-dev)
# The browser in which the tests read reports.
command -v chromium > /dev/null || missing+=(chromium)
command -v chromedriver > /dev/null || missing+=(chromium-driver)

if [ ${#missing[@]} = 0 ]; then
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "error: missing on this system; install first: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "installing ${missing[*]}" >&2
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2

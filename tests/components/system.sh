#!/usr/bin/env bash
# Installs the packages of the system that the build and the tests need and that do not work yet.
#
# Nothing is looked for: each need is tried by using it, as a file that is there proves little (libclang-cpp is no libclang, a library
# may lack its headers, an install may have been interrupted). What fails is installed, as root, and tried again. Where it still
# fails, or where the user is not root, this says what is unusable and why, and ends with 1.
set -euo pipefail
cd "$(dirname "$0")/../.."

# In the order in which they are told.
needs=(c_build libclang python_venv perl terminal prometheus chromium chromedriver)

declare -A purpose=(
    [c_build]="cmake with a C compiler, for the client crt-rust"
    [libclang]="libclang with its headers, for the client crt-rust"
    [python_venv]="python3's virtual environments, for clients and servers in Python"
    [perl]="perl, for the tests' own runner of another maker"
    [terminal]="script, which gives tests a terminal"
    [prometheus]="prometheus, which scrapes metrics in tests"
    [chromium]="chromium, in which tests read reports"
    [chromedriver]="chromedriver, which drives chromium"
)
declare -A packages=(
    [c_build]="cmake make gcc libc6-dev"
    [libclang]="libclang-dev"
    [python_venv]="python3-venv"
    [perl]="perl"
    [terminal]="bsdutils"
    [prometheus]="prometheus"
    [chromium]="chromium"
    [chromedriver]="chromium-driver"
)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Each use_NEED runs in an empty folder of its own, says why it fails, and is given up after a minute.

use_c_build() {
    # Some systems call version 3 so; the CRT's build takes it first, too.
    local cmake
    cmake=$(command -v cmake3 || echo cmake)
    printf 'cmake_minimum_required(VERSION 3.10)\nproject(usable C)\nadd_executable(usable usable.c)\n' > CMakeLists.txt
    printf '#include <stdio.h>\nint main(void) { return puts("built") < 0; }\n' > usable.c
    timeout 60 "$cmake" -S . -B build && timeout 60 "$cmake" --build build && [ "$(build/usable)" = built ]
}

use_libclang() {
    timeout 60 python3 -B "$components/libclang.py"
}

use_python_venv() {
    # pip itself is not unpacked: that takes seconds. What Debian leaves out is the module that does it, and its wheels.
    timeout 60 python3 -m venv --without-pip venv && timeout 60 venv/bin/python -m ensurepip --version
}

use_perl() {
    timeout 60 perl -c "$components/../foreign/runner.pl"
}

use_terminal() {
    timeout 60 script -qec 'test -t 1' /dev/null
}

use_prometheus() {
    timeout 60 prometheus --version
}

use_chromium() {
    # As the tests do: a script draws, and reads what was drawn.
    cat > page.html << 'PAGE'
<canvas id=c></canvas><p id=said></p><script>
    const drawing = c.getContext('2d');
    drawing.fillStyle = 'rgb(12, 34, 56)';
    drawing.fillRect(0, 0, 9, 9);
    said.textContent = 'drawn in ' + drawing.getImageData(1, 1, 1, 1).data.slice(0, 3).join(' ');
</script>
PAGE
    HOME=$PWD timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$PWD/profile" \
        --dump-dom "file://$PWD/page.html" > page.txt || return
    grep -q 'drawn in 12 34 56' page.txt || {
        echo 'it ran and drew nothing'
        return 1
    }
}

use_chromedriver() {
    local driver browser
    driver=$(timeout 60 chromedriver --version | major_version) || return
    browser=$(timeout 60 chromium --version | major_version) || return
    [ "$driver" = "$browser" ] || {
        echo "chromedriver is of version $driver, chromium of $browser"
        return 1
    }
}

# The first number on stdin.
major_version() {
    sed -E '1s/[^0-9]*([0-9]+).*/\1/;1q'
}

# Tries the given needs, all at once. Leaves those that fail in `unusable`, and what each said in $scratch/NEED.log.
try() {
    local need
    local -A processes=()
    unusable=()
    for need in "$@"; do
        rm -rf "${scratch:?}/$need"
        mkdir "$scratch/$need"
        (cd "$scratch/$need" && "use_$need") > "$scratch/$need.log" 2>&1 < /dev/null &
        processes[$need]=$!
    done
    for need in "$@"; do
        wait "${processes[$need]}" || {
            # As timeout ends.
            [ $? != 124 ] || echo 'it did not end within 60 s' >> "$scratch/$need.log"
            unusable+=("$need")
        }
    done
}

# Says what is unusable and why: the end of what it said, where a program says what is wrong.
tell_unusable() {
    local need
    for need in "${unusable[@]}"; do
        echo "  ${purpose[$need]}" >&2
        { grep -v '^[[:space:]]*$' "$scratch/$need.log" || echo 'no reason given'; } | tail -n 3 | sed 's/^/    /' >&2
    done
}

# Installs the given packages, also those that are installed already: something in them does not work.
install() {
    export DEBIAN_FRONTEND=noninteractive
    local apt=(apt-get -qq -o DPkg::Lock::Timeout=600)
    echo "installing $*" >&2
    # Older lists may do.
    "${apt[@]}" update >&2 || echo "warning: apt-get update failed" >&2
    apt+=(install -y --no-install-recommends --reinstall "$@")
    # An install that was interrupted makes apt-get refuse every later one.
    "${apt[@]}" >&2 || { dpkg --configure -a >&2 && "${apt[@]}" >&2; }
}

components=$PWD/tests/components
try "${needs[@]}"
if [ ${#unusable[@]} = 0 ]; then
    exit 0
fi

missing=()
for need in "${unusable[@]}"; do
    read -ra of_need <<< "${packages[$need]}"
    missing+=("${of_need[@]}")
done
if ! command -v apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
    echo "error: the build and the tests cannot use on this system:" >&2
    tell_unusable
    echo "hint: as root, apt-get install ${missing[*]}, or what your system calls them" >&2
    exit 1
fi
# Whether it helped is told by trying again.
install "${missing[@]}" || echo "warning: apt-get install failed" >&2
try "${unusable[@]}"
if [ ${#unusable[@]} != 0 ]; then
    echo "error: still unusable after apt-get install ${missing[*]}:" >&2
    tell_unusable
    exit 1
fi

#!/bin/sh
# Installs what is written in Python, pinned, into target/tools, or where PLUMBLINE_TOOLS (absolute) says: `emulators`, the
# two AWS emulators of the tests, or `scanners`, those of the template. Does nothing if they are there. Needs python3 with
# venv (Debian: apt-get install python3-venv).
set -eu
cd "$(dirname "$0")/.."

install() {
    wanted=$1
    tools=${PLUMBLINE_TOOLS:-target/tools}/$2
    if cmp -s "$wanted" "$tools/installed.txt"; then
        return
    fi
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
    # Last: a run that was cut short is begun again.
    cp "$wanted" "$tools/installed.txt"
    echo "installed $tools"
}

case ${1:-} in
emulators)
    install tests/stack/requirements.txt ministack-1.5.33
    install tests/stack/requirements-moto.txt moto-5.2.5
    ;;
scanners)
    install infra/requirements.txt infra
    ;;
*)
    echo "usage: $0 emulators | scanners" >&2
    exit 2
    ;;
esac

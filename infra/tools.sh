#!/bin/sh
# Installs the scanners of the template into target/tools, or where PLUMBLINE_TOOLS (absolute) says. Does nothing if they
# are there. Needs python3 with venv (Debian: apt-get install python3-venv).
set -eu
cd "$(dirname "$0")/.."

wanted=infra/requirements.txt
tools=${PLUMBLINE_TOOLS:-target/tools}/infra
if cmp -s "$wanted" "$tools/installed.txt"; then
    exit
fi
rm -rf "$tools"
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
# Last: a run that was cut short is begun again.
cp "$wanted" "$tools/installed.txt"
echo "installed $tools"

#!/bin/sh
# Installs the AWS emulator that the tests of the Lambdas use, into target/tools. Does nothing if it is there.
# Needs python3 with venv (Debian: apt-get install python3-venv).
set -eu
cd "$(dirname "$0")/../.."
tools=target/tools/ministack-1.5.33
wanted=tests/stack/requirements.txt
if cmp -s "$wanted" "$tools/installed.txt"; then
    exit 0
fi
rm -rf "$tools"
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
# Last: a run that was cut short is begun again.
cp "$wanted" "$tools/installed.txt"
echo "installed $tools"

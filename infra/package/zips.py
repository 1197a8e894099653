"""Puts each Lambda binary into a zip that has the same bytes whenever it is made, and holds it against a ceiling.

    zips.py BINARIES DIRECTORY ARCHITECTURE [--debug]

Refuses a binary that would not start on Amazon Linux 2023. Debug builds, which go to the emulator alone, may be of any
size and need not start there.
"""

import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path

# Bytes of a zip. Lambda's own limit is 50 MB; a cold start pays for every one of them, so growth has to be looked at.
CEILINGS = {"ingest": 7_000_000, "router": 16_000_000, "sweep": 10_000_000}

# What Amazon Linux 2023 has.
GLIBC = (2, 34)


def newest_glibc(binary: bytes) -> tuple[int, int]:
    """The newest version of the C library that the binary asks for."""
    asked = re.findall(rb"GLIBC_(\d+)\.(\d+)", binary)
    return max(((int(major), int(minor)) for major, minor in asked), default=(0, 0))


def zipped(binary: bytes, path: Path, level: int) -> None:
    """One file, `bootstrap`, executable, of no date."""
    entry = zipfile.ZipInfo("bootstrap", date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # Unix: the permissions below count
    entry.external_attr = 0o100755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, binary, compresslevel=level)


def main(binaries: Path, directory: Path, architecture: str, debug: bool) -> int:
    directory.mkdir(parents=True, exist_ok=True)
    failures = 0
    for name, ceiling in CEILINGS.items():
        binary = (binaries / name).read_bytes()
        path = directory / f"{name}.zip"
        zipped(binary, path, 1 if debug else 9)
        bytes_of_zip = path.stat().st_size
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{name}.zip {bytes_of_zip / 1e6:.2f} MB of at most {ceiling / 1e6:.2f} MB, sha256 {sha256}")
        if debug:
            continue
        if bytes_of_zip > ceiling:
            print(f"{name}.zip is larger than its ceiling", file=sys.stderr)
            failures += 1
        glibc = newest_glibc(binary)
        if glibc > GLIBC:
            print(f"{name} asks for glibc {glibc[0]}.{glibc[1]}; Amazon Linux 2023 has {GLIBC[0]}.{GLIBC[1]}", file=sys.stderr)
            failures += 1
    (directory / "contents.json").write_text(json.dumps({"architecture": architecture}) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], "--debug" in sys.argv[4:]))

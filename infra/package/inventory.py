"""Says what is in the Lambda zips: a CycloneDX list of all crates, and their licences with their texts.

    inventory.py DIRECTORY ARCHITECTURE

Both files are made of the lock file and of the crates' own sources alone: the same again for the same sources.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ("ingest", "router", "sweep")
TARGETS = {"x86_64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}

# File names under which crates keep the words of their licences.
TEXTS = ("licen[sc]e*", "LICEN[SC]E*", "copying*", "COPYING*", "notice*", "NOTICE*", "UNLICENSE*")


def metadata(target: str) -> dict:
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def compiled_in(found: dict) -> tuple[dict[str, dict], dict[str, list[str]]]:
    """Packages that end up in the functions, by id, and what each depends on. Without what only builds or tests."""
    packages = {package["id"]: package for package in found["packages"]}
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    left = [id for id, package in packages.items() if package["name"] in FUNCTIONS and package["source"] is None]
    edges: dict[str, list[str]] = {}
    while left:
        id = left.pop()
        if id in edges:
            continue
        dependencies = nodes[id]["deps"]
        edges[id] = sorted(
            dependency["pkg"]
            for dependency in dependencies
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
        )
        left.extend(edges[id])
    return {id: packages[id] for id in edges}, edges


def checksums() -> dict[tuple[str, str], str]:
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(one["name"], one["version"]): one["checksum"] for one in lock["package"] if "checksum" in one}


def reference(package: dict) -> str:
    return f"pkg:cargo/{package['name']}@{package['version']}"


def bill(packages: dict[str, dict], edges: dict[str, list[str]]) -> dict:
    """CycloneDX 1.5."""
    sums = checksums()

    def component(package: dict) -> dict:
        ours = package["source"] is None
        listed = {
            "type": "application" if package["name"] in FUNCTIONS and ours else "library",
            "bom-ref": reference(package),
            "name": package["name"],
            "version": package["version"],
            "licenses": [{"expression": " ".join(package["license"].replace("/", " OR ").split())}],
            "purl": reference(package),
        }
        checksum = sums.get((package["name"], package["version"]))
        if checksum:
            listed["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        return listed

    ordered = sorted(packages.values(), key=reference)
    version = next(package["version"] for package in ordered if package["name"] == "router")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "plumbline", "name": "plumbline", "version": version}},
        "components": [component(package) for package in ordered],
        "dependencies": [
            {"ref": "plumbline", "dependsOn": sorted(reference(one) for one in ordered if one["name"] in FUNCTIONS)},
            *(
                {"ref": reference(package), "dependsOn": [reference(packages[id]) for id in edges[package["id"]]]}
                for package in ordered
            ),
        ],
    }


def licences(packages: dict[str, dict]) -> str:
    """Who wrote what we give on, under which terms, and the terms; a text that many use stands once."""
    others = sorted((package for package in packages.values() if package["source"]), key=reference)
    texts: dict[str, str] = {}
    lines = ["Third-party software in Plumbline's functions", ""]
    for package in others:
        names = []
        folder = Path(package["manifest_path"]).parent
        for path in sorted({path for pattern in TEXTS for path in folder.glob(pattern) if path.is_file()}):
            text = path.read_text(errors="replace").strip()
            name = hashlib.sha256(text.encode()).hexdigest()[:12]
            texts.setdefault(name, text)
            names.append(name)
        told = f"text {', '.join(sorted(set(names)))}" if names else "its package holds no text"
        lines.append(f"{package['name']} {package['version']}: {package['license']}; {told}")
    for name, text in sorted(texts.items()):
        lines += ["", "=" * 100, f"text {name}", "", text]
    return "\n".join(lines) + "\n"


def main(directory: Path, architecture: str) -> int:
    packages, edges = compiled_in(metadata(TARGETS[architecture]))
    unlicensed = [package["name"] for package in packages.values() if not package["license"]]
    if unlicensed:
        print(f"no licence is named by {', '.join(unlicensed)}", file=sys.stderr)
        return 1
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "sbom.cdx.json").write_text(json.dumps(bill(packages, edges), indent=1) + "\n")
    (directory / "THIRD-PARTY-LICENSES.txt").write_text(licences(packages))
    print(f"sbom.cdx.json and THIRD-PARTY-LICENSES.txt name {len(packages)} crates")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))

// The zips: the same bytes twice, an executable inside, and a refusal of what is too large or would not start.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { BINARIES, objectName, packageIn } from "../lib/artifacts.ts";

const ZIPS = fileURLToPath(new URL("../package/zips.py", import.meta.url));

function packed(code: (binary: string) => Uint8Array): { status: number | null; told: string; directory: string } {
  const root = mkdtempSync(join(tmpdir(), "plumbline-"));
  const [binaries, directory] = [join(root, "release"), join(root, "package")];
  mkdirSync(binaries);
  for (const binary of BINARIES) {
    writeFileSync(join(binaries, binary), code(binary));
  }
  const { status, stdout, stderr } = spawnSync("python3", [ZIPS, binaries, directory, "arm64"], { encoding: "utf8" });
  return { status, told: stdout + stderr, directory };
}

const small = (binary: string) => Buffer.from(`${binary} asks for GLIBC_2.34 and GLIBC_2.9`);

test("the same code has the same bytes and the same name", () => {
  const [first, second] = [packed(small), packed(small)];
  assert.equal(first.status, 0, first.told);
  for (const binary of BINARIES) {
    const bytes = readFileSync(join(first.directory, `${binary}.zip`));
    assert.deepEqual(bytes, readFileSync(join(second.directory, `${binary}.zip`)));
    assert.equal(objectName(first.directory, binary), objectName(second.directory, binary));
    assert.match(first.told, new RegExp(`^${binary}\\.zip \\d+\\.\\d\\d MB of at most \\d+\\.\\d\\d MB`, "m"));
  }
  assert.notEqual(objectName(first.directory, "ingest"), objectName(first.directory, "sweep"));
  assert.deepEqual(packageIn(first.directory), { architecture: "arm64" });
});

test("what lies in a zip can be executed", () => {
  const listed = spawnSync(
    "python3",
    [
      "-c",
      "import sys, zipfile; [print(i.filename, oct(i.external_attr >> 16), i.create_system) for i in zipfile.ZipFile(sys.argv[1]).infolist()]",
      join(packed(small).directory, "router.zip"),
    ],
    { encoding: "utf8" },
  );
  assert.equal(listed.stdout, "bootstrap 0o100755 3\n");
});

test("what is too large or would not start is refused", () => {
  // Noise does not shrink.
  let state = 1;
  const noise = Buffer.from(
    Uint8Array.from({ length: 8_000_000 }, () => (state = (state * 48_271) % 2_147_483_647) >> 8),
  );
  const large = packed((binary) => (binary === "ingest" ? noise : small(binary)));
  assert.equal(large.status, 1);
  assert.match(large.told, /ingest\.zip is larger than its ceiling/);
  const newer = packed((binary) => (binary === "sweep" ? Buffer.from("GLIBC_2.36") : small(binary)));
  assert.equal(newer.status, 1);
  assert.match(newer.told, /sweep asks for glibc 2\.36; Amazon Linux 2023 has 2\.34/);
});

// What checkov is told to leave out is still there to be found: a reason outlives its finding otherwise.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { OUTDIR } from "./template.ts";

interface Report {
  readonly results?: { readonly failed_checks: { readonly check_id: string }[] };
}

function failing(checks: string[], ...where: string[]): string[] {
  const tools = process.env["PLUMBLINE_TOOLS"] ?? fileURLToPath(new URL("../../target/tools", import.meta.url));
  const { stdout } = spawnSync(
    `${tools}/infra/bin/checkov`,
    [...where, "--check", checks.join(","), "--skip-download", "--output", "json"],
    { encoding: "utf8", cwd: tools },
  );
  const report = JSON.parse(stdout) as Report;
  return (report.results?.failed_checks ?? []).map(({ check_id }) => check_id);
}

test("every check that is left out would find something", () => {
  const text = readFileSync(new URL("../checkov.yaml", import.meta.url), "utf8");
  const skipped = [...text.matchAll(/^ {2}- (CKV\w+)$/gm)].map(([, id]) => id as string);
  assert.ok(skipped.length > 5);
  const module = fileURLToPath(new URL("../terraform", import.meta.url));
  const found = new Set([
    ...failing(skipped, "--framework", "cloudformation", "--file", join(OUTDIR, "Plumbline.template.json")),
    ...failing(skipped, "--framework", "terraform", "--directory", module),
  ]);
  assert.deepEqual([...found].sort(), [...skipped].sort());
});

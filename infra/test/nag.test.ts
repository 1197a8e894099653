// What cdk-nag and the CDK's own validation said when the template was synthesized.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { OUTDIR } from "./template.ts";

interface Report {
  readonly pluginReports: {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly violations: {
      readonly ruleName: string;
      readonly violatingConstructs: { readonly constructPath: string }[];
    }[];
  }[];
}

test("nothing is found that has no written reason", () => {
  const report = JSON.parse(readFileSync(join(OUTDIR, "validation-report.json"), "utf8")) as Report;
  const plugins = report.pluginReports.map((plugin) => plugin.pluginName);
  assert.ok(plugins.includes("AwsSolutions"), plugins.join());
  for (const { pluginName, violations } of report.pluginReports) {
    const found = violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${pluginName}: ${ruleName} at ${constructPath}`),
    );
    assert.deepEqual(found, []);
  }
});

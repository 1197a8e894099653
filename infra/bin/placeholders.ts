// Packages whose code is nothing, for checks of the template that need no build. Prints where they are.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { BINARIES } from "../lib/artifacts.ts";

const directory = fileURLToPath(new URL("../../target/infra/package", import.meta.url));
mkdirSync(directory, { recursive: true });
for (const binary of BINARIES) {
  writeFileSync(join(directory, `${binary}.zip`), binary);
}
writeFileSync(join(directory, "contents.json"), JSON.stringify({ architecture: "x86_64" }));
console.log(directory);

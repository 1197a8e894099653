// Whoever widens a right shows it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { security } from "./security.ts";

test("rights, openings and encryption are as they were reviewed (else: npm run accept, and look at the difference)", () => {
  const reviewed = readFileSync(new URL("security.txt", import.meta.url), "utf8");
  assert.deepEqual(security().split("\n"), reviewed.split("\n"));
});

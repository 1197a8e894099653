// The weekly report of runs that are always the same, opened by a browser as the person who pays would open it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { defects, openChromium } from "./chromium.mjs";
import { TARGET } from "./demo.mjs";
import { plain } from "./site.mjs";

const PROGRAM = join(TARGET, "debug", "week-of-fixed-runs");
const A4_MM = { width: 210, height: 297 };
const PX_PER_MM = 96 / 25.4;

let directory;
let browser;
let page;
let address;

before(async () => {
  const { stdout } = await promisify(execFile)(PROGRAM);
  directory = await mkdtemp(join(tmpdir(), "plumbline-report-"));
  const file = join(directory, "week.html");
  await writeFile(file, stdout);
  address = pathToFileURL(file).href;
  browser = await openChromium();
  page = await browser.newPage();
  await page.goto(address);
});

after(async () => {
  await browser?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

/** The cells of a table's body, whether or not it is opened. */
const cells = (id) =>
  page.locator(`#${id} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

test("the figures at its head are those of the runs", async () => {
  assert.deepEqual(await defects(page), []);
  await browser.picture(page, "report");
  assert.match(plain(await page.locator("header").textContent()), /15 November to 21 November 2026/);
  assert.equal(await page.locator("#total-drafts").textContent(), "84");
  assert.equal(await page.locator("#total-cost").textContent(), "$0.56");
  assert.equal(await page.locator("#cost-of-one").textContent(), "$0.0062");
  assert.equal(await page.locator("#total-time").textContent(), "1 min 23 s");
});

test("each chart names itself and has its figures in a table", async () => {
  const charts = page.locator("svg[role=img]");
  assert.equal(await charts.count(), 4);
  for (const chart of await charts.all()) {
    assert.ok((await chart.locator("title").textContent()).length > 5);
    assert.ok((await chart.locator("desc").textContent()).length > 5);
  }
  const drafts = await cells("drafts-by-day");
  assert.deepEqual(drafts[0], ["Sun 15", "0", "1", "0", "0"]);
  assert.deepEqual(drafts[2], ["Tue 17", "2", "11", "4", "2"]);
  const sum = drafts.flatMap((row) => row.slice(1)).reduce((all, cell) => all + Number(cell), 0);
  assert.equal(sum, 84);
  const ends = Object.fromEntries(await cells("ends"));
  assert.deepEqual(ends, {
    "Draft written": "84",
    "Already done": "31",
    "Nothing to draft": "24",
    "Information missing": "7",
    "Failed, tried again": "3",
    "Changed meanwhile": "2",
    "Stopped for safety": "1",
  });
  const projects = await cells("by-project");
  assert.deepEqual(projects[0], ["4071", "10", "32", "10", "11", "2", "1 min 20 s", "0.40"]);
  assert.equal(projects.at(-1)[0], "5 others", "the page stays one, however many projects there are");
  const written = projects.flatMap((row) => row.slice(1, 6)).reduce((all, cell) => all + Number(cell), 0);
  assert.equal(written, 91, "drafts and notes");
  const prompts = await cells("prompts");
  const made = prompts.reduce((all, row) => all + Number(row[2]), 0);
  assert.equal(made, 91, "drafts and notes");
  assert.deepEqual(prompts.find((row) => row[0] === "RFI responses"), ["RFI responses", "v1", "22"]);
});

test("what needs a person is listed, and no markup of a record is markup here", async () => {
  const matters = (await page.locator("#people li").allTextContents()).map(plain);
  assert.equal(matters.length, 2);
  assert.match(matters[0], /^2 messages that nobody could work on/);
  assert.equal(matters[1], "Submittal 10 28 00-3 <b> of project 4071: the model refused to answer");
});

test("it prints on one A4 page", async () => {
  await page.emulateMedia({ media: "print" });
  const margins = { width: 26, height: 22 };
  const width = Math.floor((A4_MM.width - margins.width) * PX_PER_MM);
  await page.setViewportSize({ width, height: 900 });
  const bottom = await page.locator("footer").evaluate((footer) => footer.getBoundingClientRect().bottom + scrollY);
  await browser.picture(page, "report-printed");
  assert.ok(bottom <= (A4_MM.height - margins.height) * PX_PER_MM, `${Math.ceil(bottom)} px high`);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1);
});

test("it asked for nothing but its own file, runs nothing, and nothing complained", async () => {
  assert.deepEqual(browser.asked, [address]);
  assert.deepEqual(browser.complaints, []);
  assert.equal(await page.locator("script, link, img, iframe").count(), 0);
});

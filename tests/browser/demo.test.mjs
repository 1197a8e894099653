// What the README promises of the demo, done by a browser as a person would do it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { defects } from "./chromium.mjs";
import { draftOf, marks, openSite, plain, quotesOf } from "./site.mjs";

const QUESTION =
  "Floor tile FT-1 was set in the lobby this morning. How many hours after setting must we wait before grouting?";
const GOVERNING = "Grout not less than 48 hours after setting.";

const site = openSite();
const visit = site.visit;

/** Fills the form through its labels, so that a field without one fails here. */
async function write(page, { subject, question, section }) {
  await visit(page, "/rfis/new");
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Question").fill(question);
  if (section) await page.getByLabel("Specification section").selectOption(section);
}

const create = (page) => page.getByRole("button", { name: "Create RFI" }).click();

test("an RFI written in the form gets its draft, on the open page and in the open log, and its evidence", async () => {
  const subject = "Grouting time after floor tile is set";
  const log = await site.browser.newPage();
  await visit(log, "/rfis");
  await site.browser.picture(log, "rfi-log");
  const row = log.getByRole("row", { name: subject });
  assert.equal(await row.count(), 0, "not there yet");

  const page = await site.browser.newPage();
  await write(page, { subject, question: QUESTION, section: "09 30 00" });
  await site.browser.picture(page, "form");
  await create(page);
  await page.waitForURL(/\/rfis\/\d+$/);
  assert.deepEqual(await defects(page), [], "the RFI while its draft is on its way");
  // A reload would lose these.
  for (const open of [page, log]) await open.evaluate(() => void (globalThis.sameDocument = true));

  await draftOf(page).getByText("Draft ready").waitFor();
  const draft = await draftOf(page).locator("pre").textContent();
  assert.match(draft, /DRAFT - for review/);
  assert.ok(plain(draft).includes(`"${GOVERNING}"`), `quotes the governing words:\n${draft}`);
  assert.deepEqual(await defects(page), [], "the RFI with its draft");
  await site.browser.picture(page, "rfi-with-draft");

  await row.getByText("Draft ready").waitFor();
  for (const open of [page, log]) {
    assert.equal(await open.evaluate(() => globalThis.sameDocument), true, `${open.url()} was not loaded again`);
  }

  await draftOf(page).getByRole("link", { name: "Evidence and checks of this run" }).click();
  await page.waitForURL(/\/runs\/[^/]+$/);
  assert.deepEqual(await defects(page), [], "the run");
  await site.browser.picture(page, "run");
  const step = page.locator(".steps tbody td:first-child");
  assert.ok((await step.allTextContents()).includes("post"), "the run's steps are named");
  const marked = await marks(page);
  assert.ok(marked.includes(GOVERNING), `the quoted words are marked: ${marked}`);
  const quotes = quotesOf(draft);
  assert.notEqual(quotes.length, 0);
  for (const quote of quotes) assert.ok(marked.some((words) => words.includes(quote)), `marked: ${quote}`);
  await log.close();
  await page.close();
});

test("the log tells what became of each RFI of the seeded project", async () => {
  const page = await site.browser.newPage();
  await visit(page, "/rfis");
  const seeded = {
    "Floor tile joint width at Toilet 114": "Draft ready",
    "Sound rating of operable partition at Meeting Room 108": "Needs information",
    "Backer rod size at window perimeters": "Skipped",
  };
  for (const [subject, end] of Object.entries(seeded)) {
    const cell = page.getByRole("row", { name: subject }).locator(".draft-cell");
    assert.equal(await cell.textContent(), end, subject);
    assert.equal(await cell.getByRole("link").count(), 1, `${subject}: a way to why`);
  }
  await page.close();
});

test("the draft stands in Correspondence as a private draft that nobody was sent", async () => {
  const page = await site.browser.newPage();
  await visit(page, "/correspondence");
  await site.browser.picture(page, "correspondence-log");
  await page.locator("main tbody a").first().click();
  await page.waitForURL(/\/correspondence\/\d+$/);
  assert.deepEqual(await defects(page), []);
  await site.browser.picture(page, "correspondence-item");
  assert.deepEqual(await page.locator(".head .chips > *").allTextContents(), ["Draft", "Private"]);
  for (const term of ["Assignees", "Distribution"]) {
    const fact = page.locator(".fact", { has: page.getByText(term, { exact: true }) });
    assert.equal(await fact.locator("dd").textContent(), "None", term);
  }
  await page.close();
});

test("a specification section can be read beside the draft", async () => {
  const page = await site.browser.newPage();
  await visit(page, "/specifications");
  await page.getByRole("link", { name: /Tiling/ }).first().click();
  await page.waitForURL(/\/specifications\/\d+$/);
  assert.deepEqual(await defects(page), []);
  await page.getByText(GOVERNING).waitFor();
  await site.browser.picture(page, "specification");
  await visit(page, "/runs");
  await site.browser.picture(page, "runs");
  await page.close();
});

test("markup in an RFI is text on every page that shows it", async () => {
  const page = await site.browser.newPage();
  const subject = "Sign <b id=injected>plates</b> at Toilet 114";
  await write(page, {
    subject,
    question:
      "What is the mounting height? <img src=https://collector.example/p.png onerror=\"globalThis.ran=1\">" +
      "<script>globalThis.ran = 1</script> [read this](https://collector.example/)",
    section: "10 14 00",
  });
  await create(page);
  await page.waitForURL(/\/rfis\/\d+$/);
  await page.getByRole("heading", { level: 1 }).getByText(subject).waitFor();
  await draftOf(page).getByRole("link", { name: "Evidence and checks of this run" }).waitFor();
  await site.browser.picture(page, "rfi-hostile");
  const elements = "#injected, main img, main script, main a[href*=collector]";
  assert.equal(await page.locator(elements).count(), 0, "on the RFI");
  await draftOf(page).getByRole("link", { name: "Evidence and checks of this run" }).click();
  await page.waitForURL(/\/runs\/[^/]+$/);
  await page.getByText("collector.example").first().waitFor({ state: "attached" });
  assert.equal(await page.locator(elements).count(), 0, "on the run");
  assert.equal(await page.evaluate(() => globalThis.ran), undefined, "nothing of it ran");
  await page.close();
});

test("the pages fit a telephone", async () => {
  const page = await site.browser.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/rfis", "/rfis/new", "/correspondence", "/specifications", "/runs"]) await visit(page, path);
  await visit(page, "/rfis");
  await page.locator("tbody tr a").first().click();
  await page.waitForURL(/\/rfis\/\d+$/);
  assert.deepEqual(await defects(page), []);
  await site.browser.picture(page, "rfi-on-a-telephone");
  await page.close();
});

test("no page asked for anything but this machine, and none complained", () => site.assertQuiet());

// Submittals, the daily log and the drawings, and the evidence beside every draft, done by a browser as a person
// would do it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { defects } from "./chromium.mjs";
import { draftOf, marks, openSite, plain, quotesOf } from "./site.mjs";

const site = openSite();
const visit = site.visit;

const HOSTILE = '<b id=injected>Tile</b><img src=https://collector.example/p.png onerror="globalThis.ran=1">';
const INJECTED = "#injected, main img, main script, main a[href^=http]";

/** Opens a log and follows the first link of the row with these words. */
async function follow(page, log, words) {
  await visit(page, log);
  await page.locator("main tbody tr", { hasText: words }).first().getByRole("link").first().click();
  await page.waitForURL((address) => address.pathname !== log);
  assert.deepEqual(await defects(page), [], `${log}: ${words}`);
}

/** Every quotation of a draft must stand marked in a row of evidence on the same page. */
async function assertMarked(page, draft) {
  const marked = (await marks(page)).join(" ");
  const quotes = quotesOf(draft);
  assert.notEqual(quotes.length, 0, "the draft quotes");
  for (const quote of quotes) assert.ok(marked.includes(quote), `marked: ${quote}\n${marked}`);
}

/** Waits for the draft to arrive on the open page, which must not have been loaded again. */
async function arrived(page) {
  await page.evaluate(() => void (globalThis.sameDocument = true));
  await draftOf(page).getByText("Draft ready").waitFor();
  assert.equal(await page.evaluate(() => globalThis.sameDocument), true, "it was not loaded again");
  assert.deepEqual(await defects(page), [], "the record with its draft");
  return await draftOf(page).locator("pre").textContent();
}

test("the first page counts the drafts of the four workflows", async () => {
  const page = await site.browser.newPage();
  await visit(page, "/");
  await site.browser.picture(page, "drafts");
  const cards = page.locator(".card");
  const names = await cards.getByRole("heading", { level: 2 }).allTextContents();
  assert.deepEqual(names, ["RFI questions", "RFI responses", "Submittal reviews", "Daily log summaries"]);
  const questions = page.locator(".card", { has: page.getByRole("heading", { name: "RFI questions" }) });
  // Three of the seeded drafts of RFIs are filled in; the fourth gives nothing to go by.
  assert.equal(await questions.locator(".count strong").textContent(), "3");
  for (const name of ["RFI responses", "Submittal reviews", "Daily log summaries"]) {
    const card = page.getByRole("region", { name });
    const shown = Number(await card.locator(".count strong").textContent());
    assert.ok(shown > 0, `${name}: ${shown}`);
    await card.getByRole("link", { name, exact: true }).click();
    const ready = page.locator(".draft-cell", { hasText: "Draft ready" });
    assert.equal(await ready.count(), shown, `${name}: as many as the log shows`);
    await page.goBack();
  }
  await page.close();
});

test("a submittal written in the form gets its review, with the requirement and the submitted words marked", async () => {
  const page = await site.browser.newPage();
  await visit(page, "/submittals/new");
  await page.getByLabel("Title").fill("Grab bars of the staff toilets, product data");
  await page.getByLabel("Specification section").selectOption("10 28 00");
  await page.getByLabel("Required on site").fill("2027-06-15");
  await page.getByLabel("Lead time in days").fill("42");
  await page.getByText("Attach a text file").click();
  await page.getByLabel("File name").fill("Grab bar data.txt");
  await page
    .getByLabel("Text of the file")
    .fill("GRAB BAR DATA\nClearance between bar and wall: 1-1/2 inches\nMaterial: type 304 stainless steel");
  await site.browser.picture(page, "submittal-form");
  await page.getByRole("button", { name: "Submit" }).click();
  await page.waitForURL(/\/submittals\/\d+$/);
  const draft = await arrived(page);
  await site.browser.picture(page, "submittal-with-draft");
  assert.match(draft, /MET: Clearance/);
  await assertMarked(page, draft);
  const row = page.locator("details.evidence", { hasText: "Grab bar data.txt" });
  assert.match(await row.locator("mark").first().textContent(), /1-1\/2 inches/);
  await page.getByRole("link", { name: "Grab bar data.txt" }).click();
  assert.match(await page.locator("body").textContent(), /GRAB BAR DATA/);
  await page.close();
});

test("a log entry written in the form gets its day's summary, and a second one updates it in place", async () => {
  const page = await site.browser.newPage();
  const write = async (crew) => {
    await visit(page, "/daily-log/new");
    await page.getByLabel("Log", { exact: true }).selectOption("Manpower");
    await page.getByLabel("Day").fill("2026-06-03");
    await page.getByLabel("Text").fill("Set floor tile in Toilet 114.");
    await page.getByRole("textbox", { name: "Company" }).fill(crew.company);
    await page.getByLabel("Workers").fill(crew.workers);
    await page.getByLabel("Hours of each").fill(crew.hours);
    await site.browser.picture(page, "log-entry-form");
    await page.getByRole("button", { name: "Add to the log" }).click();
    await page.waitForURL(/\/daily-log\/2026-06-03$/);
  };
  await write({ company: "Terra Tile", workers: "3", hours: "7.5" });
  const first = await arrived(page);
  assert.match(first, /3 workers, 22\.5 hours worked/);
  await assertMarked(page, first);
  const item = await draftOf(page).getByRole("link", { name: /in Correspondence/ }).getAttribute("href");

  await write({ company: "Stonebridge Concrete", workers: "4", hours: "8" });
  await draftOf(page).getByText("7 workers, 54.5 hours worked").first().waitFor();
  await site.browser.picture(page, "day-with-draft");
  const computed = page.locator("details.evidence", { hasText: "computed by code" });
  const total = /7 workers, 54\.5 hours worked/;
  assert.ok((await computed.locator("mark").allTextContents()).some((words) => total.test(words)), "totals are marked");
  const same = await draftOf(page).getByRole("link", { name: /in Correspondence/ }).getAttribute("href");
  assert.equal(same, item, "one item a day");
  await page.close();
});

test("every draft has its evidence beside it: on its record, in Correspondence and on its run", async () => {
  const page = await site.browser.newPage();
  for (const [log, words] of [
    ["/rfis", "Floor tile joint width at Toilet 114"],
    ["/submittals", "Exterior sealant"],
    ["/daily-log", "Quantity"],
  ]) {
    await follow(page, log, words);
    const draft = await draftOf(page).locator("pre").textContent();
    await assertMarked(page, draft);
    await site.browser.picture(page, `evidence-${log.slice(1)}`);
    const item = await draftOf(page).getByRole("link", { name: /in Correspondence/ }).getAttribute("href");
    const run = await draftOf(page).getByRole("link", { name: /Evidence and checks/ }).getAttribute("href");
    for (const path of [item, run]) {
      await visit(page, path);
      await assertMarked(page, await draftOf(page).locator("pre").textContent());
      assert.equal(plain(await page.locator("#evidence-heading").textContent()), "Evidence", path);
    }
    await site.browser.picture(page, `run-${log.slice(1)}`);
  }
  await page.close();
});

test("a sheet can be read beside the draft, and a superseded one says so", async () => {
  const page = await site.browser.newPage();
  await visit(page, "/drawings");
  await site.browser.picture(page, "drawings");
  await page.getByRole("link", { name: "Toilet Room Plans" }).first().click();
  await page.waitForURL(/\/drawings\/\d+$/);
  assert.deepEqual(await defects(page), []);
  await page.getByText("Floor tile joint width 3/16 inch").waitFor();
  await page.getByRole("link", { name: "revision 1" }).click();
  await page.locator(".head").getByText("Superseded").waitFor();
  await site.browser.picture(page, "sheet");
  await page.close();
});

test("an RFI can be kept as a draft without a question", async () => {
  const page = await site.browser.newPage();
  await visit(page, "/rfis/new");
  await page.getByLabel("Subject").fill("Floor tile at Toilet 114");
  await page.getByLabel("Specification section").selectOption("09 30 00");
  await page.getByLabel("Drawing number").fill("A-501");
  await page.getByLabel("Status").selectOption("draft");
  await page.getByRole("button", { name: "Create RFI" }).click();
  await page.waitForURL(/\/rfis\/\d+$/);
  assert.deepEqual(await defects(page), []);
  assert.equal(await page.locator(".head .chip").textContent(), "Draft");
  await draftOf(page).getByRole("heading", { name: "Draft question" }).waitFor();
  await page.getByText("Filled in by Plumbline").first().waitFor();
  await site.browser.picture(page, "rfi-draft");
  await page.close();
});

test("markup in names of companies, files and titles is text on every page that shows them", async () => {
  const page = await site.browser.newPage();
  const check = async (where) => {
    assert.ok((await page.getByText("collector.example").count()) > 0, `${where}: it is shown`);
    assert.equal(await page.locator(INJECTED).count(), 0, where);
    assert.deepEqual(await defects(page), [], where);
  };
  await visit(page, "/submittals/new");
  await page.getByLabel("Title").fill(HOSTILE);
  await page.getByLabel("Description").fill(HOSTILE);
  await page.getByLabel("Specification section").selectOption("10 28 00");
  await page.getByText("Attach a text file").click();
  await page.getByLabel("File name").fill(`${HOSTILE}.txt`);
  await page.getByLabel("Text of the file").fill(HOSTILE);
  await page.getByRole("button", { name: "Submit" }).click();
  await page.waitForURL(/\/submittals\/\d+$/);
  await draftOf(page).getByRole("link", { name: /Evidence and checks/ }).waitFor();
  await check("the submittal");
  await site.browser.picture(page, "submittal-hostile");
  await draftOf(page).getByRole("link", { name: /Evidence and checks/ }).click();
  await page.waitForURL(/\/runs\//);
  await check("its run");

  await visit(page, "/daily-log/new");
  await page.getByLabel("Log", { exact: true }).selectOption("Delivery");
  await page.getByLabel("Day").fill("2026-06-04");
  await page.getByLabel("Text").fill("Tile, 40 boxes");
  await page.getByRole("textbox", { name: "Company" }).fill(HOSTILE);
  await page.getByRole("button", { name: "Add to the log" }).click();
  await page.waitForURL(/\/daily-log\/2026-06-04$/);
  await draftOf(page).getByRole("link", { name: /Evidence and checks/ }).waitFor();
  await check("the day");
  assert.equal(await page.evaluate(() => globalThis.ran), undefined, "nothing of it ran");
  await page.close();
});

test("the pages fit a telephone", async () => {
  const page = await site.browser.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/", "/submittals", "/submittals/new", "/daily-log", "/daily-log/new", "/drawings"]) {
    await visit(page, path);
  }
  await site.browser.picture(page, "drawings-on-a-telephone");
  await visit(page, "/");
  await site.browser.picture(page, "drafts-on-a-telephone");
  for (const [log, words] of [
    ["/submittals", "Exterior sealant"],
    ["/daily-log", "Quantity"],
    ["/drawings", "Toilet Room Plans"],
    ["/correspondence", "daily log"],
    ["/runs", "Daily log"],
  ]) {
    await follow(page, log, words);
    await site.browser.picture(page, `${log.slice(1)}-on-a-telephone`);
  }
  await page.close();
});

test("no page asked for anything but this machine, and none complained", () => site.assertQuiet());

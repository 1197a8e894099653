// The demo and a browser on it, for one file of tests: opened before them, closed after, with what all pages must be.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { defects, openChromium } from "./chromium.mjs";
import { startDemo } from "./demo.mjs";

/** The text with every white space one blank. */
export const plain = (text) => text.replace(/\s+/g, " ").trim();

/** The draft beside a record. */
export const draftOf = (page) => page.locator(".draft-panel");

/** The marked words of each row of evidence on the page that has any, opened or not. */
export async function marks(page) {
  return (await page.locator("details.evidence mark").allTextContents()).map(plain);
}

/** What the draft quotes: the words after the name of their source. */
export const quotesOf = (draft) => [...draft.matchAll(/: "(.+)"$/gm)].map((found) => plain(found[1]));

/** Starts both for the tests of the file that calls it. */
export function openSite() {
  const site = {
    demo: undefined,
    browser: undefined,
    /** Opens a page of the demo, which must have no defects. */
    async visit(page, path) {
      await page.goto(new URL(path, site.demo.pages).href);
      assert.deepEqual(await defects(page), [], path);
    },
    /** To be called by the last test: it looks back on everything the others did. */
    assertQuiet() {
      assert.ok(site.browser.asked.length > 20, "requests were seen");
      const elsewhere = site.browser.asked.filter((address) => new URL(address).origin !== site.demo.pages.origin);
      assert.deepEqual(elsewhere, []);
      assert.deepEqual(site.browser.complaints, []);
    },
  };
  before(async () => {
    site.demo = await startDemo();
    site.browser = await openChromium();
  });
  after(async () => {
    await site.browser?.close();
    const end = await site.demo?.stop();
    if (end) assert.deepEqual(end, { code: 0, signal: null }, "Ctrl-C ends the demo cleanly");
  });
  return site;
}

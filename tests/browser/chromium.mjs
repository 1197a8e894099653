// A real Chromium with an empty profile, and a record of everything its pages asked for and complained about.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { TARGET } from "./demo.mjs";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const PICTURES = join(TARGET, "browser");
const WAIT_MS = 20_000;

const ARGUMENTS = [
  "--no-sandbox", // CI runs as root in a container; only our own pages are opened
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The browser itself has nobody to talk to either.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Opens a browser. `asked` has the address of every request, `complaints` every error on a console or in a script. */
export async function openChromium() {
  const profile = await mkdtemp(join(tmpdir(), "plumbline-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    headless: true,
    args: ARGUMENTS,
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(WAIT_MS);
  const asked = [];
  const complaints = [];
  context.on("request", (request) => asked.push(request.url()));
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  context.on("weberror", (webError) => complaints.push(String(webError.error())));
  await mkdir(PICTURES, { recursive: true });
  return {
    asked,
    complaints,
    newPage: () => context.newPage(),
    /** Keeps a picture of the whole page for people to look at. */
    picture: (page, name) => page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true }),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** What is wrong with a page that a person with a screen reader, a keyboard or a telephone would meet. */
export function defects(page) {
  return page.evaluate(() => {
    const found = [];
    const name = (element) => `<${element.localName} id="${element.id}">`;
    if (document.documentElement.lang !== "en") found.push("the page does not name its language");
    if (!document.title.trim()) found.push("the page has no title");
    const headings = document.querySelectorAll("h1");
    if (headings.length !== 1) found.push(`${headings.length} first headings`);
    if (!headings[0]?.textContent.trim()) found.push("the first heading is empty");
    for (const field of document.querySelectorAll("input:not([type=hidden]), textarea, select")) {
      const words = [...(field.labels ?? [])].map((label) => label.textContent.trim()).join("");
      if (!words) found.push(`${name(field)} has no label`);
    }
    for (const image of document.querySelectorAll("img:not([alt])")) found.push(`${name(image)} has no alternative text`);
    for (const target of document.querySelectorAll("a, button")) {
      if (!target.textContent.trim() && !target.ariaLabel) found.push(`${name(target)} says nothing`);
    }
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    for (const id of new Set(ids.filter((each, at) => ids.indexOf(each) !== at))) found.push(`two elements are #${id}`);
    if (document.querySelectorAll("main").length !== 1) found.push("not one main landmark");
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    return found;
  });
}

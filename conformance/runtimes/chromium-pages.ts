/** Finds and starts Chromium, and serves the page of the suite. */
import { access, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import type { PageKit } from "../hosts/page.ts";
import { outputFolder } from "./bundle-suite.ts";
import { runLimitMs } from "./runtime.ts";

declare global {
  // oxlint-disable-next-line no-var -- how TypeScript declares what is in the global scope of a page
  var pageKit: PageKit;
}

/** A name that resolves to loopback but is not recognised as such: a page there is no secure context. */
export const insecureHost = "insecure.test";

const places = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const flags = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`,
];

/** Path of the Chromium program. */
export async function findChromium(): Promise<string> {
  for (const place of places) {
    if (
      place !== undefined &&
      (await access(place).then(
        () => true,
        () => false,
      ))
    )
      return place;
  }
  throw new Error(
    "Chromium is not installed. On Debian: apt-get update && apt-get install -y chromium. Elsewhere: name its program in CHROMIUM. To run without it, name the other runtimes in --only.",
  );
}

/** Starts Chromium without a window. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: flags, timeout: runLimitMs });
}

const page =
  '<!doctype html><meta charset="utf-8"><title>conformance</title><script type="module" src="/page.js"></script>';

/** Serves the one page, its script and the Node entry that must not load. */
export async function servePage({ url = "/" }: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (url === "/") return void outgoing.writeHead(200, { "content-type": "text/html" }).end(page);
  if (url !== "/page.js" && url !== "/node-entry.js") return void outgoing.writeHead(404).end();
  const script = await readFile(join(outputFolder, url));
  outgoing.writeHead(200, { "content-type": "text/javascript" }).end(script);
}

/** Opens a page with the kit in it. */
export async function openPage(context: BrowserContext, origin: string): Promise<Page> {
  const opened = await context.newPage();
  opened.setDefaultTimeout(runLimitMs);
  await opened.goto(origin);
  await opened.waitForFunction(() => "pageKit" in globalThis);
  return opened;
}

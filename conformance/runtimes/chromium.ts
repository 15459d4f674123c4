/** Chromium: the suite in a page that a relay serves on loopback, then what takes more than one page. */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { startRelay } from "@ksmkit/tool-local-vault";
import type { PageKit } from "../hosts/page.ts";
import type { HostReport, VaultFacts } from "../suite/conformance-case.ts";
import { runCases } from "../suite/run-cases.ts";
import { outputFolder } from "./bundle-suite.ts";
import { runLimitMs, type RunOnRuntime } from "./runtime.ts";
import { browserExampleCases } from "./browser-example-cases.ts";
import { storageTabCases } from "./storage-tab-cases.ts";

declare global {
  // oxlint-disable-next-line no-var -- how TypeScript declares what stands in the global scope of a page
  var pageKit: PageKit;
}

/** A name that leads to loopback without being called so: a page there is no secure context. */
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

/** Where Chromium is. */
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
    "Chromium is not installed. On Debian: apt-get update && apt-get install -y chromium. Elsewhere: name its program in CHROMIUM. To go without it: --only with the other runtimes.",
  );
}

/** Starts Chromium without a window. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: flags, timeout: runLimitMs });
}

const page =
  '<!doctype html><meta charset="utf-8"><title>conformance</title><script type="module" src="/page.js"></script>';

async function servePage({ url = "/" }: IncomingMessage, outgoing: ServerResponse): Promise<void> {
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

async function runSuite(browser: Browser, origin: string, vault: VaultFacts): Promise<HostReport> {
  const context = await browser.newContext();
  const opened = await openPage(context, origin);
  const report = await opened.evaluate((facts) => globalThis.pageKit.runSuite(facts), vault);
  await context.close();
  return report;
}

/** Runs the suite in Chromium. */
export const runInChromium: RunOnRuntime = async ({ vault, ca }) => {
  const browser = await launchChromium();
  try {
    await using relay = await startRelay({ target: { hostname: vault.hostname, ca }, serve: servePage });
    const { tokens } = vault;
    const forTabs = { ...vault, tokens: tokens.slice(-1) };
    const { outcomes } = await runSuite(browser, relay.origin, { ...vault, tokens: tokens.slice(0, -1) });
    const tabs = await runCases(storageTabCases({ browser, origin: relay.origin, vault: forTabs }));
    const example = await runCases(browserExampleCases(browser));
    return { version: browser.version(), outcomes: [...outcomes, ...tabs, ...example] };
  } finally {
    await browser.close();
  }
};

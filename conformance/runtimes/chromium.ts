/** Chromium: the suite in a page that a relay serves on loopback, then the cases over several pages. */
import type { Browser } from "playwright-core";
import { startRelay } from "@ksmkit/tool-local-vault";
import type { HostReport } from "../suite/conformance-case.ts";
import type { VaultFacts } from "../suite/host.ts";
import { runCases } from "../suite/run-cases.ts";
import { browserExampleCases } from "./browser-example-cases.ts";
import { launchChromium, openPage, servePage } from "./chromium-pages.ts";
import type { RunOnRuntime } from "./runtime.ts";
import { storageTabCases } from "./storage-tab-cases.ts";

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

/** `examples/browser`, started and used as its readers do. */
import type { Browser, Page } from "playwright-core";
import { deepStrictEqual, match, ok, strictEqual } from "../suite/assert.ts";
import type { ConformanceCase } from "../suite/conformance-case.ts";
import { startExample } from "./start-example.ts";

async function bind(page: Page): Promise<void> {
  await page.click("#bind button");
  await page.waitForSelector("#records li");
}

async function showField(page: Page, title: string, field: string): Promise<string> {
  const record = page.locator("#records li", {
    has: page.getByRole("heading", { name: title, exact: true }),
  });
  const button = record.getByRole("button", { name: `Show ${field}`, exact: true });
  const value = record.locator("dd").nth(
    await button.evaluate((element) => {
      const place = element.parentElement;
      return [...(place?.parentElement?.querySelectorAll("dd") ?? [])].indexOf(place as HTMLElement);
    }),
  );
  await button.click();
  await page.waitForFunction(
    (element) => element?.querySelector("button") === null,
    await value.elementHandle(),
  );
  return value.innerText();
}

/** The cases. */
export function browserExampleCases(browser: Browser): ConformanceCase[] {
  return [
    {
      name: "example browser: binds, shows on demand, survives a reload, forgets, explains a bad token",
      async run() {
        await using example = await startExample("browser");
        const context = await browser.newContext();
        const page = await context.newPage();
        const messages: string[] = [];
        page.on("console", (message) => messages.push(message.text()));
        page.on("pageerror", (error) => messages.push(error.message));
        await page.goto(example.origin);
        await page.waitForSelector("#bind:not([hidden])");
        await page.fill("#token", "no token");
        await page.click("#bind button");
        await page.waitForSelector("#error:not([hidden])");
        match(await page.innerText("#error"), /ERR_KSM_TOKEN_INVALID/);
        await page.reload();
        await page.waitForSelector("#bind:not([hidden])");
        await bind(page);
        ok(!(await page.content()).includes("correct horse"), "a secret is shown before a click");
        strictEqual(await showField(page, "Web shop", "password"), "correct horse battery staple");
        match(await showField(page, "Web shop", "oneTimeCode"), /^\d{6} \(for \d+ s\)$/);
        await page.reload();
        await page.waitForSelector("#records li");
        match(await page.innerText("#status"), /^This browser is bound\. \d+ records\.$/);
        await page.click("#forget");
        await page.waitForSelector("#bind:not([hidden])");
        await bind(page);
        deepStrictEqual(messages, []);
        await context.close();
      },
    },
  ];
}

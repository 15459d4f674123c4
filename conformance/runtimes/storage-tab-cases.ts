/** The IndexedDB storage where one page is not enough: several tabs, reloads, foreign databases, a full disk. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { deepStrictEqual, ok, strictEqual } from "../suite/assert.ts";
import type { ConformanceCase } from "../suite/conformance-case.ts";
import type { VaultFacts } from "../suite/host.ts";
import { insecureHost, openPage } from "./chromium-pages.ts";
import {
  bindAndRead,
  countUp,
  damage,
  holdAndDelete,
  lookBehind,
  saveAndCheck,
  startSaving,
} from "./storage-tab-scripts.ts";

/** What the cases are made from. */
export interface TabSurroundings {
  readonly browser: Browser;
  readonly origin: string;
  readonly vault: VaultFacts;
}

/** A browser profile of its own. */
interface Profile {
  readonly context: BrowserContext;
  readonly open: () => Promise<Page>;
}

const savesPerTab = 20;
const unwritable = "ERR_KSM_STORAGE_UNWRITABLE";

/** The cases. */
export function storageTabCases({ browser, origin, vault }: TabSurroundings): ConformanceCase[] {
  const withProfile =
    (work: (profile: Profile) => Promise<void>): (() => Promise<void>) =>
    async () => {
      const context = await browser.newContext();
      try {
        await work({ context, open: () => openPage(context, origin) });
      } finally {
        await context.close();
      }
    };
  const withPage = (work: (page: Page, profile: Profile) => Promise<void>): (() => Promise<void>) =>
    withProfile(async (profile) => work(await profile.open(), profile));

  // Must come before the first use: the browser remembers for a while how much room there was.
  const limitSpace = async (context: BrowserContext, page: Page, quotaSize: number): Promise<void> => {
    const inspector = await context.newCDPSession(page);
    await inspector.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
  };

  return [
    {
      name: "indexedDb: a configuration is there after a reload",
      run: withPage(async (page) => {
        await page.evaluate(() => globalThis.pageKit.indexedDbStorage().save({ hostname: "h.example" }));
        await page.reload();
        await page.waitForFunction(() => "pageKit" in globalThis);
        const values = await page.evaluate(async () => ({
          ...(await globalThis.pageKit.indexedDbStorage().load()),
        }));
        deepStrictEqual(values, { hostname: "h.example" });
      }),
    },
    {
      name: "indexedDb: tabs that count up at the same time lose no count",
      run: withProfile(async ({ open }) => {
        const tabs = [await open(), await open(), await open()];
        await Promise.all(tabs.map((tab) => tab.evaluate(countUp, savesPerTab)));
        const { count } = (await tabs[0]?.evaluate(() => globalThis.pageKit.indexedDbStorage().load())) ?? {};
        strictEqual(count, String(savesPerTab * tabs.length));
      }),
    },
    {
      name: "indexedDb: tabs that bind with one token share one device",
      run: withProfile(async ({ open }) => {
        const tabs = [await open(), await open()];
        const bound = await Promise.all(tabs.map((tab) => tab.evaluate(bindAndRead, vault)));
        deepStrictEqual(
          bound.map(({ records }) => records > 0),
          [true, true],
        );
        strictEqual(bound[0]?.clientId, bound[1]?.clientId);
      }),
    },
    {
      name: "indexedDb: a tab that goes away in the middle of its saves leaves a whole configuration",
      run: withProfile(async ({ open }) => {
        const tab = await open();
        await tab.evaluate(() =>
          globalThis.pageKit.indexedDbStorage().save({ hostname: "h0", clientId: "c0" }),
        );
        await tab.evaluate(startSaving);
        await tab.waitForFunction(() => "saves" in globalThis);
        await tab.close();
        const { hostname, clientId } = await (
          await open()
        ).evaluate(() => globalThis.pageKit.indexedDbStorage().load());
        strictEqual(hostname?.slice(1), clientId?.slice(1));
      }),
    },
    {
      name: "indexedDb: the key cannot be exported and the content is sealed",
      run: withPage(async (page) => {
        const facts = await page.evaluate(lookBehind);
        deepStrictEqual(facts, {
          extractable: false,
          exports: ["InvalidAccessError", "InvalidAccessError", "InvalidAccessError"],
          algorithm: "AES-GCM",
          readable: false,
          keysOfTwoSavesDiffer: true,
        });
      }),
    },
    {
      name: "indexedDb: a damaged or moved entry is refused and left as it is",
      run: withPage(async (page) => {
        const codes = await page.evaluate(damage);
        deepStrictEqual(codes, {
          damaged: ["ERR_KSM_STORAGE_UNREADABLE", "ERR_KSM_STORAGE_UNREADABLE"],
          moved: ["ERR_KSM_STORAGE_UNREADABLE", "ERR_KSM_STORAGE_UNREADABLE"],
          foreign: ["ERR_KSM_STORAGE_UNREADABLE", "ERR_KSM_STORAGE_UNREADABLE"],
          left: true,
        });
      }),
    },
    {
      name: "indexedDb: a full disk is found by checkWritable",
      run: withPage(async (page, { context }) => {
        await limitSpace(context, page, 1);
        const outcome = await page.evaluate(saveAndCheck, 10);
        deepStrictEqual(outcome, { save: unwritable, check: unwritable, hostname: undefined });
      }),
    },
    {
      name: "indexedDb: a save that finds no room changes nothing",
      run: withPage(async (page, { context }) => {
        await limitSpace(context, page, 100_000);
        const kept = await page.evaluate(saveAndCheck, 10);
        deepStrictEqual(kept, { save: "none", check: "none", hostname: "x".repeat(10) });
        const refused = await page.evaluate(saveAndCheck, 500_000);
        deepStrictEqual({ ...refused, check: "" }, { save: unwritable, check: "", hostname: "x".repeat(10) });
      }),
    },
    {
      name: "indexedDb: a database held up by another tab ends with the time limit",
      run: withProfile(async ({ open }) => {
        const [holder, waiting] = [await open(), await open()];
        await holder.evaluate(holdAndDelete);
        const outcome = await waiting.evaluate(async () => {
          const storage = globalThis.pageKit.indexedDbStorage({ timeoutMs: 200 });
          const summary = (error: { code: string; retryable: boolean; message: string }): unknown[] => [
            error.code,
            error.retryable,
            error.message.includes("another tab"),
          ];
          return [await storage.load().catch(summary), await storage.checkWritable().catch(summary)];
        });
        deepStrictEqual(outcome, [
          ["ERR_KSM_STORAGE_UNREADABLE", true, true],
          [unwritable, true, true],
        ]);
        await holder.close();
        deepStrictEqual(await waiting.evaluate(() => globalThis.pageKit.indexedDbStorage().load()), {});
      }),
    },
    {
      name: "indexedDb: it stands in no other tab's way",
      run: withProfile(async ({ open }) => {
        const [user, other] = [await open(), await open()];
        await user.evaluate(() => globalThis.pageKit.indexedDbStorage().save({ hostname: "h.example" }));
        await other.evaluate(() => globalThis.pageKit.settled(indexedDB.deleteDatabase("ksmkit")));
        deepStrictEqual(await user.evaluate(() => globalThis.pageKit.indexedDbStorage().load()), {});
      }),
    },
    {
      name: "indexedDb: databases of another version or program are refused",
      run: withPage(async (page) => {
        const codes = await page.evaluate(async () => {
          const { codeOf, indexedDbStorage, settled } = globalThis.pageKit;
          (await settled(indexedDB.open("newer", 2))).close();
          (await settled(indexedDB.open("foreign", 1))).close();
          const tried = ["newer", "foreign"].map(async (database) => {
            const storage = indexedDbStorage({ database });
            return [await codeOf(storage.load()), await codeOf(storage.checkWritable())];
          });
          return Promise.all(tried);
        });
        const refused = ["ERR_KSM_STORAGE_UNREADABLE", unwritable];
        deepStrictEqual(codes, [refused, refused]);
      }),
    },
    {
      name: "indexedDb: a page without a secure context is refused",
      run: withProfile(async ({ context }) => {
        const page = await openPage(context, origin.replace("127.0.0.1", insecureHost));
        const outcome = await page.evaluate(async () => {
          const { codeOf, indexedDbStorage } = globalThis.pageKit;
          const storage = indexedDbStorage();
          return [isSecureContext, await codeOf(storage.load()), await codeOf(storage.checkWritable())];
        });
        deepStrictEqual(outcome, [false, "ERR_KSM_STORAGE_UNREADABLE", unwritable]);
      }),
    },
    {
      name: "indexedDb: bad options are refused at once",
      run: withPage(async (page) => {
        const codes = await page.evaluate(() =>
          [{ name: "" }, { database: "" }, { timeoutMs: 0 }].map((options) => {
            try {
              globalThis.pageKit.indexedDbStorage(options);
              return "none";
            } catch (error) {
              return (error as { code: string }).code;
            }
          }),
        );
        ok(
          codes.every((code) => code === "ERR_KSM_ARGUMENT_INVALID"),
          codes.join(),
        );
      }),
    },
  ];
}

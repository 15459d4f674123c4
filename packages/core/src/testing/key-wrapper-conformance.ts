/** The rules of `KeyWrapper` as a test suite that every implementation runs, with any test runner. */
import { encodeBase64, encodeHex, equalBytes } from "@ksmkit/common";
import type { KeyWrapper, WrapContext } from "../sealed/key-wrapper.ts";
import { codeOf, type TestRunner, withFixture } from "./test-runner.ts";

/** Keys to test with. */
export interface KeyWrapperFixture {
  /** A wrapper of a usable key. */
  wrapper: KeyWrapper;
  /** A wrapper of another usable key of the same kind. */
  other: KeyWrapper;
  /** Ends what serves the keys. */
  cleanup?: () => Promise<void>;
}

/** What is to be tested. */
export interface KeyWrapperConformanceOptions {
  /** Names the implementation in the test names. */
  name: string;
  /** Makes fresh wrappers for each test. */
  create: () => Promise<KeyWrapperFixture>;
  /** False for keys that only take data keys, as asymmetric ones do. Default: true. */
  takesContent?: boolean;
}

/** Declares the suite. */
export function keyWrapperConformance(runner: TestRunner, options: KeyWrapperConformanceOptions): void {
  const { describe, expect } = runner;
  const it = withFixture(runner, async () => {
    const fixture = await options.create();
    const cleanup = async (): Promise<void> => {
      await fixture.wrapper.close?.();
      await fixture.other.close?.();
      await fixture.cleanup?.();
    };
    return { ...fixture, cleanup };
  });
  const context = (purpose: WrapContext["purpose"]): WrapContext => ({
    purpose,
    signal: AbortSignal.timeout(60_000),
  });
  const dataKey = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1);

  describe(`key wrapper: ${options.name}`, () => {
    it("names service and key", async ({ wrapper }) => {
      expect([wrapper.provider.length > 0, wrapper.keyId.length > 0]).toEqual([true, true]);
    });

    it("unwraps what it wrapped, and never wraps alike", async ({ wrapper }) => {
      const [one, two] = [
        await wrapper.wrap(dataKey, context("data-key")),
        await wrapper.wrap(dataKey, context("data-key")),
      ];
      expect([equalBytes(one, two), equalBytes(one, dataKey)]).toEqual([false, false]);
      for (const wrapped of [one, two])
        expect(equalBytes(await wrapper.unwrap(wrapped, context("data-key")), dataKey)).toEqual(true);
    });

    it("refuses what another key wrapped, and damaged bytes", async ({ wrapper, other }) => {
      const foreign = await other.wrap(dataKey, context("data-key"));
      const damaged = Uint8Array.from(await wrapper.wrap(dataKey, context("data-key")));
      const last = damaged.length - 1;
      damaged[last] = (damaged[last] ?? 0) ^ 1;
      for (const wrapped of [foreign, damaged])
        expect(await codeOf(wrapper.unwrap(wrapped, context("data-key")))).toEqual(
          "ERR_KSM_KMS_UNWRAP_FAILED",
        );
    });

    it("keeps what it wraps and unwraps out of its errors and itself", async ({ wrapper, other }) => {
      const wrapped = await other.wrap(dataKey, context("data-key"));
      const error = await wrapper.unwrap(wrapped, context("data-key")).then(String, String);
      const shown = `${error} ${JSON.stringify(wrapper)}`;
      for (const bytes of [dataKey, wrapped])
        expect([shown.includes(encodeBase64(bytes)), shown.includes(encodeHex(bytes))]).toEqual([
          false,
          false,
        ]);
    });

    it("can be used again after closing", async ({ wrapper }) => {
      const wrapped = await wrapper.wrap(dataKey, context("data-key"));
      await wrapper.close?.();
      expect(equalBytes(await wrapper.unwrap(wrapped, context("data-key")), dataKey)).toEqual(true);
    });

    it("rejects when the time is over already", async ({ wrapper }) => {
      const over = { purpose: "data-key", signal: AbortSignal.abort(new Error("over")) } as const;
      expect((await codeOf(wrapper.wrap(dataKey, over))) === "none").toEqual(false);
    });

    if (options.takesContent === false)
      it("refuses whole configurations", async ({ wrapper }) => {
        const content = new Uint8Array(600).fill(0x61);
        expect(await codeOf(wrapper.wrap(content, context("content")))).toEqual(
          "ERR_KSM_KMS_KEY_UNSUPPORTED",
        );
      });
    else
      it("takes whole configurations", async ({ wrapper }) => {
        const content = new Uint8Array(600).fill(0x61);
        const wrapped = await wrapper.wrap(content, context("content"));
        expect(equalBytes(await wrapper.unwrap(wrapped, context("content")), content)).toEqual(true);
      });
  });
}

/** Complete exchanges: `ksm-responses.json` (ksm-protocol section 24), by kind. */
import type { VectorSuite } from "./vector-suite.ts";
import { runErrorCase } from "./ksm-responses-errors.ts";
import { runRequestCase } from "./ksm-responses-requests.ts";
import { runResponseCase } from "./ksm-responses-responses.ts";

const kinds: Record<string, (vectorCase: unknown) => Promise<void>> = {
  error: runErrorCase,
  request: runRequestCase,
  response: runResponseCase,
};

export const suite: VectorSuite = {
  file: "ksm-responses.json",
  async run(vectorCase) {
    const { kind } = vectorCase as { kind: string };
    const runKind = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (runKind === undefined) throw new Error(`unknown kind ${kind}`);
    await runKind(vectorCase);
  },
};

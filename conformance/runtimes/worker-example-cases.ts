/** `examples/worker`, started as its readers do. */
import { deepStrictEqual, ok, strictEqual } from "../suite/assert.ts";
import type { ConformanceCase } from "../suite/conformance-case.ts";
import { startExample } from "./start-example.ts";

/** The cases. */
export function workerExampleCases(): ConformanceCase[] {
  return [
    {
      name: "example worker: lists titles, accepts the right PIN, refuses any other",
      async run() {
        await using example = await startExample("worker");
        const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
          fetch(`${example.origin}${path}`, { headers });
        const list = (await (await get("/")).json()) as { application: string; records: string[] };
        strictEqual(list.application, "Demo application");
        ok(list.records.includes("Web shop"));
        const responses = [
          await get("/support", { "x-support-pin": "4711" }),
          await get("/support", { "x-support-pin": "4712" }),
          await get("/support"),
          await get("/elsewhere"),
        ];
        deepStrictEqual(
          responses.map(({ status }) => status),
          [200, 401, 401, 404],
        );
        const texts = await Promise.all(responses.map((response) => response.text()));
        ok(!texts.join("").includes("4711"), "a response holds the PIN");
      },
    },
  ];
}

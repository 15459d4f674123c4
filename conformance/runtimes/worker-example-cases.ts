/** `examples/worker`, started as its readers start it. */
import { deepStrictEqual, ok, strictEqual } from "../suite/assert.ts";
import type { ConformanceCase } from "../suite/conformance-case.ts";
import { startExample } from "./start-example.ts";

/** The cases. */
export function workerExampleCases(): ConformanceCase[] {
  return [
    {
      name: "example worker: lists titles, lets in who knows the PIN, refuses everybody else",
      async run() {
        await using example = await startExample("worker");
        const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
          fetch(`${example.origin}${path}`, { headers });
        const list = (await (await get("/")).json()) as { application: string; records: string[] };
        strictEqual(list.application, "Demo application");
        ok(list.records.includes("Web shop"));
        const answers = [
          await get("/support", { "x-support-pin": "4711" }),
          await get("/support", { "x-support-pin": "4712" }),
          await get("/support"),
          await get("/elsewhere"),
        ];
        deepStrictEqual(
          answers.map(({ status }) => status),
          [200, 401, 401, 404],
        );
        const texts = await Promise.all(answers.map((answer) => answer.text()));
        ok(!texts.join("").includes("4711"), "an answer holds the PIN");
      },
    },
  ];
}

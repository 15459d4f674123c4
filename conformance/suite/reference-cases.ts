/** Many values at once, followed values, environment variables, and what may stand between client and service. */
import { coalesceReads, requestBudget, traceCalls } from "@ksmkit/core/middleware";
import { exportEnv, resolve, watch } from "@ksmkit/core/references";
import { deepStrictEqual, ok, rejectsWith, strictEqual } from "./assert.ts";
import type { ConformanceCase, Context } from "./conformance-case.ts";

const references = {
  password: "keeper://Orders database/field/password",
  host: { title: "Orders database", field: "host" },
} as const;
const password = "p0stgres-orders";

/** References and calls. */
export function referenceCases({ clients, host }: Context): ConformanceCase[] {
  return [
    {
      name: "references: resolved together, all problems reported at once",
      async run() {
        const editor = await clients.editor();
        const values = await resolve(editor, references);
        deepStrictEqual([values.password, values.host?.port], [password, "5432"]);
        const missing = { a: "keeper://No such/field/login", b: "keeper://Web shop/field/nothing" };
        await rejectsWith("ERR_KSM_RESOLVE_INCOMPLETE", () => resolve(editor, missing));
      },
    },
    {
      name: "references: a secret handle prints nothing and passes its value to a function",
      async run() {
        const { password: secret } = await resolve(await clients.editor(), references, { secret: true });
        for (const print of host.print) ok(!print({ secret }).includes(password), "the secret was printed");
        strictEqual(await secret.use((value) => value), password);
      },
    },
    {
      name: "references: environment variables of a record",
      async run() {
        const { variables } = await exportEnv(await clients.editor(), {
          records: [{ title: "Orders database", prefix: "DB_" }],
        });
        deepStrictEqual([variables["DB_LOGIN"], variables["DB_PASSWORD"]], ["orders", password]);
      },
    },
    {
      name: "references: watched, the first values come and the watch ends",
      async run() {
        let port: string | undefined;
        for await (const { values } of watch(await clients.editor(), references)) {
          port = values?.host?.port;
          break;
        }
        strictEqual(port, "5432");
      },
    },
    {
      name: "calls: budget, coalescing and spans stand between client and service",
      async run() {
        const spans: string[] = [];
        const span = {
          setAttribute: () => {},
          setStatus: () => {},
          end: () => {},
          recordException: () => {},
        };
        const tracer = {
          startSpan(name: string) {
            spans.push(name);
            return span;
          },
        };
        const middleware = [coalesceReads(), traceCalls({ tracer }), requestBudget()];
        const editor = await clients.sameDevice({ middleware });
        const { records } = await editor.getSecrets();
        const [first, second] = records;
        spans.length = 0;
        const read = await Promise.all([first, second].map((record) => editor.getRecord(record?.uid ?? "")));
        deepStrictEqual(
          read.map(({ uid }) => uid),
          [first?.uid, second?.uid],
        );
        strictEqual(spans.length, 1, "spans of two joined reads");
        editor.close();
      },
    },
  ];
}

/** Where platforms differ: network options, trust in a certificate, deadlines, printing. */
import { memoryStorage, SecretsManager, type NetworkOptions } from "@ksmkit/core";
import { deepStrictEqual, ok, rejectsWith, throws } from "./assert.ts";
import type { ConformanceCase, Context } from "./conformance-case.ts";
import { traitsOf } from "./runtime-table.ts";

const nodeOnlyOptions: readonly NetworkOptions[] = [
  { ca: [] },
  { proxyUrl: "http://127.0.0.1:9" },
  { verifyCertificates: false },
];

/** Platform differences. */
export function platformCases({ clients, host }: Context): ConformanceCase[] {
  const onNode = traitsOf(host.runtime).build === "node";
  return [
    {
      name: "network: ca, proxyUrl and verifyCertificates take effect in Node's build and are refused in the web's",
      async run() {
        for (const option of nodeOnlyOptions) {
          const make = (): void => new SecretsManager({ storage: memoryStorage(), ...option }).close();
          if (onNode) make();
          else throws(make, { code: "ERR_KSM_ARGUMENT_INVALID" });
        }
      },
    },
    {
      name: "network: a certificate that no trusted authority signed ends the call",
      async run() {
        const untrusting = await clients.sameDevice({ ca: undefined, fetch: host.untrustingFetch });
        // A platform's fetch does not report why it failed.
        const code = onNode ? "ERR_KSM_TRANSPORT_TLS" : "ERR_KSM_TRANSPORT_NETWORK";
        await rejectsWith(code, () => untrusting.getSecrets());
        untrusting.close();
      },
    },
    {
      name: "network: an aborted call ends with its own code",
      async run() {
        const editor = await clients.editor();
        await rejectsWith("ERR_KSM_ABORTED", () => editor.getSecrets({ signal: AbortSignal.abort() }));
        const controller = new AbortController();
        const reading = editor.getSecrets({ signal: controller.signal });
        controller.abort();
        await rejectsWith("ERR_KSM_ABORTED", () => reading);
      },
    },
    {
      name: "network: a service that never responds ends with the time limit",
      async run() {
        const silent = await clients.sameDevice({
          ca: undefined,
          fetch: () => new Promise<never>(() => {}),
          timeoutMs: 20,
        });
        await rejectsWith("ERR_KSM_TRANSPORT_TIMEOUT", () => silent.getSecrets());
      },
    },
    {
      name: "network: a refused connection is a network error",
      async run() {
        const lost = await clients.sameDevice({ ca: undefined, fetch: undefined, hostname: "localhost:1" });
        await rejectsWith("ERR_KSM_TRANSPORT_NETWORK", () => lost.getSecrets());
      },
    },
    {
      name: "printing: no way of printing shows a secret",
      async run() {
        const editor = await clients.editor();
        const record = await editor.getRecordByTitle("Web shop");
        const { appKey } = JSON.parse(await editor.exportConfig()) as { appKey: string };
        const shown = [record, record.files, editor, { record, editor }].flatMap((value) =>
          host.print.map((print) => print(value)),
        );
        ok(shown.length > 0);
        for (const text of shown) {
          deepStrictEqual(
            ["correct horse", "anna@example.com", appKey].filter((secret) => text.includes(secret)),
            [],
            text,
          );
        }
      },
    },
  ];
}

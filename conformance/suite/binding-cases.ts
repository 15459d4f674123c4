/** Tokens, binding and the configuration it leaves. */
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { deepStrictEqual, ok, rejectsWith, strictEqual } from "./assert.ts";
import type { ConformanceCase, Context } from "./conformance-case.ts";

/** Binding. */
export function bindingCases({ clients }: Context): ConformanceCase[] {
  return [
    {
      name: "bind: a one-time token is spent once and the configuration works from then on",
      async run() {
        const storage = memoryStorage();
        const manager = new SecretsManager(clients.options({ storage, token: clients.takeToken() }));
        strictEqual(await manager.status(), "empty");
        deepStrictEqual(await manager.bind(), { justBound: true });
        deepStrictEqual([await manager.status(), await manager.bind()], ["bound", { justBound: false }]);
        const { hostname, clientId, appKey, clientKey } = await storage.load();
        deepStrictEqual(
          [Boolean(hostname), Boolean(clientId), Boolean(appKey), clientKey],
          [true, true, true, undefined],
        );

        const text = await manager.exportConfig({ format: "base64" });
        const next = new SecretsManager(clients.options({ storage: memoryStorage(text) }));
        ok((await next.getSecrets()).records.length > 0);
        manager.close();
        next.close();
      },
    },
    {
      name: "bind: a spent token is refused, and nothing of it stays in the storage",
      async run() {
        const token = clients.takeToken();
        const first = new SecretsManager(clients.options({ token }));
        await first.bind();
        const storage = memoryStorage();
        const second = new SecretsManager(clients.options({ storage, token }));
        await rejectsWith("ERR_KSM_BIND_FAILED", () => second.bind());
        deepStrictEqual({ ...(await storage.load()) }, {});
        first.close();
        second.close();
      },
    },
    {
      name: "bind: calls that come at once spend one token together",
      async run() {
        const manager = new SecretsManager(clients.options({ token: clients.takeToken() }));
        const results = await Promise.all([manager.getSecrets(), manager.getSecrets(), manager.bind()]);
        strictEqual(results[0].records.length, results[1].records.length);
        manager.close();
      },
    },
    {
      name: "bind: malformed tokens are refused before anything is sent",
      async run() {
        const manager = new SecretsManager(clients.options({ token: "not a token" }));
        await rejectsWith("ERR_KSM_TOKEN_INVALID", () => manager.bind());
      },
    },
  ];
}

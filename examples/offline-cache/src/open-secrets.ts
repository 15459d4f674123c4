/** How an application puts its caches together: memory first, then the fleet, then the disk, then the service. */
import { DisasterCache, memorySharedStore, ReadCache, SharedCache, type CacheEvent } from "@ksmkit/cache";
import { fileStore } from "@ksmkit/cache/node";
import { memoryStorage } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";

/** What it takes. An application of yours has a `fileStorage` instead of the local vault's facts. */
export interface OpenSecretsOptions {
  vault: Vault;
  directory: string;
  onEvent: (event: CacheEvent) => void;
  /** The example moves it; an application leaves it out. */
  clock: () => number;
}

/** The opened caches. */
export interface Secrets {
  /** Where the application reads. */
  secrets: ReadCache<SecretsEditor>;
  disaster: DisasterCache;
  /** Spends the one-time token. */
  bind: () => Promise<unknown>;
}

/** Opens the secrets of one application. */
export function openSecrets({ vault, directory, ...common }: OpenSecretsOptions): Secrets {
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const disaster = new DisasterCache({ store: fileStore({ directory }), maxStaleMs: 86_400_000, ...common });
  // With several processes: redisSharedStore({ client }) from "@ksmkit/cache/redis".
  const shared = new SharedCache({
    store: memorySharedStore({ clock: common.clock }),
    ttlMs: 2_000,
    ...common,
  });
  const secrets = new ReadCache({
    ttlMs: 30_000,
    ...common,
    client: (watch) =>
      new SecretsEditor({
        storage: memoryStorage(),
        token: oneTimeTokens[0],
        hostname,
        serverPublicKey,
        serverPublicKeyId,
        fetch: vault.fetch,
        clock: common.clock,
        middleware: [watch, shared.middleware, disaster.middleware],
      }),
  });
  return { secrets, disaster, bind: () => secrets.client.bind() };
}

/** Clients of a local vault with a cache in between, all without a socket and on one clock that tests move. */
import { memoryStorage, type Middleware, type SecretsManagerOptions } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { startVault, type Vault, type VaultOptions } from "@ksmkit/emulator";

/** A time that only tests move. */
export class TestClock {
  now = 1_700_000_000_000;
  readonly read = (): number => this.now;
  /** Moves on by so many milliseconds. */
  pass(ms: number): void {
    this.now += ms;
  }
}

/** Waiting that takes no time, unless it is a limit for something else. */
export const noSleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
  signal === undefined
    ? Promise.resolve()
    : new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      });

/** Starts a vault without a listener and without throttling. */
export function startLocalVault(options: VaultOptions = {}): Promise<Vault> {
  return startVault({ listen: false, rateLimit: false, ...options });
}

/** A client of its own device, bound already. */
export async function boundClient(
  vault: Vault,
  clock: TestClock,
  middleware: Middleware | readonly Middleware[] = [],
  overrides: Partial<SecretsManagerOptions> = {},
): Promise<SecretsEditor> {
  const { hostname, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const storage = memoryStorage();
  const options = {
    storage,
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: vault.fetch,
    clock: clock.read,
  };
  await new SecretsEditor({ ...options, token: await vault.newToken() }).bind();
  return new SecretsEditor({ ...options, middleware, maxThrottleRetries: 0, ...overrides });
}

/** Clients of the local vault for the cases: one that is bound once and shared, and fresh ones. */
import { memoryStorage, type SecretsManagerOptions } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { fail } from "./assert.ts";
import type { Host } from "./host.ts";

/** Makes clients that reach the vault in the way of their runtime. */
export class VaultClients {
  readonly #host: Host;
  #tokensTaken = 0;
  #bound: Promise<SecretsEditor> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A token that is not spent. */
  takeToken(): string {
    return this.#host.vault.tokens[this.#tokensTaken++] ?? fail("all one-time tokens are spent");
  }

  /** Options of a client with an empty storage; anything may be overridden. */
  options(overrides: Partial<SecretsManagerOptions> = {}): SecretsManagerOptions {
    const { hostname, serverPublicKey, serverPublicKeyId } = this.#host.vault;
    const place = { hostname, serverPublicKey, serverPublicKeyId };
    return { storage: memoryStorage(), ...place, ...this.#host.network, ...overrides };
  }

  /** The client that most cases use, bound at the first call. */
  editor(): Promise<SecretsEditor> {
    this.#bound ??= this.#bind();
    return this.#bound;
  }

  /** Another client of the same device, with options of its own. */
  async sameDevice(overrides: Partial<SecretsManagerOptions>): Promise<SecretsEditor> {
    const storage = memoryStorage(await (await this.editor()).exportConfig());
    return new SecretsEditor(this.options({ storage, ...overrides }));
  }

  async #bind(): Promise<SecretsEditor> {
    const editor = new SecretsEditor(this.options({ token: this.takeToken() }));
    await editor.bind();
    return editor;
  }
}

/** Turns a document into bytes to store, with as few calls to the key service as the layout allows. */
import { utf8Bytes, type Random } from "@ksmkit/common";
import type { DataKey, KeyService } from "./data-key.ts";
import { checkSize, sealEnvelope } from "./envelope.ts";
import { maxPartLength } from "./detect-layout.ts";

/** Saves under one data key: random nonces of 96 bits stay unique far beyond (NIST SP 800-38D section 8.3). */
const maxUses = 1_048_576;

/** Parameters of {@link Sealer}. */
export interface SealerOptions {
  service: KeyService;
  random: Random;
  layout: "standard" | "direct";
  verify: boolean;
  freshDataKey: boolean;
}

/** Seals under one key of a key service. Keeps the data key in use. */
export class Sealer {
  readonly service: KeyService;
  readonly #options: SealerOptions;
  #dataKey: DataKey | undefined;
  #uses = 0;

  constructor(options: SealerOptions) {
    this.service = options.service;
    this.#options = options;
  }

  /** The data key in use. */
  get dataKey(): DataKey | undefined {
    return this.#dataKey;
  }

  /** Uses a data key from now on, and overwrites the one before. */
  adopt(dataKey: DataKey): void {
    if (dataKey === this.#dataKey) return;
    this.forget();
    this.#dataKey = dataKey;
  }

  /** Overwrites the data key in use. */
  forget(): void {
    this.#dataKey?.bytes.fill(0);
    this.#dataKey = undefined;
    this.#uses = 0;
  }

  /** Proves that the key service encrypts and decrypts, unless the data key in use has proven it. */
  async prove(): Promise<void> {
    if (this.#options.layout === "standard") this.#dataKey ??= await this.#newDataKey();
    else if (!this.service.proven) await this.#direct("{}");
  }

  /**
   * Seals a document's text.
   *
   * @param atLeast length of the blob that it takes the place of: where a file can only be overwritten in place,
   *   one that is no shorter goes over it in a single write. Spaces after JSON mean nothing to any reader.
   */
  async seal(text: string, atLeast = 0): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#options.layout === "direct") return this.#direct(text);
    const content = utf8Bytes(text);
    checkSize(content);
    if (this.#dataKey === undefined || this.#options.freshDataKey || this.#uses >= maxUses)
      this.adopt(await this.#newDataKey());
    // A padded one is sealed twice.
    this.#uses += 2;
    const dataKey = this.#dataKey as DataKey;
    const envelope = { dataKey, random: this.#options.random };
    const blob = await sealEnvelope(text, envelope);
    const missing = atLeast - blob.length;
    // What it replaces may have been written in a longer form, such as base64 in the clear.
    const fits = missing > 0 && content.length + missing <= maxPartLength;
    return fits ? sealEnvelope(text.padEnd(text.length + missing), envelope) : blob;
  }

  #newDataKey(): Promise<DataKey> {
    return this.service.createDataKey(this.#options.random, this.#options.verify);
  }

  async #direct(text: string): Promise<Uint8Array<ArrayBuffer>> {
    const content = utf8Bytes(text);
    checkSize(content);
    return this.service.wrap(content, "content", this.#options.verify);
  }
}

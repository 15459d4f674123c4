/** The reader through which every outside document (requests, seeds, faults, state files) enters. */
import { decodeBase64, isJsonObject, type JsonObject } from "@ksmkit/common";

/** Turns a complaint such as `records[2].title must be text` into the error of the caller's room. */
export type Complain = (complaint: string) => Error;

/**
 * Reads one JSON object key by key. Absent, `null` and empty text count as absent (ksm-protocol 8.5).
 * Complaints name the place and the expected form, never the value.
 */
export class Shape {
  readonly place: string;
  readonly #object: JsonObject;
  readonly #complain: Complain;

  constructor(value: unknown, place: string, complain: Complain) {
    if (!isJsonObject(value)) throw complain(`${place || "the document"} must be an object`);
    this.#object = value;
    this.place = place;
    this.#complain = complain;
  }

  /** Names every key of the object, in order. */
  get keys(): readonly string[] {
    return Object.keys(this.#object);
  }

  /** The raw value of an own key; `undefined` when absent or `null`. */
  value(key: string): unknown {
    return this.raw(key) ?? undefined;
  }

  /** The value of an own key as it is, `null` included. */
  raw(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  /** Where a key is, for complaints: `records[2].title`. */
  at(key: string): string {
    return this.place === "" ? key : `${this.place}.${key}`;
  }

  /** The error for a key that is wrong in a way only the caller knows. */
  wrong(key: string, expected: string): Error {
    return this.#complain(`${this.at(key)} must be ${expected}`);
  }

  /** Text, or `undefined` when absent. `""` counts as absent. */
  optionalText(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") throw this.wrong(key, "text");
    return value;
  }

  /** Text that must be there; may be `""` only with `allowEmpty`. */
  text(key: string, allowEmpty = false): string {
    const value = this.value(key);
    if (typeof value !== "string" || (value === "" && !allowEmpty)) throw this.wrong(key, "text");
    return value;
  }

  /** One of the given words. */
  word<Word extends string>(key: string, words: readonly Word[], fallback?: Word): Word {
    const value = this.value(key) ?? fallback;
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.wrong(key, `one of ${words.join(", ")}`);
    return found;
  }

  /** A safe integer of at least `minimum`, or `undefined` when absent. */
  optionalInteger(key: string, minimum = 0): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < minimum) {
      throw this.wrong(key, `an integer of at least ${minimum}`);
    }
    return value;
  }

  /** A safe integer that must be there. */
  integer(key: string, minimum = 0): number {
    const value = this.optionalInteger(key, minimum);
    if (value === undefined) throw this.wrong(key, `an integer of at least ${minimum}`);
    return value;
  }

  /** True or false; `fallback` when absent. */
  flag(key: string, fallback = false): boolean {
    const value = this.value(key) ?? fallback;
    if (typeof value !== "boolean") throw this.wrong(key, "true or false");
    return value;
  }

  /** A list of texts; empty when absent. */
  texts(key: string): string[] {
    return this.list(key).map((value, index) => {
      if (typeof value !== "string") throw this.wrong(`${key}[${index}]`, "text");
      return value;
    });
  }

  /** A list of anything; empty when absent. */
  list(key: string): readonly unknown[] {
    const value = this.value(key) ?? [];
    if (!Array.isArray(value)) throw this.wrong(key, "a list");
    return value;
  }

  /** A list of objects; empty when absent. */
  shapes(key: string): Shape[] {
    return this.list(key).map(
      (value, index) => new Shape(value, `${this.at(key)}[${index}]`, this.#complain),
    );
  }

  /** One object, or `undefined` when absent. */
  optionalShape(key: string): Shape | undefined {
    const value = this.value(key);
    return value === undefined ? undefined : new Shape(value, this.at(key), this.#complain);
  }

  /** One object that must be there. */
  shape(key: string): Shape {
    return new Shape(this.value(key), this.at(key), this.#complain);
  }

  /** Bytes from either base64 alphabet, with or without padding; `undefined` when absent. */
  optionalBytes(key: string): Uint8Array<ArrayBuffer> | undefined {
    const text = this.optionalText(key);
    if (text === undefined) return undefined;
    const bytes = decodeBase64(text);
    if (bytes === null) throw this.wrong(key, "base64");
    return bytes;
  }

  /** Bytes that must be there. */
  bytes(key: string): Uint8Array<ArrayBuffer> {
    const bytes = this.optionalBytes(key);
    if (bytes === undefined) throw this.wrong(key, "base64");
    return bytes;
  }
}

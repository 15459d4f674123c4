/** Validates fault rules; complaints name the place in the script. */
import { isJsonObject } from "@ksmkit/common";
import { Shape } from "../decode/shape.ts";
import { VaultError } from "../errors/vault-error.ts";
import { corruptibleParts, type Fault, type FaultKind } from "./fault.ts";

/** A rule after validation. */
export interface ParsedRule {
  /** Empty: all endpoints. */
  readonly endpoints: readonly string[];
  readonly times: number;
  readonly after: number;
  readonly faults: readonly Fault[];
}

/** Largest wait in milliseconds and largest body in bytes that a fault may name. */
const maxMs = 600_000;
const maxBytes = 0x2000_0000;

/**
 * Validates a script: a list of rules, or an object whose `rules` are that list.
 *
 * @throws {VaultError} `ERR_VAULT_FAULTS`
 */
export function parseFaultScript(document: unknown): ParsedRule[] {
  const script = new Shape(isJsonObject(document) ? document : { rules: document }, "", complain);
  return script.shapes("rules").map(parseRule);
}

/** Validates one rule. */
export function parseFaultRule(rule: unknown): ParsedRule {
  return parseRule(new Shape(rule, "rule", complain));
}

function complain(complaint: string): VaultError {
  return new VaultError("ERR_VAULT_FAULTS", `The fault script is not valid: ${complaint}`);
}

function parseRule(rule: Shape): ParsedRule {
  const always = rule.value("times") === "always";
  const list = rule.shapes("faults");
  return {
    endpoints: typeof rule.value("endpoint") === "string" ? [rule.text("endpoint")] : rule.texts("endpoint"),
    times: always ? Infinity : (rule.optionalInteger("times", 1) ?? 1),
    after: rule.optionalInteger("after") ?? 0,
    faults: (list.length === 0 ? [rule] : list).map(parseFault),
  };
}

const readers: { readonly [Kind in FaultKind]: (shape: Shape) => Extract<Fault, { kind: Kind }> } = {
  status: (shape) => ({
    kind: "status",
    status: within(shape, "status", 200, 599),
    body: shape.value("body"),
    headers: textMap(shape, "headers"),
  }),
  throttle: (shape) => {
    const header = shape.value("header");
    if (header !== undefined && typeof header !== "string" && typeof header !== "number") {
      throw shape.wrong("header", "text or a number");
    }
    return {
      kind: "throttle",
      status: shape.value("status") === undefined ? 429 : within(shape, "status", 400, 599),
      retryAfter: shape.value("retryAfter"),
      ...(header === undefined ? {} : { header: String(header) }),
    };
  },
  key: (shape) => {
    const keyId = shape.raw("keyId");
    if (keyId === undefined) return { kind: "key", keyId: 99 };
    if (keyId === null || typeof keyId === "number" || typeof keyId === "string")
      return { kind: "key", keyId };
    throw shape.wrong("keyId", "a number, text or null");
  },
  latency: (shape) => ({ kind: "latency", ms: within(shape, "ms", 0, maxMs) }),
  drop: (shape) => ({ kind: "drop", when: shape.word("when", ["before", "after", "during"], "before") }),
  truncate: (shape) => ({ kind: "truncate", bytes: within(shape, "bytes", 0, maxBytes) }),
  wrongTag: () => ({ kind: "wrongTag" }),
  slow: (shape) => ({ kind: "slow", ms: within(shape, "ms", 0, maxMs) }),
  garbage: (shape) => ({
    kind: "garbage",
    bytes: shape.value("bytes") === undefined ? 64 : within(shape, "bytes", 0, maxBytes),
  }),
  plaintext: (shape) => ({ kind: "plaintext", text: shape.text("text", true) }),
  oversize: (shape) => ({ kind: "oversize", bytes: within(shape, "bytes", 0, maxBytes) }),
  merge: (shape) => {
    const answer = shape.value("answer");
    if (!isJsonObject(answer)) throw shape.wrong("answer", "an object");
    return { kind: "merge", answer };
  },
  shuffleFolders: () => ({ kind: "shuffleFolders" }),
  folderCycle: () => ({ kind: "folderCycle" }),
  corrupt: (shape) => ({
    kind: "corrupt",
    part: shape.word("part", corruptibleParts),
    mode: shape.word("mode", ["flip", "null", "text"], "flip"),
    ...optional("uid", shape.optionalText("uid")),
  }),
  expired: () => ({ kind: "expired" }),
  readOnly: () => ({ kind: "readOnly" }),
  itemError: (shape) => ({
    kind: "itemError",
    ...optional("uid", shape.optionalText("uid")),
    ...optional("code", shape.optionalText("code")),
    ...optional("message", shape.optionalText("message")),
  }),
};

/** Every kind of fault, for documentation and completeness tests. */
export const faultKinds: readonly string[] = Object.keys(readers);

function parseFault(shape: Shape): Fault {
  const kind = shape.text("kind");
  const reader = Object.entries(readers).find(([name]) => name === kind)?.[1];
  if (reader === undefined) throw shape.wrong("kind", `one of ${faultKinds.join(", ")}`);
  return reader(shape);
}

function within(shape: Shape, key: string, minimum: number, maximum: number): number {
  const value = shape.integer(key, minimum);
  if (value > maximum) throw shape.wrong(key, `at most ${maximum}`);
  return value;
}

function textMap(shape: Shape, key: string): Record<string, string> {
  const map = shape.optionalShape(key);
  return Object.fromEntries((map?.keys ?? []).map((name) => [name, String(map?.value(name))]));
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  const pair: { [K in Key]?: string } = {};
  if (value !== undefined) pair[key] = value;
  return pair;
}

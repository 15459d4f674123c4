/** The schema of fault scripts: which members each kind of fault has, and their defaults. */
import { isJsonObject, nearestName, printable } from "@ksmkit/common";
import * as v from "valibot";
import { VaultError } from "../errors/vault-error.ts";
import { object, placeOf, type Schema, validate } from "../schema/validate.ts";
import { anyText, integer, list, optional, optionalText, word } from "../schema/values.ts";
import { corruptibleParts, type Fault, type FaultKind } from "./fault.ts";

/** A rule after validation. */
export interface ParsedRule {
  /** Empty: all endpoints. */
  readonly endpoints: readonly string[];
  readonly times: number;
  readonly after: number;
  readonly faults: readonly Fault[];
}

/** Longest wait in milliseconds and largest body in bytes that a fault may name. */
const maxMs = 600_000;
const maxBytes = 0x2000_0000;

const milliseconds = integer(0, maxMs);
const bodyLength = integer(0, maxBytes);
const scalar = v.union([v.string(), v.number()], "text or a number");
const headers: Schema<Record<string, string>> = v.pipe(
  optional(v.record(v.string(), v.pipe(scalar, v.transform(String)), "an object")),
  v.transform((map) => map ?? {}),
);
const anything: Schema<unknown> = v.nullish(v.unknown());

/** For each kind of fault one schema per member, of the type that the fault has. */
type MemberSchemas = {
  readonly [Kind in FaultKind]: {
    readonly [Member in Exclude<keyof FaultOf<Kind>, "kind">]-?: Schema<FaultOf<Kind>[Member] | undefined>;
  };
};
type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

/** The members of each kind besides `kind` itself. */
const members = {
  status: { status: integer(200, 599), body: anything, headers },
  throttle: {
    status: v.nullish(integer(400, 599), 429),
    retryAfter: anything,
    header: v.pipe(
      optional(scalar),
      v.transform((value) => (value === undefined ? undefined : String(value))),
    ),
  },
  key: { keyId: v.optional(v.nullable(v.union([v.string(), v.number()], "a number, text or null")), 99) },
  latency: { ms: milliseconds },
  drop: { when: v.nullish(word(["before", "after", "during"]), "before") },
  truncate: { bytes: bodyLength },
  wrongTag: {},
  slow: { ms: milliseconds },
  garbage: { bytes: v.nullish(bodyLength, 64) },
  plaintext: { text: anyText },
  oversize: { bytes: bodyLength },
  merge: { answer: v.custom<Record<string, unknown>>(isJsonObject, "an object") },
  shuffleFolders: {},
  folderCycle: {},
  corrupt: {
    part: word(corruptibleParts),
    uid: optionalText,
    mode: v.nullish(word(["flip", "null", "text"]), "flip"),
  },
  expired: {},
  readOnly: {},
  itemError: { uid: optionalText, code: optionalText, message: optionalText },
} satisfies MemberSchemas;

/** Every kind of fault. */
export const faultKinds: readonly string[] = Object.keys(members);

const matchMembers = {
  endpoint: optional(v.union([v.string(), v.array(v.string())], "text or a list of texts")),
  times: v.nullish(v.union([v.literal("always"), integer(1)], 'an integer of at least 1, or "always"'), 1),
  after: v.nullish(integer(), 0),
  faults: list(v.unknown()),
};
const matchSchema = object(matchMembers);
const kindSchema = object({ kind: v.custom<FaultKind>(isKind, `one of ${faultKinds.join(", ")}`) });
const scriptSchema = object({ rules: v.array(v.unknown(), "a list") });

/**
 * Validates a script: a list of rules, or an object whose `rules` are that list.
 *
 * @throws {VaultError} `ERR_VAULT_FAULTS`
 */
export function parseFaultScript(document: unknown): ParsedRule[] {
  const script = isJsonObject(document) ? document : { rules: document };
  refuseUnknown(script, ["rules"], "");
  const { rules } = validate(scriptSchema, script, { toError });
  return rules.map((rule, index) => parseRule(rule, `rules[${index}]`));
}

/** Validates one rule. */
export function parseFaultRule(rule: unknown): ParsedRule {
  return parseRule(rule, "rule");
}

function parseRule(rule: unknown, place: string): ParsedRule {
  const { endpoint = [], times, after, faults } = validate(matchSchema, rule, { toError, place });
  const matchNames = Object.keys(matchMembers);
  if (faults.length > 0) refuseUnknown(rule, matchNames, place);
  return {
    endpoints: typeof endpoint === "string" ? [endpoint] : endpoint,
    times: times === "always" ? Number.POSITIVE_INFINITY : times,
    after,
    faults:
      faults.length === 0
        ? [parseFault(rule, place, matchNames)]
        : faults.map((fault, index) => parseFault(fault, `${place}.faults[${index}]`, [])),
  };
}

/** Validates one fault, which may carry further members of its rule. */
function parseFault(fault: unknown, place: string, ruleMembers: readonly string[]): Fault {
  const { kind } = validate(kindSchema, fault, { toError, place });
  refuseUnknown(fault, ["kind", ...Object.keys(members[kind]), ...ruleMembers], place);
  const options: object = validate(object(members[kind]), fault, { toError, place });
  // `MemberSchemas` holds the table to the types of the faults.
  return { kind, ...options } as Fault;
}

function refuseUnknown(value: unknown, known: readonly string[], place: string): void {
  for (const key of Object.keys(Object(value))) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? `known members are ${known.join(", ")}` : `did you mean ${nearest}?`;
    throw toError(`${placeOf(place, printable(key, 64))} is not known; ${hint}`);
  }
}

function isKind(value: unknown): value is FaultKind {
  return typeof value === "string" && Object.hasOwn(members, value);
}

function toError(sentence: string): VaultError {
  return new VaultError("ERR_VAULT_FAULTS", `The fault script is not valid: ${sentence}`);
}

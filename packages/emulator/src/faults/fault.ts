/** The faults that the vault can inject, as data: the same form in scripts and in `vault.faults.add`. */

/** Where a damaged value sits in a response of `get_secret` or `get_folders`. */
export const corruptibleParts = [
  "appData",
  "encryptedAppKey",
  "folderKey",
  "folderData",
  "recordKey",
  "recordData",
  "fileKey",
  "fileData",
  "linkData",
] as const;

/** One of {@link corruptibleParts}. */
export type ResponsePart = (typeof corruptibleParts)[number];

/** One fault. `kind` says what happens; the rest says how. */
export type Fault =
  /** Responds with this status and plaintext body (objects as JSON); the request is not read. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Responds with "throttled". `retryAfter` goes into the body, `header` into `Retry-After`. Default status: 429. */
  | {
      readonly kind: "throttle";
      readonly status?: number;
      readonly retryAfter?: unknown;
      readonly header?: string;
    }
  /** Demands another server key. `null` leaves the id out. Default: 99, which no client knows. */
  | { readonly kind: "key"; readonly keyId?: number | string | null }
  /** Waits before the request is handled. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Drops the connection before the request is handled, after it was committed, or within the response's body. */
  | { readonly kind: "drop"; readonly when: "before" | "after" | "during" }
  /** Keeps only the first bytes of the response's body. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** Flips the last bit of the response's body. */
  | { readonly kind: "wrongTag" }
  /** Spreads the response's body over this time. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Responds with 200 and this many random bytes; 0 means an empty body. Default: 64. */
  | { readonly kind: "garbage"; readonly bytes?: number }
  /** Responds with 200 and this text properly sealed, for example text that is not JSON. */
  | { readonly kind: "plaintext"; readonly text: string }
  /** Responds with 200 and a body of this length. */
  | { readonly kind: "oversize"; readonly bytes: number }
  /** Puts these members into the response, for example `warnings` or `extra`. */
  | { readonly kind: "merge"; readonly answer: Readonly<Record<string, unknown>> }
  /** Reverses the folders, so that children precede their parents. */
  | { readonly kind: "shuffleFolders" }
  /** Makes the parents of the sub-folders form a cycle. */
  | { readonly kind: "folderCycle" }
  /** Damages a value of one item, or of all without `uid`: a flipped bit, `null`, or text that is no base64. */
  | {
      readonly kind: "corrupt";
      readonly part: ResponsePart;
      readonly uid?: string;
      readonly mode?: "flip" | "null" | "text";
    }
  /** Treats the client as expired. */
  | { readonly kind: "expired" }
  /** Treats every share as read-only. */
  | { readonly kind: "readOnly" }
  /** Reports a failure for the items of a delete response, or for one of them; they are deleted all the same. */
  | {
      readonly kind: "itemError";
      readonly uid?: string;
      readonly code?: string;
      readonly message?: string;
    };

/** Every kind of fault. */
export type FaultKind = Fault["kind"];

/** Which requests a rule applies to. */
export interface FaultMatch {
  /** Endpoint, `upload` or `download`; several as a list. Default: all. */
  readonly endpoint?: string | readonly string[];
  /** How many requests it applies to. Default: 1. */
  readonly times?: number | "always";
  /** How many matching requests pass first. Default: 0. */
  readonly after?: number;
}

/**
 * A rule: one fault, or several at once under `faults`. Each request takes the first rule that matches
 * and is not used up, so a list of rules plays one after the other.
 */
export type FaultRule = FaultMatch & (Fault | { readonly faults: readonly Fault[] });

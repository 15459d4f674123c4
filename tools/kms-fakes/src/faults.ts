/** Faults that a fake injects into its responses. */

/** One way to fail. */
export type Fault =
  /** Refuses access, with the service's own error. */
  | { kind: "deny" }
  /** Refuses because of too many calls. */
  | { kind: "throttle" }
  /** Fails inside the service. */
  | { kind: "unavailable" }
  /** Never answers; ends when the caller hangs up or the fake is closed. */
  | { kind: "hang" }
  /** Answers as usual, once `until` has come. */
  | { kind: "delay"; until: Promise<unknown> }
  /** Drops the connection instead of answering. */
  | { kind: "drop" }
  /** Carries the call out, then flips a bit in the bytes of its answer and leaves the checksums as they were. */
  | { kind: "corrupt" }
  /** Carries the call out, then lets `change` rewrite the answer (an object of the service's own fields). */
  | { kind: "change"; change: (answer: Record<string, unknown>) => Record<string, unknown> }
  /** Answers success with a body that is not JSON (HTTP only). */
  | { kind: "garbage" }
  /** Answers with the service's error of this name or number. */
  | { kind: "error"; error: string | number; status?: number };

/** The faults that a service without HTTP bodies of its own can have. */
export type RpcFault = Exclude<Fault, { kind: "garbage" | "drop" }>;

/** Which calls a fault affects. */
export interface FaultRule<Kind extends Fault = Fault> {
  fault: Kind;
  /** Operation name, `Encrypt` for example. Default: every operation. */
  operation?: string;
  /** How many matching calls succeed first. Default: 0. */
  after?: number;
  /** How many matching calls fail. Default: all. */
  times?: number;
}

/** The rules in force, first match wins. */
export class FaultSchedule<Kind extends Fault = Fault> {
  #rules: { rule: FaultRule<Kind>; seen: number }[] = [];

  /** Adds a rule. */
  add(rule: FaultRule<Kind>): void {
    this.#rules.push({ rule, seen: 0 });
  }

  /** Removes all rules. */
  clear(): void {
    this.#rules = [];
  }

  /** The fault of this call, if any; counts the call against every rule it matches. */
  take(operation: string): Kind | undefined {
    let struck: Kind | undefined;
    for (const entry of this.#rules) {
      const { operation: only, after = 0, times = Infinity, fault } = entry.rule;
      if (only !== undefined && only !== operation) continue;
      const position = entry.seen++ - after;
      if (struck === undefined && position >= 0 && position < times) struck = fault;
    }
    return struck;
  }
}

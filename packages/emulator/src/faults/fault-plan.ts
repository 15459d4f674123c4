/** The faults that are still to come, in order; the `faults` of a vault. */
import { platformRandom, type Random } from "@ksmkit/common";
import type { FaultRule } from "./fault.ts";
import { FaultScript } from "./fault-script.ts";
import { type ParsedRule, parseFaultRule } from "./fault-schema.ts";

interface PendingRule {
  readonly rule: ParsedRule;
  skip: number;
  left: number;
}

/**
 * Injects faults into the requests to come.
 *
 * @example
 * ```ts
 * vault.faults.add({ endpoint: "get_secret", kind: "throttle", retryAfter: 2 });
 * vault.faults.add({ kind: "drop", when: "after", times: 3 });
 * ```
 */
export class FaultPlan {
  readonly #random: Random;
  #rules: PendingRule[] = [];

  constructor(rules: readonly ParsedRule[] = [], random: Random = platformRandom) {
    this.#random = random;
    for (const rule of rules) this.#push(rule);
  }

  /**
   * Adds rules behind those that are still to come.
   *
   * @throws {VaultError} `ERR_VAULT_FAULTS`
   */
  add(...rules: readonly FaultRule[]): void {
    for (const rule of rules.map(parseFaultRule)) this.#push(rule);
  }

  /** Forgets all rules. */
  clear(): void {
    this.#rules = [];
  }

  /** How many rules are not used up. */
  get pending(): number {
    return this.#rules.length;
  }

  /** Takes the faults for one request: the first rule that matches, counted down. */
  take(endpoint: string): FaultScript {
    for (const pending of this.#rules) {
      const { endpoints, faults } = pending.rule;
      if (endpoints.length > 0 && !endpoints.includes(endpoint)) continue;
      if (pending.skip > 0) {
        pending.skip--;
        continue;
      }
      if (--pending.left <= 0) this.#rules = this.#rules.filter((other) => other !== pending);
      return new FaultScript(faults, this.#random);
    }
    return new FaultScript([], this.#random);
  }

  #push(rule: ParsedRule): void {
    this.#rules.push({ rule, skip: rule.after, left: rule.times });
  }
}

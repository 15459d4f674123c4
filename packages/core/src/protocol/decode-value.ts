/** Scalars of an answer, tolerant as ksm-protocol section 8.5 asks: absent, `null` and "" are alike. */

const nothing: readonly unknown[] = /* @__PURE__ */ Object.freeze([]);

/** The text, or "" for anything else. */
export function decodeText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The list, or an empty one for anything else. */
export function decodeList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : nothing;
}

/** The boolean, or `undefined` for anything else. */
export function decodeFlag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** The finite number, also from decimal text; `undefined` for anything else. */
export function decodeNumber(value: unknown): number | undefined {
  if (typeof value === "string") return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
